"""What a release states of itself: its files with sizes and checksums, its graphs with counts and canonical hashes.

These facts are a graph of their own, `graph/release`, which no other file holds: a file cannot state its own checksum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from lod.codings import CODINGS
from lod.iris import Iris, part_of
from lod.release_files import ReleaseFile
from lod.triples import HEX_BINARY, Triples, integer, text

MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True)
class GraphFacts:
    """How many triples a graph has, and the hash of its canonical form (`lod/canonical.py`)."""

    triples: int
    sha256: str


def add_release(
    graph: Triples, iris: Iris, release_id: str, graphs: Mapping[str, GraphFacts], files: Iterable[ReleaseFile]
) -> None:
    """Adds the version, the graphs by their names (`default` is the default graph), and the files."""
    graph.add(iris.dataset, "dcat:version", text(release_id))
    for name, facts in graphs.items():
        node = iris.dataset if name == "default" else iris.graph(name)
        graph.add_types(node, "void:Dataset")
        graph.add(node, "void:triples", integer(facts.triples))
        graph.add(node, "jle:canonicalHash", Literal(facts.sha256, datatype=HEX_BINARY))
    for file in files:
        if "/" not in file.name:  # the documents are no dumps: the catalogue describes them
            _add_file(graph, iris, release_id, file)


def find_holder(iris: Iris, part: str) -> NamedNode:
    """The data set that a family of files is a distribution of."""
    if part.startswith("edition-"):
        return iris.edition(part.removeprefix("edition-"))
    return iris.graph(part) if part in ("quality", "reference", "catalog") else iris.dataset


def _add_file(graph: Triples, iris: Iris, release_id: str, file: ReleaseFile) -> None:
    node = iris.dump(file.name)
    graph.add_types(node, "dcat:Distribution")
    graph.add(find_holder(iris, file.part), "dcat:distribution", node)
    graph.add(node, "dcat:accessURL", node)
    graph.add(node, "dcat:downloadURL", iris.release_file(release_id, file.name))
    graph.add(node, "dcat:mediaType", NamedNode(MEDIA_TYPES + file.media_type))
    graph.add(node, "dcat:byteSize", integer(file.size))
    for coding in (c for c in CODINGS if c.name == file.coding):
        graph.add(node, "dcat:compressFormat", NamedNode(MEDIA_TYPES + coding.media_type))
    add_checksum(graph, node, file.sha256)


def add_checksum(graph: Triples, node: NamedNode, sha256: str) -> None:
    checksum = part_of(node, "sha256")
    graph.add_types(checksum, "spdx:Checksum")
    graph.add(checksum, "spdx:algorithm", graph.vocabulary["spdx:checksumAlgorithm_sha256"])
    graph.add(checksum, "spdx:checksumValue", Literal(sha256, datatype=HEX_BINARY))
    graph.add(node, "spdx:checksum", checksum)
