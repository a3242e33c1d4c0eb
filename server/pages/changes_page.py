"""The pages of the changes: an overview of all editions that can be compared, and the comparison of two."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest, NotFound

from server.dataset import Dataset, Edition
from server.kept_files import list_served_history
from server.languages import gettext as _
from server.links import Link
from server.pages.categories import CATEGORIES
from server.pages.changes import Comparison, compare_editions, list_categories
from server.pages.changes_doubts import find_member_doubts, find_value_doubts
from server.pages.changes_table import write_changes_json, write_changes_table
from server.pages.labels import Label, label_term, label_thing
from server.pages.release_diff_page import OFFERS as DIFF_OFFERS
from server.pages.release_diff_page import answer_diff
from server.pages.stated import read_stated
from server.representations import HTML, PLAIN_JSON, TABLE, Representation, choose_offer

OFFERS = (HTML, TABLE, PLAIN_JSON)
_RELEASE = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True)
class Matrix:
    """A category with its editions, the oldest first, how many governments each lists, and the comparison of each two."""

    category: NamedNode
    name: str
    label: Label
    editions: tuple[Edition, ...]
    sizes: Mapping[str, int]
    cells: Mapping[tuple[str, str], Mapping[str, int]]


def make_change_routes(dataset: Dataset) -> Blueprint:
    """The route of both pages."""
    routes = Blueprint("changes", __name__)
    editions = tuple(reversed(dataset.editions))
    by_number = {edition.number: edition for edition in editions}
    categories = {name: dataset.term(f"jle:{name}") for name in _list_category_names(dataset, editions)}
    compare = cache(lambda before, after, name: compare_editions(dataset, before, after, categories[name]))
    list_matrices = cache(lambda: _make_matrices(dataset, editions, categories, compare))

    def by_rank(pair: tuple[str, str]) -> tuple[int, int]:
        """The two latest editions last."""
        after, before = (editions.index(by_number[number]) for number in reversed(pair))
        return (after, before)

    @routes.get("/changes")
    def show_changes() -> Response | str:
        if not editions:
            raise NotFound(_("There are no editions in these data, so there is nothing to compare."))
        asked = [request.args.get(name, "").strip() for name in ("from", "to")]
        if not any(asked):
            matrices = list_matrices()
            latest = max((pair for matrix in matrices for pair in matrix.cells), key=by_rank, default=("", ""))
            kept = [release for release in list_served_history(dataset) if not release.is_pruned]
            return render_template("changes.html", matrices=matrices, choice=make_choice(*latest, ""), releases=kept)
        if all(map(_RELEASE.fullmatch, asked)):
            chosen = choose_offer(request.args.get("format", ""), request.headers.get("Accept"), DIFF_OFFERS)
            response = answer_diff(dataset, asked[0], asked[1], chosen)
            response.vary.add("Accept")
            return response
        before, after = (_find_edition(by_number, number) for number in asked)
        if before == after:
            raise BadRequest(_("Choose two different editions: both are %(number)s.") % {"number": before.number})
        shared = [n for n, c in categories.items() if all(c in list_categories(dataset, e) for e in (before, after))]
        wanted = request.args.get("category", "").strip()
        if wanted and wanted not in categories:
            names = ", ".join(categories)
            raise BadRequest(_("There is no category %(name)s: choose one of %(names)s.") % {"name": wanted, "names": names})
        chosen = choose_offer(request.args.get("format", ""), request.headers.get("Accept"), OFFERS)
        name = wanted or next(iter(shared), "")
        comparison = compare(before, after, name) if name in shared else None
        return show_comparison(chosen, before, after, name, shared, comparison)

    def show_comparison(
        chosen: Representation, before: Edition, after: Edition, name: str, shared: Sequence[str], found: Comparison | None
    ) -> Response:
        path = f"changes?from={before.number}&to={after.number}" + (f"&category={name}" if name else "")
        if chosen == HTML:
            body: str = render_template(
                "changes_between.html",
                before=before,
                after=after,
                comparison=found,
                name=name,
                category=label_term(dataset, categories[name]) if name else None,
                shared=[(n, label_term(dataset, categories[n])) for n in shared],
                is_backward=_is_later(dataset, before.iri, after.iri),
                choice=make_choice(before.number, after.number, name),
                label=lambda thing: label_thing(dataset, thing),
                term=lambda thing: label_term(dataset, thing),
                find_doubts=lambda listings, text: find_value_doubts(dataset, listings, text),
                find_listing_doubts=lambda member, other: find_member_doubts(dataset, member, other),
                links=_list_links(dataset, path) if found else [],
            )
        elif found is None:
            raise NotFound(
                _("Editions %(before)s and %(after)s do not both list the category, so there is nothing to compare.")
                % {"before": before.number, "after": after.number}
            )
        else:
            write = write_changes_table if chosen == TABLE else write_changes_json
            body = write(dataset, found, name)
        response = Response(body, content_type=chosen.content_type)
        response.vary.add("Accept")
        return response

    def make_choice(before: str, after: str, category: str) -> dict[str, object]:
        """What the form offers, and what is chosen in it."""
        names = [(name, label_term(dataset, term)) for name, term in categories.items()]
        return {
            "editions": sorted(editions, key=lambda e: e.number),
            "before": before,
            "after": after,
            "categories": names,
            "category": category,
        }

    return routes


def _find_edition(by_number: Mapping[str, Edition], number: str) -> Edition:
    if not number:
        raise BadRequest(_("Choose two editions, with from and to: %(numbers)s.") % {"numbers": ", ".join(sorted(by_number))})
    if number not in by_number:
        raise BadRequest(
            _("There is no edition %(number)s: choose two of %(numbers)s.")
            % {"number": number, "numbers": ", ".join(sorted(by_number))}
        )
    return by_number[number]


def _is_later(dataset: Dataset, edition: NamedNode, other: NamedNode) -> bool:
    """Whether the data say so: of two editions they may say nothing."""
    found, waiting = set[NamedNode](), [edition]
    while waiting:
        earlier = [e for e in dataset.things(waiting.pop(), "jle:laterThan") if e not in found]
        found.update(earlier)
        waiting += earlier
    return other in found


def _list_category_names(dataset: Dataset, editions: Sequence[Edition]) -> list[str]:
    """Those that any edition has, by their place among the categories of the vocabulary."""
    terms = {category for edition in editions for category in list_categories(dataset, edition)}
    own = dataset.vocabulary["jle"] if editions else ""
    names = [term.value.removeprefix(own) for term in terms if term.value.startswith(own)]
    return sorted(names, key=lambda name: (CATEGORIES.index(name) if name in CATEGORIES else len(CATEGORIES), name))


def _make_matrices(
    dataset: Dataset,
    editions: Sequence[Edition],
    categories: Mapping[str, NamedNode],
    compare: Callable[[Edition, Edition, str], Comparison],
) -> list[Matrix]:
    found = []
    for name, category in categories.items():
        own = tuple(edition for edition in editions if category in list_categories(dataset, edition))
        sizes = {edition.number: _count_governments(dataset, edition, category) for edition in own}
        cells = {
            (before.number, after.number): compare(before, after, name).counts
            for position, before in enumerate(own)
            for after in own[position + 1 :]
        }
        found.append(Matrix(category, name, label_term(dataset, category), own, sizes, cells))
    return found


def _count_governments(dataset: Dataset, edition: Edition, category: NamedNode) -> int:
    return len({li.government for li in read_stated(dataset, edition).listings if category in li.categories})


def _list_links(dataset: Dataset, path: str) -> list[Link]:
    others = [offer for offer in OFFERS if offer != HTML]
    return [
        Link("canonical", dataset.iris.base + path),
        *(Link("alternate", f"{request.script_root}/{path}&format={o.name}", o.media_type, o.label) for o in others),
    ]
