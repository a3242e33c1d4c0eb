"""The URL, e-mail and class cells of a row: what of them is published, for which body, and what is not."""

from __future__ import annotations

from collections.abc import Sequence

from lod.cells import CellValues, DecodedCell, Link, Value, decode_cell, read_values
from lod.curation import Curation
from lod.documents import Document
from lod.hosts import complete_url, is_gateway, is_public_host, is_url
from lod.issues import IssueLog
from lod.listings import Body, Channel, Listing, Stated
from lod.names import normalise_name
from lod.pairing import pair_values
from lod.rows import VALUE_COLUMNS, Row, make_curated_issue


def decode_row_cell(document: Document, row: Row, column: str) -> DecodedCell:
    """A cell of a row, decoded as the layout of its document demands."""
    return decode_cell(row.cells.get(column, ""), html=document.edition.layout == "tab-separated-html")


class ValueCellReader:
    """Reads the value cells of one edition's rows into their listings."""

    def __init__(self, document: Document, curation: Curation, gateway_hosts: Sequence[str], log: IssueLog) -> None:
        self.document = document
        self.edition = document.edition
        self.curation = curation
        self.gateway_hosts = gateway_hosts
        self.log = log

    def read_cells(self, row: Row, listing: Listing, bodies: Sequence[Body], *, bulleted: bool) -> None:
        """Adds the usable values of a row to its bodies and its listing, and notes what is irregular or damaged."""
        withheld: set[str] = set()
        for entry in self.curation.take(self.edition.number, row.lines, "withhold"):
            withheld |= set(entry.columns)
            for column in ["line"] if "line" in entry.columns else entry.columns:
                cell = decode_row_cell(self.document, row, column) if column != "line" else None
                links = [p.target for p in cell.parts if isinstance(p, Link)] if cell else []
                text = self.document.get_line(entry.line) if cell is None else " ".join(links) or cell.text
                self.log.add(make_curated_issue(self.edition.number, entry, column, text, listing.line))
        for column in VALUE_COLUMNS:
            if column not in row.cells:
                continue
            cell = decode_row_cell(self.document, row, column)
            found = read_values(cell, self.edition.at_sign)
            self._note_notation(row, listing, column, cell, found)
            good = [(v, url) for v in found.values if (url := self._judge_value(row, listing, column, v))]
            if column == "class":
                self._read_channels(row, listing, cell, [] if column in withheld else good)
                continue
            paired, kind = pair_values([v for v, _ in good], bodies, bulleted=bulleted)
            several = len(found.values) > 1 and not any(
                v.number or v.bullet or v.label or v.in_parentheses for v in found.values
            )
            if kind or several:
                self.log.note(listing.line, kind or "UnmarkedValues", row.line, column, row.cells[column].strip())
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
                self.log.note(listing.line, kind, row.line, column, row.cells[column].strip())
        for marker in found.stray_markers:
            self.log.note(listing.line, "StrayMarker", row.line, column, marker)
        for text in found.unread:
            self.log.note(listing.line, "UnreadableValue", row.line, column, text)
        for kind, text in found.damaged_emails:
            self.log.note(listing.line, kind, row.line, column, text)

    def _judge_value(self, row: Row, listing: Listing, column: str, value: Value) -> str:
        """The value as it is published, empty where it is damaged; its issues are noted."""
        is_link = "@" not in value.text or "://" in value.text
        if column == "email":
            if is_link:
                self.log.note(listing.line, "UrlInEmailColumn", row.line, column, value.text)
                return ""
            if self.edition.at_sign not in value.anchor:
                self.log.note(listing.line, "EmailNotation", row.line, column, value.anchor)
            return value.text
        if not is_link:
            self.log.note(listing.line, "EmailInUrlColumn", row.line, column, value.text)
            return ""
        url = complete_url(value.text)
        if normalise_name(value.anchor) != value.text:
            self.log.note(listing.line, "AnchorTextDiffers", row.line, column, value.anchor)
        if not is_url(url):
            host = url.split("://", 1)[-1].split("/")[0]
            self.log.note(
                listing.line, "UnreadableValue" if is_public_host(host) else "UrlTruncated", row.line, column, value.text
            )
            return ""
        if is_gateway(url, self.gateway_hosts):
            self.log.note(listing.line, "TranslationGateway", row.line, column, url)
        if value.label_after and column == "url":
            self.log.note(listing.line, "UnreadableValue", row.line, column, value.label_after)
        return url

    def _read_channels(self, row: Row, listing: Listing, cell: DecodedCell, good: Sequence[tuple[Value, str]]) -> None:
        if len(good) > 1 and not any(v.number or v.bullet or v.label_after for v, _ in good):
            self.log.note(listing.line, "UnmarkedValues", row.line, "class", row.cells["class"].strip())
        for value, url in good:
            if value.label_after:
                self.log.note(listing.line, "LinkLabel", row.line, "class", value.label_after)
            label = value.label_after or value.label
            known = next((c for c in listing.channels if (c.url, c.label) == (url, label)), None)
            if known:
                known.lines.append(row.line)
                self.log.note(listing.line, "RepeatedValue", row.line, "class", url)
            else:
                listing.channels.append(Channel(url, label, [row.line]))
        if listing.channels:
            listing.class_status = "Given"
        elif cell.text:
            listing.class_status = "GivenButUnusable"
