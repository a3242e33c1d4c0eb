"""Which value of a cell belongs to which body in charge."""

from __future__ import annotations

from collections.abc import Sequence

from lod.cells import Value
from lod.listings import Body


def pair_values(values: Sequence[Value], bodies: Sequence[Body], *, bulleted: bool) -> tuple[list[Body | None], str]:
    """For each value its body, None for the listing as a whole; and the kind of issue that the pairing deserves, or "".

    Numbers and labels pair first; bullets on both sides, or equal counts, pair by position; else nothing is told apart.
    """
    if len(bodies) == 1:
        return [bodies[0]] * len(values), ""
    if not values:
        return [], ""
    by_number = {b.number: b for b in bodies if b.number is not None}
    numbered = [by_number.get(v.number) if v.number is not None else None for v in values]
    if len(by_number) == len(bodies) and all(numbered):
        return numbered, ""
    if labelled := _pair_labels(values, bodies):
        return list(labelled), ""
    if len(values) == len(bodies):
        marked = all(v.label for v in values) or (bulleted and all(v.bullet for v in values))
        return list(bodies), "" if marked else "PairedByPosition"
    return [None] * len(values), "NotPaired"


def _pair_labels(values: Sequence[Value], bodies: Sequence[Body]) -> list[Body]:
    by_name = {b.name.casefold(): b for b in bodies}
    paired = [by_name.get(v.label.casefold()) for v in values]
    return [b for b in paired if b] if all(paired) else []
