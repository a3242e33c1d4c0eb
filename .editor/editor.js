// The editor of the query page: it stands in for the form's text field, which goes on carrying the query.

import {closeBrackets, closeBracketsKeymap, completionKeymap} from "@codemirror/autocomplete";
import {defaultKeymap, history, historyKeymap} from "@codemirror/commands";
import {bracketMatching, indentUnit, syntaxHighlighting} from "@codemirror/language";
import {lintGutter, lintKeymap} from "@codemirror/lint";
import {EditorState} from "@codemirror/state";
import {EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers} from "@codemirror/view";
import {completeQuery, explainNames} from "./completion.js";
import {highlighting, language, mountStyles, theme} from "./looks.js";
import {markErrors, tellErrors} from "./marks.js";

// Chromium gives what replaces a selection the style of what it replaces, as an attribute that the site's policy forbids: so
// that is not left to it.
function replaceSelection(event, view) {
  const {from, to} = view.state.selection.main;
  if (event.inputType !== "insertText" || !event.data || from === to || view.composing) return false;
  const insert = () => view.state.update(view.state.replaceSelection(event.data), {userEvent: "input.type", scrollIntoView: true});
  const isTaken = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, event.data, insert));
  if (!isTaken) view.dispatch(insert());
  event.preventDefault();
  return true;
}

function openEditor(field) {
  const {form} = field;
  const page = JSON.parse(field.dataset.editor); // texts in the language of the page, the address of the terms, the fault
  const label = form.querySelector(`label[for="${field.id}"]`);
  const help = document.getElementById("editor-help");
  label.id ||= `${field.id}-label`;
  const vocabulary = {prefixes: {}, terms: [], graphs: []};
  const status = document.createElement("p");
  status.className = "editor-status";
  status.setAttribute("role", "status");

  const run = () => { form.requestSubmit(); return true; };
  const view = new EditorView({
    state: EditorState.create({
      doc: field.value,
      extensions: [
        keymap.of([{key: "Mod-Enter", run}]), // before the default keymap, which would add a line
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
        lineNumbers(), lintGutter(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(),
        indentUnit.of("  "), EditorState.tabSize.of(2), EditorView.lineWrapping, EditorState.phrases.of(page.phrases),
        language, completeQuery(vocabulary), explainNames(vocabulary),
        markErrors(page, field.value, vocabulary), tellErrors(status, page, field.value),
        theme, syntaxHighlighting(highlighting), EditorView.domEventHandlers({beforeinput: replaceSelection}),
        EditorView.contentAttributes.of({
          "aria-labelledby": label.id, "aria-describedby": help.id, spellcheck: "false", autocapitalize: "off", translate: "no",
          tabindex: "0",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) field.value = view.state.doc.toString();
        }),
      ],
    }),
  });
  const frame = document.createElement("div");
  frame.className = "editor";
  frame.append(view.dom, status);
  field.before(frame);
  field.hidden = true;
  help.hidden = false;
  document.getElementById("no-editor")?.remove();
  label.addEventListener("click", () => view.focus());
  addEventListener("pageshow", (event) => { // a browser that goes back fills in what was typed
    if (event.persisted || field.value === view.state.doc.toString()) return;
    view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: field.value}});
  });
  fetch(page.terms).then((response) => response.json()).then((found) => Object.assign(vocabulary, found)).catch(() => {
    // Without the terms it completes words and variables, and says nothing of prefixes.
  });
}

mountStyles();
const field = document.querySelector("textarea[data-editor]");
if (field) openEditor(field);
