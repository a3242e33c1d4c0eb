"""Charts of horizontal bars: numbers as lengths, which `_charts.html` draws, each beside its number as text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 100  # of the picture of a bar, whatever the width on the page
_EXACT = 2**53  # up to which a floating-point number has every whole number


@dataclass(frozen=True)
class Part:
    """A stretch of a bar: what it counts, how many, where that number leads, and the CSS class that colours it."""

    label: str
    number: float
    address: str = ""
    style: str = "part-1"

    @property
    def text(self) -> str:
        return write_number(self.number)


@dataclass(frozen=True)
class Bar:
    """One row: its name, the parts that it is made of, and what stands instead of numbers where there are none."""

    label: str
    parts: tuple[Part, ...] = ()
    language: str = ""  # of the label, where it is not that of the page
    detail: str = ""  # quiet, after the label
    address: str = ""
    text: str = ""  # instead of the sum

    @property
    def sum(self) -> float:
        return sum(part.number for part in self.parts)

    @property
    def summary(self) -> str:
        return self.text or write_number(self.sum)


@dataclass(frozen=True)
class Segment:
    """A part as drawn, in hundredths of the picture."""

    x: float
    width: float
    style: str


@dataclass(frozen=True)
class Row:
    """A bar as drawn."""

    bar: Bar
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Chart:
    """Bars on one scale, which always has zero in it."""

    title: str
    rows: tuple[Row, ...]
    zero: float  # where the bars start
    has_parts: bool  # whether a bar has several, which are then told one by one


def make_bar(label: str, number: float, *, address: str = "", language: str = "") -> Bar:
    """A bar of one part."""
    return Bar(label, (Part(label, number),), language=language, address=address)


def draw_bars(title: str, bars: Iterable[Bar], most: float = 0) -> Chart:
    """The bars on the scale of the largest, or up to `most`; negative ones go to the left."""
    shown = tuple(bars)
    ends = [_measure(bar.sum) for bar in shown]
    low, high = min([0.0, *ends]), max([0.0, _measure(most), *ends])
    unit = (
        max(-low, high) or 1.0
    )  # by which all is divided first, as the largest and the smallest numbers have no sum and scale
    scale = WIDTH / (high / unit - low / unit or 1)
    zero = round(-low / unit * scale, 2)
    rows = tuple(Row(bar, _lay_parts(bar.parts, zero, unit, scale)) for bar in shown)
    return Chart(title, rows, zero, any(len(bar.parts) > 1 for bar in shown))


def write_number(number: float) -> str:
    """The number for people; six digits of what is no whole number, or is so large that its last digits say nothing."""
    if abs(number) < _EXACT and number == int(number):
        return f"{int(number):,}"
    return f"{number:,.6g}"


def _lay_parts(parts: Sequence[Part], zero: float, unit: float, scale: float) -> tuple[Segment, ...]:
    """The parts one after the other, starting from zero."""
    at, segments = zero, []
    for part in parts:
        length = _measure(part.number) / unit * scale
        if length:
            segments.append(Segment(round(min(at, at + length), 2), max(round(abs(length), 2), 0.01), part.style))
        at += length
    return tuple(segments)


def _measure(number: float) -> float:
    return float(number) if math.isfinite(number) else 0.0
