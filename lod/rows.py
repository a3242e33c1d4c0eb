"""The rows of the documents: every line accounted for as heading, header, row, continuation, note or blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lod.catalogue import Catalogue, Section
from lod.cells import DecodedCell, decode_cell
from lod.curation import Curation, Entry
from lod.documents import Document
from lod.errors import Problem, Refused
from lod.issues import Issue, IssueEvidence, Suggested, make_issue
from lod.names import normalise_name

VALUE_COLUMNS = ("url", "email", "class")


@dataclass(frozen=True)
class Row:
    """A row of a table, or a record of a flattened text, with its cells.

    `cells` has the columns that the table has; a column that the document lost is not among them.
    `notes` and `lost_labels` are lines of a flattened record; `remnants` pieces of its lost cells, each with its line.
    `above` is the last prefecture printed above in the same table. `entry` is the curation entry that a line of text follows.
    """

    section: Section
    lines: tuple[int, ...]
    cells: Mapping[str, DecodedCell]
    above: str = ""
    notes: tuple[tuple[int, str], ...] = ()
    lost_labels: tuple[tuple[int, str], ...] = ()
    remnants: tuple[tuple[int, str], ...] = ()
    continues: Entry | None = None
    entry: Entry | None = None

    @property
    def line(self) -> int:
        return self.lines[0]

    def get_text(self, column: str) -> str:
        """The text of a cell, empty where the table has no such column."""
        return self.cells[column].text if column in self.cells else ""


@dataclass
class Reading:
    """What reading a document gave: its rows, the kind of each of its lines, issues of its layout, and problems."""

    rows: list[Row] = field(default_factory=list)
    line_kinds: dict[int, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def is_blank(line: str) -> bool:
    return not normalise_name(line)


def make_curated_issue(edition: str, entry: Entry, column: str, verbatim: str, listing: int | None = None) -> Issue:
    """The issue that a curation entry states, for one of its columns."""
    suggestions = [
        Suggested(s.value, tuple(IssueEvidence(c.document, c.line) for c in s.evidence))
        for s in entry.suggestions
        if s.column == column
    ]
    evidence = tuple(IssueEvidence(c.document, c.line) for c in entry.evidence)
    lines = (entry.line,)
    return Issue(
        edition, entry.issue, lines, column, verbatim, entry.reason_en, entry.reason_ja, listing, tuple(suggestions), evidence
    )


def read_table(document: Document, catalogue: Catalogue, curation: Curation) -> Reading:
    """Reads a tab-separated document; a line that no rule accounts for becomes a problem of the reading."""
    reader = _TableReader(document, catalogue, curation)
    for number, line in enumerate(document.lines, 1):
        try:
            reader.read_line(number, line)
        except Refused as refused:
            reader.reading.problems.append(Problem(str(document.path), number, str(refused), refused.remedy))
    check_sections(document, reader.reading)
    return reader.reading


def check_sections(document: Document, reading: Reading) -> None:
    """Adds a problem for each section of the catalogue that the document does not have, or that has no row."""
    printed = {normalise_name(document.get_line(n)) for n, kind in reading.line_kinds.items() if kind == "HeadingLine"}
    missing = [s.heading for s in document.edition.sections if s.heading and s.heading not in printed]
    reading.problems += [
        Problem(str(document.path), 0, f"the heading {heading!r} is not there", "correct the document or [[edition.section]]")
        for heading in missing
    ]
    filled = {row.section for row in reading.rows}
    reading.problems += [
        Problem(str(document.path), 0, f"no listing stands under {s.heading or 'its header'!r}", "complete the document")
        for s in document.edition.sections
        if s not in filled and not reading.problems
    ]


class _TableReader:
    def __init__(self, document: Document, catalogue: Catalogue, curation: Curation) -> None:
        self.document = document
        self.columns = catalogue.columns
        self.curation = curation
        self.reading = Reading()
        self.number = document.edition.number
        self.headings = {s.heading: s for s in document.edition.sections}
        self.section: Section | None = self.headings.get("")
        self.header: list[str] = []
        self.header_refused = False
        self.above = ""
        self.rows_of_table = 0
        self.blank_since = 0

    def read_line(self, number: int, line: str) -> None:
        if is_blank(line):
            self.reading.line_kinds[number] = "BlankLine"
            self.blank_since = self.blank_since or number
            return
        blank_since, self.blank_since = self.blank_since, 0
        if "\u00a0" in line:
            self.reading.issues.append(make_issue(self.number, "NonBreakingSpace", [number], "line", line))
        cells = line.split("\t")
        names = [normalise_name(c) for c in cells]
        if normalise_name(line) in self.headings:
            self._start_section(number, normalise_name(line))
        elif len(cells) == 1 and (taken := self._take_text_line(number)):
            self._read_text_line(number, taken)
        elif self.section is None:
            raise Refused("text before the first heading", "add the heading to the catalogue, or a curation entry 'note'")
        elif self.header_refused:
            return  # nothing can be said of the rows until the header is mended
        elif not self.header:
            self._read_header(number, names)
        elif sum(n in self.columns for n in names) * 2 > len(names):
            self._note_page_break(blank_since)
            self._repeat_header(number, names)
        else:
            self._note_page_break(blank_since)
            self._read_row(number, cells)

    def _note_page_break(self, blank_since: int) -> None:
        if blank_since and self.rows_of_table:
            lines = range(blank_since, blank_since + 1)
            self.reading.issues.append(make_issue(self.number, "PageBreakInTable", lines, "line", ""))

    def _start_section(self, number: int, heading: str) -> None:
        self.section = self.headings[heading]
        self.header, self.header_refused, self.above, self.rows_of_table = [], False, "", 0
        self.reading.line_kinds[number] = "HeadingLine"

    def _read_header(self, number: int, names: Sequence[str]) -> None:
        unknown = [n for n in names if n not in self.columns]
        if unknown and len(unknown) == len(names):
            raise Refused(
                "no rule reads this line: neither heading nor header", "mend the line, the catalogue, or add a curation entry"
            )
        self.header_refused = True
        if unknown:
            raise Refused(f"unknown column {unknown[0]!r}", "say in [columns] of catalogue.toml what it holds")
        header = [self.columns[n] for n in names]
        if doubled := [f for f in header if header.count(f) > 1]:
            raise Refused(f"two columns hold {doubled[0]!r}", "correct [columns] of catalogue.toml")
        place = "prefecture" if self.section and self.section.category == "Prefecture" else "place"
        if missing := [f for f in ("department", place) if f not in header]:
            raise Refused(f"the table has no column for the {missing[0]}", "correct the table, or [columns] of catalogue.toml")
        self.header_refused = False
        self.header = header
        self._use_header(number)

    def _repeat_header(self, number: int, names: Sequence[str]) -> None:
        if [self.columns.get(n) for n in names] != self.header:
            raise Refused("a header that differs from the one of its table", "give the part below a heading of its own")
        line = self.document.get_line(number)
        self.reading.issues.append(make_issue(self.number, "RepeatedHeader", [number], "header", line))
        self._use_header(number)

    def _use_header(self, number: int) -> None:
        self.reading.line_kinds[number] = "HeaderLine"
        for entry in self.curation.take(self.number, [number], "doubt"):
            self.reading.issues.append(make_curated_issue(self.number, entry, "header", entry.verbatim))

    def _take_text_line(self, number: int) -> Entry | None:
        for decision in ("listing", "note", "heading"):
            for entry in self.curation.take(self.number, [number], decision):
                return entry
        return None

    def _read_text_line(self, number: int, entry: Entry) -> None:
        self.reading.line_kinds[number] = "HeadingLine" if entry.decision == "heading" else "NoteLine"
        if entry.decision == "listing" and self.section:
            self.reading.rows.append(Row(self.section, (number,), {}, entry=entry))

    def _read_row(self, number: int, cells: list[str]) -> None:
        if len(cells) != len(self.header):
            raise Refused(
                f"{len(cells)} cell{'s' * (len(cells) != 1)} where the header has {len(self.header)} columns",
                "mend the row, or add a curation entry that says what the line is",
            )
        if shifts := self.curation.take(self.number, [number], "shift"):
            if not is_blank(cells[-1]):
                raise Refused("the row cannot be shifted: its last cell is not empty", "correct the curation entry")
            cells = ["", *cells[:-1]]
        html = self.document.edition.layout == "tab-separated-html"
        row = {column: decode_cell(cell, html=html) for column, cell in zip(self.header, cells, strict=True)}
        continues = next(iter(self.curation.take(self.number, [number], "continue")), None)
        assert self.section is not None
        self.reading.rows.append(Row(self.section, (number,), row, above=self.above, continues=continues))
        self.reading.line_kinds[number] = "RowLine"
        self.reading.issues += [make_curated_issue(self.number, e, "line", self.document.get_line(number)) for e in shifts]
        self.above = self.reading.rows[-1].get_text("prefecture") or self.above
        self.rows_of_table += 1
