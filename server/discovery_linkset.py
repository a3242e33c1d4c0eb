"""All links of the document of a data set, its files included, as a document of their own (RFC 9264)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pyoxigraph import NamedNode

from server.addresses import make_document_path
from server.dataset import Dataset
from server.links import LINKSETS, Link, list_items, list_links
from server.representations import REPRESENTATIONS

_PAGE = "https://schema.org/AboutPage"


def list_linkset(dataset: Dataset, topic: NamedNode) -> list[Link]:
    """The links of the document, and those from its files and from its other forms to it; all with an anchor, and absolute."""
    path = make_document_path(dataset.iris, topic)
    page = dataset.iris.base + path
    items = list_items(dataset, topic)
    own = list_links(dataset, path, REPRESENTATIONS, topic, dataset.iris.base.rstrip("/"))
    links = [Link("type", _PAGE, anchor=page)]
    for link in (*(link for link in own if link.rel != "item"), *items):
        links.append(Link(link.rel, link.target, link.media_type, anchor=link.anchor or page))
    links += [Link("collection", page, "text/html", anchor=item.target) for item in items]
    links += [Link("describes", page, "text/html", anchor=f.target) for f in own if f.rel == "describedby" and f.media_type]
    return links


def write_linkset(links: Sequence[Link], media_type: str) -> bytes:
    """The links in one of the two forms: the text is that of the Link header, with line breaks (sections 4.1 and 4.2)."""
    if media_type == LINKSETS["txt"]:
        return (",\n".join(map(str, links)) + "\n").encode()
    contexts: dict[str, dict[str, list[dict[str, str]]]] = {}
    for link in links:
        target = {"href": link.target} | ({"type": link.media_type} if link.media_type else {})
        for relation in link.rel.split():
            contexts.setdefault(link.anchor, {}).setdefault(relation, []).append(target)
    linkset = [{"anchor": anchor, **relations} for anchor, relations in contexts.items()]
    return (json.dumps({"linkset": linkset}, ensure_ascii=False, indent=1) + "\n").encode()
