"""Which value of a cell belongs to which body in charge."""

from __future__ import annotations

from collections.abc import Sequence

from lod.listings import Body
from lod.values import Value

Pairing = tuple[list[Body | None], str]


def pair_values(values: Sequence[Value], bodies: Sequence[Body], *, bulleted: bool) -> Pairing:
    """For each value its body, None for the listing as a whole; and the kind of issue that the pairing deserves, or "".

    Numbers and labels pair first; bullets on both sides, or equal counts, pair by position; else nothing is told apart.
    """
    if not values:
        return [], ""
    if any(v.number is not None for v in values):
        return _pair_numbers(values, bodies)
    if len(bodies) == 1:
        return [bodies[0]] * len(values), ""
    if any(_find_named(v, bodies) for v in values):
        return _pair_labels(values, bodies)
    if len(values) == len(bodies):
        return list(bodies), "" if bulleted and all(v.bullet for v in values) else "PairedByPosition"
    return [None] * len(values), "NotPaired"


def _pair_numbers(values: Sequence[Value], bodies: Sequence[Body]) -> Pairing:
    """By number; the n-th body is meant by (n) where the bodies bear no numbers themselves."""
    unnumbered = all(b.number is None for b in bodies)
    if unnumbered and len(bodies) == 1:
        return [bodies[0]] * len(values), ""
    by_number = {order if unnumbered else b.number: b for order, b in enumerate(bodies, 1)}
    paired = [by_number.get(v.number) for v in values if v.number is not None]
    if not all(paired):
        return [None] * len(values), "NotPaired"
    if len(paired) == len(values):
        return list(paired), ""
    in_position = all(v.number is None or by_number[v.number] is b for v, b in zip(values, bodies, strict=False))
    if len(values) == len(bodies) and in_position:
        return list(bodies), "PairedByPosition"
    return [None] * len(values), "NotPaired"


def _pair_labels(values: Sequence[Value], bodies: Sequence[Body]) -> Pairing:
    """By the names of bodies that stand before values; what is left pairs by position where as many bodies are left."""
    paired = [_find_named(v, bodies) for v in values]
    left = [b for b in bodies if not any(p is b for p in paired)]
    unpaired = [v for v, body in zip(values, paired, strict=True) if body is None]
    if not unpaired:
        return paired, ""
    if len(left) != len(unpaired):
        return paired, "NotPaired"
    rest = iter(left)
    kind = "" if all(v.label for v in unpaired) else "PairedByPosition"
    return [body or next(rest) for body in paired], kind


def _find_named(value: Value, bodies: Sequence[Body]) -> Body | None:
    named = [b for b in bodies if value.label and b.name.casefold() == value.label.casefold()]
    return named[0] if len(named) == 1 else None
