"""How old an edition is, as far as the catalogue infers it: the documents bear no date."""

from __future__ import annotations

from datetime import date

from babel.dates import format_skeleton

from server.dataset import DEFAULT, Dataset, Edition
from server.language_choice import LANGUAGES


def read_start(dataset: Dataset, edition: Edition) -> dict[str, str]:
    """The time before which the edition cannot have been made, written for each language; empty where none is inferred."""
    periods = dataset.things(edition.iri, "dcterms:temporal", DEFAULT)
    starts = [start.value for period in periods for start in dataset.texts(period, "dcat:startDate", DEFAULT)]
    return {language: _write_date(starts[-1], language) for language in LANGUAGES} if starts else {}


def _write_date(text: str, language: str) -> str:
    """A year, or a year and a month, as the language writes it."""
    year, _, month = text.partition("-")
    return format_skeleton("yMMMM" if month else "y", date(int(year), int(month[:2] or 1), 1), locale=language)
