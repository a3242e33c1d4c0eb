"""The catalogue as triples (DCAT 3, VoID, PROV): data set, series and editions, their files, order, time and origin."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from lod.catalogue import Catalogue, Edition
from lod.checksums import add_checksum
from lod.documents import Document
from lod.edition_order import find_first, find_last, find_previous
from lod.file_graph import add_media_type, add_standard
from lod.graph_texts import find_texts
from lod.iris import Iris, part_of
from lod.link_sets import add_link_sets
from lod.names import make_slug
from lod.triples import BOOLEAN, XSD, Triples, integer, text

_AUTHORITY = "http://publications.europa.eu/resource/authority/"  # the code lists that DCAT-AP asks for
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"
_DATA_SETS = ("quality", "reference", "catalog")  # the graphs that have files of their own


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
    writer.add_descriptions()
    writer.add_series()
    writer.add_service()
    writer.add_rights()
    for name in (*triple_counts, "catalog", "release"):
        writer.add_graph(name, triple_counts.get(name))
    add_link_sets(graph, iris)
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
        graphs = [iris.graph(name) for name in _DATA_SETS]
        editions = [iris.edition(e.number) for e in self.catalogue.editions]
        add(iris.catalog, "dcat:dataset", iris.dataset, iris.series, *editions, *graphs)
        add(iris.catalog, "dcat:service", iris.sparql)
        add(iris.dataset, "dcterms:source", *(iris.edition(n) for n in set(self.catalogue.get_current_editions().values())))
        add(iris.dataset, "void:sparqlEndpoint", iris.sparql)
        add(iris.dataset, "void:uriSpace", text(f"{iris.base}id/"))
        add(iris.dataset, "void:vocabulary", iris.ontology)
        add(iris.dataset, "void:rootResource", iris.catalog)
        add_standard(self.graph, iris.dataset, iris.ontology, "Vocabulary", "語彙")
        add_standard(self.graph, iris.dataset, iris.shapes, "Shapes", "シェイプ")

    def add_descriptions(self) -> None:
        """The pages and documents about the data, their languages, and the place that they are about."""
        iris, add = self.iris, self.graph.add
        for thing, term, page in (
            (iris.catalog, "foaf:homepage", iris.catalog_page),
            (iris.dataset, "dcat:landingPage", iris.make("")),
        ):
            add(thing, term, page)
            self.graph.add_types(page, "foaf:Document")
        self.graph.add_types(iris.void, "void:DatasetDescription", "foaf:Document")
        self.graph.add_names(iris.void, "dcterms:title", (("Description of the data", "en"), ("データの記述", "ja")))
        add(iris.void, "foaf:primaryTopic", iris.dataset)
        for thing in (iris.catalog, iris.dataset, iris.graph("reference")):
            self._add_coded(thing, "dcterms:language", "language/ENG", "dcterms:LinguisticSystem")
            self._add_coded(thing, "dcterms:language", "language/JPN", "dcterms:LinguisticSystem")
        for thing in (iris.dataset, iris.series, iris.graph("reference")):
            self._add_coded(thing, "dcterms:spatial", "country/JPN", "dcterms:Location")

    def add_series(self) -> None:
        """The series as a data set too, of which it is a subclass, and its ends as far as the evidence tells them."""
        series = self.iris.series
        self.graph.add_types(series, "dcat:Dataset")
        self._add_coded(series, "dcterms:accrualPeriodicity", "frequency/UNKNOWN", "dcterms:Frequency")
        for term, number in (("dcat:first", find_first(self.catalogue)), ("dcat:last", find_last(self.catalogue))):
            if number:
                self.graph.add(series, term, self.iris.edition(number))

    def add_service(self) -> None:
        iris, add = self.iris, self.graph.add
        self.graph.add_types(iris.sparql, "dcat:DataService")
        add(iris.sparql, "dcterms:title", text("SPARQL endpoint", "en"), text("SPARQLエンドポイント", "ja"))
        add(iris.sparql, "dcat:endpointURL", iris.sparql)
        add(iris.sparql, "dcat:endpointDescription", iris.sparql)
        add(iris.sparql, "dcat:servesDataset", iris.dataset)
        add_standard(self.graph, iris.sparql, NamedNode(_PROTOCOL), "SPARQL 1.1 Protocol")

    def add_rights(self) -> None:
        """What is known of the terms of use, and what is not; a licence is stated only where there is one."""
        iris, rights = self.iris, self.catalogue.rights
        editions = [iris.edition(e.number) for e in self.catalogue.editions]
        for part, things in (
            ("documents", [iris.series, *editions]),
            ("reference", [iris.graph("reference")]),
            ("whole", [iris.dataset, iris.catalog]),
        ):
            if rights:
                statement = iris.catalog_part(f"rights-{part}")
                self.graph.add_types(statement, "dcterms:RightsStatement")
                texts = ((rights[f"{part}_en"], "en"), (rights[f"{part}_ja"], "ja"))
                self.graph.add_names(statement, "rdfs:comment", texts)
                self.graph.add_names(statement, "rdfs:label", (("Terms of use", "en"), ("利用条件", "ja")))
                for thing in things:
                    self.graph.add(thing, "dcterms:rights", statement)

    def add_graph(self, name: str, triples: int | None) -> None:
        """A graph as a data set of VoID, and of DCAT where it has files; without a count where only the release can tell it."""
        node, add = self.iris.graph(name), self.graph.add
        self.graph.add_types(node, "void:Dataset", *(["dcat:Dataset"] if name in _DATA_SETS else []))
        add(self.iris.dataset, "void:subset", node)
        if triples is not None:
            add(node, "void:triples", integer(triples))
        if name == "reference":
            reference = self.catalogue.reference
            for key, term in (("title", "dcterms:title"), ("description", "dcterms:description")):
                self.graph.add_names(node, term, ((reference[f"{key}_en"], "en"), (reference[f"{key}_ja"], "ja")))
        elif texts := find_texts(name):
            self.graph.add_names(node, "dcterms:title", ((texts.title_en, "en"), (texts.title_ja, "ja")))
            self.graph.add_names(node, "dcterms:description", ((texts.description_en, "en"), (texts.description_ja, "ja")))

    def _add_coded(self, thing: NamedNode, term: str, code: str, kind: str) -> None:
        """A value from a code list of the Publications Office of the European Union."""
        value = NamedNode(_AUTHORITY + code)
        self.graph.add(thing, term, value)
        self.graph.add_types(value, kind)

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
        if previous := find_previous(self.catalogue, number):
            add(node, "dcat:prev", self.iris.edition(previous))
        self._add_coded(node, "dcterms:language", "language/ENG", "dcterms:LinguisticSystem")
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
        self.graph.add(file, "dcat:byteSize", integer(len(content)))
        add_media_type(self.graph, file, "dcat:mediaType", "text/plain")
        add_checksum(self.graph, file, hashlib.sha256(content).hexdigest())
