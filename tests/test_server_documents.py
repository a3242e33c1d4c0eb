"""Things, documents, vocabulary, graphs and files over HTTP."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import warnings

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, RdfFormat, Triple, parse
from rdflib import Dataset as RdfDataset
from rdflib import Graph, Namespace, URIRef
from werkzeug.test import TestResponse

from lod.iris import Iris
from lod.release import Release
from server.addresses import list_candidates, make_path
from server.app import create_app

FORMATS = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
    "rdf": ("application/rdf+xml", "xml"),
    "trig": ("application/trig", "trig"),
    "nq": ("application/n-quads", "nquads"),
    "json": ("application/json", "json-ld"),
}
JSON_LD = "http://www.w3.org/ns/json-ld#"
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
    if suffix == "json":  # JSON-LD 1.1, section 6.1: the context is linked to
        (context,) = re.findall(rf'<([^>]*)>; rel="{JSON_LD}context"', response.headers["Link"])
        document = {**json.loads(client.get(context).data), **json.loads(response.data)}
        return Graph().parse(data=json.dumps(document), format="json-ld")
    if suffix not in ("trig", "nq"):
        return Graph().parse(data=response.data, format=FORMATS[suffix][1])
    graph = Graph()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib's own readers of these use what it has deprecated
        for triple in RdfDataset(default_union=True).parse(data=response.data, format=FORMATS[suffix][1]).triples((None,) * 3):
            graph.add(triple)
    return graph


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
    assert read_links(response) == {
        ("http://localhost:8000/doc/gov/122173", "canonical"),
        ("http://localhost:8000/doc/gov/122173", "describes"),
        ("http://localhost:8000/id/gov/122173", "about http://xmlns.com/foaf/0.1/primaryTopic cite-as"),
        ("/doc/dataset", "describedby collection"),
        ("https://schema.org/GovernmentOrganization", "type"),
        *((f"/doc/gov/122173.{s}", "alternate") for s in ("html", "jsonld", "nt", "rdf", "nq", "trig", "json", "csv")),
    }


def read_links(response: TestResponse) -> set[tuple[str, str]]:
    return set(re.findall(r'<([^>]*)>; rel="([^"]*)"', response.headers["Link"]))


def test_links_have_the_type_of_what_they_lead_to(client: FlaskClient) -> None:
    links = client.get("/doc/gov/122173.html").headers["Link"]
    typed = re.findall(r'<([^>]*)>; rel="(?:alternate|alternate describedby)"; type="([^"]*)"', links)
    assert len(typed) == 8
    for address, media_type in typed:
        assert client.get(address).mimetype == media_type, address


@pytest.mark.parametrize("thing", [*THINGS, "edition/002/listing/L105/contact/1"])
def test_the_head_of_a_page_links_to_what_the_header_does(client: FlaskClient, thing: str) -> None:
    response = client.get(f"/doc/{thing}.html")
    head = set(re.findall(r'<link rel="([^"]*)"(?: type="[^"]*" title="[^"]*")? href="([^"]*)">', response.text))
    types = {(address, rel) for address, rel in read_links(response) if rel == "type"}
    own = (f"/doc/{thing}.html", "alternate")
    assert {(address, rel) for rel, address in head if rel != "stylesheet"} - {own} == read_links(response) - types
    assert types
    assert len(response.headers["Link"]) < 2_000
    assert response.headers["Link"].isascii()


def test_only_what_the_accept_header_decided_varies_with_it(client: FlaskClient) -> None:
    for path in ("/doc/gov/122173", "/ontology", "/graph/quality", "/describe?iri=http://localhost:8000/ontology%23Listing"):
        negotiated = client.get(path, headers={"Accept": "text/turtle"})
        assert "Accept" in negotiated.vary
        named = client.get(negotiated.headers["Content-Location"])
        assert "Accept" not in named.vary
        assert named.data == negotiated.data
        assert "Content-Location" not in named.headers
    assert "Accept" not in client.get("/id/gov/122173").vary


@pytest.mark.parametrize(
    ("profile", "kind", "named"),
    [
        ("expanded", list, "expanded"),
        ("flattened", list, "flattened"),
        ("compacted", dict, None),
        ("framed", dict, None),
    ],
)
@pytest.mark.parametrize("path", ["/doc/edition/003/listing/L24", "/ontology", "/graph/catalog"])
def test_profiles_of_json_ld(client: FlaskClient, path: str, profile: str, kind: type, named: str | None) -> None:
    media_type = f'application/ld+json;profile="{JSON_LD}{profile}"'
    response = client.get(path, headers={"Accept": media_type})
    expected = f'application/ld+json;profile="{JSON_LD}{named}"' if named else "application/ld+json"
    assert (response.status_code, response.headers["Content-Type"]) == (200, expected)
    assert isinstance(json.loads(response.data), kind)
    assert set(Graph().parse(data=response.data, format="json-ld")) == set(read_graph(client, path, "nt"))
    if named:
        assert client.get(path, query_string={"format": named}).data == response.data
        assert client.get(path, query_string={"format": media_type}).data == response.data


def test_quads_say_which_graphs_state_a_fact(client: FlaskClient, release: Release) -> None:
    quads = {(q.triple, q.graph_name) for q in parse(client.get("/doc/gov/122173.nq").data, RdfFormat.N_QUADS)}
    assert quads == {(q.triple, q.graph_name) for q in parse(client.get("/doc/gov/122173.trig").data, RdfFormat.TRIG)}
    store = release.load_store()
    document = f"{release.iris.base}doc/gov/122173"
    facts = {triple for triple, _ in quads if triple.subject.value != document}
    stated = {(q.triple, q.graph_name) for t in facts for q in store.quads_for_pattern(t.subject, t.predicate, t.object, None)}
    assert {quad for quad in quads if quad[0] in facts} == stated
    assert {g for t, g in quads if t not in facts} == {DefaultGraph()}
    named = client.get("/graph/edition/003.nq").data
    assert {str(q.graph_name) for q in parse(named, RdfFormat.N_QUADS)} == {f"<{release.iris.base}graph/edition/003>"}


def test_a_document_says_which_editions_it_comes_from(client: FlaskClient, release: Release) -> None:
    source = URIRef("http://purl.org/dc/terms/source")
    base = release.iris.base
    for thing, places in (
        ("gov/122173", {"id/edition/003"}),
        ("unit/122173/board-of-education-central-public-hall", {"id/edition/002"}),
        ("area/122173", {"graph/reference"}),
        ("edition/002/issue/1", {"graph/quality"}),
        ("edition/002/row/L105", {"id/edition/002"}),
    ):
        graph = read_graph(client, f"/doc/{thing}", "nt")
        assert {str(o) for o in graph.objects(URIRef(f"{base}doc/{thing}"), source)} == {base + p for p in places}, thing


def test_listings_come_as_a_table(client: FlaskClient) -> None:
    response = client.get("/doc/gov/122173", headers={"Accept": "text/csv"})
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(response.text.splitlines()))
    today = {(r["body"], r["emails"], r["lines"], r["class_urls"]) for r in rows if r["today"] == "true"}
    classes = "https://www.kira-kira.jp/language_jpn.html"
    assert today == {
        ("Diversity Relations Promotion Division", "info-kysk@city.kashiwa.chiba.jp", "24 25", classes),
        ("Board of Education office City of Kashiwa", "shido@city.kashiwa.chiba.jp", "24 25", classes),
    }
    assert {(r["edition"], r["government_code"], r["government_ja"]) for r in rows} == {
        (edition, "122173", "柏市") for edition in ("000", "002", "003")
    }


def test_the_table_of_an_edition_has_all_its_listings(client: FlaskClient, release: Release) -> None:
    for number, count in release.manifest["counts"]["listings"].items():
        table = client.get(f"/graph/edition/{number}.csv")
        assert len({r["listing"] for r in csv.DictReader(table.text.splitlines())}) == count
        assert client.get(f"/doc/edition/{number}.csv").data == table.data


@pytest.mark.parametrize("path", ["/doc/area/122173", "/doc/catalog", "/graph/quality", "/ontology"])
def test_where_no_table_makes_sense_the_rest_is_offered(client: FlaskClient, path: str) -> None:
    refused = client.get(path, headers={"Accept": "text/csv"})
    assert refused.status_code == 406
    assert "text/csv" not in refused.text
    assert "application/trig" in refused.text
    assert client.get(f"{path}.csv").status_code == 404
    assert client.get(f"{path}?format=csv").status_code == 400


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
    encoded = [
        "http://example.org/data/id/org/%E6%9D%B1%E4%BA%AC%20(1)",
        "http://example.org/data/id/org/%e6%9d%b1%e4%ba%ac%20(1)",
    ]
    assert found == encoded, "a blank is in no IRI"
    assert [c.value for c in list_candidates(iris, "id/org/東京")] == [
        "http://example.org/data/id/org/東京",
        "http://example.org/data/id/org/%E6%9D%B1%E4%BA%AC",
        "http://example.org/data/id/org/%e6%9d%b1%e4%ba%ac",
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


def test_shapes_read_from_their_address_are_those_of_the_release(client: FlaskClient, release: Release) -> None:
    shapes = client.get("/ontology/shapes", headers={"Accept": "text/turtle"})
    served = Graph().parse(data=shapes.data, format="turtle", publicID=f"{release.iris.base}ontology/shapes")
    stored = release.read_bytes("ontology/shapes.ttl")
    expected = Graph().parse(data=stored, format="turtle", publicID=release.iris.ontology.value)
    assert shapes.mimetype == "text/turtle"
    assert set(served.objects(predicate=URIRef("http://www.w3.org/ns/shacl#targetClass"))) == set(
        expected.objects(predicate=URIRef("http://www.w3.org/ns/shacl#targetClass"))
    )
    named = [{s for s in graph.subjects() if isinstance(s, URIRef)} for graph in (served, expected)]
    assert named[0] == named[1]
    assert URIRef(f"{release.iris.base}ontology/shapes") in named[0]


def test_the_context_is_the_file(client: FlaskClient, release: Release) -> None:
    context = client.get("/ontology/context.jsonld")
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
    names = set(re.findall(r'href="/dumps/([^"?]+)"', page)) - {"SHA256SUMS"}
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
        "/source/009",
        "/dumps/ontology/../../.lock",
        "/dumps/.lock",
    ],
)
def test_only_what_the_release_lists_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_with_a_base_iri_other_than_the_host_things_are_found_by_their_path(release_elsewhere: Release) -> None:
    base = release_elsewhere.iris.base
    client = create_app(release_elsewhere).test_client()
    assert client.get("/id/gov/122173").headers["Location"] == "/doc/gov/122173"
    graph = read_graph(client, "/doc/gov/122173", "ttl")
    assert (
        URIRef(f"{base}doc/gov/122173"),
        URIRef("http://xmlns.com/foaf/0.1/primaryTopic"),
        URIRef(f"{base}id/gov/122173"),
    ) in graph
    page = client.get("/doc/gov/122173").text
    assert f"<code>{base}id/gov/122173</code>" in page
    assert f'<a href="{base}' not in page
    assert f'<link rel="canonical" href="{base}doc/gov/122173">' in page


def test_links_stay_under_the_path_at_which_the_application_is_mounted(client: FlaskClient) -> None:
    response = client.get("/doc/gov/122173", environ_overrides={"SCRIPT_NAME": "/lod"})
    assert response.headers["Content-Location"] == "/lod/doc/gov/122173.html"
    assert set(re.findall(r'href="(/[^/"]*)', response.text)) == {"/lod"}
    assert client.get("/id/gov/122173", environ_overrides={"SCRIPT_NAME": "/lod"}).headers["Location"] == "/lod/doc/gov/122173"


def test_url_stands_with_the_listing_that_prints_it_only(client: FlaskClient) -> None:
    """Line 160 names the department of lines 115 and 161, but prints the URL of another city."""
    url = "http://www.city.toyohashi.lg.jp/2679.htm"
    assert url in client.get("/doc/edition/002/listing/L161.html").text
    seen = re.sub(r"<script.*?</script>", "", client.get("/doc/edition/002/listing/L160.html").text)
    assert url not in seen  # in the block for machines, it is a fact about the department


def test_document_of_a_government_has_what_its_departments_and_classes_have(client: FlaskClient, release: Release) -> None:
    graph = Graph().parse(data=client.get("/doc/gov/122173.ttl").text)
    government = URIRef(f"{release.iris.base}id/gov/122173")
    schema = Namespace("https://schema.org/")
    urls = {str(u) for unit in graph.objects(government, schema.department) for u in graph.objects(unit, schema.url)}
    assert urls == {"https://www.city.kashiwa.lg.jp/", "https://www.city.kashiwa.lg.jp/kashiwa_boe/index.html"}
    assert {str(u) for u in graph.objects(None, schema.serviceUrl)} == {"https://www.kira-kira.jp/language_jpn.html"}
