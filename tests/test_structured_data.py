"""The JSON-LD block of a page: as programs that collect such blocks read it, it states exactly what the Turtle does."""

from __future__ import annotations

import json
import re
from collections import defaultdict

import pytest
from extruct.jsonld import JsonLdExtractor
from extruct.opengraph import OpenGraphExtractor
from flask.testing import FlaskClient
from page_kinds import PAGE_KINDS
from pyld import jsonld
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from lod.release import Release
from server.description import Description
from server.pages.structured_data import make_structured_data, write_structured_data

ENTITIES = [kind.path for kind in PAGE_KINDS if kind.path.startswith("/doc/") and kind.status == 200]
OTHERS = ["/doc/series", "/doc/area/010006", "/doc/edition/003/listing/L24/class", "/doc/agent/agency-for-cultural-affairs"]
THING = NamedNode("https://data.example.jp/id/x")
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
PREFIXES = {
    "schema": "https://schema.org/",
    "jle": "https://data.example.jp/ontology#",
    "urn": "https://urn.example/#",
    "prov": "http://www.w3.org/ns/prov#",
}


def refuse_to_load(url: str, _: object) -> None:
    raise AssertionError(f"{url} would have to be loaded")


def expand(data: object) -> set[Triple]:
    """The statements of JSON-LD, by a processor that is not ours and may load nothing."""
    text = jsonld.to_rdf(data, {"format": "application/n-quads", "documentLoader": refuse_to_load})
    return {quad.triple for quad in parse(str(text), format=RdfFormat.N_QUADS)}


def read_block(page: str) -> dict[str, object]:
    """The one block of a page, as extruct finds it."""
    (block,) = JsonLdExtractor().extract(page)
    assert isinstance(block, dict)
    return block


def read_turtle(client: FlaskClient, path: str) -> set[Triple]:
    return {quad.triple for quad in parse(client.get(f"{path}.ttl").data, format=RdfFormat.TURTLE)}


@pytest.mark.parametrize("path", [*ENTITIES, *OTHERS])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_page_of_each_kind_states_exactly_what_its_turtle_does(client: FlaskClient, path: str, language: str) -> None:
    page = client.get(path, query_string={"lang": language}, headers={"Accept": "text/html"}).text
    assert expand(read_block(page)) == read_turtle(client, path)


def test_every_government_is_the_first_thing_of_its_page_with_the_facts_of_its_turtle(
    client: FlaskClient, release: Release
) -> None:
    codes = {path.rpartition("/")[2] for path in re.findall(r'href="(/doc/gov/\d+)"', client.get("/").text)}
    assert len(codes) == release.manifest["counts"]["governments"]
    for code in sorted(codes):
        block = read_block(client.get(f"/doc/gov/{code}.html").text)
        first = block["@graph"][0]  # type: ignore[index]
        assert first["@id"] == f"{release.iris.base}id/gov/{code}"
        assert first["@type"] == "GovernmentOrganization"
        assert {name["@language"] for name in first["name"]} == {"en", "ja"}
        assert expand(block) == read_turtle(client, f"/doc/gov/{code}"), code


def test_terms_of_schema_org_are_plain_keys_with_plain_values(client: FlaskClient) -> None:
    block = read_block(client.get("/doc/gov/122173.html").text)
    assert block["@context"]["@vocab"] == "https://schema.org/"  # type: ignore[index]
    nodes = {node["@id"]: node for node in block["@graph"]}  # type: ignore[attr-defined]
    contact = nodes["http://localhost:8000/id/edition/003/listing/L24/contact/1"]
    assert (contact["@type"], contact["email"]) == ("ContactPoint", "info-kysk@city.kashiwa.chiba.jp")
    place = read_block(client.get("/doc/area/122173.html").text)
    (position,) = [node for node in place["@graph"] if node.get("@type") == "GeoCoordinates"]  # type: ignore[attr-defined]
    assert re.fullmatch(r"\d+\.\d+", position["latitude"])


def describe(*facts: tuple[object, object]) -> Description:
    triples = frozenset(Triple(THING, predicate, value) for predicate, value in facts)  # type: ignore[arg-type]
    return Description(THING, (), triples, frozenset())


SCHEMA_NAME = NamedNode("https://schema.org/name")
PROV_USED = NamedNode("http://www.w3.org/ns/prov#used")
HOSTILE: list[list[tuple[object, object]]] = [
    [(SCHEMA_NAME, Literal("</script><script>alert(1)</script><!-- ]]> & ' \" \u2028"))],
    [(SCHEMA_NAME, Literal("x", language="en")), (SCHEMA_NAME, Literal("x")), (SCHEMA_NAME, NamedNode("https://x.example/"))],
    [(NamedNode("https://schema.org/prov"), Literal("a term named like a prefix")), (PROV_USED, Literal("1"))],
    [(PROV_USED, NamedNode("prov:used"))],  # an IRI whose scheme is a prefix
    [(PROV_USED, NamedNode("urn:x:y")), (NamedNode("https://urn.example/#z"), Literal("1"))],
    [(PROV_USED, BlankNode("b")), (PROV_USED, Literal("7", datatype=NamedNode(f"{XSD}integer")))],
    [(NamedNode("https://schema.org/a/b"), Literal("1")), (NamedNode("https://schema.org/"), Literal("2"))],
    [(NamedNode("https://schema.org/@id"), Literal("1")), (NamedNode("https://x.example/é"), Literal("2"))],
    [(NamedNode("https://schema.org/latitude"), Literal("035.0", datatype=NamedNode(f"{XSD}decimal")))],
    [(RDF_TYPE, NamedNode("https://schema.org/City")), (RDF_TYPE, NamedNode("https://x.example/C"))],
    [(RDF_TYPE, Literal("no class")), (RDF_TYPE, NamedNode("https://schema.org/City"))],
    [(NamedNode("urn:p"), NamedNode("mailto:a@b.example")), (NamedNode("urn:p"), Literal("@id"))],
]


@pytest.mark.parametrize("facts", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_the_data_are_the_block_states_them_and_ends_where_it_should(facts: list[tuple[object, object]]) -> None:
    description = describe(*facts)
    data = make_structured_data(description, PREFIXES)
    stated = {(t.predicate, t.object if not isinstance(t.object, BlankNode) else "blank") for t in expand(data)}
    assert stated == {(p, "blank" if isinstance(o, BlankNode) else o) for p, o in facts}
    assert not {"urn"} & set(data["@context"]) or not any("urn:" in str(o) for _, o in facts)


def test_nothing_in_the_data_can_end_the_block(client: FlaskClient) -> None:
    class Named:
        vocabulary = PREFIXES

    text = str(write_structured_data(Named(), describe(*HOSTILE[0])))  # type: ignore[arg-type]
    assert not set("<>&'") & set(text)
    page = f'<html><script type="application/ld+json">{text}</script></html>'
    assert read_block(page) == json.loads(text) == make_structured_data(describe(*HOSTILE[0]), PREFIXES)


def test_a_block_stays_light_and_keeps_the_facts_of_its_topic() -> None:
    about = [(NamedNode("https://schema.org/value"), Literal(str(n))) for n in range(1_500)]
    pointing = {Triple(NamedNode(f"https://data.example.jp/id/{n}"), PROV_USED, THING) for n in range(1_500)}
    whole = describe(*about)
    description = Description(THING, (), whole.facts | pointing, frozenset({Triple(NamedNode("urn:d"), PROV_USED, THING)}))
    stated = expand(make_structured_data(description, PREFIXES))
    assert whole.facts | description.document <= stated <= description.triples
    assert len(stated) == 2_001


@pytest.mark.parametrize(("language", "locale", "other"), [("en", "en_US", "ja_JP"), ("ja", "ja_JP", "en_US")])
def test_what_is_shown_where_a_page_is_shared(client: FlaskClient, language: str, locale: str, other: str) -> None:
    """The four that https://ogp.me/ requires, and in which languages there is more; each page says what it alone is about."""
    told = defaultdict(list)
    for path in ("/", "/quality", "/doc/gov/122173", "/doc/gov/011002"):
        page = client.get(path, query_string={"lang": language}, headers={"Accept": "text/html"}).text
        ((found),) = OpenGraphExtractor().extract(page)
        graph = dict(found["properties"])
        assert graph["og:url"] == f"http://localhost:8000{path}?lang={language}"
        assert (graph["og:type"], graph["og:locale"], graph["og:locale:alternate"]) == ("website", locale, other)
        assert re.search(rf"<title>{re.escape(graph['og:title'])} · Madoguchi</title>", page)
        assert f'<meta name="description" content="{graph["og:description"]}">' in page
        told[graph["og:description"]].append(path)
        image = client.get(graph["og:image"].removeprefix("http://localhost:8000"))
        assert image.mimetype == "image/png"
        assert image.data[:8] == b"\x89PNG\r\n\x1a\n"
        size = (int.from_bytes(image.data[16:20], "big"), int.from_bytes(image.data[20:24], "big"))
        assert size == (int(graph["og:image:width"]), int(graph["og:image:height"])) == (1200, 630)
        assert "immutable" in image.headers["Cache-Control"]
    assert all(len(paths) == 1 for paths in told.values())
    japanese = re.compile("[\u3041-\u30fa]")
    assert all(bool(japanese.search(text)) == (language == "ja") for text in told)


def test_the_block_is_of_the_page_and_not_of_errors(client: FlaskClient) -> None:
    for path in ("/doc/gov/999999", "/nowhere"):
        page = client.get(path, headers={"Accept": "text/html"}).text
        assert "ld+json" not in page
        assert not re.search(r'<link rel="canonical|hreflang="x-default|property="og:', page)


def test_pages_with_their_block_are_sent_in_little(client: FlaskClient) -> None:
    """The heaviest, that of Hokkaido with its 180 places, too."""
    sent = client.get("/doc/area/010006", headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    assert sent.headers["Content-Encoding"] == "gzip"
    assert len(sent.data) < 30_000
