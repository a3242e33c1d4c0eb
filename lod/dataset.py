"""The data set: every named graph and the default graph, composed from listings, issues, reference table and catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Triple, parse

from lod.catalog_graph import add_catalogue
from lod.edition_graph import add_listings
from lod.iris import Iris
from lod.listings import Listing
from lod.quality_graph import add_issues, add_source_lines
from lod.quality_measurements import add_measurements
from lod.reference_graph import add_places
from lod.seeds import Facts
from lod.terms import Vocabulary
from lod.triples import Triples


@dataclass(frozen=True)
class Dataset:
    """The default graph and the named graphs, whose names are those that `Iris.graph` takes."""

    iris: Iris
    vocabulary: Vocabulary
    default: frozenset[Triple]
    graphs: Mapping[str, frozenset[Triple]]

    def iterate_quads(self) -> Iterable[Quad]:
        """Every statement of every graph."""
        yield from (Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in self.default)
        for name, triples in self.graphs.items():
            graph = self.iris.graph(name)
            yield from (Quad(t.subject, t.predicate, t.object, graph) for t in triples)

    @property
    def prefixes(self) -> dict[str, str]:
        return make_prefixes(self.iris, self.vocabulary)


def build_dataset(facts: Facts, vocabulary: Vocabulary, vocabulary_file: Path, iris: Iris) -> Dataset:
    """All graphs of the facts that were read from the seeds."""
    graphs: dict[str, frozenset[Triple]] = {}
    current = facts.catalogue.get_current_editions()
    default = Triples(vocabulary)
    listings: dict[str, list[Listing]] = {d.edition.number: [] for d in facts.documents}
    for listing in facts.listings:
        listings[listing.edition.number].append(listing)
    for document in facts.documents:
        number = document.edition.number
        edition_graph, source_graph = Triples(vocabulary), Triples(vocabulary)
        add_listings(edition_graph, iris, listings[number])
        add_source_lines(source_graph, iris, document, facts.line_kinds[number])
        add_listings(default, iris, [li for li in listings[number] if current.get(li.category) == number])
        graphs[f"edition/{number}"] = frozenset(edition_graph.triples)
        graphs[f"source/{number}"] = frozenset(source_graph.triples)
    quality, reference, catalog = Triples(vocabulary), Triples(vocabulary), Triples(vocabulary)
    ontology = read_ontology(vocabulary_file, iris)
    add_issues(quality, iris, facts.issues)
    add_measurements(quality, iris, facts, ontology)
    add_places(reference, iris, facts.gazetteer)
    graphs["quality"] = frozenset(quality.triples)
    graphs["reference"] = frozenset(reference.triples)
    graphs["ontology"] = ontology
    add_catalogue(
        catalog,
        iris,
        facts.catalogue,
        {d.edition.number: d for d in facts.documents},
        {name: len(triples) for name, triples in sorted(graphs.items())},
        {number: len(of_edition) for number, of_edition in listings.items()},
    )
    graphs["catalog"] = frozenset(catalog.triples)
    everything = frozenset(default.triples) | graphs["reference"] | graphs["catalog"]
    return Dataset(iris, vocabulary, everything, graphs)


def make_prefixes(iris: Iris, vocabulary: Vocabulary) -> dict[str, str]:
    """The prefixes of the vocabulary and those of our own things, for the formats that have prefixes."""
    return {**vocabulary.prefixes, **iris.prefixes}


def read_ontology(path: Path, iris: Iris) -> frozenset[Triple]:
    """The vocabulary's triples, its relative IRIs resolved under the base IRI."""
    quads = parse(path=path, format=RdfFormat.TURTLE, base_iri=iris.ontology.value)
    return frozenset(Triple(q.subject, q.predicate, q.object) for q in quads)
