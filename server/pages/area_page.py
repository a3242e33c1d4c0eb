"""What the page of an area shows: its names and codes, what lies in it, and the counter that answers for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import NamedNode

from server.dataset import DEFAULT, Dataset
from server.pages.labels import Label, label_thing

_UPWARDS = 5
_WITHIN = 250  # governments of one prefecture


@dataclass(frozen=True)
class Code:
    """A code of the area, and what it is a code of."""

    name: str  # lg-code, ISO 3166-2, e-stat
    text: str
    address: str


@dataclass(frozen=True)
class Area:
    """An area with what tells it from others."""

    iri: NamedNode
    label: Label
    codes: tuple[Code, ...]
    outside: tuple[tuple[str, str], ...]  # name of the other data set, address
    position: tuple[str, str] | None


@dataclass(frozen=True)
class Answering:
    """The government that answers for an area, its own or that of what it lies in."""

    government: NamedNode
    label: Label
    is_current: bool  # whether it is on a list of today


def read_area(dataset: Dataset, iri: NamedNode) -> Area:
    """The area as the reference table has it."""
    standard = [Code("e-Stat", s.value.rpartition("/")[2], s.value) for s in dataset.things(iri, "jle:standardAreaCode")[:3]]
    own = [Code("lg-code", code.value, "") for code in dataset.texts(iri, "jle:lgCode", DEFAULT)[:3]]
    return Area(
        iri,
        label_thing(dataset, iri),
        (*own, *_read_identifiers(dataset, iri), *standard),
        tuple((_name_host(same.value), same.value) for same in dataset.things(iri, "schema:sameAs")[:5]),
        _read_position(dataset, iri),
    )


def find_answering(dataset: Dataset, area: NamedNode) -> list[Answering]:
    """Who answers for an area: its government, that of the city that it is a ward of, that of its prefecture."""
    around: list[NamedNode] = []
    current: NamedNode | None = area
    while current and current not in around and len(around) < _UPWARDS:
        around.append(current)
        current = next(iter(dataset.things(current, "schema:containedInPlace", DEFAULT)), None)
    found = [government for place in around for government in find_governments(dataset, place)]
    return [_make_answering(dataset, government) for government in dict.fromkeys(found)]


def find_governments(dataset: Dataset, area: NamedNode) -> list[NamedNode]:
    """The governments that serve an area, without their departments."""
    prefix = dataset.iris.government("").value
    return [s for s in dataset.subjects("schema:areaServed", area) if s.value.startswith(prefix)]


def list_within(dataset: Dataset, area: NamedNode) -> list[Answering]:
    """The listed governments of what lies in an area."""
    places = (q.subject for q in dataset.quads(None, "schema:containedInPlace", area, DEFAULT))
    found = [g for place in islice(_iterate_things(places), _WITHIN) for g in find_governments(dataset, place)]
    return [_make_answering(dataset, g) for g in sorted(dict.fromkeys(found), key=lambda g: g.value)]


def _make_answering(dataset: Dataset, government: NamedNode) -> Answering:
    return Answering(government, label_thing(dataset, government), dataset.is_current(government))


def _iterate_things(subjects: Iterator[object]) -> Iterator[NamedNode]:
    return (subject for subject in subjects if isinstance(subject, NamedNode))


def _read_identifiers(dataset: Dataset, iri: NamedNode) -> list[Code]:
    """Those that are not the local-government code, which stands by itself."""
    codes = []
    for identifier in dataset.things(iri, "schema:identifier")[:5]:
        names, values = dataset.texts(identifier, "schema:propertyID"), dataset.texts(identifier, "schema:value")
        if names and values and names[0].value != "lg-code":
            codes.append(Code(names[0].value, values[0].value, ""))
    return codes


def _read_position(dataset: Dataset, iri: NamedNode) -> tuple[str, str] | None:
    for position in dataset.things(iri, "schema:geo"):
        both = [dataset.texts(position, name) for name in ("schema:latitude", "schema:longitude")]
        if all(both):
            return both[0][0].value, both[1][0].value
    return None


def _name_host(address: str) -> str:
    for host, name in (("wikidata.org", "Wikidata"), ("geonames.org", "GeoNames")):
        if host in address:
            return name
    return address
