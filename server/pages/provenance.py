"""Where a fact comes from and what is doubtful about it: the lines of the documents, and the issues."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from server.dataset import Dataset, Edition
from server.pages.labels import Label, label_term

_JAPANESE = re.compile(r"([\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]+)")
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
    evidence_lines: tuple[SourceLine, ...]
    comments: tuple[Literal, ...]
    term: NamedNode
    targets: tuple[NamedNode, ...]
    is_about_email: bool
    is_damage: bool  # of a value, which therefore no edition graph has


def find_lost(dataset: Dataset) -> frozenset[Edition]:
    """The editions whose text lost its columns, so that what they do not state is not known to be absent."""
    return dataset.keep(_find_lost)


def _find_lost(dataset: Dataset) -> frozenset[Edition]:
    issues = dataset.subjects("jle:issueType", dataset.term("jle:ColumnsLost"))
    targets = {target for issue in issues for target in dataset.things(issue, "oa:hasTarget")}
    return frozenset(edition for edition in dataset.editions if edition.iri in targets)


def list_source_lines(dataset: Dataset, things: Iterable[NamedNode]) -> list[SourceLine]:
    """The lines that state what is known of the things, in the order of the things, then of the lines."""
    found: list[SourceLine] = []
    for thing in things:
        wanted: set[tuple[Edition, int]] = set()
        for quad in dataset.quads(thing, "jle:sourceLine"):
            own = dataset.get_edition(quad.graph_name) if isinstance(quad.graph_name, NamedNode) else None
            stated = (dataset.find_edition(iri) for iri in dataset.things(thing, "jle:inEdition"))
            editions = [own] if own else [edition for edition in stated if edition]
            if isinstance(quad.object, Literal) and quad.object.value.isdecimal() and len(quad.object.value) < 10:
                wanted.update((e, int(quad.object.value)) for e in editions)
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
    evidence = dataset.things(iri, "jle:evidence")
    return Issue(
        iri,
        label_term(dataset, kinds[0]),
        label_term(dataset, groups[0]) if groups else None,
        any(dataset.term(name) in groups for name in _DOUBTS),
        next((e for edition in dataset.things(iri, "jle:inEdition") if (e := dataset.find_edition(edition))), None),
        read_line_numbers(dataset, iri),
        tuple(v.value for v in dataset.texts(iri, "jle:verbatim")),
        tuple(v.value for v in dataset.values(iri, "jle:suggestedValue") if not isinstance(v, Triple)),
        tuple(evidence),
        tuple(line for place in evidence if (line := read_place(dataset, place))),
        tuple(dataset.texts(iri, "rdfs:comment")),
        kinds[0],
        tuple(dataset.things(iri, "oa:hasTarget")),
        kinds[0] == dataset.term("jle:UrlInEmailColumn") or any("@" in v.value for v in dataset.texts(iri, "jle:verbatim")),
        dataset.term("jle:DamagedValue") in groups,
    )


def read_place(dataset: Dataset, place: NamedNode) -> SourceLine | None:
    """The first of the lines that `source/NNN.txt#line=a,b` means (RFC 5147), where the release has it."""
    match = re.fullmatch(r"source/(.+)\.txt#line=(\d{1,9}),\d+", dataset.iris.strip_base(place.value) or "")
    edition = dataset.find_edition(dataset.iris.edition(match[1])) if match else None
    return _find_line(dataset, edition, int(match[2]) + 1) if match and edition else None


def split_scripts(text: str) -> list[tuple[str, str]]:
    """The runs of a verbatim text with the language that the script of each shows: English documents have Japanese in them."""
    return [(run, "ja" if _JAPANESE.match(run) else "en") for run in _JAPANESE.split(text) if run]


def _find_line(dataset: Dataset, edition: Edition, number: int) -> SourceLine | None:
    text = read_line(dataset, edition, number)
    return None if text is None else SourceLine(edition, number, text, dataset.iris.row(edition.number, number))


def read_line(dataset: Dataset, edition: Edition, number: int) -> str | None:
    """A line of a document, verbatim; None where the release does not have it."""
    row = dataset.iris.row(edition.number, number)
    return next((text.value for text in dataset.texts(row, "jle:verbatim", edition.source_graph)), None)


def read_line_numbers(dataset: Dataset, thing: NamedNode, graph: NamedNode | None = None) -> tuple[int, ...]:
    """The numbers of the lines that state a thing, in their order."""
    return tuple(dataset.numbers(thing, "jle:sourceLine", graph))
