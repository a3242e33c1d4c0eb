"""Value cells: what of a row's URLs, e-mails and class links is published, for whom, and what is told of the rest."""

from __future__ import annotations

import pytest
from small_seeds import TABLE_HEADER, list_emails, list_issues, list_urls, make_row, read_rows, write_seeds
from test_curation import write_entry

from lod.seeds import read_seeds

TWO = "(1) A Division (2) B Office"
NUMBERED = ("NumberedValues", "department", TWO)


def read_cell(folder, *, html: bool = False, at_sign: str = "@", **cells: str):
    """The only listing of a table with that row, and its issues but for the numbers in the department cell."""
    facts = read_rows(folder, make_row(**cells), html=html, at_sign=at_sign)
    return facts.listings[0], [i for i in list_issues(facts) if i != NUMBERED]


@pytest.mark.parametrize(
    ("cell", "emails", "issues"),
    [
        ("(1) a@city.jp (2) b@city.jp", [[], ["a@city.jp"], ["b@city.jp"]], ["NumberedValues"]),
        ("(2) b@city.jp (1) a@city.jp", [[], ["a@city.jp"], ["b@city.jp"]], ["NumberedValues"]),
        ("a@city.jp b@city.jp", [[], ["a@city.jp"], ["b@city.jp"]], ["PairedByPosition"]),
        ("a@city.jp b@city.jp c@city.jp", [["a@city.jp", "b@city.jp", "c@city.jp"], [], []], ["NotPaired"]),
        ("a@city.jp", [["a@city.jp"], [], []], ["NotPaired"]),
        ("B Office b@city.jp A Division: a@city.jp", [[], ["a@city.jp"], ["b@city.jp"]], ["LabelledValues"]),
        ("【B Office】b@city.jp 【?】a@city.jp", [[], ["a@city.jp"], ["b@city.jp"]], ["LabelledValues"]),
        ("(1) a@city.jp (3) b@city.jp", [["a@city.jp", "b@city.jp"], [], []], ["NotPaired", "NumberedValues"]),
        ("", [[], [], []], []),
    ],
)
def test_emails_go_to_their_bodies(tmp_path, cell, emails, issues):
    listing, found = read_cell(tmp_path, department=TWO, email=cell)
    assert list_emails(listing) == emails
    assert found == [(kind, "email", cell) for kind in issues]


def test_a_damaged_value_keeps_its_place_among_the_others(tmp_path):
    listing, _ = read_cell(tmp_path, department=TWO, email="broken@ b@city.jp")
    assert list_emails(listing) == [[], [], ["b@city.jp"]]
    listing, _ = read_cell(tmp_path, department=TWO, url="https://broken https://b.jp/")
    assert list_urls(listing) == [[], [], ["https://b.jp/"]]
    listing, _ = read_cell(tmp_path, department=TWO, email="broken@ a@city.jp b@city.jp")
    assert list_emails(listing) == [["a@city.jp", "b@city.jp"], [], []]


@pytest.mark.parametrize(
    ("cell", "issues"),
    [
        ("n/a", [("UnreadableValue", "n/a")]),
        ("name@", [("EmailTruncated", "name@")]),
        ("koku- sai@city.jp", [("EmailWithBlank", "koku- sai@city.jp")]),
        ("na..me@city.jp", [("UnreadableValue", "na..me@city.jp")]),
        ("https://www.city.jp/", [("UrlInEmailColumn", "https://www.city.jp/")]),
        ("•", [("StrayMarker", "•")]),
        ("(1)", [("StrayMarker", "(1)")]),
    ],
)
def test_rubbish_in_the_email_column_is_an_issue_and_no_fact(tmp_path, cell, issues):
    listing, found = read_cell(tmp_path, email=cell)
    assert list_emails(listing) == [[], []]
    assert found == [(kind, "email", text) for kind, text in issues]


@pytest.mark.parametrize(
    ("cell", "issues"),
    [
        ("n/a", [("UnreadableValue", "n/a")]),
        ("https://www", [("UrlTruncated", "https://www")]),
        ("https://www.city.jp/a b.html", [("UrlTruncated", "https://www.city.jp/a b.html")]),
        ("ftp://www.city.jp/", [("UnreadableValue", "ftp://www.city.jp/")]),
        ("ttp://www.city.jp/", [("UnreadableValue", "ttp://www.city.jp/")]),
        ("https://www.city.jp/%zz", [("UnreadableValue", "https://www.city.jp/%zz")]),
        ("name@city.jp", [("EmailInUrlColumn", "name@city.jp")]),
        ("name@", [("EmailInUrlColumn", "name@")]),
    ],
)
@pytest.mark.parametrize("column", ["url", "classes"])
def test_rubbish_in_the_url_and_class_columns_is_an_issue_and_no_fact(tmp_path, column, cell, issues):
    listing, found = read_cell(tmp_path, **{column: cell})
    assert (list_urls(listing), listing.channels) == ([[], []], [])
    assert found == [(kind, "class" if column == "classes" else "url", text) for kind, text in issues]
    assert listing.class_status == ("GivenButUnusable" if column == "classes" else "NotGiven")


@pytest.mark.parametrize(
    ("cell", "kinds"),
    [
        ("a@city.jp b@city.jp", ["UnmarkedValues"]),
        ("a@city.jp (b@city.jp)", ["ParenthesisedValue"]),
        ("• a@city.jp • b@city.jp", ["BulletedValues"]),
        ("1) a@city.jp 2) b@city.jp", ["NumberedValues"]),
    ],
)
def test_a_single_body_has_all_values(tmp_path, cell, kinds):
    listing, found = read_cell(tmp_path, email=cell)
    assert list_emails(listing) == [[], ["a@city.jp", "b@city.jp"]]
    assert found == [(kind, "email", cell) for kind in kinds]


def test_words_that_name_no_body_are_read_by_no_rule(tmp_path):
    listing, found = read_cell(tmp_path, email="E-mail: a@city.jp (main)", url="URL：https://u.jp/ (top)")
    assert (list_emails(listing), list_urls(listing)) == ([[], ["a@city.jp"]], [[], ["https://u.jp/"]])
    assert found == [
        (("UnreadableValue"), c, t) for c, t in (("url", "URL："), ("url", "top"), ("email", "E-mail:"), ("email", "main"))
    ]


@pytest.mark.parametrize(
    ("printed", "at_sign", "noted"),
    [("a@city.jp", "@", False), ("a[at]city.jp", "[at]", False), ("a@city.jp", "[at]", True), ("a＠city.jp", "@", True)],
)
def test_another_notation_than_the_document_s_is_an_issue(tmp_path, printed, at_sign, noted):
    listing, found = read_cell(tmp_path, email=printed, at_sign=at_sign)
    assert list_emails(listing) == [[], ["a@city.jp"]]
    assert found == ([("EmailNotation", "email", printed)] if noted else [])


@pytest.mark.parametrize(
    ("column", "cell", "value", "issues"),
    [
        ("email", '<a href="mailto:a@city.jp">a@city.jp</a>', "a@city.jp", []),
        ("email", '<a href="mailto:a@city.jp">write</a>', "a@city.jp", [("AnchorTextDiffers", "write")]),
        ("email", '<a href="mailto:a@">write</a>', "", [("AnchorTextDiffers", "write"), ("EmailTruncated", "a@")]),
        ("url", '<a href="http://u.jp/">http://u.jp/</a>', "http://u.jp/", []),
        ("url", '<a href="http://u.jp/?a&amp;b">http://u.jp/?a&amp;b</a>', "http://u.jp/?a&b", [("HtmlEntity", None)]),
        ("url", '<a href="www.u.jp">www.u.jp</a>', "http://www.u.jp", []),
        ("url", '<a href="http://u.jp/">u.jp</a>', "http://u.jp/", [("AnchorTextDiffers", "u.jp")]),
        ("url", '<b><a href="http://u.jp/">http://u.jp/</a></b>', "http://u.jp/", [("HtmlMarkup", None)]),
        ("url", '<a href="/index.html">x</a>', "", [("AnchorTextDiffers", "x"), ("UrlTruncated", "/index.html")]),
        ("url", '<a href="mailto:a@city.jp">x</a>', "", [("AnchorTextDiffers", "x"), ("EmailInUrlColumn", "a@city.jp")]),
        ("url", "<!-- http://u.jp/ -->", "", [("HtmlMarkup", None)]),
    ],
)
def test_values_in_markup(tmp_path, column, cell, value, issues):
    listing, found = read_cell(tmp_path, html=True, **{column: cell})
    owners = list_emails(listing) if column == "email" else list_urls(listing)
    assert owners == [[], [value] if value else []]
    assert found == [(kind, column, text or cell) for kind, text in issues]


def test_a_translation_gateway_is_published_with_an_issue(tmp_path):
    url = "https://www.j-server.com/x/https://www.city.jp/"
    listing, found = read_cell(tmp_path, url=url)
    assert (list_urls(listing), found) == ([[], [url]], [("TranslationGateway", "url", url)])


@pytest.mark.parametrize(
    ("cell", "channels", "issues"),
    [
        ("https://a.jp/", [("https://a.jp/", "")], []),
        ("https://a.jp/ (A (B))", [("https://a.jp/", "A (B)")], [("LinkLabel", "A (B)")]),
        ("https://a.jp/ https://b.jp/", [("https://a.jp/", ""), ("https://b.jp/", "")], [("UnmarkedValues", None)]),
        ("○https://a.jp/ ○https://b.jp/", [("https://a.jp/", ""), ("https://b.jp/", "")], [("BulletedValues", None)]),
        ("【A】https://a.jp/", [("https://a.jp/", "A")], [("LabelledValues", None)]),
        ("https://www (A)", [], [("LinkLabel", "A"), ("UrlTruncated", "https://www")]),
        ("", [], []),
    ],
)
def test_class_links_and_their_labels(tmp_path, cell, channels, issues):
    listing, found = read_cell(tmp_path, classes=cell)
    assert [(c.url, c.label) for c in listing.channels] == channels
    assert found == [(kind, "class", text or cell) for kind, text in issues]
    assert listing.class_status == ("Given" if channels else "GivenButUnusable" if cell else "NotGiven")


def test_markup_without_text_in_the_class_cell_is_given_but_unusable(tmp_path):
    listing, found = read_cell(tmp_path, classes="<img>", html=True)
    assert (listing.class_status, found) == ("GivenButUnusable", [("HtmlMarkup", "class", "<img>")])


def test_the_same_class_link_in_two_rows_is_one_with_both_lines(tmp_path):
    first = make_row("(1) A Division", classes="https://a.jp/ (A)")
    facts = read_rows(tmp_path, first, make_row("(2) B Office", classes="https://a.jp/ (A) https://a.jp/"))
    (listing,) = facts.listings
    assert [(c.url, c.label, c.lines) for c in listing.channels] == [("https://a.jp/", "A", [2, 3]), ("https://a.jp/", "", [3])]
    assert [i.lines for i in facts.issues if i.kind == "RepeatedValue"] == [(3,)]


def test_withheld_columns_are_no_facts_and_one_issue_each(tmp_path):
    row = make_row(url="https://u.jp/", email="a@city.jp", classes="https://c.jp/")
    entry = write_entry(text=row, decision="withhold", issue="MangledValue", columns=["email", "class"], verbatim=None)
    facts = read_seeds(write_seeds(tmp_path, f"{TABLE_HEADER}\n{row}\n", curation=entry))
    (listing,) = facts.listings
    assert (list_urls(listing), list_emails(listing), listing.channels) == ([[], ["https://u.jp/"]], [[], []], [])
    assert listing.class_status == "GivenButUnusable"
    assert list_issues(facts) == [("MangledValue", "email", "a@city.jp"), ("MangledValue", "class", "https://c.jp/")]


def test_a_row_withheld_as_a_whole_is_one_issue(tmp_path):
    row = make_row(url="https://u.jp/", email="a@city.jp")
    columns = ["line", "url", "email", "class"]
    entry = write_entry(text=row, decision="withhold", issue="ContactsOfAnotherPlace", columns=columns, verbatim=None)
    facts = read_seeds(write_seeds(tmp_path, f"{TABLE_HEADER}\n{row}\n", curation=entry))
    assert list_issues(facts) == [("ContactsOfAnotherPlace", "line", row)]
    assert list_emails(facts.listings[0]) == [[], []]
