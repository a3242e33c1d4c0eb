"""What an older release had and this one has not (410, RFC 9110 section 15.5.11), and what replaced it.

Older releases are those in the folder of the one that is served which became current before it, and the remains of those
that were pruned. They are read at the first unknown address, and only their subjects are kept. What replaced a thing is told
where data say so; what it belonged to is told as just that, and what may stand in its place as a guess.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import accumulate

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from lod.kept_releases import list_history
from lod.release import PRUNED, SKELETON, Release, read_checksums
from server.addresses import list_candidates
from server.dataset import Dataset
from server.description import is_described
from server.successors import find_likely_successors

_RELEASES = 8  # that are looked into, the newest first
_BYTES = 128 * 1024 * 1024  # of all their facts: read within half a second, as a worker that takes long is not kept
_STEPS = 8  # from a thing to what it belonged to, and from there on
_DCTERMS, _SCHEMA, _PROV = "http://purl.org/dc/terms/", "https://schema.org/", "http://www.w3.org/ns/prov#"
_REPLACED_BY = (f"{_DCTERMS}isReplacedBy", f"{_SCHEMA}supersededBy", "http://schema.org/supersededBy")
_REPLACES = (f"{_DCTERMS}replaces", f"{_PROV}wasRevisionOf")
_WHOLES = (  # the nearest first; `ontology#` is under the base IRI
    f"{_SCHEMA}parentOrganization",
    f"{_SCHEMA}about",
    "ontology#inEdition",
    f"{_SCHEMA}containedInPlace",
    f"{_DCTERMS}isPartOf",
    "http://www.w3.org/ns/dcat#inSeries",
)


@dataclass(frozen=True)
class Departure:
    """Something that was here, the last release that had it, what replaced it, and what it belonged to.

    `likely` are guesses at what stands in its place; `kept` is where a file still is that only that release has.
    """

    path: str
    release: str
    successors: tuple[NamedNode, ...]
    whole: NamedNode | None
    likely: tuple[NamedNode, ...] = ()
    kept: str = ""


@dataclass(frozen=True)
class Archive:
    """The older releases beside the one that is served."""

    dataset: Dataset

    @cached_property
    def _last_seen(self) -> Mapping[str, Release]:
        """The paths under the base IRI that older releases had, each with the newest release that had it."""
        found: dict[str, Release] = {}
        for release in list_older_releases(self.dataset.release):
            for path in _list_paths(release):
                found.setdefault(path, release)
        return found

    def find(self, path: str, sent: str = "") -> Departure | None:
        """What a decoded request path, for which there is nothing here, named in an older release."""
        iris = self.dataset.iris
        for candidate in list_candidates(iris, path, sent):
            own = iris.strip_base(candidate.value) or ""
            if release := self._last_seen.get(own):
                successors = find_successors(self.dataset, candidate)
                if successors:
                    return Departure(own, release.id, successors, None)
                likely = find_likely_successors(self.dataset, own, partial(_read_path, release))
                return Departure(own, release.id, (), self._find_whole(own, release), likely, find_kept_file(release, own))
        return None

    def _find_whole(self, path: str, release: Release) -> NamedNode | None:
        """The nearest whole that it belonged to by the older release's own facts, and that is still here."""
        seen = {path}
        for _ in range(_STEPS):
            above = self._list_wholes(path, release)
            for whole in above:
                if is_described(self.dataset, self.dataset.iris.make(whole)):
                    return self.dataset.iris.make(whole)
            following = next((whole for whole in above if whole not in seen), None)
            if following is None:
                return None
            seen.add(following)
            path = following
        return None

    def _list_wholes(self, path: str, release: Release) -> list[str]:
        base = release.iris.base
        stated: dict[str, list[str]] = {}
        for quad in read_facts(release, base + path):
            if isinstance(quad.object, NamedNode) and (whole := release.iris.strip_base(quad.object.value)):
                stated.setdefault(quad.predicate.value.removeprefix(base), []).append(whole)
        wholes = [whole for name in _WHOLES for whole in stated.get(name, ())]
        within = path.rpartition("/")[0]  # parts are named within their wholes: …/listing/L24/contact/1
        while "/" in within:
            wholes += [within] if self._last_seen.get(within) else []
            within = within.rpartition("/")[0]
        return wholes


def find_successors(dataset: Dataset, thing: NamedNode) -> tuple[NamedNode, ...]:
    """What the data say that has replaced a thing."""
    found = {q.object for name in _REPLACED_BY for q in dataset.store.quads_for_pattern(thing, NamedNode(name), None, None)}
    found |= {q.subject for name in _REPLACES for q in dataset.store.quads_for_pattern(None, NamedNode(name), thing, None)}
    return tuple(sorted((x for x in found if isinstance(x, NamedNode)), key=str))


def is_only_replaced(dataset: Dataset, thing: NamedNode) -> bool:
    """Whether nothing is stated of a thing any more but what has replaced it."""
    first = next(dataset.quads(thing), None)
    if first is None or first.predicate.value not in _REPLACED_BY:
        return False
    return all(q.predicate.value in _REPLACED_BY for q in dataset.quads(thing))


def list_older_releases(release: Release) -> list[Release]:
    """The releases that were current before this one, the newest first, as many as can be read in a moment."""
    older = list_history(release)[1:][:_RELEASES]
    sizes = accumulate(_measure_facts(found) for found in older)
    return [found for found, size in zip(older, sizes, strict=True) if size <= _BYTES]


def find_kept_file(release: Release, path: str) -> str:
    """The lasting address of a dump or a document of an older release, where it is there still; else empty."""
    name = path.removeprefix("dumps/")
    if release.is_pruned or name not in read_checksums(release.path) or not (release.path / name).is_file():
        return ""
    return f"releases/{release.id}/{name}"


def _measure_facts(release: Release) -> int:
    try:
        return release.facts_file.stat().st_size
    except OSError:  # removed meanwhile
        return 0


def _list_paths(release: Release) -> Iterator[str]:
    """What a release had under its base IRI: subjects, graphs, documents and dumps."""
    start = b"<" + re.escape(release.iris.base.encode())
    # The lines of one subject stand together: all but the first are passed over at once.
    subjects = re.compile(rb"^%b([^>#]+)[>#].*+\n?(?:%b\1[>#].*+\n?)*+" % (start, start), re.MULTILINE)
    with _map_facts(release) as facts:
        for found in {m[1] for m in subjects.finditer(facts)}:
            yield found.decode(errors="replace")
    graphs = release.manifest.get("counts", {}).get("triples", {})
    yield from (f"graph/{name}" for name in graphs if name != "default")
    yield from (name if "/" in name else f"dumps/{name}" for name in read_checksums(release.path))


def read_facts(release: Release, iri: str) -> list[Quad]:
    """All that an older release states of an IRI; nothing where its file is damaged."""
    with _map_facts(release) as facts:
        lines = b"".join(_find_lines(facts, f"<{iri}> ".encode()))
    try:
        return list(parse(lines, format=RdfFormat.N_QUADS))
    except SyntaxError:
        return []


def _read_path(release: Release, path: str) -> list[Quad]:
    return read_facts(release, release.iris.base + path)


def _find_lines(facts: mmap.mmap, start: bytes) -> Iterator[bytes]:
    position = 0
    while True:
        if facts[position : position + len(start)] != start:
            position = facts.find(b"\n" + start, position) + 1
            if not position:
                return
        end = facts.find(b"\n", position) + 1 or len(facts)
        yield facts[position:end]
        position = end


def _map_facts(release: Release) -> mmap.mmap:
    """The statements of a release as bytes that are read as they are needed; empty where there are none, or too many.

    Of one that was pruned after it was opened, those that remain.
    """
    for path in (release.facts_file, release.folder / PRUNED / release.id / SKELETON):
        try:
            with path.open("rb") as file:
                size = file.seek(0, 2)
                if 0 < size <= _BYTES:
                    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError:
            continue
    return mmap.mmap(-1, 1)  # a single zero byte
