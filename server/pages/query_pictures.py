"""What can be drawn of the rows of a result: a map where there are positions, bars where there are numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from server.dataset import DEFAULT, Dataset
from server.pages.charts import Chart, draw_bars, make_bar
from server.pages.labels import Label, label_thing, shorten_iri
from server.pages.maps import MapPoint

Cell = NamedNode | BlankNode | Literal | Triple | None
BARS, _CHARTS = 40, 4  # of a chart, and charts; the table has all
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMERIC = {
    _XSD + name
    for name in ("integer", "decimal", "double", "float", "int", "long", "short", "nonNegativeInteger", "positiveInteger")
}
_NUMBER = re.compile(r"[-+0-9.eE]+")  # Python reads other signs too, such as 1_000
_LATITUDE = re.compile(r"(?i)lat|.*latitude")
_LONGITUDE = re.compile(r"(?i)long?|lng|.*longitude")
_ORDINAL = re.compile(r"(?i).*(?:line|row|code|year|number|number\d|id)")  # names of numbers that count nothing


@dataclass(frozen=True)
class Rows:
    """A result as it is shown."""

    names: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def list_column(self, position: int) -> list[Cell]:
        return [row[position] for row in self.rows]


def find_points(dataset: Dataset, shown: Rows) -> list[MapPoint]:
    """The positions that the rows name, or else those of the things that they name, each thing once."""
    latitude, longitude = (_find_named(shown, pattern) for pattern in (_LATITUDE, _LONGITUDE))
    points: dict[tuple[object, ...], MapPoint] = {}
    if latitude is not None and longitude is not None:
        for row in shown.rows:
            position = _read_position(row[latitude], row[longitude])
            if position:
                thing = next((cell for cell in row if isinstance(cell, NamedNode)), None)
                name = thing or next(
                    (c for n, c in enumerate(row) if isinstance(c, Literal) and n not in (latitude, longitude)), None
                )
                label = label_thing(dataset, thing) if thing else _label_literal(name, position)
                points.setdefault((position, name), MapPoint(position, label, thing))
        return list(points.values())
    for column in range(len(shown.names)):
        for cell in shown.list_column(column):
            if isinstance(cell, NamedNode) and (position := dataset.remember(_find_position, cell)):
                points.setdefault((cell,), MapPoint(position, label_thing(dataset, cell), cell))
        if points:
            break
    return list(points.values())


def draw_charts(dataset: Dataset, shown: Rows, language: str) -> list[Chart]:
    """A chart for each of the first columns of numbers, with what else the rows say as names of the bars."""
    if len(shown.rows) < 2:
        return []
    rows = shown.rows[:BARS]
    numeric = [n for n in range(len(shown.names)) if all(read_number(cell) is not None for cell in shown.list_column(n))]
    drawn = [n for n in numeric if not any(p.fullmatch(shown.names[n]) for p in (_LATITUDE, _LONGITUDE, _ORDINAL))]
    others = [n for n in range(len(shown.names)) if n not in drawn]
    things = [n for n in others if any(isinstance(row[n], NamedNode) for row in rows)]
    others = things[:1] or others[:2]
    names = [_name_row(dataset, [row[n] for n in others], number, language) for number, row in enumerate(rows, 1)]
    return [
        draw_bars(
            shown.names[n],
            (make_bar(text, read_number(row[n]) or 0.0, language=lang) for (text, lang), row in zip(names, rows, strict=True)),
        )
        for n in drawn[:_CHARTS]
    ]


def _find_named(shown: Rows, pattern: re.Pattern[str]) -> int | None:
    return next((n for n, name in enumerate(shown.names) if pattern.fullmatch(name)), None)


def read_number(cell: Cell) -> float | None:
    """The number that a literal of a numeric datatype says."""
    if not isinstance(cell, Literal) or cell.datatype.value not in _NUMERIC or not _NUMBER.fullmatch(cell.value):
        return None
    try:
        number = float(cell.value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _read_position(latitude: Cell, longitude: Cell) -> tuple[float, float] | None:
    north, east = read_number(latitude), read_number(longitude)
    if north is None or east is None or abs(north) > 90 or abs(east) > 180:
        return None
    return north, east


def _find_position(dataset: Dataset, thing: NamedNode) -> tuple[float, float] | None:
    """Of the thing, of the area that it serves, or of what it is about."""
    places = [thing, *dataset.things(thing, "schema:areaServed", DEFAULT)]
    for about in dataset.things(thing, "schema:about"):
        places += [about, *dataset.things(about, "schema:areaServed", DEFAULT)]
    for place in places:
        for position in dataset.things(place, "schema:geo", DEFAULT):
            values = [
                next(iter(dataset.texts(position, name, DEFAULT)), None) for name in ("schema:latitude", "schema:longitude")
            ]
            if found := _read_position(values[0], values[1]):
                return found
    return None


def _label_literal(name: Literal | NamedNode | None, position: tuple[float, float]) -> Label:
    if isinstance(name, Literal):
        return Label(name.value, name.language or "")
    return Label(f"{position[0]:g}, {position[1]:g}", "")


def _name_row(dataset: Dataset, cells: Sequence[Cell], number: int, language: str) -> tuple[str, str]:
    """What a row is called, and in which language where that is not the language of the page."""
    texts, languages = [], set()
    for cell in cells:
        if isinstance(cell, NamedNode):
            text, lang = label_thing(dataset, cell).choose(language)
            texts.append(text or shorten_iri(dataset, cell))
        elif isinstance(cell, Literal):
            text, lang = cell.value, cell.language or ""
            texts.append(text)
        else:
            continue
        languages.add(lang)
    known = {x for x in languages if x}
    lang = known.pop() if len(known) == 1 else ""
    return " · ".join(dict.fromkeys(texts)) or str(number), "" if lang == language else lang
