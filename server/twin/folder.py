"""The folder of a twin: written beside, and put in its place as a whole."""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lod.errors import ReleaseError

_OWN = {"site", "nginx", "nginx.conf", "Caddyfile", "twin.json"}
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD


@contextmanager
def open_folder(target: Path) -> Iterator[Path]:
    """A new folder, which takes the place of the target when the block ends without an error."""
    check_target(target)
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        building.chmod(0o755)
        yield building
        _switch(building, target)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def check_target(target: Path) -> None:
    """Raises ReleaseError where the folder holds anything but a twin: it would be lost."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise ReleaseError(f"{target} is no folder: name one that is not there yet, is empty, or holds an earlier export")
    others = {p.name for p in target.iterdir() if not p.name.startswith(".nginx")} - _OWN if target.is_dir() else set()
    is_other = target.is_dir() and any(target.iterdir()) and not (target / "twin.json").is_file()
    if others or is_other:
        shown = ", ".join(sorted(others or {p.name for p in target.iterdir()})[:3])
        raise ReleaseError(f"{target} holds other things ({shown}), which would be lost: name another folder")


def _switch(building: Path, target: Path) -> None:
    """In one step where the system can exchange two folders, else in two."""
    if not target.exists():
        building.rename(target)
        return
    exchange = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if exchange is None or exchange(_HERE, os.fsencode(building), _HERE, os.fsencode(target), _EXCHANGE) != 0:
        aside = building.with_name(f"{building.name}-old")
        target.rename(aside)
        building.rename(target)
        aside.rename(building)
