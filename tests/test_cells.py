"""Cells: what is left of them without their markup, and that no markup goes unnoticed."""

from __future__ import annotations

import pytest

from lod.cells import Link, decode_cell
from lod.errors import Refused


def decode(raw: str) -> list[str | tuple[str, str]]:
    """The parts of a cell with markup: texts, and links as (target, text)."""
    return [(p.target, p.text) if isinstance(p, Link) else p for p in decode_cell(raw, html=True).parts]


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ("plain", ["plain"]),
        ('<a href="http://x.jp/">text</a>', [("http://x.jp/", "text")]),
        ("<a href='http://x.jp/'>a</a> (b)", [("http://x.jp/", "a"), " (b)"]),
        ('<a href=" http://x.jp/ ">text</a>', [("http://x.jp/", "text")]),
        ('<A HREF="http://x.jp/"><b>bold</b> text</A>', [("http://x.jp/", "bold text")]),
        ('<p>○ <a href="http://x.jp/">x</a></p>', ["○ ", ("http://x.jp/", "x")]),
        ("see http://x.jp/a now", ["see ", ("http://x.jp/a", "http://x.jp/a"), " now"]),
        ("<name@city.jp>", ["<name@city.jp>"]),
        ("a < b & c", ["a < b & c"]),
    ],
)
def test_markup_leaves_texts_and_links_in_order(raw, parts):
    assert decode(raw) == parts


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("A &amp; B", "A & B"),
        ("A &amp;amp; B", "A &amp; B"),
        ("&#65;&#x42;", "AB"),
        ("A&nbsp;B", "A B"),
        ("A & B", "A & B"),
        ("R&D", "R&D"),
        ("&copy=1", "&copy=1"),
        ("&bogus; B", "&bogus; B"),
    ],
)
def test_entities_are_decoded_once_and_only_whole_ones(raw, text):
    assert decode_cell(raw, html=True).text == text


def test_a_parameter_that_looks_like_an_entity_stays_in_a_url():
    (link,) = decode_cell('<a href="http://x.jp/?a=1&copy=2&amp;reg=3">x</a>', html=True).links
    assert link.target == "http://x.jp/?a=1&copy=2&reg=3"


@pytest.mark.parametrize("raw", ["<b>A</b>", "A<br>B", "</p>A", "A<!-- B -->", "<![CDATA[A]]>", "<?php A ?>", "<!DOCTYPE A>"])
def test_markup_other_than_links_is_noticed(raw):
    assert decode_cell(raw, html=True).has_markup


@pytest.mark.parametrize("raw", ["A", "a < b", '<a href="http://x.jp/">x</a>', "<name@city.jp>"])
def test_what_is_no_other_markup(raw):
    assert not decode_cell(raw, html=True).has_markup


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ('<a href="http://x.jp/">x', "the link to http://x.jp/ is not closed"),
        ('<a href="http://x.jp/">x<a href="http://y.jp/">y</a></a>', "a link starts within a link"),
        ("<a>x</a>", "a link without target"),
        ('<a href="">x</a>', "a link without target"),
        ('<a href="http://x.jp/', 'the markup <a href="http://x.jp/ is not closed'),
        ("x <b", "the markup <b is not closed"),
    ],
)
def test_markup_that_is_not_well_formed_is_refused(raw, message):
    with pytest.raises(Refused) as refusal:
        decode_cell(raw, html=True)
    assert str(refusal.value) == message
    assert refusal.value.remedy


@pytest.mark.parametrize("raw", ['<a href="http://x.jp/">x</a>', "A <b>B</b>", "A</p>", "<!-- A -->"])
def test_markup_in_a_layout_that_has_none_is_refused(raw):
    with pytest.raises(Refused, match="the markup <"):
        decode_cell(raw, html=False)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("https://a.jp/ https://b.jp/", ["https://a.jp/", "https://b.jp/"]),
        ("https://a.jp/, https://b.jp/;", ["https://a.jp/", "https://b.jp/"]),
        ("HTTP://A.JP/x", ["HTTP://A.JP/x"]),
        ("www.a.jp/x", ["www.a.jp/x"]),
        ("日本語https://a.jp/", ["https://a.jp/"]),
        ("https://ja.wikipedia.org/wiki/サン・パウロ", ["https://ja.wikipedia.org/wiki/サン・パウロ"]),
        ("https://a.jp/（国際課）", ["https://a.jp/"]),
        ("「https://a.jp/」", ["https://a.jp/"]),
        ("①https://a.jp②https://b.jp", ["https://a.jp", "https://b.jp"]),
        ("https://a.jp/x(y)", ["https://a.jp/x(y)"]),
        ("(https://a.jp/x(y))", ["https://a.jp/x(y)"]),
        ("https://a.jp/(Some Association)", ["https://a.jp/"]),
        ("https://a.jp/x)", ["https://a.jp/x"]),
        ("https://a.jp/tl.cgi/https://b.jp/", ["https://a.jp/tl.cgi/https://b.jp/"]),
        ("http://", ["http://"]),
        ("ttp://www.a.jp/", []),
        ("name@www.a.jp", []),
        ("xhttps://a.jp/", []),
    ],
)
def test_printed_urls_end_where_the_text_goes_on(text, urls):
    assert [link.target for link in decode_cell(text, html=False).links] == urls


@pytest.mark.parametrize(
    ("raw", "empty"), [("", True), (" \u3000\u00a0", True), ("&nbsp;", True), ("x", False), ("<img>", False)]
)
def test_a_cell_is_empty_when_nothing_was_printed(raw, empty):
    assert decode_cell(raw, html=True).is_empty is empty
