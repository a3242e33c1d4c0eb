"""The seeds read whole: documents, catalogue, curation entries and reference table become listings and issues."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lod.catalogue import Catalogue, read_catalogue
from lod.curation import Entry, read_curation
from lod.documents import Document, read_documents
from lod.errors import Problem, SeedsError
from lod.issues import Issue, sort_issues
from lod.listings import Listing
from lod.place_table import read_places
from lod.places import Gazetteer
from lod.reading import read_listings
from lod.records import read_records
from lod.rows import read_table
from lod.suggestions import add_suggestions

T = TypeVar("T")


@dataclass(frozen=True)
class Facts:
    """What the seeds state: listings and issues in document order, what each line was read as, and the curation entries."""

    folder: Path
    catalogue: Catalogue
    gazetteer: Gazetteer
    documents: Sequence[Document]
    listings: Sequence[Listing]
    issues: Sequence[Issue]
    line_kinds: Mapping[str, Mapping[int, str]]
    decisions: Sequence[Entry]


def read_seeds(folder: Path) -> Facts:
    """Reads a folder of seeds; raises SeedsError with all problems of all its files together."""
    catalogue = read_catalogue(folder / "catalogue.toml")
    documents, problems = read_documents(catalogue, folder)
    gazetteer = _collect(problems, lambda: read_places(folder / catalogue.reference["file"]))
    curation = _collect(problems, lambda: read_curation(folder / "curation.toml", documents))
    if gazetteer is None or curation is None:
        raise SeedsError(problems)
    problems += curation.problems
    listings: list[Listing] = []
    issues: list[Issue] = []
    line_kinds: dict[str, dict[int, str]] = {}
    for document in documents:
        if document.edition.is_flattened:
            reading = read_records(document, gazetteer, curation)
        else:
            reading = read_table(document, catalogue, curation)
        found = read_listings(document, reading, catalogue, gazetteer, curation)
        problems += reading.problems + found.problems
        listings += found.listings
        issues += reading.issues + found.issues
        line_kinds[document.edition.number] = reading.line_kinds
    if not problems:
        problems += curation.find_unused()
    if problems:
        raise SeedsError(problems)
    issues = sort_issues(add_suggestions(issues, listings))
    return Facts(folder, catalogue, gazetteer, documents, listings, issues, line_kinds, curation.entries)


def _collect(problems: list[Problem], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except SeedsError as error:
        problems += error.problems
        return None
