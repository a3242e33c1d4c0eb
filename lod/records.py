"""The records of a flattened text, whose columns are lost: only the names of places tell where one starts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lod.catalogue import Section
from lod.curation import Curation
from lod.documents import Document
from lod.errors import Problem, Refused
from lod.issues import make_issue
from lod.names import looks_like_name, names_a_body, normalise_name, take_notes
from lod.places import Gazetteer
from lod.rows import Reading, Row, is_blank

_PLACE_START = re.compile(
    r"^((?:the )?(?:[^\s,([]+ ){1,3}?(?:City|Town|Village|Ward)|(?:the )?(?:City|Town|Village) of [^\s,]+)(,|\s|$)\s*", re.I
)
_WHOLE_PARENTHESIS = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)")
_MARKER_START = re.compile(r"(?:\[\d+\]|\(\s*\d+\s*\)|\d+\)|[①-⑳])\s*\S")
_REMNANT = re.compile(r"(?:https?://|www\.)\S*|\S*@\S*")


@dataclass
class _Record:
    place: str
    lines: list[int]
    prefecture: str = ""
    body: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    labels: list[tuple[int, str]] = field(default_factory=list)
    remnants: list[tuple[int, str]] = field(default_factory=list)


def read_records(document: Document, gazetteer: Gazetteer, curation: Curation) -> Reading:
    """Reads a flattened document; a line that no rule accounts for becomes a problem of the reading."""
    reader = _RecordReader(document, gazetteer, curation)
    for number, line in enumerate(document.lines, 1):
        try:
            reader.read_line(number, line)
        except Refused as refused:
            reader.reading.problems.append(Problem(str(document.path), number, str(refused), refused.remedy))
    reader.end_record()
    return reader.reading


class _RecordReader:
    def __init__(self, document: Document, gazetteer: Gazetteer, curation: Curation) -> None:
        self.document = document
        self.gazetteer = gazetteer
        self.curation = curation
        self.number = document.edition.number
        self.headings = {s.heading: s for s in document.edition.sections}
        self.section: Section | None = self.headings.get("")
        self.header_seen = False
        self.record: _Record | None = None
        self.reading = Reading()

    def read_line(self, number: int, line: str) -> None:
        text = normalise_name(line)
        if is_blank(line):
            self.reading.line_kinds[number] = "BlankLine"
            return
        if "\u00a0" in line:
            self.reading.issues.append(make_issue(self.number, "NonBreakingSpace", [number], "line", line))
        if text in self.headings:
            self.end_record()
            self.section, self.header_seen = self.headings[text], False
            self.reading.line_kinds[number] = "HeadingLine"
        elif text == self.document.edition.header:
            self._read_header(number, line)
        elif self.section is None or not self.header_seen:
            raise Refused("text before the heading and the header line", "correct heading and header in catalogue.toml")
        elif self.curation.take(self.number, [number], "note"):
            self.reading.line_kinds[number] = "NoteLine"
        elif (start := _PLACE_START.match(text)) and not self.curation.take(self.number, [number], "continue"):
            self._start_record(number, start[1], text[start.end() :])
        else:
            self._continue_record(number, text)

    def _read_header(self, number: int, line: str) -> None:
        self.reading.line_kinds[number] = "HeaderLine"
        kind = "RepeatedHeader" if self.header_seen else "ColumnsLost"
        self.reading.issues.append(make_issue(self.number, kind, [number], "header", line))
        self.header_seen = True

    def _start_record(self, number: int, place: str, rest: str) -> None:
        if self.record and self.record.body and self.record.body[-1][1].endswith(","):
            raise Refused(
                f"after a comma, {place!r} may continue the department or start a listing",
                "decide with a curation entry 'continue', or mend the line above",
            )
        if not self.gazetteer.knows_municipality(place):
            raise Refused(
                f"no city, town, village or ward is called {place!r}",
                "mend the name, or say with a curation entry 'continue' that the line continues the one above",
            )
        self.end_record()
        self.record = _Record(place, [number])
        self.reading.line_kinds[number] = "RowLine"
        if rest:
            self._add_body(number, rest, self.record)

    def _continue_record(self, number: int, text: str) -> None:
        record = self.record
        if record is None:
            raise Refused("no rule reads this line: no listing has started", "mend the line or add a curation entry 'note'")
        if not record.body and not record.prefecture and text.endswith(" Prefecture"):
            record.prefecture = text
        elif _WHOLE_PARENTHESIS.fullmatch(text):
            record.labels.append((number, text))
        elif re.match(r"[*※]", text):
            record.notes.append((number, text))
            self.reading.line_kinds[number] = "NoteLine"
        else:
            self._add_body(number, text, record)
        record.lines.append(number)
        self.reading.line_kinds.setdefault(number, "ContinuationLine")

    def _add_body(self, number: int, text: str, record: _Record) -> None:
        remnants = [m[0] for m in _REMNANT.finditer(text)]
        name = normalise_name(_REMNANT.sub(" ", text))
        after_comma = bool(record.body) and record.body[-1][1].endswith(",")
        checked = take_notes(name)[0]
        understood = not checked or looks_like_name(checked)
        expected = not record.body or after_comma or bool(_MARKER_START.match(name)) or names_a_body(name)
        if not (understood and expected):
            raise Refused(
                "no rule reads this line: neither a place, a department, a label nor a note",
                "mend the line, or add a curation entry 'note'",
            )
        if name:
            record.body.append((number, name))
        record.remnants += [(number, r) for r in remnants]

    def end_record(self) -> None:
        """Turns the record read so far into a row."""
        record, self.record = self.record, None
        if record is None or self.section is None:
            return
        body = " ".join(text for _, text in record.body)
        if not names_a_body(body):
            message = f"no department is named for {record.place}" if not body else f"{body!r} names no department"
            self.reading.problems.append(
                Problem(str(self.document.path), record.lines[0], message, "mend the lines of the listing")
            )
            return
        cells = {"place": record.place, "prefecture": record.prefecture, "department": body}
        self.reading.rows.append(
            Row(
                self.section,
                tuple(record.lines),
                cells,
                notes=tuple(record.notes),
                lost_labels=tuple(record.labels),
                remnants=tuple(record.remnants),
            )
        )
        if len(record.lines) > 1:
            first = self.document.get_line(record.lines[0])
            lines, count = record.lines, str(len(record.lines))
            issue = make_issue(self.number, "RecordOverSeveralLines", lines, "line", first, count, listing=lines[0])
            self.reading.issues.append(issue)
