"""Errors as pages that help: what was asked, what is near, how to go on, in the reader's language."""

from __future__ import annotations

import time
from html import unescape

import pytest
from flask.testing import FlaskClient
from test_pages import Outline
from werkzeug import exceptions

from lod.release import Release
from server.app import create_app
from server.pages.nearby import Neighbourhood, list_words
from server.problems import make_problem, write_problem
from server.representations import HTML, TABLE, NothingAcceptable

PAGES = ("/", "/search", "/quality", "/changes", "/sparql", "/ontology", "/dumps/")


def read(client: FlaskClient, path: str, status: int, language: str = "en", **arguments: object) -> Outline:
    headers = {"Accept": "text/html", "Accept-Language": language}
    response = client.open(path, headers=headers, **arguments)  # type: ignore[arg-type]
    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert response.headers["Content-Language"] == language
    page = Outline()
    page.feed(response.text)
    assert (page.mistakes, page.open) == ([], [])
    return page


@pytest.fixture(scope="module")
def neighbourhood(client: FlaskClient) -> Neighbourhood:
    return Neighbourhood(client.application.extensions["endpoint"].dataset, PAGES)


NEAR = [  # what was asked for, and what comes first
    ("doc/gov/12217", ["doc/gov/122173"]),
    ("doc/gov/122178.ttl", ["doc/gov/122173"]),
    ("id/gov/012025", []),
    ("doc/gov/082210", ["doc/area/082210"]),
    ("doc/area/122178", ["doc/gov/122173", "doc/area/122173"]),
    ("doc/unit/122173/diversity-relation-promotion", ["doc/unit/122173/diversity-relations-promotion-division"]),
    ("doc/org/chiba-city-internationl-association", ["doc/org/chiba-city-international-association"]),
    ("doc/edition/003/listing/L25", ["doc/edition/003/listing/L24", "doc/edition/003/listing/L26"]),
    ("doc/edition/003/row/L2000", ["doc/edition/003/row/L81"]),
    ("doc/edition/002/issue/900", ["doc/edition/002/issue/161"]),
    ("edition/3", ["doc/edition/003"]),
    ("doc/edition/009", ["doc/edition/003", "doc/edition/004"]),
    ("dumps/curent.ttl", ["dumps/current.ttl"]),
    ("graph/qualty", ["graph/quality"]),
    ("ontology/Listing", ["ontology#Listing"]),
    ("serach", ["search"]),
    ("kashiwa", ["doc/gov/122173"]),
    ("Kashiwa-shi", ["doc/gov/122173"]),
    ("柏市", ["doc/gov/122173"]),
    ("かしわし", ["doc/gov/122173"]),
    ("zzzzzz", []),
]


@pytest.mark.parametrize(("asked", "first"), NEAR, ids=[asked for asked, _ in NEAR])
def test_what_is_near_comes_first(neighbourhood: Neighbourhood, client: FlaskClient, asked: str, first: list[str]) -> None:
    found = [near.path for near in neighbourhood.find(asked)]
    assert found[: len(first)] == first
    assert first or not found or asked == "id/gov/012025"
    assert asked not in found
    there = [path for path in found if path.partition("/")[0] not in ("search", "quality", "changes")]
    assert [client.head(f"/{path}").status_code for path in there] == [200] * len(there)


@pytest.mark.parametrize(
    "asked", ["a" * 7000, "1234567/" * 900, "e/" * 3000, "doc/gov/\x00\xff", "柏" * 2000, "edition/" * 900]
)
def test_nobody_can_make_the_search_take_long(neighbourhood: Neighbourhood, asked: str) -> None:
    neighbourhood.find(asked)
    start = time.process_time()
    found = neighbourhood.find(asked)
    assert time.process_time() - start < 0.02
    assert len(found) <= 6


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/doc/unit/122173/diversity-division.ttl", "122173 diversity division"),
        ("/doc/edition/003/listing/L25", ""),
        ("/doc/柏市", "柏市"),
        ("/a_b+c", "a b c"),
    ],
)
def test_the_search_box_is_filled_with_the_words_of_the_address(path: str, words: str) -> None:
    assert list_words(path) == words


@pytest.mark.parametrize(("language", "told"), [("en", "There is nothing here"), ("ja", "ページが見つかりません")])
def test_not_found_says_what_was_asked_what_is_near_and_how_to_go_on(client: FlaskClient, language: str, told: str) -> None:
    page = read(client, "/doc/gov/12217?x=1", 404, language)
    text = page.text_by_language[language]
    assert told in text
    assert "/doc/gov/12217?x=1" in text
    assert {"/doc/gov/122173", "/", "/dumps/", "/sparql", "/search"} <= set(page.addresses)
    assert "id/gov/12217" in page.text_by_language["en"]  # the sentence of the application, which is English


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/doc/gov/122173?format=docx", "GET", 400),
        ("/nowhere", "GET", 404),
        ("/doc/gov/122173", "DELETE", 405),
        ("/doc/gov/122173?x=" + "a" * 9000, "GET", 414),
        ("/nowhere", "BREW", 501),
    ],
)
def test_every_page_is_in_the_language_of_its_reader(client: FlaskClient, path: str, method: str, status: int) -> None:
    for language in ("en", "ja"):
        page = read(client, path, status, language, method=method)
        assert str(status) in page.text_by_language[language]
        japanese = any("\u3041" <= c <= "\u30fa" for c in page.text_by_language[language])
        assert japanese == (language == "ja")
        assert {"/", "/dumps/", "/sparql"} <= set(page.addresses)


def test_a_method_that_is_not_taken_is_told_which_are(client: FlaskClient) -> None:
    text = read(client, "/doc/gov/122173", 405, method="POST").text_by_language["en"]
    assert "POST /doc/gov/122173" in text
    assert "GET, HEAD, OPTIONS" in text


@pytest.fixture(scope="module")
def raiser(release: Release) -> FlaskClient:
    """A client of an application that raises what it is asked for."""
    app = create_app(release)
    errors = {
        "406": NothingAcceptable((HTML, TABLE)),
        "429": exceptions.TooManyRequests(retry_after=7),
        "503": exceptions.ServiceUnavailable(retry_after=7),
    }

    @app.get("/raise/<status>")
    def fail(status: str) -> str:
        raise errors[status]

    return app.test_client()


def test_what_cannot_be_had_in_a_format_is_linked_in_the_others(raiser: FlaskClient) -> None:
    page = read(raiser, "/raise/406?a=1&format=html", 406)
    assert {"/raise/406?a=1&format=text%2Fhtml", "/raise/406?a=1&format=text%2Fcsv"} <= set(page.addresses)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("status", [429, 503])
def test_who_must_wait_is_told_how_long(raiser: FlaskClient, language: str, status: int) -> None:
    page = read(raiser, f"/raise/{status}?a=b", status, language)
    assert "7" in page.text_by_language[language]
    assert f"/raise/{status}?a=b" in page.addresses


def test_what_was_asked_is_cut_and_never_becomes_markup(client: FlaskClient) -> None:
    asked = "/doc/</code><script>alert(1)</script>" + "x" * 2000
    response = client.get(asked, headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert "<script>alert" not in response.text
    main = unescape(response.text).partition("<main")[2]
    assert "x" * 100 in main
    assert "x" * 1000 not in main


@pytest.mark.parametrize("status", [405, 408, 413, 414, 429, 431, 500, 501, 503, 504])
def test_who_is_refused_before_the_application_gets_a_page_in_both_languages(status: int) -> None:
    response = write_problem(make_problem(status, "Not <b>now</b>."), "text/html,*/*;q=0.8", {"Retry-After": "7"})
    headers = dict(response.headers)
    assert (headers["Content-Type"], headers["Content-Language"]) == ("text/html; charset=utf-8", "en, ja")
    assert headers["Content-Length"] == str(len(response.body))
    page = Outline()
    page.feed(response.body.decode())
    assert (page.mistakes, page.open, page.headings) == ([], [], [1, 2])
    assert page.tags.count("b") == 0
    assert all("7" in page.text_by_language[language] for language in ("en", "ja"))
    assert page.addresses == ([""] if status in (408, 429, 500, 503, 504) else [])
