"""What differs between two releases: by statement, and by the things that the statements are about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from lod.errors import ReleaseError
from lod.formats import sort_statements
from lod.iris import KINDS, find_kind
from lod.release import Release

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class PropertyChange:
    """The values of a property that only one of the releases states of a thing, each once, whatever graphs have them."""

    property: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class EntityChange:
    """A thing of which the releases do not state the same; parts named by a fragment belong to it."""

    iri: str
    kind: str  # one of KINDS
    change: str  # added, removed: only one release states anything of it; changed
    properties: tuple[PropertyChange, ...]


@dataclass(frozen=True)
class ReleaseDiff:
    """Two releases, and the statements that only one of them has, in the order of the dumps."""

    before: Release
    after: Release
    removed: tuple[Quad, ...]
    added: tuple[Quad, ...]
    entities: tuple[EntityChange, ...]  # by kind, in the order of their IRIs
    shared: frozenset[bytes]  # the lines of N-Quads that both have

    @property
    def has_same_base(self) -> bool:
        """Where the base IRIs differ, so do nearly all statements."""
        return self.before.iris.base == self.after.iris.base

    @property
    def is_empty(self) -> bool:
        return not self.removed and not self.added

    @cached_property
    def graphs(self) -> dict[str, tuple[int, int]]:
        """The graphs that differ, each with how many statements were removed and added; `default` is the default graph."""
        removed, added = (Counter(map(self._name_graph, quads)) for quads in (self.removed, self.added))
        return {name: (removed[name], added[name]) for name in sorted(removed | added, key=lambda n: (n != "default", n))}

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many things of each kind were added, removed and changed."""
        found = Counter((entity.kind, entity.change) for entity in self.entities)
        kinds = [kind for kind in KINDS if any(key[0] == kind for key in found)]
        return {kind: {change: found[kind, change] for change in (ADDED, REMOVED, CHANGED)} for kind in kinds}

    def _name_graph(self, quad: Quad) -> str:
        graph = quad.graph_name
        if isinstance(graph, DefaultGraph):
            return "default"
        iris = next((r.iris for r in (self.after, self.before) if str(graph.value).startswith(r.iris.base)), self.after.iris)
        return iris.strip_graph(graph) if isinstance(graph, NamedNode) else str(graph)


def compare_releases(before: Release, after: Release) -> ReleaseDiff:
    """What differs between two releases, from all that they state; raises ReleaseError where one cannot be read."""
    earlier, later = _read_lines(before), _read_lines(after)
    removed, added = _parse(before, earlier - later), _parse(after, later - earlier)
    same = removed & added  # written otherwise by another version of the library
    removed, added = removed - same, added - same
    subjects = tuple({line[: line.index(b" ")] for line in lines} for lines in (earlier, later))
    entities = _list_entities(before, after, removed, added, subjects)
    return ReleaseDiff(before, after, _sort(removed), _sort(added), entities, frozenset(earlier & later))


def write_value(term: object) -> str:
    """A value for people: the text of a literal with its language, an IRI as it is."""
    if isinstance(term, Literal):
        return f"{term.value} @{term.language}" if term.language else term.value
    return term.value if isinstance(term, NamedNode) else str(term)


def _read_lines(release: Release) -> set[bytes]:
    try:
        return set(release.facts_file.read_bytes().splitlines(keepends=True))
    except OSError as error:
        raise ReleaseError(
            f"{release.facts_file} cannot be read: {error.strerror}; build that release again, or choose another"
        ) from None


def _parse(release: Release, lines: Iterable[bytes]) -> set[Quad]:
    try:
        quads = set(parse(b"".join(lines), format=RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise ReleaseError(f"{release.facts_file} is damaged: {error.msg}; `lod build` writes that release anew") from None
    if any(isinstance(term, BlankNode) for quad in quads for term in (quad.subject, quad.object, quad.graph_name)):
        raise ReleaseError(f"{release.facts_file} has blank nodes, which two releases cannot be compared by")
    return quads


def _sort(quads: Iterable[Quad]) -> tuple[Quad, ...]:
    return tuple(quad for quad in sort_statements(quads) if isinstance(quad, Quad))


def _list_entities(
    before: Release, after: Release, removed: set[Quad], added: set[Quad], subjects: tuple[set[bytes], ...]
) -> tuple[EntityChange, ...]:
    values: dict[str, dict[str, tuple[set[str], set[str]]]] = {}
    for side, quads in enumerate((removed, added)):
        for quad in quads:
            iri, own = _name_entity(quad), values.setdefault(_name_entity(quad), {})
            part = getattr(quad.subject, "value", "").removeprefix(iri)
            own.setdefault(quad.predicate.value + (f" ({part})" if part else ""), (set(), set()))[side].add(
                write_value(quad.object)
            )
    known = [{_strip_fragment(subject[1:-1].decode()) for subject in own} for own in subjects]
    found = []
    for iri, properties in values.items():
        was, now = (iri in own for own in known)
        change = CHANGED if was and now else REMOVED if was else ADDED
        base = next((r.iris.base for r in (after, before) if iri.startswith(r.iris.base)), None)
        kind = find_kind(iri.removeprefix(base)) if base else "other thing"
        found.append(EntityChange(iri, kind, change, _list_properties(properties)))
    kinds = list(KINDS)
    return tuple(sorted(found, key=lambda e: (kinds.index(e.kind), re.sub(r"\d+", lambda m: m[0].zfill(8), e.iri))))


def _list_properties(values: Mapping[str, tuple[set[str], set[str]]]) -> tuple[PropertyChange, ...]:
    """A value that only moved to another graph is told as nothing of the thing itself."""
    pairs = [(name, before - after, after - before) for name, (before, after) in sorted(values.items())]
    return tuple(PropertyChange(name, tuple(sorted(b)), tuple(sorted(a))) for name, b, a in pairs if b or a)


def _name_entity(quad: Quad) -> str:
    return _strip_fragment(getattr(quad.subject, "value", ""))


def _strip_fragment(iri: str) -> str:
    """The thing that a part belongs to: `…#position` is a part of an area; terms and lines of documents are themselves."""
    stem, _, fragment = iri.partition("#")
    return stem if fragment and "/id/" in stem else iri
