"""The search: what finds what, what is marked as a guess, and that nothing a client sends breaks it."""

from __future__ import annotations

import csv
import re
import time
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS
from flask.testing import FlaskClient
from small_data import write_small_data
from test_pages import Outline

from lod.foreign_data import make_data_release
from lod.release import Release
from server.app import create_app
from server.dataset import load_dataset
from server.pages.search_catalogue import Catalogue

HTML = {"Accept": "text/html"}
KASHIWA, OSAKA, OSAKA_CITY = "122173", "270008", "271004"


@pytest.fixture(scope="module")
def catalogue(release: Release) -> Catalogue:
    return Catalogue(load_dataset(release))


@pytest.fixture(scope="module")
def places() -> list[dict[str, str]]:
    with (SEEDS / "places.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def ask(client: FlaskClient, question: str, **parameters: object) -> dict[str, Any]:
    response = client.get("/search", query_string={"q": question, "format": "json", **parameters})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.get_json()
    return answer


def list_named(catalogue: Catalogue, question: str) -> set[str]:
    """The codes of the places that have just this name."""
    hits = catalogue.answer_question(question).hits
    return {h.entry.place.code for h in hits if h.entry.place and h.match in ("name", "sound")}


def get_page(client: FlaskClient, question: str, language: str = "en", **parameters: object) -> str:
    response = client.get("/search", query_string={"q": question, **parameters}, headers={**HTML, "Accept-Language": language})
    assert response.status_code == 200, response.text
    page = Outline()
    page.feed(response.text)
    assert (page.mistakes, page.open) == ([], [])
    assert len(page.ids) == len(set(page.ids))
    return response.text


@pytest.mark.parametrize("column", ["name_en", "name_ja", "kana", "lg_code"])
def test_every_place_is_found_by_each_of_its_names(catalogue: Catalogue, places: list[dict[str, str]], column: str) -> None:
    missing = [place[column] for place in places if place["lg_code"] not in list_named(catalogue, place[column])]
    assert missing == []


def spell_freely(place: dict[str, str]) -> Iterable[str]:
    """Spellings of one place that people use."""
    yield place["name_en"].upper()
    yield re.sub("[市区町村県府都]$", "", place["name_ja"])
    yield place["lg_code"][:5]
    yield "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in place["name_en"])
    yield "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in place["kana"])


def test_places_are_found_in_other_spellings(catalogue: Catalogue, places: list[dict[str, str]]) -> None:
    asked = [(place["lg_code"], spelling) for place in places[::9] for spelling in spell_freely(place)]
    assert [(code, text) for code, text in asked if code not in list_named(catalogue, text)] == []


@pytest.mark.parametrize(
    ("questions", "codes"),
    [
        (["Ōsaka", "Osaka", "Oosaka", "Ohsaka", "おおさか", "ｵｵｻｶ", "大阪", "ＯＳＡＫＡ"], {OSAKA, OSAKA_CITY}),
        (["Kōchi", "Kochi", "Kouchi", "Kohchi", "高知"], {"390003", "392014"}),
        (["Kashiwa", "Kashiwa City", "City of Kashiwa", "Kashiwa-shi", "kashiwashi", "柏市", "柏", "かしわ市"], {KASHIWA}),
        (["higashi osaka", "Higashi-Osaka", "higasiosaka", "東大阪"], {"272272"}),
        (["Shinjuku City", "Shinjuku Ward", "Shinjuku-ku", "新宿区"], {"131041"}),
        (["龍ケ崎", "龍ヶ崎市", "りゅうがさき", "Ryūgasaki"], {"082082"}),
        (["千葉県柏市", "kashiwa chiba", "柏 千葉", "Kashiwa, Chiba"], {KASHIWA}),
        (["府中", "Fuchu", "Fuchū"], {"132063", "342084", "343021"}),
    ],
)
def test_the_first_places_are_those_meant(catalogue: Catalogue, questions: list[str], codes: set[str]) -> None:
    for question in questions:
        hits = [hit.entry.place.code for hit in catalogue.answer_question(question).hits if hit.entry.place]
        assert set(hits[: len(codes)]) == codes, question


def test_a_place_has_todays_addresses_at_once(client: FlaskClient) -> None:
    hit = ask(client, "kashiwa")["hits"][0]
    assert hit["name"] == {"en": "Kashiwa City", "ja": "柏市", "ja-hrkt": "かしわし"}
    assert (hit["kind"], hit["code"], hit["page"], hit["match"]) == ("place", KASHIWA, f"/doc/gov/{KASHIWA}", "name")
    assert (hit["categories"], hit["editions"], hit["current"]) == (["CoreCity"], ["000", "002", "003"], True)
    assert [(e["email"], e["body"]["en"], e["current"]) for e in hit["emails"]] == [
        ("info-kysk@city.kashiwa.chiba.jp", "Diversity Relations Promotion Division", True),
        ("shido@city.kashiwa.chiba.jp", "Board of Education office City of Kashiwa", True),
    ]
    for language in ("en", "ja"):
        text = get_page(client, "柏", language)
        assert 'href="mailto:info-kysk@city.kashiwa.chiba.jp"' in text
        assert '<ruby>柏市<rp>(</rp><rt lang="ja-Hrkt">かしわし</rt>' in text


def test_a_place_without_a_listing_is_found_and_says_so(client: FlaskClient) -> None:
    (hit,) = ask(client, "Kashiwazaki")["hits"]
    assert (hit["page"], hit["editions"], hit["emails"]) == ("/doc/area/152056", [], [])
    assert [within["name"]["en"] for within in hit["within"]] == ["Niigata Prefecture"]
    assert "None of the lists names this place." in get_page(client, "Kashiwazaki")
    assert "どの名簿にも掲載されていません" in get_page(client, "柏崎市", "ja")


@pytest.mark.parametrize("question", ["kashiwa education", "柏市教育委員会", "柏 教育委員会", "教育　柏", "Education, KASHIWA"])
def test_a_body_is_found_by_words_of_its_name_and_place_in_both_languages(client: FlaskClient, question: str) -> None:
    answer = ask(client, question, kind="bodies")
    assert answer["hits"][0]["name"] == {"en": "Board of Education office City of Kashiwa"}
    assert {hit["within"][0]["name"]["ja"] for hit in answer["hits"]} == {"柏市"}


def test_a_japanese_name_is_found_by_english_words(client: FlaskClient) -> None:
    names = [hit["name"] for hit in ask(client, "niigata international exchange association")["hits"]]
    assert {"ja": "公益財団法人新潟市国際交流協会"} in names


def test_every_body_is_found_by_its_name(catalogue: Catalogue) -> None:
    bodies = [entry for entry in catalogue.entries if entry.names]
    assert len(bodies) > 250
    missing = [b.text for b in bodies if b not in [h.entry for h in catalogue.answer_question(b.text).hits]]
    assert missing == []


def test_everything_that_an_edition_names_can_be_found(release: Release, catalogue: Catalogue) -> None:
    dataset = load_dataset(release)
    emails = {q.object.value.casefold() for q in dataset.quads(None, "schema:email")}
    assert {entry.text.casefold() for entry in catalogue.entries if entry.kind == "email"} == emails
    bodies = {q.object for name in ("jle:unitInCharge", "jle:relatedOrganization") for q in dataset.quads(None, name)}
    bodies |= {q.object for q in dataset.quads(None, "schema:serviceOperator")}
    assert {entry.iri for entry in catalogue.entries if entry.kind in ("department", "association")} == bodies


def test_every_address_of_every_edition_is_found_whole_and_in_part(catalogue: Catalogue) -> None:
    missing = []
    for entry in (e for e in catalogue.entries if e.group == "addresses"):
        local, _, host = entry.text.rpartition("@")
        for question in (entry.text, entry.text.upper(), host, entry.text[:-3], entry.text.replace("@", "[at]"), local or host):
            if entry not in [hit.entry for hit in catalogue.answer_question(question).hits]:
                missing.append((entry.text, question))
    assert missing == []


def test_the_past_says_that_it_is_past(client: FlaskClient) -> None:
    (hit,) = ask(client, "kyodosuishin@city.kashiwa.chiba.jp", kind="addresses")["hits"]
    assert (hit["current"], hit["editions"]) == (False, ["002"])
    text = get_page(client, "kyodosuishin@city.kashiwa.chiba.jp")
    assert "mailto:" not in text
    assert "of the past" in text
    assert re.search(
        r"Stands only in earlier editions:\s*<a href=\"/doc/edition/002/listing/L\d+\">edition 002, line \d+</a>", text
    )
    assert "以前の版だけに掲載" in get_page(client, "kyodosuishin@city.kashiwa.chiba.jp", "ja")


def test_today_comes_before_the_past(catalogue: Catalogue) -> None:
    for question in ("kashiwa", "education", "kokusai", "international"):
        hits = [h for h in catalogue.answer_question(question).hits if not h.entry.place and h.match != "name"]
        for group in ("bodies", "addresses"):
            currents = [h.entry.is_current for h in hits if h.entry.group == group]
            assert currents == sorted(currents, reverse=True), question


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("Kashwia", "Kashiwa City"),
        ("Ohita", "Oita Prefecture"),
        ("札幌氏", "Sapporo City"),
        ("Yokohoma", "Yokohama City"),
        ("kashiwa educaton", "Board of Education office City of Kashiwa"),
        ("Hamamatu Sity", "Hamamatsu City"),
        ("info-kysl@city.kashiwa.chiba.jp", "info-kysk@city.kashiwa.chiba.jp"),
    ],
)
def test_a_typo_is_forgiven_and_the_guess_marked(client: FlaskClient, question: str, meant: str) -> None:
    answer = ask(client, question)
    assert [hit["match"] for hit in answer["hits"] if hit["match"] not in ("name", "sound", "beginning", "words", "part")] == []
    if not answer["hits"]:
        assert meant in [name for hit in answer["guesses"] for name in hit["name"].values()][:3]
        assert {hit["match"] for hit in answer["guesses"]} == {"guess"}
        assert "perhaps meant" in get_page(client, question)
        assert "もしかして" in get_page(client, question, "ja")
    else:
        assert meant in answer["hits"][0]["name"].values()


def test_a_word_that_is_nowhere_is_left_out_and_named(client: FlaskClient) -> None:
    answer = ask(client, "kashiwa xyzzyplugh")
    assert (answer["total"], answer["leftOut"]) == (0, ["xyzzyplugh"])
    assert answer["guesses"][0]["code"] == KASHIWA


def test_nothing_found_says_what_can_be_found(client: FlaskClient) -> None:
    answer = ask(client, "qqqqqqqqqqqqqq")
    assert (answer["hits"], answer["guesses"]) == ([], [])
    assert "What can be found" in get_page(client, "qqqqqqqqqqqqqq")
    assert "検索できるもの" in get_page(client, "", "ja")


def test_pages_and_kinds_divide_the_hits(client: FlaskClient) -> None:
    whole = ask(client, "city", limit=100)
    assert sum(whole["counts"].values()) == whole["total"] > 100
    pages = [ask(client, "city", limit=7, page=number)["hits"] for number in (1, 2, 3)]
    assert [hit for page in pages for hit in page] == whole["hits"][:21]
    assert client.get(ask(client, "city", limit=7)["next"]).get_json()["hits"] == pages[1]
    last = ask(client, "city", limit=100, page=-(-whole["total"] // 100))
    assert last["next"] is None
    for group, count in whole["counts"].items():
        assert len(ask(client, "city", kind=group, limit=100)["hits"]) == min(100, count)
    assert 'rel="next"' in get_page(client, "city")
    assert 'rel="prev"' in get_page(client, "city", page=2)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "page=0", "page=9999", "page=-1", "kind=x", "format=ttl", "page=²"]
)
def test_a_wrong_parameter_is_told(client: FlaskClient, query: str) -> None:
    response = client.get(f"/search?q=kashiwa&{query}", headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert len(response.text) > 20


def test_the_form_of_the_answer_is_negotiated(client: FlaskClient) -> None:
    by_header = client.get("/search?q=kashiwa", headers={"Accept": "application/json"})
    by_name = client.get("/search?q=kashiwa&format=json", headers=HTML)
    assert by_header.mimetype == by_name.mimetype == "application/json"
    assert by_header.get_json() == by_name.get_json()
    assert "Accept" in by_header.vary
    assert not {"Accept", "Accept-Language", "Cookie"} & set(by_name.vary)
    assert client.get("/search?q=kashiwa", headers=HTML).mimetype == "text/html"


def test_the_fields_that_the_page_explains_are_those_of_the_answer(client: FlaskClient) -> None:
    answer = ask(client, "kashiwa")
    explained = re.findall(r"<dt><code>(\w+)</code></dt>", get_page(client, ""))
    assert explained[:3] == ["limit", "page", "kind"]
    assert set(explained[3:11]) == set(answer)
    assert {frozenset(hit) for hit in answer["hits"]} == {frozenset(explained[11:])}


def test_what_the_page_tries_is_found(client: FlaskClient) -> None:
    addresses = re.findall(r'href="(/search\?q=[^"]+)"', get_page(client, "").replace("&amp;", "&"))
    tried = [a for a in addresses if "format" not in a]
    assert len(tried) > 8
    for address in tried:
        assert client.get(address, headers={"Accept": "application/json"}).get_json()["total"] > 0, address


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "a" * 7_500,
        "\x00\x01\x02",
        "\u202e<script>alert(1)</script>\u2066",
        "'\"><img src=x onerror=alert(1)>",
        "%00%ff",
        "{{ 7*7 }}",
        "柏" * 800,
        "@" * 200,
        "." * 200,
        "-- ; DROP",
        "\u0301" * 100,
        "ｶﾞ" * 100,
        " ".join("abcdefghij") * 50,
        "🎌 \ufdfa \uffff",
        "oh" * 100,
    ],
)
def test_whatever_is_asked_is_answered(client: FlaskClient, question: str) -> None:
    start = time.process_time()
    for language in ("en", "ja"):
        text = get_page(client, question, language)
        assert "<script>alert" not in text
        assert "<img" not in text
        assert not [c for c in text if unicodedata.category(c) in ("Cf", "Cc", "Cs") and c != "\n"]
    ask(client, question)
    assert time.process_time() - start < 1


def test_an_address_longer_than_any_question_is_refused_with_a_reason(client: FlaskClient) -> None:
    assert client.get("/search", query_string={"q": "a" * 10_000}, headers=HTML).status_code == 414


def test_bytes_that_are_no_text_are_answered(client: FlaskClient) -> None:
    assert client.get("/search?q=%ff%fe%00%ed%a0%80", headers=HTML).status_code == 200


def test_an_answer_is_fast(catalogue: Catalogue, places: list[dict[str, str]]) -> None:
    """A loose bound of the processor's time, as machines differ: `python -m bench.search` measures."""
    questions = [place["name_en"][:4] + place["name_ja"][:1] for place in places[::40]] + [
        p["name_en"][1:] for p in places[::40]
    ]
    start = time.process_time()
    for question in questions:
        catalogue.answer_question(question)
    assert (time.process_time() - start) / len(questions) < 0.05


def test_other_data_have_no_search(tmp_path: Path) -> None:
    files, data = tmp_path / "files", tmp_path / "data"
    files.mkdir()
    data.mkdir()
    site = create_app(make_data_release(data, write_small_data(files))).test_client()
    assert site.get("/search?q=柏").status_code == 404


@pytest.mark.parametrize(
    ("question", "email", "issue"),
    [
        ("Kurume City", "ktie@ktarn.jp", "003/issue/79"),
        ("豊中市", "shakaikyoiu@city.toyonaka.osaka.jp", "003/issue/43"),
        ("ktie@ktarn.jp", "ktie@ktarn.jp", "003/issue/79"),
    ],
)
def test_a_doubtful_address_is_shown_with_its_doubt(client: FlaskClient, question: str, email: str, issue: str) -> None:
    """Somebody who writes to it from the list of hits does not see the page on which the doubt is told."""
    page = get_page(client, question)
    shown = page[page.index(f"mailto:{email}") :]
    assert shown.index(f"/doc/edition/{issue}") < shown.index("</li>")
    contacts = [c for hit in ask(client, question)["hits"] for c in hit["emails"] if c["email"] == email]
    assert contacts
    assert all([iri.endswith(issue) for iri in contact["doubts"]] == [True] for contact in contacts)


def test_an_address_without_doubts_has_none(client: FlaskClient) -> None:
    contacts = [contact for hit in ask(client, KASHIWA)["hits"] for contact in hit["emails"]]
    assert contacts
    assert not any("doubts" in contact for contact in contacts)
