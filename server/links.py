"""What a document links to by its headers and in its head (RFC 8288): other forms, its IRI, its topic, what it is a part of.

Pages have what FAIR Signposting asks of a landing page, https://signposting.org/FAIR/: `cite-as`, `describedby`, `type`,
`license`, `author`; a data set also its files (`item`), and where all links are that no header can hold (`linkset`, RFC 9264).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import quote

from flask import Response, request
from pyoxigraph import NamedNode

from lod.formats import JSON
from server.addresses import make_document_path
from server.dataset import Dataset
from server.description import is_described
from server.language_choice import LANGUAGES
from server.representations import HTML, JSONS, Representation

_BYTES = 2_000  # of the header, since proxies and clients bound all headers together
_TYPES = 3
_ITEMS = 1_000  # files of a data set
_FEW = 9  # of them, for which a header has room
_LICENSES = ("dcterms:license", "schema:license")
_AUTHORS = ("dcterms:creator", "schema:author", "schema:creator")
_WEB = ("http://", "https://")
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]{1,127}/[\w!#$&^.+-]{1,127}", re.ASCII)  # RFC 6838, section 4.2
_PAGE = "https://schema.org/AboutPage"
_CONTEXT = "http://www.w3.org/ns/json-ld#context"
LINKSETS = {"json": "application/linkset+json", "txt": "application/linkset"}  # RFC 9264, sections 4.2 and 4.1
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


def list_links(
    dataset: Dataset, path: str, offers: Sequence[Representation], topic: NamedNode | None, root: str | None = None
) -> list[Link]:
    """The links of the document at a path, the most needed first. The data state a licence and an author, or there is none.

    Addresses on this host begin with the root, which is where the request found the site unless another is given.
    """
    root = request.script_root if root is None else root
    links = [Link("canonical", dataset.iris.base + path)]
    if topic:
        links.append(Link(_ABOUT, topic.value))
        links += [Link("cite-as", topic.value)] if topic.value.startswith(_WEB) else []
    for offer in (offer for offer in offers if '"' not in offer.media_type):
        links.append(Link("alternate", f"{root}/{add_format(path, offer)}", offer.media_type, offer.label))
        links += [replace(links[-1], rel="describedby")] if offer.graph_format else []
    whole = dataset.iris.dataset
    if topic != whole and is_described(dataset, whole):
        links += [Link(rel, f"{root}/{make_document_path(dataset.iris, whole)}") for rel in ("describedby", "collection")]
    links += [Link("license", iri) for iri in _list_values(dataset, topic or whole, _LICENSES, 1)]
    if topic:
        links += [Link("author", iri) for iri in _list_values(dataset, topic, _AUTHORS, _TYPES)]
        links += list_types(dataset, topic, topic.value)
        links += _list_files(dataset, path, topic, root)
    return links


def _list_files(dataset: Dataset, path: str, topic: NamedNode, root: str) -> list[Link]:
    """Where all links of a data set are, and the first of the files that it comes as."""
    if not path.startswith("doc/") or not (items := list_items(dataset, topic, is_packed=False)):
        return []
    sets = [Link("linkset", f"{root}/{make_linkset_path(path, n)}", media_type) for n, media_type in LINKSETS.items()]
    return [*sets, *items[:_FEW]]


def list_items(dataset: Dataset, topic: NamedNode, *, is_packed: bool = True) -> list[Link]:
    """The files of a data set, packed ones too, by what the data state of its distributions."""
    items = []
    for distribution in dataset.things(topic, "dcat:distribution")[:_ITEMS]:
        if not is_packed and dataset.values(distribution, "dcat:compressFormat"):
            continue
        types = (t.value.removeprefix(_MEDIA_TYPES) for t in dataset.things(distribution, "dcat:mediaType"))
        media_type = next(filter(_MEDIA_TYPE.fullmatch, types), "")
        items += [Link("item", file.value, media_type) for file in dataset.things(distribution, "dcat:downloadURL")[:1]]
    return items


def make_linkset_path(path: str, name: str) -> str:
    """The path of the links of the document at a path."""
    return f"linkset/{path.removeprefix('doc/')}.{name}"


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
    for text in map(str, merge_links(links)):
        size += len(text) + 2
        if size > _BYTES:
            break
        texts.append(text)
    return ", ".join(texts)


def merge_links(links: Iterable[Link]) -> list[Link]:
    """The links with one for all relations to the same target (RFC 8288, section 3.3), but for the canonical one."""
    merged: dict[tuple[str, str, str, bool], Link] = {}
    for link in links:
        key = link.target, link.media_type, link.anchor, link.rel == "canonical"
        merged[key] = replace(merged[key], rel=f"{merged[key].rel} {link.rel}") if key in merged else link
    return list(merged.values())


def choose_canonical(address: str) -> str:
    """The address that a page is known by: asked for in a language it is another than in that of its reader."""
    wanted = request.args.get("lang")
    return add_language(address, wanted) if wanted in LANGUAGES else address


def add_language(address: str, language: str | None) -> str:
    """The address of a page in one language."""
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


def complete_document(
    response: Response, dataset: Dataset, path: str, chosen: Representation, links: Iterable[Link], *, negotiated: bool
) -> None:
    """Adds the links to the other forms, and where the Accept header decided says so and which form this is."""
    own = f"{request.script_root}/{add_format(path, chosen)}"
    if negotiated:
        response.vary.add("Accept")
        response.headers["Content-Location"] = own
    shown = [link for link in _suit_links(links, chosen) if not (link.rel == "alternate" and link.target == own)]
    if chosen.graph_format == JSON and dataset.context:
        shown.insert(0, link_context(request.script_root))
    response.headers["Link"] = write_links(shown)


def _suit_links(links: Iterable[Link], chosen: Representation) -> list[Link]:
    """The links of a page, or of another form: which describes, and is not itself described by the forms beside it."""
    if chosen == HTML:
        shown = [replace(link, target=choose_canonical(link.target)) if link.rel == "canonical" else link for link in links]
        return [*shown[:1], Link("type", _PAGE), *shown[1:]]
    shown = [link for link in links if not (link.rel == "describedby" and link.media_type)]
    pages = [replace(link, rel="describes", media_type=HTML.media_type) for link in shown[:1] if chosen.graph_format]
    return [*shown[:1], *pages, *shown[1:]]
