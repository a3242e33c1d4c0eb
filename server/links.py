"""What a document links to by its headers and in its head: other forms, its IRI, its topic (RFC 8288)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from flask import Response, request
from pyoxigraph import NamedNode

from lod.formats import JSON
from server.addresses import make_document_path
from server.dataset import Dataset
from server.description import is_described
from server.representations import JSONS, Representation

_BYTES = 2_000  # of the header, since proxies and clients bound all headers together
_TYPES = 3
_LICENSES = ("dcterms:license", "schema:license")
_CONTEXT = "http://www.w3.org/ns/json-ld#context"
_ASCII = "/:?#[]@!$&'()*+,;=%~._-"
_ABOUT = "about http://xmlns.com/foaf/0.1/primaryTopic"


@dataclass(frozen=True)
class Link:
    """A link from a document, or from what the anchor says, to an IRI or to a path on this host."""

    rel: str
    target: str
    media_type: str = ""
    label: str = ""
    anchor: str = ""

    def __str__(self) -> str:
        text = f'<{quote(self.target, safe=_ASCII)}>; rel="{self.rel}"'
        text += f'; type="{self.media_type}"' if self.media_type else ""
        return text + (f'; anchor="{quote(self.anchor, safe=_ASCII)}"' if self.anchor else "")


def list_links(dataset: Dataset, path: str, offers: Sequence[Representation], topic: NamedNode | None) -> list[Link]:
    """The links of the document at a path, the most needed first. The data state a licence, or there is none."""
    links = [Link("canonical", dataset.iris.base + path)]
    if topic:
        links.append(Link(_ABOUT, topic.value))
    links += [
        Link("alternate", f"{request.script_root}/{add_format(path, offer)}", offer.media_type, offer.label)
        for offer in offers
        if '"' not in offer.media_type
    ]
    whole = dataset.iris.dataset
    if topic != whole and is_described(dataset, whole):
        links.append(Link("describedby", f"{request.script_root}/{make_document_path(dataset.iris, whole)}"))
    links += [Link("license", iri) for iri in _list_values(dataset, topic or whole, _LICENSES, 1)]
    if topic:
        links += list_types(dataset, topic, topic.value)
    return links


def list_types(dataset: Dataset, topic: NamedNode, anchor: str = "") -> list[Link]:
    """The first classes of a thing (RFC 6903, section 6)."""
    return [Link("type", iri, anchor=anchor) for iri in _list_values(dataset, topic, ("rdf:type",), _TYPES)]


def _list_values(dataset: Dataset, thing: NamedNode, names: Iterable[str], limit: int) -> list[str]:
    """Some of the IRIs that properties of a thing have."""
    quads = islice((q for name in names for q in dataset.quads(thing, name)), 100)
    return sorted({q.object.value for q in quads if isinstance(q.object, NamedNode)})[:limit]


def add_format(path: str, representation: Representation) -> str:
    """The path at which one form of a document is served: with its suffix where the form has one of its own."""
    if "?" in path:
        return f"{path}&format={representation.name}"
    if representation.suffix != representation.name and representation in JSONS:
        return f"{path}?format={representation.name}"
    return f"{path}.{representation.suffix}"


def link_context(root: str) -> Link:
    """The link to the context from plain JSON, which is JSON-LD with it (JSON-LD 1.1, section 6.1)."""
    return Link(_CONTEXT, f"{root}/ontology/context.jsonld", "application/ld+json")


def write_links(links: Iterable[Link]) -> str:
    """The value of the header: as many of the links as it may be long."""
    texts: list[str] = []
    size = 0
    for text in map(str, links):
        size += len(text) + 2
        if size > _BYTES:
            break
        texts.append(text)
    return ", ".join(texts)


def complete_document(
    response: Response, dataset: Dataset, path: str, chosen: Representation, links: Iterable[Link], *, negotiated: bool
) -> None:
    """Adds the links to the other forms, and where the Accept header decided says so and which form this is."""
    own = f"{request.script_root}/{add_format(path, chosen)}"
    if negotiated:
        response.vary.add("Accept")
        response.headers["Content-Location"] = own
    shown = [link for link in links if not (link.rel == "alternate" and link.target == own)]
    if chosen.graph_format == JSON and dataset.context:
        shown.insert(0, link_context(request.script_root))
    response.headers["Link"] = write_links(shown)
