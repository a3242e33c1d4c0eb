"""The opened release as the routes see it: its store, its terms, and its editions in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from lod.iris import Iris
from lod.release import Release

GraphName = NamedNode | DefaultGraph
Term = NamedNode | Literal
DEFAULT = DefaultGraph()


@dataclass(frozen=True)
class Edition:
    """One document as a data set."""

    number: str
    title: str
    iri: NamedNode
    graph: NamedNode
    source_graph: NamedNode
    current_for: tuple[str, ...]  # local names of the categories whose current edition it is


@dataclass(frozen=True)
class Dataset:
    """A release that was loaded."""

    release: Release
    store: Store
    iris: Iris
    prefixes: Mapping[str, str]
    context: Mapping[str, Any]
    editions: tuple[Edition, ...]  # the newest first

    def term(self, name: str) -> NamedNode:
        """The term that a prefixed name such as `schema:name` means."""
        return expand_name(self.prefixes, name)

    def quads(
        self,
        subject: NamedNode | None = None,
        name: str | None = None,
        value: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        """The quads with that subject, predicate (a prefixed name), object and graph; None is any."""
        return iter(self.store.quads_for_pattern(subject, self.term(name) if name else None, value, graph))

    def values(self, subject: NamedNode, name: str, graph: GraphName | None = None) -> list[Any]:
        """The objects of a property, each once, literals in the order of their text."""
        found = {quad.object for quad in self.quads(subject, name, graph=graph)}
        return sorted(found, key=lambda o: (o.value, str(o)))

    def subjects(self, name: str, value: Term, graph: GraphName | None = None) -> list[NamedNode]:
        """What has that value for a property, each once."""
        found = {q.subject for q in self.quads(None, name, value, graph) if isinstance(q.subject, NamedNode)}
        return sorted(found, key=lambda s: s.value)

    def get_edition(self, graph: GraphName) -> Edition | None:
        """The edition whose facts or lines a graph holds."""
        return next((e for e in self.editions if graph in (e.graph, e.source_graph)), None)


def expand_name(prefixes: Mapping[str, str], name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(prefixes[prefix] + local)


def load_dataset(release: Release) -> Dataset:
    """Loads all graphs into memory."""
    store = release.load_store()
    iris, prefixes = release.iris, release.prefixes
    return Dataset(release, store, iris, prefixes, release.context, _list_editions(release, store, iris, prefixes))


def _list_editions(release: Release, store: Store, iris: Iris, prefixes: Mapping[str, str]) -> tuple[Edition, ...]:
    later_than = expand_name(prefixes, "jle:laterThan")
    current: dict[str, str] = release.manifest["current"]
    editions = [
        Edition(
            number,
            str(facts["title"]),
            iris.edition(number),
            iris.graph(f"edition/{number}"),
            iris.graph(f"source/{number}"),
            tuple(category for category, edition in current.items() if edition == number),
        )
        for number, facts in release.manifest["editions"].items()
    ]

    def rank(edition: Edition) -> int:
        """How many editions lie before it, one after the other."""
        stated = {q.object for q in store.quads_for_pattern(edition.iri, later_than, None, DEFAULT)}
        return 1 + max((rank(earlier) for earlier in editions if earlier.iri in stated), default=0)

    return tuple(sorted(editions, key=lambda e: (-rank(e), e.number)))
