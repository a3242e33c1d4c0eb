"""Which of the offered media types a client gets for its Accept header (RFC 9110, section 12.5.1).

A `profile` is a preference, not a condition: profiles that are not recognised are ignored (registration of
application/ld+json; RFC 6906, section 3.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

_WORD = r"[!#$%&'*+.^_`|~\w-]+"
_RANGE = re.compile(rf"\*/\*|(?!\*/){_WORD}/{_WORD}", re.ASCII)
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?$)|,|[^",]+')  # a quoted string, closed or not, a comma, or what is neither
_PARAMETER = re.compile(r';\s*([^\s;=,"]+)\s*=\s*("(?:[^"\\]|\\.)*+"|[^\s;,"]*)')
_WEIGHT = re.compile(r"[01]?(?:\.\d{0,3})?")
_NOTHING: frozenset[str] = frozenset()
_IMPLIED = {"application/ld+json": frozenset({"http://www.w3.org/ns/json-ld#compacted"})}  # where an offer states no profile


class _Range(NamedTuple):
    """A range of media types in a client's header, or one media type that is offered."""

    name: str  # text/turtle, text/* or */*
    parameters: frozenset[str]  # `name=value`, without weight and profile
    profiles: frozenset[str]
    quality: float = 1.0

    def rank_for(self, offer: _Range) -> int | None:
        """How specific the range is for an offer of its name: the more of it is met; None where it does not cover it.

        A range whose profiles the offer does not have covers it as the last resort, but does not exclude it.
        """
        if not self.parameters <= offer.parameters:
            return None
        if not self.profiles:
            return len(self.parameters)
        if met := len(self.profiles & offer.profiles):
            return len(self.parameters) + met
        return -1 if self.quality else None


def choose_media_type(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer that the client likes best, None where it accepts none of them.

    The most specific range that covers an offer decides its quality. Between offers of the same quality the one that
    the client named more specifically wins, then the one that is offered first. A header that is missing, empty or not
    understood at all is no preference.
    """
    ranges = _read_header(accept) if accept else {}
    if not ranges:
        return offers[0]
    best: str | None = None
    best_rank: tuple[float, int, int] = (0.0, 0, -2)
    for name in offers:
        offer, wider = _read_offer(name)
        for breadth, covering in ((2, offer.name), (1, wider), (0, "*/*")):
            found = [(r, x.quality) for x in ranges.get(covering, ()) if (r := x.rank_for(offer)) is not None]
            if found:
                met, quality = max(found)
                if quality > 0 and (best is None or (quality, breadth, met) > best_rank):
                    best, best_rank = name, (quality, breadth, met)
                break
    return best


@lru_cache(maxsize=256)
def _read_offer(media_type: str) -> tuple[_Range, str]:
    """One of our media types, and the range of its subtypes."""
    offer = _read_range(media_type)
    if offer is None:
        raise ValueError(f"{media_type!r} is no media type")
    profiles = offer.profiles or _IMPLIED.get(offer.name, _NOTHING)
    return _Range(offer.name, offer.parameters, profiles), f"{offer.name.partition('/')[0]}/*"


def _read_header(accept: str) -> Mapping[str, list[_Range]]:
    """The ranges of a header by their names."""
    ranges: dict[str, list[_Range]] = {}
    for element in _split(accept) if '"' in accept else accept.split(","):
        if found := _read_range(element):
            ranges.setdefault(found.name, []).append(found)
    return ranges


def _split(accept: str) -> list[str]:
    """The elements between commas that stand in no quoted string."""
    elements = [""]
    for piece in _PIECE.findall(accept):
        if piece == ",":
            elements.append("")
        else:
            elements[-1] += piece
    return elements


@lru_cache(maxsize=512)  # clients name the same few ranges again and again
def _read_range(element: str) -> _Range | None:
    """One element of the header; None for what is no media range or has no valid weight.

    All that is served is UTF-8, so a range that asks for this charset asks for nothing.
    """
    name, semicolon, rest = element.partition(";")
    name = name.strip().lower()
    if not _RANGE.fullmatch(name):
        return None
    if not semicolon:
        return _Range(name, _NOTHING, _NOTHING)
    parameters: set[str] = set()
    profiles: set[str] = set()
    for key, value in _PARAMETER.findall(semicolon + rest):
        lowered, plain = key.lower(), re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
        if lowered == "q":
            if not plain.strip(".") or not _WEIGHT.fullmatch(plain) or float(plain) > 1:
                return None
            quality = float(plain)
            break  # what follows the weight is no parameter of the media type
        if lowered == "profile":
            profiles.update(plain.split())
        elif (lowered, plain.lower()) != ("charset", "utf-8"):
            parameters.add(f"{lowered}={plain}")
    else:
        quality = 1.0
    return _Range(name, frozenset(parameters), frozenset(profiles), quality)
