"""The sitemap (https://www.sitemaps.org/protocol.html): all pages for people, each with its versions in other languages."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from datetime import datetime

from pyoxigraph import NamedNode

from server.addresses import make_document_path
from server.dataset import Dataset
from server.gone import is_only_replaced
from server.language_choice import LANGUAGES
from server.links import add_language
from server.pages.stated import read_stated
from server.pages.vocabulary import read_vocabulary

MEDIA_TYPE = "application/xml"
SIZE = 2_000  # pages in a file, about a megabyte; the protocol allows 50,000 and 50 MB
_MOST = 50_000 * SIZE  # pages: as many files as an index may have
_LONGEST = 2_047  # characters of an address: the protocol wants fewer than 2,048
_NAMESPACES = {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9", "xmlns:xhtml": "http://www.w3.org/1999/xhtml"}
# The pages that are no document of a thing, as far as the site has them; the first of these of data that are not ours too.
_OF_ALL = ("", "dumps/", "graph/", "sparql")
_OWN = (
    "catalog",
    "releases/",
    "search",
    "changes",
    "quality",
    "quality/issues",
    "quality/coverage",
    "quality/report",
    "ontology",
    "ontology/shapes",
    "ontology/vocabularies",
)


def list_pages(dataset: Dataset, fixed: Iterable[str]) -> list[str]:
    """The paths of all pages in order: the fixed ones that there are, the documents of things, documents, and graphs."""
    there = {path.removeprefix("/") for path in fixed}
    is_foreign = dataset.release.is_foreign
    pages = [path for path in (_OF_ALL if is_foreign else (*_OF_ALL, *_OWN)) if path in there]
    return [*pages, *dataset.keep(_list_documents)]


def _list_documents(dataset: Dataset) -> tuple[str, ...]:
    """The documents of all things that are named under the base; data too large to be counted are not gone through."""
    graphs = sorted(g.value for g in dataset.store.named_graphs() if isinstance(g, NamedNode))
    paths = [path for g in graphs if (path := dataset.iris.strip_base(g)) and path.startswith("graph/")]
    if not dataset.release.is_foreign:
        paths += [f"ontology/vocabularies/{v.prefix}" for v in dataset.keep(read_vocabulary).borrowed]
    for edition in sorted(dataset.editions, key=lambda e: e.number):
        lines = read_stated(dataset, edition).lines
        paths += [f"source/{edition.number}"] if lines else []
        paths += [f"source/{edition.number}/{line.number}" for line in lines]
    if not dataset.is_large:
        things = {quad.subject for quad in dataset.store if isinstance(quad.subject, NamedNode)}
        documents = (_find_document(dataset, thing) for thing in things)
        paths += sorted(path for path in documents if path)
    return tuple(path for path in paths if len(dataset.iris.base + path) <= _LONGEST - len("&lang=en"))[:_MOST]


def _find_document(dataset: Dataset, thing: NamedNode) -> str:
    """The path of the document that a thing has for itself; of ours only those named `id/…`, since others are part of one."""
    if dataset.iris.strip_base(thing.value) is None or "#" in thing.value or is_only_replaced(dataset, thing):
        return ""
    path = make_document_path(dataset.iris, thing)
    return path if path.startswith("doc/") or dataset.release.is_foreign else ""


def write_sitemap(base: str, pages: Sequence[str], changed: datetime) -> bytes:
    """A file of the sitemap: each page with the time of the release and its addresses in each language."""
    root = ET.Element("urlset", _NAMESPACES)
    for page in pages:
        address = base + page
        entry = ET.SubElement(root, "url")
        ET.SubElement(entry, "loc").text = address
        ET.SubElement(entry, "lastmod").text = _write_time(changed)
        versions = [(language, add_language(address, language)) for language in LANGUAGES]
        for language, version in (*versions, ("x-default", address)):
            ET.SubElement(entry, "xhtml:link", {"rel": "alternate", "hreflang": language, "href": version})
    return _write(root)


def write_index(base: str, count: int, changed: datetime) -> bytes:
    """The list of the files of a sitemap that has several, `sitemaps/1.xml` and so on."""
    root = ET.Element("sitemapindex", {"xmlns": _NAMESPACES["xmlns"]})
    for number in range(1, count + 1):
        entry = ET.SubElement(root, "sitemap")
        ET.SubElement(entry, "loc").text = f"{base}sitemaps/{number}.xml"
        ET.SubElement(entry, "lastmod").text = _write_time(changed)
    return _write(root)


def _write_time(moment: datetime) -> str:
    """As W3C Datetime wants it, to the second."""
    return moment.replace(microsecond=0).isoformat()


def _write(root: ET.Element) -> bytes:
    ET.indent(root, "")
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
