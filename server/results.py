"""The formats of query results, and how a result is written in each."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, Triple
from werkzeug.exceptions import NotAcceptable

from lod.formats import N_TRIPLES, TURTLE
from server.dataset import Dataset
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


def list_offers(result: Result) -> tuple[Representation, ...]:
    return GRAPH_OFFERS if isinstance(result, QueryTriples) else ROW_OFFERS


def write_result(result: Result, representation: Representation, dataset: Dataset) -> bytes:
    """The whole result in a format that suits it, so that it is never half sent when an error comes."""
    if isinstance(result, QueryTriples):
        return write_graph(set(result), representation, dataset)
    assert isinstance(representation, ResultRepresentation)
    return result.serialize(format=representation.results_format) or b""


def write_graph(triples: set[Triple], representation: Representation, dataset: Dataset) -> bytes:
    """The triples of a CONSTRUCT or DESCRIBE."""
    form = representation.graph_format
    assert form is not None
    if form not in (TURTLE, N_TRIPLES) and any(isinstance(t.object, Triple) for t in triples):
        raise NotAcceptable(
            f"The result has triples about triples, which {form.label} cannot say: ask for Turtle or N-Triples."
        )
    return form.write(triples, dataset.prefixes, dataset.context)
