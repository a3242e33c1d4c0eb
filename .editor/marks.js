// Errors at their places: what the server said of the query that was sent, and what the grammar says while one types.

import {ensureSyntaxTree} from "@codemirror/language";
import {forEachDiagnostic, linter} from "@codemirror/lint";
import {EditorView} from "@codemirror/view";

const NEWER = /<<|\{\||~|\bVERSION\b|@\w+(?:-\w+)*--/i; // SPARQL 1.2, which the server reads and the grammar does not

export function markErrors(page, sent, vocabulary) {
  return linter((view) => {
    const text = view.state.doc.toString();
    if (page.fault && text === sent) return [placeFault(view.state.doc, page.fault)];
    if (NEWER.test(text)) return [];
    return [...findSyntaxErrors(view, page.texts), ...findUndeclaredPrefixes(view, page.texts, vocabulary)].slice(0, 20);
  }, {delay: 500});
}

function placeFault(doc, {line, column, length, message}) {
  const start = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const before = [...start.text].slice(0, column - 1).join(""); // the server counts characters, the editor units of UTF-16
  const from = Math.min(start.from + before.length, doc.length);
  return {from, to: Math.min(from + Math.max(length, 1), doc.length), severity: "error", message};
}

function findSyntaxErrors(view, texts) {
  const found = [];
  ensureSyntaxTree(view.state, view.state.doc.length, 200)?.iterate({
    enter(node) {
      if (!node.type.isError || found.length) return; // what follows the first comes of it, more often than not
      const word = /^\S+/.exec(view.state.sliceDoc(node.from, node.from + 40))?.[0] ?? "";
      found.push({
        from: node.from, to: Math.max(node.to, node.from + word.length), severity: "error",
        message: word ? texts.misplaced.replace("{}", word) : texts.unfinished,
      });
    },
  });
  return found;
}

function findUndeclaredPrefixes(view, texts, {prefixes}) {
  if (!Object.keys(prefixes).length) return [];
  const declared = new Set(Object.keys(prefixes));
  const used = [];
  ensureSyntaxTree(view.state, view.state.doc.length, 200)?.iterate({
    enter(node) {
      const text = () => view.state.sliceDoc(node.from, node.to);
      if (node.name === "PrefixDecl") declared.add(/^\S+\s+([^:]*):/.exec(text())?.[1].trim());
      else if (node.name === "PrefixedName") used.push([text().split(":")[0], node.from]);
    },
  });
  return used.filter(([prefix]) => !declared.has(prefix)).map(([prefix, from]) => ({
    from, to: from + prefix.length + 1, severity: "error", message: texts.undeclared.replace("{}", prefix),
  }));
}

/** The first error as a sentence below the editor, for who sees no colour, or no pointer. */
export function tellErrors(status, page, sent) {
  return EditorView.updateListener.of(({state}) => {
    let first = "";
    const isTold = page.fault && state.doc.toString() === sent; // by the page, above the editor
    if (!isTold) forEachDiagnostic(state, (diagnostic, from) => {
      const line = state.doc.lineAt(from);
      first ||= page.texts.place.replace("{line}", line.number).replace("{column}", from - line.from + 1).replace("{}", diagnostic.message);
    });
    if (status.textContent !== first) status.textContent = first;
  });
}
