"""The formats of query results, and how a result is written in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, Triple

from lod.formats import GRAPH_FORMATS, N_TRIPLES, RDF_XML, TURTLE
from lod.query_results import serialize_result
from server.representations import GRAPHS, HTML, Representation

Result = QuerySolutions | QueryBoolean | QueryTriples


@dataclass(frozen=True)
class ResultRepresentation(Representation):
    """A format of rows, or of yes and no."""

    results_format: QueryResultsFormat = QueryResultsFormat.JSON


JSON = ResultRepresentation("json", "JSON", "application/sparql-results+json", "json", None, QueryResultsFormat.JSON)
XML = ResultRepresentation("xml", "XML", "application/sparql-results+xml", "xml", None, QueryResultsFormat.XML)
CSV = ResultRepresentation("csv", "CSV", "text/csv", "csv", None, QueryResultsFormat.CSV)
TSV = ResultRepresentation("tsv", "TSV", "text/tab-separated-values", "tsv", None, QueryResultsFormat.TSV)
# For clients that do not know the media types of results, such as a browser's fetch() or pandas.
PLAIN_JSON = ResultRepresentation("plain-json", "JSON", "application/json", "json", None, QueryResultsFormat.JSON)
PLAIN_XML = ResultRepresentation("plain-xml", "XML", "application/xml", "xml", None, QueryResultsFormat.XML)

DOWNLOADS = (JSON, XML, CSV, TSV)  # one for each format
ROW_OFFERS: tuple[Representation, ...] = (*DOWNLOADS, PLAIN_JSON, PLAIN_XML, HTML)  # in the server's order of preference
GRAPH_OFFERS: tuple[Representation, ...] = (*GRAPHS, HTML)


class Unwritable(ValueError):
    """A result that the format cannot say."""


def write_result(result: Result, name: str, prefixes: Mapping[str, str], context: Mapping[str, object]) -> bytes:
    """The whole result in the representation of that name, so that it is never half sent when an error comes.

    Raises Unwritable where the format cannot say the result.
    """
    if isinstance(result, QueryTriples):
        return write_graph(set(result), name, prefixes, context)
    representation = next(r for r in ROW_OFFERS if r.name == name)
    assert isinstance(representation, ResultRepresentation)
    body = serialize_result(result, representation.results_format)
    if representation.results_format == QueryResultsFormat.XML:
        _check_xml(body)
    return body


def write_graph(triples: set[Triple], name: str, prefixes: Mapping[str, str], context: Mapping[str, object]) -> bytes:
    """The triples of a CONSTRUCT or DESCRIBE; raises Unwritable for what the format cannot say."""
    form = next(f for f in GRAPH_FORMATS if f.name == name)
    if form not in (TURTLE, N_TRIPLES) and any(isinstance(t.object, Triple) for t in triples):
        raise Unwritable(f"The result has triples about triples, which {form.label} cannot say: ask for Turtle or N-Triples.")
    body = form.write(triples, prefixes, context)
    if form == RDF_XML:
        _check_xml(body)
    return body


def _check_xml(body: bytes) -> None:
    """Some IRIs are no element names, some characters are not allowed in XML 1.0 (section 2.2)."""
    try:
        ElementTree.fromstring(body)  # noqa: S314 — our own output
    except ElementTree.ParseError as error:
        raise Unwritable(f"The result cannot be said in XML ({error}): ask for another format.") from None
