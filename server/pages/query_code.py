"""The text of a query as a program in several languages, each with the query as it stands, to be read and changed there."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

ROWS, GRAPH, BOOLEAN = "rows", "graph", "boolean"  # what a query finds


@dataclass(frozen=True)
class Program:
    """A program that asks the query and prints what comes."""

    name: str  # a name of a language or a library, the same in all languages of people
    text: str


def write_programs(query: str, endpoint: str, kind: str, graphs: Sequence[tuple[str, str]] = ()) -> tuple[Program, ...]:
    """The programs that make sense for what the query finds; `endpoint` is an absolute address.

    Graphs that a request named stand as parameters in the address, where they are read beside the query in the body.
    """
    endpoint += f"?{urlencode(graphs)}" if graphs else ""
    text = query.replace("\r\n", "\n").strip("\n")
    programs = [
        Program("curl", _write_curl(text, endpoint, kind)),
        Program("Python: SPARQLWrapper", _write_wrapper(text, endpoint, kind)),
        Program("Python: rdflib", _write_rdflib(text, endpoint, kind)),
    ]
    if kind == ROWS:
        programs.append(Program("Python: pandas", _write_pandas(text, endpoint)))
    programs.append(Program("R", _write_r(text, endpoint, kind)))
    programs.append(Program("JavaScript", _write_javascript(text, endpoint, kind)))
    return tuple(programs)


def _write_curl(query: str, endpoint: str, kind: str) -> str:
    accept = {ROWS: "text/csv", GRAPH: "text/turtle", BOOLEAN: "application/sparql-results+json"}[kind]
    if _has_controls(query):
        return f"curl -H 'Accept: {accept}' --data query={quote(query, safe='')} {_quote_for_shell(endpoint)}\n"
    end = "QUERY"
    while end in query.split("\n"):  # the line that ends the text must not stand in it
        end += "_"
    return f"curl -H 'Accept: {accept}' --data-urlencode query@- {_quote_for_shell(endpoint)} <<'{end}'\n{query}\n{end}\n"


def _write_wrapper(query: str, endpoint: str, kind: str) -> str:
    form = "TURTLE" if kind == GRAPH else "JSON"
    what = {
        ROWS: 'for row in endpoint.queryAndConvert()["results"]["bindings"]:\n'
        '    print({name: cell["value"] for name, cell in row.items()})\n',
        GRAPH: "print(endpoint.query().response.read().decode())\n",
        BOOLEAN: 'print(endpoint.queryAndConvert()["boolean"])\n',
    }[kind]
    return (
        f"# pip install SPARQLWrapper\nfrom SPARQLWrapper import {form}, POST, SPARQLWrapper\n\n"
        f"endpoint = SPARQLWrapper({endpoint!r})\nendpoint.setMethod(POST)\nendpoint.setReturnFormat({form})\n"
        f"endpoint.setQuery({_quote_for_python(query)})\n{what}"
    )


def _write_rdflib(query: str, endpoint: str, kind: str) -> str:
    what = {
        ROWS: "for row in found:\n    print(row.asdict())\n",
        GRAPH: 'print(found.graph.serialize(format="turtle"))\n',
        BOOLEAN: "print(found.askAnswer)\n",
    }[kind]
    return (
        "# pip install rdflib\nfrom rdflib import Graph\nfrom rdflib.plugins.stores.sparqlstore import SPARQLStore\n\n"
        f'endpoint = Graph(SPARQLStore({endpoint!r}, method="POST"), bind_namespaces="none")\n'
        f"found = endpoint.query({_quote_for_python(query)})\n{what}"
    )


def _write_pandas(query: str, endpoint: str) -> str:
    return (
        "# pip install pandas\nfrom urllib.parse import urlencode\nfrom urllib.request import urlopen\n\nimport pandas\n\n"
        f"query = {_quote_for_python(query)}\n"
        'form = urlencode({"query": query, "format": "csv"}).encode()\n'
        f"with urlopen({endpoint!r}, form) as answer:\n    table = pandas.read_csv(answer)\nprint(table)\n"
    )


def _write_r(query: str, endpoint: str, kind: str) -> str:
    form, separator = {ROWS: "csv", GRAPH: "ttl", BOOLEAN: "json"}[kind], "&" if "?" in endpoint else "?"
    address = f"paste0({json.dumps(f'{endpoint}{separator}format={form}&query=')}, URLencode(query, TRUE, TRUE))"
    what = f"table <- read.csv({address})\nprint(table)\n" if kind == ROWS else f"writeLines(readLines({address}))\n"
    return f"query <- {_quote_for_r(query)}\n{what}"


def _write_javascript(query: str, endpoint: str, kind: str) -> str:
    accept = "text/turtle" if kind == GRAPH else "application/sparql-results+json"
    what = {
        ROWS: "for (const row of (await answer.json()).results.bindings) {\n"
        "  console.log(Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell.value])));\n}\n",
        GRAPH: "console.log(await answer.text());\n",
        BOOLEAN: "console.log((await answer.json()).boolean);\n",
    }[kind]
    return (
        f"const query = {_quote_for_javascript(query)};\nconst answer = await fetch({json.dumps(endpoint)}, {{\n"
        f'  method: "POST", headers: {{Accept: "{accept}"}}, body: new URLSearchParams({{query}}),\n}});\n{what}'
    )


def _quote_for_shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _quote_for_python(text: str) -> str:
    """As it stands where a raw string can hold it, else line by line."""
    if text.isprintable() or not _has_controls(text):
        for mark in ('"""', "'''"):
            if mark not in text:
                return f"r{mark}\n{text}\n{mark}"
    lines = "".join(f"    {line!r}\n" for line in text.splitlines(keepends=True))
    return f"(\n{lines})"


def _quote_for_r(text: str) -> str:
    """A raw string, with as many hyphens as make its end differ from all that stands in it, where that can hold it."""
    if _has_controls(text):
        return f'URLdecode("{quote(text, safe="")}")'
    hyphens = ""
    while f'){hyphens}"' in text:
        hyphens += "-"
    return f'r"{hyphens}(\n{text}\n){hyphens}"'


def _quote_for_javascript(text: str) -> str:
    """As it stands where a raw template can hold it, else line by line."""
    if "`" not in text and "${" not in text and not _has_controls(text):
        return f"String.raw`\n{text}\n`"
    lines = ",\n".join(f"  {json.dumps(line, ensure_ascii=False)}" for line in text.split("\n"))
    return f'[\n{lines},\n].join("\\n")'


def _has_controls(text: str) -> bool:
    """Whether there are signs that pages, terminals, editors or languages drop, obey or change, also within a string.

    A browser leaves out a NUL and makes a line's end of a CR: what ends a string could hide behind them.
    """
    return re.search(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\u2028\u2029]", text) is not None
