"""The catalogue as triples (DCAT 3, VoID, PROV): data set, series and editions, their files, order, time and origin."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from lod.catalogue import Catalogue, Edition
from lod.documents import Document
from lod.iris import Iris, part_of
from lod.names import make_slug
from lod.release_graph import MEDIA_TYPES, add_checksum
from lod.triples import BOOLEAN, XSD, Triples, integer, text


def add_catalogue(
    graph: Triples,
    iris: Iris,
    catalogue: Catalogue,
    documents: Mapping[str, Document],
    triple_counts: Mapping[str, int],
    listing_counts: Mapping[str, int],
) -> None:
    """Adds catalogue, data set, series and editions.

    `triple_counts` is by graph name, `listing_counts` by edition number. What can be told of the dumps, which hold this graph,
    is said in the release graph (`lod/release_graph.py`).
    """
    writer = _CatalogueWriter(graph, iris, catalogue)
    writer.add_catalog_and_dataset()
    for name, count in triple_counts.items():
        writer.add_graph(name, count)
    for edition in catalogue.editions:
        writer.add_edition(edition, documents[edition.number])
        graph.add(iris.edition(edition.number), "void:entities", integer(listing_counts[edition.number]))
    for category, number in catalogue.get_current_editions().items():
        graph.add(graph.vocabulary[f"jle:{category}"], "jle:currentEdition", iris.edition(number))


class _CatalogueWriter:
    def __init__(self, graph: Triples, iris: Iris, catalogue: Catalogue) -> None:
        self.graph = graph
        self.iris = iris
        self.catalogue = catalogue

    def add_catalog_and_dataset(self) -> None:
        add, iris, series = self.graph.add, self.iris, self.catalogue.series
        titles = ((series["title_en"], "en"), (series["title_ja"], "ja"))
        descriptions = ((series["description_en"], "en"), (series["description_ja"], "ja"))
        for node, classes in (
            (iris.catalog, ("dcat:Catalog",)),
            (iris.dataset, ("dcat:Dataset", "void:Dataset")),
            (iris.series, ("dcat:DatasetSeries",)),
        ):
            self.graph.add_types(node, *classes)
            self.graph.add_names(node, "dcterms:title", titles)
            self.graph.add_names(node, "dcterms:description", descriptions)
        add(iris.catalog, "dcat:dataset", iris.dataset, iris.series, *(iris.edition(e.number) for e in self.catalogue.editions))
        add(iris.catalog, "dcat:service", iris.sparql)
        add(iris.dataset, "dcterms:source", *(iris.edition(n) for n in set(self.catalogue.get_current_editions().values())))
        add(iris.dataset, "void:sparqlEndpoint", iris.sparql)
        add(iris.dataset, "void:uriSpace", text(f"{iris.base}id/"))
        add(iris.dataset, "void:vocabulary", iris.ontology)
        self.graph.add_types(iris.sparql, "dcat:DataService")
        add(iris.sparql, "dcterms:title", text("SPARQL endpoint", "en"), text("SPARQLエンドポイント", "ja"))
        add(iris.sparql, "dcat:endpointURL", iris.sparql)
        add(iris.sparql, "dcat:servesDataset", iris.dataset)

    def add_graph(self, name: str, triples: int) -> None:
        node, add = self.iris.graph(name), self.graph.add
        self.graph.add_types(node, "void:Dataset")
        add(node, "void:triples", integer(triples))
        add(self.iris.dataset, "void:subset", node)
        if name == "reference":
            reference = self.catalogue.reference
            for key, term in (("title", "dcterms:title"), ("description", "dcterms:description")):
                self.graph.add_names(node, term, ((reference[f"{key}_en"], "en"), (reference[f"{key}_ja"], "ja")))

    def add_edition(self, edition: Edition, document: Document) -> None:
        add, node, number = self.graph.add, self.iris.edition(edition.number), edition.number
        self.graph.add_types(node, "dcat:Dataset", "prov:Entity")
        add(node, "dcterms:identifier", text(number))
        add(node, "dcterms:title", text(edition.title, "en"))
        add(node, "dcat:inSeries", self.iris.series)
        add(node, "jle:category", *(self.graph.vocabulary[f"jle:{c}"] for c in edition.categories))
        add(node, "prov:wasDerivedFrom", self.iris.source(number))
        add(node, "void:subset", self.iris.graph(f"edition/{number}"))
        add(node, "dcterms:source", self.iris.source(number), *([NamedNode(edition.origin_url)] if edition.origin_url else []))
        self.graph.add_names(node, "dcterms:description", ((edition.origin_en, "en"), (edition.origin_ja, "ja")))
        if edition.publisher:
            agent = self.iris.agent(make_slug(edition.publisher))
            self.graph.add_types(agent, "foaf:Agent")
            self.graph.add_names(agent, "foaf:name", ((edition.publisher, "en"), (edition.publisher_ja, "ja")))
            add(node, "dcterms:publisher", agent)
        for evidence in edition.later_than:
            add(node, "jle:laterThan", self.iris.edition(evidence.subject))
            self.graph.add_names(node, "rdfs:comment", ((evidence.en, "en"), (evidence.ja, "ja")))
        self._add_period(edition, node)
        self._add_document(node, self.iris.source(number), document.content)

    def _add_period(self, edition: Edition, node: NamedNode) -> None:
        if edition.period is None:
            return
        period, start = part_of(node, "period"), edition.period.subject
        datatype = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(start)]
        self.graph.add_types(period, "dcterms:PeriodOfTime")
        self.graph.add(period, "dcat:startDate", Literal(start, datatype=NamedNode(XSD + datatype)))
        self.graph.add(period, "jle:inferred", Literal("true", datatype=BOOLEAN))
        self.graph.add_names(period, "rdfs:comment", ((edition.period.en, "en"), (edition.period.ja, "ja")))
        self.graph.add(node, "dcterms:temporal", period)

    def _add_document(self, edition: NamedNode, file: NamedNode, content: bytes) -> None:
        """The document itself, as a file."""
        self.graph.add_types(file, "dcat:Distribution")
        self.graph.add(edition, "dcat:distribution", file)
        self.graph.add(file, "dcat:downloadURL", file)
        self.graph.add(file, "dcat:accessURL", file)
        self.graph.add(file, "dcat:mediaType", NamedNode(f"{MEDIA_TYPES}text/plain"))
        self.graph.add(file, "dcat:byteSize", integer(len(content)))
        add_checksum(self.graph, file, hashlib.sha256(content).hexdigest())
