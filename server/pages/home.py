"""The home page: what this is, the governments on a map and by prefecture, how fresh and how good the data are, the ways in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from pyoxigraph import NamedNode

from server.dataset import DEFAULT, Dataset, Edition
from server.files import list_dumps
from server.pages.ages import read_start
from server.pages.examples import choose_examples, get_examples
from server.pages.gazetteer import get_gazetteer
from server.pages.labels import Label, label_thing
from server.pages.maps import draw_country
from server.pages.overview import read_overview
from server.pages.tiles import Tile, list_tiles

_QUESTIONS = ("classes-near-a-place", "emails", "core-cities-without-class-link")  # of the examples: what people may ask first
_SHADES = (1, 2, 4, 6)  # listed governments in a prefecture from which its tile is a step darker


@dataclass(frozen=True)
class Place:
    """A listed government."""

    code: str
    iri: NamedNode
    label: Label
    category: str


@dataclass(frozen=True)
class Prefecture:
    """A prefecture, whose own government may not be listed, and the listed cities in it."""

    code: str
    label: Label
    government: NamedNode | None
    cities: tuple[Place, ...]
    tile: Tile

    @property
    def count(self) -> int:
        return len(self.cities) + (self.government is not None)

    @property
    def shade(self) -> int:
        return sum(self.count >= least for least in _SHADES)

    def shorten_name(self, language: str) -> str:
        """Its name without the word for prefecture, which Hokkaido does not bear."""
        text, lang = self.label.choose(language)
        if lang == "ja":
            return text if text.endswith("道") else text[:-1]
        return text.removesuffix(" Prefecture")


@dataclass(frozen=True)
class Freshness:
    """An edition, and when it was made: the documents do not say, so that there is only what was inferred."""

    edition: Edition
    categories: tuple[str, ...]
    starts: dict[str, str]  # the inferred beginning, written for each language; empty where there is none
    evidence: dict[str, str]


@dataclass(frozen=True)
class Coverage:
    """Of the governments that today's editions list, how many have what people look for."""

    governments: int
    with_email: int
    with_class: int


def make_home_routes(dataset: Dataset) -> Blueprint:
    """The route of the home page."""
    routes = Blueprint("home", __name__)
    release, is_foreign = dataset.release, dataset.release.is_foreign
    examples = get_examples(dataset)
    dumps = list_dumps(dataset)
    shown = {} if is_foreign else _read_home(dataset)

    @routes.app_context_processor
    def tell_templates() -> dict[str, bool]:
        return {"is_foreign": is_foreign}

    @routes.get("/")
    def show_home() -> str:
        if is_foreign:
            files = [dump for dump in dumps if dump.name in release.manifest["data"]]
            overview = dataset.keep(read_overview)
            return render_template("data.html", release=release, overview=overview, examples=examples, dumps=files)
        return render_template("home.html", release=release, dumps=dumps, **shown)

    return routes


def _read_home(dataset: Dataset) -> dict[str, object]:
    return {
        "counts": dataset.release.manifest["counts"],
        "country": draw_country(dataset),
        "prefectures": list_prefectures(dataset),
        "editions": [read_freshness(dataset, edition) for edition in dataset.editions],
        "coverage": measure_coverage(dataset),
        "questions": choose_examples(dataset, _QUESTIONS),
    }


def list_prefectures(dataset: Dataset) -> list[Prefecture]:
    """All prefectures with the listed governments in them, in the order of their codes."""
    gazetteer = get_gazetteer(dataset)
    tiles = {tile.code: tile for tile in list_tiles()}
    start = len(dataset.iris.area("").value)
    listed = [
        Place(place.area.value[start:], place.government, label_thing(dataset, place.government), place.categories[0])
        for place in gazetteer.listed
        if place.government
    ]
    prefectures = []
    for area in (place.area for place in gazetteer.places if place.prefecture is None):
        number = area.value[start : start + 2]
        inside = [p for p in listed if p.code[:2] == number]
        own = next((p for p in inside if p.category == "Prefecture"), None)
        label = own.label if own else label_thing(dataset, area)
        cities = tuple(p for p in inside if p is not own)
        prefectures.append(Prefecture(number, label, own.iri if own else None, cities, tiles[number]))
    return prefectures


def read_freshness(dataset: Dataset, edition: Edition) -> Freshness:
    """What the catalogue says of the time of an edition."""
    evidence: dict[str, str] = {}
    for period in dataset.things(edition.iri, "dcterms:temporal", DEFAULT):
        evidence = {str(c.language): c.value for c in dataset.texts(period, "rdfs:comment", DEFAULT)}
    categories: list[str] = dataset.release.manifest["editions"][edition.number]["categories"]
    return Freshness(edition, tuple(categories), read_start(dataset, edition), evidence)


def measure_coverage(dataset: Dataset) -> Coverage:
    """Counts the governments of today's editions, and those with an e-mail address and with a class link."""
    todays = {place.government for place in get_gazetteer(dataset).listed if place.is_current}
    with_email, with_class = set(), set()
    for government in filter(None, todays):
        contacts = dataset.things(government, "schema:contactPoint", DEFAULT)
        if any(dataset.values(contact, "schema:email", DEFAULT) for contact in contacts):
            with_email.add(government)
        listings = dataset.subjects("schema:about", government, DEFAULT)
        services = [s for li in listings for s in dataset.things(li, "jle:classInformation", DEFAULT)]
        if any(dataset.values(service, "schema:availableChannel", DEFAULT) for service in services):
            with_class.add(government)
    return Coverage(len(todays), len(with_email), len(with_class))
