// What the editor offers while one types, and says of a name: prefixes and terms of the data, graphs, words, variables.

import {autocompletion, startCompletion} from "@codemirror/autocomplete";
import {syntaxTree} from "@codemirror/language";
import {hoverTooltip} from "@codemirror/view";

const WORDS = (
  "SELECT DISTINCT WHERE OPTIONAL UNION MINUS FILTER BIND AS VALUES GRAPH CONSTRUCT DESCRIBE ASK PREFIX FROM NAMED GROUP ORDER BY " +
  "HAVING LIMIT OFFSET ASC DESC COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR EXISTS NOT IN STR LANG LANGMATCHES DATATYPE " +
  "BOUND IF COALESCE REGEX REPLACE SUBSTR STRLEN STRSTARTS STRENDS CONTAINS STRBEFORE STRAFTER CONCAT LCASE UCASE ROUND ABS CEIL " +
  "FLOOR YEAR MONTH DAY IRI URI BNODE ISIRI ISLITERAL ISNUMERIC ISBLANK UNDEF REDUCED SERVICE"
).split(" ").map((word) => ({label: word, type: "keyword", boost: -10}));

export function completeQuery(vocabulary) {
  return autocompletion({icons: false, override: [(context) => findCompletions(context, vocabulary)]});
}

function findCompletions(context, vocabulary) {
  const around = syntaxTree(context.state).resolveInner(context.pos, -1).name;
  if (["Comment", "String", "IriRef"].includes(around)) return null;
  const typed = context.matchBefore(/[?$][\p{L}\p{N}_]*|[\p{L}\p{N}_-]*(?::[\p{L}\p{N}_.-]*)?/u);
  if (!typed || (typed.from === typed.to && !context.explicit)) return null;
  const isGraph = /\b(?:graph|from|named)\s+[^\s{}]*$/i.test(context.state.sliceDoc(Math.max(0, context.pos - 80), context.pos));
  return {
    from: typed.from,
    options: /^[?$]/.test(typed.text)
      ? listVariables(context, typed)
      : [...(isGraph ? listGraphs(vocabulary) : []), ...listTerms(vocabulary), ...listPrefixes(vocabulary), ...WORDS],
    validFor: /^[?$]?[\p{L}\p{N}_-]*$/u,
  };
}

function listVariables(context, typed) {
  const names = new Set(context.state.doc.toString().match(/[?$][\p{L}\p{N}_]+/gu));
  names.delete(typed.text);
  return [...names].sort().map((label) => ({label, type: "variable"}));
}

function listTerms({terms}) {
  return terms.map(({name, label, comment, kind}) => ({label: name, detail: label, info: comment || undefined, type: kind}));
}

function listGraphs({graphs}) {
  return graphs.map(({name, label}) => ({label: name, detail: label, type: "namespace", boost: 20}));
}

function listPrefixes({prefixes}) {
  return Object.entries(prefixes).map(([prefix, namespace]) => ({
    label: `${prefix}:`, detail: namespace, type: "namespace", boost: -1, apply: insertPrefix,
  }));
}

function insertPrefix(view, completion, from, to) {
  view.dispatch({changes: {from, to, insert: completion.label}, selection: {anchor: from + completion.label.length}});
  startCompletion(view);
}

export function explainNames(vocabulary) {
  return hoverTooltip((view, position) => {
    const node = syntaxTree(view.state).resolveInner(position, 1);
    if (!["Pname_ln", "PrefixedName", "Iri"].includes(node.name)) return null;
    const name = view.state.sliceDoc(node.from, node.to);
    const known = [...vocabulary.terms, ...vocabulary.graphs].find((term) => term.name === name);
    const [prefix, local] = name.split(/:(.*)/s);
    const namespace = vocabulary.prefixes[prefix];
    if (!known && !namespace) return null;
    return {pos: node.from, end: node.to, create: () => ({dom: writeExplanation(known, `${namespace ?? ""}${local ?? ""}`)})};
  });
}

function writeExplanation(known, iri) {
  const dom = document.createElement("div");
  dom.className = "cm-name";
  for (const [element, text] of [["strong", known?.label], ["span", known?.comment], ["code", iri]]) {
    if (!text) continue;
    const line = document.createElement("p");
    const part = document.createElement(element);
    part.textContent = text;
    line.append(part);
    dom.append(line);
  }
  return dom;
}
