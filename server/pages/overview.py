"""What is in data of which nothing is known beforehand: how many statements, in which graphs, about what kinds of things."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode, QuerySolutions

from server.dataset import DEFAULT, Dataset
from server.pages.labels import Label, label_term, label_thing

_CLASSES = 50  # that the page names
_GRAPHS = 200
_THINGS = 5  # examples of each class
_LOOKED_AT = 100  # statements in which they are looked for
_SAMPLE = 100_000  # statements in which the classes of large data are looked for
# Counted by the engine, within each graph: in Python ten million statements would take half a minute.
_BY_CLASS = "SELECT ?key (COUNT(*) AS ?n) { { ?thing a ?key } UNION { GRAPH ?graph { ?thing a ?key } } } GROUP BY ?key"
_BY_GRAPH = "SELECT ?key (COUNT(*) AS ?n) { GRAPH ?key { ?thing ?property ?value } } GROUP BY ?key"


@dataclass(frozen=True)
class Thing:
    """Something that has a page."""

    iri: NamedNode
    label: Label


@dataclass(frozen=True)
class Kind:
    """A class, how often something is said to be of it, and a few that are."""

    iri: NamedNode
    label: Label
    count: int | None  # None where not all are counted
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Overview:
    """The counts are of statements: what two graphs state counts twice."""

    is_counted: bool
    statements: int
    in_default_graph: int
    graphs: tuple[tuple[NamedNode, int], ...]  # the largest first
    graphs_left_out: int
    kinds: tuple[Kind, ...]  # the most frequent first
    kinds_left_out: int
    things: tuple[Thing, ...]  # examples where nothing has a class


def read_overview(dataset: Dataset) -> Overview:
    """Counts the statements of each class and graph; of large data it counts none, and names the classes found at once."""
    is_counted = not dataset.is_large
    graphs: Counter[object] = Counter(dict.fromkeys(dataset.store.named_graphs(), 0))
    if is_counted:
        graphs = _count(dataset, _BY_GRAPH)
    total = len(dataset.store) if is_counted else 0
    classes = _count(dataset, _BY_CLASS) if is_counted else _sample_classes(dataset)
    ordered = _order(classes)[:_CLASSES]
    kinds = tuple(_describe_kind(dataset, iri, count if is_counted else None) for iri, count in ordered)
    return Overview(
        is_counted,
        total,
        total - graphs.total(),
        tuple(_order(graphs)[:_GRAPHS]),
        max(0, len(graphs) - _GRAPHS),
        kinds,
        max(0, len(classes) - _CLASSES),
        () if any(kind.things for kind in kinds) else _find_things(dataset, None),
    )


def _sample_classes(dataset: Dataset) -> Counter[object]:
    quads = (quad for graph in (DEFAULT, None) for quad in dataset.quads(None, "rdf:type", None, graph))
    return Counter(quad.object for quad in islice(quads, _SAMPLE))


def _count(dataset: Dataset, query: str) -> Counter[object]:
    result = dataset.store.query(query)
    assert isinstance(result, QuerySolutions)
    counts: Counter[object] = Counter()
    for solution in result:
        number = solution["n"]
        assert isinstance(number, Literal)
        counts[solution["key"]] += int(number.value)
    return counts


def _order(counts: Counter[object]) -> list[tuple[NamedNode, int]]:
    """Those with an IRI, the largest first."""
    named = [(key, number) for key, number in counts.items() if isinstance(key, NamedNode)]
    return sorted(named, key=lambda pair: (-pair[1], pair[0].value))


def _describe_kind(dataset: Dataset, iri: NamedNode, count: int | None) -> Kind:
    return Kind(iri, label_term(dataset, iri), count, _find_things(dataset, iri))


def _find_things(dataset: Dataset, kind: NamedNode | None) -> tuple[Thing, ...]:
    """The first few of the things of a class, or of all, that are named by IRIs; those of today before others."""
    name = "rdf:type" if kind else None
    quads = (q for graph in (DEFAULT, None) for q in islice(dataset.quads(None, name, kind, graph), _LOOKED_AT))
    found = dict.fromkeys(q.subject for q in quads if isinstance(q.subject, NamedNode))
    return tuple(Thing(iri, label_thing(dataset, iri)) for iri in islice(found, _THINGS))
