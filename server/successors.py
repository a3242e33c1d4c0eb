"""What may stand in the place of something that an older release had: guesses, by what that release said of it.

A guess is never told as a fact: two bodies with one e-mail address may be the same under two names, or may share a desk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pyoxigraph import Literal, NamedNode, Quad

from server.dataset import DEFAULT, Dataset

_SCHEMA = "https://schema.org/"
_PART = re.compile(r"(id/edition/[^/]+/listing/[^/]+)/(contact|class)(?:/.*)?")
_LISTING = re.compile(r"id/edition/[^/]+/listing/[^/]+")
_BODY = re.compile(r"id/(?:unit|org)/.*")
_MOST = 3  # guesses, beyond which they are none
Facts = Callable[[str], Iterable[Quad]]


def find_likely_successors(dataset: Dataset, path: str, read: Facts) -> tuple[NamedNode, ...]:
    """What today has in the place of a contact, a listing, its class information, or a body in charge.

    `read` gives what the older release stated of a path under its base IRI. A contact or a body is looked for by its e-mail
    address; a listing by its government and its category.
    """
    if dataset.release.is_foreign:
        return ()
    if _BODY.fullmatch(path):
        contacts = _list_values(dataset, read(path), f"{_SCHEMA}contactPoint")
        emails = [email for contact in contacts for email in _list_values(dataset, read(contact), f"{_SCHEMA}email")]
        found = [body for contact in _find_contacts(dataset, emails) for body in _list_bodies(dataset, contact)]
    elif part := _PART.fullmatch(path):
        emails = _list_values(dataset, read(path), f"{_SCHEMA}email")
        found = _find_contacts(dataset, emails) or _find_listings(dataset, read(part[1]))
    else:
        found = _find_listings(dataset, read(path)) if _LISTING.fullmatch(path) else []
    others = [thing for thing in dict.fromkeys(found) if thing != dataset.iris.make(path)]
    return tuple(others) if len(others) <= _MOST else ()


def _find_contacts(dataset: Dataset, emails: Iterable[str]) -> list[NamedNode]:
    return [contact for email in emails for contact in dataset.subjects("schema:email", Literal(email), DEFAULT)]


def _list_bodies(dataset: Dataset, contact: NamedNode) -> list[NamedNode]:
    holders = dataset.subjects("schema:contactPoint", contact, DEFAULT)
    return [holder for holder in holders if _BODY.fullmatch(dataset.iris.strip_base(holder.value) or "")]


def _find_listings(dataset: Dataset, facts: Iterable[Quad]) -> list[NamedNode]:
    """The listings of today of the government and in the category that an older listing was about."""
    stated = list(facts)
    governments = _list_values(dataset, stated, f"{_SCHEMA}about")
    categories = {q.object for q in stated if q.predicate.value.endswith("ontology#category")}
    found = [listing for path in governments for listing in dataset.subjects("schema:about", dataset.iris.make(path), DEFAULT)]
    return [listing for listing in found if categories.intersection(dataset.things(listing, "jle:category", DEFAULT))]


def _list_values(dataset: Dataset, facts: Iterable[Quad], name: str) -> list[str]:
    """The values of a property: texts, and of things their paths."""
    found = [quad.object for quad in facts if quad.predicate.value == name]
    return list(dict.fromkeys(v for o in found if (v := _strip(dataset, o))))


def _strip(dataset: Dataset, term: object) -> str:
    if isinstance(term, NamedNode):
        return dataset.iris.strip_base(term.value) or ""
    return term.value if isinstance(term, Literal) else ""
