"""Placing: the place of a row and what is irregular about the way it is named."""

from __future__ import annotations

import pytest
from small_seeds import list_issues, make_row, read_rows, refuse_rows, write_seeds

from lod.seeds import read_seeds


def place(tmp_path, printed: str, prefecture: str = "", *others: str) -> tuple[str, list[tuple[str, str, str]]]:
    facts = read_rows(tmp_path, *others, make_row(place=printed, prefecture=prefecture))
    return facts.listings[-1].place.label_en, [i for i in list_issues(facts) if i[1] in ("place", "prefecture")]


@pytest.mark.parametrize(
    ("printed", "prefecture", "label", "issues"),
    [
        ("Kashiwa City", "Chiba", "Kashiwa City", []),
        ("Kashiwa\u3000City", "Chiba\u00a0", "Kashiwa City", []),
        ("Kashiwa City", "Chiba Prefecture", "Kashiwa City", []),
        ("Chiba Prefecture, Kashiwa City", "", "Kashiwa City", []),
        ("Hokkaido, Sapporo City", "", "Sapporo City", []),
        ("Kashiwa", "Chiba", "Kashiwa City", [("PlaceNameVariant", "place", "Kashiwa")]),
        ("柏市", "千葉県", "Kashiwa City", [("PlaceNameVariant", "place", "柏市")]),
        ("千葉県・柏市", "", "Kashiwa City", [("PlaceNameVariant", "place", "千葉県・柏市")]),
        ("Kashiwa City", "chiba", "Kashiwa City", [("PlaceNameVariant", "prefecture", "chiba")]),
        ("kashiwa", "chiba", "Kashiwa City", [("PlaceNameVariant", "place", "kashiwa")]),
        ("Gunma-Ken,Ota-Shi", "", "Ota City", [("PlaceNameVariant", "place", "Gunma-Ken,Ota-Shi")]),
        ("Mie prefecture · Suzuka City", "", "Suzuka City", [("PlaceNameVariant", "place", "Mie prefecture · Suzuka City")]),
        ("Mie Prefecture ・ Tsu City", "", "Tsu City", []),
        ("Kobe City", "Hyougo", "Kobe City", [("PrefectureMisspelt", "prefecture", "Hyougo")]),
        ("Kashiwa City", "Gunma", "Kashiwa City", [("PrefectureDiffers", "prefecture", "Gunma")]),
        ("Gunma Prefecture, Kashiwa City", "", "Kashiwa City", [("PrefectureDiffers", "prefecture", "Gunma Prefecture")]),
    ],
)
def test_place_and_remarks(tmp_path, printed, prefecture, label, issues):
    assert place(tmp_path, printed, prefecture) == (label, issues)


@pytest.mark.parametrize(
    ("above", "kind"), [("Kashiwa City\tChiba", "PrefectureMissing"), ("Kobe City\tHyogo", "PrefectureDiffers")]
)
def test_a_blank_prefecture_is_read_with_the_one_above(tmp_path, above, kind):
    name, prefecture = above.split("\t")
    other = make_row(place=name, prefecture=prefecture)
    assert place(tmp_path, "Abiko City", "", other) == ("Abiko City", [(kind, "prefecture", "Abiko City")])


def test_a_blank_prefecture_is_no_issue_where_no_row_states_one(tmp_path):
    assert place(tmp_path, "Abiko City", "", make_row(place="Kobe City", prefecture="")) == ("Abiko City", [])


def test_the_row_above_never_decides(tmp_path):
    """Two cities are called Sakai; that the row above is in Osaka says nothing."""
    above = make_row(place="Takatsuki City", prefecture="Osaka")
    (problem,) = refuse_rows(tmp_path, above, make_row(place="Sakai City", prefecture=""))
    assert problem.startswith("009.txt:3 'Sakai City' is ambiguous: Sakai City in Fukui (182109), Sakai City in Osaka (271403)")


@pytest.mark.parametrize(
    ("printed", "prefecture", "message"),
    [
        ("Atlantis City", "Chiba", "no city, town, village or ward is called 'Atlantis City'"),
        ("Kashiwa City", "Atlantis", "no prefecture is called 'Atlantis'"),
        ("Kashiwa City", "柏市", "no prefecture is called '柏市'"),
        ("Kashiwa City (1)", "Chiba", "no city, town, village or ward is called 'Kashiwa City (1)'"),
        ("", "Chiba", "a prefecture without a place"),
        ("Kashiwa Town", "Chiba", "no city, town, village or ward is called 'Kashiwa Town'"),
    ],
)
def test_rubbish_is_refused_with_its_line(tmp_path, printed, prefecture, message):
    assert refuse_rows(tmp_path, make_row(place=printed, prefecture=prefecture)) == [f"009.txt:2 {message}"]


def test_a_wrong_prefecture_is_told_of_its_own_row_only(tmp_path):
    rows = (make_row(prefecture="Atlantis"), make_row(place="Abiko City", prefecture=""))
    assert refuse_rows(tmp_path, *rows) == ["009.txt:2 no prefecture is called 'Atlantis'"]


def test_prefectures_are_the_places_of_a_section_of_prefectures(tmp_path):
    text = "Prefecture\tDepartment in charge name\nChiba\tA Division\noita\tB Division\nHyougo\tC Division\n"
    facts = read_seeds(write_seeds(tmp_path, text, sections=[("", "Prefecture")]))
    assert [li.place.label_en for li in facts.listings] == ["Chiba Prefecture", "Oita Prefecture", "Hyogo Prefecture"]
    assert list_issues(facts) == [("PlaceNameVariant", "prefecture", "oita"), ("PrefectureMisspelt", "prefecture", "Hyougo")]
