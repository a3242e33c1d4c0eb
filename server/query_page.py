"""The page on which people ask: the form, the examples, and a result as a table."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import render_template, request, url_for
from pyoxigraph import QueryBoolean, QueryTriples

from lod.formats import TURTLE
from server.dataset import Dataset
from server.examples import Example
from server.representations import GRAPHS
from server.results import DOWNLOADS, Result

ROWS_SHOWN = 1000  # on the page, which says so; the downloads have all
_START = "SELECT ?gov ?email WHERE {\n  ?gov schema:contactPoint/schema:email ?email .\n}\nLIMIT 20\n"


def render_form(dataset: Dataset, examples: Sequence[Example]) -> str:
    """The empty form with the examples."""
    return render_template("sparql.html", query=_START, examples=examples, prefixes=dataset.prefixes, kind="", downloads=[])


def render_result(dataset: Dataset, text: str, result: Result) -> str:
    """The form with the query that was asked and what it found."""
    found: dict[str, object]
    if isinstance(result, QueryTriples):
        triples = set(result)
        body = TURTLE.write(triples, dataset.prefixes, dataset.context).decode()
        found = {"kind": "graph", "count": len(triples), "turtle": body}
    elif isinstance(result, QueryBoolean):
        found = {"kind": "boolean", "answer": bool(result)}
    else:
        names = [variable.value for variable in result.variables]
        rows = [[solution[name] for name in names] for solution in result]
        found = {"kind": "rows", "names": names, "count": len(rows), "rows": rows[:ROWS_SHOWN]}
    offers = GRAPHS if isinstance(result, QueryTriples) else DOWNLOADS
    downloads = [(r.label, _link(text, r.suffix)) for r in offers]
    return render_template("sparql.html", query=text, examples=(), prefixes=dataset.prefixes, downloads=downloads, **found)


def _link(text: str, suffix: str) -> str:
    """The same question in another format."""
    parameters = [("query", text), ("format", suffix)]
    parameters += [(n, v) for n in ("default-graph-uri", "named-graph-uri") for v in request.values.getlist(n)]
    return f"{url_for('sparql.answer_query')}?{urlencode(parameters)}"
