"""The page on which people ask: the form, the examples, what the service gives, and a result as a table."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import render_template, url_for
from pyoxigraph import QueryBoolean, QuerySolutions, Triple
from werkzeug.exceptions import HTTPException

from lod.formats import TURTLE, sort_statements
from server.endpoint import Endpoint
from server.operations import Operation
from server.representations import GRAPHS
from server.results import DOWNLOADS, Result
from server.spool import refuse_rows

ROWS_SHOWN = 1000  # or triples, on the page, which says so; the downloads have all
_START = "SELECT ?gov ?email WHERE {\n  ?gov schema:contactPoint/schema:email ?email .\n}\nLIMIT 20\n"


def render_form(endpoint: Endpoint) -> str:
    """The form with the examples and what the service gives."""
    return _render(endpoint, _START, examples=endpoint.examples, statistics=endpoint.statistics)


def render_fault(endpoint: Endpoint, text: str, error: HTTPException) -> str:
    """The form with a query and what is wrong with it."""
    return _render(endpoint, text, fault=error, examples=endpoint.examples)


def render_result(endpoint: Endpoint, operation: Operation, result: Result | set[Triple], hint: str) -> str:
    """The form with the query that was asked and what it found; raises UnprocessableEntity for more than may be sent."""
    found: dict[str, object]
    if isinstance(result, QueryBoolean):
        found = {"kind": "boolean", "answer": bool(result)}
    elif isinstance(result, QuerySolutions):
        names = [variable.value for variable in result.variables]
        rows, count = [], 0
        for solution in result:
            count += 1
            if count <= ROWS_SHOWN:
                rows.append([solution[name] for name in names])
            elif count > endpoint.limits.rows:
                raise refuse_rows(endpoint.limits)
        found = {"kind": "rows", "names": names, "count": count, "rows": rows}
    else:
        triples = sort_statements(result)
        shown = triples[:ROWS_SHOWN]
        texts = "\n".join(map(str, shown))
        prefixes = {name: namespace for name, namespace in endpoint.engine.prefixes.items() if f"<{namespace}" in texts}
        turtle = TURTLE.write(shown, prefixes, endpoint.dataset.context).decode()
        found = {"kind": "graph", "count": len(triples), "shown": len(shown), "turtle": turtle}
    offers = GRAPHS if found["kind"] == "graph" else DOWNLOADS
    downloads = [(r.label, _link(operation, r.suffix)) for r in offers]
    return _render(endpoint, operation.text, hint=hint, downloads=downloads, **found)


def _render(endpoint: Endpoint, text: str, **shown: object) -> str:
    empty = {"fault": None, "hint": "", "kind": "", "examples": (), "downloads": (), "statistics": None}
    return render_template(
        "sparql.html", **{**empty, **shown}, query=text, prefixes=endpoint.engine.prefixes, limits=endpoint.limits
    )


def _link(operation: Operation, suffix: str) -> str:
    """The same question in another format."""
    parameters = [("query", operation.text), ("format", suffix)]
    parameters += [("default-graph-uri", g) for g in operation.default_graphs]
    parameters += [("named-graph-uri", g) for g in operation.named_graphs]
    return f"{url_for('sparql.answer_query')}?{urlencode(parameters)}"
