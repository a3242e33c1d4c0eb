"""How a release was made, as its data state it: the program, what it read, and what a person decided."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from server.dataset import Dataset
from server.pages.labels import Label, label_thing


@dataclass(frozen=True)
class Input:
    """What the build read: its name, its SHA-256, and the document where it is one."""

    anchor: str
    name: str
    sha256: str
    document: NamedNode | None


@dataclass(frozen=True)
class Decision:
    """What a person decided about a line of a document."""

    anchor: str
    line: NamedNode
    reasons: tuple[Literal, ...]


@dataclass(frozen=True)
class BuildFacts:
    """How the release was made."""

    build: NamedNode
    label: Label
    associations: tuple[str, ...]
    programs: tuple[tuple[str, Label, str], ...]
    libraries: tuple[tuple[str, str, str], ...]
    inputs: tuple[Input, ...]
    decisions: tuple[Decision, ...]


def name_anchor(thing: NamedNode) -> str:
    """The name that a thing of the catalogue has on its page: the fragment of its IRI."""
    return thing.value.partition("#")[2]


def read_build(dataset: Dataset, build: NamedNode) -> BuildFacts:
    """What the data state of a build; what they do not state is empty."""
    programs = dataset.things(build, "prov:wasAssociatedWith")
    libraries = [library for program in programs for library in dataset.things(program, "dcterms:requires")]
    inputs = [_read_input(dataset, used) for used in dataset.things(build, "prov:used")]
    plans = [p for a in dataset.things(build, "prov:qualifiedAssociation") for p in dataset.things(a, "prov:hadPlan")]
    parts = [part for plan in plans for part in dataset.things(plan, "dcterms:hasPart")]
    decisions = [
        Decision(name_anchor(part), line, tuple(dataset.texts(part, "dcterms:description")))
        for part in sorted(parts, key=lambda part: (len(part.value), part.value))
        for line in dataset.things(part, "prov:wasDerivedFrom")
    ]
    return BuildFacts(
        build,
        label_thing(dataset, build),
        tuple(name_anchor(association) for association in dataset.things(build, "prov:qualifiedAssociation")),
        tuple((name_anchor(p), label_thing(dataset, p), _read_text(dataset, p, "dcat:version")) for p in programs),
        tuple(
            (name_anchor(li), _read_text(dataset, li, "dcterms:title"), _read_text(dataset, li, "dcat:version"))
            for li in libraries
        ),
        tuple(sorted(inputs, key=lambda i: i.name)),
        tuple(decisions),
    )


def _read_input(dataset: Dataset, used: NamedNode) -> Input:
    digests = [_read_text(dataset, checksum, "spdx:checksumValue") for checksum in dataset.things(used, "spdx:checksum")]
    is_document = used.value.startswith(f"{dataset.iris.base}source/")
    name = _read_text(dataset, used, "dcterms:title") or used.value
    return Input("" if is_document else name_anchor(used), name, next(iter(digests), ""), used if is_document else None)


def _read_text(dataset: Dataset, thing: NamedNode, name: str) -> str:
    return next((text.value for text in dataset.texts(thing, name)), "")
