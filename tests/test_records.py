"""Records of flattened texts: a place starts one, and no line joins it that may be something else."""

from __future__ import annotations

import pytest
from small_seeds import (
    FLAT_HEADER,
    find_problems,
    list_bodies,
    list_issues,
    read_lines,
    refuse_lines,
    show_problems,
    write_seeds,
)
from test_curation import write_entry

from lod.seeds import read_seeds

START = "Kashiwa City International Division"
QUIET = ("ColumnsLost", "RecordOverSeveralLines")
NO_RULE = "no rule reads this line: neither a place, a department, a label nor a note"


@pytest.mark.parametrize(
    ("lines", "bodies"),
    [
        ([START], ["International Division"]),
        (["Kashiwa City International Division,", "Community Affairs"], ["International Division, Community Affairs"]),
        (["Kashiwa City International Division,", "", "Board of Education"], ["International Division, Board of Education"]),
        ([START, "Planning Department"], ["International Division Planning Department"]),
        (["Kashiwa City", "International Division"], ["International Division"]),
        (["Kashiwa City,", "Chiba Prefecture", "International Division"], ["International Division"]),
        (["Kashiwa City, Chiba Prefecture", "International Division"], ["International Division"]),
        (["Kashiwa City, Chiba Prefecture International Division"], ["International Division"]),
        (["Kashiwa City,", "Chiba-ken", "International Division"], ["International Division"]),
        (["City of KASHIWA International Division"], ["International Division"]),
        (["Kashiwa-shi International Division"], ["International Division"]),
        (["Kashiwa City Kashiwa City International Association"], ["Kashiwa City International Association"]),
        (["Kashiwa City,", "Kashiwa International Foundation"], ["Kashiwa International Foundation"]),
        (["Kashiwa City [1] A Division", "[2] Central Hall", "[3] C Division"], ["A Division", "Central Hall", "C Division"]),
        (["Kashiwa City [1] A Division", "Kashiwa City [2] B Division"], ["A Division", "B Division"]),
        (["Kashiwa City 国際課"], ["国際課"]),
        (["Kashiwa City Iida Kominkan"], ["Iida Kominkan"]),
    ],
)
def test_lines_that_make_a_listing(tmp_path, lines, bodies):
    assert list_bodies(read_lines(tmp_path, *lines)) == [("Kashiwa City", bodies)]


@pytest.mark.parametrize("start", ["Abiko City", "City of Abiko", "Abiko-shi", "the City of Abiko"])
def test_the_name_of_a_place_starts_a_listing(tmp_path, start):
    facts = read_lines(tmp_path, START, f"{start} Planning Division")
    assert list_bodies(facts) == [("Kashiwa City", ["International Division"]), ("Abiko City", ["Planning Division"])]


def test_labels_notes_and_pieces_of_lost_columns_are_not_part_of_the_name(tmp_path):
    lines = (f"{START} http://www.kashiwa name@", "* see below", "(Kashiwa Association)", "", "（協会）")
    facts = read_lines(tmp_path, *lines)
    assert list_bodies(facts) == [("Kashiwa City", ["International Division"])]
    assert facts.listings[0].lines == [3, 4, 5, 7]
    assert [n.value for n in facts.listings[0].notes] == ["see below"]
    assert list_issues(facts, *QUIET) == [
        ("UrlTruncated", "url", "http://www.kashiwa"),
        ("EmailTruncated", "email", "name@"),
        ("NoteInName", "department", "* see below"),
        ("LostLinkLabel", "class", "(Kashiwa Association)"),
        ("LostLinkLabel", "class", "（協会）"),
    ]
    assert [facts.line_kinds["009"][n] for n in range(1, 8)] == [
        "HeadingLine",
        "HeaderLine",
        "RowLine",
        "NoteLine",
        "ContinuationLine",
        "BlankLine",
        "ContinuationLine",
    ]


@pytest.mark.parametrize("at_sign", ["@", "[at]", "☆"])
def test_a_masked_email_is_no_part_of_the_name(tmp_path, at_sign):
    facts = read_lines(tmp_path, f"{START} name{at_sign}", at_sign=at_sign)
    assert list_bodies(facts) == [("Kashiwa City", ["International Division"])]
    assert ("EmailTruncated", "email", f"name{at_sign}") in list_issues(facts)


def test_a_header_printed_again_is_an_issue(tmp_path):
    facts = read_lines(tmp_path, START, FLAT_HEADER, "Abiko City Planning Division")
    assert len(facts.listings) == 2
    assert [(i.kind, i.lines) for i in facts.issues] == [("ColumnsLost", (2,)), ("RepeatedHeader", (4,))]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["rubbish", START], "3 no rule reads this line: no listing has started"),
        (["Rubbish Office", START], "3 no rule reads this line: no listing has started"),
        ([START, "Home"], f"4 {NO_RULE}"),
        ([START, "asdf 123"], f"4 {NO_RULE}"),
        ([START, "トップページ"], f"4 {NO_RULE}"),
        ([START, "read more about the office"], f"4 {NO_RULE}"),
        ([f"{START},", "Home"], f"4 {NO_RULE}"),
        ([f"{START},", "Page 3 of 7"], f"4 {NO_RULE}"),
        ([f"{START},", "ページの先頭へ"], f"4 {NO_RULE}"),
        (["Kashiwa City,", "Page 3 of 7", "A Division"], f"4 {NO_RULE}"),
        (["Kashiwa City,", "ページの先頭へ", "A Division"], f"4 {NO_RULE}"),
        ([START, "<hr>"], "4 the markup <hr>"),
        ([START, "", "Planning Department"], f"5 {NO_RULE}"),
        ([START, "(Label)", "Planning Department"], f"5 {NO_RULE}"),
        ([START, "* Classes are provided by the Kashiwa", "International Association"], f"5 {NO_RULE}"),
        ([f"{START} http://www.kashiwa", "Planning Department"], f"4 {NO_RULE}"),
        ([START, FLAT_HEADER, "Planning Department"], f"5 {NO_RULE}"),
        ([START, "(unclosed"], f"4 {NO_RULE}"),
        (["Atlantis City Division"], "3 no city, town, village or ward is called 'Atlantis City'"),
        (["Sakai City Division"], "3 'Sakai City' is ambiguous: Sakai City in Fukui (182109), Sakai City in Osaka (271403)"),
        ([START, "Culture and City Planning Division"], "4 no city, town, village or ward is called 'Culture and City'"),
        ([START, "Abiko Planning Division"], "4 'Abiko' may start a listing or continue the one above"),
        ([START, "我孫子市企画課"], "4 '我孫子市' may start a listing or continue the one above"),
        ([START, "Kashiwa City Planning Division"], "4 'Kashiwa City' may continue the listing above or start another"),
        ([f"{START},", "Abiko City Planning Division"], "4 after a comma, 'Abiko City' may continue the department or start"),
        (["Kashiwa City"], "3 no department is named for Kashiwa City"),
        (["Kashiwa City 123"], "3 '123' names no department"),
        (["Kashiwa City Read More"], "3 'Read More' names no department"),
        ([f"{START} <b>x</b>"], "3 the markup <b>"),
        (["Kashiwa City [1] A Division", "[3] C Division"], "3 [3] stands where (2) would follow"),
        (["Kashiwa City,", "Atlantis Prefecture", "A Division"], "3 no prefecture is called 'Atlantis Prefecture'"),
    ],
)
def test_a_line_that_may_be_something_else_is_refused(tmp_path, lines, problem):
    found = refuse_lines(tmp_path, *lines)
    assert found[0].startswith(f"009.txt:{problem}")
    assert len(found) == 1


@pytest.mark.parametrize(
    "line", ["Abiko City Planning Division", "Abiko Planning Division", "Kashiwa City Planning Division", "Home", "Page 3 of 7"]
)
def test_a_person_may_decide_that_a_line_continues_the_one_above(tmp_path, line):
    entry = write_entry(text=line, line=4, decision="continue", issue="SubdivisionForPlace", columns=None, verbatim=None)
    text = f"Core cities\n{FLAT_HEADER}\n{START}\n{line}\n"
    seeds = write_seeds(tmp_path, text, layout="flattened", sections=[("Core cities", "CoreCity")], curation=entry)
    facts = read_seeds(seeds)
    assert list_bodies(facts) == [("Kashiwa City", [f"International Division {line}"])]
    assert [(i.listing, i.verbatim) for i in facts.issues if i.kind == "SubdivisionForPlace"] == [(3, line)]


def test_a_person_may_account_for_a_line(tmp_path):
    entry = write_entry(text="Top of page", line=4, decision="note", issue=None, columns=None, verbatim=None)
    text = f"Core cities\n{FLAT_HEADER}\n{START}\nTop of page\n"
    seeds = write_seeds(tmp_path, text, layout="flattened", sections=[("Core cities", "CoreCity")], curation=entry)
    facts = read_seeds(seeds)
    assert facts.listings[0].lines == [3]
    assert facts.line_kinds["009"][4] == "NoteLine"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"Core cities\n{START}\n", "009.txt:2 text before the heading and the header line"),
        (f"{FLAT_HEADER}\n{START}\n", "009.txt:0 the heading 'Core cities' is not there"),
        (f"Core cities\n{FLAT_HEADER}\n", "009.txt:0 no listing stands under 'Core cities'"),
    ],
)
def test_a_text_without_heading_header_or_listing_is_refused(tmp_path, text, problem):
    seeds = write_seeds(tmp_path, text, layout="flattened", sections=[("Core cities", "CoreCity")])
    assert problem in show_problems(find_problems(seeds))
