"""What the document about a thing says as RDF.

It says what the default graph does: the thing's own facts, those of its parts (listings, departments, contacts, class
information, identifiers, positions, blank nodes), what points to it, and the names of all that it links to. A thing that
only older editions, the quality notes or the documents' lines know is described from the union of the named graphs that
have it. The document itself says which thing it is about, which graphs it is part of, and which editions state what it says.
However much is stated of a thing, or points to it, its document stays bounded, and says where it was cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from server.dataset import DEFAULT, Dataset, GraphName

LABELS = ("schema:name", "skos:prefLabel", "rdfs:label", "dcterms:title", "foaf:name")
INCOMING = 1_000  # statements that point to a thing, and listings about it, that its document has
FACTS = 20_000  # statements of a thing and its parts
PARTS = (
    "schema:department",
    "schema:contactPoint",
    "jle:unitInCharge",
    "jle:contact",
    "jle:classInformation",
    "schema:availableChannel",
)
Node = NamedNode | BlankNode


@dataclass(frozen=True)
class Description:
    """What is said about a thing, what is said about the document that says so, and the graphs that it is from."""

    topic: NamedNode
    graphs: tuple[GraphName, ...]
    facts: frozenset[Triple]
    document: frozenset[Triple]

    @property
    def triples(self) -> frozenset[Triple]:
        return self.facts | self.document


def describe_thing(dataset: Dataset, topic: NamedNode, document: NamedNode) -> Description | None:
    """The description of a thing, None where nothing is known of it."""
    graphs = find_graphs(dataset, topic)
    if not graphs:
        return None
    pointing = {q.triple for q in islice(_iterate_incoming(dataset, topic, graphs), INCOMING + 1)}
    is_cut = len(pointing) > INCOMING
    if is_cut:
        pointing.pop()
    about = (q.subject for g in graphs for q in dataset.quads(None, "schema:about", topic, g))
    listings = {s for s in islice(about, INCOMING) if isinstance(s, NamedNode)}
    own = _collect_facts(dataset, [topic, *sorted(listings, key=str)], graphs)
    linked = {t.object for t in own if isinstance(t.object, NamedNode)} | {
        t.subject for t in pointing if isinstance(t.subject, NamedNode)
    }
    described = {t.subject for t in own}
    labels = [dataset.term(name) for name in LABELS]
    names = {t for thing in linked - described for t in _find_names(dataset, thing, labels, graphs)}
    statements = _describe_document(dataset, topic, document, graphs)
    if is_cut or len(own) >= FACTS:
        statements += _describe_cut(dataset, topic, document)
    return Description(topic, graphs, frozenset(own | pointing | names), frozenset(statements))


def locate_facts(dataset: Dataset, description: Description) -> list[Quad]:
    """The facts in all the graphs that state them; what is said of the document is in the default graph."""
    stated = [q for t in description.facts for q in dataset.store.quads_for_pattern(t.subject, t.predicate, t.object, None)]
    return [*stated, *(Quad(t.subject, t.predicate, t.object) for t in description.document)]


def find_graphs(dataset: Dataset, topic: NamedNode) -> tuple[GraphName, ...]:
    """The default graph where it knows the thing, else the named graphs that do."""
    if is_described(dataset, topic, DEFAULT):
        return (DEFAULT,)
    graphs = {q.graph_name for q in islice(dataset.quads(topic), FACTS) if isinstance(q.graph_name, GraphName)}
    return tuple(sorted(graphs, key=str))


def is_described(dataset: Dataset, topic: NamedNode, graph: GraphName | None = None) -> bool:
    """Whether the graph, or any, states something of the thing."""
    return next(dataset.quads(topic, graph=graph), None) is not None


def _iterate_incoming(dataset: Dataset, topic: NamedNode, graphs: tuple[GraphName, ...]) -> Iterator[Quad]:
    return (q for g in graphs for q in dataset.quads(value=topic, graph=g))


def _collect_facts(dataset: Dataset, things: list[NamedNode], graphs: tuple[GraphName, ...]) -> set[Triple]:
    """The facts about things and, in turn, about their parts."""
    part_properties = {dataset.term(name) for name in PARTS}
    facts: set[Triple] = set()
    waiting: list[Node] = list(things)
    seen = set(waiting)
    while waiting and len(facts) < FACTS:
        thing = waiting.pop()
        for quad in islice(_iterate_facts(dataset, thing, graphs), FACTS - len(facts)):
            facts.add(quad.triple)
            value = quad.object
            if (
                isinstance(value, NamedNode | BlankNode)
                and value not in seen
                and (isinstance(value, BlankNode) or quad.predicate in part_properties or is_within(thing, value))
            ):
                seen.add(value)
                waiting.append(value)
    return facts


def _iterate_facts(dataset: Dataset, thing: Node, graphs: tuple[GraphName, ...]) -> Iterator[Quad]:
    return (q for g in graphs for q in dataset.store.quads_for_pattern(thing, None, None, g))


def is_within(thing: Node, value: NamedNode) -> bool:
    """Whether a thing is named under another: `…/class/1`, `…#position`."""
    return value.value.startswith((f"{thing.value}/", f"{thing.value}#"))


def _find_names(dataset: Dataset, thing: NamedNode, labels: list[NamedNode], graphs: tuple[GraphName, ...]) -> set[Triple]:
    """The names of a thing in those graphs; where they have none, in any."""
    find = dataset.store.quads_for_pattern
    named = [q for label in labels for q in islice(find(thing, label, None, None), INCOMING)]
    return {q.triple for q in named if q.graph_name in graphs} or {q.triple for q in named}


def _describe_document(dataset: Dataset, topic: NamedNode, document: NamedNode, graphs: tuple[GraphName, ...]) -> list[Triple]:
    term = dataset.term
    wholes = [dataset.iris.dataset if graph == DEFAULT else graph for graph in graphs]
    wholes = [whole for whole in wholes if whole != dataset.iris.dataset or is_described(dataset, dataset.iris.dataset)]
    return [
        Triple(document, term("rdf:type"), term("foaf:Document")),
        Triple(document, term("foaf:primaryTopic"), topic),
        *(Triple(document, term("dcterms:isPartOf"), whole) for whole in wholes if isinstance(whole, NamedNode)),
        *(Triple(document, term("dcterms:source"), source) for source in _list_sources(dataset, topic, graphs)),
    ]


def _list_sources(dataset: Dataset, topic: NamedNode, graphs: tuple[GraphName, ...]) -> list[NamedNode]:
    """The editions, or other named graphs, that state what is said of the thing itself."""
    places: dict[Triple, set[GraphName]] = {}
    for quad in islice(dataset.quads(topic), FACTS):
        if isinstance(quad.graph_name, GraphName):
            places.setdefault(quad.triple, set()).add(quad.graph_name)
    stating = [found - {DEFAULT} for found in places.values() if not found.isdisjoint(graphs)]
    # a name stands in many editions: where some fact is of one alone, that one is where the thing comes from
    certain = [found for found in stating if len(found) == 1]
    named = {graph for found in certain or stating for graph in found}
    sources = {edition.iri if (edition := dataset.get_edition(graph)) else graph for graph in named}
    return sorted((s for s in sources if isinstance(s, NamedNode) and s != topic), key=str)


def _describe_cut(dataset: Dataset, topic: NamedNode, document: NamedNode) -> list[Triple]:
    """That the document does not have all, and where all is."""
    query = f"SELECT ?subject ?property WHERE {{ ?subject ?property {topic} }}"
    comment = (
        f"This document is cut: it has {INCOMING:,} of the statements that point to {topic.value} and at most {FACTS:,} "
        "statements about it. A SPARQL query finds all."
    )
    return [
        Triple(document, dataset.term("rdfs:comment"), Literal(comment, language="en")),
        Triple(document, dataset.term("rdfs:seeAlso"), NamedNode(f"{dataset.iris.sparql.value}?query={quote(query, safe='')}")),
    ]
