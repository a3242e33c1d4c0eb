"""A document as its page shows it: every line verbatim, with the values marked that were read from it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from server.dataset import Dataset, Edition
from server.pages.passages import Passage
from server.pages.stated import Line, StatedEdition, StatedValue, read_stated

DAMAGE = "damage"
_JAPANESE = re.compile("[\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]+")


@dataclass(frozen=True)
class Mark:
    """A part of a line that became a fact, or that is damaged and became none."""

    passage: Passage
    kind: str
    thing: NamedNode


@dataclass(frozen=True)
class ShownLine:
    """A line with its markup; marks are in its order. A doubtful line is one whose value is damaged or probably not meant."""

    line: Line
    kind: str  # local name of the class of line
    markup: Markup
    marks: tuple[Mark, ...]
    has_facts: bool
    is_doubtful: bool

    def list_marks(self, value: StatedValue) -> list[int]:
        """The numbers of the marks that are of that value."""
        own = [Mark(passage, value.kind, value.thing) for passage in value.passages]
        return [number for number, mark in enumerate(self.marks) if mark in own]


def read_document(dataset: Dataset, edition: Edition) -> tuple[ShownLine, ...]:
    """All lines; read once."""
    return dataset.remember(_read_document, edition.iri)


def list_line_issues(dataset: Dataset, edition: Edition, line: int) -> list[NamedNode]:
    """The issues that are about a line."""
    found = dataset.subjects("jle:sourceLine", Literal(line), dataset.iris.graph("quality"))
    return [issue for issue in found if edition.iri in dataset.things(issue, "jle:inEdition")]


def _read_document(dataset: Dataset, iri: NamedNode) -> tuple[ShownLine, ...]:
    edition = dataset.find_edition(iri)
    assert edition is not None
    stated = read_stated(dataset, edition)
    wanted = _list_marks(stated)
    shown = []
    for line in stated.lines:
        issues = list_line_issues(dataset, edition, line.number)
        doubts = [(issue, group) for issue in issues for group in _list_groups(dataset, issue)]
        damaged = [issue for issue, group in doubts if group == dataset.term("jle:DamagedValue")]
        candidates = [*wanted.get(line.number, ()), *_find_damages(dataset, line, damaged)]
        marks = tuple(sorted(_keep_apart(candidates), key=lambda mark: mark.passage))
        is_doubtful = bool(damaged) or any(group == dataset.term("jle:DoubtfulValue") for _, group in doubts)
        kind = line.kind.value.rpartition("#")[2] if line.kind else ""
        has_facts = bool(issues or stated.listings_by_line.get(line.number))
        shown.append(ShownLine(line, kind, write_line(line.text, marks), marks, has_facts, is_doubtful))
    return tuple(shown)


def _list_marks(stated: StatedEdition) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = {}
    for listing in stated.listings:
        for value in listing.values:
            for passage in value.passages:
                found.setdefault(passage.line, []).append(Mark(passage, value.kind, value.thing))
    return found


def _find_damages(dataset: Dataset, line: Line, issues: Iterable[NamedNode]) -> Iterator[Mark]:
    """Where the damaged text stands, but for that which is the whole line."""
    for issue in issues:
        for verbatim in dataset.texts(issue, "jle:verbatim"):
            start = line.text.find(verbatim.value) if verbatim.value.strip() and verbatim.value != line.text else -1
            if start >= 0:
                yield Mark(Passage(line.number, start, start + len(verbatim.value)), DAMAGE, issue)


def _list_groups(dataset: Dataset, issue: NamedNode) -> list[NamedNode]:
    return [group for kind in dataset.things(issue, "jle:issueType") for group in dataset.things(kind, "skos:broader")]


def _keep_apart(marks: Iterable[Mark]) -> list[Mark]:
    """Those that overlap none before them, as markup cannot."""
    kept: list[Mark] = []
    for mark in marks:
        if all(mark.passage.end <= other.passage.start or other.passage.end <= mark.passage.start for other in kept):
            kept.append(mark)
    return kept


def write_line(text: str, marks: Iterable[Mark]) -> Markup:
    """The text with its marks, its tabs as elements that have a width, and Japanese marked as such: the same letters."""
    pieces, position = [], 0
    for mark in marks:
        start, end = mark.passage.start, mark.passage.end
        pieces.append(_write_text(text[position:start]))
        pieces.append(f'<b class="in-{mark.kind}">{_write_text(text[start:end])}</b>')
        position = end
    pieces.append(_write_text(text[position:]))
    return Markup("".join(pieces))  # noqa: S704  # every piece of text was escaped


def _write_text(text: str) -> str:
    escaped = html.escape(text, quote=False)
    spoken = _JAPANESE.sub(lambda run: f'<span lang="ja">{run[0]}</span>', escaped)
    return spoken.replace("\t", "<i>\t</i>")
