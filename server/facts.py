"""The facts about a thing as its page shows them: what holds today first, then what only older editions state."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from server.dataset import DEFAULT, Dataset, GraphName
from server.labels import Label, label_term, label_thing

_FIRST = ("rdf:type", "schema:name", "dcterms:title", "schema:about", "schema:parentOrganization", "schema:department")


@dataclass(frozen=True)
class Value:
    """One value of a property, and the editions or other graphs that state it."""

    term: NamedNode | Literal | BlankNode | Triple
    label: Label | None  # None for a literal
    stated_in: tuple[str, ...]


@dataclass(frozen=True)
class Property:
    """A property with its values; `iri` is what the row is about."""

    iri: NamedNode
    label: Label
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Section:
    """The facts of today, or those that one graph alone states."""

    title: str
    note: str
    is_current: bool
    is_past: bool
    properties: tuple[Property, ...]


def list_sections(dataset: Dataset, topic: NamedNode) -> list[Section]:
    """What is stated about the thing."""
    return _make_sections(dataset, list(dataset.quads(topic)), inverse=False)


def list_inverse_sections(dataset: Dataset, topic: NamedNode) -> list[Section]:
    """What points to the thing."""
    return _make_sections(dataset, [q for q in dataset.quads(value=topic) if q.subject != topic], inverse=True)


def name_graph(dataset: Dataset, graph: GraphName) -> str:
    """A short name for the pages: `edition 003`, `quality`."""
    if not isinstance(graph, NamedNode):
        return "today"
    return dataset.iris.strip_graph(graph).replace("/", " ")


def _make_sections(dataset: Dataset, quads: list[Quad], *, inverse: bool) -> list[Section]:
    today = {q.triple for q in quads if q.graph_name == DEFAULT}
    stated: dict[Triple, list[GraphName]] = defaultdict(list)
    for quad in quads:
        if quad.graph_name != DEFAULT and isinstance(quad.graph_name, GraphName):
            stated[quad.triple].append(quad.graph_name)
    sections = []
    if today:
        sections.append(_make_section(dataset, today, stated, None, inverse=inverse))
    rest: dict[GraphName, set[Triple]] = defaultdict(set)
    for triple, graphs in stated.items():
        if triple not in today:
            for graph in graphs:
                rest[graph].add(triple)
    order: dict[GraphName, int] = {e.graph: position for position, e in enumerate(dataset.editions)}
    for graph in sorted(rest, key=lambda g: (order.get(g, len(order)), str(g))):
        sections.append(_make_section(dataset, rest[graph], stated, graph, inverse=inverse))
    return sections


def _make_section(
    dataset: Dataset, triples: set[Triple], stated: dict[Triple, list[GraphName]], graph: GraphName | None, *, inverse: bool
) -> Section:
    title, note, is_past = _name_section(dataset, graph)
    rows: dict[NamedNode, list[Value]] = defaultdict(list)
    for triple in triples:
        shown = triple.subject if inverse else triple.object
        rows[triple.predicate].append(_make_value(dataset, triple.predicate, shown, stated.get(triple, ())))
    first = [dataset.term(name) for name in _FIRST]
    properties = [Property(p, label_term(dataset, p), tuple(sorted(v, key=_order_value))) for p, v in rows.items()]
    properties.sort(key=lambda p: (first.index(p.iri) if p.iri in first else len(first), p.label.text))
    return Section(title, note, graph is None, is_past, tuple(properties))


def _make_value(
    dataset: Dataset, predicate: NamedNode, term: NamedNode | Literal | BlankNode | Triple, graphs: Iterable[GraphName]
) -> Value:
    label = _label_value(dataset, predicate, term) if isinstance(term, NamedNode) else None
    return Value(term, label, tuple(sorted(name_graph(dataset, g) for g in graphs)))


def _label_value(dataset: Dataset, predicate: NamedNode, value: NamedNode) -> Label:
    """A class or concept by the vocabulary, a thing of ours by its name, anything else by its IRI."""
    path = dataset.iris.strip_base(value.value)
    if predicate == dataset.term("rdf:type") or (path or "").startswith("ontology#"):
        return label_term(dataset, value)
    return Label(value.value) if path is None else label_thing(dataset, value)


def _order_value(value: Value) -> tuple[str, str]:
    """Numbers by size, things by label."""
    text = value.label.text if value.label else str(getattr(value.term, "value", value.term))
    return (re.sub(r"\d+", lambda digits: digits[0].zfill(8), text), str(value.term))


def _name_section(dataset: Dataset, graph: GraphName | None) -> tuple[str, str, bool]:
    """Title, note, and whether it is history."""
    if graph is None:
        return "Today", "What the current editions and the reference table state.", False
    edition = dataset.get_edition(graph)
    if edition and graph == edition.graph:
        return f"Only in edition {edition.number}", f"What “{edition.title}” stated and the current editions do not.", True
    if edition:
        return f"Document {edition.number}, line by line", "", False
    return f"{name_graph(dataset, graph).capitalize()} notes", "", False
