"""The page on which people ask: the form, the examples, and a result as a table."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import render_template, request, url_for
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from server.dataset import Dataset
from server.examples import Example
from server.query_messages import Answer
from server.representations import GRAPHS
from server.results import DOWNLOADS

ROWS_SHOWN = 1000  # on the page, which says so; the downloads have all
_START = "SELECT ?gov ?email WHERE {\n  ?gov schema:contactPoint/schema:email ?email .\n}\nLIMIT 20\n"


def render_form(dataset: Dataset, examples: Sequence[Example], text: str = _START, error: str = "") -> str:
    """The form with the examples, or with a query and what is wrong with it."""
    return render_template(
        "sparql.html", query=text, error=error, examples=examples, prefixes=dataset.prefixes, kind="", downloads=[]
    )


def render_result(dataset: Dataset, text: str, answer: Answer) -> str:
    """The form with the query that was asked and what it found: rows as JSON results, a graph as Turtle."""
    found: dict[str, object]
    if answer.kind == "graph":
        turtle = answer.body.decode()
        count = sum(1 for _ in parse(answer.body, format=RdfFormat.TURTLE))
        found = {"kind": "graph", "count": count, "turtle": turtle}
    else:
        result = parse_query_results(answer.body, format=QueryResultsFormat.JSON)
        if isinstance(result, QueryBoolean):
            found = {"kind": "boolean", "answer": bool(result)}
        else:
            assert isinstance(result, QuerySolutions)
            names = [variable.value for variable in result.variables]
            rows = [[solution[name] for name in names] for solution in result]
            found = {"kind": "rows", "names": names, "count": len(rows), "rows": rows[:ROWS_SHOWN]}
    offers = GRAPHS if answer.kind == "graph" else DOWNLOADS
    downloads = [(r.label, _link(text, r.suffix)) for r in offers]
    return render_template("sparql.html", query=text, examples=(), prefixes=dataset.prefixes, downloads=downloads, **found)


def _link(text: str, suffix: str) -> str:
    """The same question in another format."""
    parameters = [("query", text), ("format", suffix)]
    parameters += [(n, v) for n in ("default-graph-uri", "named-graph-uri") for v in request.values.getlist(n)]
    return f"{url_for('sparql.answer_query')}?{urlencode(parameters)}"
