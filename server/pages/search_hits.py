"""What was found as pages and programs get it: names, where it belongs, today's addresses, and the editions that name it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.dataset import Dataset, Edition
from server.pages.doubts import Issues, find_doubts
from server.pages.labels import Label, label_term, label_thing
from server.pages.search_catalogue import Answer, Catalogue, Hit
from server.pages.search_entries import DEPARTMENT, EMAIL, PLACE, Entry

_MOST = 6  # addresses, bodies or governments that a hit shows


@dataclass(frozen=True)
class Contact:
    """An e-mail address, whose it is, whether today's lists have it, and what is doubtful about it."""

    email: str
    body: NamedNode | None
    label: Label | None
    is_current: bool
    doubts: Issues


@dataclass(frozen=True)
class Stated:
    """An edition that names it, with the listing that does."""

    edition: Edition
    listing: NamedNode
    is_current: bool

    @property
    def line(self) -> str:
        """The first of the listing, which its IRI ends with."""
        return self.listing.value.rpartition("/L")[2]


@dataclass(frozen=True)
class ShownHit:
    """A hit with what is shown of it."""

    hit: Hit
    label: Label | None  # an address has none
    within: tuple[tuple[NamedNode, Label], ...]
    categories: tuple[tuple[str, Label], ...]
    contacts: tuple[Contact, ...]
    bodies: tuple[tuple[NamedNode, Label], ...]  # of an address
    stated: tuple[Stated, ...]
    doubts: Issues  # about an address

    @property
    def entry(self) -> Entry:
        return self.hit.entry


def show_hit(dataset: Dataset, catalogue: Catalogue, hit: Hit) -> ShownHit:
    """Reads what is shown of a hit."""
    entry = hit.entry
    if entry.place:
        around = catalogue.find_place(entry.place.around)
        within = [around.iri] if around and around.iri else []
    else:
        within = list(entry.governments)
    bodies = dict.fromkeys(m.body for m in entry.mentions if m.body) if entry.kind == EMAIL else {}
    return ShownHit(
        hit,
        label_thing(dataset, entry.iri) if entry.iri else None,
        tuple((iri, label_thing(dataset, iri)) for iri in within[:_MOST]),
        tuple((name, label_term(dataset, dataset.term(f"jle:{name}"))) for name in entry.categories if name),
        _list_contacts(dataset, catalogue, entry),
        tuple((body, label_thing(dataset, body)) for body in list(bodies)[:_MOST]),
        _list_stated(entry),
        _find_doubts(dataset, entry, entry.text) if entry.kind == EMAIL else (),
    )


def write_answer(
    dataset: Dataset, catalogue: Catalogue, answer: Answer, hits: tuple[Hit, ...], link: Callable[[NamedNode], str]
) -> dict[str, object]:
    """The part of an answer that a program asked for."""

    def write(hit: Hit) -> dict[str, object]:
        return write_hit(show_hit(dataset, catalogue, hit), link)

    return {
        "total": len(answer.hits),
        "counts": answer.counts,
        "hits": [write(hit) for hit in hits],
        "guesses": [write(hit) for hit in answer.guesses],
        "leftOut": list(answer.left_out),
    }


def write_hit(shown: ShownHit, link: Callable[[NamedNode], str]) -> dict[str, object]:
    """A hit for programs, with the fields that the page of the search explains."""
    entry = shown.entry
    target = entry.iri or (shown.bodies or shown.within)[0][0]
    return {
        "kind": entry.kind,
        "name": _write_names(entry),
        "iri": entry.iri.value if entry.iri else None,
        "page": link(target),
        "code": entry.place.code if entry.place else None,
        "within": [{"name": _write_label(label), "iri": iri.value} for iri, label in shown.within],
        "categories": [name for name, _ in shown.categories],
        "editions": list(entry.editions),
        "current": entry.is_current,
        "emails": [
            {"email": c.email, "body": _write_label(c.label) if c.label else None, "current": c.is_current}
            | ({"doubts": [issue.iri.value for issue in c.doubts]} if c.doubts else {})
            for c in shown.contacts
        ],
        "match": shown.hit.match,
    }


def _list_contacts(dataset: Dataset, catalogue: Catalogue, entry: Entry) -> tuple[Contact, ...]:
    """Today's; for a body or an address of the past those that it had."""
    found: dict[tuple[str, NamedNode | None], None] = {}
    for mention in entry.mentions:
        if mention.email and (mention.is_current or (entry.kind != PLACE and not entry.is_current)):
            found[mention.email, mention.body] = None
    return tuple(
        Contact(
            email,
            body,
            label_thing(dataset, body) if body else None,
            catalogue.is_of_today(email),
            _find_doubts(dataset, entry, email),
        )
        for email, body in list(found)[:_MOST]
    )


def _find_doubts(dataset: Dataset, entry: Entry, email: str) -> Issues:
    """Those about the address where it stands today, or where it stood."""
    listings = dict.fromkeys(m.listing for m in entry.mentions if m.email == email and m.is_current == entry.is_current)
    return tuple(dict.fromkeys(issue for listing in listings for issue in find_doubts(dataset, listing, email)))


def _list_stated(entry: Entry) -> tuple[Stated, ...]:
    """One for each listing that names it; today's first, then the newest."""
    found = dict.fromkeys(Stated(m.edition, m.listing, m.is_current) for m in entry.mentions)
    return tuple(found) if entry.kind in (PLACE, DEPARTMENT) else tuple(found)[: 2 * _MOST]


def _write_names(entry: Entry) -> dict[str, str]:
    if entry.place:
        return dict(entry.place.names)
    return {name.language or "": name.value for name in reversed(entry.names)} if entry.names else {"": entry.text}


def _write_label(label: Label) -> dict[str, str]:
    return {label.language: label.text} | ({label.other_language: label.other} if label.other else {})
