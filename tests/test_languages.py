"""The pages in two languages: who gets which, the switch that stays, and that every text has its translation."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from conftest import ROOT
from flask.testing import FlaskClient

from server.language_choice import choose_language

PARTS = sorted(ROOT.glob("server/translations/*.po"))
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize(
    ("wanted", "cookie", "accepted", "language"),
    [
        (None, None, None, "en"),
        (None, None, "ja", "ja"),
        (None, None, "ja-JP,ja;q=0.9,en-US;q=0.8", "ja"),
        (None, None, "en-GB,en;q=0.9,ja;q=0.8", "en"),
        (None, None, "fr-FR,fr;q=0.9", "en"),
        (None, None, "fr,ja;q=0.5", "ja"),
        (None, None, "en;q=0,ja", "ja"),
        (None, None, ";;;q=,", "en"),
        (None, "language=ja", "en", "ja"),
        (None, "a=b; language=en", "ja", "en"),
        (None, "language=xx", "ja", "ja"),
        ("ja", "language=en", "en", "ja"),
        ("en", "language=ja", "ja", "en"),
        ("tlh", None, "ja", "ja"),
    ],
)
def test_the_address_decides_before_the_switch_and_that_before_the_browser(
    wanted: str | None, cookie: str | None, accepted: str | None, language: str
) -> None:
    assert choose_language(wanted, cookie, accepted) == language


def test_a_page_says_its_language_and_on_what_it_depends(client: FlaskClient) -> None:
    for language in ("en", "ja"):
        response = client.get("/doc/gov/122173", headers={**HTML, "Accept-Language": language})
        assert response.headers["Content-Language"] == language
        assert {"Accept", "Accept-Language", "Cookie"} <= set(response.vary)
        assert f'<html lang="{language}">' in response.text
    data = client.get("/doc/gov/122173.ttl", headers={"Accept-Language": "ja"})
    assert not {"Accept-Language", "Cookie"} & set(data.vary)


def test_the_switch_stays_and_leads_back(visitor: FlaskClient) -> None:
    switched = visitor.get("/language/ja?to=/doc/gov/122173%3Fpage=2")
    assert (switched.status_code, switched.headers["Location"]) == (303, "/doc/gov/122173?page=2")
    assert switched.headers["Cache-Control"] == "no-store"
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(switched.headers["Set-Cookie"].split("; "))
    page = visitor.get("/dumps/", headers={**HTML, "Accept-Language": "en"})
    assert page.headers["Content-Language"] == "ja"
    assert 'href="/language/en?to=%2Fdumps%2F"' in page.text


@pytest.mark.parametrize("path", ["/sparql", "/no/such/thing"])
def test_a_page_with_a_long_address_has_a_switch_that_the_server_reads(client: FlaskClient, path: str) -> None:
    page = client.get(path, query_string={"query": "ASK {} # " + "柏" * 600, "lang": "en"}, headers=HTML)
    found = re.search(r'class="switch" href="([^"]+)"', page.text)
    assert found
    address = unescape(found[1])
    assert len(address) < 7_000
    assert client.get(address, headers=HTML).headers["Content-Language"] == "ja"
    assert "to=" not in address


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "evil", "/a\r\nX: y", "/ a"])
def test_the_switch_leads_nowhere_else(client: FlaskClient, target: str) -> None:
    response = client.get("/language/ja", query_string={"to": target})
    assert response.status_code == 400
    assert "Set-Cookie" not in response.headers


def test_the_switch_knows_no_other_language(client: FlaskClient) -> None:
    assert client.get("/language/xx?to=/").status_code == 404


def list_messages() -> set[str]:
    """The English texts in the templates and in the code."""
    methods = [("templates/**.html", "jinja2"), ("**.py", "python")]
    options = {"templates/**.html": {"trimmed": "true"}}
    found = extract_from_dir(ROOT / "server", methods, options, keywords=KEYWORDS, comment_tags=())
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


def test_every_text_is_translated_once() -> None:
    translated: Counter[str] = Counter()
    for path in PARTS:
        with path.open("rb") as file:
            catalog = read_po(file, locale="ja", abort_invalid=True)
        for message in catalog:
            if message.id:
                one = message.id if isinstance(message.id, str) else message.id[0]
                text = message.string if isinstance(message.string, str) else message.string[0]
                translated[one] += 1
                assert text, f"{path.name}: {one} has no translation"
                assert not message.fuzzy, f"{path.name}: {one}"
                assert placeholders(one) == placeholders(text), f"{path.name}: {one}"
    messages = list_messages()
    assert {one for one, times in translated.items() if times > 1} == set(), "stand twice"
    assert messages - set(translated) == set(), "are not translated"
    assert set(translated) - messages == set(), "are used nowhere"


def placeholders(text: str) -> Counter[str]:
    return Counter(piece.partition(")")[0] for piece in text.split("%(")[1:])
