"""The canonical form of a graph (RDF Dataset Canonicalization, RDFC-1.0), and its hash, which tells what holds the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, DefaultGraph, Quad, RdfFormat, Triple, serialize

from lod.errors import ReleaseError


def compute_graph_hash(triples: Iterable[Triple]) -> str:
    """The SHA-256, in hexadecimal, of the canonical N-Quads of a graph; raises ReleaseError as below.

    The graph is taken as the default graph of a data set that has no other, so that its name does not matter.
    """
    return compute_dataset_hash(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples)


def compute_dataset_hash(quads: Iterable[Quad]) -> str:
    """The same of a data set with named graphs; raises ReleaseError for one with blank nodes.

    Releases have none, and to number those that somebody contrived takes the library longer than anybody waits.
    """
    given = list(quads)
    if any(isinstance(term, BlankNode) for q in given for term in (q.subject, q.object, q.graph_name)):
        raise ReleaseError("there are blank nodes in data that should be of a release: get or build the release again")
    return hashlib.sha256(write_canonical(given)).hexdigest()


def write_canonical(quads: Iterable[Quad]) -> bytes:
    """The canonical N-Quads of a data set that one made oneself, the lines in code point order (RDFC-1.0, section 5)."""
    canonical = Dataset(quads)
    canonical.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    content = serialize(canonical, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(content.splitlines(keepends=True)))
