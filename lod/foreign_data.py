"""Any RDF files in the place of a release: a folder of links to them, with what a server must know before it loads them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad

from lod.configuration import Configuration
from lod.data_files import GZIP, DataFile, read_statements, recognize_file
from lod.data_queries import write_queries
from lod.errors import MadoguchiError
from lod.iris import DEFAULT_BASE, Iris, check_base
from lod.manifests import write_json
from lod.release import CHECKSUMS, MANIFEST, Release, compute_sha256, open_release
from lod.terms import read_vocabulary

SAMPLE = 50_000  # statements of each file that are read before the files are loaded
_ORIGIN = re.compile(r"https?://[^/?#]+/")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
_UNNAMEABLE = re.compile(r"[^\w.-]+")  # what a file's name in an address does without
_WELL_KNOWN = {  # prefixes beyond those of our own vocabulary
    "dc": "http://purl.org/dc/elements/1.1/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "org": "http://www.w3.org/ns/org#",
    "sh": "http://www.w3.org/ns/shacl#",
    "vann": "http://purl.org/vocab/vann/",
}


@dataclass
class Sample:
    """What the beginnings of the files tell."""

    prefixes: dict[str, str] = field(default_factory=dict)
    subjects: set[str] = field(default_factory=set)
    predicates: set[str] = field(default_factory=set)
    schemes: set[str] = field(default_factory=set)
    has_default_graph: bool = False
    has_named_graphs: bool = False

    def add(self, quad: Quad) -> None:
        for term in (quad.subject, quad.object):
            if isinstance(term, NamedNode) and (scheme := _SCHEME.match(term.value)):
                self.schemes.add(scheme[0].lower())
        if isinstance(quad.subject, NamedNode):
            self.subjects.add(quad.subject.value)
        self.predicates.add(quad.predicate.value)
        if quad.graph_name == DefaultGraph():
            self.has_default_graph = True
        else:
            self.has_named_graphs = True


def make_data_release(folder: Path, paths: Sequence[Path], base: str | None = None) -> Release:
    """Makes a release of the files in an empty folder, which links to them and copies none.

    Without a base IRI it is the origin of most subjects at the beginnings of the files. What is wrong further on in a file is
    found when it is loaded. Raises DataError for a file that cannot be read, MadoguchiError for a base IRI that is none.
    """
    files = name_files([recognize_file(path) for path in dict.fromkeys(paths)])
    sample = read_sample(files.values(), base or DEFAULT_BASE)
    chosen = base or choose_base(sample.subjects)
    if chosen != (base or DEFAULT_BASE) and any(v.startswith(DEFAULT_BASE) for v in sample.prefixes.values()):
        sample = read_sample(files.values(), chosen)  # a prefix was relative
    base = check_base(chosen)
    prefixes, vocabulary = choose_prefixes(sample, Iris(base))
    for name, file in files.items():
        (folder / name).symlink_to(file.path.resolve())
    digests = {name: compute_sha256(folder / name) for name in files}
    queries = write_queries(has_default_graph=sample.has_default_graph, has_named_graphs=sample.has_named_graphs)
    contents = {f"ontology/queries/{name}.rq": text.encode() for name, text in queries.items()}
    contents["ontology/context.jsonld"] = write_json({"@context": make_context(prefixes, sample.schemes)})
    contents[MANIFEST] = write_json(
        {
            "id": _compute_id(base, digests),
            "base": base,
            "software": version("madoguchi"),
            "data": {name: file.path.name for name, file in files.items()},
            "prefixes": prefixes,
            "vocabulary": vocabulary,
        }
    )
    for name, content in contents.items():
        digests[name] = hashlib.sha256(content).hexdigest()
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / CHECKSUMS).write_text("".join(f"{digests[n]}  {n}\n" for n in sorted(digests)), encoding="utf-8")
    return open_release(folder)


def name_files(files: Iterable[DataFile]) -> dict[str, DataFile]:
    """The files by the names under which they are published: those of the same name get a number.

    A file and another with `.gz` are of the same name, as the one would pass for the other in a content coding.
    """
    named: dict[str, DataFile] = {}
    taken: set[str] = set()
    for file in files:
        stem = _UNNAMEABLE.sub("-", file.stem).strip(".-") or "data"
        names = (f"{stem}{'' if number == 1 else f'-{number}'}{file.suffix}" for number in range(1, len(named) + 2))
        name = next(name for name in names if name.removesuffix(GZIP) not in taken)
        taken.add(name.removesuffix(GZIP))
        named[name] = file
    return named


def read_sample(files: Iterable[DataFile], base: str) -> Sample:
    """Reads the beginning of each file; raises DataError for what is wrong there."""
    sample = Sample()
    for file in files:
        with read_statements(file, base) as statements:
            for part in (1, SAMPLE):  # RDF/XML has its prefixes only while it is read, Turtle may have more further on
                for quad in islice(statements, part):
                    sample.add(quad)
                sample.prefixes = {**statements.prefixes, **sample.prefixes}
    return sample


def choose_base(subjects: Iterable[str]) -> str:
    """The origin (`https://host/`) that most of the subjects have; the default one where none has any."""
    origins = Counter(found[0] for subject in subjects if (found := _ORIGIN.match(subject)))
    for origin, _ in sorted(origins.items(), key=lambda counted: (-counted[1], counted[0])):
        try:
            return check_base(origin)
        except (MadoguchiError, ValueError):  # ValueError: a host that the standard library cannot read
            continue
    return DEFAULT_BASE


def choose_prefixes(sample: Sample, iris: Iris) -> tuple[dict[str, str], dict[str, str]]:
    """The prefixes of the data, with well-known ones that they leave free; and those that the code's own terms have.

    Our own terms are found by the latter whatever the files call them; their prefixes are offered where the data use them.
    """
    own = read_vocabulary(Configuration().vocabulary_file, iris).prefixes
    is_ours = any(predicate.startswith(own["jle"]) for predicate in sample.predicates)
    offered = {**own, **iris.prefixes} if is_ours else {k: v for k, v in own.items() if not v.startswith(iris.base)}
    free = {k: v for k, v in {**offered, **_WELL_KNOWN}.items() if v not in sample.prefixes.values()}
    return {**free, **sample.prefixes}, dict(own)


def make_context(prefixes: Mapping[str, str], schemes: Iterable[str]) -> dict[str, str]:
    """The JSON-LD context: prefixes that are names there, and that no IRI of the data could be taken to begin with."""
    taken = {*schemes, "http", "https", "urn"}
    return {
        k: v for k, v in prefixes.items() if k and not k.startswith("_") and k.lower() not in taken and v.endswith(("/", "#"))
    }


def _compute_id(base: str, digests: Mapping[str, str]) -> str:
    lines = [base, *(f"{name}\0{digest}" for name, digest in sorted(digests.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
