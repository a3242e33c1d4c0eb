"""The page of a document, line by line, and for each line the page with what it states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from server.dataset import Dataset, Edition
from server.languages import gettext as _
from server.links import Link
from server.negotiation import choose_media_type
from server.pages.labels import Label, label_term, label_thing
from server.pages.provenance import Issue, read_issue
from server.pages.source_text import ShownLine, list_line_issues, read_document
from server.pages.stated import CLASS_LINK, EMAIL, URL, StatedListing, StatedValue, read_stated
from server.representations import HTML, Representation, choose_offer

PLAIN = Representation("txt", "Text", "text/plain", "txt")
KINDS = ("HeadingLine", "HeaderLine", "RowLine", "ContinuationLine", "NoteLine", "BlankLine")


@dataclass(frozen=True)
class ShownValue:
    """A value on the page of a line; `marks` are the lines that have it with the number of its mark in them."""

    value: StatedValue
    body: Label | None
    marks: tuple[tuple[int, int | None], ...]


@dataclass(frozen=True)
class ShownListing:
    """A listing with those of its values that stand in a line."""

    listing: StatedListing
    government: Label
    categories: tuple[Label, ...]
    class_status: Label | None  # where the listing has no class link
    status: Label | None
    values: tuple[ShownValue, ...]


def make_source_routes(dataset: Dataset) -> Blueprint:
    """The route of the lines; that of the documents stands with the files."""
    routes = Blueprint("source", __name__)

    @routes.get("/source/<number>/<int:line>")
    def show_line(number: str, line: int) -> str:
        edition = find_document(dataset, number)
        if edition is None:
            raise NotFound(_("There is no document %(number)s in this release.") % {"number": number})
        lines = read_document(dataset, edition)
        shown = next((s for s in lines if s.line.number == line), None)
        if shown is None:
            raise NotFound(
                _("Document %(number)s has no line %(line)s: its last one is %(last)s.")
                % {"number": number, "line": line, "last": lines[-1].line.number}
            )
        return _render_line(dataset, edition, lines, shown)

    return routes


def find_document(dataset: Dataset, number: str) -> Edition | None:
    """The edition of that number, where the data have its lines."""
    found = next((edition for edition in dataset.editions if edition.number == number), None)
    return found if found and read_stated(dataset, found).lines else None


def prefers_page() -> bool:
    """Whether the request is for the page rather than for the text: who does not say so, or wants neither, gets the text."""
    if wanted := request.args.get("format", ""):
        return choose_offer(wanted, None, (PLAIN, HTML)) == HTML
    return choose_media_type(request.headers.get("Accept"), (PLAIN.media_type, HTML.media_type)) == HTML.media_type


def render_document(dataset: Dataset, edition: Edition) -> Response:
    """The whole document."""
    lines = read_document(dataset, edition)
    stated = read_stated(dataset, edition)
    path, has_text = f"source/{edition.number}", not dataset.release.is_foreign
    links = [Link("canonical", dataset.iris.base + path)]
    if has_text:
        links.append(Link("alternate", f"{request.script_root}/{path}.txt", PLAIN.media_type, PLAIN.label))
    page = render_template(
        "source.html",
        edition=edition,
        edition_label=label_thing(dataset, edition.iri),
        editions=sorted(dataset.editions, key=lambda e: e.number),
        lines=lines,
        kinds=_count_kinds(dataset, lines),
        labels={name: _label_kind(dataset, name) for name in {line.kind for line in lines}},
        headings=[line.line for line in lines if line.kind == "HeadingLine" and line.line.text.strip()],
        listings=len(stated.listings),
        has_text=has_text,
        links=links,
    )
    response = Response(page, content_type=HTML.content_type)
    response.vary.add("Accept")
    return response


def _render_line(dataset: Dataset, edition: Edition, lines: tuple[ShownLine, ...], shown: ShownLine) -> str:
    number = shown.line.number
    by_number = {line.line.number: line for line in lines}
    listings = read_stated(dataset, edition).listings_by_line.get(number, [])
    cited = dataset.subjects("jle:evidence", dataset.iris.source(edition.number, [number]))
    return render_template(
        "source_line.html",
        edition=edition,
        edition_label=label_thing(dataset, edition.iri),
        shown=shown,
        kind=_label_kind(dataset, shown.kind),
        listings=[_show_listing(dataset, listing, number, by_number) for listing in listings],
        issues=_read_issues(dataset, list_line_issues(dataset, edition, number)),
        cited=_read_issues(dataset, cited),
        before=number - 1 if number - 1 in by_number else None,
        after=number + 1 if number + 1 in by_number else None,
        links=[Link("canonical", f"{dataset.iris.base}source/{edition.number}/{number}")],
    )


def _read_issues(dataset: Dataset, iris: Iterable[NamedNode]) -> list[Issue]:
    found = (issue for iri in iris if (issue := read_issue(dataset, iri)))
    return sorted(found, key=lambda issue: (not issue.is_doubt, issue.lines, issue.kind.text))


def _show_listing(dataset: Dataset, listing: StatedListing, line: int, by_number: dict[int, ShownLine]) -> ShownListing:
    values = [value for value in listing.values if line in value.lines]
    status = listing.class_status if not listing.list_values(CLASS_LINK) else None
    return ShownListing(
        listing,
        label_thing(dataset, listing.government),
        tuple(label_term(dataset, category) for category in listing.categories),
        label_term(dataset, status) if status else None,
        label_term(dataset, listing.status) if listing.status else None,
        tuple(_show_value(dataset, value, by_number) for value in values),
    )


def _show_value(dataset: Dataset, value: StatedValue, by_number: dict[int, ShownLine]) -> ShownValue:
    marks = []
    for line in value.lines:
        numbers = by_number[line].list_marks(value) if line in by_number else []
        marks.append((line, numbers[0] if numbers else None))
    body = value.body if value.kind in (EMAIL, URL) else None
    return ShownValue(value, label_thing(dataset, body) if body else None, tuple(marks))


def _count_kinds(dataset: Dataset, lines: Iterable[ShownLine]) -> list[tuple[str, Label, int]]:
    """How many lines are of each kind, in the order in which a document has them."""
    counts = Counter(line.kind for line in lines)
    return [(name, _label_kind(dataset, name), counts[name]) for name in KINDS if counts[name]]


def _label_kind(dataset: Dataset, name: str) -> Label:
    return label_term(dataset, dataset.term(f"jle:{name}")) if name else Label("")
