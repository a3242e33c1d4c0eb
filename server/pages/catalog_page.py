"""The page of the catalogue: what data there are, where they come from, how they were made, and what is not known of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template
from pyoxigraph import Literal, NamedNode

from server.dataset import Dataset
from server.links import Link
from server.pages.build_facts import BuildFacts, name_anchor, read_build
from server.pages.dump_page import write_size
from server.pages.labels import Label, label_term, label_thing


@dataclass(frozen=True)
class Named:
    """A thing and what it is called."""

    iri: NamedNode
    label: Label


@dataclass(frozen=True)
class EditionFacts:
    """An edition and what is known of its order, time and origin."""

    edition: Named
    categories: tuple[Label, ...]
    previous: tuple[Named, ...]
    earlier: tuple[Named, ...]
    evidence: tuple[Literal, ...]
    start: str
    period: tuple[Literal, ...]
    origin: tuple[Literal, ...]
    listings: int | None


@dataclass(frozen=True)
class GraphCounts:
    """A graph, or the data of today, counted, with its files."""

    graph: Named
    triples: int | None
    subjects: int | None
    objects: int | None
    files: int | None
    classes: tuple[TermCount, ...]
    properties: tuple[TermCount, ...]


@dataclass(frozen=True)
class TermCount:
    """A class or a property and how often it is used; the anchor is the fragment of the part of the data."""

    anchor: str
    term: Named
    count: int
    subjects: int | None = None
    objects: int | None = None


@dataclass(frozen=True)
class LinkSet:
    """Links to one data set elsewhere."""

    anchor: str
    target_anchor: str
    target: Label
    homepage: str
    predicate: Label
    license: tuple[Named, ...]
    count: int | None


@dataclass(frozen=True)
class CatalogFacts:
    """All that the page tells."""

    title: Label
    descriptions: tuple[Literal, ...]
    editions: tuple[EditionFacts, ...]
    graphs: tuple[GraphCounts, ...]
    links: tuple[LinkSet, ...]
    examples: tuple[Named, ...]
    files: int
    size: int
    builds: tuple[BuildFacts, ...]
    rights: tuple[tuple[str, tuple[Literal, ...]], ...]


def make_catalog_page(dataset: Dataset) -> Callable[[list[Link]], str]:
    """What renders the page; the data are read when it is first asked for."""

    def render(links: list[Link]) -> str:
        catalog = dataset.keep(read_catalog)
        return render_template("catalog.html", catalog=catalog, links=links, write_size=write_size)

    return render


def read_catalog(dataset: Dataset) -> CatalogFacts:
    """Reads what the graphs of the catalogue state; what they do not state is empty."""
    catalog, whole = dataset.iris.catalog, dataset.iris.dataset
    files = [file for file in dataset.subjects("rdf:type", dataset.term("dcat:Distribution")) if _is_dump(dataset, file)]
    graphs = [g for g in dataset.things(whole, "void:subset") if not dataset.values(g, "void:linkPredicate")]
    rights = dataset.subjects("rdf:type", dataset.term("dcterms:RightsStatement"))
    return CatalogFacts(
        label_thing(dataset, catalog),
        tuple(dataset.texts(catalog, "dcterms:description")),
        tuple(_read_edition(dataset, edition.iri) for edition in dataset.editions),
        tuple(_count_graph(dataset, graph) for graph in (whole, *graphs)),
        tuple(_read_links(dataset, links) for links in dataset.subjects("rdf:type", dataset.term("void:Linkset"))),
        tuple(_name(dataset, thing) for thing in dataset.things(whole, "void:exampleResource")),
        len(files),
        sum(_count(dataset, file, "dcat:byteSize") or 0 for file in files),
        tuple(read_build(dataset, build) for build in dataset.things(whole, "prov:wasGeneratedBy")),
        tuple((name_anchor(statement), tuple(dataset.texts(statement, "rdfs:comment"))) for statement in rights),
    )


def _is_dump(dataset: Dataset, file: NamedNode) -> bool:
    return file.value.startswith(dataset.iris.dump("").value)


def _name(dataset: Dataset, thing: NamedNode) -> Named:
    return Named(thing, label_thing(dataset, thing))


def _name_all(dataset: Dataset, thing: NamedNode, name: str) -> tuple[Named, ...]:
    return tuple(_name(dataset, other) for other in dataset.things(thing, name))


def _count(dataset: Dataset, thing: NamedNode, name: str) -> int | None:
    return next(iter(dataset.numbers(thing, name)), None)


def _read_edition(dataset: Dataset, edition: NamedNode) -> EditionFacts:
    period = next(iter(dataset.things(edition, "dcterms:temporal")), None)
    return EditionFacts(
        _name(dataset, edition),
        tuple(label_term(dataset, category) for category in dataset.things(edition, "jle:category")),
        _name_all(dataset, edition, "dcat:prev"),
        _name_all(dataset, edition, "jle:laterThan"),
        tuple(dataset.texts(edition, "rdfs:comment")),
        next((start.value for start in dataset.texts(period, "dcat:startDate")), "") if period else "",
        tuple(dataset.texts(period, "rdfs:comment")) if period else (),
        tuple(dataset.texts(edition, "dcterms:description")),
        _count(dataset, edition, "void:entities"),
    )


def _count_graph(dataset: Dataset, graph: NamedNode) -> GraphCounts:
    return GraphCounts(
        _name(dataset, graph),
        _count(dataset, graph, "void:triples"),
        _count(dataset, graph, "void:distinctSubjects"),
        _count(dataset, graph, "void:distinctObjects"),
        _count_files(dataset, graph),
        tuple(_count_classes(dataset, graph)),
        tuple(_count_properties(dataset, graph)),
    )


def _count_files(dataset: Dataset, graph: NamedNode) -> int | None:
    """The dumps of a graph, which are those of its edition where it is one's; a graph that cannot tell of its own has None."""
    editions = [edition.iri for edition in dataset.editions if edition.graph == graph]
    files = [f for holder in (graph, *editions) for f in dataset.things(holder, "dcat:distribution") if _is_dump(dataset, f)]
    return len(files) or None


def _count_classes(dataset: Dataset, whole: NamedNode) -> list[TermCount]:
    found = [
        TermCount(name_anchor(part), Named(term, label_term(dataset, term)), _count(dataset, part, "void:entities") or 0)
        for part in dataset.things(whole, "void:classPartition")
        for term in dataset.things(part, "void:class")
    ]
    return sorted(found, key=lambda c: (-c.count, c.term.iri.value))


def _count_properties(dataset: Dataset, whole: NamedNode) -> list[TermCount]:
    found = [
        TermCount(
            name_anchor(part),
            Named(term, label_term(dataset, term)),
            _count(dataset, part, "void:triples") or 0,
            _count(dataset, part, "void:distinctSubjects"),
            _count(dataset, part, "void:distinctObjects"),
        )
        for part in dataset.things(whole, "void:propertyPartition")
        for term in dataset.things(part, "void:property")
    ]
    return sorted(found, key=lambda c: (-c.count, c.term.iri.value))


def _read_links(dataset: Dataset, links: NamedNode) -> LinkSet:
    target = next(iter(dataset.things(links, "void:objectsTarget")), links)
    predicate = next(iter(dataset.things(links, "void:linkPredicate")), links)
    return LinkSet(
        name_anchor(links),
        name_anchor(target),
        label_thing(dataset, target),
        next((page.value for page in dataset.things(target, "foaf:homepage")), ""),
        label_term(dataset, predicate),
        _name_all(dataset, target, "dcterms:license"),
        _count(dataset, links, "void:triples"),
    )
