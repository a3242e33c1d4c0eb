"""The curation entries: decisions that only a person can make about a line of a document, with their evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lod.documents import Document
from lod.errors import Problem, Refused, SeedsError
from lod.toml_tables import read_toml, refuse_rest, take_line, take_tables, take_text, take_texts

COLUMNS = ("prefecture", "place", "department", "url", "email", "class", "line")
DECISIONS = {
    "shift": "the cells stand one column too far left, from the first one on",
    "continue": "the row continues the listing above, whatever its place cell says",
    "place": "the row's place cell means the place with the code given",
    "withhold": "the values in these columns are not facts",
    "doubt": "a published value is probably not what was meant",
    "body": "the body in charge is a unit of the government or an association",
    "listing": "a line of text is a listing of a place with a status and no body",
    "note": "a line of text is accounted for and states nothing more",
    "heading": "a line of text is printed inside a table and states nothing more",
}


@dataclass(frozen=True)
class Citation:
    """A line of a document, and the text in it that is the evidence."""

    document: str
    line: int
    states: str


@dataclass(frozen=True)
class Suggestion:
    """What probably was meant in a column, and the lines that support it."""

    column: str
    value: str
    evidence: tuple[Citation, ...]


@dataclass(frozen=True)
class Entry:
    """One decision about one line; `text` is the line verbatim, so that a changed line is noticed."""

    position: int
    document: str
    line: int
    text: str
    decision: str
    issue: str
    columns: tuple[str, ...]
    verbatim: str
    place: str
    status: str
    kind: str
    reason_en: str
    reason_ja: str
    suggestions: tuple[Suggestion, ...]
    evidence: tuple[Citation, ...]


class Curation:
    """The entries that fit, handed out by document and line, and a problem for each that does not.

    An entry that nobody asks for is an error too (`find_unused`).
    """

    def __init__(self, path: Path, entries: Iterable[Entry], problems: Iterable[Problem] = ()) -> None:
        self.path = path
        self.entries = tuple(entries)
        self.problems = tuple(problems)
        self._used: set[int] = set()

    def take(self, document: str, lines: Sequence[int], decision: str) -> list[Entry]:
        """The entries with that decision about those lines, which thereby count as used."""
        taken = [e for e in self.entries if e.document == document and e.line in lines and e.decision == decision]
        self._used |= {id(e) for e in taken}
        return taken

    def find_unused(self) -> list[Problem]:
        """A problem for each entry that no row or listing asked for."""
        return [
            Problem(
                str(self.path),
                e.position,
                f"entry {e.decision!r} about {e.document}.txt:{e.line} applies to nothing there",
                "remove the entry or correct its line and decision",
            )
            for e in self.entries
            if id(e) not in self._used
        ]


def read_curation(path: Path, documents: Sequence[Document]) -> Curation:
    """Reads `curation.toml` beside the documents and holds each entry against its line and its evidence.

    No file means no entries. Raises SeedsError (from `read_toml`) where the file itself cannot be read.
    """
    if not path.exists():
        return Curation(path, ())
    by_number = {d.edition.number: d for d in documents}
    data = read_toml(path)
    entries: list[Entry] = []
    problems: list[Problem] = []
    try:
        tables = take_tables(data, "entry")
        refuse_rest(data)
    except Refused as refused:
        raise SeedsError([Problem(str(path), 0, str(refused), refused.remedy)]) from None
    for position, table in zip(_find_positions(path, len(tables)), tables, strict=True):
        try:
            entry = _read_entry(table, position)
            if entry.document not in by_number:
                continue  # a decision about a document that this folder does not hold
            if (line := _locate_text(entry, by_number[entry.document])) != entry.line:
                problems.append(_describe_move(path, entry, by_number[entry.document], line))
                entry = replace(entry, line=line)  # applied all the same, lest it be missed as a second problem
            for citation in (*entry.evidence, *(c for s in entry.suggestions for c in s.evidence)):
                _check_citation(citation, by_number)
            entries.append(_keep_evidence_at_hand(entry, by_number))
        except Refused as refused:
            problems.append(Problem(str(path), position, str(refused), refused.remedy))
    return Curation(path, entries, problems)


def _find_positions(path: Path, count: int) -> list[int]:
    """The lines that the entries start on; 0 for each where the file is not laid out so that they can be told."""
    lines = path.read_text(encoding="utf-8").split("\n")
    positions = [number for number, line in enumerate(lines, 1) if re.match(r"\s*\[\[\s*entry\s*\]\]", line)]
    return positions if len(positions) == count else [0] * count


def _locate_text(entry: Entry, document: Document) -> int:
    """The line that the decision was made for; raises Refused where the document no longer has it."""
    found = [n for n, line in enumerate(document.lines, 1) if line == entry.text]
    if not found:
        raise Refused(
            f"{document.path.name}:{entry.line} is not the line that the decision was made for",
            "read the line again, then mend or remove the entry",
        )
    return entry.line if entry.line in found else found[0]


def _describe_move(path: Path, entry: Entry, document: Document, line: int) -> Problem:
    return Problem(
        str(path),
        entry.position,
        f"{document.path.name}:{entry.line} is not the line that the decision was made for",
        f"the line now is {document.path.name}:{line}: correct the number",
    )


def _check_citation(citation: Citation, by_number: dict[str, Document]) -> None:
    document = by_number.get(citation.document)
    if document is None:
        return  # see _keep_evidence_at_hand
    if not 0 < citation.line <= len(document.lines) or citation.states not in document.get_line(citation.line):
        raise Refused(
            f"the evidence {citation.states!r} is not in {document.path.name}:{citation.line}",
            _say_where(citation, document),
        )


def _say_where(citation: Citation, document: Document) -> str:
    found = [n for n, line in enumerate(document.lines, 1) if citation.states in line]
    return f"it now is in {document.path.name}:{found[0]}" if len(found) == 1 else "cite the line that states it"


def _keep_evidence_at_hand(entry: Entry, by_number: dict[str, Document]) -> Entry:
    """The entry without what only a document says that this folder does not hold."""

    def keep(citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
        return tuple(c for c in citations if c.document in by_number)

    suggestions = tuple(replace(s, evidence=keep(s.evidence)) for s in entry.suggestions)
    return replace(entry, evidence=keep(entry.evidence), suggestions=tuple(s for s in suggestions if s.evidence))


def _read_entry(table: dict[str, Any], position: int) -> Entry:
    entry = Entry(
        position=position,
        document=take_text(table, "document"),
        line=take_line(table),
        text=take_text(table, "text"),
        decision=take_text(table, "decision"),
        issue=take_text(table, "issue", ""),
        columns=take_texts(table, "columns"),
        verbatim=take_text(table, "verbatim", ""),
        place=take_text(table, "place", ""),
        status=take_text(table, "status", ""),
        kind=take_text(table, "kind", ""),
        reason_en=take_text(table, "reason_en"),
        reason_ja=take_text(table, "reason_ja"),
        suggestions=tuple(_read_suggestion(s) for s in take_tables(table, "suggestion")),
        evidence=tuple(_read_citation(c) for c in take_tables(table, "evidence")),
    )
    refuse_rest(table)
    if entry.decision not in DECISIONS:
        raise Refused(f"decision {entry.decision!r}", f"one of {', '.join(DECISIONS)}")
    if unknown := [c for c in (*entry.columns, *(s.column for s in entry.suggestions)) if c not in COLUMNS]:
        raise Refused(f"column {unknown[0]!r}", f"one of {', '.join(COLUMNS)}")
    if entry.verbatim not in entry.text:
        raise Refused(f"{entry.verbatim!r} is not in the line", "copy the text from the line")
    for key, needed in (
        ("columns", entry.decision in ("withhold", "doubt")),
        ("verbatim", entry.decision == "doubt"),
        ("place", entry.decision in ("place", "listing")),
        ("status", entry.decision == "listing"),
        ("kind", entry.decision == "body"),
        ("issue", entry.decision in ("shift", "continue", "place", "withhold", "doubt", "listing")),
    ):
        if needed and not getattr(entry, key):
            raise Refused(f"decision {entry.decision!r} without {key}", f"add {key}")
    if entry.decision == "body" and entry.kind not in ("unit", "association"):
        raise Refused(f"kind {entry.kind!r}", "unit or association")
    return entry


def _read_suggestion(table: dict[str, Any]) -> Suggestion:
    evidence = tuple(_read_citation(c) for c in take_tables(table, "evidence"))
    suggestion = Suggestion(take_text(table, "column"), take_text(table, "value"), evidence)
    refuse_rest(table)
    if not evidence:
        raise Refused(f"suggestion {suggestion.value!r} without evidence", "cite a line that supports it, or drop it")
    return suggestion


def _read_citation(table: dict[str, Any]) -> Citation:
    citation = Citation(take_text(table, "document"), take_line(table), take_text(table, "states"))
    refuse_rest(table)
    if not citation.states.strip():
        raise Refused("evidence that states nothing", "copy the text that supports the decision from the line")
    return citation
