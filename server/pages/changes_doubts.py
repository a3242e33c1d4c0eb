"""What is doubtful of what changed: about values that were added or removed, and about who joined and left."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import NamedNode

from server.dataset import Dataset, Edition
from server.pages.changes import Member
from server.pages.doubts import Issues, find_doubts, list_doubts
from server.pages.labels import label_thing
from server.pages.stated import StatedListing, read_stated


def find_value_doubts(dataset: Dataset, listings: Sequence[StatedListing], text: str) -> Issues:
    """The doubts about a value that some listings state."""
    return tuple(issue for listing in listings for issue in find_doubts(dataset, listing.iri, text))


def find_member_doubts(dataset: Dataset, member: Member, other: Edition) -> Issues:
    """Why it is doubtful that a government joined or left.

    Its listing itself is doubtful, or the other edition has one that is probably the government's, under another name.
    """
    own = [i for listing in member.listings for i in list_doubts(dataset, listing.iri) if i.term in _about_listings(dataset)]
    label = label_thing(dataset, member.government)
    probable = [
        issue
        for listing in read_stated(dataset, other).listings
        for issue in list_doubts(dataset, listing.iri)
        if issue.term in _about_listings(dataset) and {label.text, label.other} & set(issue.suggestions)
    ]
    return tuple(dict.fromkeys((*own, *probable)))


def _about_listings(dataset: Dataset) -> tuple[NamedNode, ...]:
    """The kinds of doubts about whose a listing is."""
    return (dataset.term("jle:DoubtfulListing"), dataset.term("jle:ContactsOfAnotherPlace"))
