"""What the document about a thing says as RDF.

It says what the default graph does: the thing's own facts, those of its parts (listings, departments, contacts, class
information, identifiers, positions), what points to it, and the names of all that it links to. A thing that only older
editions, the quality notes or the documents' lines know is described from the union of the named graphs that have it. The
document itself says which thing it is about and which graphs it is part of.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from server.dataset import DEFAULT, Dataset, GraphName

LABELS = ("schema:name", "skos:prefLabel", "rdfs:label", "dcterms:title", "foaf:name")
PARTS = (
    "schema:department",
    "schema:contactPoint",
    "jle:unitInCharge",
    "jle:contact",
    "jle:classInformation",
    "schema:availableChannel",
)


@dataclass(frozen=True)
class Description:
    """The triples about a thing, and the graphs they are from."""

    topic: NamedNode
    graphs: tuple[GraphName, ...]
    triples: frozenset[Triple]


def describe_thing(dataset: Dataset, topic: NamedNode, document: NamedNode) -> Description | None:
    """The description of a thing, None where nothing is known of it."""
    graphs = find_graphs(dataset, topic)
    if not graphs:
        return None
    listings = [li for g in graphs for li in dataset.subjects("schema:about", topic, g)]
    own = _collect_facts(dataset, [topic, *listings], graphs)
    pointing = {q.triple for g in graphs for q in dataset.quads(value=topic, graph=g)}
    linked = {t.object for t in own if isinstance(t.object, NamedNode)} | {
        t.subject for t in pointing if isinstance(t.subject, NamedNode)
    }
    described = {t.subject for t in own}
    names = {t for thing in linked - described for t in _find_names(dataset, thing, graphs)}
    triples = own | pointing | names | set(_describe_document(dataset, topic, document, graphs))
    return Description(topic, graphs, frozenset(triples))


def find_graphs(dataset: Dataset, topic: NamedNode) -> tuple[GraphName, ...]:
    """The default graph where it knows the thing, else the named graphs that do."""
    graphs = {q.graph_name for q in dataset.quads(topic) if isinstance(q.graph_name, GraphName)}
    return (DEFAULT,) if DEFAULT in graphs else tuple(sorted(graphs, key=str))


def _collect_facts(dataset: Dataset, things: list[NamedNode], graphs: tuple[GraphName, ...]) -> set[Triple]:
    """The facts about things and, in turn, about their parts."""
    part_properties = {dataset.term(name) for name in PARTS}
    facts: set[Triple] = set()
    seen, waiting = set(things), list(things)
    while waiting:
        thing = waiting.pop()
        for quad in _iterate_facts(dataset, thing, graphs):
            facts.add(quad.triple)
            value = quad.object
            if (
                isinstance(value, NamedNode)
                and value not in seen
                and (quad.predicate in part_properties or is_within(thing, value))
            ):
                seen.add(value)
                waiting.append(value)
    return facts


def _iterate_facts(dataset: Dataset, thing: NamedNode, graphs: tuple[GraphName, ...]) -> list[Quad]:
    return [q for g in graphs for q in dataset.quads(thing, graph=g)]


def is_within(thing: NamedNode | BlankNode, value: NamedNode) -> bool:
    """Whether a thing is named under another: `…/class/1`, `…#position`."""
    return value.value.startswith((f"{thing.value}/", f"{thing.value}#"))


def _find_names(dataset: Dataset, thing: NamedNode, graphs: tuple[GraphName, ...]) -> set[Triple]:
    """The names of a thing in those graphs; where they have none, in any."""
    named = {q for label in LABELS for q in dataset.quads(thing, label)}
    return {q.triple for q in named if q.graph_name in graphs} or {q.triple for q in named}


def _describe_document(dataset: Dataset, topic: NamedNode, document: NamedNode, graphs: tuple[GraphName, ...]) -> list[Triple]:
    term = dataset.term
    wholes = [dataset.iris.dataset if graph == DEFAULT else graph for graph in graphs]
    return [
        Triple(document, term("rdf:type"), term("foaf:Document")),
        Triple(document, term("foaf:primaryTopic"), topic),
        *(Triple(document, term("dcterms:isPartOf"), whole) for whole in wholes if isinstance(whole, NamedNode)),
    ]
