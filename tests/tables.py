"""The tables in tests/expected, which were written by reading the documents."""

from __future__ import annotations

import csv
from pathlib import Path

EXPECTED = Path(__file__).resolve().parent / "expected"


def read_expected(name: str) -> list[dict[str, str]]:
    """The rows of one of the tables."""
    with (EXPECTED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
