"""JSON-LD in our own context says exactly what the triples say, and reads well."""

from __future__ import annotations

import json

import pytest
from conftest import ROOT
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from lod.configuration import Configuration
from lod.jsonld import compact_nodes, write_jsonld
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
