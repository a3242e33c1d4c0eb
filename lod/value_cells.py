"""The URL, e-mail and class cells of a row: what of them is published, for which body, and what is not."""

from __future__ import annotations

from collections.abc import Sequence

from lod.cells import DecodedCell
from lod.curation import Curation
from lod.documents import Document
from lod.hosts import complete_url, find_at_signs, is_cut_url, is_gateway, is_url, unmask_email
from lod.issues import IssueLog
from lod.listings import Body, Channel, Listing, Stated
from lod.names import normalise_name
from lod.pairing import pair_values
from lod.rows import VALUE_COLUMNS, Row, make_curated_issue
from lod.values import CellValues, Value, read_values


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
        withheld = self._withhold(row, listing)
        for column in VALUE_COLUMNS:
            if column not in row.cells:
                continue
            cell = row.cells[column]
            found = read_values(cell, self.edition.at_sign)
            self._sort_words(listing, column, found)
            self._note_notation(row, listing, column, cell, found)
            usable = [self._judge_value(row, listing, column, v) for v in found.values]
            if column in withheld:
                usable = [""] * len(usable)
            if column == "class":
                self._add_channels(row, listing, cell, found.values, usable)
            else:
                self._add_contacts(row, listing, column, found.values, usable, bodies, bulleted=bulleted)

    def _withhold(self, row: Row, listing: Listing) -> set[str]:
        """The columns whose values a curation entry declares to be no facts; notes its issues."""
        withheld: set[str] = set()
        for entry in self.curation.take(self.edition.number, row.lines, "withhold"):
            withheld |= set(entry.columns)
            for column in ["line"] if "line" in entry.columns else entry.columns:
                cell = row.cells.get(column)
                links = " ".join(link.target for link in cell.links) if cell else ""
                text = links or (cell.text if cell else self.document.get_line(entry.line))
                self.log.add(make_curated_issue(self.edition.number, entry, column, text, listing.line))
        return withheld

    def _sort_words(self, listing: Listing, column: str, found: CellValues) -> None:
        """Words before a value are its label where they name a body of the listing; else no rule reads them."""
        names = {b.name.casefold() for b in listing.bodies}
        for value in found.values:
            words = value.words.rstrip(":：").rstrip()
            if column != "class" and not value.label and words.casefold() in names:
                value.label = words
            elif value.words:
                found.unread.append(value.words)

    def _note_notation(self, row: Row, listing: Listing, column: str, cell: DecodedCell, found: CellValues) -> None:
        values = found.values
        bare = not any(v.number is not None or v.label or v.bullet or v.in_parentheses for v in values)
        for kind, present in (
            ("HtmlEntity", cell.has_entity),
            ("HtmlMarkup", cell.has_markup),
            ("NumberedValues", any(v.number is not None for v in values)),
            ("BulletedValues", any(v.bullet for v in values)),
            ("LabelledValues", any(v.label for v in values)),
            ("ParenthesisedValue", any(v.in_parentheses for v in values)),
            ("UnmarkedValues", column == "class" and len(values) > 1 and bare and not any(v.label_after for v in values)),
        ):
            if present:
                self.log.note(listing.line, kind, row.line, column, cell.raw.strip())
        for marker in found.stray_markers:
            self.log.note(listing.line, "StrayMarker", row.line, column, marker)
        for text in found.unread:
            self.log.note(listing.line, "UnreadableValue", row.line, column, text)
        for label in filter(None, (v.label_after for v in values)):
            self.log.note(listing.line, "LinkLabel" if column == "class" else "UnreadableValue", row.line, column, label)

    def _judge_value(self, row: Row, listing: Listing, column: str, value: Value) -> str:
        """The value as it is published, empty where it is damaged; its issues are noted."""
        damage, damaged = self._find_damage(column, value)
        text = value.text if value.is_email else complete_url(value.text)
        printed = normalise_name(value.printed)
        at_signs = [sign for sign in find_at_signs(self.edition.at_sign) if sign in printed]
        shown = unmask_email(printed, at_signs) if value.is_email else printed
        masked = value.is_email and at_signs and self.edition.at_sign not in printed
        for kind, present, verbatim in (
            (damage, damage, damaged),
            ("AnchorTextDiffers", value.is_link and shown != value.text, value.printed),
            ("EmailNotation", masked and not damage, value.printed),
            ("TranslationGateway", not value.is_email and not damage and is_gateway(text, self.gateway_hosts), text),
        ):
            if present:
                self.log.note(listing.line, kind, row.line, column, verbatim)
        return "" if damage else text

    def _find_damage(self, column: str, value: Value) -> tuple[str, str]:
        """The kind of issue that keeps a value from being published, with its text; "" where there is none."""
        text = value.text if value.is_link else value.printed
        if value.is_email != (column == "email"):
            return ("EmailInUrlColumn" if value.is_email else "UrlInEmailColumn"), text
        if value.damage:
            return value.damage, text
        url = complete_url(value.text)
        if value.is_email or is_url(url):
            return "", ""
        return ("UrlTruncated" if is_cut_url(url) else "UnreadableValue"), text

    def _add_contacts(
        self,
        row: Row,
        listing: Listing,
        column: str,
        values: Sequence[Value],
        usable: Sequence[str],
        bodies: Sequence[Body],
        *,
        bulleted: bool,
    ) -> None:
        """Adds URLs or e-mails to the bodies they belong to; damaged ones count, so that the others keep their places."""
        paired, kind = pair_values(values, bodies, bulleted=bulleted)
        marked = any(v.number is not None or v.bullet or v.label or v.in_parentheses for v in values)
        if kind or (len(values) > 1 and not marked):
            self.log.note(listing.line, kind or "UnmarkedValues", row.line, column, row.cells[column].raw.strip())
        for text, body in zip(usable, paired, strict=True):
            if text:
                target = body or listing
                (target.urls if column == "url" else target.emails).append(Stated(text, row.line))

    def _add_channels(
        self, row: Row, listing: Listing, cell: DecodedCell, values: Sequence[Value], usable: Sequence[str]
    ) -> None:
        for value, url in zip(values, usable, strict=True):
            if not url:
                continue
            label = value.label_after or value.label
            known = next((c for c in listing.channels if (c.url, c.label) == (url, label)), None)
            if known:
                known.lines += [row.line] if row.line not in known.lines else []
                self.log.note(listing.line, "RepeatedValue", row.line, "class", url)
            else:
                listing.channels.append(Channel(url, label, [row.line]))
        if listing.channels:
            listing.class_status = "Given"
        elif not cell.is_empty:
            listing.class_status = "GivenButUnusable"
