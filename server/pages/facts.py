"""The facts about a thing as its page shows them: what holds today first, then what only older editions state."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from server.dataset import DEFAULT, Dataset, Edition, GraphName
from server.pages.labels import Label, label_term, label_thing, shorten_iri

SHOWN = 300  # statements of a thing that its page shows
_IN_A_NODE = 50  # statements of a blank node
_DEPTH = 6  # blank nodes within one another
_FIRST = ("rdf:type", "schema:name", "dcterms:title", "schema:about", "schema:parentOrganization", "schema:department")


@dataclass(frozen=True)
class Value:
    """One value of a property, and the editions or other graphs that state it."""

    term: NamedNode | Literal | BlankNode | Triple
    label: Label | None  # None for a literal
    stated_in: tuple[str, ...]
    properties: tuple[Property, ...] = ()  # of a blank node, which has no page of its own


@dataclass(frozen=True)
class Property:
    """A property with its values; `iri` is what the row is about."""

    iri: NamedNode
    label: Label
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Section:
    """The facts of today, or those that one graph alone states."""

    kind: str  # stated (of data without editions), today, edition, document, graph
    graph: str  # its name
    edition: Edition | None
    properties: tuple[Property, ...]

    @property
    def is_current(self) -> bool:
        return self.kind in ("stated", "today")


def list_sections(dataset: Dataset, topic: NamedNode) -> list[Section]:
    """What is stated about the thing."""
    return _make_sections(dataset, list(islice(dataset.quads(topic), SHOWN)))


def ask_for_rest(dataset: Dataset, topic: NamedNode) -> str:
    """The query that finds all statements, where there are more than the page shows; else nothing."""
    is_cut = next(islice(dataset.quads(topic), SHOWN, None), None) is not None
    return ask_for_all(f"{topic} ?property ?value") if is_cut else ""


def ask_for_all(pattern: str) -> str:
    """The query for a pattern in all graphs. A term's text is that of N-Triples, in which nothing of an IRI can end it."""
    return f"SELECT * WHERE {{\n  {{ {pattern} }} UNION {{ GRAPH ?graph {{ {pattern} }} }}\n}}\n"


def name_graph(dataset: Dataset, graph: GraphName) -> str:
    """A short name for the pages: `edition 003`, `quality`."""
    if graph == DEFAULT:
        return "today"
    if not isinstance(graph, NamedNode):
        return str(graph)
    return shorten_iri(dataset, graph) if dataset.release.is_foreign else dataset.iris.strip_graph(graph).replace("/", " ")


def _make_sections(dataset: Dataset, quads: list[Quad]) -> list[Section]:
    today = {q.triple for q in quads if q.graph_name == DEFAULT}
    stated: dict[Triple, list[GraphName]] = defaultdict(list)
    for quad in quads:
        if quad.graph_name != DEFAULT:
            assert isinstance(quad.graph_name, GraphName)  # which the type of a quad does not say
            stated[quad.triple].append(quad.graph_name)
    sections = []
    if today:
        sections.append(_make_section(dataset, today, stated, None))
    rest: dict[GraphName, set[Triple]] = defaultdict(set)
    for triple, graphs in stated.items():
        if triple not in today:
            for graph in graphs:
                rest[graph].add(triple)
    order: dict[GraphName, int] = {e.graph: position for position, e in enumerate(dataset.editions)}
    for graph in sorted(rest, key=lambda g: (order.get(g, len(order)), str(g))):
        sections.append(_make_section(dataset, rest[graph], stated, graph))
    return sections


def _make_section(
    dataset: Dataset, triples: set[Triple], stated: dict[Triple, list[GraphName]], graph: GraphName | None
) -> Section:
    rows: dict[NamedNode, list[Value]] = defaultdict(list)
    for triple in triples:
        rows[triple.predicate].append(make_value(dataset, triple.predicate, triple.object, stated.get(triple, ())))
    kind, edition = _name_section(dataset, graph)
    name = "" if graph is None else name_graph(dataset, graph)
    return Section(kind, name, edition, order_properties(dataset, rows))


def order_properties(dataset: Dataset, rows: Mapping[NamedNode, list[Value]]) -> tuple[Property, ...]:
    """The properties in the order in which people look for them."""
    first = [dataset.term(name) for name in _FIRST]
    properties = [Property(p, label_term(dataset, p), tuple(sorted(v, key=_order_value))) for p, v in rows.items()]
    properties.sort(key=lambda p: (first.index(p.iri) if p.iri in first else len(first), p.label.text))
    return tuple(properties)


def make_value(
    dataset: Dataset,
    predicate: NamedNode,
    term: NamedNode | Literal | BlankNode | Triple,
    graphs: Iterable[GraphName],
    depth: int = 0,
) -> Value:
    """A value with its label and the graphs that state it."""
    label = _label_value(dataset, predicate, term) if isinstance(term, NamedNode) else None
    properties = _list_properties(dataset, term, depth) if isinstance(term, BlankNode) else ()
    return Value(term, label, tuple(sorted(name_graph(dataset, g) for g in graphs)), properties)


def _list_properties(dataset: Dataset, node: BlankNode, depth: int) -> tuple[Property, ...]:
    """What is stated of a blank node, and of those in it."""
    rows: dict[NamedNode, list[Value]] = defaultdict(list)
    if depth < _DEPTH:
        for triple in {q.triple for q in islice(dataset.store.quads_for_pattern(node, None, None), _IN_A_NODE)}:
            rows[triple.predicate].append(make_value(dataset, triple.predicate, triple.object, (), depth + 1))
    return order_properties(dataset, rows)


def _label_value(dataset: Dataset, predicate: NamedNode, value: NamedNode) -> Label:
    """A class or concept by the vocabulary, a thing of ours by its name, anything else by its IRI."""
    path = dataset.iris.strip_base(value.value)
    if predicate == dataset.term("rdf:type") or (path or "").startswith("ontology#"):
        return label_term(dataset, value)
    return Label(value.value) if path is None and not dataset.release.is_foreign else label_thing(dataset, value)


def _order_value(value: Value) -> tuple[str, str]:
    """Numbers by size, things by label."""
    text = value.label.text if value.label else str(getattr(value.term, "value", value.term))
    return (re.sub(r"\d+", lambda digits: digits[0].zfill(8), text), str(value.term))


def _name_section(dataset: Dataset, graph: GraphName | None) -> tuple[str, Edition | None]:
    """What the facts of a graph are, and of which edition."""
    if graph is None:
        return ("today" if dataset.editions else "stated"), None
    edition = dataset.get_edition(graph)
    return ("edition" if edition and graph == edition.graph else "document" if edition else "graph"), edition
