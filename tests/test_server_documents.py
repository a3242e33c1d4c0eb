"""Things, documents, vocabulary, graphs and files over HTTP."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from conftest import SEEDS, ignore_progress
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Triple, parse
from rdflib import Graph, Namespace, URIRef

from lod.configuration import Configuration
from lod.iris import Iris
from lod.pipeline import build_release
from lod.release import Release
from server.addresses import list_candidates, make_path
from server.app import create_app

FORMATS = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
    "rdf": ("application/rdf+xml", "xml"),
}
THINGS = (
    "gov/122173",
    "area/120006",
    "area/122173",
    "edition/002",
    "edition/003/listing/L24",
    "edition/003/listing/L24/contact/1",
    "edition/003/listing/L24/class",
    "edition/002/row/L105",
    "edition/002/issue/1",
    "unit/122173/board-of-education-central-public-hall",
    "catalog",
    "dataset",
    "series",
)


def read_graph(client: FlaskClient, path: str, suffix: str) -> Graph:
    response = client.get(f"{path}.{suffix}")
    assert response.status_code == 200, response.text
    return Graph().parse(data=response.data, format=FORMATS[suffix][1])


@pytest.mark.parametrize("thing", THINGS)
def test_a_thing_redirects_to_its_document(client: FlaskClient, thing: str) -> None:
    response = client.get(f"/id/{thing}")
    assert (response.status_code, response.headers["Location"]) == (303, f"/doc/{thing}")


def test_the_format_asked_for_survives_the_redirection(client: FlaskClient) -> None:
    assert client.get("/id/gov/122173?format=ttl&x=y").headers["Location"] == "/doc/gov/122173?format=ttl"
    assert client.get("/id/gov/122173", headers={"Accept": "text/turtle"}, follow_redirects=True).mimetype == "text/turtle"


@pytest.mark.parametrize("thing", THINGS)
def test_all_formats_say_the_same(client: FlaskClient, thing: str) -> None:
    graphs = {suffix: frozenset(read_graph(client, f"/doc/{thing}", suffix)) for suffix in FORMATS}
    assert len(set(graphs.values())) == 1, {suffix: len(graph) for suffix, graph in graphs.items()}
    assert client.get(f"/doc/{thing}.html").mimetype == "text/html"


@pytest.mark.parametrize("suffix", FORMATS)
def test_suffix_parameter_and_header_ask_for_the_same(client: FlaskClient, suffix: str) -> None:
    media_type = FORMATS[suffix][0]
    by_suffix = client.get(f"/doc/gov/122173.{suffix}")
    by_header = client.get("/doc/gov/122173", headers={"Accept": media_type})
    by_parameter = client.get(f"/doc/gov/122173?format={suffix}")
    by_type = client.get("/doc/gov/122173", query_string={"format": media_type})
    assert by_suffix.data == by_header.data == by_parameter.data == by_type.data
    assert by_header.mimetype == media_type


def test_the_document_of_a_government_says_what_holds_today(client: FlaskClient, release: Release) -> None:
    graph = read_graph(client, "/doc/gov/122173", "nt")
    base, schema = release.iris.base, "https://schema.org/"
    government = URIRef(f"{base}id/gov/122173")
    emails = {
        str(e)
        for c in graph.objects(government, URIRef(f"{schema}contactPoint"))
        for e in graph.objects(c, URIRef(f"{schema}email"))
    }
    assert emails == {"info-kysk@city.kashiwa.chiba.jp", "shido@city.kashiwa.chiba.jp"}
    about = set(graph.subjects(URIRef(f"{schema}about"), government))
    assert about == {URIRef(f"{base}id/edition/003/listing/L24")}, "only the listing of the current edition points to it"
    document = URIRef(f"{base}doc/gov/122173")
    assert set(graph.objects(document, URIRef("http://xmlns.com/foaf/0.1/primaryTopic"))) == {government}
    assert set(graph.objects(document, URIRef("http://purl.org/dc/terms/isPartOf"))) == {URIRef(f"{base}id/dataset")}


def test_the_document_of_a_listing_has_all_its_parts_and_the_names_of_what_it_links_to(
    client: FlaskClient, release: Release
) -> None:
    graph = read_graph(client, "/doc/edition/003/listing/L24", "ttl")
    listing = f"{release.iris.base}id/edition/003/listing/L24"
    described = {str(s) for s in graph.subjects(unique=True)}
    assert {listing, *(f"{listing}/{part}" for part in ("contact/1", "contact/2", "class", "class/1"))} <= described
    names = {str(n) for n in graph.objects(None, URIRef("https://schema.org/name"))}
    assert {"Kashiwa City", "柏市", "Diversity Relations Promotion Division"} <= names


def test_what_only_an_older_edition_has_is_described_from_its_graph(client: FlaskClient, release: Release) -> None:
    graph = read_graph(client, "/doc/unit/122173/board-of-education-central-public-hall", "nt")
    wholes = {str(o) for o in graph.objects(None, URIRef("http://purl.org/dc/terms/isPartOf"))}
    assert wholes == {f"{release.iris.base}graph/edition/002"}
    assert "chuokouminkan@city.kashiwa.chiba.jp" in {str(o) for o in graph.objects(None, URIRef("https://schema.org/email"))}


def test_a_document_of_an_area_has_its_fragments(client: FlaskClient, release: Release) -> None:
    described = {str(s) for s in read_graph(client, "/doc/area/122173", "nt").subjects(unique=True)}
    assert {f"{release.iris.base}id/area/122173{f}" for f in ("", "#lg-code", "#position")} <= described


def test_negotiated_answers_say_so_and_link_to_their_alternates(client: FlaskClient) -> None:
    response = client.get("/doc/gov/122173", headers={"Accept": "text/turtle"})
    assert "Accept" in response.vary
    assert response.headers["Content-Location"] == "/doc/gov/122173.ttl"
    links = response.headers.getlist("Link")
    assert {re.findall(r'<(.*)>; rel="alternate"; type="(.*)"', link)[0] for link in links} == {
        ("/doc/gov/122173.html", "text/html"),
        ("/doc/gov/122173.jsonld", "application/ld+json"),
        ("/doc/gov/122173.nt", "application/n-triples"),
        ("/doc/gov/122173.rdf", "application/rdf+xml"),
    }


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/doc/gov/122173",
        "/doc/gov/122173.ttl",
        "/ontology",
        "/sparql?query=ASK{}",
        "/dumps/all.nq",
        "/source/002.txt",
        "/doc/nope",
    ],
)
def test_head_is_get_without_a_body(client: FlaskClient, path: str) -> None:
    get, head = client.get(path, buffered=True), client.head(path, buffered=True)
    assert head.data == b""
    assert head.status_code == get.status_code
    assert head.headers["Content-Length"] == str(len(get.data))
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize(
    "path",
    [
        "id/gov/999999",
        "doc/gov/999999",
        "doc/%E6%9F%8F",
        "doc/%FF%00",
        "doc/a%20b",
        "doc/gov/122173/",
        "doc//gov",
        "id/gov/122173%23x",
        "doc/<script>",
    ],
)
def test_what_is_unknown_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(f"/{path}").status_code == 404


def test_a_path_may_mean_an_iri_with_unicode_or_with_percent_encoding() -> None:
    iris = Iris("http://example.org/data/")
    found = [c.value for c in list_candidates(iris, "id/org/東京 (1)")]
    assert found == ["http://example.org/data/id/org/%E6%9D%B1%E4%BA%AC%20(1)"], "a blank is in no IRI"
    assert [c.value for c in list_candidates(iris, "id/org/東京")] == [
        "http://example.org/data/id/org/東京",
        "http://example.org/data/id/org/%E6%9D%B1%E4%BA%AC",
    ]
    assert make_path(iris, "http://example.org/data/id/org/東京#x") == "doc/org/%E6%9D%B1%E4%BA%AC#x"
    assert make_path(iris, "http://example.org/other/id/1") is None


def test_slashes_and_percent_encoding_in_a_request_name_the_same_thing(client: FlaskClient) -> None:
    response = client.get("/id/edition%2F003/listing/%4c24")
    assert (response.status_code, response.headers["Location"]) == (303, "/doc/edition/003/listing/L24")


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_vocabulary_in_all_formats(client: FlaskClient, release: Release, suffix: str) -> None:
    assert len(read_graph(client, "/ontology", suffix)) == release.manifest["counts"]["triples"]["ontology"]


def test_the_vocabulary_page_has_an_anchor_for_every_term(client: FlaskClient, release: Release) -> None:
    page = client.get("/ontology").text
    terms = {
        str(s).partition("#")[2]
        for s in read_graph(client, "/ontology", "nt").subjects(unique=True)
        if f"{release.iris.base}ontology#" in str(s)
    }
    assert terms
    assert {t for t in terms if f'id="{t}"' not in page} == set()


def test_shapes_and_context_are_the_files(client: FlaskClient, release: Release) -> None:
    shapes, context = client.get("/ontology/shapes"), client.get("/ontology/context.jsonld")
    assert (shapes.mimetype, shapes.data) == ("text/turtle", release.read_bytes("ontology/shapes.ttl"))
    assert (context.mimetype, context.data) == ("application/ld+json", release.read_bytes("ontology/context.jsonld"))


@pytest.mark.parametrize("name", ["edition/003", "quality", "source/002", "catalog"])
def test_a_named_graph_is_served_at_its_iri(client: FlaskClient, release: Release, name: str) -> None:
    triples: set[Triple] = {q.triple for q in parse(client.get(f"/graph/{name}.nt").data, RdfFormat.N_TRIPLES)}
    assert len(triples) == release.manifest["counts"]["triples"][name]
    assert client.get(f"/graph/{name}").mimetype == "text/html"
    assert client.get("/graph/nope").status_code == 404


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_the_documents_are_served_byte_for_byte(client: FlaskClient, release: Release, number: str) -> None:
    response = client.get(f"/source/{number}.txt", buffered=True)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.data == release.read_bytes(f"source/{number}.txt")


def test_all_dumps_are_the_files_with_their_checksums(client: FlaskClient, release: Release) -> None:
    page = client.get("/dumps/").text
    names = set(re.findall(r'href="/dumps/([^"]+)"', page)) - {"SHA256SUMS"}
    assert names == {p.name for p in release.path.iterdir() if p.is_file()} - {"SHA256SUMS"}
    for name in names:
        response = client.get(f"/dumps/{name}", buffered=True)
        assert response.data == release.read_bytes(name)
        assert response.headers["Content-Length"] == str(len(response.data))
        told = page if not name.endswith((".gz", ".zst")) else release.read_bytes("SHA256SUMS").decode()
        assert hashlib.sha256(response.data).hexdigest() in told
    assert client.get("/dumps/SHA256SUMS", buffered=True).data == release.read_bytes("SHA256SUMS")


def test_dumps_have_the_media_type_of_their_format(client: FlaskClient) -> None:
    types = {
        name: client.head(f"/dumps/{name}", buffered=True).mimetype
        for name in ("all.nq", "all.trig", "current.ttl", "current.nt", "current.rdf", "current.jsonld", "manifest.json")
    }
    assert types == {
        "all.nq": "application/n-quads",
        "all.trig": "application/trig",
        "current.ttl": "text/turtle",
        "current.nt": "application/n-triples",
        "current.rdf": "application/rdf+xml",
        "current.jsonld": "application/ld+json",
        "manifest.json": "application/json",
    }


def test_a_file_that_the_client_has_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.head("/dumps/current.ttl", buffered=True).headers["ETag"]
    assert client.get("/dumps/current.ttl", buffered=True, headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/dumps/current.ttl", buffered=True, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/../manifest.json",
        "/dumps/%2e%2e/current",
        "/source/..%2f..%2f..%2fetc/passwd",
        "/source/002",
        "/dumps/ontology/shapes.ttl",
        "/dumps/.lock",
    ],
)
def test_only_what_the_release_lists_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_with_a_base_iri_other_than_the_host_things_are_found_by_their_path(tmp_path: Path) -> None:
    base = "https://data.example.jp/lod/"
    release = build_release(Configuration(seeds=SEEDS, out=tmp_path, base=base), ignore_progress)
    client = create_app(release).test_client()
    assert client.get("/id/gov/122173").headers["Location"] == "/doc/gov/122173"
    graph = read_graph(client, "/doc/gov/122173", "ttl")
    assert (
        URIRef(f"{base}doc/gov/122173"),
        URIRef("http://xmlns.com/foaf/0.1/primaryTopic"),
        URIRef(f"{base}id/gov/122173"),
    ) in graph
    page = client.get("/doc/gov/122173").text
    assert f"<code>{base}id/gov/122173</code>" in page
    assert f'href="{base}' not in page


def test_links_stay_under_the_path_at_which_the_application_is_mounted(client: FlaskClient) -> None:
    response = client.get("/doc/gov/122173", environ_overrides={"SCRIPT_NAME": "/lod"})
    assert response.headers["Content-Location"] == "/lod/doc/gov/122173.html"
    assert set(re.findall(r'href="(/[^/"]*)', response.text)) == {"/lod"}
    assert client.get("/id/gov/122173", environ_overrides={"SCRIPT_NAME": "/lod"}).headers["Location"] == "/lod/doc/gov/122173"


def test_url_stands_with_the_listing_that_prints_it_only(client: FlaskClient) -> None:
    """Line 160 names the department of lines 115 and 161, but prints the URL of another city."""
    url = "http://www.city.toyohashi.lg.jp/2679.htm"
    assert url in client.get("/doc/edition/002/listing/L161.html").text
    assert url not in client.get("/doc/edition/002/listing/L160.html").text


def test_document_of_a_government_has_what_its_departments_and_classes_have(client: FlaskClient, release: Release) -> None:
    graph = Graph().parse(data=client.get("/doc/gov/122173.ttl").text)
    government = URIRef(f"{release.iris.base}id/gov/122173")
    schema = Namespace("https://schema.org/")
    urls = {str(u) for unit in graph.objects(government, schema.department) for u in graph.objects(unit, schema.url)}
    assert urls == {"https://www.city.kashiwa.lg.jp/", "https://www.city.kashiwa.lg.jp/kashiwa_boe/index.html"}
    assert {str(u) for u in graph.objects(None, schema.serviceUrl)} == {"https://www.kira-kira.jp/language_jpn.html"}
