"""From latitude and longitude to the plane of a picture: the whole country with its far islands in insets, or a small part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sin
from typing import Protocol

EARTH = 6371.0  # kilometres
Position = tuple[float, float]  # latitude and longitude in degrees, or x and y in the units of a picture
# Of the equidistant conic projection: parallels that are drawn true to length, and the meridian that stands upright.
_PARALLELS = (33.0, 43.0)
_MERIDIAN = 137.0
_DEGREE = EARTH * radians(1)  # kilometres, of latitude
_BAND = 14  # half units of a picture: the height of the bands in which dots are written


class Frame(Protocol):
    """A picture that positions are put into."""

    @property
    def width(self) -> float: ...

    @property
    def height(self) -> float: ...

    def place(self, position: Position) -> Position | None:
        """Where a position is in the picture, None where it is outside."""


@dataclass(frozen=True)
class Window:
    """A part of the surface, and the rectangle of the picture that shows it, at a scale in units for a kilometre."""

    south: float
    west: float
    north: float
    east: float
    meridian: float  # that stands upright in it
    x: float
    y: float
    width: float
    height: float
    scale: float
    corner: Position  # of its projection, in kilometres: the west and north ends

    def place(self, position: Position) -> Position | None:
        latitude, longitude = position
        if not (self.south <= latitude <= self.north and self.west <= longitude <= self.east):
            return None
        east, south = project_conic(position, self.meridian)
        return self.x + (east - self.corner[0]) * self.scale, self.y + (south - self.corner[1]) * self.scale


@dataclass(frozen=True)
class CountryFrame:
    """The main islands, and insets at the same scale for the islands far in the south, where the sea leaves room."""

    width: float
    height: float
    main: Window
    insets: tuple[Window, ...]

    def place(self, position: Position) -> Position | None:
        return next((found for w in (*self.insets, self.main) if (found := w.place(position))), None)


@dataclass(frozen=True)
class LocalFrame:
    """A small part of the surface, on which a degree of longitude is as long everywhere as in its middle."""

    middle: Position
    half_width: float  # kilometres
    half_height: float
    scale: float

    @property
    def width(self) -> float:
        return 2 * self.half_width * self.scale

    @property
    def height(self) -> float:
        return 2 * self.half_height * self.scale

    def place(self, position: Position) -> Position | None:
        if abs(self.middle[0] - position[0]) > self.half_height / _DEGREE:  # most are far away, and this is quick
            return None
        east, south = measure_offset(self.middle, position)
        if abs(east) > self.half_width or abs(south) > self.half_height:
            return None
        return (east + self.half_width) * self.scale, (south + self.half_height) * self.scale


def project_conic(position: Position, meridian: float = _MERIDIAN) -> Position:
    """Kilometres to the east of the meridian and to the south, by the equidistant conic projection."""
    first, second = (radians(p) for p in _PARALLELS)
    latitude, longitude = radians(position[0]), radians(position[1] - meridian)
    cone = (cos(first) - cos(second)) / (second - first)
    radius = EARTH * (cos(first) / cone + first - latitude)
    return radius * sin(cone * longitude), radius * cos(cone * longitude)


def measure_offset(start: Position, end: Position) -> Position:
    """Kilometres to the east and to the south, near enough for positions that are not far from each other."""
    longitude = (end[1] - start[1] + 180) % 360 - 180
    return EARTH * radians(longitude) * cos(radians(start[0])), EARTH * radians(start[0] - end[0])


def measure_distance(start: Position, end: Position) -> float:
    """Kilometres between two positions that are not far from each other."""
    middle = ((start[0] + end[0]) / 2, start[1])
    return hypot(measure_offset(middle, (start[0], end[1]))[0], EARTH * radians(end[0] - start[0]))


def frame_country(positions: Iterable[Position], width: float, margin: float = 12) -> CountryFrame:
    """The picture of those positions, which are Japan's."""
    found = list(positions)
    southern, oceanic = (22.0, 121.0, 28.9, 133.0), (22.0, 139.0, 28.9, 155.0)  # south, west, north, east
    far = {bounds: [p for p in found if _is_within(p, bounds)] for bounds in (southern, oceanic)}
    near = [p for p in found if not any(p in islands for islands in far.values())]
    west, north, east, south = _measure_extent(near, _MERIDIAN)
    scale = (width - 2 * margin) / (east - west)
    height = (south - north) * scale + 2 * margin
    whole = (29.0, 122.0, 46.0, 149.0)
    main = Window(*whole, _MERIDIAN, 0, 0, width, height, scale, (west - margin / scale, north - margin / scale))
    insets = []
    for bounds, islands in far.items():
        if islands:
            meridian = sum(p[1] for p in islands) / len(islands)
            ends = _measure_extent(islands, meridian)
            inner = (ends[2] - ends[0]) * scale, (ends[3] - ends[1]) * scale
            border = margin + 6 if bounds == southern else 22
            size = inner[0] + 2 * border, inner[1] + 2 * border
            x, y = (1.0, margin) if bounds == southern else (width - size[0] - 1, height - size[1] - 1)
            corner = (ends[0] - border / scale, ends[1] - border / scale)
            insets.append(Window(*bounds, meridian, x, y, *size, scale, corner))
    return CountryFrame(width, height, main, tuple(insets))


def frame_points(positions: Sequence[Position], width: float) -> LocalFrame:
    """The picture of positions anywhere, with a little room around them."""
    latitudes, longitudes = [p[0] for p in positions], [p[1] for p in positions]
    middle = ((min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2)
    east, south = map(abs, measure_offset(middle, (min(latitudes), max(longitudes))))
    half_height = max(south * 1.1, 10)
    half_width = max(east * 1.1, half_height / 1.2)
    return LocalFrame(middle, half_width, max(half_height, half_width / 3), width / 2 / half_width)


def _is_within(position: Position, bounds: tuple[float, float, float, float]) -> bool:
    south, west, north, east = bounds
    return south <= position[0] <= north and west <= position[1] <= east


def _measure_extent(positions: Iterable[Position], meridian: float) -> tuple[float, float, float, float]:
    """The west, north, east and south ends in kilometres on the plane."""
    projected = [project_conic(p, meridian) for p in positions]
    easts, souths = [p[0] for p in projected], [p[1] for p in projected]
    return min(easts), min(souths), max(easts), max(souths)


def write_dots(positions: Iterable[Position]) -> str:
    """A path that, stroked with round ends, is a dot at each position, to half a unit; each is a step from the one before."""
    halves = {(round(x * 2), round(y * 2)) for x, y in positions}
    parts, before = [], (0, 0)
    for x, y in sorted(halves, key=lambda p: (p[1] // _BAND, p[0] if p[1] // _BAND % 2 else -p[0])):  # to and fro: short steps
        parts.append(f"m{_write_half(x - before[0])}{_write_half(y - before[1], ' ')}h0")
        before = (x, y)
    return "M0 0" + "".join(parts) if parts else ""


def _write_half(halves: int, separator: str = "") -> str:
    """Half of a number as short as a path can have it, after a separator where no sign separates."""
    sign = "-" if halves < 0 else separator
    return f"{sign}{abs(halves) // 2 or (0 if halves % 2 == 0 else '')}{'.5' if halves % 2 else ''}"


def spread_points(positions: Sequence[Position], distance: float, rounds: int = 60) -> list[Position]:
    """The positions, those that crowd moved apart until none is nearer to another than that, or the rounds are over."""
    points = [complex(*p) for p in positions]
    pairs = [(i, j) for i in range(len(points)) for j in range(i) if abs(points[i] - points[j]) < 5 * distance]
    for _ in range(rounds):
        crowded = [(i, j) for i, j in pairs if abs(points[i] - points[j]) < distance - 0.01]
        for one, other in crowded:
            between = points[one] - points[other]
            apart = abs(between)
            direction = between / apart if apart else complex(cos(one), sin(one))
            push = direction * max(0, distance - apart) / 2
            points[one], points[other] = points[one] + push, points[other] - push
        if not crowded:
            break
    return [(p.real, p.imag) for p in points]
