"""Doubts where the reader needs them: at the value that is doubtful, or at the place where a damaged one is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape

from pyoxigraph import NamedNode

from server.dataset import Dataset
from server.pages.listings import Body, Listing
from server.pages.provenance import Issue, list_issues

Issues = tuple[Issue, ...]


@dataclass(frozen=True)
class Doubts:
    """The doubts about one listing by what they are about; each stands in one place only."""

    at_values: Mapping[str, Issues]  # by the e-mail, the address or the IRI of the body
    at_gaps: Mapping[str, Issues]  # by the IRI of the body: its e-mail is damaged, and it has no other
    at_listing: Issues  # all others


def place_doubts(issues: Iterable[Issue], listing: Listing) -> Doubts:
    """The doubts about a listing, each with the value that it is printed as, else with the body whose e-mail it was."""
    at_values: dict[str, list[Issue]] = defaultdict(list)
    at_gaps: dict[str, list[Issue]] = defaultdict(list)
    rest: list[Issue] = []
    values = _list_values(listing)
    for issue in issues:
        if not issue.is_doubt or listing.iri not in issue.targets:
            continue
        printed = _read_printed(issue)
        keys = [key for key, text in values.items() if text in printed]
        for key in keys:
            if not any(_says_the_same(issue, other) for other in at_values[key]):
                at_values[key].append(issue)
        if keys:
            continue
        if body := _find_gap(listing, issue):
            at_gaps[body.iri.value].append(issue)
        else:
            rest.append(issue)
    return Doubts(_freeze(at_values), _freeze(at_gaps), tuple(rest))


def find_doubts(dataset: Dataset, listing: NamedNode, text: str) -> Issues:
    """The doubts about a value of a listing, found by what is printed."""
    return tuple(issue for issue in list_doubts(dataset, listing) if text in _read_printed(issue))


def list_doubts(dataset: Dataset, listing: NamedNode) -> Issues:
    """All doubts about a listing."""
    return dataset.remember(_list_doubts, listing)


def _list_doubts(dataset: Dataset, listing: NamedNode) -> Issues:
    return tuple(issue for issue in list_issues(dataset, [listing]) if issue.is_doubt)


def _says_the_same(issue: Issue, other: Issue) -> bool:
    """Whether one is enough to read, as where two columns of a row have the same value."""
    return (issue.term, issue.verbatim, issue.comments, issue.suggestions) == (
        other.term,
        other.verbatim,
        other.comments,
        other.suggestions,
    )


def _read_printed(issue: Issue) -> set[str]:
    return {unescape(text).replace("[at]", "@").strip() for text in issue.verbatim}


def _list_values(listing: Listing) -> dict[str, str]:
    """What stands on the page, by its key, as it would be printed."""
    values = {body.iri.value: body.label.text for body in listing.bodies}
    texts = [text for body in listing.bodies for text in (*body.emails, *body.addresses)]
    texts += [*listing.emails, *listing.addresses, *(address for address, _ in listing.channels)]
    return values | {text: text for text in texts}


def _find_gap(listing: Listing, issue: Issue) -> Body | None:
    """The one body without e-mail on the line of a damaged e-mail; none where that is not certain."""
    if not issue.is_about_email:
        return None
    gaps = [b for b in listing.bodies if not b.emails and set(listing.find_lines(b.iri.value)) & set(issue.lines)]
    return gaps[0] if len(gaps) == 1 else None


def _freeze(found: Mapping[str, list[Issue]]) -> dict[str, Issues]:
    return {key: tuple(issues) for key, issues in found.items()}
