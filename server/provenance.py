"""Where a fact comes from and what is doubtful about it: the lines of the documents, and the issues."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from server.dataset import Dataset, Edition
from server.labels import Label, label_term

_DOUBTS = ("jle:DamagedValue", "jle:DoubtfulValue", "jle:StatementOfAbsence")


@dataclass(frozen=True)
class SourceLine:
    """A line of a document, verbatim."""

    edition: Edition
    number: int
    text: str
    row: NamedNode


@dataclass(frozen=True)
class Issue:
    """An irregularity: what is printed, and where there is evidence what was probably meant."""

    iri: NamedNode
    kind: Label
    group: Label | None
    is_doubt: bool  # the value itself is damaged, doubtful or absent; otherwise only its notation or place in the text
    edition: Edition | None
    lines: tuple[int, ...]
    verbatim: tuple[str, ...]
    suggestions: tuple[str, ...]
    evidence: tuple[NamedNode, ...]
    comments: tuple[Literal, ...]


def list_source_lines(dataset: Dataset, things: Iterable[NamedNode]) -> list[SourceLine]:
    """The lines that state what is known of the things, in the order of the things, then of the lines."""
    found: list[SourceLine] = []
    for thing in things:
        wanted: set[tuple[Edition, Literal]] = set()
        for quad in dataset.quads(thing, "jle:sourceLine"):
            own = dataset.get_edition(quad.graph_name) if isinstance(quad.graph_name, NamedNode) else None
            stated = (dataset.find_edition(iri) for iri in dataset.things(thing, "jle:inEdition"))
            editions = [own] if own else [edition for edition in stated if edition]
            if isinstance(quad.object, Literal):
                wanted.update((e, quad.object) for e in editions)
        lines = [line for edition, number in wanted if (line := _find_line(dataset, edition, number))]
        found += sorted((line for line in lines if line not in found), key=lambda line: (line.edition.number, line.number))
    return found


def list_issues(dataset: Dataset, targets: Iterable[NamedNode], lines: Iterable[SourceLine] | None = None) -> list[Issue]:
    """The issues about the things, in their order; only those on some lines where these are given."""
    allowed = None if lines is None else {(line.edition, line.number) for line in lines}
    found: list[Issue] = []
    if not dataset.editions:
        return found
    for target in targets:
        issues = [issue for iri in dataset.subjects("oa:hasTarget", target) if (issue := read_issue(dataset, iri))]
        found += sorted(
            (i for i in issues if allowed is None or any((i.edition, n) in allowed for n in i.lines)),
            key=lambda i: (i.lines, i.kind.text, i.iri.value),
        )
    return found


def read_issue(dataset: Dataset, iri: NamedNode) -> Issue | None:
    """One issue, None where there is no such."""
    kinds = dataset.things(iri, "jle:issueType")
    if not kinds:
        return None
    groups = dataset.things(kinds[0], "skos:broader")
    return Issue(
        iri,
        label_term(dataset, kinds[0]),
        label_term(dataset, groups[0]) if groups else None,
        any(dataset.term(name) in groups for name in _DOUBTS),
        next((e for edition in dataset.things(iri, "jle:inEdition") if (e := dataset.find_edition(edition))), None),
        tuple(sorted(int(n.value) for n in dataset.texts(iri, "jle:sourceLine") if n.value.isdecimal())),
        tuple(v.value for v in dataset.texts(iri, "jle:verbatim")),
        tuple(v.value for v in dataset.values(iri, "jle:suggestedValue") if not isinstance(v, Triple)),
        tuple(dataset.things(iri, "jle:evidence")),
        tuple(dataset.texts(iri, "rdfs:comment")),
    )


def _find_line(dataset: Dataset, edition: Edition, number: Literal) -> SourceLine | None:
    for row in dataset.subjects("jle:sourceLine", number, edition.source_graph):
        texts = dataset.texts(row, "jle:verbatim", edition.source_graph)
        if texts and number.value.isdecimal():
            return SourceLine(edition, int(number.value), texts[0].value, row)
    return None
