"""Canonical forms are those of RDFC-1.0, by the vectors of the W3C, and other implementations make the same of our graphs."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyld import jsonld
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, DefaultGraph, Quad, RdfFormat, parse, serialize
from rdfc10_vectors import CLIQUE, ESCAPES, EVIL, EVILS, PREFIXES, SHA_384, VECTORS, draw

from lod.canonical import compute_dataset_hash, compute_graph_hash, write_canonical
from lod.errors import ReleaseError

ROOT = Path(__file__).resolve().parent.parent
NPM = ROOT / ".readers"


def read(trig: str) -> list[Quad]:
    return list(parse(PREFIXES + trig, format=RdfFormat.TRIG))


def write_sorted(quads: Iterable[Quad]) -> bytes:
    content = serialize({*quads}, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(content.splitlines(keepends=True)))


def label(quads: Iterable[Quad], labels: str) -> bytes:
    """The form in which the blank nodes are numbered in the order of these labels."""
    names = {name: BlankNode(f"c14n{number}") for number, name in enumerate(labels.split())}

    def rename(term):
        return names[term.value] if isinstance(term, BlankNode) else term

    return write_sorted(Quad(rename(q.subject), q.predicate, rename(q.object), rename(q.graph_name)) for q in quads)


@pytest.mark.parametrize("number", VECTORS)
def test_vector_of_the_w3c(number):
    trig, labels = VECTORS[number]
    assert write_canonical(read(trig)) == label(read(trig), labels)


def test_vector_with_another_hash():
    ((trig, labels),) = SHA_384.values()
    dataset = Dataset(read(trig))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0_SHA_384)
    assert write_sorted(dataset) == label(read(trig), labels)
    assert write_canonical(read(trig)) != label(read(trig), labels), "by SHA-256 it is numbered otherwise"


@pytest.mark.parametrize("number", EVILS)
def test_poison_that_can_be_computed_is(number):
    assert write_canonical(read(draw(EVILS[number], "e"))) == write_sorted(read(draw(EVIL, "c14n")))


def test_values_are_escaped_as_in_the_vector():
    content = "".join(f"{line} .\n" for line, _ in ESCAPES)
    expected = sorted(f"{line} .\n".encode() for _, line in ESCAPES)
    assert write_canonical(parse(content, format=RdfFormat.N_QUADS)) == b"".join(expected)


def test_labels_and_the_order_of_statements_do_not_matter():
    trig, labels = VECTORS["054"]
    renamed = read(trig.replace("_:e", "_:x9"))
    assert write_canonical(reversed(renamed)) == label(read(trig), labels)


def test_blank_nodes_are_refused_where_they_may_be_poison():
    """The suite has a graph that is to be refused (074): the library would number ten nodes in all orders; we never ask it."""
    poison = read(draw(CLIQUE, "e"))
    for compute, given in ((compute_dataset_hash, poison), (compute_graph_hash, [q.triple for q in poison])):
        with pytest.raises(ReleaseError, match="blank nodes"):
            compute(given)
    with pytest.raises(ReleaseError, match="blank nodes"):
        compute_dataset_hash(read("_:g { t:a t:b t:c }"))


def test_graphs_of_a_release_have_no_blank_nodes_so_that_sorting_them_is_all(release):
    """Thus what is hard in the algorithm, and the poison that makes it slow, concern none of them."""
    quads = [*parse(path=release.path / "all.nq", format=RdfFormat.N_QUADS)]
    assert not [q for q in quads if BlankNode in {type(q.subject), type(q.object), type(q.graph_name)}]
    by_graph: dict[str, list[Quad]] = {}
    for quad in quads:
        name = "default" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value.partition("/graph/")[2]
        by_graph.setdefault(name, []).append(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    hashes = {name: hashlib.sha256(write_sorted(found)).hexdigest() for name, found in by_graph.items()}
    assert hashes == {name: facts["sha256"] for name, facts in release.manifest["graphs"].items()}
    assert compute_graph_hash(q.triple for q in by_graph["catalog"]) == hashes["catalog"]


def test_pyld_makes_the_same_of_an_edition(release):
    options = {"algorithm": "URDNA2015", "inputFormat": "application/n-quads", "format": "application/n-quads"}
    form = jsonld.normalize(release.read_bytes("edition-001.nt").decode(), options)
    assert hashlib.sha256(form.encode()).hexdigest() == release.manifest["graphs"]["edition/001"]["sha256"]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js (Debian: nodejs)")
@pytest.mark.skipif(
    not (NPM / "node_modules" / "rdf-canonize").exists(), reason="needs npm install, as tests/test_readers.py says"
)
def test_rdf_canonize_makes_the_same_of_other_graphs(release, tmp_path):
    names = ("catalog", "quality", "edition/000", "edition/004")
    paths = {name: release.path / f"{name.replace('/', '-')}.nt" for name in names}
    tasks = [["rdf-canonize", str(path), str(tmp_path / path.name)] for path in paths.values()]
    command = ["node", str(ROOT / "tests" / "readers" / "read.mjs"), str(NPM)]
    result = subprocess.run(command, input=json.dumps(tasks), capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    hashes = {name: hashlib.sha256((tmp_path / path.name).read_bytes()).hexdigest() for name, path in paths.items()}
    assert hashes == {name: release.manifest["graphs"][name]["sha256"] for name in names}
