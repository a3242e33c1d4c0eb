"""The shapes and the report as documents: every form says the same, and each shape has a page that says what it demands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import BlankNode, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse

from lod.canonical import write_canonical
from lod.foreign_data import make_data_release
from lod.formats import DUMP_FORMATS
from lod.release import Release
from server.app import create_app

HTML = {"Accept": "text/html"}
SH = "http://www.w3.org/ns/shacl#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
FORMATS = {form.suffix: RdfFormat.from_media_type(form.media_type) for form in DUMP_FORMATS}


def read(client: FlaskClient, release: Release, address: str, suffix: str) -> list[Quad]:
    """The statements of a document in one form, read as the client does that follows its address."""
    response = client.get(f"{address}.{suffix}")
    assert response.status_code == 200
    return list(parse(response.data, format=FORMATS[suffix], base_iri=release.iris.make(address[1:]).value))


@pytest.fixture(scope="module")
def shapes(release: Release) -> Store:
    store = Store()
    store.load(release.read_bytes("ontology/shapes.ttl"), format=RdfFormat.TURTLE, base_iri=release.iris.ontology.value)
    return store


@pytest.fixture(scope="module")
def report(release: Release) -> Store:
    store = Store()
    store.load(release.read_bytes("report.ttl"), format=RdfFormat.TURTLE, base_iri=release.iris.base)
    return store


def list_shapes(store: Store) -> list[NamedNode]:
    """Those with a name, by it."""
    kinds = [NamedNode(f"{SH}{kind}") for kind in ("NodeShape", "PropertyShape")]
    found = {q.subject for kind in kinds for q in store.quads_for_pattern(None, TYPE, kind, None)}
    return sorted((s for s in found if isinstance(s, NamedNode)), key=str)


def name(shape: NamedNode) -> str:
    return shape.value.partition("#")[2]


def parse_file(release: Release, file: str) -> list[Quad]:
    """As it stands there: a store writes numbers in its own way."""
    return list(parse(release.read_bytes(file), format=RdfFormat.TURTLE, base_iri=release.iris.ontology.value))


def describe(quads: Iterable[Quad], node: Any) -> list[Quad]:
    """What is stated of a node and of the blank nodes below it."""
    stated = [q for q in quads if q.subject == node]
    return stated + [q for s in stated if isinstance(s.object, BlankNode) for q in describe(quads, s.object)]


def count(store: Store, property_name: str, node: NamedNode) -> int:
    return len(list(store.quads_for_pattern(None, NamedNode(SH + property_name), node, None)))


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_form_of_shapes_and_report_says_what_the_release_says(client: FlaskClient, release: Release, suffix: str) -> None:
    for address, file in (("/ontology/shapes", "ontology/shapes.ttl"), ("/quality/report", "report.ttl")):
        assert write_canonical(read(client, release, address, suffix)) == write_canonical(parse_file(release, file))


def test_the_report_is_the_file_of_the_release(client: FlaskClient, release: Release) -> None:
    assert client.get("/quality/report.ttl").data == release.read_bytes("report.ttl") == client.get("/dumps/report.ttl").data


@pytest.mark.parametrize("address", ["/ontology/shapes", "/ontology/shapes/ContactShape", "/quality/report"])
def test_a_client_gets_the_form_that_it_takes_and_is_told_of_the_others(
    client: FlaskClient, release: Release, address: str
) -> None:
    for form in DUMP_FORMATS:
        asked = client.get(address, headers={"Accept": form.media_type})
        named = client.get(f"{address}?format={form.suffix}")
        assert asked.mimetype == named.mimetype == form.media_type
        assert asked.data == named.data == client.get(f"{address}.{form.suffix}").data
        assert asked.headers["Content-Location"] == f"{address}.{form.suffix}"
        assert "Accept" in asked.vary
    page = client.get(address, headers=HTML)
    for form in DUMP_FORMATS:
        assert f'<{address}.{form.suffix}>; rel="alternate describedby"; type="{form.media_type}"' in page.headers["Link"]
        assert f'<a href="{address}.{form.suffix}"' in page.text
    assert f'<{release.iris.make(address[1:]).value}>; rel="canonical"' in page.headers["Link"]


def test_every_shape_comes_alone_as_it_stands_in_the_file(client: FlaskClient, release: Release, shapes: Store) -> None:
    stated = parse_file(release, "ontology/shapes.ttl")
    for shape in list_shapes(shapes):
        expected = write_canonical(describe(stated, shape))
        for suffix in ("ttl", "nt"):
            served = read(client, release, f"/ontology/shapes/{name(shape)}", suffix)
            assert write_canonical(served) == expected, (name(shape), suffix)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_shape_has_a_page_with_its_messages_in_both_languages(
    client: FlaskClient, shapes: Store, report: Store, language: str
) -> None:
    for shape in list_shapes(shapes):
        page = client.get(f"/ontology/shapes/{name(shape)}?lang={language}", headers=HTML)
        assert page.status_code == 200
        text = unescape(page.text)
        messages = [q.object.value for q in describe(list(shapes), shape) if q.predicate.value == f"{SH}message"]
        assert messages
        assert {m for m in messages if re.sub(r"\{\?\w+\}", "…", m) not in text} == set()
        assert "<code>sh:" not in page.text, "a constraint without words"
        results = page.text[page.text.index('id="results"') :]
        anchors = re.findall(r'href="/quality/report#([\w-]+)"', results)
        found = {q.subject.value for q in report.quads_for_pattern(None, NamedNode(f"{SH}sourceShape"), shape, None)}
        assert {f"{REPORT}#{anchor}" for anchor in anchors} == found
        things = {q.object.value for iri in found for q in report.quads_for_pattern(NamedNode(iri), FOCUS, None, None)}
        linked = re.findall(r'href="/doc/([^"]+)"', results)
        assert things <= {f"{BASE}id/{path}" for path in linked}


BASE = "http://localhost:8000/"
REPORT = f"{BASE}quality/report"
FOCUS = NamedNode(f"{SH}focusNode")


def test_the_overview_has_every_shape_at_the_fragment_of_its_iri(client: FlaskClient, shapes: Store, report: Store) -> None:
    page = client.get("/ontology/shapes?lang=en", headers=HTML).text
    names = [name(shape) for shape in list_shapes(shapes)]
    cards = dict(re.findall(r'<section class="card shape" id="(\w+)"(.*?)</section>', page, re.DOTALL))
    assert sorted(cards) == names
    assert "Others" not in page, "a shape is in no section of ontology/shapes.ttl"
    results = {n: int(m[1]) for n, card in cards.items() if (m := re.search(r"#results\">(\d+) result", card))}
    expected = {name(s): count(report, "sourceShape", s) for s in list_shapes(shapes)}
    assert results == {n: number for n, number in expected.items() if number}
    assert {n: f'href="/ontology/shapes/{n}"' in card for n, card in cards.items()} == dict.fromkeys(names, True)


def test_how_many_things_were_checked_is_what_a_query_counts(client: FlaskClient, shapes: Store) -> None:
    store = client.application.extensions["endpoint"].dataset.store
    page = client.get("/ontology/shapes?lang=en", headers=HTML).text
    cards = dict(re.findall(r'<section class="card shape" id="(\w+)"(.*?)</section>', page, re.DOTALL))
    told = {n: int(re.search(r"([\d,]+) things? checked", card)[1].replace(",", "")) for n, card in cards.items()}  # type: ignore[index]
    patterns = {
        "targetClass": "?t a {}",
        "targetSubjectsOf": "?t {} ?o",
        "targetObjectsOf": "?s {} ?t",
        "targetNode": "BIND ({} AS ?t)",
    }
    expected = {}
    for shape in list_shapes(shapes):
        targets = [
            "{ GRAPH ?g { " + pattern.format(quad.object) + " } }"
            for kind, pattern in patterns.items()
            for quad in shapes.quads_for_pattern(shape, NamedNode(SH + kind), None, None)
        ]
        own = " FILTER (!STRENDS(STR(?g), '/graph/ontology') && !STRENDS(STR(?g), '/graph/release'))"
        result = store.query(f"SELECT (COUNT(DISTINCT ?t) AS ?n) {{ {' UNION '.join(targets)} {own} }}")
        assert isinstance(result, QuerySolutions)
        expected[name(shape)] = int(next(result)["n"].value)
    assert told == expected


def test_the_order_is_no_matter_of_how_statements_come_out_of_a_store(
    client: FlaskClient, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which differs from process to process, so that every worker would give another entity tag."""
    expected = [client.get(path).data for path in ("/quality/report.html", "/ontology/shapes.html")]

    class Reversed:
        def __init__(self) -> None:
            self.store = Store()
            self.extend = self.store.extend

        def quads_for_pattern(self, *pattern: Any) -> Any:
            return iter(list(self.store.quads_for_pattern(*pattern))[::-1])

    monkeypatch.setattr("server.pages.shape_reader.Store", Reversed)
    other = create_app(release).test_client()
    assert [other.get(path).data for path in ("/quality/report.html", "/ontology/shapes.html")] == expected


def test_the_report_leads_to_the_page_of_each_shape(client: FlaskClient, shapes: Store) -> None:
    page = client.get("/quality/report", headers=HTML).text
    linked = set(re.findall(r'href="/ontology/shapes/(\w+)"', page))
    assert linked == {name(shape) for shape in list_shapes(shapes)}


@pytest.mark.parametrize(
    "path", ["/ontology/shapes/Nope", "/ontology/shapes/Nope.ttl", "/ontology/shapes/", "/ontology/shapes.docx"]
)
def test_an_unknown_shape_or_form_is_not_found(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "application/json"})
    assert response.status_code in (404, 308)
    if response.status_code == 404:
        assert response.mimetype in ("application/problem+json", "text/plain")
        assert "shape" in response.text or "docx" in response.text


def test_a_form_that_there_is_not_is_refused_with_what_there_is(client: FlaskClient) -> None:
    for path in ("/quality/report?format=docx", "/ontology/shapes/ContactShape?format=docx"):
        assert client.get(path).status_code == 400
    assert client.get("/quality/report", headers={"Accept": "image/png"}).status_code == 406


def test_other_data_have_no_shapes_and_no_report(tmp_path: Any) -> None:
    path, folder = tmp_path / "data.ttl", tmp_path / "release"
    folder.mkdir()
    path.write_text("<http://a.example/b> <http://a.example/c> 1 .", encoding="utf-8")
    other = create_app(make_data_release(folder, [path])).test_client()
    for address in ("/ontology/shapes", "/ontology/shapes.ttl", "/ontology/shapes/ListingShape", "/quality/report.ttl"):
        response = other.get(address)
        assert response.status_code == 404
        assert "they are no release of this site" in response.text
