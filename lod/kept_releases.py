"""The releases in one folder, in the order in which they became current, and the remains of those that were pruned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lod.errors import ReleaseError
from lod.journal import rank_publications
from lod.release import CURRENT, MANIFEST, PRUNED, Release, open_release, read_checksums

PREVIOUS = "previous"
_SHORTEST = 4  # hexadecimal digits that may stand for an identifier


def list_releases(folder: Path) -> list[Release]:
    """The releases that are kept, the oldest first.

    The journal has the order: a release that became current again counts from then on. Releases that it does not name are
    older than all that it names, in the order in which they were written.
    """
    return _sort(folder, _open_all(folder))


def list_all_releases(folder: Path) -> list[Release]:
    """The same with what remains of pruned releases (`Release.is_pruned`)."""
    kept = list(_open_all(folder))
    ids = {release.id for release, _ in kept}
    remains = [(release, written) for release, written in _open_all(folder / PRUNED) if release.id not in ids]
    return _sort(folder, [*kept, *remains])


def list_history(release: Release) -> list[Release]:
    """A release and all before it, the newest first, also pruned ones; alone where it lies in no folder of releases.

    So a server tells one story while another release becomes current: that of the release which it serves.
    """
    if release.path.name != release.manifest.get("id"):
        return [release]
    releases = list_all_releases(release.folder)
    places = [place for place, other in enumerate(releases) if other.id == release.id]
    return [release, *reversed(releases[: places[0]])] if places else [release]


def find_current(folder: Path) -> Release | None:
    """The release that the link points to."""
    try:
        return open_release(folder / CURRENT)
    except ReleaseError:
        return None


def find_release(folder: Path, name: str) -> Release:
    """The release that a person means: `current`, `previous`, an identifier or the beginning of one, or a folder anywhere.

    Raises ReleaseError that says which there are.
    """
    releases = list_releases(folder)
    if name in (CURRENT, PREVIOUS):
        return _find_by_word(folder, releases, name)
    if re.fullmatch(f"[0-9a-f]{{{_SHORTEST},}}", name):
        found = [release for release in releases if release.id.startswith(name)]
        if len(found) == 1:
            return found[0]
        if found:
            raise ReleaseError(f"{name} may be {' or '.join(r.id for r in found)}: give more of it")
    if (Path(name) / MANIFEST).exists() or (Path(name) / CURRENT).exists():
        return open_release(Path(name))
    if any(release.id.startswith(name) for release in list_all_releases(folder)) and len(name) >= _SHORTEST:
        raise ReleaseError(f"release {name} was pruned from {folder}: `lod releases` lists those that are kept")
    raise ReleaseError(f"there is no release {name!r} in {folder}: `lod releases` lists them; a folder can be given too")


def _find_by_word(folder: Path, releases: list[Release], name: str) -> Release:
    current = find_current(folder)
    if current is None:
        return open_release(folder)  # which says what to do
    if name == CURRENT:
        return current
    before = [release for release in list_history(current)[1:] if not release.is_pruned]
    if not before:
        raise ReleaseError(f"no release in {folder} came before {current.id}: build another with `lod build --out {folder}`")
    return before[0]


def measure_release(release: Release) -> int:
    """The bytes of all its files; those that are missing count nothing."""
    paths = (release.path / name for name in read_checksums(release.path))
    return sum(path.stat().st_size for path in paths if path.is_file())


def _open_all(folder: Path) -> Iterator[tuple[Release, int]]:
    """The releases in a folder, each named by it, with the time when it was written."""
    for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
        if manifest.parent.is_symlink():
            continue
        try:
            release, written = open_release(manifest.parent), manifest.stat().st_mtime_ns
        except (ReleaseError, OSError):  # broken, or removed meanwhile
            continue
        if release.id == manifest.parent.name:
            yield release, written


def _sort(folder: Path, found: Iterable[tuple[Release, int]]) -> list[Release]:
    ranks = rank_publications(folder)
    ordered = sorted(found, key=lambda pair: (pair[0].id in ranks, ranks.get(pair[0].id, 0), pair[1], pair[0].id))
    return [release for release, _ in ordered]
