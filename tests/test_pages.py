"""The pages for people: what they show, in which language, and that nothing in them can do harm."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from lod.release import Release

PAGES = (
    "/",
    "/doc/gov/122173",
    "/doc/gov/232114",
    "/doc/area/120006",
    "/doc/unit/122173/board-of-education-central-public-hall",
    "/doc/edition/003",
    "/doc/edition/003/listing/L24",
    "/doc/edition/003/listing/L24/contact/1",
    "/doc/edition/003/listing/L24/class/1",
    "/doc/edition/002/issue/30",
    "/doc/edition/002/row/L105",
    "/doc/catalog",
    "/doc/dataset",
    "/ontology",
    "/graph/quality",
    "/dumps/",
    "/sparql",
    "/sparql?query=SELECT * { ?s schema:name ?name } LIMIT 5",
    "/sparql?query=DESCRIBE gov:122173",
    "/sparql?query=ASK {}",
    "/nowhere",
)
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Outline(HTMLParser):
    """Reads a page and notes what the tests look at."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.mistakes: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.text_by_language: dict[str, str] = {}
        self.text_of_scripts = ""
        self.is_data = False
        self._languages: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.is_data = (tag, given.get("type")) == ("script", "application/ld+json")  # which nothing runs and nobody sees
        self.tags.append("data" if self.is_data else tag)
        self.mistakes += [f"{tag} {name}" for name in given if name.startswith("on") or name == "style"]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.ids += [str(given["id"])] if "id" in given else []
        self.addresses += [str(given[name]) for name in ("href", "src", "action") if name in given]
        if tag not in VOID:
            self.open.append(tag)
            self._languages.append(str(given.get("lang") or (self._languages[-1] if self._languages else "")))

    def handle_endtag(self, tag: str) -> None:
        self.is_data = False
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(f"</{tag}> at {self.getpos()}")
        self._languages.pop()

    def handle_data(self, data: str) -> None:
        if self.is_data:
            return
        if self.open and self.open[-1] in ("script", "style"):
            self.text_of_scripts += data
        language = self._languages[-1] if self._languages else ""
        self.text_by_language[language] = self.text_by_language.get(language, "") + data


def read_page(client: FlaskClient, path: str) -> Outline:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    outline = Outline()
    outline.feed(response.text)
    return outline


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_well_formed_and_loads_nothing_from_elsewhere(client: FlaskClient, path: str) -> None:
    page = read_page(client, path)
    assert page.mistakes == []
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert page.text_of_scripts == "", "no script stands in a page: the policy would not run it"
    assert page.tags.count("main") == page.tags.count("h1") == 1
    assert {"header", "nav", "footer"} <= set(page.tags)
    assert "#content" in page.addresses
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False)), page.headings


@pytest.mark.parametrize("path", PAGES)
def test_links_go_to_our_own_pages_or_to_safe_schemes(client: FlaskClient, path: str) -> None:
    for address in read_page(client, path).addresses:
        assert re.match(r"/|#|https?://|mailto:", address), address


@pytest.mark.parametrize("path", ["/", "/doc/gov/122173", "/doc/edition/003/listing/L24", "/ontology"])
def test_japanese_is_marked_as_japanese(client: FlaskClient, path: str) -> None:
    page = read_page(client, path)
    japanese = re.compile("[\u3041-\u30fa\u4e00-\u9fff]")
    assert japanese.search(page.text_by_language["ja"])
    assert not japanese.search(page.text_by_language["en"])


def test_the_home_page_links_every_government(client: FlaskClient, release: Release) -> None:
    page = read_page(client, "/")
    governments = {a for a in page.addresses if a.startswith("/doc/gov/")}
    assert len(governments) == release.manifest["counts"]["governments"]
    assert all(client.head(address).status_code == 200 for address in governments)
    assert "柏市" in page.text_by_language["ja"]


def test_the_counts_on_the_home_page_are_those_of_the_manifest(client: FlaskClient, release: Release) -> None:
    text = re.sub(r"<[^>]+>|\s+", " ", client.get("/").text)
    counts = release.manifest["counts"]
    for number, name in (
        (counts["governments"], "governments"),
        (sum(counts["listings"].values()), "listings"),
        (sum(counts["bodies"].values()), "bodies"),
    ):
        assert re.search(rf"\b{number}\s+{name}", text)


def test_a_listing_shows_its_lines_verbatim(client: FlaskClient, release: Release) -> None:
    lines = release.read_bytes("source/003.txt").decode().splitlines()
    shown = client.get("/doc/edition/003/listing/L24").text
    for number in (24, 25):
        text = lines[number - 1].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert f'<pre translate="no">{text}</pre>' in shown


def test_a_doubt_is_shown_as_a_doubt(client: FlaskClient, release: Release) -> None:
    query = "SELECT ?issue ?value WHERE { GRAPH graph:quality { ?issue jle:suggestedValue ?value } } LIMIT 1"
    rows = client.get("/sparql", query_string={"query": f"PREFIX graph: <graph/> {query}", "format": "json"}).json
    assert rows is not None
    row = rows["results"]["bindings"][0]
    page = client.get(row["issue"]["value"].replace(f"{release.iris.base}id/", "/doc/")).text
    assert "Probably meant" in page
    assert "a suggestion, not a fact" in page
    assert row["value"]["value"] in page


def test_alternates_are_linked_in_the_head(client: FlaskClient) -> None:
    page = client.get("/doc/gov/122173").text
    for suffix, media_type in (
        ("ttl", "text/turtle"),
        ("jsonld", "application/ld+json"),
        ("nt", "application/n-triples"),
        ("rdf", "application/rdf+xml"),
    ):
        assert re.search(
            rf'<link rel="alternate describedby" type="{re.escape(media_type)}" [^>]*href="/doc/gov/122173\.{suffix}">', page
        )


ATTACK = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)>\"'"


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/sparql", {"query": ATTACK}),
        ("/sparql", {"query": f'SELECT ("{ATTACK[:-2]}" AS ?x) WHERE {{}}'}),
        ("/sparql", {"query": f'SELECT ("{ATTACK[:-2]}"@en AS ?x) WHERE {{}} # {ATTACK}'}),
        ("/sparql", {"query": 'SELECT (IRI("javascript:alert(1)") AS ?x) WHERE {}'}),
        ("/sparql", {"query": "SELECT (<javascript:alert(1)> AS ?x) (<data:text/html,1> AS ?y) WHERE {}"}),
        ("/sparql", {"query": f'CONSTRUCT {{ <a:a> <a:b> "{ATTACK[:-2]}" }} WHERE {{}}'}),
        ("/sparql", {"query": "ASK {}", "format": ATTACK}),
        ("/sparql", {"query": "ASK {}", "default-graph-uri": ATTACK}),
        ("/doc/gov/122173", {"format": ATTACK}),
        (f"/doc/{ATTACK}", {}),
        (f"/id/{ATTACK}\r\nSet-Cookie: a=b", {}),
    ],
)
def test_what_a_client_sends_never_becomes_markup(client: FlaskClient, path: str, parameters: dict[str, str]) -> None:
    response = client.get(path, query_string=parameters, headers={"Accept": "text/html"})
    assert response.status_code in (200, 400, 404)
    page = Outline()
    page.feed(response.text)
    assert page.mistakes == []
    assert page.tags.count("script") == 1 + ("editor.js" in response.text), "that of the site, and the editor"
    assert page.text_of_scripts == ""
    assert "img" not in page.tags
    assert not [a for a in page.addresses if a.startswith(("javascript:", "data:"))]
    assert "Set-Cookie" not in response.headers


def test_a_long_result_is_shown_in_part_and_says_so(client: FlaskClient) -> None:
    page = client.get("/sparql", query_string={"query": "SELECT * { ?s a schema:City }"}, headers={"Accept": "text/html"}).text
    assert "1,747 rows; the first 100 are shown" in page
