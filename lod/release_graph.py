"""What a release states of itself: its files, its graphs with counts and canonical hashes, and the build that made it.

These facts are a graph of their own, `graph/release`, which no other file holds: a file cannot state its own checksum. Nor can
the graph count itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from lod.build_graph import Build, add_build
from lod.file_graph import add_file
from lod.iris import Iris
from lod.link_sets import add_link_counts
from lod.release_files import ReleaseFile
from lod.statistics_graph import add_examples, add_statistics, count_graph
from lod.triples import HEX_BINARY, Triples, integer, text


@dataclass(frozen=True)
class GraphFacts:
    """How many triples a graph has, and the hash of its canonical form (`lod/canonical.py`)."""

    triples: int
    sha256: str


def add_release(
    graph: Triples,
    iris: Iris,
    release_id: str,
    graphs: Mapping[str, GraphFacts],
    files: Iterable[ReleaseFile],
    build: Build,
    triples: Mapping[str, Iterable[Triple]],
) -> None:
    """Adds the version, the graphs by their names (`default` is the default graph), the files, and the build.

    `triples` has the content of each graph of `graphs`, to be counted.
    """
    rdf_type, node = graph.vocabulary["rdf:type"], iris.build(release_id)
    graph.add(iris.dataset, "dcat:version", text(release_id))
    for name, facts in graphs.items():
        dataset = _name_dataset(iris, name)
        graph.add_types(dataset, "void:Dataset")
        graph.add(dataset, "void:triples", integer(facts.triples))
        graph.add(dataset, "jle:canonicalHash", Literal(facts.sha256, datatype=HEX_BINARY))
        graph.add(dataset, "prov:wasGeneratedBy", node)
        add_statistics(graph, iris, dataset, name, count_graph(triples[name], rdf_type))
    add_link_counts(graph, iris, triples["reference"])
    add_examples(graph, iris.dataset, triples["default"])
    add_build(graph, iris, release_id, build)
    for file in files:
        if "/" not in file.name:  # the documents are no dumps: the catalogue describes them
            add_file(graph, iris, release_id, file)


def _name_dataset(iris: Iris, graph: str) -> NamedNode:
    return iris.dataset if graph == "default" else iris.graph(graph)
