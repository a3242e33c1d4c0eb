"""The representations of a document: which there are, and which one a request gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Request
from werkzeug.exceptions import BadRequest, NotAcceptable, NotFound

from lod.formats import DATASET_FORMATS, GRAPH_FORMATS, JSON_FORMATS, JSON_LD, N_TRIPLES, TURTLE, Format
from server.negotiation import choose_media_type


@dataclass(frozen=True)
class Representation:
    """One form of a document; the page for people and the table have no graph format."""

    name: str
    label: str
    media_type: str
    suffix: str
    graph_format: Format | None = None

    @property
    def content_type(self) -> str:
        """The media type, with its charset where the type has such a parameter."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


def _list_representations(formats: Sequence[Format]) -> tuple[Representation, ...]:
    return tuple(Representation(f.name, f.label, f.media_type, f.suffix, f) for f in formats)


HTML = Representation("html", "HTML", "text/html", "html")
PLAIN_JSON = Representation("json", "JSON", "application/json", "json")  # of lists and tables, which is no RDF
TABLE = Representation("csv", "CSV", "text/csv", "csv")
GRAPHS = _list_representations(GRAPH_FORMATS)
DATASETS = _list_representations(DATASET_FORMATS)
JSONS = _list_representations(JSON_FORMATS)
# Names that media types had before they were registered, and which clients still ask for alone, as rdflib does. Turtle is N3.
_FORMER = (
    Representation(TURTLE.name, TURTLE.label, "text/n3", TURTLE.suffix, TURTLE),
    Representation(TURTLE.name, TURTLE.label, "application/x-turtle", TURTLE.suffix, TURTLE),
    Representation(N_TRIPLES.name, N_TRIPLES.label, "text/plain", N_TRIPLES.suffix, N_TRIPLES),
)
REPRESENTATIONS = (HTML, *GRAPHS, *DATASETS, *JSONS)  # in the server's order of preference
_ALIASES = {  # as SPARQLWrapper and others call them
    "rdf+xml": "rdf",
    "rdf/xml": "rdf",
    "xml": "rdf",
    "n3": "ttl",
    "ntriples": "nt",
    "nquads": "nq",
    "compacted": JSON_LD.name,
}


class NothingAcceptable(NotAcceptable):
    """406 with what is offered instead."""

    def __init__(self, offers: Sequence[Representation]) -> None:
        self.offers = [offer.media_type for offer in offers]
        super().__init__(f"The Accept header takes none of what is offered here: {', '.join(self.offers)}.")


def choose_representation(
    request: Request, suffix: str | None = None, offers: Sequence[Representation] = REPRESENTATIONS
) -> Representation:
    """By suffix, else as `choose_offer` has it; NotFound where no document has that suffix."""
    if suffix is None:
        return choose_offer(request.args.get("format", ""), request.headers.get("Accept"), offers)
    try:
        return choose_offer(suffix, None, offers)
    except BadRequest as error:
        raise NotFound(error.description) from None  # a suffix is part of the address


def choose_offer(wanted: str, accept: str | None, offers: Sequence[Representation]) -> Representation:
    """The offer with that name, suffix or media type, else the one that the Accept header likes best.

    Raises BadRequest for a name that no offer has, NotAcceptable where the header takes none of them.
    """
    if wanted:
        # in a query string `application/ld+json` arrives as `application/ld json`; SPARQLWrapper names several, the best first
        names = (form for name in map(str.strip, wanted.split(",")) for form in (name, name.replace(" ", "+")))
        found = next(filter(None, (_find_named(name, offers) for name in names)), None)
        if found is None:
            suffixes = ", ".join(dict.fromkeys(r.suffix for r in offers))
            raise BadRequest(f"There is no format “{wanted}” here: choose one of {suffixes}.")
        return found
    known = (*offers, *(r for r in _FORMER if any(o.name == r.name for o in offers)))
    media_type = choose_media_type(accept, [r.media_type for r in known])
    if media_type is None:
        raise NothingAcceptable(offers)
    return next(r for r in known if r.media_type == media_type)


def is_negotiated(request: Request, suffix: str | None) -> bool:
    """Whether the Accept header decides, and nothing in the address."""
    return not suffix and not request.args.get("format")


def split_suffix(path: str) -> tuple[str, str | None]:
    """The path of a document and the suffix of the representation that it asks for, if any."""
    stem, dot, suffix = path.rpartition(".")
    known = (*REPRESENTATIONS, TABLE)
    return (stem, suffix) if dot and stem and any(r.suffix == suffix for r in known) else (path, None)


def _find_named(wanted: str, offers: Sequence[Representation]) -> Representation | None:
    """The offer of that name, suffix or media type; `application/ld+json;profile="…"` is a media type too."""
    name = wanted.lower()
    found = [r for r in offers if {name, _ALIASES.get(name)} & {r.name, r.suffix, r.media_type}]
    if not found and "/" in name and not {"*", ","} & set(name):
        media_type = choose_media_type(wanted, [r.media_type for r in offers])
        found = [r for r in offers if r.media_type == media_type and r.media_type.partition(";")[0] == name.partition(";")[0]]
    return found[0] if found else None
