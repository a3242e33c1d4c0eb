"""Values of URL, e-mail and class cells: how they are told apart, and what of them is damaged."""

from __future__ import annotations

import pytest

from lod.cells import decode_cell
from lod.values import CellValues, Value, classify_remnant, read_values


def read(raw: str, at_sign: str = "@", *, html: bool = False) -> CellValues:
    return read_values(decode_cell(raw, html=html), at_sign)


def read_one(raw: str, at_sign: str = "@", *, html: bool = False) -> Value:
    """The only value of a cell in which nothing else stands."""
    found = read(raw, at_sign, html=html)
    assert (len(found.values), found.unread, found.stray_markers) == (1, [], [])
    return found.values[0]


@pytest.mark.parametrize(
    "raw",
    [
        "name@city.jp",
        "name[at]city.jp",
        "name(at)city.jp",
        "name＠city.jp",
        "<name@city.jp>",
        "mailto:name@city.jp",
        "<mailto:name@city.jp>",
        "name@city.jp,",
        "name@city.jp。",
        "\u3000name@city.jp\u00a0",
    ],
)
@pytest.mark.parametrize("at_sign", ["@", "[at]"])
def test_an_email_is_read_in_any_notation(raw, at_sign):
    value = read_one(raw, at_sign)
    assert (value.text, value.is_email, value.damage) == ("name@city.jp", True, "")


def test_an_email_is_read_with_the_sign_that_the_catalogue_states():
    assert read_one("name☆city.jp", "☆").text == "name@city.jp"
    assert read("name☆city.jp").unread == ["name☆city.jp"]


@pytest.mark.parametrize(
    ("raw", "text", "printed"),
    [
        ('<a href="mailto:name@city.jp">name@city.jp</a>', "name@city.jp", "name@city.jp"),
        ('<a href="MAILTO:name%40city.jp?subject=x">write</a>', "name@city.jp", "write"),
        ('<a href="name@city.jp">write</a>', "name@city.jp", "write"),
        ("&lt;name@city.jp&gt;", "name@city.jp", "<name@city.jp>"),
        ("name&#64;city.jp", "name@city.jp", "name@city.jp"),
    ],
)
def test_an_email_is_read_from_markup(raw, text, printed):
    value = read_one(raw, html=True)
    assert (value.text, value.printed, value.is_email, value.damage) == (text, printed, True, "")


def test_a_mailto_link_without_an_email_is_damaged():
    assert read_one('<a href="mailto:name@">write</a>', html=True).damage == "EmailTruncated"


@pytest.mark.parametrize(
    "raw",
    [
        "name@ city.jp",
        "name @city.jp",
        "name @ city.jp",
        "name@city .lg.jp",
        "name@city. kochi.jp",
        "name@city.kochi.l g.jp",
        "name@city.sakai.osaka .jp",
        "koku- sai@city.jp",
        "koku -sai@city.jp",
        "koku sai@city.jp",
        "name [at] city.jp",
    ],
)
def test_an_email_with_a_blank_is_damaged_wherever_the_blank_is(raw):
    value = read_one(raw)
    assert (value.damage, value.printed) == ("EmailWithBlank", raw)


@pytest.mark.parametrize(
    ("raw", "damage"),
    [
        ("name@", "EmailTruncated"),
        ("@city.jp", "EmailTruncated"),
        ("name@city", "EmailTruncated"),
        ("name@city.kochi.lg", "EmailTruncated"),
        ("name@city.kochi.lg.", "EmailTruncated"),
        ("name@lg.jp", "EmailTruncated"),
        ("name[at]", "EmailTruncated"),
        ("na..me@city.jp", "UnreadableValue"),
        ("na{me}@city.jp", "UnreadableValue"),
        ("a@b@city.jp", "UnreadableValue"),
        ("a@city.jp/b@city.jp", "UnreadableValue"),
        ("名前@city.jp", "UnreadableValue"),
        ("ｎａｍｅ＠ｃｉｔｙ．ｊｐ", "UnreadableValue"),
    ],
)
def test_what_is_no_email_says_why(raw, damage):
    value = read_one(raw)
    assert (value.damage, value.printed) == (damage, raw)


@pytest.mark.parametrize(
    "raw",
    ["a@city.jp b@city.jp", "a@city.jp, b@city.jp", "a@city.jp;b@city.jp", "a@city.jp、b@city.jp", "<a@city.jp> <b@city.jp>"],
)
def test_several_emails_are_told_apart(raw):
    found = read(raw)
    assert [v.text for v in found.values] == ["a@city.jp", "b@city.jp"]
    assert found.unread == []


@pytest.mark.parametrize(
    "raw",
    [
        "(1) a@city.jp (2) b@city.jp",
        "( 1 )a@city.jp( 2 )b@city.jp",
        "1) a@city.jp 2) b@city.jp",
        "[1]a@city.jp[2]b@city.jp",
        "①a@city.jp②b@city.jp",
        "（１）a@city.jp （２）b@city.jp",
        "1)https://a.jp 2)https://b.jp",
        "①https://a.jp②https://b.jp",
        "[1] www.a.jp [2] www.b.jp",
    ],
)
def test_numbers_go_with_the_values_that_follow_them(raw):
    found = read(raw)
    assert [v.number for v in found.values] == [1, 2]
    assert (found.unread, found.stray_markers) == ([], [])


@pytest.mark.parametrize("raw", ["• a@city.jp •b@city.jp", "・https://a.jp/ ・ https://b.jp/", "○a@city.jp ○ b@city.jp"])
def test_bullets_go_with_the_values_that_follow_them(raw):
    assert [v.bullet for v in read(raw).values] == [True, True]


def test_labels_and_words_go_with_the_value_that_follows_them():
    found = read("【A】 a@city.jp B Division b@city.jp Center http://c.jp/")
    assert [(v.label, v.words) for v in found.values] == [("A", ""), ("", "B Division"), ("", "Center")]
    assert found.unread == []


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("https://a.jp/ (Some Association)", "Some Association"),
        ("https://a.jp/ (Some (Nested) Association )", "Some (Nested) Association"),
        ("https://a.jp/（国際協会）", "国際協会"),
        ("https://a.jp/ ( I R E S C O )", "I R E S C O"),
        ("name@city.jp (main)", "main"),
    ],
)
def test_a_parenthesis_after_a_value_belongs_to_it(raw, label):
    assert read_one(raw).label_after == label


@pytest.mark.parametrize("raw", ["a@city.jp (b@city.jp)", "https://a.jp/ ( https://b.jp/ )", "https://a.jp/（https://b.jp/）"])
def test_a_value_in_parentheses_is_a_value(raw):
    assert [v.in_parentheses for v in read(raw).values] == [False, True]


@pytest.mark.parametrize(
    ("raw", "unread"),
    [
        ("n/a", ["n/a"]),
        ("name at city.jp", ["name at city.jp"]),
        ("a@city.jp 国際課", ["国際課"]),
        ("a@city.jp (A) (B)", ["(B)"]),
        ("(A) a@city.jp", ["(A)"]),
        ("a@city.jp (", ["("]),
        ("a@city.jp )", [")"]),
        ("( ( a@city.jp )", ["("]),
        ("a@city.jp ()", ["()"]),
        ("【A】【B】 a@city.jp", ["【A】"]),
        ("a@city.jp 【A】", ["【A】"]),
        ("a@city.jp 【A", ["【", "A"]),
        ("https//www.a.jp", ["https//www.a.jp"]),
        ("ttp://www.a.jp/", ["ttp://www.a.jp/"]),
    ],
)
def test_nothing_is_absorbed(raw, unread):
    assert read(raw).unread == unread


@pytest.mark.parametrize(
    ("raw", "stray"),
    [("(1)", ["(1)"]), ("•", ["•"]), ("(1) (2) a@city.jp", ["(1)"]), ("• • a@city.jp", ["•"]), ("a@city.jp (2)", ["(2)"])],
)
def test_a_marker_without_a_value_is_stray(raw, stray):
    assert read(raw).stray_markers == stray


@pytest.mark.parametrize("raw", ["https://a.jp/x y.html", "https://a.jp/ab/ cd/", "https://www j-server.com/x"])
def test_a_printed_url_with_a_blank_in_it_is_cut(raw):
    value = read_one(raw)
    assert (value.text, value.damage) == (raw, "UrlTruncated")


@pytest.mark.parametrize("raw", ["https://a.jp/ Division", "https://a.jp/ / https://b.jp/", "https://a.jp/ and https://b.jp/"])
def test_words_between_urls_do_not_cut_them(raw):
    assert [v.damage for v in read(raw).values] == [""] * raw.count("https")


@pytest.mark.parametrize(
    ("text", "kind", "column"),
    [
        ("http://www.takatsuki-intl", "UrlTruncated", "url"),
        ("www.", "UrlTruncated", "url"),
        ("http://www.city.jp/", "UnreadableValue", "url"),
        ("name@", "EmailTruncated", "email"),
        ("name[at]", "EmailTruncated", "email"),
        ("name@city.jp", "UnreadableValue", "email"),
        ("http://city.jp/@name", "UnreadableValue", "url"),
    ],
)
def test_pieces_of_lost_columns(text, kind, column):
    assert classify_remnant(text, "@") == (kind, column)
