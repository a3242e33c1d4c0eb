"""Pairing: which value goes to which body in charge, and when nobody can tell."""

from __future__ import annotations

import pytest

from lod.listings import Body
from lod.pairing import pair_values
from lod.values import Value


def pair(values: str, bodies: str, *, bulleted: bool = False) -> tuple[str, str]:
    """Values and bodies in shorthand: `1` a number, `A` a label or name, `-` neither, `•` a bullet, `1A` a numbered body A.

    The answer names for each value its body, `-` for the listing as a whole.
    """
    named = [
        Body(n, b.lstrip("123456789•") or f"body {n}", False, 1, int(b[0]) if b[0].isdigit() else None)
        for n, b in enumerate(bodies.split(), 1)
    ]
    read = [
        Value("x", "x", number=int(v) if v.isdigit() else None, label=v if v.isalpha() else "", bullet=v == "•")
        for v in values.split()
    ]
    paired, kind = pair_values(read, named, bulleted=bulleted)
    return " ".join(b.name if b else "-" for b in paired), kind


@pytest.mark.parametrize(
    ("values", "bodies", "paired", "kind"),
    [
        # one body has everything
        ("-", "A", "A", ""),
        ("- - -", "A", "A A A", ""),
        ("1 2", "A", "A A", ""),
        ("X", "A", "A", ""),
        ("2", "2B", "B", ""),
        ("1", "2B", "-", "NotPaired"),
        # numbers
        ("1 2", "1A 2B", "A B", ""),
        ("2 1", "1A 2B", "B A", ""),
        ("1 1 2", "1A 2B", "A A B", ""),
        ("2", "1A 2B", "B", ""),
        ("2 1", "A B", "B A", ""),
        ("1 3", "1A 2B", "- -", "NotPaired"),
        ("1 2 3", "1A 2B", "- - -", "NotPaired"),
        ("1 -", "1A 2B", "A B", "PairedByPosition"),
        ("- 1", "1A 2B", "- -", "NotPaired"),
        ("1 - -", "1A 2B", "- - -", "NotPaired"),
        # labels
        ("B A", "A B", "B A", ""),
        ("b A", "A B", "B A", ""),
        ("B X", "A B", "B A", ""),
        ("X B", "A B", "A B", ""),
        ("B -", "A B", "B A", "PairedByPosition"),
        ("B X Y", "A B", "B - -", "NotPaired"),
        ("A A", "A B", "A A", ""),
        # position
        ("- -", "A B", "A B", "PairedByPosition"),
        ("- -", "1A 2B", "A B", "PairedByPosition"),
        ("X Y", "A B", "A B", "PairedByPosition"),
        # nobody can tell
        ("-", "A B", "-", "NotPaired"),
        ("- - -", "A B", "- - -", "NotPaired"),
        ("A A", "A A", "A A", "PairedByPosition"),
        # no body, no value
        ("- -", "", "- -", "NotPaired"),
        ("", "A B", "", ""),
    ],
)
def test_values_go_to_bodies(values, bodies, paired, kind):
    assert pair(values, bodies) == (paired, kind)


def test_bullets_on_both_sides_pair_by_position_without_a_doubt():
    assert pair("• •", "•A •B", bulleted=True) == ("A B", "")
    assert pair("• •", "A B") == ("A B", "PairedByPosition")
    assert pair("• •", "•A •B •C", bulleted=True) == ("- -", "NotPaired")
