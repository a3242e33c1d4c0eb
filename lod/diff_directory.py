"""What two releases say of today: which governments are listed, with which bodies and addresses, and what changed of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from lod.diff import ReleaseDiff
from lod.release import Release

VALUES = {  # what is known of a government, and the ways to it from a listing
    "body": ("jle:unitInCharge",),
    "email": ("jle:contact", "schema:email"),
    "url": ("jle:printedUrl",),
    "class link": ("jle:classInformation", "schema:availableChannel", "schema:serviceUrl"),
}
_ABOUT, _NAME, _TITLE, _LABEL = "schema:about", "schema:name", "dcterms:title", "rdfs:label"
_FURTHER = ("schema:url", "schema:serviceUrl", "jle:issueType", "skos:prefLabel", _ABOUT, _NAME, _TITLE, _LABEL)


@dataclass(frozen=True)
class Directory:
    """What one release says: of today its listings, and of anything its name."""

    release: Release
    listings: Mapping[str, list[str]]  # of each government
    values: Mapping[tuple[str, str], list[str]]  # by thing and property, in the default graph
    names: Mapping[str, dict[str, str]]  # by thing and language

    def list_values(self, government: str, kind: str) -> dict[str, str]:
        """What a government is listed with today: values of that kind; bodies by their IRIs, each with its name."""
        found = self.listings.get(government, [])
        if kind == "url":  # those of its bodies, and those of a listing as a whole
            found = [
                v for name in ("jle:printedUrl", "schema:url") for thing in found for v in self.values.get((thing, name), ())
            ]
        else:
            for name in VALUES[kind]:
                found = [value for thing in found for value in self.values.get((thing, name), ())]
        return {value: self.name(value) if kind == "body" else value for value in sorted(set(found))}

    def name(self, iri: str, language: str = "en") -> str:
        """What a thing is called, in that language where it has such a name."""
        names = self.names.get(iri, {})
        return names.get(language) or names.get("en") or next(iter(names.values()), "")


@dataclass(frozen=True)
class ValueChange:
    """The values of a kind that only one of the releases has of a government; of bodies their names."""

    kind: str  # one of VALUES
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class GovernmentChange:
    """A government that joined or left the listings of today, or of which they say something else."""

    iri: str
    change: str  # joined, left, changed
    values: tuple[ValueChange, ...]


@dataclass(frozen=True)
class DirectoryDiff:
    """The directory of today in two releases."""

    diff: ReleaseDiff
    before: Directory = field(repr=False)
    after: Directory = field(repr=False)
    governments: tuple[GovernmentChange, ...]

    def select(self, change: str) -> list[GovernmentChange]:
        """The governments that joined, left or changed."""
        return [government for government in self.governments if government.change == change]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Governments listed before and after, that joined, left, and whose values of a kind changed."""
        changed = self.select("changed")
        kinds = {kind: sum(any(v.kind == kind for v in g.values) for g in changed) for kind in VALUES}
        sides = {"before": len(self.before.listings), "after": len(self.after.listings)}
        return {
            **sides,
            "joined": len(self.select("joined")),
            "left": len(self.select("left")),
            "changed": len(changed),
            **kinds,
        }

    def name(self, iri: str, language: str = "en") -> str:
        """What a thing is called; what only the earlier release knows, as that called it."""
        return self.after.name(iri, language) or self.before.name(iri, language)

    def describe(self, iri: str, language: str = "en") -> str:
        """What a thing without a name says of itself: its e-mail, its link, its kind, whose listing it is."""
        if own := self.name(iri, language):
            return own
        for side in (self.after, self.before):
            for name in ("schema:email", "schema:serviceUrl", "jle:issueType", _ABOUT):
                for value in side.values.get((iri, name), ()):
                    return self.name(value, language) or value
        return ""


def compare_directories(diff: ReleaseDiff) -> DirectoryDiff:
    """What changed of today's directory between the releases of a diff."""
    before, after = _read_directory(diff, diff.before, diff.removed), _read_directory(diff, diff.after, diff.added)
    found = []
    for iri in sorted(before.listings.keys() | after.listings.keys()):
        pairs = [(kind, before.list_values(iri, kind), after.list_values(iri, kind)) for kind in VALUES]
        values = tuple(
            ValueChange(
                kind, tuple(n for v, n in was.items() if v not in now), tuple(n for v, n in now.items() if v not in was)
            )
            for kind, was, now in pairs
            if was.keys() != now.keys()
        )
        change = "joined" if iri not in before.listings else "left" if iri not in after.listings else "changed"
        if values or change != "changed":
            found.append(GovernmentChange(iri, change, values))
    return DirectoryDiff(diff, before, after, tuple(found))


def _read_directory(diff: ReleaseDiff, release: Release, own: Iterable[Quad]) -> Directory:
    prefixes = release.vocabulary
    terms = {name: _expand(prefixes, name) for names in (*VALUES.values(), _FURTHER) for name in names}
    known = {iri: name for name, iri in terms.items()}
    wanted = {f"<{iri}>".encode() for iri in known}
    lines = [line for line in diff.shared if line.split(b" ", 2)[1] in wanted]
    values: dict[tuple[str, str], list[str]] = {}
    names: dict[str, dict[str, str]] = {}
    listings: dict[str, list[str]] = {}
    for quad in (*parse(b"".join(sorted(lines)), format=RdfFormat.N_QUADS), *own):
        name = known.get(quad.predicate.value)
        subject, value = getattr(quad.subject, "value", ""), quad.object
        if name is None or not isinstance(value, NamedNode | Literal):
            continue
        if name in (_NAME, _TITLE, _LABEL, "skos:prefLabel"):
            names.setdefault(subject, {})[(getattr(value, "language", "") or "en")] = value.value
        is_today = isinstance(quad.graph_name, DefaultGraph)
        if is_today or name == "jle:issueType" or (subject, name) not in values:
            values.setdefault((subject, name), []).append(value.value)
        if is_today and name == _ABOUT:
            listings.setdefault(value.value, []).append(subject)
    return Directory(release, listings, values, names)


def _expand(prefixes: Mapping[str, str], name: str) -> str:
    """A term of ours; of a release that has not even the prefix none, so that nothing is found under it."""
    prefix, _, local = name.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + local
