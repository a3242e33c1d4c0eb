"""Readers that others wrote accept the dumps, and find in each file exactly the statements that the manifest counts and hashes.

Serdi reads every file of the formats that it knows; the others read, of the largest files, one in each format.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse

from lod.canonical import write_canonical
from lod.release import FACTS, Release
from lod.release_files import ReleaseFile, read_files

FOLDER = Path(__file__).resolve().parent / "readers"
NPM = FOLDER.parent.parent / ".readers"
PACKAGES = {"n3": "2.13.12", "jsonld": "9.0.0", "rdfxml-streaming-parser": "3.3.0"}
INSTALL = f"npm install --no-save --ignore-scripts --prefix .readers {' '.join(f'{n}@{v}' for n, v in PACKAGES.items())}"
BY_NPM = {"n3": ("ttl", "nt", "nq", "trig"), "jsonld": ("jsonld",), "rdfxml-streaming-parser": ("rdf",)}
NAMES_GRAPHS = ("nq", "trig")
RAPPER = {"ttl": "turtle", "nt": "ntriples", "rdf": "rdfxml", "nq": "nquads", "trig": "trig"}
SERDI = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads", "trig": "trig"}
LARGE = 1_000_000  # bytes
JAVA = Path("/usr/share/java")
RDF4J = (
    *("guava", "commons-io", "commons-text", "commons-lang3", "commons-codec", "jackson-core", "jackson-databind"),
    *("jackson-annotations", "jsonld-java", "httpclient", "httpclient-cache", "httpcore", "slf4j-api", "slf4j-nop"),
    "jcl-over-slf4j",
)

Statements = frozenset[bytes]  # lines of canonical N-Quads


@pytest.fixture(scope="module")
def graphs(release: Release) -> dict[str, tuple[Quad, ...]]:
    """The quads of each graph by its name, after their number and hash were found to be those of the manifest."""
    found: dict[str, list[Quad]] = {}
    for name in FACTS:
        for quad in parse(path=release.path / name, format=RdfFormat.N_QUADS):
            graph = "default" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
            found.setdefault(graph.removeprefix(f"{release.iris.base}graph/"), []).append(quad)
    told = {name: (facts["triples"], facts["sha256"]) for name, facts in release.manifest["graphs"].items()}
    measured = {name: (len(quads), hash_lines(write_lines(drop_names(quads)))) for name, quads in found.items()}
    assert {name: facts for name, facts in measured.items() if name != "release"} == told
    return {name: tuple(quads) for name, quads in found.items()}


@pytest.fixture(scope="module")
def expected(release: Release, graphs: Mapping[str, tuple[Quad, ...]]) -> dict[str, Statements]:
    """What each file holds, by the name of the file."""
    every = [quad for name, quads in graphs.items() if name != "release" for quad in quads]
    parts = {name.replace("/", "-"): quads for name, quads in graphs.items()} | {"current": graphs["default"], "all": every}
    named = {part: write_lines(quads) for part, quads in parts.items()}
    unnamed = {part: write_lines(drop_names(quads)) for part, quads in parts.items() if part != "all"}
    files = list_dumps(release)
    kept = {name: (named if keeps_names(name) else unnamed)[name.partition(".")[0]] for name in files}
    assert {name: len(lines) for name, lines in kept.items()} == files
    return kept


def list_dumps(release: Release) -> dict[str, int]:
    """The RDF dumps that are not compressed, with the number of their statements."""
    counted = {f.name: f.triples for f in read_files(release.manifest) if is_dump(f)}
    own = len(release.read_bytes("release.nq").splitlines())
    return {**counted, **{f"release.{suffix}": own for suffix in ("ttl", "jsonld", "nt", "rdf", "nq", "trig")}}


def is_dump(file: ReleaseFile) -> bool:
    return file.triples is not None and not file.coding and file.part != "report"


def keeps_names(name: str) -> bool:
    """Whether the file names graphs: JSON-LD of one graph does not."""
    return name.endswith(NAMES_GRAPHS) or name == "all.jsonld"


def drop_names(quads: Iterable[Quad]) -> list[Quad]:
    return [Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads]


def write_lines(quads: Iterable[Quad]) -> Statements:
    return frozenset(write_canonical(quads).splitlines(keepends=True))


def hash_lines(lines: Statements) -> str:
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest()


def choose_files(release: Release, suffixes: Iterable[str], *, every: bool = False, small: bool = False) -> list[str]:
    """The dumps with these suffixes; of the large ones the first in each format, or the smallest where that is enough."""
    chosen: list[str] = []
    for suffix in suffixes:
        names = [name for name in sorted(list_dumps(release)) if name.endswith(f".{suffix}")]
        large = [name for name in names if (release.path / name).stat().st_size > LARGE]
        large.sort(key=lambda name: (release.path / name).stat().st_size if small else 0)
        chosen += names if every else [name for name in names if name not in large[1:]]
    return chosen


def compare(found: Mapping[str, bytes], expected: Mapping[str, Statements], names: Iterable[str]) -> None:
    """Each reader writes N-Quads as it likes; where they are not canonical as they are, they are made so."""
    assert set(found) == set(names)
    for name, content in found.items():
        if frozenset(content.splitlines(keepends=True)) != expected[name]:
            assert write_lines(parse(content, format=RdfFormat.N_QUADS)) == expected[name], name


def run_program(command: list[str]) -> bytes:
    """What a reader writes; fails where it has an error or a warning."""
    result = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert (result.returncode, result.stderr) == (0, b""), command
    return result.stdout


def read_with(program: str, release: Release, names: Iterable[str], syntaxes: Mapping[str, str]) -> dict[str, bytes]:
    """What rapper or serdi writes for each of the files; both have the same options."""
    found = {}
    for name in names:
        syntax, written = syntaxes[name.rpartition(".")[2]], "nquads" if keeps_names(name) else "ntriples"
        found[name] = run_program([program, "-q", "-i", syntax, "-o", written, str(release.path / name)])
    return found


@pytest.mark.skipif(shutil.which("rapper") is None, reason="needs rapper (Debian: raptor2-utils)")
def test_rapper_reads_the_dumps(release, expected):
    names = choose_files(release, RAPPER, small=True)
    compare(read_with("rapper", release, names, RAPPER), expected, names)


@pytest.mark.skipif(shutil.which("serdi") is None, reason="needs serdi (Debian: serdi)")
def test_serdi_reads_every_dump(release, expected):
    names = choose_files(release, SERDI, every=True)
    assert {*names} == {name for name in expected if not name.endswith((".jsonld", ".rdf"))}
    compare(read_with("serdi", release, names, SERDI), expected, names)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js (Debian: nodejs)")
@pytest.mark.skipif(not (NPM / "node_modules" / "n3").exists(), reason=f"needs {INSTALL}")
def test_the_libraries_of_npm_read_the_dumps(release, expected, tmp_path):
    names = [(library, name) for library, suffixes in BY_NPM.items() for name in choose_files(release, suffixes)]
    tasks = [[library, str(release.path / name), str(tmp_path / name)] for library, name in names]
    command = ["node", str(FOLDER / "read.mjs"), str(NPM)]
    result = subprocess.run(command, input=json.dumps(tasks), capture_output=True, text=True, timeout=120, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    compare({name: (tmp_path / name).read_bytes() for _, name in names}, expected, [name for _, name in names])


@pytest.mark.skipif(shutil.which("java") is None, reason="needs Java (Debian: default-jre-headless)")
@pytest.mark.skipif(not (JAVA / "rdf4j-rio-turtle.jar").exists(), reason="needs Eclipse RDF4J (Debian: librdf4j-java)")
def test_rdf4j_reads_the_dumps(release, expected, tmp_path):
    names = choose_files(release, ("ttl", "nt", "nq", "trig", "rdf", "jsonld"), small=True)
    path = ":".join(map(str, [*sorted(JAVA.glob("rdf4j-*[a-z].jar")), *(JAVA / f"{name}.jar" for name in RDF4J)]))
    command = ["java", "-XX:TieredStopAtLevel=1", "-cp", path, str(FOLDER / "ReadWithRdf4j.java")]
    run_program([*command, *(str(p) for name in names for p in (release.path / name, tmp_path / name))])
    compare({name: (tmp_path / name).read_bytes() for name in names}, expected, names)


@pytest.mark.parametrize("name", ["report.ttl", "ontology/vocabulary.ttl", "ontology/shapes.ttl"])
def test_what_is_no_dump_of_a_graph_is_read_too(release, name):
    base = [release.iris.ontology.value]
    own = list(parse(path=release.path / name, format=RdfFormat.TURTLE, base_iri=base[0]))
    for program in filter(shutil.which, ("rapper", "serdi")):
        found = run_program([program, "-q", "-i", "turtle", "-o", "ntriples", str(release.path / name), *base])
        assert len(found.splitlines()) == len(own), program
