"""Which points of a map have their names beside them all the time: those whose names cover nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from server.pages.labels import Label

_LETTER, _SYLLABLE = 9.4, 16.0  # width of a Latin letter and of a Japanese one, in the units of the picture
_HALF = 9.0  # of the height of a line, and of the room around a point
_GAP = 11.0  # from the point to its name

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Mark:
    """A point in the picture, with a name and a link. The name stands to the right, or to the left near the right end."""

    x: float
    y: float
    label: Label
    target: NamedNode | str | None
    category: str = ""
    is_left: bool = False
    is_named: bool = False  # always, not only when it is pointed at


def name_marks(marks: Sequence[Mark], taken: Sequence[Box], width: float, height: float) -> tuple[Mark, ...]:
    """The marks, as many of them named as there is room for, the first before others; boxes that are taken stay free."""
    points = [box_point(mark.x, mark.y) for mark in marks]
    boxes = list(taken)
    named = []
    for mark, own in zip(marks, points, strict=True):
        others = [*boxes, *(point for point in points if point != own)]
        sides = {is_left: _box_name(mark, is_left) for is_left in (mark.is_left, not mark.is_left)}
        free = (
            is_left
            for is_left, box in sides.items()
            if min(box[:2]) >= 0 and box[2] <= width and box[3] <= height and not any(_overlaps(box, other) for other in others)
        )
        is_left = next(free, None)
        if is_left is None:
            named.append(mark)
        else:
            boxes.append(sides[is_left])
            named.append(replace(mark, is_left=is_left, is_named=True))
    return tuple(named)


def box_point(x: float, y: float, half: float = _HALF) -> Box:
    """The room that a point takes."""
    return x - half, y - half, x + half, y + half


def _box_name(mark: Mark, is_left: bool) -> Box:
    """The room of the longer of its names, since the picture is the same in both languages."""
    texts = [(mark.label.text, mark.label.language), (mark.label.other, mark.label.other_language)]
    length = max(len(text) * (_SYLLABLE if language == "ja" else _LETTER) for text, language in texts)
    start = mark.x - _GAP - length if is_left else mark.x + _GAP
    return start, mark.y - _HALF, start + length, mark.y + _HALF


def _overlaps(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
