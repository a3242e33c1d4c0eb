"""Suggestions for damaged values: what another edition states for the same government."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lod.issues import Issue, IssueEvidence, Suggested
from lod.listings import Body, Listing, Stated


def add_suggestions(issues: Iterable[Issue], listings: Sequence[Listing]) -> list[Issue]:
    """The issues, those of damaged values with what other editions support.

    An e-mail with a blank is supported by one that equals it without the blank, a cut value by one that begins with it.
    """
    by_start = {(li.edition.number, li.line): li for li in listings}
    result = []
    for issue in issues:
        listing = by_start.get((issue.edition, issue.listing or 0))
        if listing is None or issue.suggestions:
            result.append(issue)
            continue
        others = [o for o in listings if o.place == listing.place and o.edition.number != issue.edition]
        result.append(replace(issue, suggestions=tuple(_find_support(issue, others))))
    return result


def _find_support(issue: Issue, others: Iterable[Listing]) -> Iterator[Suggested]:
    stated = [(o.edition.number, s) for o in others for s in _get_stated(o, issue.kind)]
    if issue.kind == "EmailWithBlank":
        wanted = "".join(issue.verbatim.split()).replace("[at]", "@")
        found = [(n, s) for n, s in stated if s.value == wanted]
    elif issue.kind in ("EmailTruncated", "UrlTruncated"):
        found = [(n, s) for n, s in stated if s.value.startswith(issue.verbatim.replace("[at]", "@"))]
    else:
        return
    for value in dict.fromkeys(s.value for _, s in found):
        yield Suggested(value, tuple(dict.fromkeys(IssueEvidence(n, s.line) for n, s in found if s.value == value)))


def _get_stated(listing: Listing, kind: str) -> Iterator[Stated]:
    owners: list[Listing | Body] = [listing, *listing.bodies]
    if kind.startswith("Email"):
        yield from (s for owner in owners for s in owner.emails)
    else:
        yield from (s for owner in owners for s in owner.urls)
        yield from (Stated(c.url, c.lines[0]) for c in listing.channels)
