"""The formats that dumps and server share: name, media type, suffix, and how a graph is written in each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from lod.jsonld import write_jsonld

Statement = Triple | Quad
Writer = Callable[[Iterable[Statement], Mapping[str, str], Mapping[str, object]], bytes]


@dataclass(frozen=True)
class Format:
    """One RDF format; `is_triples` for those that cannot name graphs.

    The writer takes statements, prefixes and the JSON-LD context.
    """

    name: str
    label: str
    media_type: str
    suffix: str
    is_triples: bool
    write: Writer


def _write_with(rdf_format: RdfFormat, *, prefixed: bool) -> Writer:
    def write(statements: Iterable[Statement], prefixes: Mapping[str, str], context: Mapping[str, object]) -> bytes:
        quads: list[Any] = sort_statements(statements)  # all triples or all quads, which the type cannot say
        return serialize(quads, format=rdf_format, prefixes=dict(prefixes) if prefixed else None) or b""

    return write


def sort_statements(statements: Iterable[Statement]) -> list[Statement]:
    """The statements in the order of their graph, subject, predicate (the type first) and object."""

    def key(statement: Statement) -> tuple[str, str, bool, str, str]:
        graph = str(statement.graph_name) if isinstance(statement, Quad) else ""
        predicate = statement.predicate.value
        return (
            graph if graph != "DEFAULT" else "",
            _natural(str(statement.subject)),
            not predicate.endswith("#type"),
            predicate,
            str(statement.object),
        )

    return sorted(statements, key=key)


def _natural(iri: str) -> str:
    """The IRI with its numbers padded, so that L9 comes before L10."""
    return "".join(part.zfill(8) if part.isdigit() else part for part in _split_digits(iri))


def _split_digits(text: str) -> list[str]:
    parts: list[str] = []
    for c in text:
        if parts and parts[-1][-1].isdigit() == c.isdigit():
            parts[-1] += c
        else:
            parts.append(c)
    return parts


TURTLE = Format("turtle", "Turtle", "text/turtle", "ttl", True, _write_with(RdfFormat.TURTLE, prefixed=True))
N_TRIPLES = Format(
    "n-triples", "N-Triples", "application/n-triples", "nt", True, _write_with(RdfFormat.N_TRIPLES, prefixed=False)
)
N_QUADS = Format("n-quads", "N-Quads", "application/n-quads", "nq", False, _write_with(RdfFormat.N_QUADS, prefixed=False))
TRIG = Format("trig", "TriG", "application/trig", "trig", False, _write_with(RdfFormat.TRIG, prefixed=True))
RDF_XML = Format("rdf-xml", "RDF/XML", "application/rdf+xml", "rdf", True, _write_with(RdfFormat.RDF_XML, prefixed=True))
JSON_LD = Format("json-ld", "JSON-LD", "application/ld+json", "jsonld", True, write_jsonld)

GRAPH_FORMATS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)  # in the server's order of preference
DATASET_FORMATS = (N_QUADS, TRIG)
DUMP_FORMATS = (*GRAPH_FORMATS, *DATASET_FORMATS)
