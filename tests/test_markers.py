"""Markers: what counts as a number before a value."""

from __future__ import annotations

import re

import pytest

from lod.markers import NUMBER, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(1)", 1),
        ("( 12 )", 12),
        ("（２）", 2),
        ("[3]", 3),
        ("［４］", 4),
        ("5)", 5),
        ("６）", 6),
        ("①", 1),
        ("⑳", 20),
        ("⑵", 2),
    ],
)
def test_numbers_in_the_notations_that_lists_use(text, number):
    match = re.fullmatch(NUMBER, text)
    assert match
    assert read_number(match) == number


@pytest.mark.parametrize("text", ["(a)", "(2019)", "1.", "(1", "()", "[ ]", "12"])
def test_what_is_no_number(text):
    assert not re.fullmatch(NUMBER, text)


def test_a_half_parenthesis_numbers_only_at_the_start_of_a_word():
    assert not re.search(NUMBER, "room2)")
    assert re.search(NUMBER, "room 2)")
