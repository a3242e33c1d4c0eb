"""From rows to listings: the rules that say what a row states, and the issues found on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lod.catalogue import Catalogue
from lod.cells import CellValues, DecodedCell, Link, Value, decode_cell, read_values, split_department
from lod.curation import Curation
from lod.documents import Document
from lod.errors import Problem, Refused
from lod.hosts import complete_url, is_gateway, is_public_host, is_url
from lod.issues import Issue, make_issue
from lod.listings import Body, Channel, Listing, Stated
from lod.names import find_association_in_note, is_association, normalise_name, take_notes
from lod.pairing import pair_values
from lod.places import Found, Gazetteer, Place, Spelling
from lod.rows import VALUE_COLUMNS, Reading, Row, make_curated_issue

_PLACE_SEPARATOR = re.compile(r"\s*[,、・·]\s*")
_CITY_IN_NAME = re.compile(r"\b([A-Z][\w-]*) (?:City|Town|Village)\b")


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
        self.reading = reading
        self.gazetteer = gazetteer
        self.curation = curation
        self.gateway_hosts = catalogue.gateway_hosts
        self.states_prefecture = {id(r.section) for r in reading.rows if self._split_place(r)[0] and "place" in r.cells}
        self.result = Listings()
        self.listing: Listing | None = None

    def read_row(self, row: Row) -> None:
        if row.entry is not None:
            self._read_curated_listing(row)
            return
        department = self._decode(row, "department")
        parts, stray = split_department(department.text)
        listing = self._continue_listing(row, parts[0].number if parts else None)
        if listing is None:
            listing = self._start_listing(row)
            if not parts:
                raise Refused("no department in charge is named", "complete the row, or decide with a curation entry")
        elif not parts:
            self._note_class_row(row, listing)
        else:
            self._note(listing, "ContinuationRow", row.line, "line", self.document.get_line(row.line))
        bodies = self._read_bodies(row, listing, department)
        for marker in stray:
            self._note(listing, "StrayMarker", self._locate(row, marker), "department", marker)
        for line, label in row.lost_labels:
            self._note(listing, "LostLinkLabel", line, "class", label)
        for line, remnant in row.remnants:
            kind, column = ("EmailTruncated", "email") if "@" in remnant else ("UrlTruncated", "url")
            self._note(listing, kind, line, column, remnant)
        self._read_values(row, listing, bodies, bulleted=any(p.bullet for p in parts))
        self._note_doubts(row, listing)

    # which listing

    def _split_place(self, row: Row) -> tuple[str, str]:
        """Prefecture and place as printed; a prefecture may stand in the place cell."""
        prefecture, place = (normalise_name(row.cells.get(c, "")) for c in ("prefecture", "place"))
        if "place" in row.cells and not prefecture:
            first, *rest = _PLACE_SEPARATOR.split(place, maxsplit=1)
            if rest and re.search(r"[ -](prefecture|ken|fu|to)$|[都道府県]$", first, re.IGNORECASE):
                return first, rest[0]
        return prefecture, place

    def _continue_listing(self, row: Row, number: int | None) -> Listing | None:
        """The listing that the row continues, None when it starts one."""
        prefecture, place = self._split_place(row)
        named = place if "place" in row.cells else prefecture
        if row.continues is None and named:
            follows = self.listing and number is not None and number == len(self.listing.bodies) + 1 and number > 1
            if follows and self.listing and self._find_place(row)[0] == self.listing.place:
                self.listing.lines += row.lines
                return self.listing
            return None
        if row.continues is None and prefecture:
            raise Refused("a prefecture without a place", "complete the row, or decide with a curation entry")
        if self.listing is None or self.listing.category != row.section.category:
            raise Refused("the row has no place and continues nothing", "complete the row, or decide with a curation entry")
        self.listing.lines += row.lines
        if row.continues:
            self.result.issues.append(
                make_curated_issue(self.edition.number, row.continues, "place", row.continues.verbatim, self.listing.line)
            )
        return self.listing

    def _start_listing(self, row: Row) -> Listing:
        self.listing = None  # rows below must not continue the listing above when this one cannot be read
        place, issues = self._find_place(row)
        self.listing = Listing(self.edition, row.section.category, place, list(row.lines))
        if not set(VALUE_COLUMNS) & set(row.cells) or "class" not in row.cells:
            self.listing.class_status = "ColumnLost"
        self.result.listings.append(self.listing)
        for kind, column, verbatim, detail in issues:
            self._note(self.listing, kind, row.line, column, verbatim, detail)
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
        self.result.issues.append(make_curated_issue(self.edition.number, row.entry, "line", text, row.line))
        self.listing = None

    def _find_place(self, row: Row) -> tuple[Place, list[tuple[str, str, str, str]]]:
        """The place of a row, and the issues of its spelling as (kind, column, verbatim, detail)."""
        printed_prefecture, printed = self._split_place(row)
        issues: list[tuple[str, str, str, str]] = []
        if "place" not in row.cells:
            found = self.gazetteer.find_prefecture(printed_prefecture)
            self._judge_spelling(found, "prefecture", printed_prefecture, issues)
            return found.place, issues
        prefecture = self.gazetteer.find_prefecture(printed_prefecture) if printed_prefecture else None
        if entries := self.curation.take(self.edition.number, row.lines, "place"):
            if entries[0].place not in self.gazetteer.by_code:
                raise Refused(f"the curation entry names {entries[0].place!r}, which is no code of the table", "correct it")
            found = Found(self.gazetteer.by_code[entries[0].place], Spelling.EXACT)
            self.result.issues.append(
                make_curated_issue(self.edition.number, entries[0], "place", printed, row.line)
            )
        else:
            found = self.gazetteer.find_municipality(printed, prefecture.place if prefecture else None)
        own = self.gazetteer.get_prefecture_of(found.place)
        self._judge_prefecture(row, prefecture, own, printed_prefecture or printed, issues)
        in_place_cell = not normalise_name(row.cells.get("prefecture", ""))
        if prefecture and prefecture.spelling is Spelling.VARIANT and found.spelling is Spelling.EXACT:
            column, text = ("place", row.cells["place"]) if in_place_cell else ("prefecture", printed_prefecture)
            issues.append(("PlaceNameVariant", column, normalise_name(text), own.label_en))
        elif found.spelling is not Spelling.EXACT:
            issues.append(("PlaceNameVariant", "place", normalise_name(row.cells["place"]), found.place.label_en))
        return found.place, issues

    def _judge_spelling(self, found: Found, column: str, printed: str, issues: list[tuple[str, str, str, str]]) -> None:
        if found.spelling is Spelling.VARIANT:
            issues.append(("PlaceNameVariant", column, printed, found.place.label_en))
        elif found.spelling is Spelling.MISSPELT:
            issues.append(("PrefectureMisspelt", column, printed, found.place.label_en))

    def _judge_prefecture(
        self, row: Row, stated: Found | None, own: Place, verbatim: str, issues: list[tuple[str, str, str, str]]
    ) -> None:
        if stated is not None:
            if stated.place != own:
                issues.append(("PrefectureDiffers", "prefecture", verbatim, own.label_en))
            elif stated.spelling is Spelling.MISSPELT:
                issues.append(("PrefectureMisspelt", "prefecture", verbatim, own.label_en))
        elif id(row.section) in self.states_prefecture:
            implied = self.gazetteer.find_prefecture(row.above).place if row.above else own
            kind = "PrefectureMissing" if implied == own else "PrefectureDiffers"
            issues.append((kind, "prefecture", verbatim, own.label_en))

    # bodies in charge

    def _read_bodies(self, row: Row, listing: Listing, department: DecodedCell) -> list[Body]:
        parts, _ = split_department(department.text)
        if any(p.number is not None for p in parts):
            self._note(listing, "NumberedValues", row.lines, "department", department.text)
        if any(p.bullet for p in parts):
            self._note(listing, "BulletedValues", row.lines, "department", department.text)
        for line, note in row.notes:
            self._read_notes(listing, line, note, take_notes(note)[1])
        bodies = []
        for part in parts:
            name, notes = take_notes(part.text)
            if not name:
                raise Refused("a marker without a department", "complete the row, or decide with a curation entry")
            if notes:
                self._read_notes(listing, self._locate(row, notes[0]), department.text, notes)
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
            self._note(listing, kind, body.line, "department", body.name)
        for match in _CITY_IN_NAME.finditer(body.name):
            others = self.gazetteer.find_all_municipalities(match[0])
            if others and listing.place not in others:
                body.of_this_place = False
                self._note(listing, "BodyOfAnotherPlace", body.line, "department", body.name, others[0].label_en)

    def _read_notes(self, listing: Listing, line: int, verbatim: str, notes: Iterable[str]) -> None:
        for note in notes:
            self._note(listing, "NoteInName", line, "department", verbatim)
            listing.notes.append(Stated(note, line))
            if named := find_association_in_note(note):
                listing.related.append(Stated(named.name, line))
                if named.runs_classes:
                    listing.operator = named.name

    # URL, e-mail and class cells

    def _read_values(self, row: Row, listing: Listing, bodies: Sequence[Body], *, bulleted: bool) -> None:
        withheld: set[str] = set()
        for entry in self.curation.take(self.edition.number, row.lines, "withhold"):
            withheld |= set(entry.columns)
            for column in ["line"] if "line" in entry.columns else entry.columns:
                cell = self._decode(row, column) if column != "line" else None
                links = [p.target for p in cell.parts if isinstance(p, Link)] if cell else []
                text = self.document.get_line(entry.line) if cell is None else " ".join(links) or cell.text
                self.result.issues.append(make_curated_issue(self.edition.number, entry, column, text, listing.line))
        for column in VALUE_COLUMNS:
            if column not in row.cells:
                continue
            cell = self._decode(row, column)
            found = read_values(cell, self.edition.at_sign)
            self._note_notation(row, listing, column, cell, found)
            good = [(v, url) for v in found.values if (url := self._judge_value(row, listing, column, v))]
            if column == "class":
                self._read_channels(row, listing, cell, [] if column in withheld else good)
                continue
            paired, kind = pair_values([v for v, _ in good], bodies, bulleted=bulleted)
            several = len(found.values) > 1 and not any(v.number or v.bullet or v.label or v.in_parentheses for v in found.values)
            if kind or several:
                self._note(listing, kind or "UnmarkedValues", row.line, column, row.cells[column].strip())
            for (_, text), body in zip(good, paired, strict=True):
                if column not in withheld:
                    target = body or listing
                    (target.urls if column == "url" else target.emails).append(Stated(text, row.line))

    def _note_notation(self, row: Row, listing: Listing, column: str, cell: DecodedCell, found: CellValues) -> None:
        values = found.values
        for kind, present in (
            ("HtmlEntity", cell.has_entity),
            ("HtmlMarkup", cell.has_markup),
            ("NumberedValues", any(v.number is not None for v in values)),
            ("BulletedValues", any(v.bullet for v in values)),
            ("LabelledValues", any(v.label for v in values)),
            ("ParenthesisedValue", any(v.in_parentheses for v in values)),
        ):
            if present:
                self._note(listing, kind, row.line, column, row.cells[column].strip())
        for marker in found.stray_markers:
            self._note(listing, "StrayMarker", row.line, column, marker)
        for text in found.unread:
            self._note(listing, "UnreadableValue", row.line, column, text)
        for kind, text in found.damaged_emails:
            self._note(listing, kind, row.line, column, text)

    def _judge_value(self, row: Row, listing: Listing, column: str, value: Value) -> str:
        """The value as it is published, empty where it is damaged; its issues are noted."""
        is_link = "@" not in value.text or "://" in value.text
        if column == "email":
            if is_link:
                self._note(listing, "UrlInEmailColumn", row.line, column, value.text)
                return ""
            if self.edition.at_sign not in value.anchor:
                self._note(listing, "EmailNotation", row.line, column, value.anchor)
            return value.text
        if not is_link:
            self._note(listing, "EmailInUrlColumn", row.line, column, value.text)
            return ""
        url = complete_url(value.text)
        if normalise_name(value.anchor) != value.text:
            self._note(listing, "AnchorTextDiffers", row.line, column, value.anchor)
        if not is_url(url):
            host = url.split("://", 1)[-1].split("/")[0]
            self._note(listing, "UnreadableValue" if is_public_host(host) else "UrlTruncated", row.line, column, value.text)
            return ""
        if is_gateway(url, self.gateway_hosts):
            self._note(listing, "TranslationGateway", row.line, column, url)
        if value.label_after and column == "url":
            self._note(listing, "UnreadableValue", row.line, column, value.label_after)
        return url

    def _read_channels(self, row: Row, listing: Listing, cell: DecodedCell, good: Sequence[tuple[Value, str]]) -> None:
        if len(good) > 1 and not any(v.number or v.bullet or v.label_after for v, _ in good):
            self._note(listing, "UnmarkedValues", row.line, "class", row.cells["class"].strip())
        for value, url in good:
            if value.label_after:
                self._note(listing, "LinkLabel", row.line, "class", value.label_after)
            label = value.label_after or value.label
            known = next((c for c in listing.channels if (c.url, c.label) == (url, label)), None)
            if known:
                known.lines.append(row.line)
                self._note(listing, "RepeatedValue", row.line, "class", url)
            else:
                listing.channels.append(Channel(url, label, [row.line]))
        if listing.channels:
            listing.class_status = "Given"
        elif cell.text:
            listing.class_status = "GivenButUnusable"

    def _note_class_row(self, row: Row, listing: Listing) -> None:
        empty = not any(normalise_name(row.cells.get(c, "")) for c in ("url", "email"))
        if empty and normalise_name(row.cells.get("class", "")):
            self._note(listing, "ClassLinkRow", row.line, "line", self.document.get_line(row.line))
        elif empty:
            raise Refused("the row holds nothing", "remove it or complete it")
        else:
            self._note(listing, "ContinuationRow", row.line, "line", self.document.get_line(row.line))

    # small steps

    def _decode(self, row: Row, column: str) -> DecodedCell:
        return decode_cell(row.cells.get(column, ""), html=self.edition.layout == "tab-separated-html")

    def _note_doubts(self, row: Row, listing: Listing) -> None:
        for entry in self.curation.take(self.edition.number, row.lines, "doubt"):
            for column in entry.columns:
                issue = make_curated_issue(self.edition.number, entry, column, entry.verbatim, listing.line)
                self.result.issues.append(issue)

    def _locate(self, row: Row, text: str) -> int:
        """The line of the row that the text starts on."""
        for line in row.lines:
            printed = normalise_name(self.document.get_line(line))
            if text in printed or (printed and text.startswith(printed)):
                return line
        return row.line

    def _note(
        self, listing: Listing, kind: str, line: int | Sequence[int], column: str, verbatim: str, detail: str = ""
    ) -> None:
        lines = [line] if isinstance(line, int) else line
        issue = make_issue(self.edition.number, kind, lines, column, verbatim, detail, listing=listing.line)
        self.result.issues.append(issue)

