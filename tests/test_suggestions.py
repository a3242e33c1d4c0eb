"""Suggestions: a damaged value is supported by what another edition states for the same government, and by nothing else."""

from __future__ import annotations

import pytest
from conftest import SEEDS

from lod.catalogue import read_catalogue
from lod.issues import Suggested, make_issue
from lod.listings import Body, Channel, Listing, Stated
from lod.place_table import read_places
from lod.suggestions import add_suggestions

EDITIONS = {e.number: e for e in read_catalogue(SEEDS / "catalogue.toml").editions}
PLACES = {p.lg_code: p for p in read_places(SEEDS / "places.csv")}


def make_listing(
    edition: str = "003", code: str = "122173", *, email: str = "", url: str = "", classes: str = "", line: int = 7
):
    body = Body(1, "A Division", False, line)
    body.emails += [Stated(email, line)] if email else []
    body.urls += [Stated(url, line)] if url else []
    channels = [Channel(classes, "", [line])] if classes else []
    return Listing(EDITIONS[edition], "CoreCity", PLACES[code], [line], [body], channels)


def suggest(kind: str, verbatim: str, *others: Listing) -> list[tuple[str, list[str]]]:
    issue = make_issue("002", kind, [7], "email", verbatim, listing=7)
    (found,) = add_suggestions([issue], [make_listing("002"), *others])
    return [(s.value, [f"{e.document}:{e.line}" for e in s.evidence]) for s in found.suggestions]


@pytest.mark.parametrize(
    ("kind", "verbatim", "other", "value"),
    [
        ("EmailWithBlank", "koku- sai@city.jp", {"email": "koku-sai@city.jp"}, "koku-sai@city.jp"),
        ("EmailWithBlank", "koku- sai[at]city.jp", {"email": "koku-sai@city.jp"}, "koku-sai@city.jp"),
        ("EmailTruncated", "kokusai@", {"email": "kokusai@city.jp"}, "kokusai@city.jp"),
        ("EmailTruncated", "kokusai[at]city", {"email": "kokusai@city.jp"}, "kokusai@city.jp"),
        ("UrlTruncated", "http://www.kashi", {"url": "http://www.kashiwa.jp/"}, "http://www.kashiwa.jp/"),
        ("UrlTruncated", "http://www.kashi", {"classes": "http://www.kashiwa.jp/c"}, "http://www.kashiwa.jp/c"),
        ("UrlTruncated", "www.kashi", {"url": "http://www.kashiwa.jp/"}, "http://www.kashiwa.jp/"),
    ],
)
def test_another_edition_supports_a_value(kind, verbatim, other, value):
    assert suggest(kind, verbatim, make_listing(**other)) == [(value, ["003:7"])]


@pytest.mark.parametrize(
    ("kind", "verbatim", "other"),
    [
        ("EmailWithBlank", "koku- sai@city.jp", {"email": "kokusai@city.jp"}),
        ("EmailTruncated", "kokusai@", {"email": "bunka@city.jp"}),
        ("EmailTruncated", "@city.jp", {"email": "kokusai@city.jp"}),
        ("UrlTruncated", "http://", {"url": "http://www.kashiwa.jp/"}),
        ("UrlTruncated", "http://www", {"url": "http://www.kashiwa.jp/"}),
        ("UnreadableValue", "kokusai@", {"email": "kokusai@city.jp"}),
        ("EmailTruncated", "kokusai@", {"email": "kokusai@city.jp", "code": "122220"}),
        ("EmailTruncated", "kokusai@", {"email": "kokusai@city.jp", "edition": "002", "line": 9}),
    ],
)
def test_what_supports_nothing(kind, verbatim, other):
    assert suggest(kind, verbatim, make_listing(**other)) == []


def test_several_editions_support_one_value_and_several_values_stand_side_by_side():
    a, b, c = (
        make_listing(e, email=v, line=n) for e, v, n in (("003", "x@a.jp", 3), ("004", "x@a.jp", 4), ("000", "x@b.jp", 5))
    )
    assert suggest("EmailTruncated", "x@", a, b, c) == [("x@a.jp", ["003:3", "004:4"]), ("x@b.jp", ["000:5"])]


def test_values_of_the_listing_as_a_whole_support_too():
    other = make_listing()
    other.emails.append(Stated("x@a.jp", 8))
    assert suggest("EmailTruncated", "x@", other) == [("x@a.jp", ["003:8"])]


def test_a_suggestion_that_a_person_made_stays():
    curated = (Suggested("y@a.jp", ()),)
    issue = make_issue("002", "EmailTruncated", [7], "email", "x@", listing=7, suggestions=curated)
    (found,) = add_suggestions([issue], [make_listing("002"), make_listing(email="x@a.jp")])
    assert found.suggestions == curated
