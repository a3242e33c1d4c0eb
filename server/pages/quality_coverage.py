"""Coverage: which listings state an e-mail, a class link or a web address, which do not, and where the column is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict

from server.dataset import Dataset, Edition
from server.pages.categories import CATEGORIES
from server.pages.labels import Label, label_term
from server.pages.provenance import find_lost
from server.pages.quality_filters import Government, choose_editions, is_in_edition, read_choice
from server.pages.quality_issues import Issue, IssueList, read_government

VALUES = ("email", "class", "url")
STATES = ("has", "lacks", "lost")  # lost: the document as it is kept has no such column, so nothing is known
_TELLING = ("DamagedValue", "StatementOfAbsence")  # groups of issues that may say why something is missing


@dataclass(frozen=True)
class Coverage:
    """What one listing states of what people need, and what may explain that it does not."""

    listing: NamedNode
    edition: Edition
    category: str
    is_current: bool
    government: Government
    government_iri: NamedNode
    line: int
    emails: tuple[str, ...]
    class_urls: tuple[str, ...]
    urls: tuple[str, ...]
    states: Mapping[str, str]  # by value
    class_status: Label | None
    reasons: tuple[Issue, ...]


@dataclass(frozen=True)
class Share:
    """How many of the listings of a category in an edition have a value."""

    edition: Edition
    category: str
    is_current: bool
    has: int
    lacks: int
    lost: int

    @property
    def known(self) -> int:
        return self.has + self.lacks

    @property
    def percent(self) -> int:
        """Rounded, but neither to 0 nor to 100 what is neither."""
        if not 0 < self.has < self.known:
            return 100 if self.has else 0
        return min(max(round(100 * self.has / self.known), 1), 99)


@dataclass(frozen=True)
class CoverageList:
    """All listings: the newest edition first, by category, then by the code of the government."""

    listings: tuple[Coverage, ...]
    editions: tuple[str, ...]

    def select(self, filters: Mapping[str, str]) -> list[Coverage]:
        """Those that all filters let pass."""
        return [
            item
            for item in self.listings
            if is_in_edition(filters.get("edition", ""), item.edition, is_current=item.is_current)
            and filters.get("category") in (None, item.category)
            and all(item.states[filters[state]] == state for state in STATES if state in filters)
        ]

    def read_filters(self, args: MultiDict[str, str]) -> dict[str, str]:
        """The filters of an address, without those left out; raises BadRequest with what to choose from."""
        found = {
            "edition": read_choice(args, "edition", self.editions),
            "category": read_choice(args, "category", CATEGORIES),
            **{state: read_choice(args, state, VALUES) for state in STATES},
        }
        return {name: value for name, value in found.items() if value}

    def count_shares(self, value: str) -> list[Share]:
        """The shares of all categories in all editions: today's first, then the newest."""
        lists = dict.fromkeys((item.edition, item.category, item.is_current) for item in self.listings)
        counts = Counter((item.edition, item.category, item.states[value]) for item in self.listings)
        shares = [Share(e, c, now, *(counts[e, c, state] for state in STATES)) for e, c, now in lists]
        return sorted(shares, key=lambda s: (not s.is_current, CATEGORIES.index(s.category) if s.is_current else 0))


def read_coverage(dataset: Dataset, issues: IssueList) -> CoverageList:
    """What all listings of the release state."""
    lost = find_lost(dataset)
    reasons: dict[NamedNode | None, list[Issue]] = {}
    for issue in issues.issues:
        if issue.kind.group in _TELLING:
            reasons.setdefault(issue.listing, []).append(issue)
    kind = dataset.term("jle:Listing")
    found = [
        item
        for edition in dataset.editions
        for iri in dataset.subjects("rdf:type", kind, edition.graph)
        if (item := _read_listing(dataset, iri, edition, edition in lost, tuple(reasons.get(iri, ()))))
    ]
    order = {edition: place for place, edition in enumerate(dataset.editions)}
    found.sort(key=lambda i: (order[i.edition], CATEGORIES.index(i.category), i.government.code, i.line))
    return CoverageList(tuple(found), tuple(choose_editions(dataset)))


def _read_listing(
    dataset: Dataset, iri: NamedNode, edition: Edition, is_lost: bool, reasons: tuple[Issue, ...]
) -> Coverage | None:
    graph = edition.graph
    governments = dataset.things(iri, "schema:about", graph)
    categories = [c.value.rpartition("#")[2] for c in dataset.things(iri, "jle:category", graph)]
    if not governments or not categories or categories[0] not in CATEGORIES:
        return None
    contacts = dataset.things(iri, "jle:contact", graph)
    services = dataset.things(iri, "jle:classInformation", graph)
    channels = [c for s in services for c in dataset.things(s, "schema:availableChannel", graph)]
    statuses = dataset.things(iri, "jle:classInformationStatus", graph)
    urls = {u.value for name in ("jle:printedUrl", "schema:url") for u in dataset.things(iri, name, graph)}
    found = {
        "email": tuple(e.value for c in contacts for e in dataset.texts(c, "schema:email", graph)),
        "class": tuple(u.value for c in channels for u in dataset.things(c, "schema:serviceUrl", graph)),
        "url": tuple(sorted(urls)),
    }
    is_class_lost = dataset.term("jle:ColumnLost") in statuses
    lines = dataset.numbers(iri, "jle:sourceLine", graph)
    return Coverage(
        iri,
        edition,
        categories[0],
        categories[0] in edition.current_for,
        read_government(dataset, governments[0]),
        governments[0],
        min(lines, default=0),
        found["email"],
        found["class"],
        found["url"],
        {value: _name_state(bool(found[value]), is_class_lost if value == "class" else is_lost) for value in VALUES},
        label_term(dataset, statuses[0]) if statuses else None,
        reasons,
    )


def _name_state(is_there: bool, is_lost: bool) -> str:
    if is_there:
        return "has"
    return "lost" if is_lost else "lacks"
