"""The formats hold what they are given, and the dumps the graphs that they are named for."""

from __future__ import annotations

import pytest
import rdflib
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from lod.formats import DUMP_FORMATS, GRAPH_FORMATS, JSON_FORMATS, JSON_LD, sort_statements


def count(release, graph: str = "default") -> int:
    return int(release.manifest["counts"]["triples"][graph])


def test_rdflib_reads_the_jsonld_to_the_same_graph(release):
    from_jsonld = rdflib.Graph().parse(release.path / "edition-002.jsonld", format="json-ld")
    from_ntriples = rdflib.Graph().parse(release.path / "edition-002.nt", format="nt")
    assert len(from_jsonld) == len(from_ntriples) == count(release, "edition/002")
    assert set(from_jsonld) == set(from_ntriples)


def test_edition_dumps_hold_their_graphs(release):
    store = release.load_store()
    for number in release.manifest["editions"]:
        triples = {q.triple for q in store.quads_for_pattern(None, None, None, release.iris.graph(f"edition/{number}"))}
        dump = parse(path=release.path / f"edition-{number}.ttl", format=RdfFormat.TURTLE)
        assert {q.triple for q in dump} == triples
        assert len(triples) == count(release, f"edition/{number}")


def test_default_graph_is_reference_and_catalog_and_the_listings_of_current_editions(release):
    store = release.load_store()
    default = {q.triple for q in store.quads_for_pattern(None, None, None, DefaultGraph())}
    graphs = {
        name: {q.triple for q in store.quads_for_pattern(None, None, None, release.iris.graph(name))}
        for name in release.manifest["counts"]["triples"]
    }
    assert default >= graphs["reference"] | graphs["catalog"]
    rest = default - graphs["reference"] - graphs["catalog"]
    assert rest <= graphs["edition/002"] | graphs["edition/003"] | graphs["edition/004"]
    listings = {t.subject.value.split("/listing/")[0] for t in rest if "/listing/" in t.subject.value}
    assert listings == {release.iris.edition(n).value for n in ("002", "003", "004")}
    categories = {
        (t.object.value.rsplit("#", 1)[-1], t.subject.value.split("/")[-3])
        for t in rest
        if t.predicate.value.endswith("#category")
    }
    assert categories == {("Prefecture", "002"), ("DesignatedCity", "002"), ("CoreCity", "003"), ("CouncilMember", "004")}


def test_no_blank_nodes_and_no_http_schema_org(release):
    text = release.read_bytes("all.nq").decode()
    assert "_:" not in {word[:2] for line in text.splitlines() for word in line.split(" ")[:2]}
    assert "<http://schema.org/" not in text


STATEMENTS = [
    Triple(NamedNode("http://a/L10"), NamedNode("http://p/b"), Literal("日本", language="ja")),
    Triple(NamedNode("http://a/L9"), NamedNode("http://p/a"), Literal("x\n\"\\'")),
    Triple(NamedNode("http://a/L9"), NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), NamedNode("http://p/T")),
    Triple(
        NamedNode("http://a/L9"),
        NamedNode("http://p/a"),
        Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    ),
]


def test_statements_stand_in_an_order_for_readers():
    assert sort_statements(STATEMENTS) == (STATEMENTS[2], STATEMENTS[3], STATEMENTS[1], STATEMENTS[0])


@pytest.mark.parametrize("form", DUMP_FORMATS, ids=lambda f: f.name)
def test_each_format_holds_all_that_it_is_given(form):
    statements = (
        STATEMENTS if form.is_triples else [Quad(t.subject, t.predicate, t.object, NamedNode("http://g/")) for t in STATEMENTS]
    )
    data = form.write(statements, {"p": "http://p/"}, {"p": "http://p/"})
    read = list(parse(data, format=RdfFormat.from_media_type(form.media_type)))
    assert {q if not form.is_triples else q.triple for q in read} == set(statements)


def test_formats_are_told_apart_by_name_media_type_and_suffix():
    for attribute in ("name", "media_type", "suffix"):
        assert len({getattr(f, attribute) for f in DUMP_FORMATS}) == len(DUMP_FORMATS)
    assert JSON_LD in GRAPH_FORMATS
    every = (*DUMP_FORMATS, *JSON_FORMATS)
    assert len({f.name for f in every}) == len({f.media_type for f in every}) == len(every)
    assert {f.media_type.partition(";")[0] for f in JSON_FORMATS} == {"application/json", "application/ld+json"}


def test_nquads_load_into_a_store_of_the_same_size(release):
    own = parse(path=release.path / "release.nq", format=RdfFormat.N_QUADS)
    assert len(release.load_store()) == sum(release.manifest["counts"]["triples"].values()) + len(list(own))
