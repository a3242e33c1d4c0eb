// How the editor looks: the colours of the site, light and dark, and style rules that a strict policy lets in.

import {HighlightStyle} from "@codemirror/language";
import {EditorView} from "@codemirror/view";
import {styleTags, tags} from "@lezer/highlight";
import {SparqlLanguage} from "codemirror-lang-sparql";
import {StyleModule} from "style-mod";

// The library would put its rules into an element, which a policy without `unsafe-inline` forbids. A constructed sheet is
// code of this script, and allowed.
export function mountStyles() {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  StyleModule.mount = (_, modules) => sheet.replaceSync([modules].flat().map((module) => module.getRules()).join("\n"));
}

export const language = SparqlLanguage.configure({props: [styleTags({"PrefixedName Pname_ln Pname_ns": tags.typeName})]});

export const highlighting = HighlightStyle.define([
  {tag: [tags.keyword, tags.bool], color: "var(--accent)", fontWeight: "600"},
  {tag: tags.variableName, color: "var(--designated)"},
  {tag: [tags.string, tags.integer, tags.float], color: "var(--good)"},
  {tag: [tags.namespace, tags.url, tags.typeName], color: "var(--council)"},
  {tag: tags.comment, color: "var(--quiet)", fontStyle: "italic"},
]);

const popup = {
  backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--rule)", borderRadius: "8px", overflow: "hidden",
};

export const theme = EditorView.theme({
  "&": {
    color: "var(--ink)", backgroundColor: "var(--card)", border: "1px solid var(--quiet)", borderRadius: "8px",
    fontSize: "0.92rem", overflow: "hidden",
  },
  "&.cm-focused": {outline: "3px solid var(--accent)", outlineOffset: "2px"},
  ".cm-scroller": {fontFamily: "var(--mono)", lineHeight: "1.55", minHeight: "9rem", maxHeight: "min(34rem, 60vh)"},
  ".cm-content": {padding: "0.6rem 0", caretColor: "var(--ink)"},
  ".cm-line": {padding: "0 0.8rem 0 0.4rem"},
  ".cm-cursor": {borderLeftColor: "var(--ink)"},
  ".cm-gutters": {backgroundColor: "var(--code)", color: "var(--quiet)", border: "0", borderRight: "1px solid var(--rule)"},
  ".cm-activeLine, .cm-activeLineGutter": {backgroundColor: "transparent"},
  "&.cm-focused .cm-activeLineGutter": {color: "var(--ink)", fontWeight: "600"},
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": {backgroundColor: "var(--accent-ground)", outline: "1px solid var(--accent)"},
  "&.cm-focused .cm-nonmatchingBracket": {backgroundColor: "transparent", outline: "1px solid var(--bad)"},
  ".cm-lintRange-error": {
    backgroundImage: "none", textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "3px", textDecorationSkipInk: "none",
  },
  ".cm-lintPoint-error::after": {borderBottomColor: "var(--bad)"},
  ".cm-gutter-lint": {width: "1.1em"},
  ".cm-lint-marker-error": {
    content: "none", width: "0.6em", height: "0.6em", margin: "0.5em auto 0", borderRadius: "50%", backgroundColor: "var(--bad)",
  },
  ".cm-tooltip": popup,
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {fontFamily: "var(--mono)", maxHeight: "16rem", minWidth: "min(16rem, 70vw)"},
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {padding: "0.2rem 0.6rem", lineHeight: "1.5"},
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {backgroundColor: "var(--accent-ground)", color: "var(--accent)"},
  ".cm-completionMatchedText": {textDecoration: "none", fontWeight: "700"},
  ".cm-completionDetail": {fontFamily: "var(--sans)", fontStyle: "normal", color: "var(--quiet)", marginLeft: "0.8em"},
  ".cm-tooltip.cm-completionInfo": {padding: "0.5rem 0.7rem", fontFamily: "var(--sans)", maxWidth: "22rem"},
  ".cm-diagnostic": {padding: "0.4rem 0.7rem", fontFamily: "var(--sans)"},
  ".cm-diagnostic-error": {borderLeft: "4px solid var(--bad)"},
  ".cm-name": {padding: "0.5rem 0.7rem", maxWidth: "26rem", fontFamily: "var(--sans)", fontSize: "0.9rem"},
  ".cm-name p": {margin: "0", overflowWrap: "anywhere"},
  ".cm-name code": {color: "var(--quiet)"},
  ".cm-panels": {backgroundColor: "var(--code)", color: "var(--ink)"},
});
