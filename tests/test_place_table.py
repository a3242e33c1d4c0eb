"""The reference table: a row that is not as the header promises is refused with its line."""

from __future__ import annotations

import pytest
from conftest import SEEDS
from small_seeds import show_problems

from lod.errors import SeedsError
from lod.place_table import compute_check_digit, read_places

HEADER = (SEEDS / "places.csv").read_text(encoding="utf-8").splitlines()[0]
CHIBA = "120006,prefecture,Chiba,千葉県,ちばけん,Chiba,,JP-12,Q80011,2113014,C12000,35.60,140.12"
KASHIWA = "122173,city,Kashiwa,柏市,かしわし,Chiba,core,,Q16753,1859924,C12217,35.86,139.97"


def refuse(tmp_path, text: str | bytes) -> list[str]:
    path = tmp_path / "places.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SeedsError) as refusal:
        read_places(path)
    return show_problems(refusal.value.problems)


@pytest.mark.parametrize(("digits", "check"), [("12217", "3"), ("01000", "6"), ("13101", "6"), ("27140", "3"), ("47000", "7")])
def test_check_digit(digits, check):
    assert compute_check_digit(digits) == check


def test_a_table_is_read_whatever_its_line_ends(tmp_path):
    path = tmp_path / "places.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join((HEADER, CHIBA, KASHIWA, "")).encode())
    places = list(read_places(path))
    assert [p.label_en for p in places] == ["Chiba Prefecture", "Kashiwa City"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("122173", "122174", "'122174' is no local government code"),
        ("122173", "12217", "'12217' is no local government code"),
        ("122173", "１２２１７３", "'１２２１７３' is no local government code"),
        ("city", "burg", "unknown kind 'burg'"),
        ("Kashiwa,", ",", "no name_en"),
        ("柏市", "", "no name_ja"),
        ("Q16753", "16753", "'16753' is no wikidata"),
        ("1859924", "x", "'x' is no geonames"),
        ("C12217", "12217", "'12217' is no estat"),
        ("35.86", "95.86", "'95.86' is no coordinate in degrees"),
        ("35.86", "N35", "'N35' is no coordinate in degrees"),
        (",139.97", "", "12 columns, the header has 13"),
        (",Chiba,core", ",Chibo,core", "no row for prefecture 'Chibo'"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(tmp_path, old, new, message):
    assert old in KASHIWA
    assert refuse(tmp_path, f"{HEADER}\n{CHIBA}\n{KASHIWA.replace(old, new, 1)}\n") == [f"places.csv:3 {message}"]


def test_all_wrong_rows_are_told_together(tmp_path):
    assert refuse(tmp_path, f"{HEADER}\n{CHIBA}x\n{KASHIWA.replace('city', 'x')}\nx\n") == [
        "places.csv:2 '140.12x' is no coordinate in degrees",
        "places.csv:3 unknown kind 'x'",
        "places.csv:4 1 columns, the header has 13",
    ]


def test_a_code_that_stands_twice_is_refused(tmp_path):
    assert refuse(tmp_path, f"{HEADER}\n{CHIBA}\n{KASHIWA}\n{KASHIWA}\n") == ["places.csv:4 code 122173 stands twice"]


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"", 1), (b"code,name\n", 1), (HEADER.encode() + b"\n\xff\n", 0), (f'{HEADER}\n"{CHIBA}'.encode(), 2)],
)
def test_what_is_no_such_table_is_refused(tmp_path, content, line):
    (problem,) = refuse(tmp_path, content)
    assert problem.startswith(f"places.csv:{line} ")


def test_a_missing_table_is_refused(tmp_path):
    with pytest.raises(SeedsError, match="cannot be read"):
        read_places(tmp_path / "places.csv")
