"""What the endpoint says of itself: SPARQL 1.1 Service Description, with VoID for the data and SHACL for the examples.

A release has counted itself: its catalogue is part of the description, and nothing is counted again. Of other data, what there
is to tell is counted by the server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from pyoxigraph import Literal, NamedNode, Quad, Triple

from lod.sparql_tokens import read_tokens
from server.dataset import Dataset
from server.endpoint import Endpoint
from server.statistics import NAMED, Counts

_NAMESPACES = {
    "dcterms": "http://purl.org/dc/terms/",
    "ent": "http://www.w3.org/ns/entailment/",
    "formats": "http://www.w3.org/ns/formats/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "spex": "https://purl.expasy.org/sparql-examples/ontology#",
    "void": "http://rdfs.org/ns/void#",
}
# The names of the formats are those of http://www.w3.org/ns/formats/.
_RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "N-Quads",
    "TriG",
)
_COUNTED = "release"  # the graph in which a release tells its counts
_MOST = 100_000  # statements that a catalogue has
_FORMS = {  # of a query: the property that has its text, and its class
    "select": ("sh:select", "sh:SPARQLSelectExecutable"),
    "ask": ("sh:ask", "sh:SPARQLAskExecutable"),
    "construct": ("sh:construct", "sh:SPARQLConstructExecutable"),
    "describe": ("spex:describe", "spex:SPARQLDescribeExecutable"),  # SHACL has none
}

Facts = Iterator[Triple]
Value = NamedNode | Literal | str | int


def describe_service(endpoint: Endpoint) -> set[Triple]:
    """The whole description; every node has an IRI under that of the endpoint, but for those of the catalogue."""
    return {
        *_describe_service(endpoint),
        *(quad.triple for quad in endpoint.dataset.keep(list_catalogue)),
        *(_describe_graphs(endpoint) if is_counted(endpoint.dataset) else count_data(endpoint)),
        *_describe_examples(endpoint),
    }


def list_catalogue(dataset: Dataset) -> tuple[Quad, ...]:
    """What the data state of themselves in the graphs that are there for it; empty where these are missing or far too large."""
    graphs = [] if dataset.is_large else [dataset.iris.graph(name) for name in ("catalog", _COUNTED)]
    quads = tuple(islice((quad for graph in graphs for quad in dataset.quads(graph=graph)), _MOST + 1))
    return quads if len(quads) <= _MOST else ()


def is_counted(dataset: Dataset) -> bool:
    """Whether the data are a release that counted its graphs when it was built."""
    return not dataset.release.is_foreign and dataset.store.contains_named_graph(dataset.iris.graph(_COUNTED))


def count_data(endpoint: Endpoint) -> set[Triple]:
    """What the server counts of data that have not counted themselves: their graphs, their classes and properties."""
    return {*_describe_dataset(endpoint), *_describe_partitions(endpoint)}


def _list_limits(endpoint: Endpoint) -> Mapping[str, Literal]:
    """What a query may cost, by the names of our vocabulary: no vocabulary in use has terms for it."""
    limits = endpoint.limits
    return {
        "rowLimit": Literal(limits.rows),
        "resultSizeLimit": Literal(limits.result),
        "timeLimit": Literal(str(limits.seconds), datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
        "querySizeLimit": Literal(limits.size),
    }


def _describe_service(endpoint: Endpoint) -> Facts:
    iris = endpoint.dataset.iris
    service, ontology = _node(endpoint, "service"), iris.ontology.value
    facts: list[tuple[str, Value]] = [
        ("rdf:type", _term("sd:Service")),
        ("sd:endpoint", iris.sparql),
        ("sd:supportedLanguage", _term("sd:SPARQL11Query")),
        ("sd:defaultEntailmentRegime", _term("ent:Simple")),
        ("sd:defaultDataset", _node(endpoint, "dataset")),
        *(("sd:resultFormat", _term(f"formats:{name}")) for name in _RESULT_FORMATS),
        *((f"{ontology}#{name}", limit) for name, limit in _list_limits(endpoint).items()),
    ]
    if endpoint.limits.services:
        facts.append(("sd:feature", _term("sd:BasicFederatedQuery")))
    yield from _state(service, facts)


def _describe_graphs(endpoint: Endpoint) -> Facts:
    """The graphs as the catalogue names and counts them; the default graph is the data set itself."""
    dataset, whole = endpoint.dataset, _node(endpoint, "dataset")
    graphs = sorted((g for g in dataset.store.named_graphs() if isinstance(g, NamedNode)), key=lambda g: g.value)[:NAMED]
    yield from _state(whole, [("rdf:type", _term("sd:Dataset")), ("sd:defaultGraph", dataset.iris.dataset)])
    yield from _state(dataset.iris.dataset, [("rdf:type", _term("sd:Graph"))])
    for n, graph in enumerate(graphs, 1):
        named = _node(endpoint, f"named-{n}")
        yield from _state(whole, [("sd:namedGraph", named)])
        yield from _state(named, [("rdf:type", _term("sd:NamedGraph")), ("sd:name", graph), ("sd:graph", graph)])
        yield from _state(graph, [("rdf:type", _term("sd:Graph"))])


def _describe_dataset(endpoint: Endpoint) -> Facts:
    dataset, statistics = endpoint.dataset, endpoint.statistics
    whole, default = _node(endpoint, "dataset"), _node(endpoint, "default-graph")
    terms = [*statistics.classes, *statistics.properties]
    vocabularies = {n for n in endpoint.engine.prefixes.values() for t in terms if t.value.startswith(n)}
    facts: list[tuple[str, Value]] = [
        ("rdf:type", _term("sd:Dataset")),
        ("rdf:type", _term("void:Dataset")),
        ("sd:defaultGraph", default),
        ("void:sparqlEndpoint", dataset.iris.sparql),
        *_list_counts(statistics.default),
        *((("void:classes", len(statistics.classes)), ("void:properties", len(statistics.properties))) if terms else ()),
        *(("void:vocabulary", NamedNode(v)) for v in vocabularies),
        *(("void:dataDump", dataset.iris.dump(dump.name)) for dump in endpoint.dumps),
        *(("sd:namedGraph", _node(endpoint, f"named-{n}")) for n in range(1, len(statistics.graphs) + 1)),
        *(("void:classPartition", _node(endpoint, f"class-{n}")) for n in range(1, min(len(statistics.classes), NAMED) + 1)),
        *(
            ("void:propertyPartition", _node(endpoint, f"property-{n}"))
            for n in range(1, min(len(statistics.properties), NAMED) + 1)
        ),
    ]
    yield from _state(whole, facts)
    yield from _state(default, [("rdf:type", _term("sd:Graph")), *_list_counts(statistics.default)])
    for n, (graph, counts) in enumerate(statistics.graphs.items(), 1):
        named, content = _node(endpoint, f"named-{n}"), _node(endpoint, f"graph-{n}")
        yield from _state(named, [("rdf:type", _term("sd:NamedGraph")), ("sd:name", graph), ("sd:graph", content)])
        yield from _state(content, [("rdf:type", _term("sd:Graph")), *_list_counts(counts)])


def _describe_partitions(endpoint: Endpoint) -> Facts:
    """The parts of the default graph by class and by property (VoID, section 4.5)."""
    for n, (term, count) in enumerate(islice(endpoint.statistics.classes.items(), NAMED), 1):
        yield from _state(_node(endpoint, f"class-{n}"), [("void:class", term), ("void:entities", count)])
    for n, (term, count) in enumerate(islice(endpoint.statistics.properties.items(), NAMED), 1):
        yield from _state(_node(endpoint, f"property-{n}"), [("void:property", term), ("void:triples", count)])


def _describe_examples(endpoint: Endpoint) -> Facts:
    """Queries as SHACL has them, with the endpoint that they are for: as the endpoints of the life sciences publish theirs."""
    for example in endpoint.examples:
        words = (t.text.lower() for t in read_tokens(example.query) if t.kind == "word")
        form = next((w for w in words if w in _FORMS), "select")
        text_property, kind = _FORMS[form]
        texts = ((example.title, "en"), (example.title_ja, "ja"))
        comments = ((example.description, "en"), (example.description_ja, "ja"))
        facts: list[tuple[str, Value]] = [
            ("rdf:type", _term("sh:SPARQLExecutable")),
            ("schema:target", endpoint.dataset.iris.sparql),
            ("rdf:type", _term(kind)),
            (text_property, example.query),
            *(("rdfs:label", Literal(text, language=language)) for text, language in texts if text),
            *(("rdfs:comment", Literal(text, language=language)) for text, language in comments if text),
        ]
        yield from _state(_node(endpoint, f"example-{example.name}"), facts)


def _list_counts(counts: Counts | None) -> list[tuple[str, Value]]:
    if counts is None:
        return []
    return [
        ("void:triples", counts.triples),
        ("void:distinctSubjects", counts.subjects),
        ("void:distinctObjects", counts.objects),
    ]


def _state(subject: NamedNode, facts: list[tuple[str, Value]]) -> Facts:
    for name, value in facts:
        yield Triple(subject, _term(name), value if isinstance(value, NamedNode | Literal) else Literal(value))


def _node(endpoint: Endpoint, fragment: str) -> NamedNode:
    return NamedNode(f"{endpoint.dataset.iris.sparql.value}#{fragment}")


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(_NAMESPACES[prefix] + local) if prefix in _NAMESPACES else NamedNode(name)
