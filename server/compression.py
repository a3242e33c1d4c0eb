"""Which content coding a client gets for its Accept-Encoding header (RFC 9110, section 12.5.3), and what is worth coding."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lod.codings import CODINGS

OFFERS = tuple(coding.name for coding in CODINGS)

_ELEMENT = re.compile(r"([!#$%&'*+.^_`|~0-9a-z-]+)(?:[ \t]*;[ \t]*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?")
_ALIASES = {"x-gzip": "gzip"}  # section 8.4.1.3
_TEXTS = re.compile(r"text/|application/(?:json|xml|n-triples|n-quads|trig|sparql-query|[\w.-]+\+(?:json|xml))|image/svg\+xml")


def choose_coding(accept_encoding: str | None, offers: Sequence[str] = OFFERS) -> str | None:
    """The offered coding that the client likes best, None for none (`identity`).

    A coding weighs what the header gives it by name, else by `*`; between equals the one offered first wins. `identity` is
    chosen where it weighs more than all others, and where no header or none that is understood asks for a coding. It is
    also sent when the client refuses it and nothing else can be had: the section allows 406, but who gets an answer that
    it can read after all is served better.
    """
    if not accept_encoding:
        return None
    weights = _read_weights(accept_encoding.lower())
    others = weights.get("*", 0.0)
    best, most = None, weights.get("identity", 0.0)
    for offer in offers:
        weight = weights.get(offer, others)
        if weight > most or (weight == most > 0 and best is None):
            best, most = offer, weight
    return best


def _read_weights(accept_encoding: str) -> dict[str, float]:
    """What each coding of the header weighs; an element that is not understood is passed over."""
    weights = {}
    for element in accept_encoding.split(","):
        if match := _ELEMENT.fullmatch(element.strip(" \t")):
            weights[_ALIASES.get(match[1], match[1])] = float(match[2] or 1)
    return weights


def encode(body: bytes, coding: str) -> bytes:
    """The body in one of the codings of `OFFERS`; the same bytes give the same bytes."""
    return next(c for c in CODINGS if c.name == coding).encode(body)


def is_compressible(content_type: str) -> bool:
    """Whether bytes of that media type get much smaller: text does, what is packed already does not."""
    return _TEXTS.match(content_type) is not None
