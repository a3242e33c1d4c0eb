"""The last pass over the files of the twin: links become relative, texts get a compressed neighbour, times are set."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lod.codings import GZIP
from server.twin.relinking import Places, relink

_PACKED = (".gz", ".zst", ".parquet", ".png", ".xlsx")
_PROBLEM = re.compile(r"(?:\d\d\d|live)(?:\.\w\w)?\.html$|gone/")  # shown under any address: their links are whole
_ENDINGS = ("html", "ja.html", "ttl", "jsonld", "nt", "rdf", "nq", "trig", "json", "csv", "expanded", "flattened", "txt")
_CODED = 30  # seconds by which the time of a compressed file differs
_STATE: dict[str, Finish] = {}  # of this process: a worker is forked with what it works on


@dataclass(frozen=True)
class Finish:
    """What the last pass works with."""

    folder: Path
    places: Places
    published: datetime
    pages: Mapping[str, str]  # the address of each page, by its file
    plain: frozenset[str]  # the files that the server has in no content coding


def finish_files(work: Finish, processes: int = 0) -> int:
    """Finishes every file; the number of files that there are then, with the compressed ones."""
    _STATE["work"] = work
    files = sorted(p.relative_to(work.folder).as_posix() for p in work.folder.rglob("*") if p.is_file())
    processes = processes or os.cpu_count() or 1
    if processes == 1:
        return sum(map(finish_one, files))
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        return sum(pool.imap_unordered(finish_one, files, 100))


def finish_one(name: str) -> int:
    """One file, and its compressed neighbour, which is there where the server codes it too.

    nginx makes an entity tag of time and size: the time is that of the publication, less some seconds by which the forms of
    one document differ, so that two of them never share a tag.
    """
    work = _STATE["work"]
    path = work.folder / name
    file = f"/{name}".removeprefix(work.places.prefix).lstrip("/")
    if file in work.pages:
        text = relink(
            path.read_text(encoding="utf-8"), work.pages[file], file, work.places, is_absolute=bool(_PROBLEM.match(file))
        )
        path.write_bytes(text.encode())
    written = int(work.published.timestamp()) - _rank(file)
    os.utime(path, (written, written))
    coded = path.with_name(f"{path.name}.gz")
    if file in work.plain or path.name.endswith(_PACKED) or (work.folder / f"{name}.zst").exists():
        return 1  # not worth it, or packed already, when the release was written
    coded.write_bytes(GZIP.pack(path.read_bytes()))
    os.utime(coded, (written - _CODED, written - _CODED))
    return 2


def _rank(file: str) -> int:
    found = [n for n, ending in enumerate(_ENDINGS) if file.endswith(f".{ending}")]
    return found[-1] if found else len(_ENDINGS)
