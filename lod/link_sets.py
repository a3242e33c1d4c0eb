"""The link sets of VoID: the data sets elsewhere that the places of the reference table lead to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from lod.iris import Iris
from lod.reference_graph import ESTAT, GEONAMES, WIKIDATA
from lod.triples import Triples, integer, text

_SUBJECTS = "reference"  # the graph that all links stand in


@dataclass(frozen=True)
class Target:
    """A data set elsewhere: how its IRIs begin, and the property that leads to it; the licence where it is known."""

    key: str
    title: str
    title_ja: str
    homepage: str
    uri_space: str
    predicate: str
    license: str = ""
    license_name: str = ""


TARGETS = (
    Target("wikidata", "Wikidata", "ウィキデータ", "https://www.wikidata.org/", WIKIDATA, "schema:sameAs"),
    Target(
        "geonames",
        "GeoNames",
        "GeoNames",
        "https://www.geonames.org/",
        GEONAMES,
        "schema:sameAs",
        "https://creativecommons.org/licenses/by/4.0/",
        "CC BY 4.0",
    ),
    Target(
        "e-stat",
        "e-Stat standard area codes",
        "e-Stat 標準地域コード",
        "https://data.e-stat.go.jp/",
        ESTAT,
        "jle:standardAreaCode",
    ),
)


def add_link_sets(graph: Triples, iris: Iris) -> None:
    """Adds each target and the set of links to it (VoID, section 5)."""
    for target in TARGETS:
        links, there = _name_links(iris, target), iris.catalog_part(f"target-{target.key}")
        graph.add_types(there, "void:Dataset")
        graph.add_names(there, "dcterms:title", ((target.title, "en"), (target.title_ja, "ja")))
        graph.add(there, "foaf:homepage", NamedNode(target.homepage))
        graph.add(there, "void:uriSpace", text(target.uri_space))
        if target.license:
            license_ = NamedNode(target.license)
            graph.add(there, "dcterms:license", license_)
            graph.add_types(license_, "dcterms:LicenseDocument")
            graph.add(license_, "rdfs:label", text(target.license_name, "en"))
        graph.add_types(links, "void:Linkset")
        titles = ((f"Links to {target.title}", "en"), (f"{target.title_ja}へのリンク", "ja"))
        graph.add_names(links, "dcterms:title", titles)
        graph.add(links, "void:subjectsTarget", iris.graph(_SUBJECTS))
        graph.add(links, "void:objectsTarget", there)
        graph.add(links, "void:linkPredicate", graph.vocabulary[target.predicate])
        graph.add(iris.dataset, "void:subset", links)
        graph.add(iris.graph(_SUBJECTS), "void:subset", links)


def add_link_counts(graph: Triples, iris: Iris, reference: Iterable[Triple]) -> None:
    """Adds how many links each set has, counted in the graph of the reference table."""
    objects = [(t.predicate, t.object.value) for t in reference if isinstance(t.object, NamedNode)]
    for target in TARGETS:
        predicate = graph.vocabulary[target.predicate]
        found = sum(p == predicate and value.startswith(target.uri_space) for p, value in objects)
        graph.add(_name_links(iris, target), "void:triples", integer(found))


def _name_links(iris: Iris, target: Target) -> NamedNode:
    return iris.catalog_part(f"links-{target.key}")
