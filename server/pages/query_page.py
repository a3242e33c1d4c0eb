"""The page on which people ask: the form, the examples, what the service gives, and a result as table, map and charts."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app, render_template, url_for
from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Triple
from werkzeug.exceptions import HTTPException

from lod.formats import TURTLE, sort_statements
from server.endpoint import Endpoint
from server.languages import get_language
from server.languages import gettext as _
from server.operations import Operation
from server.pages.charts import Chart
from server.pages.labels import Label, label_term, label_thing
from server.pages.maps import PointMap, draw_points
from server.pages.query_code import BOOLEAN, GRAPH, ROWS, Program, write_programs
from server.pages.query_pictures import Cell, Rows, draw_charts, find_points, read_number
from server.query_errors import QueryError
from server.representations import DATASETS, GRAPHS, JSONS
from server.results import DOWNLOADS, Result
from server.spool import refuse_rows

EDITOR = "editor.js"  # among the static files where it could be installed
ROWS_SHOWN = 100  # or triples, on the page, which says so; the downloads have all
_LEAST_SHOWN, _CELLS_SHOWN = 20, 300  # so that the page weighs less than 100 kB, whatever the number of columns
_ROWS_DRAWN = 200  # on the map, for the same reason
_CELL, _GRAPH = 2_000, 100_000  # characters of a cell and of a graph: a query can make far longer ones, which nobody reads
_LONGEST = 6_000  # characters of an address that all browsers, proxies and mails take
_START = "SELECT ?body ?email WHERE {\n  ?body schema:contactPoint/schema:email ?email .\n}\nLIMIT 20\n"


@dataclass(frozen=True)
class Found:
    """What a query found, as the page shows it."""

    kind: str
    count: int = 0
    shown: int = 0
    answer: bool = False
    turtle: str = ""
    table: Rows | None = None
    map: PointMap | None = None
    drawn: int = 0  # rows of which the map has the positions
    charts: tuple[Chart, ...] = ()
    hint: str = ""
    downloads: tuple[tuple[str, str, str], ...] = ()  # label, address, suffix
    share: str = ""  # the address of the question; none where it is too long for one
    graphs: tuple[tuple[str, str], ...] = ()  # that the request named, as parameters
    programs: tuple[Program, ...] = ()


def render_form(endpoint: Endpoint) -> str:
    """The form with the examples and what the service gives."""
    return _render(endpoint, _START, examples=endpoint.examples, statistics=endpoint.statistics)


def render_fault(endpoint: Endpoint, text: str, error: HTTPException) -> str:
    """The form with a query and what is wrong with it."""
    return _render(endpoint, text, fault=error, place=_find_place(text, error), examples=endpoint.examples)


def render_result(endpoint: Endpoint, operation: Operation, result: Result | set[Triple], hint: str) -> str:
    """The form with the query that was asked and what it found; raises UnprocessableEntity for more than may be sent."""
    if isinstance(result, QueryBoolean):
        parts: dict[str, object] = {"kind": BOOLEAN, "answer": bool(result)}
    elif isinstance(result, QuerySolutions):
        parts = {"kind": ROWS, **_show_rows(endpoint, result)}
    else:
        parts = {"kind": GRAPH, **_show_graph(endpoint, set(result))}
    kind = str(parts["kind"])
    graphs = _list_graphs(operation)
    share = f"{url_for('sparql.answer_query')}?{urlencode([('query', operation.text), *graphs])}"
    offers = (*GRAPHS, *DATASETS, JSONS[0]) if kind == GRAPH else DOWNLOADS
    found = Found(
        hint=hint,
        downloads=tuple((o.label, f"{share}&format={o.suffix}", o.suffix) for o in offers),
        share=share if len(share) <= _LONGEST else "",
        graphs=graphs,
        programs=write_programs(operation.text, endpoint.dataset.iris.sparql.value, kind, graphs),
        **parts,  # type: ignore[arg-type]
    )
    return _render(endpoint, operation.text, found=found)


def _show_rows(endpoint: Endpoint, result: QuerySolutions) -> dict[str, object]:
    names = [variable.value for variable in result.variables]
    rows, count = [], 0
    for solution in result:
        count += 1
        if count <= _ROWS_DRAWN:
            rows.append([_cut_cell(solution[name]) for name in names])
        elif count > endpoint.limits.rows:
            raise refuse_rows(endpoint.limits)
    table = Rows(names, rows[: min(ROWS_SHOWN, max(_LEAST_SHOWN, _CELLS_SHOWN // (len(names) or 1)))])
    points = find_points(endpoint.dataset, Rows(names, rows))
    return {
        "count": count,
        "shown": len(table.rows),
        "table": table,
        "map": draw_points(endpoint.dataset, points) if points else None,
        "drawn": len(rows),
        "charts": tuple(draw_charts(endpoint.dataset, table, get_language())),
    }


def _show_graph(endpoint: Endpoint, result: set[Triple]) -> dict[str, object]:
    triples = sort_statements(result)
    shown = triples[:ROWS_SHOWN]
    texts = "\n".join(map(str, shown))
    prefixes = {name: namespace for name, namespace in endpoint.engine.prefixes.items() if f"<{namespace}" in texts}
    turtle = TURTLE.write(shown, prefixes, endpoint.dataset.context).decode()
    turtle = turtle if len(turtle) <= _GRAPH else f"{turtle[:_GRAPH]}…"
    return {"count": len(triples), "shown": len(shown), "turtle": turtle}


def _cut_cell(cell: Cell) -> Cell:
    """So much of a long value as a page shows."""
    if cell is None or isinstance(cell, BlankNode):
        return cell
    text = str(cell) if isinstance(cell, Triple) else cell.value
    language = cell.language if isinstance(cell, Literal) else None
    return cell if len(text) <= _CELL else Literal(f"{text[:_CELL]}…", language=language)


def _render(endpoint: Endpoint, text: str, **shown: object) -> str:
    empty = {"fault": None, "place": None, "found": None, "examples": (), "statistics": None}
    dataset = endpoint.dataset

    def label(iri: NamedNode) -> Label | None:
        """What it is called, where that is more than its IRI."""
        found = label_term(dataset, iri) if iri.value.startswith(dataset.iris.ontology.value) else label_thing(dataset, iri)
        return None if found.text in (iri.value, dataset.iris.strip_base(iri.value)) else found

    return render_template(
        "sparql.html",
        **{**empty, **shown},
        query=text,
        prefixes=endpoint.engine.prefixes,
        limits=endpoint.limits,
        label=label,
        is_number=lambda cell: read_number(cell) is not None,
        editor=_tell_editor(shown.get("place")) if EDITOR in current_app.extensions["assets"] else None,
        is_long=len(text) > _LONGEST // 3,  # signs that are not ASCII take nine in an address
        address=dataset.iris.sparql.value,
    )


@dataclass(frozen=True)
class Place:
    """A line of the query, the part of it that is wrong, and why, where that can be said in the language of the page."""

    error: QueryError
    before: str
    wrong: str
    after: str
    sentence: str


def _find_place(text: str, error: HTTPException) -> Place | None:
    if not isinstance(error, QueryError):
        return None
    lines = text.split("\n")
    line = lines[error.line - 1].rstrip("\r") if error.line <= len(lines) else ""
    start, end = error.column - 1, error.column - 1 + error.length
    return Place(error, line[:start], line[start:end], line[end:], _explain(error))


def _explain(error: QueryError) -> str:
    sentences = {
        "empty": _("The query is empty."),
        "misplaced": _("“%(subject)s” cannot stand here."),
        "undeclared": _("The prefix %(subject)s: is declared nowhere."),
        "unclosed": _("This IRI is not closed, or has a character that IRIs do not have."),
        "unfinished": _("The query ends too early: something is not closed or missing."),
    }
    return sentences[error.kind] % {"subject": error.subject} if error.kind in sentences else ""


def _tell_editor(place: object) -> dict[str, object]:
    """What its script is told: where the terms are, the fault, and the texts in the language of the page."""
    fault = None
    if isinstance(place, Place):
        error = place.error
        message = place.sentence or str(error.description)
        fault = {"line": error.line, "column": error.column, "length": error.length, "message": message}
    return {
        "terms": url_for("sparql.show_terms", lang=get_language()),
        "fault": fault,
        "texts": {
            "place": _("Line {line}, column {column}: {}"),
            "misplaced": _("“{}” cannot stand here."),
            "unfinished": _("Something is not closed or missing here."),
            "undeclared": _("The prefix {}: is declared nowhere."),
        },
        "phrases": {"Completions": _("Completions"), "Diagnostics": _("Errors"), "close": _("Close")},
    }


def _list_graphs(operation: Operation) -> tuple[tuple[str, str], ...]:
    """The parameters beside the query that make the question."""
    default = (("default-graph-uri", graph) for graph in operation.default_graphs)
    return (*default, *(("named-graph-uri", graph) for graph in operation.named_graphs))
