"""Listings as the pages show them: for each edition the bodies in charge, their contacts, and the Japanese classes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape

from pyoxigraph import Literal, NamedNode

from server.dataset import Dataset, Edition
from server.pages.labels import Label, label_term, label_thing
from server.pages.provenance import read_line, read_line_numbers

_BLANKS = str.maketrans("", "", " \t\xa0")
_END = r"(?=$|[\s\"'<>(),;])"  # so that an address is not found in a longer one


@dataclass(frozen=True)
class Body:
    """A body in charge as one listing states it."""

    iri: NamedNode
    label: Label
    addresses: tuple[str, ...]
    emails: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """What one edition states of one government in one category."""

    iri: NamedNode
    edition: Edition
    is_current: bool
    categories: tuple[Label, ...]
    government: NamedNode
    government_label: Label
    bodies: tuple[Body, ...]
    emails: tuple[str, ...]  # of the listing as a whole
    addresses: tuple[str, ...]
    status: Label | None
    channels: tuple[tuple[str, tuple[Literal, ...]], ...]
    operators: tuple[tuple[NamedNode, Label], ...]
    notes: tuple[Literal, ...]
    lines: tuple[int, ...] = ()
    states: frozenset[NamedNode] = frozenset()  # of the listing as a whole, and of its class information
    category_terms: tuple[NamedNode, ...] = ()
    _lines_by_value: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def find_lines(self, value: str) -> tuple[int, ...]:
        """The lines that state a body (by its IRI), an e-mail or an address; where no line has it whole, all of the listing."""
        return self._lines_by_value.get(value) or self.lines


def list_listings(dataset: Dataset, topic: NamedNode, most: int | None = None) -> list[Listing]:
    """The listings that a page about the thing shows: itself, those about it, or those that name it; today's first."""
    if not dataset.editions:
        return []
    own = [topic] if _is_listing(dataset, topic) else []
    naming = [
        li for name in ("schema:about", "jle:unitInCharge", "jle:relatedOrganization") for li in dataset.subjects(name, topic)
    ]
    listings = [read_listing(dataset, iri) for iri in list(dict.fromkeys([*own, *naming]))[:most]]
    present = [listing for listing in listings if listing]
    return sorted(present, key=lambda li: (not li.is_current, dataset.editions.index(li.edition), li.iri.value))


def find_parents(dataset: Dataset, topic: NamedNode) -> list[NamedNode]:
    """The listings that a contact, class information or channel belongs to."""
    if not dataset.editions:
        return []
    services = dataset.subjects("schema:availableChannel", topic)
    parents = [li for s in [topic, *services] for li in dataset.subjects("jle:classInformation", s)]
    return [*dataset.subjects("jle:contact", topic), *parents]


def read_listing(dataset: Dataset, iri: NamedNode) -> Listing | None:
    """One listing with all that hangs on it, from the graph of its edition."""
    edition = next((e for iri in dataset.things(iri, "jle:inEdition") if (e := dataset.find_edition(iri))), None)
    governments = dataset.things(iri, "schema:about")
    if edition is None or not governments:
        return None
    graph = edition.graph
    contacts = dataset.things(iri, "jle:contact", graph)
    bodies = _read_bodies(dataset, iri, edition, contacts)
    of_bodies = {email for body in bodies for email in body.emails}
    services = dataset.things(iri, "jle:classInformation", graph)
    statuses = dataset.things(iri, "jle:classInformationStatus", graph)
    categories = dataset.things(iri, "jle:category", graph)
    lines = read_line_numbers(dataset, iri, graph)
    channels = [c for s in services for c in dataset.things(s, "schema:availableChannel", graph)]
    return Listing(
        iri,
        edition,
        dataset.is_current(iri),
        tuple(label_term(dataset, c) for c in categories),
        governments[0],
        label_thing(dataset, governments[0]),
        bodies,
        tuple(e for e in _read_emails(dataset, contacts, edition) if e not in of_bodies),
        tuple(u.value for u in dataset.things(iri, "schema:url", graph)),
        label_term(dataset, statuses[0]) if statuses else None,
        _read_channels(dataset, channels, edition),
        tuple((o, label_thing(dataset, o)) for s in services for o in dataset.things(s, "schema:serviceOperator", graph)),
        tuple(dataset.texts(iri, "schema:description", graph)),
        lines,
        frozenset(statuses) | frozenset(dataset.things(iri, "jle:status", graph)),
        tuple(categories),
        _locate_values(dataset, edition, lines, bodies, [*contacts, *channels]),
    )


def _is_listing(dataset: Dataset, topic: NamedNode) -> bool:
    return dataset.term("jle:Listing") in dataset.values(topic, "rdf:type")


def _read_bodies(dataset: Dataset, iri: NamedNode, edition: Edition, contacts: list[NamedNode]) -> tuple[Body, ...]:
    graph = edition.graph
    printed = dataset.things(iri, "jle:printedUrl", graph)
    bodies = []
    for unit in dataset.things(iri, "jle:unitInCharge", graph):
        own = [c for c in dataset.things(unit, "schema:contactPoint", graph) if c in contacts]
        orders = [order for c in own for order in dataset.numbers(c, "jle:order", graph)]
        addresses = tuple(u.value for u in dataset.things(unit, "schema:url", graph) if u in printed)
        body = Body(unit, label_thing(dataset, unit), addresses, _read_emails(dataset, own, edition))
        bodies.append((min(orders, default=99), body))
    return tuple(body for _, body in sorted(bodies, key=lambda pair: (pair[0], pair[1].iri.value)))


def _read_emails(dataset: Dataset, contacts: Iterable[NamedNode], edition: Edition) -> tuple[str, ...]:
    return tuple(e.value for c in contacts for e in dataset.texts(c, "schema:email", edition.graph))


def _read_channels(
    dataset: Dataset, channels: Iterable[NamedNode], edition: Edition
) -> tuple[tuple[str, tuple[Literal, ...]], ...]:
    return tuple(
        (url.value, tuple(dataset.texts(channel, "schema:name", edition.graph)))
        for channel in channels
        for url in dataset.things(channel, "schema:serviceUrl", edition.graph)
    )


def _locate_values(
    dataset: Dataset, edition: Edition, lines: tuple[int, ...], bodies: Iterable[Body], stating: Iterable[NamedNode]
) -> dict[str, tuple[int, ...]]:
    """Which lines state which value: contacts and channels say so; for names and addresses, the lines in which they stand."""
    found: dict[str, tuple[int, ...]] = {}
    for thing in stating:
        own = read_line_numbers(dataset, thing, edition.graph)
        for name in ("schema:email", "schema:serviceUrl"):
            for value in dataset.values(thing, name, edition.graph):
                stated = str(getattr(value, "value", value))
                found[stated] = tuple(sorted({*found.get(stated, ()), *own}))
    texts = {number: unescape(read_line(dataset, edition, number) or "") for number in lines}
    for body in bodies:
        name = _glue(body.label.text)
        own = tuple(number for number in lines if name in _glue(texts[number]))
        found[body.iri.value] = own or next((found[email] for email in body.emails if found.get(email)), ())
        for address in body.addresses:
            printed = re.compile(re.escape(address.partition("://")[2]) + _END)
            found[address] = tuple(number for number in lines if printed.search(texts[number]))
    return found


def _glue(text: str) -> str:
    """A text as it is compared with what is printed: without blanks, which a document may double."""
    return text.translate(_BLANKS)
