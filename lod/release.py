"""A release: a folder named by its content that holds the data in every format, written beside and switched to atomically."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store

from lod.data_files import load_file, recognize_file
from lod.errors import ReleaseError
from lod.iris import Iris
from lod.journal import find_publication, note_publication
from lod.manifests import is_manifest, read_checksum_lines

CURRENT = "current"
MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"
PRUNED, SKELETON = "pruned", "skeleton.nq"  # where the remains of pruned releases lie, and what they had (`lod/prune.py`)
FACTS = ("all.nq", "release.nq")  # all graphs: the data, and what the release states of itself
BUILDING = ".building-"


@dataclass(frozen=True)
class Release:
    """A release that was opened for reading."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.manifest["id"])

    @property
    def iris(self) -> Iris:
        return Iris(str(self.manifest["base"]))

    @property
    def prefixes(self) -> dict[str, str]:
        return dict(self.manifest["prefixes"])

    @property
    def is_foreign(self) -> bool:
        """Whether it is other files in the place of a release (`lod/foreign_data.py`), which may say anything."""
        return "data" in self.manifest

    @property
    def is_pruned(self) -> bool:
        """Whether it is only the remains of a release: its manifest, the names of its files, and what it described."""
        return self.path.parent.name == PRUNED

    @property
    def folder(self) -> Path:
        """Where releases are kept."""
        return self.path.parent.parent if self.is_pruned else self.path.parent

    @property
    def facts_file(self) -> Path:
        """All that it states, as N-Quads; of a pruned one, what is needed to tell what it had."""
        return self.path / (SKELETON if self.is_pruned else FACTS[0])

    @property
    def vocabulary(self) -> dict[str, str]:
        """The prefixes by which the code names terms; those of other data may mean something else."""
        return dict(self.manifest.get("vocabulary") or self.manifest["prefixes"])

    @property
    def published(self) -> datetime:
        """When it became the current one last, by the journal beside it; without one, when it was written."""
        found = find_publication(self.folder, self.id)
        return found or datetime.fromtimestamp(int((self.path / MANIFEST).stat().st_mtime), UTC)

    @property
    def summary(self) -> str:
        """What it holds, in a few words."""
        if self.is_foreign:
            files = list(self.manifest["data"].values())
            return f"data from {', '.join(files[:3])}{f' and {len(files) - 3} more' if files[3:] else ''}"
        counts = self.manifest["counts"]
        return f"{sum(counts['listings'].values())} listings of {counts['governments']} governments"

    @property
    def context(self) -> dict[str, Any]:
        """The JSON-LD context, filled in with the base IRI."""
        context: dict[str, Any] = json.loads(self.read_bytes("ontology/context.jsonld"))["@context"]
        return context

    def read_bytes(self, name: str) -> bytes:
        """The content of one of the release's files; raises ReleaseError where it is missing."""
        try:
            return (self.path / name).read_bytes()
        except OSError as error:
            raise ReleaseError(f"{self.path / name} cannot be read: {error.strerror}; build again with `lod build`") from None

    def load_store(self) -> Store:
        """All graphs in an in-memory store; raises ReleaseError, and DataError for a file of other data."""
        store = Store()
        if self.is_foreign:
            for name in self.manifest["data"]:
                load_file(store, recognize_file((self.path / name).resolve()), self.iris.base)
            return store
        for name in FACTS:
            try:
                store.bulk_load(path=self.path / name, format=RdfFormat.N_QUADS)
            except (OSError, SyntaxError) as error:
                raise ReleaseError(f"{self.path / name} cannot be read: {error}; build again with `lod build`") from None
        return store

    def find_damage(self) -> list[str]:
        """The files that are missing, changed or not listed in SHA256SUMS; empty for a whole release."""
        listed = read_checksums(self.path)
        if MANIFEST not in listed:
            return [CHECKSUMS]
        there = {p.relative_to(self.path).as_posix() for p in self.path.rglob("*") if p.is_file()} - {CHECKSUMS}
        changed = [n for n, digest in listed.items() if n in there and compute_sha256(self.path / n) != digest]
        return sorted({*changed, *(set(listed) ^ there)})


def open_release(folder: Path) -> Release:
    """Opens the release that a folder holds or that its `current` points to; raises ReleaseError where there is none."""
    path = folder if (folder / MANIFEST).exists() else folder / CURRENT
    try:
        path = path.resolve(strict=True)
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        readable = is_manifest(manifest)
    except (OSError, ValueError, RuntimeError):  # RuntimeError: a link that leads to itself, or brackets without end
        readable = False
    if not readable:
        raise ReleaseError(f"there is no release in {folder}: build one with `lod build --out {folder}`")
    return Release(path, manifest)


def write_release(folder: Path, files: Mapping[str, bytes], release_id: str) -> Release:
    """Writes a release beside the others and makes it the current one.

    Until the last step, an atomic rename of the link `current`, readers see the release that was there before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with lock_releases(folder):
        remove_leftovers(folder)  # of a build that was killed: its lock is gone
        final = folder / release_id
        try:
            if final.is_symlink() or not final.is_dir() or Release(final, {}).find_damage():
                _write_folder(folder, files, final)
            _switch_current(folder, release_id)
        finally:
            remove_leftovers(folder)
    return open_release(final)


def _write_folder(folder: Path, files: Mapping[str, bytes], final: Path) -> None:
    building = Path(tempfile.mkdtemp(prefix=BUILDING, dir=folder))
    building.chmod(0o755)
    for name, content in files.items():
        write_file(building / name, content)
    sums = "".join(f"{hashlib.sha256(files[n]).hexdigest()}  {n}\n" for n in sorted(files))
    write_file(building / CHECKSUMS, sums.encode())
    sync_folder(building)
    if final.is_symlink() or final.exists():
        final.rename(building.with_name(f"{building.name}-damaged"))
    building.rename(final)


def remove_leftovers(folder: Path) -> None:
    """Removes what a build or a prune that was killed has left; only under the lock."""
    for leftover in folder.glob(f"{BUILDING}*"):
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()


def compute_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_checksums(path: Path) -> dict[str, str]:
    """The digests by file name that SHA256SUMS states; empty where there is no such file."""
    try:
        return read_checksum_lines((path / CHECKSUMS).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return {}


def _switch_current(folder: Path, release_id: str) -> None:
    link = Path(tempfile.mkdtemp(prefix=BUILDING, dir=folder)) / CURRENT
    link.symlink_to(release_id)
    current = folder / CURRENT
    if current.is_dir() and not current.is_symlink():
        raise ReleaseError(f"{current} is a folder where the link to the newest release belongs: move it away")
    note_publication(folder, release_id)  # first: what is current without a place in the journal would pass for the oldest
    link.replace(current)
    link.parent.rmdir()
    sync_folder(folder)


def write_file(path: Path, content: bytes) -> None:
    """Writes a file to the disk itself, so that it is whole before anything names it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Writes the names in a folder to the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def lock_releases(folder: Path) -> Iterator[None]:
    """Keeps other builds and prunes of the folder waiting; the kernel frees the lock of a process that ends."""
    with (folder / ".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
