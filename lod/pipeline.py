"""The build from end to end: documents → rows → listings → graph → validated → release."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pyoxigraph import Literal

from lod.codings import list_versions, pack_files
from lod.configuration import Configuration
from lod.dataset import Dataset, build_dataset
from lod.errors import MadoguchiError, ReleaseError
from lod.formats import DATASET_FORMATS, GRAPH_FORMATS, N_QUADS, TURTLE
from lod.release import MANIFEST, Release, compute_sha256, open_release, write_release
from lod.seeds import Facts, read_seeds
from lod.terms import read_vocabulary
from lod.validation import Report, make_report_triples, validate_dataset

LIBRARIES = ("pyoxigraph", "shacl", "publicsuffixlist")
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
    files = write_files(configuration, checked)
    release_id = _compute_id(files)
    manifest = make_manifest(configuration, checked, release_id, fingerprint)
    files[MANIFEST] = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    files |= pack_files(files)
    return write_release(configuration.out, files, release_id)


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


def write_files(configuration: Configuration, checked: Checked) -> dict[str, bytes]:
    """The files of a release by name, but for the manifest and the checksums."""
    dataset, iris = checked.dataset, configuration.iris
    context = read_context(configuration)
    files: dict[str, bytes] = {}
    for form in DATASET_FORMATS:
        files[f"all.{form.suffix}"] = form.write(dataset.iterate_quads(), dataset.prefixes, context)
    for form in GRAPH_FORMATS:
        files[f"current.{form.suffix}"] = form.write(dataset.default, dataset.prefixes, context)
    for document in checked.facts.documents:
        number = document.edition.number
        files[f"edition-{number}.{TURTLE.suffix}"] = dataset.edition_dumps[number]
        files[f"source/{number}.txt"] = document.content
    files["report.ttl"] = TURTLE.write(
        make_report_triples(checked.report, iris), {**dataset.prefixes, "sh": "http://www.w3.org/ns/shacl#"}, context
    )
    for path in _find_ontology_files(configuration):
        content = path.read_bytes()
        if path.suffix == ".rq":  # so that the query can be sent to any endpoint
            content = content.replace(b"\nPREFIX", f"\nBASE <{iris.base}>\nPREFIX".encode(), 1)
        files[f"ontology/{path.relative_to(configuration.ontology).as_posix()}"] = content
    files["ontology/context.jsonld"] = (json.dumps({"@context": context}, ensure_ascii=False, indent=1) + "\n").encode()
    return files


def read_context(configuration: Configuration) -> dict[str, Any]:
    """The JSON-LD context with the base IRI filled in."""
    path = configuration.ontology / "context.jsonld"
    try:
        context: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise MadoguchiError(f"{path} cannot be read: {error}") from None
    return {k: v.replace("{base}", configuration.iris.base) if isinstance(v, str) else v for k, v in context.items()}


def make_manifest(configuration: Configuration, checked: Checked, release_id: str, fingerprint: str) -> dict[str, Any]:
    """What a release says of itself: counts, versions, and its inputs with their SHA-256."""
    facts, dataset = checked.facts, checked.dataset
    return {
        "id": release_id,
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


def _compute_id(files: Mapping[str, bytes]) -> str:
    """A name from the content: the hash of the canonical N-Quads, and of the files that are no graph.

    There are no blank nodes, so sorted N-Quads are what RDF Dataset Canonicalization (RDFC-1.0) gives.
    """
    canonical = b"".join(sorted(files[f"all.{N_QUADS.suffix}"].splitlines(keepends=True)))
    digest = hashlib.sha256(canonical)
    for name in sorted(n for n in files if n.startswith(("ontology/", "source/", "report"))):
        digest.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def _find_ontology_files(configuration: Configuration) -> list[Path]:
    return sorted(p for p in configuration.ontology.rglob("*") if p.suffix in (".ttl", ".jsonld", ".rq"))


def _hash_inputs(configuration: Configuration) -> dict[str, str]:
    """The SHA-256 of each file of the seeds and of the ontology, by name."""
    seeds = {f"seeds/{p.name}": p for p in sorted(configuration.seeds.glob("*")) if p.is_file()}
    ontology = {f"ontology/{p.relative_to(configuration.ontology).as_posix()}": p for p in _find_ontology_files(configuration)}
    return {name: compute_sha256(path) for name, path in {**seeds, **ontology}.items()}
