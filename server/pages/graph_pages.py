"""The pages of the named graphs: what each holds, how much, of what kinds, and some of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from flask import render_template
from pyoxigraph import NamedNode, Quad, Triple

from server.dataset import Dataset, Edition
from server.links import Link
from server.pages.labels import Label, label_term, label_thing

MOST = 200_000  # statements of a graph that one document has: that many take a second and 300 MB
_LISTED = 200  # graphs
_KINDS = 12  # classes that are named, the most frequent first
_SAMPLE = 12  # statements that are shown
_REMEMBERED = 64  # graphs that were counted


@dataclass(frozen=True)
class Statement:
    """A statement as a page shows it."""

    triple: Triple
    predicate: Label
    value: Label | None  # where it is something of ours


@dataclass(frozen=True)
class Graph:
    """What is in a named graph."""

    iri: NamedNode
    name: str
    edition: Edition | None
    statements: int
    things: int
    kinds: tuple[tuple[NamedNode, Label, int], ...]
    sampled: NamedNode | None  # what the sample is about
    sampled_label: Label | None
    sample: tuple[Statement, ...]

    @property
    def part(self) -> str:
        """What it holds, by its name: edition, source, quality, reference, catalog, ontology."""
        return self.name.partition("/")[0]

    @property
    def is_large(self) -> bool:
        """Whether it is more than one document has; then it is not counted to its end."""
        return self.statements > MOST


@dataclass(frozen=True)
class GraphPages:
    """What renders the pages; a graph is read when it is first asked for."""

    render_one: Callable[[NamedNode, list[Link]], str]
    render_all: Callable[[], str]


def make_graph_pages(dataset: Dataset) -> GraphPages:
    """The pages of that data set's graphs."""

    @lru_cache(maxsize=_REMEMBERED)
    def read(graph: NamedNode) -> Graph:
        return read_graph(dataset, graph)

    def render_one(iri: NamedNode, links: list[Link]) -> str:
        graph = read(iri)
        return render_template("graph.html", graph=graph, most=MOST, links=[] if graph.is_large else links)

    def render_all() -> str:
        named = sorted((g for g in dataset.store.named_graphs() if isinstance(g, NamedNode)), key=lambda g: g.value)
        graphs = [read(iri) for iri in named] if len(named) <= _REMEMBERED and not dataset.is_large else []
        return render_template("graphs.html", graphs=graphs, named=named[:_LISTED], left_out=len(named) - _LISTED, most=MOST)

    return GraphPages(render_one, render_all)


def read_graph(dataset: Dataset, graph: NamedNode) -> Graph:
    """Counts what is in a graph, as far as one document goes."""
    quads = list(islice(dataset.quads(graph=graph), MOST + 1))
    kind = dataset.term("rdf:type")
    counted = Counter(q.object for q in quads if q.predicate == kind and isinstance(q.object, NamedNode))
    ordered = sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))[:_KINDS]
    name, edition = dataset.iris.strip_graph(graph), dataset.get_edition(graph)
    kinds = tuple((iri, label_term(dataset, iri), number) for iri, number in ordered if isinstance(iri, NamedNode))
    things = Counter(q.subject for q in quads)
    sampled = _choose_sampled(things)
    label = label_thing(dataset, sampled) if sampled else None
    sample = tuple(_describe(dataset, q) for q in _sort(q for q in quads if q.subject == sampled)[:_SAMPLE])
    return Graph(graph, name, edition, len(quads), len(things), kinds, sampled, label, sample)


def _choose_sampled(things: Counter[Any]) -> NamedNode | None:
    """That of which as much is stated as of any, and which comes first by its name."""
    named = {thing: number for thing, number in things.items() if isinstance(thing, NamedNode)}
    most = max(named.values(), default=0)
    return min((thing for thing, number in named.items() if number == most), key=str, default=None)


def _sort(quads: Iterable[Quad]) -> list[Quad]:
    return sorted(quads, key=lambda q: (str(q.predicate), str(q.object)))


def _describe(dataset: Dataset, quad: Quad) -> Statement:
    value = quad.object
    is_ours = isinstance(value, NamedNode) and dataset.iris.strip_base(value.value) is not None
    return Statement(
        quad.triple,
        label_term(dataset, quad.predicate),
        label_thing(dataset, value) if is_ours and isinstance(value, NamedNode) else None,
    )
