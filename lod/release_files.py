"""The files of a release and what can be told of each: what it holds, its format, its size and its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from typing import Any

from lod.codings import CODINGS, LEAST


@dataclass(frozen=True)
class ReleaseFile:
    """One file of a release.

    `part` is the family that it belongs to (`current`, `edition-002`, `all`, `tables`, …), `format` the name people know it by,
    `coding` that of a compressed copy, whose plain file is `plain`. `triples` counts statements and `rows` the rows of a
    table, as far as it has any; sizes are in bytes.
    """

    name: str
    part: str
    format: str
    media_type: str
    size: int
    sha256: str
    triples: int | None = None
    rows: int | None = None
    coding: str = ""
    plain: str = ""

    def write(self) -> dict[str, Any]:
        """As the manifest has it, under the name of the file; what does not apply is left out."""
        return {key: value for key, value in asdict(self).items() if key != "name" and value not in ("", None)}


_TOLD = {field.name for field in fields(ReleaseFile)} - {"name"}
_NEEDED = {field.name for field in fields(ReleaseFile) if field.default is MISSING} - {"name"}


def read_files(manifest: Mapping[str, Any]) -> tuple[ReleaseFile, ...]:
    """The files that a manifest tells of, in the order of their names; none in releases that did not tell.

    What a later program may tell besides is passed over.
    """
    told = sorted(manifest.get("files", {}).items())
    known = [(name, {key: value for key, value in facts.items() if key in _TOLD}) for name, facts in told]
    return tuple(ReleaseFile(name, **facts) for name, facts in known if facts.keys() >= _NEEDED)


def describe_file(
    name: str, content: bytes, part: str, form: str, media_type: str, *, triples: int | None = None, rows: int | None = None
) -> ReleaseFile:
    """What can be told of a file with that content."""
    return ReleaseFile(name, part, form, media_type, len(content), hashlib.sha256(content).hexdigest(), triples, rows)


def pack_files(files: Iterable[ReleaseFile], contents: Mapping[str, bytes]) -> dict[ReleaseFile, bytes]:
    """A copy of each file in every coding, where it is large enough to be worth it."""
    packed: dict[ReleaseFile, bytes] = {}
    for file in files:
        for coding in CODINGS if file.size >= LEAST else ():
            content = coding.pack(contents[file.name])
            digest = hashlib.sha256(content).hexdigest()
            name = f"{file.name}.{coding.suffix}"
            copy = replace(file, name=name, size=len(content), sha256=digest, coding=coding.name, plain=file.name)
            packed[copy] = content
    return packed
