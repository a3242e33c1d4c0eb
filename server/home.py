"""The home page: what this is, the governments by prefecture, and the ways in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from flask import Blueprint, render_template
from pyoxigraph import NamedNode

from server.dataset import DEFAULT, Dataset
from server.examples import read_examples
from server.files import list_dumps
from server.labels import Label, label_thing
from server.overview import Overview, read_overview


@dataclass(frozen=True)
class Place:
    """A listed government."""

    code: str
    iri: NamedNode
    label: Label


@dataclass(frozen=True)
class Prefecture:
    """A prefecture, whose own government may not be listed, and the listed cities in it."""

    code: str
    label: Label
    government: NamedNode | None
    cities: tuple[Place, ...]


def make_home_routes(dataset: Dataset) -> Blueprint:
    """The route of the home page."""
    routes = Blueprint("home", __name__)
    is_foreign = dataset.release.is_foreign
    prefectures = [] if is_foreign else list_prefectures(dataset)
    examples = read_examples(dataset.release)
    dumps = list_dumps(dataset)

    @cache
    def get_overview() -> Overview:
        return read_overview(dataset)

    @routes.app_context_processor
    def tell_templates() -> dict[str, bool]:
        return {"is_foreign": is_foreign}

    @routes.get("/")
    def show_home() -> str:
        if is_foreign:
            files = [dump for dump in dumps if dump.name in dataset.release.manifest["data"]]
            overview = get_overview()
            return render_template("data.html", release=dataset.release, overview=overview, examples=examples, dumps=files)
        return render_template(
            "home.html",
            release=dataset.release,
            counts=dataset.release.manifest["counts"],
            editions=dataset.editions,
            prefectures=prefectures,
            examples=examples,
            dumps=dumps,
        )

    return routes


def list_prefectures(dataset: Dataset) -> list[Prefecture]:
    """All governments by prefecture, in the order of their codes; a code begins with that of its prefecture."""
    found = {q.subject for q in dataset.quads(None, "jle:lgCode") if isinstance(q.subject, NamedNode)}
    codes = {thing: dataset.values(thing, "jle:lgCode")[0].value for thing in found}
    governments = sorted((code, thing) for thing, code in codes.items() if thing == dataset.iris.government(code))
    places = [Place(code, thing, label_thing(dataset, thing)) for code, thing in governments]
    areas = {
        code[:2]: thing for thing, code in codes.items() if thing == dataset.iris.area(code) and _is_prefecture(dataset, thing)
    }
    prefectures = []
    for number in sorted({place.code[:2] for place in places}):
        inside = [p for p in places if p.code[:2] == number]
        own = next((p for p in inside if p.code[2:5] == "000"), None)
        label = own.label if own else label_thing(dataset, areas[number])
        cities = tuple(p for p in inside if p is not own)
        prefectures.append(Prefecture(number, label, own.iri if own else None, cities))
    return prefectures


def _is_prefecture(dataset: Dataset, area: NamedNode) -> bool:
    return not dataset.values(area, "schema:containedInPlace", DEFAULT)
