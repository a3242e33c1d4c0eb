"""Two releases in one folder, for tests: one of documents 000, 001 and 002, and after it one of all five."""

from __future__ import annotations

import fcntl
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import SEEDS, get_run_folder, ignore_progress, share_release

from lod.configuration import Configuration
from lod.iris import DEFAULT_BASE
from lod.journal import JOURNAL, note_publication
from lod.pipeline import build_release
from lod.release import CURRENT, MANIFEST, Release, open_release

LATER = ("003", "004")


@dataclass(frozen=True)
class Pair:
    """A folder of releases with two of them; the later one is current."""

    folder: Path
    before: Release
    after: Release


def leave_out(seeds: Path, numbers: tuple[str, ...] = LATER) -> Path:
    """A copy of the shipped seeds without some documents, and without the decisions about them or by their evidence."""
    for number in numbers:
        (seeds / f"{number}.txt").unlink()
    for name, mark, word in (("catalogue.toml", "[[edition]]", "number"), ("curation.toml", "[[entry]]", "document")):
        head, *entries = (seeds / name).read_text(encoding="utf-8").split(f"{mark}\n")
        kept = [entry for entry in entries if not any(f'{word} = "{number}"' in entry for number in numbers)]
        (seeds / name).write_text(f"{mark}\n".join([head, *kept]), encoding="utf-8")
    return seeds


def share_pair(factory: pytest.TempPathFactory) -> Pair:
    """The pair that all workers of the run share, built by whichever needs it first; nobody may change it."""
    folder = get_run_folder(factory) / "release-pair"
    with (folder.parent / f"{folder.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / CURRENT).exists():
            seeds = leave_out(Path(shutil.copytree(SEEDS, folder.parent / "release-pair-seeds")))
            build_release(Configuration(seeds, folder), ignore_progress)
            add_release(folder, share_release(factory, DEFAULT_BASE))
    before, after = (folder / line.split('"')[3] for line in (folder / JOURNAL).read_text().splitlines())
    return Pair(folder, open_release(before), open_release(after))


def copy_pair(pair: Pair, folder: Path) -> Pair:
    """A copy of the pair that a test may prune; what tests change is copied, all other files are shared."""

    def copy(source: str, target: str) -> None:
        (shutil.copy2 if Path(source).name in (JOURNAL, MANIFEST) else os.link)(source, target)

    shutil.copytree(pair.folder, folder, symlinks=True, copy_function=copy)
    return Pair(folder, open_release(folder / pair.before.id), open_release(folder / pair.after.id))


def add_release(folder: Path, release: Release) -> Release:
    """Adds a release that was built elsewhere, as the current one."""
    if not (folder / release.id).exists():
        shutil.copytree(release.path, folder / release.id, copy_function=os.link)
    link = folder / ".switching"
    link.symlink_to(release.id)
    link.replace(folder / CURRENT)
    note_publication(folder, release.id)
    return open_release(folder)
