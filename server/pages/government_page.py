"""What the page of a government shows: today's counters, what changed, what is doubtful, and where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from server.dataset import Dataset
from server.pages.area_page import Answering, Area, find_answering, list_within, read_area
from server.pages.counters import Pairs, Today, read_today
from server.pages.doubts import Doubts, place_doubts
from server.pages.listings import Listing, list_listings
from server.pages.matrix import Matrix, make_matrix
from server.pages.provenance import Issue, find_lost, list_issues, read_issue
from server.pages.questions import ask_for_classes, ask_for_contacts

_MOST = 100  # listings, of which other data may have any number


@dataclass(frozen=True)
class Government:
    """A government with all that its page shows beside its names."""

    listings: tuple[Listing, ...]
    today: Today
    matrix: Matrix
    doubts: tuple[Issue, ...]  # of older editions, since today's stand at the values; and of rows that probably mean it
    notes: tuple[Issue, ...]
    area: Area | None
    around: tuple[Answering, ...]  # the governments of what it lies in, which answer where it has nobody
    within: tuple[Answering, ...]  # the listed governments of what lies in it
    contacts_query: str
    classes_query: str


def read_government(dataset: Dataset, iri: NamedNode) -> Government:
    """All of it, from the listings about the government."""
    listings, issues, doubts = read_listings(dataset, iri)
    today = read_today(*split_listings(listings, doubts))
    areas = dataset.things(iri, "schema:areaServed")
    now = {listing.iri for listing in today.listings}
    return Government(
        tuple(listings),
        today,
        make_matrix(dataset, listings, doubts, find_lost(dataset)),
        (*(issue for issue in issues if issue.is_doubt and not now & set(issue.targets)), *find_meant(dataset, iri)),
        tuple(issue for issue in issues if not issue.is_doubt),
        read_area(dataset, areas[0]) if areas else None,
        tuple(a for a in find_answering(dataset, areas[0]) if a.government != iri) if areas else (),
        tuple(list_within(dataset, areas[0])) if areas else (),
        ask_for_contacts(dataset, iri),
        ask_for_classes(dataset, iri),
    )


def find_meant(dataset: Dataset, iri: NamedNode) -> list[Issue]:
    """The doubts about listings of others of which the government is suggested as the one that is meant."""
    names = [Literal(name.value) for name in dataset.texts(iri, "schema:name")]
    found = [issue for name in dict.fromkeys(names) for issue in dataset.subjects("jle:suggestedValue", name)]
    return [issue for iri in dict.fromkeys(found) if (issue := read_issue(dataset, iri))]


def read_listings(dataset: Dataset, iri: NamedNode) -> tuple[list[Listing], list[Issue], list[Doubts]]:
    """The listings that a page shows, all issues about them, and for each listing where its doubts stand."""
    listings = list_listings(dataset, iri, _MOST)
    issues = list_issues(dataset, [listing.iri for listing in listings])
    return listings, issues, _place_all(issues, listings)


def split_listings(listings: Sequence[Listing], doubts: Sequence[Doubts]) -> tuple[Pairs, Pairs]:
    """Those of today, and the older ones."""
    pairs = list(zip(listings, doubts, strict=True))
    return [pair for pair in pairs if pair[0].is_current], [pair for pair in pairs if not pair[0].is_current]


def _place_all(issues: Sequence[Issue], listings: Sequence[Listing]) -> list[Doubts]:
    return [place_doubts(issues, listing) for listing in listings]
