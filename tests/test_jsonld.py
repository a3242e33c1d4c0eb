"""JSON-LD in our own context says exactly what the triples say, and reads well."""

from __future__ import annotations

import json
import re

import pytest
from conftest import ROOT
from pyld import jsonld
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from lod.configuration import Configuration
from lod.jsonld import compact_nodes, write_expanded, write_json, write_jsonld
from lod.pipeline import read_context

XSD = "http://www.w3.org/2001/XMLSchema#"
CONTEXT = read_context(Configuration(base="https://data.example.org/", ontology=ROOT / "ontology"))
SUBJECT = NamedNode("https://data.example.org/id/gov/122173")


def statement(predicate: str, value) -> Triple:
    return Triple(SUBJECT, NamedNode(predicate), value)


VALUES = [
    statement("https://schema.org/name", Literal("Kashiwa City", language="en")),
    statement("https://schema.org/name", Literal("柏市", language="ja")),
    statement("https://schema.org/name", Literal("A", language="en")),
    statement("https://schema.org/name", Literal("without language")),
    statement("https://schema.org/email", Literal("a@b.jp")),
    statement("https://schema.org/email", Literal("a@b.jp", language="en")),
    statement("https://schema.org/url", NamedNode("http://x/")),
    statement("https://schema.org/url", Literal("http://x/")),
    statement("https://data.example.org/ontology#order", Literal("1", datatype=NamedNode(f"{XSD}integer"))),
    statement("https://data.example.org/ontology#order", Literal("01", datatype=NamedNode(f"{XSD}integer"))),
    statement("https://data.example.org/ontology#order", Literal("1", datatype=NamedNode(f"{XSD}decimal"))),
    statement("https://schema.org/latitude", Literal("35.10", datatype=NamedNode(f"{XSD}decimal"))),
    statement("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", NamedNode("https://schema.org/City")),
    statement("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", Literal("no IRI")),
    statement("http://unknown.example/p#q", Literal('quote " and \n', language="ja-latn")),
    statement("http://unknown.example/p#q", NamedNode("mailto:a@b.jp")),
]


@pytest.mark.parametrize("triple", VALUES, ids=str)
def test_each_value_reads_back_as_it_was(triple):
    data = write_jsonld([triple], {}, CONTEXT)
    assert [q.triple for q in parse(data, format=RdfFormat.JSON_LD)] == [triple]


def test_all_values_together_read_back():
    assert {q.triple for q in parse(write_jsonld(VALUES, {}, CONTEXT), format=RdfFormat.JSON_LD)} == set(VALUES)


def test_blank_nodes_keep_their_links():
    triples = [statement("http://p/", BlankNode("b")), Triple(BlankNode("b"), NamedNode("http://p/"), Literal("x"))]
    read = [q.triple for q in parse(write_jsonld(triples, {}, CONTEXT), format=RdfFormat.JSON_LD)]
    assert {t.object for t in read if t.subject == SUBJECT} == {t.subject for t in read if t.subject != SUBJECT}


def test_keys_are_short_and_names_are_by_language():
    (node,) = compact_nodes(VALUES[:2], CONTEXT)
    assert node == {"id": SUBJECT.value, "name": {"en": "Kashiwa City", "ja": "柏市"}}


def test_context_is_inline_and_of_the_base():
    document = json.loads(write_jsonld(VALUES, {}, CONTEXT))
    assert document["@context"]["jle"] == "https://data.example.org/ontology#"
    assert document["@context"]["schema"] == "https://schema.org/"


def normalise(document: object) -> str:
    """The canonical N-Quads (RDFC-1.0) that an independent processor reads from a document."""
    return str(jsonld.normalize(document, {"algorithm": "URDNA2015", "format": "application/n-quads"}))


def test_an_independent_processor_reads_the_same_from_all_forms(release):
    edition = {q.triple for q in release.load_store().quads_for_pattern(None, None, None, release.iris.graph("edition/004"))}
    blank = [
        Triple(SUBJECT, NamedNode("http://p/"), BlankNode("b")),
        Triple(BlankNode("b"), NamedNode("http://p/"), Literal("x")),
    ]
    for triples in (VALUES, sorted(edition, key=str), blank):
        context = release.context if triples not in (VALUES, blank) else CONTEXT
        compacted = json.loads(write_jsonld(triples, {}, context))
        plain = {"@context": context, **json.loads(write_json(triples, {}, context))}
        expanded = json.loads(write_expanded(triples, {}, context))
        canonical = normalise(compacted)
        assert canonical == normalise(plain) == normalise(expanded)
        assert len(canonical.splitlines()) == len(triples)
        assert expanded == jsonld.expand(expanded), "it is expanded"
        assert "@context" not in json.dumps(expanded)
        flattened = jsonld.flatten(expanded)
        assert sort_nodes(flattened) == sort_nodes(expanded), "it is flattened"


def sort_nodes(nodes: list[dict]) -> list[str]:
    """Values of a property are a set, and the names of blank nodes are free."""

    def write(value: object) -> str:
        return re.sub(r"_:b\d*", "_:b", json.dumps(value, sort_keys=True))

    return sorted(write({k: sorted(v, key=write) if isinstance(v, list) else v for k, v in node.items()}) for node in nodes)


def test_plain_json_has_neither_context_nor_prefixes_for_what_the_context_names():
    (node,) = json.loads(write_json(VALUES[:2], {}, CONTEXT))["@graph"]
    assert node == {"id": SUBJECT.value, "name": {"en": "Kashiwa City", "ja": "柏市"}}
