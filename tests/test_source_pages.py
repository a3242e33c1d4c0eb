"""The documents line by line: verbatim, what each line became, and what it states."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from lod.release import Release
from server.pages.passages import DocumentText, Passage, want_email, want_url, want_words

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NUMBERS = ("000", "001", "002", "003", "004")
LIMIT = 100_000  # bytes of a page


class DocumentReader(HTMLParser):
    """Reads the lines of a document from its page."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self.links: dict[str, list[str]] = {}
        self.words: dict[str, str] = {}
        self._line = ""
        self._is_text = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "li" and (given.get("id") or "").startswith("L"):
            self._line = str(given["id"])
            self.kinds[self._line] = str(given["class"]).removeprefix("is-")
            self.lines[self._line], self.links[self._line], self.words[self._line] = "", [], ""
        elif tag == "a" and self._line:
            self.links[self._line].append(str(given["href"]))
        elif tag == "code":
            self._is_text = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "code":
            self._is_text = False
        elif tag == "li":
            self._line = ""

    def handle_data(self, data: str) -> None:
        if self._line:
            target = self.lines if self._is_text else self.words
            target[self._line] += data


def read_document(client: FlaskClient, number: str, language: str = "en") -> DocumentReader:
    response = client.get(f"/source/{number}", headers={**HTML, "Accept-Language": language})
    assert response.content_type == "text/html; charset=utf-8"
    assert len(response.data) < LIMIT
    reader = DocumentReader()
    reader.feed(response.text)
    return reader


def ask(client: FlaskClient, query: str) -> set[tuple[str, ...]]:
    prefixes = "PREFIX graph: <graph/> PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX dcterms: <http://purl.org/dc/terms/> "
    answer = client.post(
        "/sparql", data={"query": prefixes + query}, headers={"Accept": "application/sparql-results+json"}
    ).json
    assert answer is not None
    names = answer["head"]["vars"]
    return {tuple(row[name]["value"] for name in names) for row in answer["results"]["bindings"]}


@pytest.fixture(scope="module")
def pages(client: FlaskClient, release: Release) -> dict[tuple[str, str], str]:
    """What the page of every line says, by document and line."""
    return {
        (number, str(line)): client.get(f"/source/{number}/{line}", headers=HTML).text
        for number in NUMBERS
        for line in range(1, len(release.read_bytes(f"source/{number}.txt").decode().split("\n")) + 1)
    }


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("number", NUMBERS)
def test_every_line_is_verbatim_and_says_what_it_became(
    client: FlaskClient, release: Release, number: str, language: str
) -> None:
    page = read_document(client, number, language)
    lines = release.read_bytes(f"source/{number}.txt").decode().split("\n")
    assert page.lines == {f"L{n}": line for n, line in enumerate(lines, 1)}
    asked = f"SELECT ?n ?kind ?word {{ GRAPH graph:source\\/{number} {{ ?row jle:sourceLine ?n ; jle:lineKind ?kind }} "
    stated = ask(client, f'{asked} GRAPH graph:ontology {{ ?kind skos:prefLabel ?word FILTER(LANG(?word) = "{language}") }} }}')
    assert {(n.removeprefix("L"), kind) for n, kind in page.kinds.items()} == {(n, k.rpartition("#")[2]) for n, k, _ in stated}
    assert all(word in page.words[f"L{n}"] for n, _, word in stated), "not by its colour alone"


def test_every_line_can_be_linked_to_and_leads_to_its_facts(client: FlaskClient) -> None:
    for number in NUMBERS:
        page = read_document(client, number)
        for name, links in page.links.items():
            assert links[0] == f"#{name}"
            assert links[1:] in ([], [f"/source/{number}/{name[1:]}"])
            assert links[1:] or page.kinds[name] in ("HeadingLine", "HeaderLine", "NoteLine", "BlankLine")


def test_the_pages_of_the_lines_show_every_email_and_class_link_where_it_is_stated(
    client: FlaskClient, pages: dict[tuple[str, str], str]
) -> None:
    shown = {(*at, address) for at, page in pages.items() for address in re.findall(r'href="mailto:([^"]+)"', page)}
    where = "GRAPH ?g { ?thing jle:sourceLine ?line ; %s ?value } ?edition void:subset ?g ; dcterms:identifier ?number"
    assert shown == ask(client, f"SELECT ?number ?line ?value {{ {where % 'schema:email'} }}")
    stated = ask(client, f"SELECT ?number ?line ?value {{ {where % 'schema:serviceUrl'} }}")
    assert stated
    text = {at: page.replace("&amp;", "&") for at, page in pages.items()}
    assert {(n, line, value) for n, line, value in stated if f'href="{value}"' not in text[n, line]} == set()


def test_the_pages_of_the_lines_show_all_their_issues(client: FlaskClient, pages: dict[tuple[str, str], str]) -> None:
    own = {(*at, path) for at, page in pages.items() for path in list_issues(page.partition("This line is evidence")[0])}
    where = "GRAPH graph:quality { ?issue jle:inEdition ?edition ; jle:sourceLine ?line } ?edition dcterms:identifier ?number"
    stated = ask(client, f"SELECT ?number ?line ?issue {{ {where} }}")
    assert own == {(number, line, issue.rpartition("/id/")[2]) for number, line, issue in stated}


def list_issues(page: str) -> list[str]:
    return re.findall(r'href="/doc/(edition/\d+/issue/\d+)"', page)


def test_a_suggestion_is_no_fact_and_shows_its_evidence(pages: dict[tuple[str, str], str]) -> None:
    page = pages["002", "168"]
    assert "Suggested, not a fact" in page
    assert 'href="/source/004#L18"' in page
    assert list_issues(pages["004", "18"]), "and the evidence says what for"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/plain", "text/plain"),
        ("*/*", "text/plain"),
        ("", "text/plain"),
        ("text/turtle", "text/plain"),
        ("text/plain;q=0.5, text/html", "text/html"),
    ],
)
def test_browsers_get_the_page_and_others_the_text(client: FlaskClient, release: Release, accept: str, media_type: str) -> None:
    response = client.get("/source/003", headers={"Accept": accept}, buffered=True)
    assert response.mimetype == media_type
    assert "Accept" in response.vary
    if media_type == "text/plain":
        assert response.data == release.read_bytes("source/003.txt")
        assert response.headers["Content-Location"] == "/source/003.txt"


def test_the_address_with_a_suffix_is_the_text_for_everybody(client: FlaskClient, release: Release) -> None:
    assert client.get("/source/003.txt", headers=HTML, buffered=True).data == release.read_bytes("source/003.txt")
    assert client.get("/source/003?format=txt", headers=HTML, buffered=True).mimetype == "text/plain"
    assert client.get("/source/003?format=html").mimetype == "text/html"


@pytest.mark.parametrize("path", ["/source/003/0", "/source/003/82", "/source/003/x", "/source/009/1", "/source/009"])
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers=HTML).status_code == 404


def test_an_unknown_line_is_told_in_the_language_of_the_page(client: FlaskClient) -> None:
    asked = {lang: client.get("/source/003/99", headers={**HTML, "Accept-Language": lang}).text for lang in ("en", "ja")}
    assert "its last one is 81" in asked["en"]
    assert "最後の行は 81 行目です" in asked["ja"]


def test_under_a_prefix_the_links_are_under_it_too(client: FlaskClient) -> None:
    for path in ("/source/003", "/source/003/24"):
        page = client.get(path, headers=HTML, environ_overrides={"SCRIPT_NAME": "/lod"}).text
        assert [a for a in re.findall(r'(?:href|action)="(/[^"]*)"', page) if not a.startswith("/lod/")] == []


def test_the_row_keeps_its_page_and_is_linked(client: FlaskClient, pages: dict[tuple[str, str], str]) -> None:
    assert 'href="/doc/edition/003/row/L24"' in pages["003", "24"]
    assert client.get("/id/edition/003/row/L24").headers["Location"].endswith("/doc/edition/003/row/L24")


def test_values_are_found_as_they_are_and_no_longer_ones() -> None:
    text = DocumentText(("A Division,", "Planning Department b[at]x.jp http://x.jp/a?b&amp;c", "http://x.jp/abc ab@x.jp"))
    every = (1, 2, 3)
    assert text.find(want_words("A Division, Planning Department"), every) == [Passage(1, 0, 11), Passage(2, 0, 19)]
    assert text.find(want_words("A Division, Planning Department"), (1,)) == []
    assert text.find(want_words("A Div"), every) == []
    assert text.find(want_email("b@x.jp"), every) == [Passage(2, 20, 29)]
    assert [text.read(p) for p in text.find(want_url("http://x.jp/a?b&c"), every)] == ["http://x.jp/a?b&amp;c"]
    assert text.find(want_url("http://x.jp/a"), every) == []
    assert [text.read(p) for p in text.find(want_url("http://x.jp/abc"), (3,))] == ["http://x.jp/abc"]
    assert text.find(want_email("b@x.jp"), (9,)) == [], "data that are not ours may name lines that there are not"
