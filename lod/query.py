"""SPARQL queries against a release, and their results as a table or in a standard format."""

from __future__ import annotations

import re
import resource
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Store,
)
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lod.errors import MadoguchiError
from lod.formats import GRAPH_FORMATS, TURTLE
from lod.query_results import serialize_result
from lod.release import Release
from lod.sparql_tokens import UnreadableText, find_service, find_undeclared_prefix, read_tokens

RESULT_FORMATS: Mapping[str, QueryResultsFormat] = {
    "csv": QueryResultsFormat.CSV,
    "json": QueryResultsFormat.JSON,
    "tsv": QueryResultsFormat.TSV,
    "xml": QueryResultsFormat.XML,
}
FORMAT_NAMES = ("table", *RESULT_FORMATS, *dict.fromkeys(n for f in GRAPH_FORMATS for n in (f.name, f.suffix)))
QueryResult = QuerySolutions | QueryBoolean | QueryTriples


@contextmanager
def forbid_connections() -> Iterator[None]:
    """No new descriptor, and so no connection, while a query runs: the words of a query cannot be trusted to show a SERVICE."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def run_query(store: Store, text: str, release: Release) -> QueryResult:
    """The result of a query; relative IRIs are under the base IRI, and the release's prefixes need no declaration.

    Raises MadoguchiError for what is no SPARQL query, and for SERVICE, which would ask another host.
    """
    try:
        service = find_service(list(read_tokens(text)))
    except UnreadableText:
        service = None  # the engine will say what is wrong, or read it otherwise: see forbid_connections
    if service:
        raise MadoguchiError("SERVICE asks another host, which a query here may not: ask that host by itself")
    try:
        result = store.query(text, base_iri=release.iris.base, prefixes=release.prefixes)
    except SyntaxError as error:
        hint = find_undeclared_prefix(text, release.prefixes)
        raise MadoguchiError(f"this is no SPARQL query: {hint}{error}") from None
    return result


def write_result(result: QueryResult, form: str, release: Release, *, width: int | None = None) -> str:
    """The result as text in one of FORMAT_NAMES; raises MadoguchiError for a format that does not suit it."""
    if isinstance(result, QueryTriples):
        chosen = {"table": TURTLE, **{f.name: f for f in GRAPH_FORMATS}, **{f.suffix: f for f in GRAPH_FORMATS}}.get(form)
        if chosen is None:
            known = ", ".join(f.name for f in GRAPH_FORMATS)
            raise MadoguchiError(f"a graph cannot be written as {form}: one of {known}")
        return chosen.write(list(result), release.prefixes, release.context).decode()
    if form in RESULT_FORMATS:
        data = serialize_result(result, RESULT_FORMATS[form]).decode()
        data = data.replace("\r\n", "\n") if form == "csv" else data  # for a terminal
        return data if data.endswith("\n") else f"{data}\n"
    if form != "table":
        raise MadoguchiError(f"rows cannot be written as {form}: one of table, {', '.join(RESULT_FORMATS)}")
    if isinstance(result, QueryBoolean):
        return "yes\n" if result else "no\n"
    names = [v.value for v in result.variables]
    shortened = [[shorten_term(solution[n], release) for n in names] for solution in result]
    return render_table(names, shortened, width)


def render_table(header: Iterable[str], rows: Iterable[Iterable[str]], width: int | None = None) -> str:
    """Rows as a table for a terminal of that many columns."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in header:
        table.add_column(Text(name), overflow="fold")
    for cells in rows:
        table.add_row(*(Text(cell) for cell in cells))
    console = Console(width=width, highlight=False, markup=False, emoji=False)
    with console.capture() as capture:
        console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def shorten_term(term: Any, release: Release) -> str:
    """A term for people: IRIs with a prefix where there is one, literals by their text, nothing for an unbound variable."""
    if isinstance(term, NamedNode):
        for prefix, namespace in release.prefixes.items():
            local = term.value.removeprefix(namespace)
            if local != term.value and re.fullmatch(r"[\w.-]+", local):
                return f"{prefix}:{local}"
        return term.value
    if isinstance(term, Literal):
        return term.value
    return f"_:{term.value}" if isinstance(term, BlankNode) else "" if term is None else str(term)
