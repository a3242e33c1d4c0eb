"""What differs between two editions in one category: who joined and left, and what became of departments and addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode

from server.dataset import Dataset, Edition
from server.pages.changes_of_bodies import SAME_EMAIL, BodyChange, compare_bodies
from server.pages.provenance import find_lost
from server.pages.stated import CLASS_LINK, EMAIL, URL, StatedListing, StatedValue, read_stated

ADDRESSES = (EMAIL, URL, CLASS_LINK)
_DAMAGES = {  # kinds of issue that say that something was printed which could not be published
    EMAIL: ("EmailTruncated", "EmailWithBlank", "UrlInEmailColumn"),
    URL: ("UrlTruncated", "EmailInUrlColumn"),
    CLASS_LINK: (),
}
_DAMAGES_OF_ALL = ("MangledValue", "ContactsOfAnotherPlace", "UnreadableValue")


@dataclass(frozen=True)
class Member:
    """A government with all that one edition states of it in the category."""

    government: NamedNode
    listings: tuple[StatedListing, ...]

    @property
    def line(self) -> int:
        return min((line for listing in self.listings for line in listing.lines), default=0)

    @property
    def stated(self) -> list[StatedValue]:
        return [value for listing in self.listings for value in listing.values]

    def list_values(self, kind: str) -> list[StatedValue]:
        return [value for value in self.stated if value.kind == kind]

    def has_class_status(self, name: NamedNode) -> bool:
        return any(listing.class_status == name for listing in self.listings)


@dataclass(frozen=True)
class AddressChange:
    """Addresses of one kind that only one of the editions states of a government.

    Where an edition prints a damaged value instead, its issues are given, and whether the address changed is not known.
    """

    kind: str
    before: tuple[StatedValue, ...]
    after: tuple[StatedValue, ...]
    damaged_before: tuple[tuple[NamedNode, str], ...]  # each issue with what is printed
    damaged_after: tuple[tuple[NamedNode, str], ...]

    @property
    def is_unclear(self) -> bool:
        return bool(self.damaged_before or self.damaged_after)

    @cached_property
    def is_spelling(self) -> bool:
        """Whether http or https, a slash at the end, or capitals are all that differs."""
        before, after = ({_strip_spelling(v.text) for v in values} for values in (self.before, self.after))
        return before == after


@dataclass(frozen=True)
class GovernmentChange:
    """What changed for a government that both editions list."""

    before: Member
    after: Member
    bodies: tuple[BodyChange, ...]
    addresses: tuple[AddressChange, ...]
    classes_lost: bool  # whether an edition has no column for class links here, so that they cannot be compared

    @property
    def government(self) -> NamedNode:
        return self.after.government


@dataclass(frozen=True)
class Comparison:
    """Two editions in one category; governments in the order of their codes."""

    before: Edition
    after: Edition
    category: NamedNode
    joined: tuple[Member, ...]
    left: tuple[Member, ...]
    stayed: tuple[GovernmentChange, ...]
    lost_before: bool  # whether the document lost its columns of addresses
    lost_after: bool

    @property
    def is_without_addresses(self) -> bool:
        return self.lost_before or self.lost_after

    @property
    def changed(self) -> tuple[GovernmentChange, ...]:
        return tuple(change for change in self.stayed if change.bodies or change.addresses)

    def list_addresses(self, kind: str) -> list[tuple[GovernmentChange, AddressChange]]:
        return [(change, address) for change in self.stayed for address in change.addresses if address.kind == kind]

    def count_addresses(self, kind: str) -> dict[str, int]:
        """Governments whose addresses changed, whose differ in spelling only, and of which it is not known."""
        found = [address for _, address in self.list_addresses(kind)]
        unclear = sum(address.is_unclear for address in found)
        respelt = sum(address.is_spelling and not address.is_unclear for address in found)
        return {"changed": len(found) - respelt - unclear, "respelt": respelt, "unclear": unclear}

    @cached_property
    def counts(self) -> dict[str, int]:
        """Governments that joined, left and stayed; bodies by what became of them; governments whose addresses changed."""
        bodies = [body for change in self.stayed for body in change.bodies]
        addresses = {kind: self.count_addresses(kind) for kind in ADDRESSES}
        return {
            "joined": len(self.joined),
            "left": len(self.left),
            "stayed": len(self.stayed),
            "renamed": sum(body.basis == SAME_EMAIL for body in bodies),
            "perhaps_renamed": sum(body.is_guess for body in bodies),
            "named": sum(body.name == "named" for body in bodies),
            "gone": sum(body.name == "gone" for body in bodies),
            **{kind: found["changed"] for kind, found in addresses.items()},
            "respelt": sum(found["respelt"] for found in addresses.values()),
            "unclear": sum(found["unclear"] for found in addresses.values()),
        }


def list_categories(dataset: Dataset, edition: Edition) -> list[NamedNode]:
    """The categories of which an edition has a list."""
    return dataset.things(edition.iri, "jle:category")


def compare_editions(dataset: Dataset, before: Edition, after: Edition, category: NamedNode) -> Comparison:
    """What differs from one edition to the other."""
    earlier, later = (_list_members(dataset, edition, category) for edition in (before, after))
    both = sorted(earlier.keys() & later.keys(), key=str)
    lost_before, lost_after = (edition in find_lost(dataset) for edition in (before, after))
    without_addresses = lost_before or lost_after
    return Comparison(
        before,
        after,
        category,
        tuple(later[g] for g in sorted(later.keys() - earlier.keys(), key=str)),
        tuple(earlier[g] for g in sorted(earlier.keys() - later.keys(), key=str)),
        tuple(_compare_members(dataset, earlier[g], later[g], without_addresses=without_addresses) for g in both),
        lost_before,
        lost_after,
    )


def _list_members(dataset: Dataset, edition: Edition, category: NamedNode) -> dict[NamedNode, Member]:
    found: dict[NamedNode, list[StatedListing]] = {}
    for listing in read_stated(dataset, edition).listings:
        if category in listing.categories:
            found.setdefault(listing.government, []).append(listing)
    return {government: Member(government, tuple(listings)) for government, listings in found.items()}


def _compare_members(dataset: Dataset, before: Member, after: Member, *, without_addresses: bool) -> GovernmentChange:
    lost = dataset.term("jle:ColumnLost")
    classes_lost = any(member.has_class_status(lost) for member in (before, after))
    kinds = () if without_addresses else tuple(k for k in ADDRESSES if k != CLASS_LINK or not classes_lost)
    found = (_compare_addresses(dataset, before, after, kind) for kind in kinds)
    return GovernmentChange(
        before, after, compare_bodies(before.stated, after.stated), tuple(filter(None, found)), classes_lost
    )


def _compare_addresses(dataset: Dataset, before: Member, after: Member, kind: str) -> AddressChange | None:
    earlier, later = before.list_values(kind), after.list_values(kind)
    removed, added = _list_missing(earlier, later), _list_missing(later, earlier)
    if not removed and not added:
        return None
    damages = (_list_damages(dataset, member, kind) for member in (before, after))
    return AddressChange(kind, removed, added, *damages)


def _list_missing(values: Iterable[StatedValue], others: Iterable[StatedValue]) -> tuple[StatedValue, ...]:
    """Those that the others do not have, each once."""
    known = {_fold(other) for other in others}
    return tuple({_fold(v): v for v in values if _fold(v) not in known}.values())


def _fold(value: StatedValue) -> str:
    return value.text.lower() if value.kind == EMAIL else value.text


def _list_damages(dataset: Dataset, member: Member, kind: str) -> tuple[tuple[NamedNode, str], ...]:
    """The issues that say that a value of that kind is printed but not usable."""
    kinds = {dataset.term(f"jle:{name}") for name in (*_DAMAGES[kind], *_DAMAGES_OF_ALL)}
    issues = (i for listing in member.listings for i in dataset.subjects("oa:hasTarget", listing.iri))
    damaged = (i for i in issues if kinds.intersection(dataset.things(i, "jle:issueType")))
    printed = ((i, text.value) for i in damaged for text in dataset.texts(i, "jle:verbatim"))
    return tuple((i, text) for i, text in printed if kind != EMAIL or "@" in text or "[at]" in text)


def _strip_spelling(address: str) -> str:
    return address.lower().removeprefix("https://").removeprefix("http://").rstrip("/")
