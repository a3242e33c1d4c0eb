"""Where the places of the reference table are, and which of them the documents list, in which category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, Literal, NamedNode

from server.dataset import DEFAULT, Dataset
from server.pages.categories import CATEGORIES
from server.pages.projection import Position


@dataclass(frozen=True)
class Place:
    """An area with its position; `government` is None where no document lists it."""

    area: NamedNode
    position: Position
    prefecture: NamedNode | None  # None for a prefecture
    government: NamedNode | None = None
    categories: tuple[str, ...] = ()  # local names, of today; those of earlier editions where it has none today
    is_current: bool = False


@dataclass(frozen=True)
class Gazetteer:
    """All places that have a position, and the listed ones, both in the order of their codes."""

    places: tuple[Place, ...]
    listed: tuple[Place, ...]
    by_area: dict[NamedNode, Place]


def get_gazetteer(dataset: Dataset) -> Gazetteer:
    """The places of the data set, read when somebody first asks."""
    return dataset.keep(_read_gazetteer)


def _read_gazetteer(dataset: Dataset) -> Gazetteer:
    positions = _read_positions(dataset)
    reference = dataset.iris.graph("reference")
    parents = {q.subject: q.object for q in dataset.quads(None, "schema:containedInPlace", graph=reference)}
    editions = [e.graph for e in dataset.editions]
    graphs: list[NamedNode | DefaultGraph] = [DEFAULT, *editions]
    governments = {
        area: government
        for graph in graphs
        for government, area in _pair(dataset, "schema:areaServed", graph)
        if government.value.startswith(dataset.iris.government("").value)
    }
    today = _read_categories(dataset, [DEFAULT])
    ever = _read_categories(dataset, editions)
    places = []
    for area, position in sorted(positions.items(), key=lambda pair: pair[0].value):
        government, prefecture = governments.get(area), parents.get(area)
        found = (today.get(government) or ever.get(government, set())) if government else set()
        categories = tuple(c for c in CATEGORIES if c in found)
        parent = prefecture if isinstance(prefecture, NamedNode) else None
        places.append(Place(area, position, parent, government if categories else None, categories, government in today))
    return Gazetteer(tuple(places), tuple(p for p in places if p.government), {p.area: p for p in places})


def _read_positions(dataset: Dataset) -> dict[NamedNode, Position]:
    """The positions of our areas, by the reference graph."""
    reference = dataset.iris.graph("reference")
    degrees: dict[str, dict[object, float]] = {}
    for name, most in (("schema:latitude", 90), ("schema:longitude", 180)):
        quads = dataset.quads(None, name, graph=reference)
        found = {q.subject: _read_degrees(q.object.value) for q in quads if isinstance(q.object, Literal)}
        degrees[name] = {point: number for point, number in found.items() if number is not None and abs(number) <= most}
    latitudes, longitudes = degrees.values()
    return {
        area: (latitudes[point], longitudes[point])
        for area, point in _pair(dataset, "schema:geo", reference)
        if point in latitudes and point in longitudes
    }


def _read_degrees(text: str) -> float | None:
    """Another's data may have any text there; what is no number is at no distance either."""
    try:
        return float(text)
    except ValueError:
        return None


def _read_categories(dataset: Dataset, graphs: Sequence[NamedNode | DefaultGraph]) -> dict[NamedNode, set[str]]:
    """The categories by government that the listings in these graphs state."""
    categories: dict[NamedNode, set[str]] = {}
    for graph in graphs:
        stated = dict(_pair(dataset, "jle:category", graph))
        for listing, government in _pair(dataset, "schema:about", graph):
            if listing in stated:
                categories.setdefault(government, set()).add(stated[listing].value.removeprefix(dataset.vocabulary["jle"]))
    return categories


def _pair(dataset: Dataset, name: str, graph: NamedNode | DefaultGraph) -> list[tuple[NamedNode, NamedNode]]:
    """Subjects and objects of a property, where both are IRIs."""
    quads = dataset.quads(None, name, graph=graph)
    return [(q.subject, q.object) for q in quads if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)]
