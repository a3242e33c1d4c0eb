"""The catalogue over HTTP: the same statements at every address and in every form, and a page that says them to people."""

from __future__ import annotations

import json
import re
from collections import Counter
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse
from rdflib import Graph

from lod.foreign_data import make_data_release
from lod.release import Release
from server.app import create_app

RDF_FORMS = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", None),
    "nq": ("application/n-quads", RdfFormat.N_QUADS),
    "trig": ("application/trig", RdfFormat.TRIG),
}
PAGES = ("/catalog", "/.well-known/void")
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def stated(release: Release) -> set[Quad]:
    """What the two graphs of the catalogue state, read from the files of the release."""
    files = [parse(path=release.path / f"{name}.nq", format=RdfFormat.N_QUADS) for name in ("catalog", "release")]
    return {quad for file in files for quad in file}


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("foreign")
    data = folder / "data.nq"
    data.write_text(
        '<https://example.org/a> <https://schema.org/name> "A" .\n'
        "<https://example.org/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://schema.org/Thing> .\n"
        '<https://example.org/b> <https://schema.org/name> "B" <https://example.org/graph> .\n'
    )
    place = folder / "release"
    place.mkdir()
    return create_app(make_data_release(place, [data])).test_client()


def read_quads(content: bytes, suffix: str) -> set[Quad]:
    form = RDF_FORMS[suffix][1]
    if form is not None:
        return set(parse(content, form))
    triples = Graph().parse(data=content, format="json-ld").serialize(format="nt")
    return set(parse(triples, RdfFormat.N_TRIPLES))


def drop_graphs(quads: set[Quad]) -> set[Triple]:
    return {quad.triple for quad in quads}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("suffix", RDF_FORMS)
def test_it_is_the_same_by_suffix_by_accept_and_as_in_the_files(
    client: FlaskClient, stated: set[Quad], path: str, suffix: str
) -> None:
    media_type = RDF_FORMS[suffix][0]
    named, asked = client.get(f"{path}.{suffix}"), client.get(path, headers={"Accept": media_type})
    assert (named.status_code, named.mimetype) == (asked.status_code, asked.mimetype) == (200, media_type)
    assert named.data == asked.data
    assert asked.headers["Content-Location"] == f"{path}.{suffix}"
    assert "Accept" in asked.vary
    found = read_quads(named.data, suffix)
    if suffix in ("nq", "trig"):
        assert found == stated
    else:
        assert drop_graphs(found) == drop_graphs(stated)


@pytest.mark.parametrize("accept", [None, "*/*", "text/html,application/xhtml+xml,*/*;q=0.8"])
def test_the_well_known_address_gives_turtle(client: FlaskClient, accept: str | None) -> None:
    response = client.get("/.well-known/void", headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.mimetype) == (200, "text/turtle")
    assert client.get("/.well-known/void", headers=HTML).status_code == 406


def test_it_says_that_it_describes_the_data_set(client: FlaskClient, release: Release) -> None:
    """VoID, section 6.1."""
    found = drop_graphs(read_quads(client.get("/.well-known/void").data, "ttl"))
    here, void = release.iris.void, "http://rdfs.org/ns/void#"
    rdf_type = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    assert Triple(here, rdf_type, NamedNode(f"{void}DatasetDescription")) in found
    assert Triple(here, NamedNode("http://xmlns.com/foaf/0.1/primaryTopic"), release.iris.dataset) in found


@pytest.mark.parametrize(
    "path", ["/catalog.zip", "/catalog.csv", "/.well-known/void.zip", "/.well-known/void.html", "/.well-known/"]
)
def test_other_forms_are_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_thing_leads_to_its_document_which_names_the_page(client: FlaskClient) -> None:
    response = client.get("/id/catalog")
    assert (response.status_code, response.headers["Location"]) == (303, "/doc/catalog")
    assert 'href="/catalog"' in client.get("/doc/catalog", headers=HTML).text
    links = client.get("/catalog", headers=HTML).headers["Link"]
    assert '<http://localhost:8000/catalog>; rel="canonical"' in links
    assert '<http://localhost:8000/id/catalog>; rel="about ' in links


def test_the_build_has_a_document(client: FlaskClient, release: Release) -> None:
    response = client.get(f"/id/build/{release.id}")
    assert response.status_code == 303
    page = client.get(response.headers["Location"], headers=HTML)
    assert (page.status_code, f"Build of release {release.id}" in page.text) == (200, True)


def read_tables(page: str) -> list[list[list[str]]]:
    """The tables of a page, each as rows of texts."""
    tables = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    cells = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)
    return [
        [[unescape(re.sub("<[^>]+>", "", c)).strip() for c in cells.findall(row)] for row in t.split("</tr>")[:-1]]
        for t in tables
    ]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_tables_have_every_count_of_the_release(client: FlaskClient, release: Release, language: str) -> None:
    text = client.get("/catalog", headers={**HTML, "Accept-Language": language}).text
    graphs, *parts, links, inputs = read_tables(text)
    manifest, store = release.manifest, release.load_store()
    assert sorted(row[1] for row in graphs if row[1] != "–") == sorted(f"{g['triples']:,}" for g in manifest["graphs"].values())
    assert len(graphs) == len(manifest["graphs"]) + 1  # the one that cannot count itself
    parts_of_files = Counter(file["part"] for file in manifest["files"].values())
    files = {  # the lines and the vocabulary are in the files of everything
        name: parts_of_files[name.replace("/", "-")] for name in manifest["graphs"] if name != "default"
    }
    counted = sorted((f"{manifest['graphs'][name]['triples']:,}", str(count or "–")) for name, count in files.items())
    assert sorted((row[1], row[4]) for row in graphs[1:] if row[1] != "–") == counted
    of_properties = "(COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ns) (COUNT(DISTINCT ?o) AS ?no)"
    own = f"FILTER(?g != {release.iris.graph('release')})"
    for tables, select, pattern in (
        (parts[::2], "(COUNT(*) AS ?n)", "?s a ?t"),
        (parts[1::2], of_properties, "?s ?t ?o"),
    ):
        rows = [
            row
            for query in (
                f"SELECT {select} {{ {pattern} }} GROUP BY ?t",
                f"SELECT {select} {{ GRAPH ?g {{ {pattern} }} {own} }} GROUP BY ?g ?t",
            )
            for row in store.query(query)
        ]
        expected = sorted([f"{int(number.value):,}" for number in row] for row in rows)
        assert sorted(row[2:] for table in tables for row in table) == expected
    assert {row[1] for row in inputs} == set(manifest["inputs"].values())
    assert len(links) == 3


def test_what_the_catalogue_names_is_on_its_page(client: FlaskClient, stated: set[Quad], release: Release) -> None:
    page = release.iris.catalog_page.value
    named = {q.subject.value.partition("#")[2] for q in stated if q.subject.value.startswith(f"{page}#")}
    there = re.findall(r' id="([^"]+)"', client.get("/catalog", headers=HTML).text)
    assert len(there) == len(set(there))
    assert named <= set(there)
    assert len(named) > 400


@pytest.mark.parametrize(("language", "word"), [("en", "What is not known"), ("ja", "分かっていないこと")])
def test_the_page_tells_evidence_origin_and_what_is_not_known(
    client: FlaskClient, stated: set[Quad], language: str, word: str
) -> None:
    text = unescape(client.get("/catalog", headers={**HTML, "Accept-Language": language}).text)
    assert word in text
    comments = {
        q.object.value
        for q in stated
        if q.predicate.value.endswith(("rdf-schema#comment", "terms/description"))
        and getattr(q.object, "language", "") == language
        and "/graph/" not in q.subject.value
        and q.subject.value.rpartition("/")[2] not in ("dataset", "series")
    }
    assert len(comments) > 40
    assert not [comment for comment in comments if comment not in text]


def test_the_page_links_to_every_edition_file_list_and_machine_form(client: FlaskClient, release: Release) -> None:
    text = client.get("/catalog", headers=HTML).text
    expected = {f"/doc/edition/{n}" for n in release.manifest["editions"]} | {"/dumps/"}
    expected |= {f"/catalog.{suffix}" for suffix in RDF_FORMS}
    addresses = set(re.findall(r'href="([^"]+)"', text))
    assert expected <= {a.replace("/id/", "/doc/") for a in addresses}
    broken = [a for a in addresses if a.startswith("/") and "#" not in a and client.get(a).status_code not in (200, 303)]
    assert not broken


# other data


def test_other_data_have_no_catalogue_and_are_told_where_the_counts_are(foreign: FlaskClient) -> None:
    response = foreign.get("/catalog", headers=HTML)
    assert (response.status_code, "/.well-known/void" in response.text) == (404, True)
    problem = foreign.get("/catalog", headers={"Accept": "application/json"})
    assert "/.well-known/void tells what was counted" in json.dumps(problem.json)


def test_other_data_are_counted_at_the_well_known_address(foreign: FlaskClient) -> None:
    store = Store()
    store.load(foreign.get("/.well-known/void").data, RdfFormat.TURTLE)
    void = "PREFIX void: <http://rdfs.org/ns/void#> PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> "
    classes = {
        (r["c"].value, int(r["n"].value)) for r in store.query(void + "SELECT * { ?p void:class ?c ; void:entities ?n }")
    }
    assert classes == {("https://schema.org/Thing", 1)}
    graphs = {
        (r["g"].value, int(r["n"].value)) for r in store.query(void + "SELECT * { ?x sd:name ?g ; sd:graph/void:triples ?n }")
    }
    assert graphs == {("https://example.org/graph", 1)}
    quads = set(parse(foreign.get("/.well-known/void.nq").data, RdfFormat.N_QUADS))
    assert {q.graph_name for q in quads} == {DefaultGraph()}
    assert drop_graphs(quads) == {q.triple for q in store}
