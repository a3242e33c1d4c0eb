"""The formats that dumps and server share: name, media type, suffix, and how a graph is written in each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import RdfFormat, Triple, serialize

from lod.jsonld import Statement, write_expanded, write_json, write_jsonld, write_jsonld_dataset

_DIGITS = re.compile(r"\d+")
_SUBJECT = re.compile(rb"^(?=[^@\s])", re.MULTILINE)
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
        quads: Sequence[Any] = sort_statements(statements)  # all triples or all quads, which the type cannot say
        content = serialize(quads, format=rdf_format, prefixes=dict(prefixes) if prefixed else None) or b""
        return _part_subjects(content) if rdf_format == RdfFormat.TURTLE else content

    return write


def _part_subjects(turtle: bytes) -> bytes:
    """With an empty line before each subject: only the lines of prefixes and of further properties begin otherwise."""
    return _SUBJECT.sub(b"\n", turtle).removeprefix(b"\n")


class Sorted(tuple[Statement, ...]):
    """Statements that are in the order of `sort_statements` already, so that they are sorted once for all formats."""


def sort_statements(statements: Iterable[Statement]) -> Sorted:
    """The statements in the order of their graph, subject (L9 before L10), predicate (the type first) and object."""
    if isinstance(statements, Sorted):
        return statements
    subjects: dict[str, str] = {}
    predicates: dict[str, tuple[bool, str]] = {}

    def key(statement: Statement) -> tuple[str, str, tuple[bool, str], str]:
        graph = "" if isinstance(statement, Triple) else getattr(statement.graph_name, "value", "")
        subject, predicate = getattr(statement.subject, "value", ""), statement.predicate.value
        if subject not in subjects:
            subjects[subject] = _DIGITS.sub(lambda m: m[0].zfill(8), subject)
        if predicate not in predicates:
            predicates[predicate] = (not predicate.endswith("#type"), predicate)
        return graph, subjects[subject], predicates[predicate], str(statement.object)

    return Sorted(sorted(statements, key=key))


TURTLE = Format("turtle", "Turtle", "text/turtle", "ttl", True, _write_with(RdfFormat.TURTLE, prefixed=True))
N_TRIPLES = Format(
    "n-triples", "N-Triples", "application/n-triples", "nt", True, _write_with(RdfFormat.N_TRIPLES, prefixed=False)
)
N_QUADS = Format("n-quads", "N-Quads", "application/n-quads", "nq", False, _write_with(RdfFormat.N_QUADS, prefixed=False))
TRIG = Format("trig", "TriG", "application/trig", "trig", False, _write_with(RdfFormat.TRIG, prefixed=True))
RDF_XML = Format("rdf-xml", "RDF/XML", "application/rdf+xml", "rdf", True, _write_with(RdfFormat.RDF_XML, prefixed=True))
JSON_LD = Format("json-ld", "JSON-LD", "application/ld+json", "jsonld", True, write_jsonld)
JSON_LD_DATASET = Format(
    "json-ld", "JSON-LD", "application/ld+json", "jsonld", False, write_jsonld_dataset
)  # of several graphs

# The profiles of the registration of application/ld+json. What has no nesting and no blank nodes without a name is flattened
# when it is expanded, so that one writer serves both.
_PROFILES = "http://www.w3.org/ns/json-ld#"
EXPANDED = Format(
    "expanded", "Expanded JSON-LD", f'application/ld+json;profile="{_PROFILES}expanded"', "jsonld", True, write_expanded
)
FLATTENED = Format(
    "flattened", "Flattened JSON-LD", f'application/ld+json;profile="{_PROFILES}flattened"', "jsonld", True, write_expanded
)
JSON = Format("json", "JSON", "application/json", "json", True, write_json)

GRAPH_FORMATS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)  # in the server's order of preference
DATASET_FORMATS = (N_QUADS, TRIG)
DUMP_FORMATS = (*GRAPH_FORMATS, *DATASET_FORMATS)
JSON_FORMATS = (JSON, EXPANDED, FLATTENED)  # further forms of JSON-LD, which only the server writes
