"""The department cells: the bodies in charge that one names, told apart by their markers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lod.errors import Refused
from lod.markers import BULLETS, NUMBER, read_number
from lod.names import normalise_name

_NUMBER = re.compile(NUMBER)
_LABEL = re.compile(r"【[^【】]*】")
_BULLET = re.compile(rf"(?<!\S)[{BULLETS}]")


@dataclass(frozen=True)
class Part:
    """One of the bodies that a department cell names, with its marker."""

    text: str
    number: int | None = None
    bullet: bool = False


def split_department(text: str) -> tuple[list[Part], list[str]]:
    """The parts of a department cell, and its stray markers.

    Numbers split where the first stands at the start (any number there, as in a row that continues a listing) and the others
    count up from it; bullets split where one stands at the start. Nothing else splits. A single number elsewhere, or one with
    nothing after it, is stray. Raises Refused for several numbers that neither start the cell nor count up, or several labels.
    """
    text = normalise_name(text)
    if len(labels := _LABEL.findall(text)) > 1:
        raise Refused(f"{' and '.join(labels)} in one department cell", "number the departments, or keep one in the cell")
    markers = list(_NUMBER.finditer(text))
    stray: list[str] = []
    while markers and not text[markers[-1].end() :].strip():
        last = markers.pop()
        stray.insert(0, last[0])
        text = text[: last.start()].rstrip()
    if not text:
        return ([Part("")] if stray else []), stray
    if markers and markers[0].start() == 0:
        return _split_numbers(text, markers), stray
    if len(markers) > 1:
        raise Refused(
            f"{text[: markers[0].start()].strip()!r} stands before the number {markers[0][0]}",
            "mend the cell: what a number belongs to follows it",
        )
    if markers:
        stray.insert(0, markers[0][0])
        text = normalise_name(_NUMBER.sub(" ", text))
    bullets = list(_BULLET.finditer(text))
    if bullets and bullets[0].start() == 0:
        ends = [m.start() for m in bullets[1:]] + [len(text)]
        pieces = [text[m.end() : end].strip() for m, end in zip(bullets, ends, strict=True)]
        stray += [m[0] for m, piece in zip(bullets, pieces, strict=True) if not piece]
        return [Part(p, bullet=True) for p in pieces if p] or [Part("")], stray
    return [Part(text)], stray


def _split_numbers(text: str, markers: list[re.Match[str]]) -> list[Part]:
    first = read_number(markers[0])
    for expected, marker in enumerate(markers, first):
        if read_number(marker) != expected:
            raise Refused(f"{marker[0]} stands where ({expected}) would follow", "mend the numbers in the cell")
    ends = [m.start() for m in markers[1:]] + [len(text)]
    return [Part(text[m.end() : end].strip(), read_number(m)) for m, end in zip(markers, ends, strict=True)]
