"""The formats of query results, and how a result is written in each."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, Triple

from lod.query_results import get_text
from server.configuration import QueryLimits
from server.representations import HTML, REPRESENTATIONS, Representation
from server.spool import JSON_ROWS, LINES, XML_ROWS, RowMark, Sink, Spool, refuse_rows
from server.writing import write_statements

Result = QuerySolutions | QueryBoolean | QueryTriples


@dataclass(frozen=True)
class ResultRepresentation(Representation):
    """A format of rows, or of yes and no."""

    results_format: QueryResultsFormat = QueryResultsFormat.JSON
    mark: RowMark | None = JSON_ROWS


JSON = ResultRepresentation("json", "JSON", "application/sparql-results+json", "json")
XML = ResultRepresentation("xml", "XML", "application/sparql-results+xml", "xml", None, QueryResultsFormat.XML, XML_ROWS)
CSV = ResultRepresentation("csv", "CSV", "text/csv", "csv", None, QueryResultsFormat.CSV, None)
TSV = ResultRepresentation("tsv", "TSV", "text/tab-separated-values", "tsv", None, QueryResultsFormat.TSV, LINES)
# For clients that do not know the media types of results, such as a browser's fetch() or pandas.
PLAIN_JSON = ResultRepresentation("plain-json", "JSON", "application/json", "json")
PLAIN_XML = ResultRepresentation("plain-xml", "XML", "application/xml", "xml", None, QueryResultsFormat.XML, XML_ROWS)

DOWNLOADS = (JSON, XML, CSV, TSV)  # one for each format
ROW_OFFERS: tuple[Representation, ...] = (*DOWNLOADS, PLAIN_JSON, PLAIN_XML, HTML)  # in the server's order of preference
GRAPH_OFFERS: tuple[Representation, ...] = (*(r for r in REPRESENTATIONS if r != HTML), HTML)


def write_rows(result: QuerySolutions | QueryBoolean, chosen: Representation, limits: QueryLimits, sink: Sink) -> Spool:
    """Writes rows, or yes or no, into a spool; raises for too many, for too large, and for what XML cannot say."""
    assert isinstance(chosen, ResultRepresentation)
    spool = Spool(limits, sink, chosen.mark, is_xml=chosen.results_format == QueryResultsFormat.XML)
    if chosen.results_format == QueryResultsFormat.CSV and isinstance(result, QuerySolutions):
        _write_csv(result, spool)
    else:
        result.serialize(spool, chosen.results_format)  # type: ignore[arg-type]  # it needs no more than write and flush
    return spool


class _Encoder:
    """The file that the writer of CSV writes text to."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def write(self, line: str) -> int:
        return self._spool.write(line.encode())


def _write_csv(solutions: QuerySolutions, spool: Spool) -> None:
    """SPARQL 1.1 Query Results CSV, section 3; the engine itself leaves commas in IRIs unquoted."""
    names = [variable.value for variable in solutions.variables]
    writer = csv.writer(_Encoder(spool), lineterminator="\r\n")
    writer.writerow(names)
    for solution in solutions:
        spool.count_row()
        writer.writerow([get_text(solution[name]) for name in names])


def collect_triples(result: Iterable[Triple], limits: QueryLimits) -> set[Triple]:
    """The triples of a CONSTRUCT or DESCRIBE, each once; raises UnprocessableEntity for too many."""
    triples: set[Triple] = set()
    for triple in result:
        triples.add(triple)
        if len(triples) > limits.rows:
            raise refuse_rows(limits)
    return triples


def write_triples(
    triples: set[Triple],
    chosen: Representation,
    limits: QueryLimits,
    sink: Sink,
    prefixes: Mapping[str, str],
    context: Mapping[str, object],
) -> Spool:
    """Writes a graph into a spool; raises NotAcceptable for what the format cannot say."""
    spool = Spool(limits, sink)
    spool.write(write_statements(triples, chosen, prefixes, context))
    return spool
