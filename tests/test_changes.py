"""The changes between editions: all pairs, compared with the tables that were written by reading the documents."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from itertools import permutations
from typing import Any

import pytest
from flask.testing import FlaskClient
from tables import read_expected
from test_source_pages import HTML, ask

from lod.names import make_slug
from lod.release import Release

CATEGORIES = {
    "Prefecture": ("002",),
    "DesignatedCity": ("001", "002"),
    "CoreCity": ("000", "002", "003"),
    "CouncilMember": ("002", "004"),
}
PAIRS = [(before, after, name) for name, editions in CATEGORIES.items() for before, after in permutations(editions, 2)]
KINDS = {"emails": "email", "urls": "url"}
BAD = [
    ("from=002", "Choose two editions", "版を二つ指定してください"),
    ("from=002&to=009", "There is no edition 009", "版 009 はありません"),
    ("from=002&to=002", "Choose two different editions", "異なる二つの版"),
    ("from=002&to=003&category=Village", "There is no category Village", "区分 Village はありません"),
]


@pytest.fixture(scope="module")
def found(client: FlaskClient) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The JSON of every pair in every category, in both directions."""
    return {pair: read_json(client, *pair) for pair in PAIRS}


@pytest.fixture(scope="module")
def bodies() -> dict[tuple[str, str], list[dict[str, str]]]:
    """The rows of the expected table by edition and category."""
    rows = defaultdict(list)
    for row in read_expected("bodies.csv"):
        rows[row["edition"], row["category"]].append(row)
    return rows


def read_json(client: FlaskClient, before: str, after: str, name: str) -> dict[str, Any]:
    response = client.get(f"/changes?from={before}&to={after}&category={name}&format=json")
    assert response.content_type == "application/json"
    assert isinstance(response.json, dict)
    return response.json


def select(result: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    return [row for row in result["changes"] if row["change"] in names]


def test_who_joined_and_left_in_all_pairs(client: FlaskClient, found: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    where = "?l jle:inEdition ?e ; jle:category ?category ; schema:about ?gov . ?gov jle:lgCode ?code"
    stated = ask(
        client, f"SELECT ?n ?category ?code {{ GRAPH ?g {{ {where} }} GRAPH graph:catalog {{ ?e dcterms:identifier ?n }} }}"
    )
    members = defaultdict(set)
    for number, category, code in stated:
        members[number, category.rpartition("#")[2]].add(code)
    assert {(n, name) for name, editions in CATEGORIES.items() for n in editions} == set(members)
    for (before, after, name), result in found.items():
        earlier, later = members[before, name], members[after, name]
        assert {row["code"] for row in select(result, "joined")} == later - earlier
        assert {row["code"] for row in select(result, "left")} == earlier - later
        assert result["counts"]["stayed"] == len(earlier & later)


def test_departments_named_otherwise_in_all_pairs(
    found: dict[tuple[str, str, str], dict[str, Any]], bodies: dict[tuple[str, str], list[dict[str, str]]]
) -> None:
    for (before, after, name), result in found.items():
        names = {
            edition: {(r["lg_code"], make_slug(r["name"])) for r in bodies[edition, name] if r["name"]}
            for edition in (before, after)
        }
        joined_or_left = {row["code"] for row in select(result, "joined", "left")}
        rows = select(result, "body_renamed", "body_named", "body_gone")
        for edition, other, side in ((before, after, "before"), (after, before, "after")):
            shown = sorted((row["code"], make_slug(row[side])) for row in rows if row[side])
            assert shown == sorted((c, slug) for c, slug in names[edition] - names[other] if c not in joined_or_left)


def test_two_names_side_by_side_share_an_email_or_are_a_guess(
    found: dict[tuple[str, str, str], dict[str, Any]], bodies: dict[tuple[str, str], list[dict[str, str]]]
) -> None:
    bases = set()
    for (before, after, name), result in found.items():
        emails = {
            (e, r["lg_code"], r["name"]): set(r["emails"].lower().split()) for e in (before, after) for r in bodies[e, name]
        }
        for row in select(result, "body_renamed"):
            shared = emails[before, row["code"], row["before"]] & emails[after, row["code"], row["after"]]
            assert (row["basis"], row["certainty"]) == (("same-email", "stated") if shared else ("same-position", "guess"))
            bases.add(row["basis"])
        assert all(not row["basis"] for row in select(result, "body_named", "body_gone"))
    assert bases == {"same-email", "same-position"}


def test_addresses_changed_in_all_pairs(
    found: dict[tuple[str, str, str], dict[str, Any]], bodies: dict[tuple[str, str], list[dict[str, str]]]
) -> None:
    links = defaultdict(set)
    for row in read_expected("classes.csv"):
        links[row["edition"], row["listing"]].add(row["url"])
    for (before, after, name), result in found.items():
        is_lost = bool({"000", "001"} & {before, after})
        moved = {row["code"] for row in select(result, "joined", "left")}
        values = {edition: list_addresses(bodies[edition, name], links, edition) for edition in (before, after)}
        for edition, other, ending, side in ((before, after, "removed", "before"), (after, before, "added", "after")):
            expected = set() if is_lost else {v for v in values[edition] - values[other] if v[0] not in moved}
            rows = [row for row in result["changes"] if row["change"].endswith(f"_{ending}")]
            assert {(row["code"], row["change"].removesuffix(f"_{ending}"), row[side]) for row in rows} == expected
        assert result["not_comparable"] == (["email", "url", "class_link"] if is_lost else [])


def list_addresses(
    rows: list[dict[str, str]], links: dict[tuple[str, str], set[str]], edition: str
) -> set[tuple[str, str, str]]:
    found = {(row["lg_code"], kind, value) for row in rows for column, kind in KINDS.items() for value in row[column].split()}
    return found | {(row["lg_code"], "class_link", url) for row in rows for url in links[edition, row["listing"]]}


def test_every_value_stands_in_the_line_that_it_is_linked_to(
    found: dict[tuple[str, str, str], dict[str, Any]], release: Release
) -> None:
    lines = {n: release.read_bytes(f"source/{n}.txt").decode().split("\n") for n in ("000", "001", "002", "003", "004")}
    for (before, after, _), result in found.items():
        for row in result["changes"]:
            for edition, side in ((before, "before"), (after, "after")):
                if row[side] and "_" in row["change"]:
                    text = lines[edition][row[f"{side}_line"] - 1].replace("[at]", "@").replace("&amp;", "&")
                    first = row[side].split()[0].removeprefix("http://")
                    assert first in text


def test_a_damaged_value_is_no_change(found: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    result = found["002", "004", "CouncilMember"]
    soja = [row for row in select(result, "email_added") if row["code"] == "332089"]
    assert [(row["after"], row["certainty"]) for row in soja] == [("jinken-machi@city.soja.okayama.jp", "unclear")]
    assert result["counts"]["email"] == len({r["code"] for r in select(result, "email_added", "email_removed")}) - 1


def test_the_table_has_the_same_rows(client: FlaskClient, found: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    for (before, after, name), result in found.items():
        response = client.get(f"/changes?from={before}&to={after}&category={name}", headers={"Accept": "text/csv"})
        assert response.content_type == "text/csv; charset=utf-8"
        rows = list(csv.DictReader(io.StringIO(response.text)))
        whole = {"from": before, "to": after, "category": name}
        assert rows == [whole | {k: "" if v is None else str(v) for k, v in row.items()} for row in result["changes"]]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_pages_show_what_the_data_say(
    client: FlaskClient, found: dict[tuple[str, str, str], dict[str, Any]], language: str
) -> None:
    overview = client.get("/changes", headers={**HTML, "Accept-Language": language}).text
    for (before, after, name), result in found.items():
        query = f"from={before}&amp;to={after}&amp;category={name}"
        page = client.get(f"/changes?{query.replace('&amp;', '&')}", headers={**HTML, "Accept-Language": language})
        assert len(page.data) < 100_000
        assert {"Accept", "Accept-Language"} <= set(page.vary)
        for row in result["changes"]:
            assert f'href="/doc/gov/{row["code"]}"' in page.text
            for edition, side in ((before, "before"), (after, "after")):
                assert not row[side] or f'href="/source/{edition}#L{row[f"{side}_line"]}"' in page.text
        lost = "列が失われています" if language == "ja" else "lost its columns"
        assert (lost in page.text) == bool(result["not_comparable"])
        counts = result["counts"]
        is_forward = CATEGORIES[name].index(before) < CATEGORIES[name].index(after)
        assert (query in overview) == is_forward
        if is_forward:
            cell = overview.partition(f'{query}"')[2].partition("</td>")[0]
            assert f"<b>+{counts['joined']}</b> <b>−{counts['left']}</b>" in cell


def test_editions_without_a_shared_category_say_so(client: FlaskClient) -> None:
    page = client.get("/changes?from=000&to=001", headers=HTML)
    assert page.status_code == 200
    assert "share no category" in page.text
    other = client.get("/changes?from=002&to=003&category=CouncilMember", headers=HTML).text
    assert "do not both list this category" in other
    assert "/changes?from=002&amp;to=003&amp;category=CoreCity" in other
    assert client.get("/changes?from=000&to=001&format=json").status_code == 404


@pytest.mark.parametrize(("query", "english", "japanese"), BAD)
def test_what_cannot_be_compared_is_told_in_both_languages(
    client: FlaskClient, query: str, english: str, japanese: str
) -> None:
    for language, sentence in (("en", english), ("ja", japanese)):
        response = client.get(f"/changes?{query}", headers={**HTML, "Accept-Language": language})
        assert response.status_code == 400
        assert sentence in response.text


def test_an_unknown_format_is_told(client: FlaskClient) -> None:
    assert client.get("/changes?from=002&to=003&format=ttl").status_code == 400


def test_a_comparison_against_the_order_of_time_says_so(client: FlaskClient) -> None:
    assert "read backwards" in client.get("/changes?from=003&to=002", headers=HTML).text
    assert "read backwards" not in client.get("/changes?from=002&to=003", headers=HTML).text


def test_links_are_under_the_prefix(client: FlaskClient) -> None:
    for path in ("/changes", "/changes?from=002&to=004"):
        page = client.get(path, headers=HTML, environ_overrides={"SCRIPT_NAME": "/lod"}).text
        addresses = [piece.partition('"')[0] for name in ("href", "action") for piece in page.split(f'{name}="')[1:]]
        assert [a for a in addresses if a.startswith("/") and not a.startswith("/lod/")] == []


def test_what_is_doubtful_is_marked_where_it_is_compared(client: FlaskClient) -> None:
    page = client.get("/changes?from=002&to=004&category=CouncilMember", headers=HTML).text
    joined = page[page.index('id="joined"') : page.index('id="left"')]
    marks = dict(
        re.findall(r'/doc/gov/(\d{6})".*?</a>(?: <a href="[^"]*">L\d+</a>)((?: <a class="badge guess" href="[^"]*")?)', joined)
    )
    assert "/doc/edition/002/issue/150" in marks["232114"]  # its contacts stand in the older list, under another name
    assert "/doc/edition/004/issue/4" in marks["442011"]
    assert marks["102041"] == ""
    page = client.get("/changes?from=002&to=003&category=CoreCity", headers=HTML).text
    assert re.search(
        r'mailto:ktie@ktarn\.jp".*?</a> <a [^>]*>L73</a> <a class="badge guess" href="[^"]*/doc/edition/003/issue/79"', page
    )


def test_programs_are_told_the_same_doubts(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/changes?from=002&to=004&category=CouncilMember&format=csv").text)))
    joined = {row["code"]: row["doubts"] for row in rows if row["change"] == "joined"}
    assert joined == {"102041": "", "232114": "ContactsOfAnotherPlace", "442011": "DoubtfulListing"}
    changes = client.get("/changes?from=002&to=003&category=CoreCity&format=json").json
    assert changes is not None
    assert {row["doubts"] for row in changes["changes"] if row["after"] == "ktie@ktarn.jp"} == {"DoubtfulEmail"}
