"""The build from end to end: documents → rows → listings → graph → validated → release."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pyoxigraph import Literal

from lod.build_graph import Build
from lod.canonical import compute_graph_hash
from lod.codings import list_versions
from lod.configuration import Configuration
from lod.dataset import Dataset, build_dataset
from lod.dumps import RELEASE, list_parts, make_part, write_part
from lod.errors import MadoguchiError, ReleaseError
from lod.formats import TURTLE
from lod.manifests import compute_id, write_json
from lod.release import MANIFEST, Release, compute_sha256, open_release, write_release
from lod.release_files import ReleaseFile, describe_file, pack_files
from lod.release_graph import GraphFacts, add_release
from lod.seeds import Facts, read_seeds
from lod.tables import PARQUET, PART, write_tables
from lod.terms import read_vocabulary
from lod.triples import Triples
from lod.validation import SH, Report, make_report_triples, validate_alone, validate_dataset

LIBRARIES = ("pyoxigraph", "shacl", "publicsuffixlist", "pyarrow")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Checked:
    """Seeds that were read and validated, not yet written."""

    facts: Facts
    dataset: Dataset
    report: Report


def build_release(configuration: Configuration, progress: Progress) -> Release:
    """Builds the release of the seeds, or opens the one that is there when nothing has changed."""
    fingerprint = compute_fingerprint(configuration)
    if unchanged := find_release(configuration.out, fingerprint):
        progress("nothing has changed since the last build")
        return unchanged
    checked = check_seeds(configuration, progress)
    progress("writing the release")
    files, contents = write_files(configuration, checked)
    manifest = make_manifest(configuration, checked, fingerprint, files)
    release_id = str(manifest["id"])
    contents |= describe_release(configuration, checked, release_id, files, manifest)
    return write_release(configuration.out, contents, release_id)


def check_seeds(configuration: Configuration, progress: Progress) -> Checked:
    """Reads and validates, and writes nothing; raises SeedsError or InvalidGraph with everything that is wrong."""
    progress(f"reading {configuration.seeds}")
    facts = read_seeds(configuration.seeds)
    progress("building the graphs")
    vocabulary = read_vocabulary(configuration.vocabulary_file, configuration.iris)
    dataset = build_dataset(facts, vocabulary, configuration.vocabulary_file, configuration.iris)
    progress("validating")
    return Checked(facts, dataset, validate_dataset(dataset, configuration.shapes_file))


def find_release(folder: Path, fingerprint: str) -> Release | None:
    """The current release, if it was built from inputs with that fingerprint and is whole."""
    try:
        release = open_release(folder)
    except ReleaseError:
        return None
    same = release.manifest.get("fingerprint") == fingerprint
    return release if same and not release.find_damage() else None


def compute_fingerprint(configuration: Configuration) -> str:
    """A hash of all that a release depends on: seeds, ontology, base IRI, the code and the libraries that write it."""
    code = {f"lod/{p.name}": compute_sha256(p) for p in sorted(Path(__file__).parent.glob("*.py"))}
    digest = hashlib.sha256()
    for name, content in {**_hash_inputs(configuration), **code}.items():
        digest.update(f"{name}\0{content}\n".encode())
    digest.update("\n".join([configuration.iris.base, *(f"{n} {v}" for n, v in list_libraries().items())]).encode())
    return digest.hexdigest()


def list_libraries() -> dict[str, str]:
    """The versions of the libraries that the bytes of a release depend on."""
    return {**{name: version(name) for name in LIBRARIES}, **list_versions()}


def write_files(configuration: Configuration, checked: Checked) -> tuple[list[ReleaseFile], dict[str, bytes]]:
    """The files of a release that do not tell of the release itself: what is known of each, and their contents by name."""
    dataset = checked.dataset
    context = read_context(configuration)
    files: list[ReleaseFile] = []
    contents: dict[str, bytes] = {}

    def add(name: str, content: bytes, part: str, form: str, media_type: str, **counts: int | None) -> None:
        files.append(describe_file(name, content, part, form, media_type, **counts))
        contents[name] = content

    for table in write_tables(dataset):
        add(table.name, table.content, PART, table.form, table.media_type, rows=table.rows)

    for part in list_parts(dataset):
        for dump in write_part(part, dataset.prefixes, context):
            add(dump.name, dump.content, part.name, dump.format.label, dump.format.media_type, triples=dump.triples)
    for document in checked.facts.documents:
        add(f"source/{document.edition.number}.txt", document.content, "source", "Text", "text/plain")
    report = make_report_triples(checked.report, configuration.iris)
    content = TURTLE.write(report, {**dataset.prefixes, "sh": SH}, context)
    add("report.ttl", content, "report", TURTLE.label, TURTLE.media_type, triples=len(report))
    packed = pack_files((f for f in files if f.media_type != PARQUET), contents)  # which is compressed inside
    files += packed
    contents |= {file.name: content for file, content in packed.items()} | _read_ontology(configuration, context)
    return files, contents


def describe_release(
    configuration: Configuration, checked: Checked, release_id: str, files: Sequence[ReleaseFile], manifest: Mapping[str, Any]
) -> dict[str, bytes]:
    """The files in which the release tells of itself (`graph/release` and the manifest), by name; raises InvalidGraph."""
    iris, vocabulary = configuration.iris, checked.dataset.vocabulary
    graph = Triples(vocabulary)
    graphs = {name: GraphFacts(**facts) for name, facts in manifest["graphs"].items()}
    documents = {f"seeds/{d.edition.file}": d.edition.number for d in checked.facts.documents}
    build = Build(manifest["software"], manifest["libraries"], manifest["inputs"], documents, checked.facts.decisions)
    triples = {"default": checked.dataset.default, **checked.dataset.graphs}
    add_release(graph, iris, release_id, graphs, files, build, triples)
    validate_alone(RELEASE, graph.triples, configuration.shapes_file, iris)
    part = make_part(RELEASE, graph.triples, iris.graph(RELEASE))
    dumps = list(write_part(part, checked.dataset.prefixes, read_context(configuration)))
    contents = {dump.name: dump.content for dump in dumps} | {MANIFEST: write_json(manifest)}
    described = [describe_file(name, content, RELEASE, "", "") for name, content in contents.items()]
    return contents | {file.name: content for file, content in pack_files(described, contents).items()}


def _read_ontology(configuration: Configuration, context: Mapping[str, Any]) -> dict[str, bytes]:
    """The vocabulary, shapes, context and queries, for who has no copy of them."""
    files: dict[str, bytes] = {}
    for path in _find_ontology_files(configuration):
        content = path.read_bytes()
        if path.suffix == ".rq":  # so that the query can be sent to any endpoint
            content = content.replace(b"\nPREFIX", f"\nBASE <{configuration.iris.base}>\nPREFIX".encode(), 1)
        files[f"ontology/{path.relative_to(configuration.ontology).as_posix()}"] = content
    return files | {"ontology/context.jsonld": write_json({"@context": context})}


def read_context(configuration: Configuration) -> dict[str, Any]:
    """The JSON-LD context with the base IRI filled in."""
    path = configuration.ontology / "context.jsonld"
    try:
        context: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise MadoguchiError(f"{path} cannot be read: {error}") from None
    return {k: v.replace("{base}", configuration.iris.base) if isinstance(v, str) else v for k, v in context.items()}


def make_manifest(
    configuration: Configuration, checked: Checked, fingerprint: str, files: Iterable[ReleaseFile]
) -> dict[str, Any]:
    """What a release says of itself: its inputs, versions, counts, graphs and files, and a name that follows from all these."""
    manifest = _list_facts(configuration, checked, fingerprint)
    manifest["graphs"] = {name: asdict(facts) for name, facts in measure_graphs(checked.dataset).items()}
    manifest["files"] = {file.name: file.write() for file in sorted(files, key=lambda f: f.name)}
    return {"id": compute_id(manifest), **manifest}


def measure_graphs(dataset: Dataset) -> dict[str, GraphFacts]:
    """Each graph by its name, and the default graph as `default`."""
    graphs = {"default": dataset.default, **dict(sorted(dataset.graphs.items()))}
    return {name: GraphFacts(len(triples), compute_graph_hash(triples)) for name, triples in graphs.items()}


def _list_facts(configuration: Configuration, checked: Checked, fingerprint: str) -> dict[str, Any]:
    facts, dataset = checked.facts, checked.dataset
    return {
        "base": configuration.iris.base,
        "software": version("madoguchi"),
        "libraries": list_libraries(),
        "fingerprint": fingerprint,
        "inputs": _hash_inputs(configuration),
        "prefixes": dataset.prefixes,
        "languages": list_languages(dataset),
        "counts": count_facts(checked),
        "current": facts.catalogue.get_current_editions(),
        "editions": {
            e.number: {"title": e.title, "categories": list(e.categories), "file": f"source/{e.number}.txt"}
            for e in facts.catalogue.editions
        },
    }


def list_languages(dataset: Dataset) -> list[str]:
    """The languages that its texts are marked with, however they are written (`ja` for `ja-Latn`)."""
    values = {triple.object for triples in dataset.graphs.values() for triple in triples}
    return sorted({v.language.partition("-")[0] for v in values if isinstance(v, Literal) and v.language})


def count_facts(checked: Checked) -> dict[str, Any]:
    """Listings and bodies by edition, governments, places, issues by kind, warnings, and triples by graph."""
    facts, dataset = checked.facts, checked.dataset
    numbers = [d.edition.number for d in facts.documents]
    return {
        "listings": {n: sum(li.edition.number == n for li in facts.listings) for n in numbers},
        "bodies": {n: sum(len(li.bodies) for li in facts.listings if li.edition.number == n) for n in numbers},
        "governments": len({li.place.lg_code for li in facts.listings}),
        "places": len(facts.gazetteer.places),
        "issues": dict(sorted(Counter(i.kind for i in facts.issues).items())),
        "warnings": len(checked.report.warnings),
        "triples": {"default": len(dataset.default), **{n: len(t) for n, t in sorted(dataset.graphs.items())}},
    }


def _find_ontology_files(configuration: Configuration) -> list[Path]:
    return sorted(p for p in configuration.ontology.rglob("*") if p.suffix in (".ttl", ".jsonld", ".rq"))


def _hash_inputs(configuration: Configuration) -> dict[str, str]:
    """The SHA-256 of each file of the seeds and of the ontology, by name."""
    seeds = {f"seeds/{p.name}": p for p in sorted(configuration.seeds.glob("*")) if p.is_file()}
    ontology = {f"ontology/{p.relative_to(configuration.ontology).as_posix()}": p for p in _find_ontology_files(configuration)}
    return {name: compute_sha256(path) for name, path in {**seeds, **ontology}.items()}
