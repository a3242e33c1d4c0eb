"""The IRIs of everything that is published: put together and taken apart here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from lod.errors import MadoguchiError

DEFAULT_BASE = "http://localhost:8000/"
_EDITION = r"id/edition/[^/]+"
KINDS = {  # the kinds of things by their paths under the base IRI, in the order in which people ask for them
    "government": r"id/gov/.*",
    "body": r"id/(?:unit|org)/.*",
    "edition": _EDITION,
    "listing": rf"{_EDITION}/listing/[^/]+",
    "contact": rf"{_EDITION}/listing/.*/contact/.*",
    "class information": rf"{_EDITION}/listing/[^/]+/class(?:/.*)?",
    "irregularity": rf"{_EDITION}/issue/.*",
    "source line": rf"{_EDITION}/row/.*",
    "area": r"id/area/.*",
    "term": r"ontology.*",
    "part of the catalogue": r"(?:id|graph|dumps|source|sparql).*",
    "other thing": r".*",
}
_PATTERNS = {kind: re.compile(pattern) for kind, pattern in KINDS.items()}


def check_base(base: str) -> str:
    """The base IRI, which must be an absolute http(s) IRI that ends in a slash; raises MadoguchiError where it is not."""
    try:
        parts = urlsplit(NamedNode(base).value)
        is_absolute = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
    except ValueError:  # it is no IRI (RFC 3987), or has brackets that hold no IPv6 address
        is_absolute = False
    if not is_absolute or re.search(r'[\s<>"{}|\\^`]', base):
        raise MadoguchiError(f"base IRI {base!r} is no absolute http(s) IRI: give one like {DEFAULT_BASE}")
    if not base.endswith("/"):
        raise MadoguchiError(f"base IRI {base!r} does not end in a slash: give {base}/")
    return base


@dataclass(frozen=True)
class Iris:
    """All IRIs under one base IRI."""

    base: str = DEFAULT_BASE

    def make(self, path: str) -> NamedNode:
        """The IRI of a path under the base."""
        return NamedNode(self.base + path)

    def strip_base(self, iri: str) -> str | None:
        """The path of an IRI under the base, None for one that is not ours."""
        return iri[len(self.base) :] if iri.startswith(self.base) else None

    # vocabulary and graphs

    @property
    def ontology(self) -> NamedNode:
        return self.make("ontology")

    def graph(self, name: str) -> NamedNode:
        """A named graph: `edition/NNN`, `source/NNN`, `quality`, `reference`, `catalog`, `ontology`, `release`."""
        return self.make(f"graph/{name}")

    def strip_graph(self, graph: NamedNode) -> str:
        """The name of one of our graphs."""
        return (self.strip_base(graph.value) or graph.value).removeprefix("graph/")

    # things

    def government(self, code: str) -> NamedNode:
        return self.make(f"id/gov/{code}")

    def area(self, code: str) -> NamedNode:
        return self.make(f"id/area/{code}")

    def unit(self, code: str, slug: str) -> NamedNode:
        return self.make(f"id/unit/{code}/{slug}")

    def organization(self, slug: str) -> NamedNode:
        return self.make(f"id/org/{slug}")

    def agent(self, slug: str) -> NamedNode:
        return self.make(f"id/agent/{slug}")

    def edition(self, number: str) -> NamedNode:
        return self.make(f"id/edition/{number}")

    def listing(self, number: str, line: int) -> NamedNode:
        return self.make(f"id/edition/{number}/listing/L{line}")

    def contact(self, number: str, line: int, order: int) -> NamedNode:
        return self.make(f"id/edition/{number}/listing/L{line}/contact/{order}")

    def class_information(self, number: str, line: int) -> NamedNode:
        return self.make(f"id/edition/{number}/listing/L{line}/class")

    def channel(self, number: str, line: int, order: int) -> NamedNode:
        return self.make(f"id/edition/{number}/listing/L{line}/class/{order}")

    def row(self, number: str, line: int) -> NamedNode:
        return self.make(f"id/edition/{number}/row/L{line}")

    def issue(self, number: str, order: int) -> NamedNode:
        return self.make(f"id/edition/{number}/issue/{order}")

    def measurement(self, number: str, *names: str) -> NamedNode:
        """A figure about an edition: `[category/]metric[/kind of issue or other edition]`."""
        return self.make(f"id/edition/{number}/measurement/{'/'.join(names)}")

    @property
    def catalog(self) -> NamedNode:
        return self.make("id/catalog")

    @property
    def dataset(self) -> NamedNode:
        return self.make("id/dataset")

    @property
    def series(self) -> NamedNode:
        return self.make("id/series")

    def build(self, release_id: str) -> NamedNode:
        """The making of one release."""
        return self.make(f"id/build/{release_id}")

    @property
    def prefixes(self) -> dict[str, str]:
        """Prefixes for what is named most: governments, areas, and the graphs of editions."""
        return {"gov": self.government("").value, "area": self.area("").value, "ed": self.graph("edition/").value}

    # documents

    def source(self, number: str, lines: Sequence[int] = ()) -> NamedNode:
        """The document, or the lines of it from the first to the last.

        RFC 5147 section 2.2.2 counts positions between lines from 0, so lines 24 to 25 are `line=23,25`.
        """
        fragment = f"#line={lines[0] - 1},{lines[-1]}" if lines else ""
        return self.make(f"source/{number}.txt{fragment}")

    def dump(self, file: str) -> NamedNode:
        return self.make(f"dumps/{file}")

    def release(self, release_id: str) -> NamedNode:
        """Where all files of one release are, for as long as it is kept."""
        return self.make(f"releases/{release_id}/")

    def release_file(self, release_id: str, file: str) -> NamedNode:
        """One file of one release: the same bytes for ever."""
        return self.make(f"releases/{release_id}/{file}")

    @property
    def report(self) -> NamedNode:
        """The validation report of the data set."""
        return self.make("quality/report")

    def result(self, graph: str, order: int) -> NamedNode:
        """A result of the validation of one graph."""
        return part_of(self.report, f"{graph.replace('/', '-')}-{order}")

    @property
    def sparql(self) -> NamedNode:
        return self.make("sparql")

    @property
    def shapes(self) -> NamedNode:
        return self.make("ontology/shapes")

    @property
    def catalog_page(self) -> NamedNode:
        return self.make("catalog")

    def catalog_part(self, fragment: str) -> NamedNode:
        """What the catalogue names beside data sets and files: it is told where the catalogue is."""
        return self.make(f"catalog#{fragment}")

    @property
    def void(self) -> NamedNode:
        """The description of the data at the well-known address (VoID, section 7.2)."""
        return self.make(".well-known/void")


def part_of(iri: NamedNode, fragment: str) -> NamedNode:
    """A thing that is named within another one's document, with a fragment."""
    return NamedNode(f"{iri.value}#{fragment}")


def find_kind(path: str) -> str:
    """The kind of thing that a path under the base IRI names."""
    return next(kind for kind, pattern in _PATTERNS.items() if pattern.fullmatch(path))
