"""Listings as a table (CSV, RFC 4180): one row for each body in charge, for spreadsheets and data frames."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from pyoxigraph import NamedNode

from server.dataset import Dataset, Edition
from server.pages.listings import Body, Listing, list_listings, read_listing

_NAMING = ("schema:about", "jle:unitInCharge", "jle:relatedOrganization")
_COLUMNS = (
    "edition",
    "today",
    "category",
    "government_code",
    "government",
    "government_ja",
    "body",
    "body_ja",
    "emails",
    "urls",
    "class_urls",
    "lines",
    "listing",
)


def has_table(dataset: Dataset, topic: NamedNode) -> bool:
    """Whether the document about a thing has listings to make a table of."""
    if not dataset.editions:
        return False
    if _find_edition(dataset, topic) or _is_listing(dataset, topic):
        return True
    naming = (next(dataset.quads(None, name, topic), None) for name in _NAMING)
    return any(isinstance(q.subject, NamedNode) and _is_listing(dataset, q.subject) for q in naming if q)


def write_table(dataset: Dataset, topic: NamedNode) -> bytes:
    """The listings of an edition, or those that the page about the thing shows."""
    edition = _find_edition(dataset, topic)
    return _write_rows(dataset, _list_of_edition(dataset, edition) if edition else list_listings(dataset, topic))


def _find_edition(dataset: Dataset, topic: NamedNode) -> Edition | None:
    return next((e for e in dataset.editions if topic in (e.iri, e.graph)), None)


def _list_of_edition(dataset: Dataset, edition: Edition) -> list[Listing]:
    found = [read_listing(dataset, iri) for iri in dataset.subjects("rdf:type", dataset.term("jle:Listing"), edition.graph)]
    return sorted((li for li in found if li), key=lambda li: _list_lines(dataset, li))


def _is_listing(dataset: Dataset, thing: NamedNode) -> bool:
    return dataset.term("jle:Listing") in dataset.values(thing, "rdf:type")


def _list_lines(dataset: Dataset, listing: Listing) -> list[int]:
    return sorted(int(n.value) for n in dataset.values(listing.iri, "jle:sourceLine", listing.edition.graph))


def _write_rows(dataset: Dataset, listings: Iterable[Listing]) -> bytes:
    """Several values of one cell stand one after the other with a blank between; no e-mail, URL or number has one."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for listing in listings:
        codes = dataset.values(listing.government, "jle:lgCode")
        first = [
            listing.edition.number,
            "true" if listing.is_current else "false",
            "; ".join(c.text for c in listing.categories),
            codes[0].value if codes else "",
            listing.government_label.text,
            listing.government_label.other,
        ]
        last = [
            " ".join(url for url, _ in listing.channels),
            " ".join(map(str, _list_lines(dataset, listing))),
            listing.iri.value,
        ]
        for cells in _list_cells(listing):
            writer.writerow([*first, *cells, *last])
    return text.getvalue().encode()


def _list_cells(listing: Listing) -> list[list[str]]:
    """Name, e-mails and URLs of each body; what is of the listing as a whole stands in a row without a name."""
    rows = [[*_name_body(body), " ".join(body.emails), " ".join(body.addresses)] for body in listing.bodies]
    if listing.emails or listing.addresses or not rows:
        rows.append(["", "", " ".join(listing.emails), " ".join(listing.addresses)])
    return rows


def _name_body(body: Body) -> list[str]:
    if body.label.language == "ja":
        return ["", body.label.text]
    return [body.label.text, body.label.other]
