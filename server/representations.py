"""The representations of a document: which there are, and which one a request gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Request
from werkzeug.exceptions import BadRequest, NotAcceptable

from lod.formats import GRAPH_FORMATS, Format
from server.negotiation import choose_media_type


@dataclass(frozen=True)
class Representation:
    """One form of a document; the page for people has no graph format."""

    name: str
    label: str
    media_type: str
    suffix: str
    graph_format: Format | None = None


HTML = Representation("html", "HTML", "text/html", "html")
GRAPHS = tuple(Representation(f.name, f.label, f.media_type, f.suffix, f) for f in GRAPH_FORMATS)
_ALIASES = {"rdf+xml": "rdf", "rdf/xml": "rdf", "n3": "ttl", "ntriples": "nt"}  # as SPARQLWrapper and others call them
REPRESENTATIONS = (HTML, *GRAPHS)  # in the server's order of preference


class NothingAcceptable(NotAcceptable):
    """406 with what is offered instead."""

    def __init__(self, offers: Sequence[Representation]) -> None:
        self.offers = [offer.media_type for offer in offers]
        super().__init__(f"The Accept header takes none of what is offered here: {', '.join(self.offers)}.")


def choose_representation(
    request: Request, suffix: str | None = None, offers: Sequence[Representation] = REPRESENTATIONS
) -> Representation:
    """By suffix, else by `?format=` (a name, a suffix or a media type), else by the Accept header."""
    wanted = suffix or request.args.get("format")
    if wanted:
        # in a query string `application/ld+json` arrives as `application/ld json`
        name = wanted.replace(" ", "+").lower()
        found = [r for r in offers if {name, _ALIASES.get(name)} & {r.name, r.suffix, r.media_type}]
        if not found:
            names = ", ".join(dict.fromkeys(r.suffix for r in offers))
            raise BadRequest(f"There is no format “{wanted}” here: choose one of {names}.")
        return found[0]
    media_type = choose_media_type(request.headers.get("Accept"), [r.media_type for r in offers])
    if media_type is None:
        raise NothingAcceptable(offers)
    return next(r for r in offers if r.media_type == media_type)


def split_suffix(path: str) -> tuple[str, str | None]:
    """The path of a document and the suffix of the representation that it asks for, if any."""
    stem, dot, suffix = path.rpartition(".")
    return (stem, suffix) if dot and stem and any(r.suffix == suffix for r in REPRESENTATIONS) else (path, None)
