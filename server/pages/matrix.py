"""What changed of a government: a row for each body, e-mail, web page and class link, a column for each edition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.dataset import Dataset, Edition
from server.pages.changes import list_categories
from server.pages.counters import Place, locate_value
from server.pages.doubts import Doubts, Issues
from server.pages.labels import Label, label_term
from server.pages.listings import Listing
from server.pages.provenance import Issue

BODY, EMAIL, ADDRESS, CHANNEL, DAMAGED = "body", "email", "address", "channel", "damaged"
_KINDS = (BODY, EMAIL, ADDRESS, CHANNEL, DAMAGED)
_LOST = (EMAIL, ADDRESS, CHANNEL)  # what a document without columns no longer has
_MOST = 60  # rows of one kind


@dataclass(frozen=True)
class Column:
    """What one edition states in one category."""

    category: NamedNode
    edition: Edition
    is_current: bool
    unknown: frozenset[str]  # kinds of rows of which the document can say nothing
    entries: Mapping[tuple[str, str], Entry]


@dataclass(frozen=True)
class Entry:
    """A value in a column: where it is stated, what belongs to it, and what is doubtful."""

    label: Label | None
    places: tuple[Place, ...]
    doubts: Issues
    belongings: Mapping[str, frozenset[str]]  # what a change of the value is seen by: its e-mails, its body


@dataclass(frozen=True)
class Cell:
    """What is in a column of a row: present, new, changed, gone, absent, unknown or damaged."""

    state: str
    places: tuple[Place, ...] = ()
    doubts: Issues = ()
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A value through the editions."""

    key: str
    label: Label | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """The columns, how many of them each category has, and the rows by kind."""

    columns: tuple[Column, ...]
    categories: tuple[tuple[NamedNode, Label, int], ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    has_more: bool


def make_matrix(dataset: Dataset, listings: Sequence[Listing], doubts: Sequence[Doubts], lost: Collection[Edition]) -> Matrix:
    """The matrix of all listings of a government; `lost` are the editions whose text has no columns any more."""
    found: dict[tuple[NamedNode, Edition], list[tuple[Listing, Doubts]]] = {}
    for listing, its_doubts in zip(listings, doubts, strict=True):
        for category in listing.category_terms:
            found.setdefault((category, listing.edition), []).append((listing, its_doubts))
    ages = {edition: -position for position, edition in enumerate(dataset.editions)}
    columns = [
        _make_column(dataset, *key, found[key], key[1] in lost) for key in sorted(found, key=lambda k: (str(k[0]), ages[k[1]]))
    ]
    columns += _list_silent(dataset, columns)
    columns.sort(key=lambda column: (str(column.category), ages[column.edition]))
    groups, has_more = [], False
    for kind in _KINDS:
        keys = list(dict.fromkeys(key for column in reversed(columns) for key in column.entries if key[0] == kind))
        has_more |= len(keys) > _MOST
        if keys:
            groups.append((kind, tuple(_make_row(columns, key) for key in keys[:_MOST])))
    categories = dict.fromkeys(column.category for column in columns)
    counted = [(c, label_term(dataset, c), sum(column.category == c for column in columns)) for c in categories]
    return Matrix(tuple(columns), tuple(counted), tuple(groups), has_more)


def _list_silent(dataset: Dataset, columns: Sequence[Column]) -> list[Column]:
    """The editions that list a category after the last one in which the government stands: there all of it is gone."""
    order = list(reversed(dataset.editions))
    last: dict[NamedNode, Edition] = {}
    for column in columns:  # the oldest first
        last[column.category] = column.edition
    return [
        Column(category, edition, _is_current(dataset, edition, category), frozenset(), {})
        for category, newest in last.items()
        for edition in order[order.index(newest) + 1 :]
        if category in list_categories(dataset, edition)
    ]


def _is_current(dataset: Dataset, edition: Edition, category: NamedNode) -> bool:
    return any(dataset.term(f"jle:{name}") == category for name in edition.current_for)


def _make_column(
    dataset: Dataset, category: NamedNode, edition: Edition, pairs: Iterable[tuple[Listing, Doubts]], is_lost: bool
) -> Column:
    entries: dict[tuple[str, str], Entry] = {}
    unknown = set(_LOST) if is_lost else set()
    is_current = False
    for listing, doubts in pairs:
        is_current |= listing.is_current
        if dataset.term("jle:ColumnLost") in listing.states:
            unknown.add(CHANNEL)
        for (kind, key), label, belongings in _list_entries(listing):
            before = entries.get((kind, key), Entry(label, (), (), {}))
            places = dict.fromkeys([*before.places, *locate_value(listing, key)])
            issues = dict.fromkeys([*before.doubts, *doubts.at_values.get(key, ()), *doubts.at_gaps.get(key, ())])
            joined = {name: before.belongings.get(name, frozenset()) | values for name, values in belongings.items()}
            entries[kind, key] = Entry(label, tuple(places), tuple(issues), joined)
        for issue in (i for group in (*doubts.at_gaps.values(), doubts.at_listing) for i in group if i.is_damage):
            entries[DAMAGED, " ".join(issue.verbatim)] = _make_damage(issue)
    return Column(category, edition, is_current, frozenset(unknown), entries)


def _list_entries(listing: Listing) -> list[tuple[tuple[str, str], Label | None, dict[str, frozenset[str]]]]:
    entries: list[tuple[tuple[str, str], Label | None, dict[str, frozenset[str]]]] = []
    for body in listing.bodies:
        own = frozenset({body.iri.value})
        entries.append(
            ((BODY, body.iri.value), body.label, {EMAIL: frozenset(body.emails), ADDRESS: frozenset(body.addresses)})
        )
        entries += [((EMAIL, email), None, {BODY: own}) for email in body.emails]
        entries += [((ADDRESS, address), None, {BODY: own}) for address in body.addresses]
    entries += [((EMAIL, email), None, {BODY: frozenset()}) for email in listing.emails]
    entries += [((ADDRESS, address), None, {BODY: frozenset()}) for address in listing.addresses]
    entries += [((CHANNEL, address), None, {}) for address, _ in listing.channels]
    return entries


def _make_damage(issue: Issue) -> Entry:
    number = issue.edition.number if issue.edition else ""
    return Entry(None, tuple(Place(number, line) for line in issue.lines), (issue,), {})


def _make_row(columns: Sequence[Column], key: tuple[str, str]) -> Row:
    label = next((c.entries[key].label for c in reversed(columns) if key in c.entries), None)
    return Row(key[1], label, tuple(_make_cell(columns[:place], column, key) for place, column in enumerate(columns)))


def _make_cell(before: Sequence[Column], column: Column, key: tuple[str, str]) -> Cell:
    """Compared with the edition before in the same category, if that can say anything."""
    kind, entry = key[0], column.entries.get(key)
    last = before[-1] if before and before[-1].category == column.category else None
    earlier = last.entries.get(key) if last else None
    if entry is None:
        if kind in column.unknown:
            return Cell("unknown")
        return Cell("gone" if earlier and kind != DAMAGED else "absent")
    if kind == DAMAGED:
        return Cell("damaged", entry.places, entry.doubts)
    if last is None or kind in last.unknown:
        return Cell("present", entry.places, entry.doubts)
    if earlier is None:
        return Cell("new", entry.places, entry.doubts)
    silent = column.unknown | last.unknown
    changes = tuple(n for n, values in entry.belongings.items() if n not in silent and values != earlier.belongings.get(n))
    return Cell("changed" if changes else "present", entry.places, entry.doubts, changes)
