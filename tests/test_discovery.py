"""How machines find the site: sitemap, robots.txt, links in heads and headers, the search's description, and llms.txt."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.robotparser import RobotFileParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from page_kinds import PAGE_KINDS
from signposting import LinkRel
from signposting.linkheader import find_signposting_http_link
from signposting.linkset import Linkset, LinksetJSON, _parse_linkset, _parse_linkset_json
from small_data import write_small_data

from lod.foreign_data import make_data_release
from lod.release import Release
from server.app import create_app
from server.dataset import Dataset, load_dataset
from server.discovery import make_discovery_routes
from server.discovery_sitemap import write_sitemap
from server.links import Link, write_links

MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
HREFLANG = re.compile(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">')
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)">')
BASE = "http://localhost:8000/"
PARTS = tuple(f"{BASE}{path}" for path in ("releases/", "ontology/shapes/"))  # pages that a listed page has the list of


@pytest.fixture(scope="module")
def dataset(release: Release) -> Dataset:
    return load_dataset(release)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    files = write_small_data(tmp_path_factory.mktemp("files"))
    return create_app(make_data_release(tmp_path_factory.mktemp("data"), files)).test_client()


def read_sitemap(client: FlaskClient, address: str = "/sitemap.xml") -> Iterator[ET.Element]:
    """The entries of the sitemap and of its parts, each file held against the rules of the protocol."""
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    assert len(response.data) < 50_000_000
    root = ET.fromstring(response.data)
    assert len(root) <= 50_000
    if root.tag == f"{MAPS}sitemapindex":
        for entry in root:
            assert [child.tag for child in entry] == [f"{MAPS}loc", f"{MAPS}lastmod"]
            yield from read_sitemap(client, "/" + str(entry.findtext(f"{MAPS}loc")).removeprefix(BASE))
        return
    assert root.tag == f"{MAPS}urlset"
    yield from root


def read_addresses(client: FlaskClient) -> list[str]:
    return [str(entry.findtext(f"{MAPS}loc")) for entry in read_sitemap(client)]


def test_the_sitemap_follows_the_protocol(client: FlaskClient, release: Release) -> None:
    """https://www.sitemaps.org/protocol.html; and the versions in other languages, each with all, as search engines ask."""
    addresses = []
    for entry in read_sitemap(client):
        assert [child.tag for child in entry] == [f"{MAPS}loc", f"{MAPS}lastmod", LINK, LINK, LINK]
        address = str(entry.findtext(f"{MAPS}loc"))
        assert address.startswith(BASE)
        assert address.isascii()
        assert len(address) < 2_048
        moment = datetime.fromisoformat(str(entry.findtext(f"{MAPS}lastmod")))
        assert abs(moment - release.published) < timedelta(seconds=1)
        versions = {link.attrib["hreflang"]: link.attrib["href"] for link in entry.iter(LINK)}
        assert versions == {"en": f"{address}?lang=en", "ja": f"{address}?lang=ja", "x-default": address}
        addresses.append(address)
    assert len(addresses) == len(set(addresses))


def test_the_sitemap_has_every_thing_and_what_it_has_is_there(client: FlaskClient, dataset: Dataset) -> None:
    addresses = set(read_addresses(client))
    store = dataset.store
    things = {q.subject.value for q in store if q.subject.value.startswith(f"{BASE}id/") and "#" not in q.subject.value}
    assert {iri.replace("/id/", "/doc/", 1) for iri in things} == {a for a in addresses if a.startswith(f"{BASE}doc/")}
    assert {g.value for g in store.named_graphs()} == {a for a in addresses if re.search("/graph/.", a)}
    assert {f"{BASE}source/{number}" for number in dataset.release.manifest["editions"]} <= addresses
    assert {f"{BASE}source/003/24", f"{BASE}ontology/vocabularies/schema"} <= addresses
    kinds = {BASE + kind.path[1:] for kind in PAGE_KINDS if kind.status == 200 and "?" not in kind.path}
    assert {address for address in kinds if not address.startswith(PARTS)} <= addresses
    shapes = {re.sub(r"\d+", "0", a if "/unit/" not in a and "/org/" not in a else a[:30]): a for a in addresses}
    for address in {*shapes.values(), *(a for a in addresses if not re.search("/doc/|/source/.*/", a))}:
        response = client.get(address.removeprefix(BASE.rstrip("/")), headers={"Accept": "text/html, */*;q=0.1"})
        assert response.status_code == 200, address
        assert CANONICAL.findall(response.text) == ([address] if response.mimetype == "text/html" else []), address


def test_a_long_sitemap_has_an_index_of_its_parts(client: FlaskClient, dataset: Dataset) -> None:
    app = Flask("parts")
    app.register_blueprint(make_discovery_routes(dataset, size=1_000))
    parts = app.test_client()
    locations = [str(e.findtext(f"{MAPS}loc")) for e in ET.fromstring(parts.get("/sitemap.xml").data)]
    assert locations == [f"{BASE}sitemaps/{n}.xml" for n in range(1, len(locations) + 1)]
    sizes = [len(ET.fromstring(parts.get(f"/sitemaps/{n}.xml").data)) for n in range(1, len(locations) + 1)]
    assert set(sizes[:-1]) == {1_000}
    assert 0 < sizes[-1] <= 1_000
    fixed = {a for a in read_addresses(client) if re.fullmatch(rf"{BASE}(?!doc|graph/.|source|ontology/vocabularies/.).*", a)}
    assert set(read_addresses(parts)) == set(read_addresses(client)) - fixed  # which that application has not
    for number in (0, len(locations) + 1, 10**30):
        assert parts.get(f"/sitemaps/{number}.xml").status_code == 404
    app = Flask("whole")
    app.register_blueprint(make_discovery_routes(dataset, size=50_000))
    assert ET.fromstring(app.test_client().get("/sitemap.xml").data).tag == f"{MAPS}urlset"
    assert app.test_client().get("/sitemaps/1.xml").status_code == 404


def test_signs_of_xml_in_an_address_are_escaped() -> None:
    body = write_sitemap(
        "https://x.example/",
        ["describe?iri=https://x.example/%3Ca%3E&x='"],
        datetime.fromisoformat("2026-01-02T03:04:05.6+00:00"),
    )
    (entry,) = ET.fromstring(body)
    assert entry.findtext(f"{MAPS}loc") == "https://x.example/describe?iri=https://x.example/%3Ca%3E&x='"
    assert entry.findtext(f"{MAPS}lastmod") == "2026-01-02T03:04:05+00:00"
    assert b"&amp;lang=ja" in body


def test_what_crawlers_may_read(client: FlaskClient) -> None:
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert len(response.data) < 500_000  # RFC 9309, section 2.5
    robots = RobotFileParser()
    robots.parse(response.text.splitlines())
    assert robots.site_maps() == [f"{BASE}sitemap.xml"]
    closed = (
        "/sparql?query=ASK{}",
        "/search?q=x",
        "/search?kind=place",
        "/language/ja?to=/",
        "/describe?iri=x",
        "/suggest?q=x",
    )
    assert [path for path in closed if robots.can_fetch("any", path)] == []
    kept = (
        "/",
        "/sparql",
        "/search",
        "/id/gov/122173",
        "/doc/gov/122173.ttl",
        "/dumps/all.nq",
        "/static/style.css",
        "/llms.txt",
    )
    assert [path for path in (*kept, *read_addresses(client)) if not robots.can_fetch("any", path)] == []
    mounted = client.get("/robots.txt", environ_overrides={"SCRIPT_NAME": "/lod"}).text
    assert "Disallow: /lod/sparql?query=" in mounted


@pytest.mark.parametrize("kind", [kind for kind in PAGE_KINDS if kind.status == 200], ids=lambda kind: kind.name)
def test_every_page_says_by_which_address_it_is_known_and_its_languages(client: FlaskClient, kind: object) -> None:
    """An address in a language is its own canonical one, or its alternates would be ignored; filters make no other page."""
    path = kind.path  # type: ignore[attr-defined]
    for language in ("", "en", "ja"):
        asked = f"{path}{'&' if '?' in path else '?'}lang={language}" if language else path
        page = client.get(asked, headers={"Accept": "text/html"}).text
        ((_, english), (_, japanese), (_, own)) = versions = HREFLANG.findall(page)
        assert [name for name, _ in versions] == ["en", "ja", "x-default"]
        own = own.replace("&amp;", "&")
        assert CANONICAL.findall(page.replace("&amp;", "&")) == [
            f"{own}{'&' if '?' in own else '?'}lang={language}" if language else own
        ]
        assert own == BASE + (path if path.startswith("/changes?") else path.partition("?")[0]).removeprefix("/")
        for address in (english, japanese):
            assert address.replace("&amp;", "&").startswith(own)
        if kind.name not in ("table of results", "map of results"):  # type: ignore[attr-defined]
            shown = client.get(japanese.replace("&amp;", "&").removeprefix(BASE.rstrip("/")), headers={"Accept": "text/html"})
            assert (shown.status_code, '<html lang="ja">' in shown.text) == (200, True)


def test_the_canonical_address_is_the_same_in_header_and_head(client: FlaskClient) -> None:
    for path, canonical in (
        ("/doc/gov/122173", "doc/gov/122173"),
        ("/doc/gov/122173?lang=ja", "doc/gov/122173?lang=ja"),
        ("/doc/gov/122173.html?lang=ja&page=1", "doc/gov/122173?lang=ja"),
        ("/doc/gov/122173?lang=fr", "doc/gov/122173"),
        ("/doc/gov/122173.ttl?lang=ja", "doc/gov/122173"),
        ("/ontology.html?lang=en", "ontology?lang=en"),
    ):
        response = client.get(path, headers={"Accept": "text/html"})
        assert f'<{BASE}{canonical}>; rel="canonical"' in response.headers["Link"]
        if response.mimetype == "text/html":
            assert CANONICAL.findall(response.text) == [BASE + canonical]


ENTITIES = [k.path for k in PAGE_KINDS if k.status == 200 and re.match("/(?:doc/|ontology$|graph/)", k.path)]


@pytest.mark.parametrize("path", ENTITIES)
def test_pages_have_what_fair_signposting_asks_of_a_landing_page(client: FlaskClient, path: str) -> None:
    """Level 1 of https://signposting.org/FAIR/, read by the program that others read it with."""
    response = client.get(path, headers={"Accept": "text/html"})
    assert len(response.headers["Link"]) < 2_000
    page = BASE + path[1:]
    found = find_signposting_http_link([response.headers["Link"]], page).for_context(page)
    name = path.replace("/doc/", "/id/", 1)[1:]
    assert found.citeAs is not None
    assert found.citeAs.target == BASE + name
    assert "https://schema.org/AboutPage" in {signpost.target for signpost in found.types}
    typed = {str(s.type): s.target for s in found.describedBy if s.type}
    assert {"text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml"} <= set(typed)
    for media_type, address in typed.items():
        answer = client.get(address.removeprefix(BASE.rstrip("/")))
        assert (answer.status_code, answer.mimetype) == (200, media_type)
        back = find_signposting_http_link([answer.headers["Link"]], address)
        assert [s.target for s in back.signposts if s.rel == LinkRel.describes] == [page]
    whole = {s.target for s in found.signposts if s.rel == LinkRel.collection}
    assert whole == (set() if path == "/doc/dataset" else {f"{BASE}doc/dataset"})


def test_a_data_set_links_to_its_files_and_to_all_its_links(client: FlaskClient, release: Release) -> None:
    """Level 2: the header has some, the link set all (RFC 9264); both of its forms say the same."""
    page = f"{BASE}doc/dataset"
    header = client.get("/doc/dataset", headers={"Accept": "text/html"}).headers["Link"]
    found = find_signposting_http_link([header], page).for_context(page)
    assert len(header) < 2_000
    assert {str(s.type) for s in found.linksets} == {"application/linkset+json", "application/linkset"}
    sets = {}
    for signpost in found.linksets:
        response = client.get(signpost.target.removeprefix(BASE.rstrip("/")))
        assert response.mimetype == str(signpost.type)
        read, kind = (_parse_linkset_json, LinksetJSON) if "json" in response.mimetype else (_parse_linkset, Linkset)
        parsed = read(kind(response.text, response.mimetype, signpost.target, signpost.target))
        sets[response.mimetype] = {(s.context, str(s.rel).lower(), s.target, str(s.type)) for s in parsed.signposts}
    listed = sets["application/linkset+json"]
    assert listed == sets["application/linkset"]
    query = f"SELECT ?file {{ GRAPH ?g {{ <{BASE}id/dataset> dcat:distribution/dcat:downloadURL ?file }} }}"
    rows = client.get("/sparql", query_string={"query": query, "format": "json"}).json["results"]["bindings"]
    items = {target for context, rel, target, _ in listed if (context, rel) == (page, "item")}
    assert items == {row["file"]["value"] for row in rows}
    assert {s.target for s in found.items} < items
    assert {context for context, rel, target, _ in listed if (rel, target) == ("collection", page)} == items
    assert {(page, "cite-as", f"{BASE}id/dataset", "None")} <= listed
    for path in ("/linkset/gov/122173.json", "/linkset/nothing.txt", "/linkset/dataset.xml", "/linkset/%3Cx%3E.json"):
        assert client.get(path).status_code == 404


def test_links_to_one_target_stand_together_and_the_header_is_bounded() -> None:
    links = [
        Link("alternate", "/a", "text/turtle"),
        Link("describedby", "/a", "text/turtle"),
        Link("type", "/a"),
        Link("x", "/a", anchor="/b"),
    ]
    assert (
        write_links(links)
        == '</a>; rel="alternate describedby"; type="text/turtle", </a>; rel="type", </a>; rel="x"; anchor="/b"'
    )
    assert len(write_links(Link("item", f"/{n}") for n in range(1_000))) <= 2_000


def test_the_description_of_the_search_leads_to_results(client: FlaskClient) -> None:
    """OpenSearch 1.1, draft 6: the lengths that it allows, and templates that answer when they are filled in."""
    response = client.get("/opensearch.xml")
    assert response.mimetype == "application/opensearchdescription+xml"
    root = ET.fromstring(response.data)
    assert root.tag == f"{SEARCH}OpenSearchDescription"
    texts = {name: str(root.findtext(SEARCH + name)) for name in ("ShortName", "Description", "Tags")}
    assert all(len(texts[name]) <= most for name, most in (("ShortName", 16), ("Description", 1_024), ("Tags", 256)))
    found = {}
    for url in root.iter(f"{SEARCH}Url"):
        template = url.attrib["template"]
        assert template.startswith(BASE)
        for count in ("", "1"):
            filled = template.replace("{searchTerms}", "%E6%9F%8F").replace("{startPage?}", count).replace("{count?}", count)
            assert "{" not in filled
            answer = client.get(filled.removeprefix(BASE.rstrip("/")), headers={"Accept": url.attrib["type"]})
            assert (answer.status_code, answer.mimetype) == (200, url.attrib["type"])
        found[url.attrib["type"]] = answer
    assert found["application/json"].json["hits"][0]["code"] == "122173"
    image = client.get(str(root.findtext(f"{SEARCH}Image")).removeprefix(BASE.rstrip("/")))
    assert image.mimetype == "image/svg+xml"
    assert 'rel="search" href="/opensearch.xml"' in client.get("/").text


def test_suggestions_are_names_with_their_pages(client: FlaskClient) -> None:
    response = client.get("/suggest?q=kashiwa")
    question, names, told, addresses = json.loads(response.data)
    assert (question, names[0], addresses[0]) == ("kashiwa", "Kashiwa City", f"{BASE}id/gov/122173")
    assert len(names) == len(told) == len(addresses) <= 10
    assert json.loads(client.get("/suggest?q=かしわ&lang=ja").data)[1][0] == "柏市"
    assert json.loads(client.get("/suggest?q=zzzzzzzz").data)[1] == []
    assert client.get("/suggest").status_code == 400


def test_the_guide_for_language_models_is_right(client: FlaskClient, release: Release) -> None:
    """https://llmstxt.org/: a heading, a summary as a quotation, and lists of links under headings; each link answers."""
    response = client.get("/llms.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert len(response.data) < 16_000
    lines = response.text.splitlines()
    assert lines[0] == "# Madoguchi"
    assert lines[2].startswith("> ")
    assert release.summary in lines[2]
    assert release.id in response.text
    links = re.findall(r"^- \[[^\]]+\]\((\S+)\)(?:: .+)?$", response.text, re.MULTILINE)
    assert len(links) == len([line for line in lines if line.startswith("- ")]) > 20
    for link in links:
        assert link.startswith(BASE)
        answer = client.get(link.removeprefix(BASE.rstrip("/")), headers={"Accept": "application/json, text/turtle, */*;q=0.1"})
        assert answer.status_code in (200, 303), link
        answer.close()
    for name, facts in release.manifest["graphs"].items():
        if name not in ("default", "release"):
            assert re.search(rf"/graph/{name}\)[^\n]*{facts['triples']:,} triples", response.text), name


@pytest.mark.parametrize(
    "path", ["/robots.txt", "/sitemap.xml", "/sitemaps/1.xml", "/llms.txt", "/opensearch.xml", "/linkset/dataset.json"]
)
def test_they_are_sent_like_everything_else(client: FlaskClient, path: str) -> None:
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", whole.headers["ETag"])
    assert client.get(path, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    assert whole.headers["Cache-Control"] == "public, max-age=300"
    assert client.post(path).status_code == 405


def test_of_other_data_there_is_what_they_have(foreign: FlaskClient) -> None:
    base = "https://data.example.org/"
    addresses = [str(e.findtext(f"{MAPS}loc")) for e in ET.fromstring(foreign.get("/sitemap.xml").data)]
    assert {f"{base}{path}" for path in ("", "dumps/", "graph/", "sparql", "doc/thing", "graph/old")} <= set(addresses)
    robots = RobotFileParser()
    robots.parse(foreign.get("/robots.txt").text.splitlines())
    for address in addresses:
        path = address.removeprefix(base.rstrip("/"))
        assert foreign.get(path, headers={"Accept": "text/html"}).status_code == 200, address
        assert robots.can_fetch("any", path)
    for path in ("/opensearch.xml", "/suggest?q=x", "/linkset/thing.json", "/sitemaps/1.xml"):
        assert foreign.get(path).status_code == 404
    home = foreign.get("/", headers={"Accept": "text/html"}).text
    assert 'rel="search"' not in home
    assert CANONICAL.findall(home) == [base]
    assert "[" not in re.sub(r"\[[^\]]*\]\(\S+\)", "", foreign.get("/llms.txt").text)


def test_addresses_are_absolute_under_the_base_iri_wherever_the_site_is_mounted(release_elsewhere: Release) -> None:
    base = release_elsewhere.iris.base
    client = create_app(release_elsewhere).test_client()
    for path in ("/quality", "/doc/gov/122173", "/"):
        page = client.get(path, headers={"Accept": "text/html"}, environ_overrides={"SCRIPT_NAME": "/lod"}).text
        assert CANONICAL.findall(page) == [base + path[1:]]
        assert {address for _, address in HREFLANG.findall(page)} == {base + path[1:] + q for q in ("", "?lang=en", "?lang=ja")}
        assert f'<meta property="og:image" content="{base}static/share.png?v=' in page
        assert 'rel="search" href="/lod/opensearch.xml"' in page
    texts = [
        client.get(p, environ_overrides={"SCRIPT_NAME": "/lod"}).text for p in ("/sitemap.xml", "/llms.txt", "/opensearch.xml")
    ]
    assert not any("localhost" in text for text in texts)
    assert all(base in text for text in texts)
