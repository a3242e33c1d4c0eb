"""The records of a flattened text, whose columns are lost: only the names of places tell where one starts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lod.catalogue import Section
from lod.cells import decode_cell
from lod.curation import Curation
from lod.documents import Document
from lod.errors import Problem, Refused
from lod.hosts import find_at_signs
from lod.issues import make_issue
from lod.markers import NUMBER
from lod.names import detect_language, looks_like_name, names_an_office, normalise_name, take_notes
from lod.places import Gazetteer
from lod.rows import Reading, Row, check_sections, is_blank, make_curated_issue

_PLACE_START = re.compile(
    r"^((?:the )?(?:City|Town|Village) of [^\s,]+|(?:the )?(?:[^\s,([]+ ){1,3}?(?:City|Town|Village|Ward)"
    r"|(?:[^\s,([]+-gun )?[^\s,([]+-(?:shi|machi|cho|mura|son|ku))(,|\s|$)\s*",
    re.IGNORECASE,
)
_JAPANESE_START = re.compile(r"^[^\s,([]{1,8}?[市町村区]")
_WHOLE_PARENTHESIS = re.compile(r"[(（][^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)*[)）]")
_MARKER_START = re.compile(rf"(?:{NUMBER})\s*\S")
_SEVERAL_WORDS = re.compile(r"[A-Z][^\W\d_]+(?:[ ,&]+[^\W\d_]+)+,?", re.ASCII)
_NOTE_START = re.compile(r"[*＊※]")


@dataclass
class _Record:
    place: str
    lines: list[int]
    prefecture: str = ""
    body: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    labels: list[tuple[int, str]] = field(default_factory=list)
    remnants: list[tuple[int, str]] = field(default_factory=list)
    is_refused: bool = False
    is_closed: bool = False  # after a blank line, a header, a note, a label or a remnant no department goes on

    @property
    def ends_in_comma(self) -> bool:
        return bool(self.body) and self.body[-1][1].endswith(",")


def read_records(document: Document, gazetteer: Gazetteer, curation: Curation) -> Reading:
    """Reads a flattened document; a line that no rule accounts for becomes a problem of the reading."""
    reader = _RecordReader(document, gazetteer, curation)
    for number, line in enumerate(document.lines, 1):
        try:
            reader.read_line(number, line)
        except Refused as refused:
            reader.reading.problems.append(Problem(str(document.path), number, str(refused), refused.remedy))
    reader.end_record()
    check_sections(document, reader.reading)
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
        masks = "|".join(map(re.escape, find_at_signs(document.edition.at_sign)))
        self.remnant = re.compile(rf"(?:https?://|www\.)\S*|(?<!\S)\S*(?:{masks})\S*", re.IGNORECASE)

    def read_line(self, number: int, line: str) -> None:
        text = normalise_name(line)
        if is_blank(line):
            self.reading.line_kinds[number] = "BlankLine"
            if self.record and self.record.body and not self.record.ends_in_comma:
                self.record.is_closed = True
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
        elif entries := self.curation.take(self.number, [number], "continue"):
            self._continue_record(number, text, decided=True)
            listing = self.record.lines[0] if self.record else None
            self.reading.issues += [make_curated_issue(self.number, e, "line", line, listing) for e in entries]
        elif start := _PLACE_START.match(text):
            self._start_record(number, start[1], text[start.end() :], after_comma=start[2] == ",")
        else:
            self._check_start(text)
            self._continue_record(number, text)

    def _read_header(self, number: int, line: str) -> None:
        self.reading.line_kinds[number] = "HeaderLine"
        kind = "RepeatedHeader" if self.header_seen else "ColumnsLost"
        self.reading.issues.append(make_issue(self.number, kind, [number], "header", line))
        self.header_seen = True
        if self.record and not self.record.ends_in_comma:
            self.record.is_closed = True

    def _start_record(self, number: int, place: str, rest: str, *, after_comma: bool) -> None:
        if self.record and self.record.ends_in_comma:
            raise Refused(
                f"after a comma, {place!r} may continue the department or start a listing",
                "decide with a curation entry 'continue', or mend the line above",
            )
        if self.record and self.record.place == place and not _MARKER_START.match(rest):
            raise Refused(
                f"{place!r} may continue the listing above or start another one of the same place",
                "decide with a curation entry 'continue', or mend the line",
            )
        if not self.gazetteer.knows_municipality(place):
            raise Refused(
                f"no city, town, village or ward is called {place!r}",
                "mend the name, or say with a curation entry 'continue' that the line continues the one above",
            )
        self.end_record()
        self.record = _Record(place, [number])
        self.reading.line_kinds[number] = "RowLine"
        prefecture = re.match(r"\S+ Prefecture(?:$|,? )", rest, re.IGNORECASE)
        if prefecture and (after_comma or prefecture[0] == rest):
            self.record.prefecture, rest = prefecture[0].rstrip(", "), rest[prefecture.end() :]
        if rest:
            self.record.is_refused = True  # until its first line is read
            self._add_body(number, rest, self.record, starts=True)
            self.record.is_refused = False

    def _check_start(self, text: str) -> None:
        """Refuses a line that opens with the bare name of a place: it may start a listing as well as continue one."""
        if self.record is None or not self.record.body:
            return  # what comes next is the prefecture or the department
        if _WHOLE_PARENTHESIS.fullmatch(text) or _NOTE_START.match(text) or _MARKER_START.match(text):
            return
        japanese = _JAPANESE_START.match(text)
        for name in (text.partition(" ")[0].rstrip(","), japanese[0] if japanese else ""):
            if name and self.gazetteer.knows_municipality(name):
                raise Refused(
                    f"{name!r} may start a listing or continue the one above",
                    "write the place as 'X City', or decide with a curation entry 'continue'",
                )

    def _is_prefecture(self, text: str) -> bool:
        """Whether the line is the prefecture of the place just read."""
        if self.record is None or self.record.body or self.record.prefecture:
            return False
        return text.endswith(" Prefecture") or self.gazetteer.knows_prefecture(text)

    def _continue_record(self, number: int, text: str, *, decided: bool = False) -> None:
        record = self.record
        if record is None:
            raise Refused("no rule reads this line: no listing has started", "mend the line or add a curation entry 'note'")
        if self._is_prefecture(text):
            record.prefecture = text
        elif _WHOLE_PARENTHESIS.fullmatch(text):
            record.labels.append((number, text))
            record.is_closed = True
        elif _NOTE_START.match(text):
            record.notes.append((number, text))
            record.is_closed = True
            self.reading.line_kinds[number] = "NoteLine"
        else:
            self._add_body(number, text, record, decided=decided)
        record.lines.append(number)
        self.reading.line_kinds.setdefault(number, "ContinuationLine")

    def _add_body(self, number: int, text: str, record: _Record, *, starts: bool = False, decided: bool = False) -> None:
        """Adds a line to the department; only one that can be nothing else, unless a person decided that it goes on."""
        decode_cell(text, html=False)  # refuses markup
        remnants = [m[0] for m in self.remnant.finditer(text)]
        name = normalise_name(self.remnant.sub(" ", text))
        expected = record.ends_in_comma or not record.body
        goes_on = starts or bool(_MARKER_START.match(name)) or (expected and bool(_SEVERAL_WORDS.fullmatch(name)))
        goes_on |= names_an_office(name) and (expected or not record.is_closed)
        written = take_notes(name)[0]
        if name and not decided and not (goes_on and (not written or looks_like_name(written))):
            raise Refused(
                "no rule reads this line: neither a place, a department, a label nor a note",
                "mend the line, or decide with a curation entry 'note' or 'continue'",
            )
        if name:
            record.body.append((number, name))
        record.remnants += [(number, r) for r in remnants]
        record.is_closed = bool(remnants)

    def end_record(self) -> None:
        """Turns the record read so far into a row."""
        record, self.record = self.record, None
        if record is None or record.is_refused or self.section is None:
            return
        try:
            self.reading.rows.append(_make_row(self.section, record))
        except Refused as refused:
            self.reading.problems.append(
                Problem(
                    str(self.document.path), record.lines[0], str(refused), refused.remedy or "mend the lines of the listing"
                )
            )
            return
        if len(record.lines) > 1:
            first = self.document.get_line(record.lines[0])
            lines, count = record.lines, str(len(record.lines))
            issue = make_issue(self.number, "RecordOverSeveralLines", lines, "line", first, count, listing=lines[0])
            self.reading.issues.append(issue)


def _make_row(section: Section, record: _Record) -> Row:
    body = " ".join(text for _, text in record.body)
    if not body:
        raise Refused(f"no department is named for {record.place}")
    if not (names_an_office(body) or detect_language(body) != "en"):
        raise Refused(f"{body!r} names no department")
    printed = {"place": record.place, "prefecture": record.prefecture, "department": body}
    return Row(
        section,
        tuple(record.lines),
        {column: decode_cell(text, html=False) for column, text in printed.items()},
        notes=tuple(record.notes),
        lost_labels=tuple(record.labels),
        remnants=tuple(record.remnants),
    )
