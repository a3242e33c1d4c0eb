"""The checksum of a file as triples (SPDX)."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from lod.iris import part_of
from lod.triples import HEX_BINARY, Triples


def add_checksum(graph: Triples, node: NamedNode, sha256: str) -> None:
    """Adds the SHA-256 of what the node is, as 64 hexadecimal digits."""
    checksum = NamedNode(f"{node.value}-sha256") if "#" in node.value else part_of(node, "sha256")
    algorithm = graph.vocabulary["spdx:checksumAlgorithm_sha256"]
    graph.add_types(checksum, "spdx:Checksum")
    graph.add(checksum, "spdx:algorithm", algorithm)
    graph.add_types(algorithm, "spdx:ChecksumAlgorithm")
    graph.add(checksum, "spdx:checksumValue", Literal(sha256, datatype=HEX_BINARY))
    graph.add(node, "spdx:checksum", checksum)
