"""Today's counters of a government: who is in charge, how to reach them, and what to do where something is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from server.dataset import Edition
from server.pages.doubts import Doubts, Issues
from server.pages.labels import Label
from server.pages.listings import Body, Listing

Pairs = Sequence[tuple[Listing, Doubts]]  # the listings, each with the doubts about it


@dataclass(frozen=True, order=True)
class Place:
    """A line of a document."""

    number: str
    line: int


@dataclass(frozen=True)
class Value:
    """An e-mail, a web page or a class link, the lines that state it, and what is doubtful about it."""

    text: str
    places: tuple[Place, ...]
    doubts: Issues
    labels: tuple[Literal, ...] = ()


@dataclass(frozen=True)
class Earlier:
    """What only an older edition states, and so may no longer be true."""

    edition: Edition
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Counter:
    """A body in charge today."""

    iri: NamedNode
    label: Label
    categories: tuple[NamedNode, ...]
    places: tuple[Place, ...]
    doubts: Issues  # about its name
    gaps: Issues  # about the e-mail that it would have
    emails: tuple[Value, ...]
    addresses: tuple[Value, ...]
    earlier: Earlier | None  # e-mails, where it has none today


@dataclass(frozen=True)
class Today:
    """What the current editions state of a government."""

    listings: tuple[Listing, ...]
    counters: tuple[Counter, ...]
    emails: tuple[Value, ...]  # of a listing as a whole
    addresses: tuple[Value, ...]
    channels: tuple[Value, ...]
    earlier_channels: Earlier | None  # where there are none today
    earlier_emails: Earlier | None  # of the whole government, where it has none today
    doubts: Issues  # that are at no value above


def read_today(today: Pairs, past: Pairs) -> Today:
    """What the listings of today state of a government, and what older ones have where these have nothing."""
    bodies = {body.iri: body for li, _ in today for body in li.bodies}
    counters = tuple(_read_counter(body, today, past) for body in bodies.values())
    emails = _merge(today, lambda li: li.emails)
    channels = _merge_channels(today)
    has_email = bool(emails) or any(counter.emails for counter in counters)
    return Today(
        tuple(li for li, _ in today),
        counters,
        emails,
        _merge(today, lambda li: li.addresses),
        channels,
        None if channels else _find_earlier(past, _merge_channels),
        None if has_email else _find_earlier(past, lambda pairs: _merge(pairs, _list_emails)),
        tuple(dict.fromkeys(issue for _, d in today for issue in d.at_listing)),
    )


def locate_value(listing: Listing, value: str) -> list[Place]:
    """The lines of a listing that state a value."""
    return [Place(listing.edition.number, line) for line in listing.find_lines(value)]


def _read_counter(body: Body, today: Pairs, past: Pairs) -> Counter:
    naming = [(li, d) for li, d in today if any(b.iri == body.iri for b in li.bodies)]
    key = body.iri.value
    emails = _merge(naming, lambda li: _pick(li, body.iri, lambda b: b.emails))
    return Counter(
        body.iri,
        body.label,
        tuple(dict.fromkeys(c for li, _ in naming for c in li.category_terms)),
        tuple(place for li, _ in naming for place in locate_value(li, key)),
        tuple(dict.fromkeys(issue for _, d in naming for issue in d.at_values.get(key, ()))),
        tuple(dict.fromkeys(issue for _, d in naming for issue in d.at_gaps.get(key, ()))),
        emails,
        _merge(naming, lambda li: _pick(li, body.iri, lambda b: b.addresses)),
        None
        if emails
        else _find_earlier(past, lambda pairs: _merge(pairs, lambda li: _pick(li, body.iri, lambda b: b.emails))),
    )


def _pick(listing: Listing, iri: NamedNode, read: Callable[[Body], Iterable[str]]) -> list[str]:
    return [text for body in listing.bodies if body.iri == iri for text in read(body)]


def _list_emails(listing: Listing) -> list[str]:
    return [*(email for body in listing.bodies for email in body.emails), *listing.emails]


def _merge(pairs: Pairs, read: Callable[[Listing], Iterable[str]]) -> tuple[Value, ...]:
    """The values that several listings state, each once, with all lines that do."""
    found: dict[str, tuple[list[Place], list[Issues]]] = {}
    for listing, doubts in pairs:
        for text in read(listing):
            places, issues = found.setdefault(text, ([], []))
            places += [place for place in locate_value(listing, text) if place not in places]
            issues.append(doubts.at_values.get(text, ()))
    return tuple(Value(t, tuple(p), tuple(dict.fromkeys(i for each in d for i in each))) for t, (p, d) in found.items())


def _merge_channels(pairs: Pairs) -> tuple[Value, ...]:
    labels: dict[str, dict[Literal, None]] = {}
    for listing, _ in pairs:
        for address, names in listing.channels:
            labels.setdefault(address, {}).update(dict.fromkeys(names))
    merged = _merge(pairs, lambda li: [address for address, _ in li.channels])
    return tuple(Value(v.text, v.places, v.doubts, tuple(labels[v.text])) for v in merged)


def _find_earlier(past: Pairs, read: Callable[[Pairs], tuple[Value, ...]]) -> Earlier | None:
    """The values of the newest of the older editions that has any."""
    for edition in dict.fromkeys(listing.edition for listing, _ in past):
        if values := read([(li, d) for li, d in past if li.edition == edition]):
            return Earlier(edition, values)
    return None
