"""Maps that our own data draw: a dot for each place of the reference table, a link for each government that is listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.dataset import Dataset
from server.pages.categories import CATEGORIES
from server.pages.gazetteer import Place, get_gazetteer
from server.pages.labels import Label, label_thing
from server.pages.map_names import Mark, box_point, name_marks
from server.pages.projection import (
    CountryFrame,
    Frame,
    LocalFrame,
    Position,
    Window,
    frame_country,
    frame_points,
    measure_distance,
    spread_points,
    write_dots,
)

_WIDTH = 700  # of the country, in the units of its picture
_CROWDED = 9.6  # the distance to which listed governments are moved apart on it, so that each can be pointed at
_AREA_SIZE = 400  # of the surroundings of a place, each side
_APART = 17  # to which points are moved apart there
_NEIGHBOURS = 8
_PREFECTURE_RADIUS = (40, 160)  # kilometres shown around the hall of a prefecture: the least and the most
_CITY_RADIUS = (25, 120)


@dataclass(frozen=True)
class MapPoint:
    """A position with a name, and what its link leads to."""

    position: Position
    label: Label
    target: NamedNode | str | None = None  # a thing, or an address


@dataclass(frozen=True)
class Layer:
    """The points of one category, as one path."""

    category: str
    is_current: bool
    count: int
    path: str


@dataclass(frozen=True)
class CountryMap:
    """Japan: every place a dot, the listed ones coloured and linked."""

    width: float
    height: float
    dots: str
    insets: tuple[Window, ...]
    layers: tuple[Layer, ...]
    marks: tuple[Mark, ...]
    places: int

    def count_points(self, category: str) -> int:
        """How many points have the colour of a category."""
        return sum(layer.count for layer in self.layers if layer.is_current and layer.category == category)

    def count_past(self) -> int:
        """How many stand for governments that today's editions do not list."""
        return sum(layer.count for layer in self.layers if not layer.is_current)


@dataclass(frozen=True)
class Neighbour:
    """A listed government near a place."""

    label: Label
    government: NamedNode
    category: str
    kilometres: float
    is_current: bool


@dataclass(frozen=True)
class AreaMap:
    """A place and what is around it; the dots are places, the marks those that are listed."""

    width: float
    height: float
    dots: str
    middle: Mark
    marks: tuple[Mark, ...]
    layers: tuple[Layer, ...]
    neighbours: tuple[Neighbour, ...]  # the nearest first, whether in the picture or not
    kilometres: float  # from the middle to the edge
    bar: float  # the length in the picture of `bar_kilometres`
    bar_kilometres: int


@dataclass(frozen=True)
class PointMap:
    """Any points: on the country's dots where the data have them."""

    width: float
    height: float
    dots: str
    insets: tuple[Window, ...]
    path: str
    marks: tuple[Mark, ...]
    left_out: int  # points outside the picture


def draw_country(dataset: Dataset) -> CountryMap:
    """The map of the whole country; listed governments that would hide each other are moved apart a little."""
    return dataset.keep(_draw_country)


def draw_neighbourhood(dataset: Dataset, area: NamedNode) -> AreaMap | None:
    """The map around a place; None where the reference table has no position of it."""
    gazetteer = get_gazetteer(dataset)
    if (place := gazetteer.by_area.get(area)) is None:
        return None
    others = [(measure_distance(place.position, p.position), p) for p in gazetteer.listed if p is not place]
    others.sort(key=lambda pair: (pair[0], pair[1].area.value))
    radius = _choose_radius(dataset, place, [distance for distance, _ in others])
    frame = LocalFrame(place.position, radius, radius, _AREA_SIZE / 2 / radius)
    shown = [p for _, p in others if frame.place(p.position)]
    neighbours = tuple(
        Neighbour(label_thing(dataset, p.government), p.government, p.categories[0], distance, p.is_current)
        for distance, p in others[:_NEIGHBOURS]
        if p.government
    )
    own, *around = spread_points(_place_all(frame, [place.position, *(p.position for p in shown)]), _APART)
    pairs = list(zip(shown, around, strict=True))
    length = max(n for n in (1, 2, 5, 10, 20, 50) if n < radius * 0.6)
    bar = (0, frame.height - 30, length * frame.scale + 70, frame.height)
    return AreaMap(
        frame.width,
        frame.height,
        write_dots(_place_all(frame, [p.position for p in gazetteer.places if p is not place])),
        _mark(own, frame.width, label_thing(dataset, area), None, next(iter(place.categories), "")),
        name_marks(_mark_places(dataset, pairs, frame.width), [box_point(*own, half=18), bar], frame.width, frame.height),
        _make_layers(pairs),
        neighbours,
        radius,
        length * frame.scale,
        length,
    )


def draw_points(dataset: Dataset, points: Sequence[MapPoint]) -> PointMap | None:
    """The map of any points, such as those of a query's result; None where there are none."""
    if not points:
        return None
    country = dataset.keep(_frame_country)
    frame = country or frame_points([p.position for p in points], _WIDTH)
    marks = tuple(_mark(at, frame.width, point.label, point.target) for point in points if (at := frame.place(point.position)))
    path = write_dots([(m.x, m.y) for m in marks])
    return PointMap(
        frame.width, frame.height, draw_dots(dataset), country.insets if country else (), path, marks, len(points) - len(marks)
    )


def draw_dots(dataset: Dataset) -> str:
    """The path of all places."""
    return dataset.keep(_draw_dots)


def _frame_country(dataset: Dataset) -> CountryFrame | None:
    places = get_gazetteer(dataset).places
    return frame_country([p.position for p in places], _WIDTH) if places else None


def _draw_dots(dataset: Dataset) -> str:
    frame = dataset.keep(_frame_country)
    return write_dots(_place_all(frame, [p.position for p in get_gazetteer(dataset).places])) if frame else ""


def _draw_country(dataset: Dataset) -> CountryMap:
    gazetteer = get_gazetteer(dataset)
    frame = dataset.keep(_frame_country)
    if frame is None:
        return CountryMap(_WIDTH, 0, "", (), (), (), 0)
    spread = spread_points(_place_all(frame, [p.position for p in gazetteer.listed]), _CROWDED)
    pairs = list(zip(gazetteer.listed, spread, strict=True))
    return CountryMap(
        frame.width,
        frame.height,
        draw_dots(dataset),
        frame.insets,
        _make_layers(pairs),
        _mark_places(dataset, pairs, frame.width),
        len(gazetteer.places),
    )


def _choose_radius(dataset: Dataset, place: Place, distances: Sequence[float]) -> float:
    """So many kilometres that a prefecture's municipalities, or some listed neighbours of a city, are in the picture."""
    if place.prefecture is None:
        inside = [p.position for p in get_gazetteer(dataset).places if p.prefecture == place.area]
        wanted, (least, most) = max((measure_distance(place.position, p) for p in inside), default=0), _PREFECTURE_RADIUS
    else:
        wanted, (least, most) = distances[min(3, len(distances) - 1)] if distances else 0, _CITY_RADIUS
    return min(max(wanted * 1.15, least), most)


def _place_all(frame: Frame, positions: Sequence[Position]) -> list[Position]:
    return [at for position in positions if (at := frame.place(position))]


def _make_layers(pairs: Sequence[tuple[Place, Position]]) -> tuple[Layer, ...]:
    layers = []
    for category in CATEGORIES:
        for is_current in (True, False):
            points = [at for p, at in pairs if p.categories[0] == category and p.is_current == is_current]
            if points:
                layers.append(Layer(category, is_current, len(points), write_dots(points)))
    return tuple(layers)


def _mark_places(dataset: Dataset, pairs: Sequence[tuple[Place, Position]], width: float) -> tuple[Mark, ...]:
    return tuple(
        _mark(at, width, label_thing(dataset, place.government), place.government, place.categories[0])
        for place, at in pairs
        if place.government
    )


def _mark(at: Position, width: float, label: Label, target: NamedNode | str | None, category: str = "") -> Mark:
    return Mark(round(at[0], 1), round(at[1], 1), label, target, category, at[0] > width * 0.72)
