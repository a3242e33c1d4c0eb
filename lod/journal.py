"""The journal of a folder of releases: which release became the current one, and when.

It lies beside the releases, since nothing in a release may depend on the time of its build.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

JOURNAL = "journal.jsonl"


@dataclass(frozen=True)
class Publication:
    """A release that became the current one at a time (UTC, whole seconds)."""

    release: str
    published: datetime


def read_journal(folder: Path) -> tuple[Publication, ...]:
    """All publications, the oldest first; a line that is damaged or of another kind is passed over."""
    try:
        lines = (folder / JOURNAL).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    return tuple(found for line in lines if (found := _read_line(line)))


def note_publication(folder: Path, release_id: str) -> None:
    """Adds that a release is the current one from now on, unless the last line says so already."""
    journal = read_journal(folder)
    if journal and journal[-1].release == release_id:
        return
    line = json.dumps({"release": release_id, "published": datetime.now(UTC).isoformat(timespec="seconds")})
    with (folder / JOURNAL).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def find_publication(folder: Path, release_id: str) -> datetime | None:
    """When a release became the current one last."""
    return next((p.published for p in reversed(read_journal(folder)) if p.release == release_id), None)


def rank_publications(folder: Path) -> dict[str, int]:
    """The releases that were ever current, each with its place in the order in which they became so last."""
    return {publication.release: place for place, publication in enumerate(read_journal(folder))}


def _read_line(line: str) -> Publication | None:
    try:
        entry = json.loads(line)
        if isinstance(entry, Mapping) and isinstance(entry["release"], str):
            return Publication(entry["release"], datetime.fromisoformat(entry["published"]).astimezone(UTC))
    except (ValueError, KeyError, TypeError):
        pass
    return None
