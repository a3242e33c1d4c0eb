"""Removes releases that nobody needs any more, and leaves what tells that they were there, and what they had.

What remains of a release is a folder `pruned/{id}` with its manifest, its SHA256SUMS, and a skeleton of its statements: each
thing that it described, and what is needed to tell what that belonged to and what may stand in its place.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lod.kept_releases import find_current, list_releases
from lod.release import (
    BUILDING,
    CHECKSUMS,
    MANIFEST,
    PRUNED,
    SKELETON,
    Release,
    lock_releases,
    remove_leftovers,
    sync_folder,
    write_file,
)

_LINE = re.compile(rb"(<[^>]*>) <([^>]*)> [^\n]*\n")
_KEPT = re.compile(  # the properties that `server/gone.py` reads; under the base IRI those of the vocabulary
    rb"https?://schema\.org/(?:parentOrganization|about|containedInPlace|email|contactPoint|supersededBy)"
    rb"|http://purl\.org/dc/terms/(?:isPartOf|isReplacedBy|replaces)|http://www\.w3\.org/ns/dcat#inSeries"
    rb"|http://www\.w3\.org/ns/prov#wasRevisionOf|.*ontology#(?:inEdition|category|contact|unitInCharge)"
)


def choose_pruned(folder: Path, keep: int | None, days: float | None, now: datetime | None = None) -> list[Release]:
    """The releases to remove, the oldest first: all but the newest `keep`, as far as they were published `days` ago.

    Either may be left out (None). The current release is never among them.
    """
    current = find_current(folder)
    releases = list_releases(folder)
    candidates = releases[: max(0, len(releases) - keep)] if keep is not None else releases
    if days is not None:
        latest = (now or datetime.now(UTC)) - timedelta(days=days)
        candidates = [release for release in candidates if release.published < latest]
    return [release for release in candidates if not current or release.id != current.id]


def prune_releases(folder: Path, keep: int | None, days: float | None) -> list[Release]:
    """Removes those releases, one after the other; raises OSError.

    Of each first its remains are written, then its folder gets another name in one step, then it is emptied: who is killed
    in between leaves a whole release, or one that is gone; the next build or prune clears away the rest.
    """
    with lock_releases(folder):
        remove_leftovers(folder)
        chosen = choose_pruned(folder, keep, days)
        for release in chosen:
            _write_remains(release)
            release.path.rename(Path(tempfile.mkdtemp(prefix=BUILDING, dir=folder)) / release.id)
            sync_folder(folder)
            remove_leftovers(folder)
    return chosen


def _write_remains(release: Release) -> None:
    folder = release.folder
    (folder / PRUNED).mkdir(exist_ok=True)
    final = folder / PRUNED / release.id
    building = Path(tempfile.mkdtemp(prefix=BUILDING, dir=folder))
    for name in (MANIFEST, CHECKSUMS):
        if (release.path / name).exists():
            write_file(building / name, (release.path / name).read_bytes())
    facts = release.facts_file.read_bytes() if release.facts_file.exists() else b""
    write_file(building / SKELETON, b"".join(_list_bones(facts)))
    building.chmod(0o755)
    sync_folder(building)
    if final.exists():  # it was pruned before, and built again
        final.rename(Path(tempfile.mkdtemp(prefix=BUILDING, dir=folder)) / release.id)
    building.rename(final)
    sync_folder(final.parent)


def _list_bones(facts: bytes) -> Iterator[bytes]:
    """The first line of each subject, and all with one of the properties that are kept."""
    last = b""
    for found in _LINE.finditer(facts):
        if found[1] != last or _KEPT.fullmatch(found[2]):
            yield found[0]
        last = found[1]
