"""Which of the offered media types a client gets for its Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_PARAMETER = re.compile(r';\s*([^\s;=,"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]*)\s*')
_TYPE = re.compile(r"\s*([!#$%&'*+.^_`|~\w-]+)/([!#$%&'*+.^_`|~\w-]+)\s*", re.ASCII)
_WEIGHT = re.compile(r"[01]?(?:\.\d{0,3})?")


@dataclass(frozen=True)
class _MediaRange:
    """A media type, or in a client's header a range of them, with what it weighs there."""

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    quality: float

    @property
    def specificity(self) -> tuple[bool, bool, int]:
        return (self.type != "*", self.subtype != "*", len(self.parameters))

    def covers(self, offer: _MediaRange) -> bool:
        return self.type in ("*", offer.type) and self.subtype in ("*", offer.subtype) and self.parameters <= offer.parameters


def choose_media_type(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer that the client likes best, None where it accepts none of them.

    The most specific range that covers an offer decides its quality. Between offers of the same quality the one that
    the client named more specifically wins, then the one that is offered first. A header that is missing, empty or not
    understood at all is no preference.
    """
    ranges = [r for element in _ELEMENT.findall(accept or "") if (r := _read_range(element))]
    if not ranges:
        return offers[0]
    best: str | None = None
    best_rank: tuple[float, tuple[bool, bool, int]] = (0.0, (False, False, 0))
    for offer in offers:
        media_type = _read_range(offer)
        covering = [r for r in ranges if media_type and r.covers(media_type)]
        if not covering:
            continue
        decisive = max(covering, key=lambda r: (r.specificity, r.quality))
        rank = (decisive.quality, decisive.specificity)
        if decisive.quality > 0 and (best is None or rank > best_rank):
            best, best_rank = offer, rank
    return best


def _read_range(element: str) -> _MediaRange | None:
    """One element of the header; None for what is no media range or has no valid weight.

    All that is served is UTF-8, so a range that asks for this charset asks for nothing.
    """
    match = _TYPE.match(element)
    if not match or (match[1] == "*" and match[2] != "*"):
        return None
    parameters: set[tuple[str, str]] = set()
    quality = 1.0
    for name, value in _PARAMETER.findall(element[match.end() :]):
        plain = re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
        if name.lower() == "q":
            if not plain.strip(".") or not _WEIGHT.fullmatch(plain) or float(plain) > 1:
                return None
            quality = float(plain)
            break  # what follows the weight is no parameter of the media type
        if (name.lower(), plain.lower()) != ("charset", "utf-8"):
            parameters.add((name.lower(), plain))
    return _MediaRange(match[1].lower(), match[2].lower(), frozenset(parameters), quality)
