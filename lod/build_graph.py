"""The build as triples (PROV): the activity that made a release, what it used, the program, and the plan of the curator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from lod.checksums import add_checksum
from lod.curation import Entry
from lod.iris import Iris
from lod.names import make_slug
from lod.triples import Triples, text

_PLAN = "seeds/curation.toml"


@dataclass(frozen=True)
class Build:
    """What a release was made from and by: the program's version and libraries, and the SHA-256 of each input by its name.

    `documents` has the number of the edition that an input is the document of.
    """

    software: str
    libraries: Mapping[str, str]
    inputs: Mapping[str, str]
    documents: Mapping[str, str]
    decisions: Sequence[Entry]


def add_build(graph: Triples, iris: Iris, release_id: str, build: Build) -> None:
    """Adds the activity. No time is stated: the same inputs give the same release, whenever it is built."""
    node = iris.build(release_id)
    software = iris.catalog_part("software")
    inputs = {name: _name_input(iris, name, build) for name in build.inputs}
    graph.add_types(node, "prov:Activity")
    graph.add_names(node, "dcterms:title", ((f"Build of release {release_id}", "en"), (f"公開版{release_id}の生成", "ja")))
    graph.add(node, "prov:used", *inputs.values())
    graph.add(node, "prov:wasAssociatedWith", software)
    for name, entity in inputs.items():
        graph.add_types(entity, "prov:Entity")
        graph.add(entity, "dcterms:title", text(name))
        add_checksum(graph, entity, build.inputs[name])
    _add_software(graph, iris, software, build)
    if _PLAN in inputs:
        association = iris.catalog_part("association")
        graph.add(node, "prov:qualifiedAssociation", association)
        graph.add_types(association, "prov:Association")
        graph.add(association, "prov:agent", software)
        graph.add(association, "prov:hadPlan", inputs[_PLAN])
        _add_plan(graph, iris, inputs[_PLAN], build.decisions)


def _add_software(graph: Triples, iris: Iris, software: NamedNode, build: Build) -> None:
    graph.add_types(software, "prov:SoftwareAgent")
    graph.add_names(software, "foaf:name", (("Madoguchi", "en"), ("窓口", "ja")))
    graph.add(software, "dcat:version", text(build.software))
    for name, version in build.libraries.items():
        library = iris.catalog_part(f"library-{make_slug(name)}")
        graph.add(software, "dcterms:requires", library)
        graph.add(library, "dcterms:title", text(name))
        graph.add(library, "dcat:version", text(version))


def _add_plan(graph: Triples, iris: Iris, plan: NamedNode, decisions: Sequence[Entry]) -> None:
    """The decisions of the curator, in the order in which they stand, each with its reason and the line it is about."""
    graph.add_types(plan, "prov:Plan")
    for number, entry in enumerate(decisions, 1):
        part = iris.catalog_part(f"decision-{number}")
        graph.add(plan, "dcterms:hasPart", part)
        graph.add_types(part, "prov:Entity")
        graph.add_names(part, "dcterms:description", ((entry.reason_en, "en"), (entry.reason_ja, "ja")))
        graph.add(part, "prov:wasDerivedFrom", iris.source(entry.document, [entry.line]))


def _name_input(iris: Iris, name: str, build: Build) -> NamedNode:
    """A document has its own IRI; any other file is named within the catalogue."""
    number = build.documents.get(name)
    return iris.source(number) if number else iris.catalog_part(f"input-{make_slug(name)}")
