"""What one document states, value by value: of which listing, in which lines, and where exactly in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from server.dataset import Dataset, Edition
from server.pages.passages import DocumentText, Passage, Wanted, want_email, want_url, want_words

PLACE, BODY, EMAIL, URL, CLASS_LINK, NOTE = "place", "body", "email", "url", "class", "note"


@dataclass(frozen=True)
class Line:
    """A line of a document and what it was read as."""

    number: int
    text: str
    kind: NamedNode | None
    row: NamedNode


@dataclass(frozen=True)
class StatedValue:
    """One value; `thing` has the page about it, `body` is the body in charge whose it is.

    Its lines are those of the passages, or where it cannot be found letter by letter those that the data name for it.
    """

    kind: str
    text: str
    language: str
    thing: NamedNode
    body: NamedNode | None
    labels: tuple[Literal, ...]
    lines: tuple[int, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class StatedListing:
    """What a document states of one government in one of its lists."""

    iri: NamedNode
    government: NamedNode
    categories: tuple[NamedNode, ...]
    class_status: NamedNode | None
    status: NamedNode | None
    lines: tuple[int, ...]
    values: tuple[StatedValue, ...]

    def list_values(self, kind: str) -> list[StatedValue]:
        return [value for value in self.values if value.kind == kind]


@dataclass(frozen=True)
class StatedEdition:
    """A document with all that it states, in its order."""

    edition: Edition
    lines: tuple[Line, ...]
    listings: tuple[StatedListing, ...]

    @cached_property
    def listings_by_line(self) -> dict[int, list[StatedListing]]:
        found: dict[int, list[StatedListing]] = {line.number: [] for line in self.lines}
        for listing in self.listings:
            for line in listing.lines:
                found.get(line, []).append(listing)
        return found


def read_stated(dataset: Dataset, edition: Edition) -> StatedEdition:
    """All of a document; read once."""
    return dataset.remember(_read_edition, edition.iri)


def _read_edition(dataset: Dataset, iri: NamedNode) -> StatedEdition:
    edition = dataset.find_edition(iri)
    assert edition is not None
    lines = tuple(sorted(_read_lines(dataset, edition), key=lambda line: line.number))
    in_order = [line.number for line in lines] == list(range(1, len(lines) + 1))  # data that are not ours may have gaps
    text = DocumentText(tuple(line.text for line in lines) if in_order else ())
    found = dataset.subjects("rdf:type", dataset.term("jle:Listing"), edition.graph)
    listings = [listing for thing in found if (listing := _ListingReader(dataset, edition, text, thing).read())]
    return StatedEdition(edition, lines, tuple(sorted(listings, key=lambda li: (li.lines, li.iri.value))))


def _read_lines(dataset: Dataset, edition: Edition) -> Iterable[Line]:
    graph = edition.source_graph
    for row in dataset.subjects("rdf:type", dataset.term("jle:SourceLine"), graph):
        numbers, texts = dataset.numbers(row, "jle:sourceLine", graph), dataset.texts(row, "jle:verbatim", graph)
        if numbers and texts:
            kinds = dataset.things(row, "jle:lineKind", graph)
            yield Line(numbers[0], texts[0].value, kinds[0] if kinds else None, row)


class _ListingReader:
    def __init__(self, dataset: Dataset, edition: Edition, text: DocumentText, iri: NamedNode) -> None:
        self.dataset = dataset
        self.graph = edition.graph
        self.text = text
        self.iri = iri
        self.lines = self._read_lines(iri)
        self.values: list[StatedValue] = []

    def read(self) -> StatedListing | None:
        governments, categories, class_statuses, statuses = (
            self._things(self.iri, name)
            for name in ("schema:about", "jle:category", "jle:classInformationStatus", "jle:status")
        )
        if not governments:
            return None
        self._add_place(governments[0])
        self._add_bodies()
        for address in self._things(self.iri, "schema:url"):
            self._add(URL, address.value, self.iri, want_url(address.value))
        self._add_channels()
        for note in self.dataset.texts(self.iri, "schema:description", self.graph):
            self._add(NOTE, note.value, self.iri, want_words(note.value), language=note.language or "")
        self.values.sort(key=lambda value: value.passages[:1] or (Passage((*value.lines, 0)[0], 0, 0),))
        class_status, status = (next(iter(found), None) for found in (class_statuses, statuses))
        found = tuple(categories), class_status, status, self.lines, tuple(self.values)
        return StatedListing(self.iri, governments[0], *found)

    def _add_place(self, government: NamedNode) -> None:
        names = self.dataset.texts(government, "schema:name", self.graph)
        ordered = sorted(names, key=lambda name: name.language or "")
        if passage := self.text.find_place([name.value for name in ordered], self.lines):
            name = self.text.read(passage)
            self.values.append(StatedValue(PLACE, name, "", government, None, (), (passage.line,), (passage,)))

    def _add_bodies(self) -> None:
        printed = self._things(self.iri, "jle:printedUrl")
        contacts = self._things(self.iri, "jle:contact")
        of_bodies: set[NamedNode] = set()
        for body in self._things(self.iri, "jle:unitInCharge"):
            names = self.dataset.texts(body, "schema:name", self.graph)
            printed_here = [name for name in names if self.text.find(want_words(name.value), self.lines)]
            for name in (printed_here or names)[:1]:
                self._add(BODY, name.value, body, want_words(name.value), body=body, language=name.language or "")
            own = [c for c in self._things(body, "schema:contactPoint") if c in contacts]
            of_bodies.update(own)
            self._add_emails(own, body)
            for address in self._things(body, "schema:url"):
                if address in printed:
                    self._add(URL, address.value, body, want_url(address.value), body=body)
        self._add_emails([c for c in contacts if c not in of_bodies], None)

    def _add_emails(self, contacts: Iterable[NamedNode], body: NamedNode | None) -> None:
        for contact in contacts:
            lines = self._read_lines(contact)
            for email in self.dataset.texts(contact, "schema:email", self.graph):
                self._add(EMAIL, email.value, contact, want_email(email.value), body=body, lines=lines)

    def _add_channels(self) -> None:
        for service in self._things(self.iri, "jle:classInformation"):
            for channel in self._things(service, "schema:availableChannel"):
                labels = tuple(self.dataset.texts(channel, "schema:name", self.graph))
                lines = self._read_lines(channel)
                for address in self._things(channel, "schema:serviceUrl"):
                    pattern = want_url(address.value)
                    self._add(CLASS_LINK, address.value, channel, pattern, lines=lines, labels=labels)

    def _add(
        self,
        kind: str,
        text: str,
        thing: NamedNode,
        wanted: Wanted,
        *,
        body: NamedNode | None = None,
        language: str = "",
        lines: Sequence[int] = (),
        labels: tuple[Literal, ...] = (),
    ) -> None:
        among = tuple(lines) or self.lines
        passages = tuple(self.text.find(wanted, among))
        stating = tuple(dict.fromkeys(p.line for p in passages)) or among
        self.values.append(StatedValue(kind, text, language, thing, body, labels, stating, passages))

    def _things(self, subject: NamedNode, name: str) -> list[NamedNode]:
        return self.dataset.things(subject, name, self.graph)

    def _read_lines(self, thing: NamedNode) -> tuple[int, ...]:
        return tuple(self.dataset.numbers(thing, "jle:sourceLine", self.graph))
