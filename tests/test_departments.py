"""Department cells: which bodies in charge a cell names."""

from __future__ import annotations

import pytest

from lod.departments import Part, split_department
from lod.errors import Refused


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("(1) A Division (2) B Office", ["A Division", "B Office"]),
        ("( 1 ) A ( 2 ) B", ["A", "B"]),
        ("1) A 2) B", ["A", "B"]),
        ("[1]A [2]B [3]C", ["A", "B", "C"]),
        ("①国際課②文化課", ["国際課", "文化課"]),
        ("（１）国際課（２）文化課", ["国際課", "文化課"]),
        ("⑴A⑵B", ["A", "B"]),
        ("(2) B Office", ["B Office"]),
        ("(2) B (3) C", ["B", "C"]),
        ("\u3000(1)\u00a0A\u3000Division (2) B", ["A Division", "B"]),
    ],
)
def test_numbers_split(text, names):
    parts, stray = split_department(text)
    first = parts[0].number
    assert [p.text for p in parts] == names
    assert [p.number for p in parts] == list(range(first, first + len(names)))
    assert stray == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("・ A ・ B", ["A", "B"]),
        ("・国際課 ・文化課", ["国際課", "文化課"]),
        ("• A Division • B Section", ["A Division", "B Section"]),
        ("•A •B", ["A", "B"]),
        ("○ A", ["A"]),
        ("・観光・国際課 ・文化課", ["観光・国際課", "文化課"]),
    ],
)
def test_bullets_split_where_a_value_starts(text, names):
    assert split_department(text) == ([Part(n, bullet=True) for n in names], [])


@pytest.mark.parametrize(
    "text",
    [
        "観光・国際交流部",
        "A ・ B",
        "Secretariat/Exchange Association",
        "A / B",
        "A, B and C",
        "Division (Office: 2nd floor)",
        "Diversity Promotion Division 2",
        "Section (2019)",
        "【窓口】国際課",
    ],
)
def test_nothing_else_splits(text):
    assert split_department(text) == ([Part(text)], [])


@pytest.mark.parametrize(
    ("text", "names", "stray"),
    [
        ("A Division (1)", ["A Division"], ["(1)"]),
        ("A (1) Division", ["A Division"], ["(1)"]),
        ("(1) A (2) B (3)", ["A", "B"], ["(3)"]),
        ("A (1) (2)", ["A"], ["(1)", "(2)"]),
        ("• A •", ["A"], ["•"]),
        ("(1)", [""], ["(1)"]),
    ],
)
def test_a_marker_that_numbers_nothing_is_stray_and_leaves_the_name(text, names, stray):
    parts, found = split_department(text)
    assert [p.text for p in parts] == names
    assert found == stray


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(1) A (3) B", "(3) stands where (2) would follow"),
        ("(2) B (1) A", "(1) stands where (3) would follow"),
        ("Bureau (1) A (2) B", "'Bureau' stands before the number (1)"),
        ("【A】X【B】Y", "【A】 and 【B】 in one department cell"),
    ],
)
def test_markers_that_leave_it_open_what_they_split_are_refused(text, message):
    with pytest.raises(Refused) as refusal:
        split_department(text)
    assert str(refusal.value) == message
    assert refusal.value.remedy


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\u00a0"])
def test_a_blank_cell_names_nobody(text):
    assert split_department(text) == ([], [])
