"""Where each address of the site lies in the twin: addresses in one form, and the names of their files."""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from server.representations import DATASETS, GRAPHS, JSONS, TABLE

HTML = "html"
_LEFT_OUT = re.compile(r"/(?:sparql|search|language|healthz|readyz|metrics)(?:[/?]|$)")  # they need somebody who answers
_FILTERS = {  # the parameters of lists and comparisons whose pages are written, as far as a page links to them
    "/changes": {"from", "to", "category", "page"},
    "/quality/issues": {"edition", "kind", "group", "government"},
    "/quality/coverage": {"edition", "category", "has", "lacks", "lost"},
    "/describe": {"iri", "page"},
}
_VARIANTS = ("lang", "format", "v")  # of one address
_NAMES = {r.media_type: r.name if '"' in r.media_type else r.suffix for r in (*GRAPHS, *DATASETS, *JSONS, TABLE)}
_FURTHER = {"application/xml": "xml", "application/atom+xml": "atom", "application/opensearchdescription+xml": "xml"}
_EXTENSION = re.compile(r"\.[A-Za-z][\w-]*$", re.ASCII)
_LONGEST = 120  # characters of a name made from a query


@dataclass(frozen=True)
class Address:
    """An address of the site without its fragment and without what chooses a variant: language, format, version."""

    path: str  # as it is sent, percent-encoded, without the prefix of the site
    query: tuple[tuple[str, str], ...] = ()
    language: str = ""
    form: str = ""

    def __str__(self) -> str:
        return self.path + (f"?{urlencode(self.query)}" if self.query else "")


def read_address(text: str) -> Address:
    """The parts of an address under the root of the site, `/doc/…?…`; a page's own suffix says nothing more."""
    parts = urlsplit(text)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    chosen = dict(pairs)
    query = tuple((name, value) for name, value in pairs if name not in _VARIANTS)
    form, path = chosen.get("format", ""), parts.path
    if form == HTML or (not form and path.endswith(f".{HTML}")):
        form, path = HTML, path.removesuffix(f".{HTML}")
    return Address(path, query, chosen.get("lang", ""), form)


def is_written(address: Address) -> bool:
    """Whether the twin has a file for an address, if the site has anything there: a fixed, bounded rule.

    Left out are what needs a computer at the other end (queries, the search of the server) and filters of lists that are
    free. Of those that are bounded, what pages link to is written.
    """
    if _LEFT_OUT.match(str(address)):
        return False
    names = {name for name, _ in address.query}
    return names <= _FILTERS.get(address.path, {"page"}) and len(names) == len(address.query)


def name_page(address: Address) -> str:
    """The file of a page without its ending: `doc/gov/122173`, `index`, `changes~from-000-to-003-category-CoreCity`.

    A page with a query lies beside that without one, so that its relative links are right under both addresses.
    """
    stem = unquote(address.path).lstrip("/")
    stem += "index" if not stem or stem.endswith("/") else ""
    if not address.query:
        return stem
    said = "-".join(part for pair in address.query for part in pair)
    slug = re.sub(r"[^\w.]+", "-", said, flags=re.ASCII).strip("-.")
    if slug != said or len(slug) > _LONGEST:  # another query may give the same name
        slug = f"{slug[:_LONGEST]}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
    return f"{stem}~{slug}"


def name_file(address: Address, media_type: str, language: str = "en") -> str:
    """The file of one form of an address: pages as `.html` and `.ja.html`, others as the server's suffixes have it."""
    if media_type.startswith("text/html"):
        return f"{name_page(address)}.html" if language == "en" else f"{name_page(address)}.{language}.html"
    bare = media_type.removesuffix("; charset=utf-8")
    ending = _NAMES.get(bare) or _FURTHER.get(bare.partition(";")[0], "")
    stem = name_page(address)
    if address.form:
        return f"{stem}.{ending or address.form}"
    if language != "en":
        stem, _, ending = (stem if _EXTENSION.search(stem) else f"{stem}.{ending}").rpartition(".")
        return f"{stem}.{language}.{ending}"
    return stem if not ending or _EXTENSION.search(stem) else f"{stem}.{ending}"


def relate(target: str, source: str) -> str:
    """The relative reference, percent-encoded, that leads from one file of the twin to another."""
    return _relate(target, posixpath.dirname(source))


@lru_cache(maxsize=10_000)  # every page has the same dozens
def _relate(target: str, folder: str) -> str:
    path = posixpath.relpath(f"/{target}", f"/{folder}")
    reference = quote(path, safe="/@!$&'()*+,;=~._-")
    return reference if ":" not in reference.partition("/")[0] else f"./{reference}"
