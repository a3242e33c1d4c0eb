"""From rows to listings: the rules that say what a row states, and the issues found on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lod.catalogue import Catalogue
from lod.curation import Curation
from lod.departments import Part, split_department
from lod.documents import Document
from lod.errors import Problem, Refused
from lod.hosts import complete_url, find_email, is_url
from lod.issues import Issue, IssueLog
from lod.listings import Body, Listing, Stated
from lod.names import find_association_in_note, is_association, normalise_name, take_notes
from lod.places import Gazetteer
from lod.placing import PlaceFinder, split_place
from lod.rows import Reading, Row, make_curated_issue
from lod.value_cells import ValueCellReader
from lod.values import classify_remnant

_CITY_IN_NAME = re.compile(r"(?<![\w-])([A-Z][\w-]*) (?:City|Town|Village)\b")


@dataclass
class Listings:
    """The listings of one document, with its issues and the problems that make it unreadable."""

    listings: list[Listing] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_listings(
    document: Document, reading: Reading, catalogue: Catalogue, gazetteer: Gazetteer, curation: Curation
) -> Listings:
    """The listings that the rows of a document make up; a row that cannot be read becomes a problem."""
    reader = _ListingReader(document, reading, catalogue, gazetteer, curation)
    for row in reading.rows:
        try:
            reader.read_row(row)
        except Refused as refused:
            reader.result.problems.append(Problem(str(document.path), row.line, str(refused), refused.remedy))
    return reader.result


class _ListingReader:
    def __init__(
        self, document: Document, reading: Reading, catalogue: Catalogue, gazetteer: Gazetteer, curation: Curation
    ) -> None:
        self.document = document
        self.edition = document.edition
        self.gazetteer = gazetteer
        self.curation = curation
        self.result = Listings()
        self.log = IssueLog(self.edition.number, self.result.issues)
        self.places = PlaceFinder(self.edition.number, reading.rows, gazetteer, curation)
        self.value_cells = ValueCellReader(document, curation, catalogue.gateway_hosts, self.log)
        self.listing: Listing | None = None

    def read_row(self, row: Row) -> None:
        if row.entry is not None:
            self._read_curated_listing(row)
            return
        self._check_cells(row)
        parts, stray = split_department(row.get_text("department"))
        listing = self._continue_listing(row, parts[0].number if parts else None)
        if listing is None:
            listing = self._start_listing(row)
            if not parts:
                raise Refused("no department in charge is named", "complete the row, or decide with a curation entry")
        elif not parts:
            self._note_class_row(row, listing)
        else:
            self.log.note(listing.line, "ContinuationRow", row.line, "line", self.document.get_line(row.line))
        self._note_markup(row, listing)
        bodies = self._read_bodies(row, listing, parts)
        for marker in stray:
            self.log.note(listing.line, "StrayMarker", self._locate(row, marker), "department", marker)
        for line, label in row.lost_labels:
            self.log.note(listing.line, "LostLinkLabel", line, "class", label)
        for line, remnant in row.remnants:
            kind, column = classify_remnant(remnant, self.edition.at_sign)
            self.log.note(listing.line, kind, line, column, remnant)
        self.value_cells.read_cells(row, listing, bodies, bulleted=any(p.bullet for p in parts))
        self._note_doubts(row, listing)

    def _check_cells(self, row: Row) -> None:
        """Refuses a row whose cells hold what cannot stand there, as in a row that is shifted."""
        number, department = row.get_text("number"), row.cells["department"]
        if number and not number.isdecimal():
            raise Refused(f"{number!r} is no number", "mend the row, or decide with a curation entry")
        if number and not any(row.get_text(c) for c in ("prefecture", "place")) and row.continues is None:
            raise Refused("a number without a place", "complete the row, or decide with a curation entry")
        shifted = any(is_url(complete_url(normalise_name(li.text) or li.target)) for li in department.links)
        if shifted or find_email(department.text, self.edition.at_sign):
            raise Refused("a URL or an e-mail stands where the department is", "mend the row, or decide with a curation entry")
        if self.gazetteer.knows_municipality(department.text) or self.gazetteer.knows_prefecture(department.text):
            raise Refused("a place stands where the department is", "mend the row, or decide with a curation entry")

    def _note_markup(self, row: Row, listing: Listing) -> None:
        for column in ("prefecture", "place", "department"):
            cell = row.cells.get(column)
            if cell and cell.has_entity:
                self.log.note(listing.line, "HtmlEntity", row.line, column, cell.raw.strip())
            if cell and (cell.has_markup or cell.links):
                self.log.note(listing.line, "HtmlMarkup", row.line, column, cell.raw.strip())

    def _continue_listing(self, row: Row, number: int | None) -> Listing | None:
        """The listing that the row continues, None when it starts one."""
        prefecture, place = split_place(row)
        named = place if "place" in row.cells else prefecture
        if row.continues is None and named:
            follows = self.listing and number is not None and number == len(self.listing.bodies) + 1 and number > 1
            if follows and self.listing and self.places.find_place(row)[0] == self.listing.place:
                self.listing.lines += row.lines
                return self.listing
            return None
        if row.continues is None and prefecture:
            raise Refused("a prefecture without a place", "complete the row, or decide with a curation entry")
        if self.listing is None or self.listing.category != row.section.category:
            raise Refused("the row has no place and continues nothing", "complete the row, or decide with a curation entry")
        self.listing.lines += row.lines
        if row.continues:
            self.log.add(
                make_curated_issue(self.edition.number, row.continues, "place", row.continues.verbatim, self.listing.line)
            )
        return self.listing

    def _start_listing(self, row: Row) -> Listing:
        self.listing = None  # rows below must not continue the listing above when this one cannot be read
        place, remarks, issues = self.places.find_place(row)
        self.listing = Listing(self.edition, row.section.category, place, list(row.lines))
        if "class" not in row.cells:
            self.listing.class_status = "ColumnLost"
        self.result.listings.append(self.listing)
        for remark in remarks:
            self.log.note(self.listing.line, remark.kind, row.line, remark.column, remark.verbatim, remark.detail)
        for issue in issues:
            self.log.add(issue)
        return self.listing

    def _read_curated_listing(self, row: Row) -> None:
        assert row.entry is not None
        place = self.gazetteer.by_code.get(row.entry.place)
        if place is None:
            raise Refused(f"the curation entry names {row.entry.place!r}, which is no code of the table", "correct its place")
        text = normalise_name(self.document.get_line(row.line))
        listing = Listing(
            self.edition,
            row.section.category,
            place,
            list(row.lines),
            class_status="NotApplicable",
            status=row.entry.status,
            notes=[Stated(text, row.line)],
        )
        self.result.listings.append(listing)
        self.log.add(make_curated_issue(self.edition.number, row.entry, "line", text, row.line))
        self.listing = None

    def _read_bodies(self, row: Row, listing: Listing, parts: Sequence[Part]) -> list[Body]:
        department = row.get_text("department")
        if any(p.number is not None for p in parts):
            self.log.note(listing.line, "NumberedValues", row.lines, "department", department)
        if any(p.bullet for p in parts):
            self.log.note(listing.line, "BulletedValues", row.lines, "department", department)
        for line, note in row.notes:
            self._read_notes(listing, line, note, take_notes(note)[1])
        bodies = []
        for part in parts:
            name, notes = take_notes(part.text)
            if not re.search(r"[^\W\d_]", name):
                raise Refused(f"{department!r} names no department", "complete the row, or decide with a curation entry")
            if notes:
                self._read_notes(listing, self._locate(row, notes[0]), department, notes)
            kinds = {e.kind for e in self.curation.take(self.edition.number, row.lines, "body")}
            association = "association" in kinds or ("unit" not in kinds and is_association(name))
            body = Body(len(listing.bodies) + 1, name, association, self._locate(row, name), part.number)
            listing.bodies.append(body)
            bodies.append(body)
            self._judge_name(listing, body)
        return bodies

    def _judge_name(self, listing: Listing, body: Body) -> None:
        kind = {"ja": "JapaneseName", "ja-Latn": "RomanisedName"}.get(body.language)
        if kind:
            self.log.note(listing.line, kind, body.line, "department", body.name)
        for match in _CITY_IN_NAME.finditer(body.name):
            others = self.gazetteer.find_all_municipalities(match[0])
            if others and listing.place not in others:
                body.of_this_place = False
                self.log.note(listing.line, "BodyOfAnotherPlace", body.line, "department", body.name, others[0].label_en)

    def _read_notes(self, listing: Listing, line: int, verbatim: str, notes: Iterable[str]) -> None:
        for note in notes:
            if not note:
                self.log.note(listing.line, "StrayMarker", line, "department", verbatim)
                continue
            self.log.note(listing.line, "NoteInName", line, "department", verbatim)
            listing.notes.append(Stated(note, line))
            if named := find_association_in_note(note):
                listing.related.append(Stated(named.name, line))
                if named.runs_classes:
                    listing.operator = named.name

    def _note_class_row(self, row: Row, listing: Listing) -> None:
        empty = all(row.cells[c].is_empty for c in ("url", "email") if c in row.cells)
        if empty and "class" in row.cells and not row.cells["class"].is_empty:
            self.log.note(listing.line, "ClassLinkRow", row.line, "line", self.document.get_line(row.line))
        elif empty:
            raise Refused("the row holds nothing", "remove it or complete it")
        else:
            self.log.note(listing.line, "ContinuationRow", row.line, "line", self.document.get_line(row.line))

    def _note_doubts(self, row: Row, listing: Listing) -> None:
        for entry in self.curation.take(self.edition.number, row.lines, "doubt"):
            for column in entry.columns:
                issue = make_curated_issue(self.edition.number, entry, column, entry.verbatim, listing.line)
                self.log.add(issue)

    def _locate(self, row: Row, text: str) -> int:
        """The line of the row that the text starts on."""
        for line in row.lines if len(row.lines) > 1 else ():
            printed = normalise_name(self.document.get_line(line))
            if text in printed or (printed and text.startswith(printed)):
                return line
        return row.line
