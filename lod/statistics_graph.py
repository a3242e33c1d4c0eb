"""What a graph consists of, counted, as VoID has it: its classes and properties, each with the size of its part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode, Triple

from lod.iris import Iris
from lod.triples import Triples, integer

_EXAMPLES = ("schema:about", "jle:unitInCharge", "jle:contact", "jle:classInformation")  # of a listing, what hangs on it


@dataclass(frozen=True)
class Part:
    """The triples with one property: how many, and with how many subjects and objects."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Statistics:
    """How many subjects and objects a graph has, the things of each class, and the triples of each property."""

    subjects: int
    objects: int
    classes: Mapping[NamedNode, int]
    properties: Mapping[NamedNode, Part]


def count_graph(triples: Iterable[Triple], rdf_type: NamedNode) -> Statistics:
    """Counts a graph, each term once."""
    found: dict[NamedNode, tuple[list[Any], set[Any], set[Any]]] = {}
    classes: dict[NamedNode, int] = {}
    for triple in triples:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        part = found.get(predicate)
        if part is None:
            part = found[predicate] = ([], set(), set())
        part[0].append(None)
        part[1].add(subject)
        part[2].add(value)
        if predicate == rdf_type and isinstance(value, NamedNode):
            classes[value] = classes.get(value, 0) + 1  # a graph is a set: each thing is of a class once
    subjects = set[Any]().union(*(part[1] for part in found.values()))
    objects = set[Any]().union(*(part[2] for part in found.values()))
    properties = {p: Part(len(part[0]), len(part[1]), len(part[2])) for p, part in found.items()}
    return Statistics(len(subjects), len(objects), classes, properties)


def add_statistics(graph: Triples, iris: Iris, node: NamedNode, name: str, statistics: Statistics) -> None:
    """Adds the counts of a data set and its parts by class and by property (VoID, sections 4.5 and 4.6).

    The parts are named by the name of the graph and the term.
    """
    stem = name.replace("/", "-")
    graph.add(node, "void:distinctSubjects", integer(statistics.subjects))
    graph.add(node, "void:distinctObjects", integer(statistics.objects))
    graph.add(node, "void:classes", integer(len(statistics.classes)))
    graph.add(node, "void:properties", integer(len(statistics.properties)))
    for term, entities in statistics.classes.items():
        part = iris.catalog_part(f"{stem}-class-{_name_term(graph, term)}")
        graph.add(node, "void:classPartition", part)
        graph.add(part, "void:class", term)
        graph.add(part, "void:entities", integer(entities))
    for term, counts in statistics.properties.items():
        part = iris.catalog_part(f"{stem}-property-{_name_term(graph, term)}")
        graph.add(node, "void:propertyPartition", part)
        graph.add(part, "void:property", term)
        graph.add(part, "void:triples", integer(counts.triples))
        graph.add(part, "void:distinctSubjects", integer(counts.subjects))
        graph.add(part, "void:distinctObjects", integer(counts.objects))


def add_examples(graph: Triples, dataset: NamedNode, triples: Iterable[Triple]) -> None:
    """Adds sample resources: the first listing that has all that a listing can have, and what hangs on it."""
    terms = [graph.vocabulary[name] for name in _EXAMPLES]
    found: dict[NamedNode, dict[NamedNode, str]] = {}
    for triple in triples:
        if triple.predicate in terms and isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            values = found.setdefault(triple.subject, {})
            values[triple.predicate] = min(triple.object.value, values.get(triple.predicate, triple.object.value))
    if found:
        listing = min(found, key=lambda subject: (-len(found[subject]), subject.value))
        graph.add(dataset, "void:exampleResource", listing, *(NamedNode(value) for value in found[listing].values()))


def _name_term(graph: Triples, term: NamedNode) -> str:
    """The fragment for a term: its prefix and name, or a part of the hash of its IRI where there is no prefix for it."""
    for prefix, namespace in graph.vocabulary.prefixes.items():
        if term.value.startswith(namespace) and (name := term.value[len(namespace) :]).isalnum():
            return f"{prefix}-{name}"
    return hashlib.sha256(term.value.encode()).hexdigest()[:16]
