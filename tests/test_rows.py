"""Rows of tables: every line is a heading, header, row, note or blank, or it is refused with its number."""

from __future__ import annotations

import pytest
from small_seeds import (
    TABLE_HEADER,
    find_problems,
    list_bodies,
    list_issues,
    make_row,
    read_rows,
    refuse_rows,
    show_problems,
    write_seeds,
)
from test_curation import write_entry

from lod.seeds import read_seeds

ROW, OTHER = make_row(), make_row(place="Abiko City")


def read_table_text(folder, *lines: str, sections=(("Cities", "CoreCity"),), curation: str = ""):
    return read_seeds(write_seeds(folder, "\n".join(lines), sections=sections, curation=curation))


def refuse_table_text(folder, *lines: str, sections=(("Cities", "CoreCity"),), curation: str = "") -> list[str]:
    return show_problems(find_problems(write_seeds(folder, "\n".join(lines), sections=sections, curation=curation)))


def test_kinds_of_lines(tmp_path):
    facts = read_table_text(tmp_path, "", " Cities ", "\u00a0", TABLE_HEADER, ROW, "\t\t", TABLE_HEADER, OTHER)
    kinds = facts.line_kinds["009"]
    names = ["BlankLine", "HeadingLine", "BlankLine", "HeaderLine", "RowLine", "BlankLine", "HeaderLine", "RowLine"]
    assert [kinds[n] for n in range(1, 9)] == names
    assert [(i.kind, i.lines) for i in facts.issues] == [("PageBreakInTable", (6,)), ("RepeatedHeader", (7,))]


def test_columns_are_known_by_their_names_in_any_order(tmp_path):
    header = "e-mail\tJapanese Class\tCity\tDepartment in Charge\tNo.\tURL"
    row = "a@city.jp\thttps://c.jp/\tKashiwa City\tA Division\t1\thttps://u.jp/"
    (listing,) = read_rows(tmp_path, row, header=header).listings
    (body,) = listing.bodies
    assert (listing.place.name_en, body.name, body.emails[0].value, body.urls[0].value, listing.channels[0].url) == (
        "Kashiwa",
        "A Division",
        "a@city.jp",
        "https://u.jp/",
        "https://c.jp/",
    )


def test_a_table_without_class_column_lost_it(tmp_path):
    header, row = TABLE_HEADER.rpartition("\t")[0], ROW.rpartition("\t")[0]
    assert [li.class_status for li in read_rows(tmp_path, row, header=header).listings] == ["ColumnLost"]


def test_sections_give_the_category(tmp_path):
    sections = [("Core", "CoreCity"), ("Council", "CouncilMember")]
    facts = read_table_text(tmp_path, "Core", TABLE_HEADER, ROW, "Council", TABLE_HEADER, ROW, sections=sections)
    assert [li.category for li in facts.listings] == ["CoreCity", "CouncilMember"]


def test_no_break_spaces_are_noted_once_a_line(tmp_path):
    row = make_row("A\u00a0\u00a0Division", email="a@city.jp\u00a0")
    facts = read_rows(tmp_path, row)
    assert list_issues(facts) == [("NonBreakingSpace", "line", row)]
    assert list_bodies(facts) == [("Kashiwa City", ["A Division"])]


def test_a_shift_moves_the_cells_one_column_right(tmp_path):
    row = "Kashiwa City\tA Division\thttps://u.jp/\ta@city.jp\thttps://c.jp/\t"
    entry = write_entry(text=row, decision="shift", issue="ShiftedRow", columns=None, verbatim=None)
    facts = read_seeds(write_seeds(tmp_path, f"{TABLE_HEADER}\n{row}\n", curation=entry))
    assert list_bodies(facts) == [("Kashiwa City", ["A Division"])]
    assert list_issues(facts) == [("ShiftedRow", "line", row)]


def test_a_shift_that_would_push_a_cell_out_is_refused(tmp_path):
    row = "Kashiwa City\tA Division\thttps://u.jp/\ta@city.jp\t\thttps://c.jp/"
    entry = write_entry(text=row, decision="shift", issue="ShiftedRow", columns=None, verbatim=None)
    problems = show_problems(find_problems(write_seeds(tmp_path, f"{TABLE_HEADER}\n{row}\n", curation=entry)))
    assert problems == ["009.txt:2 the row cannot be shifted: its last cell is not empty"]


@pytest.mark.parametrize(("decision", "kind"), [("note", "NoteLine"), ("heading", "HeadingLine")])
def test_a_line_of_text_that_a_person_accounted_for(tmp_path, decision, kind):
    entry = write_entry(text="As of 2020", line=3, decision=decision, issue=None, columns=None, verbatim=None)
    facts = read_table_text(tmp_path, "Cities", TABLE_HEADER, "As of 2020", ROW, curation=entry)
    assert facts.line_kinds["009"][3] == kind
    assert len(facts.listings) == 1


def test_a_line_of_text_that_is_a_listing(tmp_path):
    keys = {"decision": "listing", "issue": "NoDivisionYet", "place": "122173", "status": "NoDivisionYet"}
    entry = write_entry(text="Kashiwa has none.", line=4, columns=None, verbatim=None, **keys)
    facts = read_table_text(tmp_path, "Cities", TABLE_HEADER, OTHER, "Kashiwa has none.", curation=entry)
    listing = facts.listings[1]
    assert (listing.place.name_en, listing.status, listing.class_status, listing.bodies) == (
        "Kashiwa",
        "NoDivisionYet",
        "NotApplicable",
        [],
    )
    assert [n.value for n in listing.notes] == ["Kashiwa has none."]


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        (["rubbish", "Cities", TABLE_HEADER, ROW], ["1 text before the first heading"]),
        (["Cities", "rubbish", TABLE_HEADER, ROW], ["2 no rule reads this line: neither heading nor header"]),
        (["Cities", TABLE_HEADER, "rubbish", ROW], ["3 1 cell where the header has 6 columns"]),
        (["Cities", TABLE_HEADER, ROW, "rubbish"], ["4 1 cell where the header has 6 columns"]),
        (["Cities", TABLE_HEADER, ROW, "rub\tbish"], ["4 2 cells where the header has 6 columns"]),
        (["Cities", TABLE_HEADER, f"{ROW}\t"], ["3 7 cells where the header has 6 columns"]),
        (["Cities", TABLE_HEADER, ROW.rpartition("\t")[0]], ["3 5 cells where the header has 6 columns"]),
        (["Cities", f"{TABLE_HEADER}\tFax", f"{ROW}\t1", "rubbish"], ["2 unknown column 'Fax'"]),
        (["Cities", f"{TABLE_HEADER}\t", f"{ROW}\t"], ["2 unknown column ''"]),
        (["Cities", TABLE_HEADER.replace("URL", "E-mail"), ROW], ["2 two columns hold 'email'"]),
        (["Cities", "URL\te-mail", "x\ty"], ["2 the table has no column for the department"]),
        (["Cities", "Prefecture\tDepartment in charge", "Chiba\tA"], ["2 the table has no column for the place"]),
        (
            ["Cities", TABLE_HEADER, ROW, "City\tDepartment in charge\tURL"],
            ["4 a header that differs from the one of its table"],
        ),
        (["Cities", TABLE_HEADER], ["0 no listing stands under 'Cities'"]),
        (["Cities", ROW], ["2 no rule reads this line: neither heading nor header"]),
    ],
)
def test_a_line_that_no_rule_reads_is_refused(tmp_path, lines, problems):
    assert refuse_table_text(tmp_path, *lines) == [f"009.txt:{p}" for p in problems]


@pytest.mark.parametrize("lines", [[TABLE_HEADER, ROW], ["cities", TABLE_HEADER, ROW], ["Cities 2020", TABLE_HEADER, ROW]])
def test_a_heading_that_is_not_as_the_catalogue_says_is_refused(tmp_path, lines):
    problems = refuse_table_text(tmp_path, *lines)
    assert problems[0] == "009.txt:0 the heading 'Cities' is not there"
    assert problems[1:] == [f"009.txt:{n} text before the first heading" for n in range(1, len(lines) + 1)]


def test_a_heading_that_is_gone_is_refused_and_its_rows_do_not_go_to_the_section_above(tmp_path):
    sections = [("Core", "CoreCity"), ("Council", "CouncilMember")]
    problems = refuse_table_text(tmp_path, "Core", TABLE_HEADER, ROW, TABLE_HEADER, OTHER, sections=sections)
    assert problems == ["009.txt:0 the heading 'Council' is not there"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x\tKashiwa City\tA Division", "'x' is no number"),
        ("1.\tKashiwa City\tA Division", "'1.' is no number"),
        ("2\t\tA Division", "a number without a place"),
    ],
)
def test_rubbish_in_the_number_column_is_refused(tmp_path, row, message):
    header = "No.\tCity\tDepartment in Charge"
    assert refuse_rows(tmp_path, "1\tAbiko City\tA Division", row, header=header) == [f"009.txt:3 {message}"]


def test_numbers_need_not_be_in_order(tmp_path):
    header = "No.\tCity\tDepartment in Charge"
    facts = read_rows(tmp_path, "7\tAbiko City\tA Division", "\t\tB Division", "3\tKashiwa City\tC Division", header=header)
    assert list_bodies(facts) == [("Abiko City", ["A Division", "B Division"]), ("Kashiwa City", ["C Division"])]
