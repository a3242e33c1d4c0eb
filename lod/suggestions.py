"""Suggestions for damaged values: what another edition states for the same government."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lod.hosts import complete_url
from lod.issues import Issue, IssueEvidence, Suggested
from lod.listings import Body, Listing, Stated

_NO_HOST = re.compile(r"https?://(?:w{1,3}\.?)?", re.IGNORECASE)  # a URL that begins so could be any


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
    text = issue.verbatim.replace("[at]", "@")
    if issue.kind == "EmailWithBlank":
        whole = "".join(text.split())
        found = [(n, s) for n, s in stated if s.value == whole]
    elif issue.kind == "EmailTruncated":
        found = [(n, s) for n, s in stated if s.value.startswith(text)]
    elif issue.kind == "UrlTruncated" and not _NO_HOST.fullmatch(complete_url(text)):
        found = [(n, s) for n, s in stated if s.value.startswith(complete_url(text))]
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
