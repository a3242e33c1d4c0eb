"""Whether a file holds the graphs whose canonical hashes its manifest states, however it was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse

from lod.canonical import compute_graph_hash

_FORMATS = {".nq": RdfFormat.N_QUADS, ".nt": RdfFormat.N_TRIPLES, ".ttl": RdfFormat.TURTLE}
_CURRENT, _ALL = "current", "all"


def has_graphs(name: str, manifest: Mapping[str, Any]) -> bool:
    """Whether a file is N-Quads, N-Triples or Turtle, and the manifest has the hash of what it holds."""
    part, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    return suffix in _FORMATS and (part == _ALL or _name_graph(part) in _read_hashes(manifest))


def compare_graphs(name: str, content: bytes, manifest: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each graph of the file that is not the one of the manifest.

    No graph of a release has blank nodes; a file with some is refused before it is made canonical, which takes time without
    bound for graphs that are made for it (RDFC-1.0, section 7.1).
    """
    part, expected = PurePosixPath(name).stem, _read_hashes(manifest)
    base = str(manifest.get("base"))
    found: dict[str, set[Triple]] = defaultdict(set)
    try:
        for quad in parse(content, format=_FORMATS[PurePosixPath(name).suffix]):
            if not isinstance(quad.subject, NamedNode) or isinstance(quad.object, BlankNode | Triple):
                yield "it has blank nodes, which no graph of a release has: download it again"
                return
            found[_find_graph(quad, base)].add(Triple(quad.subject, quad.predicate, quad.object))
    except (SyntaxError, ValueError) as error:
        yield f"it cannot be read: {error}; download it again"
        return
    if part == _ALL:
        wanted = {graph: facts for graph, facts in expected.items() if graph != "release"}
    else:
        graph = _name_graph(part)
        found = {graph: set().union(*found.values())}  # of a single graph, whose name the format may not have
        wanted = {graph: expected[graph]}
    for graph in sorted(wanted.keys() | found.keys()):
        if wanted.get(graph) != compute_graph_hash(found.get(graph, set())):
            yield f"the graph {graph} is not the one that the manifest has the canonical hash of"


def _read_hashes(manifest: Mapping[str, Any]) -> dict[str, object]:
    graphs = manifest.get("graphs")
    entries = graphs.items() if isinstance(graphs, dict) else ()
    return {name: facts.get("sha256") for name, facts in entries if isinstance(facts, dict)}


def _name_graph(part: str) -> str:
    """The name in the manifest of the graph that a family of files holds."""
    return "default" if part == _CURRENT else part.replace("edition-", "edition/", 1)


def _find_graph(quad: Quad, base: str) -> str:
    if isinstance(quad.graph_name, DefaultGraph):
        return "default"
    return quad.graph_name.value.removeprefix(f"{base}graph/")
