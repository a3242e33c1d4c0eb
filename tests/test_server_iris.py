"""How IRIs are found, however a client writes them, and where every other IRI that the data describe has its document."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize
from werkzeug.test import TestResponse

from lod.release import MANIFEST, Release, open_release
from server.addresses import make_path
from server.app import create_app
from server.dataset import Dataset, load_dataset
from server.description import INCOMING, describe_thing
from server.entities import find_thing

NAME = NamedNode("https://schema.org/name")
LINK = NamedNode("https://schema.org/sameAs")
BASE = "https://data.example.jp/lod/"
OUTSIDE = "https://elsewhere.example/東京?x=1&y=é#part"
NFC, NFD = "id/org/\u304c", "id/org/\u304b\u3099"
OURS = (
    NFC,
    "id/org/東京",
    "id/org/%E4%BA%AC",
    "id/org/%e9%83%bd",
    "id/a%2Fb",
    "id/a/b",
    "id/folder/",
    "id/x;v=1",
    "id/x.ttl",
    "resource/9",
    "page?id=5",
    "id/x?y=1",
    "",
    "/evil.example/x",
    "doc/own",
    "source/nowhere",
    NFD.replace("org", "form"),
)


def write_foreign(release: Release, folder: Path, quads: list[Quad]) -> Release:
    """A release of other data under a base IRI with a path."""
    shutil.copytree(release.path, folder)
    manifest = {**release.manifest, "base": BASE, "editions": {}, "current": {}}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    (folder / "all.nq").write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    return open_release(folder)


@pytest.fixture(scope="module")
def foreign(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Things under all kinds of paths, and one that is named elsewhere."""
    things = [NamedNode(iri) for iri in (*(BASE + path for path in OURS), OUTSIDE)]
    quads = [Quad(thing, NAME, Literal(thing.value, language="en")) for thing in things]
    others = (OUTSIDE, "https://elsewhere.example/unknown", f"{BASE}/evil.example/x", f"{BASE}resource/9", f"{BASE}nothing")
    for other in others:
        quads.append(Quad(NamedNode(f"{BASE}id/a/b"), LINK, NamedNode(other)))
    return write_foreign(release, tmp_path_factory.mktemp("foreign") / "data", quads)


@pytest.fixture(scope="module")
def site(foreign: Release) -> FlaskClient:
    return create_app(foreign).test_client()


def ask(client: FlaskClient, path: str, root: str = "", accept: str = "text/turtle") -> TestResponse:
    """The answer to a path as it stands on the wire (PEP 3333: a server hands over its bytes as Latin-1)."""
    wire, _, query = path.partition("?")
    environ = {
        "PATH_INFO": unquote_to_bytes(wire.encode()).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": root + path,
        "SCRIPT_NAME": root,
    }
    response = client.get("/", environ_overrides=environ, headers={"Accept": accept})
    assert response.headers.get("Location", "").isascii()
    assert response.headers.get("Link", "").isascii()
    return response


def read_topics(response: TestResponse) -> set[str]:
    """What a document says that it is about."""
    assert response.status_code == 200, response.text
    return {
        q.object.value
        for q in parse(response.data, format=RdfFormat.TURTLE)
        if q.predicate.value == "http://xmlns.com/foaf/0.1/primaryTopic" and isinstance(q.object, NamedNode)
    }


@pytest.mark.parametrize("iri", [*(BASE + path for path in OURS), OUTSIDE])
def test_every_thing_has_a_document_to_which_its_address_leads(site: FlaskClient, iri: str) -> None:
    describe = f"/describe?iri={quote(iri, safe='')}"
    assert read_topics(follow(site, ask(site, describe))) == {iri}
    if iri.startswith(BASE) and iri != BASE and "//evil" not in iri:
        path = quote(iri.removeprefix(BASE), safe="/%;=?~")
        response = ask(site, f"/{path}")
        assert response.status_code == 303, path
        assert read_topics(follow(site, response)) == {iri}


def follow(client: FlaskClient, response: TestResponse) -> TestResponse:
    while response.status_code in (303, 308):
        assert response.headers["Location"].startswith("/")
        assert not response.headers["Location"].startswith("//")
        response = ask(client, response.headers["Location"])
    return response


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/id/org/%E6%9D%B1%E4%BA%AC", 303, "/doc/org/%E6%9D%B1%E4%BA%AC"),
        ("/id/org/%e6%9d%b1%E4%ba%ac", 303, "/doc/org/%E6%9D%B1%E4%BA%AC"),
        ("/id/org/東京", 303, "/doc/org/%E6%9D%B1%E4%BA%AC"),
        ("/id/%6Frg/%E6%9D%B1%E4%BA%AC", 303, "/doc/org/%E6%9D%B1%E4%BA%AC"),
        ("/id/org/%E4%BA%AC", 303, "/doc/org/%E4%BA%AC"),
        ("/id/org/京", 303, "/doc/org/%E4%BA%AC"),
        ("/id/org/%e9%83%bd", 303, "/doc/org/%e9%83%bd"),
        ("/id/org/%E9%83%BD", 303, "/doc/org/%e9%83%bd"),
        ("/id/org/%E3%81%8C", 303, "/doc/org/%E3%81%8C"),
        ("/id/org/%E3%81%8B%E3%82%99", 308, "/id/org/%E3%81%8C"),
        ("/doc/org/%E3%81%8B%E3%82%99", 308, "/doc/org/%E3%81%8C"),
        ("/doc/org/%E3%81%8B%E3%82%99.ttl", 308, "/doc/org/%E3%81%8C.ttl"),
        ("/id/form/%E3%81%8C", 308, "/id/form/%E3%81%8B%E3%82%99"),
        ("/id/org/%E6%9D%B1%E4%BA%AC/", 308, "/id/org/%E6%9D%B1%E4%BA%AC"),
        ("/id/folder/", 303, "/doc/folder/"),
        ("/id/folder", 308, "/id/folder/"),
        ("/id//a/b", 308, "/id/a/b"),
        ("//id/a/b", 303, "/doc/a/b"),
        ("//id//a//b//?format=ttl&x=%E6", 308, "/id/a/b?format=ttl&x=%E6"),
        ("/id/a/b", 303, "/doc/a/b"),
        ("/id/a%2Fb", 303, "/doc/a%2Fb"),
        ("/id/a%2fb", 303, "/doc/a%2Fb"),
        ("/id%2Fa/b", 303, "/doc/a/b"),
        ("/id/a/b?format=ttl", 303, "/doc/a/b?format=ttl"),
        ("/id/x;v=1", 303, "/doc/x;v=1"),
        ("/id/x%3Bv=1", 303, "/doc/x;v=1"),
        ("/id/x;v=2", 404, ""),
        ("/id/x", 404, ""),
        ("/resource/9", 303, "/describe?iri=https://data.example.jp/lod/resource/9"),
        ("/resource/9?format=nt", 303, "/describe?iri=https://data.example.jp/lod/resource/9&format=nt"),
        ("/resource/9/", 308, "/resource/9"),
        ("/resource/%39", 303, "/describe?iri=https://data.example.jp/lod/resource/9"),
        ("/page?id=5", 303, "/describe?iri=https://data.example.jp/lod/page%3Fid%3D5"),
        ("/page?id=6", 404, ""),
        ("/page", 404, ""),
        ("/doc/own", 303, "/describe?iri=https://data.example.jp/lod/doc/own"),
        ("/source/nowhere", 303, "/describe?iri=https://data.example.jp/lod/source/nowhere"),
        ("/ontology/", 308, "/ontology"),
        ("/sparql/", 308, "/sparql"),
        ("/lod/id/a/b", 404, ""),
        ("/id/../id/a/b", 404, ""),
        ("/id/a/b%00", 404, ""),
        ("/id/%FF", 404, ""),
        ("/id/%", 404, ""),
        ("/id/a b", 404, ""),
        ("/", 200, ""),
        ("//", 200, ""),
        ("///evil.example", 404, ""),
    ],
)
def test_each_way_to_write_an_address(site: FlaskClient, path: str, status: int, location: str) -> None:
    response = ask(site, path)
    assert (response.status_code, response.headers.get("Location", "")) == (status, location)


@pytest.mark.parametrize("path", ["/id/org/%E6%9D%B1%E4%BA%AC/", "/resource/9", "/id/a/b", "/describe?iri=x", "/nowhere"])
def test_head_answers_alike(site: FlaskClient, path: str) -> None:
    get, head = site.get(path), site.head(path)
    assert (get.status_code, get.headers.get("Location")) == (head.status_code, head.headers.get("Location"))
    assert head.data == b""


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/resource/9", 404), ("/id/a/b/", 405), ("/id/a/b", 405)])
def test_only_reading_is_redirected(site: FlaskClient, path: str, status: int) -> None:
    assert site.post(path).status_code == status


def test_without_the_address_as_sent_things_are_found_all_the_same(site: FlaskClient) -> None:
    environ = {"PATH_INFO": "/id/org/東京".encode().decode("latin-1"), "REQUEST_URI": ""}
    assert site.get("/", environ_overrides=environ).headers["Location"] == "/doc/org/%E6%9D%B1%E4%BA%AC"


@pytest.mark.parametrize(
    "path", ["/id/a/b", "/id/org/%E3%81%8B%E3%82%99", "/id/a%2Fb", "/resource/9", "/resource/9/", "/sparql/"]
)
def test_redirections_stay_under_the_path_prefix(site: FlaskClient, path: str) -> None:
    assert ask(site, path, root="/data").headers["Location"] == "/data" + ask(site, path).headers["Location"]


@pytest.mark.parametrize("iri", [f"{BASE}id/a/b", f"{BASE}resource/9", OUTSIDE])
def test_links_stay_under_the_path_prefix_and_canonical_is_the_base_iri(site: FlaskClient, iri: str) -> None:
    address = follow(site, ask(site, f"/describe?iri={quote(iri, safe='')}")).request.path
    target = "/doc/a/b" if address.startswith("/doc/") else f"/describe?iri={quote(iri, safe='')}"
    response = ask(site, target, root="/data", accept="text/html")
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"', response.headers["Link"])
    links = {rel: href for href, rels in found for rel in rels.split()}
    assert links["canonical"].startswith(BASE)
    assert links["alternate"].startswith("/data/")
    assert response.headers["Content-Location"].startswith("/data/")
    assert set(re.findall(r'<(?:a|link) [^>]*href="(/[^/"?]*)', response.text)) == {"/data"}


def test_pages_link_to_what_the_data_describe_elsewhere(site: FlaskClient) -> None:
    page = ask(site, "/doc/a/b", accept="text/html").text
    links = set(re.findall(r'<a [^>]*?href="([^"]*)"', page))
    described = f"/describe?iri={quote(OUTSIDE, safe='/:')}"
    assert {described, "https://elsewhere.example/unknown", "/resource/9"} <= links
    assert not [link for link in links if link.startswith("//")]
    assert ">nothing<" in page
    assert not {"/nothing", f"{BASE}nothing"} & links, "of which nothing is stated"


@pytest.mark.parametrize(
    ("iri", "status"),
    [("", 400), ("id/a/b", 400), ("https://x/ y", 400), ("https://elsewhere.example/nothing", 404), (f"{BASE}id/a/b", 308)],
)
def test_describe_says_what_it_needs(site: FlaskClient, iri: str, status: int) -> None:
    response = site.get("/describe", query_string={"iri": iri})
    assert (response.status_code, response.headers.get("Location")) == (status, "/doc/a/b" if status == 308 else None)


@pytest.mark.parametrize("media_type", ["text/html", "application/trig", "application/ld+json", "application/json"])
def test_describe_is_negotiated_like_the_rest(site: FlaskClient, media_type: str) -> None:
    address = f"/describe?iri={quote(OUTSIDE, safe='')}"
    response = ask(site, address, accept=media_type)
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert "Accept" in response.vary
    assert ask(site, response.headers["Content-Location"]).data == response.data
    assert f'<{BASE}describe?iri={quote(OUTSIDE, safe="/:")}>; rel="canonical"' in response.headers["Link"]
    assert ask(site, address, accept="image/png").status_code == 406


def test_an_address_never_begins_with_two_slashes(foreign: Release) -> None:
    assert make_path(foreign.iris, f"{BASE}/evil.example/x") == "describe?iri=https://data.example.jp/lod//evil.example/x"


def test_a_thing_is_found_by_its_path_whatever_the_base(foreign: Release) -> None:
    dataset = load_dataset(foreign)
    assert find_thing(dataset, "id/a/b") == NamedNode(f"{BASE}id/a/b")
    assert find_thing(dataset, "id/a") is None


@pytest.fixture(scope="module")
def crowded(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A thing that more statements point to than a document has."""
    hub = NamedNode(f"{BASE}id/hub")
    quads = [Quad(NamedNode(f"{BASE}id/n/{n}"), LINK, hub) for n in range(3 * INCOMING)]
    quads += [Quad(hub, NAME, Literal("Hub")), Quad(NamedNode(f"{BASE}id/few"), LINK, hub)]
    return load_dataset(write_foreign(release, tmp_path_factory.mktemp("crowded") / "data", quads))


def test_a_document_has_a_bounded_number_of_the_statements_that_point_to_a_thing(crowded: Dataset) -> None:
    hub, document = NamedNode(f"{BASE}id/hub"), NamedNode(f"{BASE}doc/hub")
    description = describe_thing(crowded, hub, document)
    assert description is not None
    assert sum(1 for t in description.facts if t.object == hub) == INCOMING
    said = {t.predicate.value.rpartition("#")[2]: t.object.value for t in description.document if hasattr(t.object, "value")}
    assert "1,000 of the statements that point to" in said["comment"]
    assert said["seeAlso"].startswith(f"{BASE}sparql?query=SELECT%20")
    few = describe_thing(crowded, NamedNode(f"{BASE}id/few"), document)
    assert few is not None
    assert not [t for t in few.document if t.predicate.value.endswith(("comment", "seeAlso"))]
