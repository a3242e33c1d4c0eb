"""The journal of a folder of releases: which release became the current one, and when.

It lies beside the releases, since nothing in a release may depend on the time of its build.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
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
        with (folder / JOURNAL).open("rb") as file:
            state = os.fstat(file.fileno())
            return _read_file(folder, state.st_ino, state.st_size, state.st_mtime_ns)
    except OSError:
        return ()


def note_publication(folder: Path, release_id: str) -> None:
    """Adds that a release is the current one from now on, unless the last line says so already."""
    journal = read_journal(folder)
    if journal and journal[-1].release == release_id:
        return
    line = json.dumps({"release": release_id, "published": datetime.now(UTC).isoformat(timespec="seconds")})
    path = folder / JOURNAL
    is_cut = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0  # the disk was full
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n" if is_cut else f"{line}\n")
        file.flush()
        os.fsync(file.fileno())


def find_publication(folder: Path, release_id: str) -> datetime | None:
    """When a release became the current one last."""
    return next((p.published for p in reversed(read_journal(folder)) if p.release == release_id), None)


def rank_publications(folder: Path) -> dict[str, int]:
    """The releases that were ever current, each with its place in the order in which they became so last."""
    return {publication.release: place for place, publication in enumerate(read_journal(folder))}


@lru_cache(maxsize=4)  # a page about releases asks for each of them when it was published
def _read_file(folder: Path, _inode: int, _size: int, _written: int) -> tuple[Publication, ...]:
    lines = (folder / JOURNAL).read_bytes().split(b"\n")
    return tuple(found for line in lines if (found := _read_line(line)))


def _read_line(line: bytes) -> Publication | None:
    try:
        entry = json.loads(line)
        if isinstance(entry, Mapping) and isinstance(entry["release"], str):
            return Publication(entry["release"], datetime.fromisoformat(entry["published"]).astimezone(UTC))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        pass
    return None
