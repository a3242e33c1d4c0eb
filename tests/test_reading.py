"""Reading: from rows to listings, with bodies, notes and continuations; what is no such row is refused."""

from __future__ import annotations

import pytest
from small_seeds import TABLE_HEADER, list_bodies, list_emails, list_issues, make_row, read_rows, refuse_rows, write_seeds
from test_curation import write_entry

from lod.seeds import read_seeds


def continue_row(department: str = "", **cells: str) -> str:
    return make_row(department, place="", prefecture="", **cells)


def read_curated(folder, row: str, **entry: object):
    keys = {"text": row, "columns": None, "verbatim": None, **entry}
    return read_seeds(write_seeds(folder, f"{TABLE_HEADER}\n{row}\n", curation=write_entry(**keys)))


@pytest.mark.parametrize("number", range(1, 4))
def test_rows_without_a_place_continue_the_listing(tmp_path, number):
    rows = [continue_row(f"{letter} Division", email=f"{letter.lower()}@city.jp") for letter in "BCD"[:number]]
    facts = read_rows(tmp_path, make_row("A Division"), *rows)
    assert list_bodies(facts) == [("Kashiwa City", [f"{letter} Division" for letter in "ABCD"[: number + 1]])]
    assert list_emails(facts.listings[0])[2:] == [[f"{letter}@city.jp"] for letter in "bcd"[:number]]
    assert list_issues(facts) == [("ContinuationRow", "line", row) for row in rows]


def test_the_same_place_with_the_next_number_continues_the_listing(tmp_path):
    facts = read_rows(tmp_path, make_row("(1) A Division"), make_row("(2) B Division", place="Kashiwa"))
    assert list_bodies(facts) == [("Kashiwa City", ["A Division", "B Division"])]


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        ("A Division", "B Division", "Kashiwa City"),
        ("(1) A Division", "(3) B Division", "Kashiwa City"),
        ("(1) A Division", "(1) B Division", "Kashiwa City"),
        ("(1) A Division", "(2) B Division", "Abiko City"),
    ],
)
def test_a_place_without_the_next_number_starts_a_listing(tmp_path, first, second, place):
    facts = read_rows(tmp_path, make_row(first), make_row(second, place=place))
    assert [li.lines for li in facts.listings] == [[2], [3]]


def test_rows_with_nothing_but_class_links_add_them(tmp_path):
    row = continue_row(classes="https://b.jp/")
    facts = read_rows(tmp_path, make_row(classes="https://a.jp/"), row)
    (listing,) = facts.listings
    assert [c.url for c in listing.channels] == ["https://a.jp/", "https://b.jp/"]
    assert list_issues(facts) == [("ClassLinkRow", "line", row)]


def test_contacts_of_a_row_without_department_belong_to_the_listing(tmp_path):
    facts = read_rows(tmp_path, make_row("A Division", email="a@city.jp"), continue_row(email="b@city.jp"))
    assert list_emails(facts.listings[0]) == [["b@city.jp"], ["a@city.jp"]]
    assert [i[0] for i in list_issues(facts)] == ["ContinuationRow", "NotPaired"]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([continue_row("A Division")], "2 the row has no place and continues nothing"),
        ([make_row("")], "2 no department in charge is named"),
        ([make_row("(1)")], "2 '(1)' names no department"),
        ([make_row("※ only a note")], "2 '※ only a note' names no department"),
        ([make_row("---")], "2 '---' names no department"),
        ([make_row("12345")], "2 '12345' names no department"),
        ([make_row("https://www.city.jp/")], "2 a URL or an e-mail stands where the department is"),
        ([make_row("www.city.jp")], "2 a URL or an e-mail stands where the department is"),
        ([make_row("A Division name@city.jp")], "2 a URL or an e-mail stands where the department is"),
        ([make_row("name[at]city.jp")], "2 a URL or an e-mail stands where the department is"),
        ([make_row("(1) A (3) B")], "2 (3) stands where (2) would follow"),
        ([make_row(), make_row("A Division", place="", prefecture="Chiba")], "3 a prefecture without a place"),
        ([make_row("<b>A</b>")], "2 the markup <b>"),
        (["Kashiwa City\tA Division\thttps://u.jp/\ta@city.jp\t\t"], "2 a URL or an e-mail stands where the department is"),
        (["\tChiba\tKashiwa City\tA Division\thttps://u.jp/\ta@city.jp"], "2 a place stands where the department is"),
        ([make_row("Chiba Prefecture")], "2 a place stands where the department is"),
    ],
)
def test_a_row_that_is_no_listing_is_refused(tmp_path, rows, problem):
    found = refuse_rows(tmp_path, *rows)
    assert len(found) == 1
    assert found[0].startswith(f"009.txt:{problem}")


def test_a_link_as_department_is_its_name_and_an_issue(tmp_path):
    cell = '<a href="http://u.jp/">A Division</a>'
    facts = read_rows(tmp_path, make_row(cell), html=True)
    assert list_bodies(facts) == [("Kashiwa City", ["A Division"])]
    assert list_issues(facts) == [("HtmlMarkup", "department", cell)]


@pytest.mark.parametrize("column", ["department", "place", "prefecture"])
def test_entities_and_markup_are_read_in_every_column(tmp_path, column):
    cells = {"department": "A &amp; B<br>Division", "place": "Kashiwa&nbsp;<b>City</b>", "prefecture": "<i>Chi&#98;a</i>"}
    facts = read_rows(tmp_path, make_row(**{column: cells[column]}), html=True)
    name = "A & B Division" if column == "department" else "International Division"
    assert list_bodies(facts) == [("Kashiwa City", [name])]
    assert list_issues(facts) == [(kind, column, cells[column]) for kind in ("HtmlEntity", "HtmlMarkup")]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("国際課", "JapaneseName"),
        ("Chiiki Shinko-ka", "RomanisedName"),
        ("Machizukuri Kyōdōka", "RomanisedName"),
        ("Abiko City International Association", "BodyOfAnotherPlace"),
    ],
)
def test_names_that_deserve_an_issue(tmp_path, cell, kind):
    assert list_issues(read_rows(tmp_path, make_row(cell))) == [(kind, "department", cell)]


@pytest.mark.parametrize("cell", ["Kashiwa City Office", "City Promotion Section", "Sister City Division", "Kashiwa city hall"])
def test_names_that_bear_no_other_place(tmp_path, cell):
    assert list_issues(read_rows(tmp_path, make_row(cell))) == []


def test_a_body_of_another_place_is_marked(tmp_path):
    facts = read_rows(tmp_path, make_row("(1) Abiko City Association (2) Kashiwa City Association"))
    assert [b.of_this_place for b in facts.listings[0].bodies] == [False, True]


def test_a_city_of_the_same_name_is_no_other_place(tmp_path):
    facts = read_rows(tmp_path, make_row("Sakai City Office", place="Sakai City", prefecture="Fukui"))
    assert list_issues(facts) == []


def test_notes_are_kept_and_name_associations(tmp_path):
    cell = "A Division ※Classes are run by the X Association. ※Y Foundation"
    facts = read_rows(tmp_path, make_row(cell))
    (listing,) = facts.listings
    assert [n.value for n in listing.notes] == ["Classes are run by the X Association.", "Y Foundation"]
    assert [n.value for n in listing.related] == ["X Association", "Y Foundation"]
    assert listing.operator == "X Association"
    assert list_issues(facts) == [("NoteInName", "department", cell)] * 2


def test_a_sign_without_a_note_is_stray(tmp_path):
    facts = read_rows(tmp_path, make_row("A Division*"))
    assert list_bodies(facts) == [("Kashiwa City", ["A Division"])]
    assert list_issues(facts) == [("StrayMarker", "department", "A Division*")]


@pytest.mark.parametrize(("kind", "association"), [("association", True), ("unit", False)])
def test_a_person_decides_what_kind_of_body_it_is(tmp_path, kind, association):
    facts = read_curated(tmp_path, make_row("X Center Section"), decision="body", kind=kind, issue=None)
    assert facts.listings[0].bodies[0].is_association is association


def test_a_person_decides_which_place_an_ambiguous_name_means(tmp_path):
    row = make_row(place="Sakai City", prefecture="")
    facts = read_curated(tmp_path, row, decision="place", place="271403", issue="AmbiguousPlace", verbatim="Sakai City")
    assert facts.listings[0].place.name_ja == "堺市"
    assert list_issues(facts) == [("AmbiguousPlace", "place", "Sakai City")]


def test_a_person_decides_that_a_row_continues_the_one_above(tmp_path):
    row = make_row("(2) B Division", place="Suwa town", prefecture="")
    entry = write_entry(text=row, line=3, decision="continue", issue="SubdivisionForPlace", columns=None, verbatim="Suwa town")
    text = f"{TABLE_HEADER}\n{make_row('(1) A Division')}\n{row}\n"
    facts = read_seeds(write_seeds(tmp_path, text, curation=entry))
    assert list_bodies(facts) == [("Kashiwa City", ["A Division", "B Division"])]
    assert ("SubdivisionForPlace", "place", "Suwa town") in list_issues(facts)


@pytest.mark.parametrize("decision", ["place", "listing"])
def test_a_decision_for_a_place_that_is_not_in_the_table_is_refused(tmp_path, decision):
    row = make_row() if decision == "place" else "None yet."
    entry = write_entry(
        text=row, line=3, decision=decision, place="999999", status="NoDivisionYet", columns=None, verbatim=None
    )
    text = f"{TABLE_HEADER}\n{make_row(place='Abiko City')}\n{row}\n"
    seeds = write_seeds(tmp_path, text, curation=entry)
    with pytest.raises(Exception, match="names '999999', which is no code of the table"):
        read_seeds(seeds)
