"""Whether a download is what its SHA256SUMS, its manifest and the canonical hashes of its graphs say."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lod.errors import MadoguchiError
from lod.manifests import compute_id
from lod.release import CHECKSUMS, MANIFEST
from lod.verify_graphs import compare_graphs, has_graphs
from lod.verify_sources import Source, is_safe_name, read_pieces

RIGHT, CHANGED, MISSING, ABSENT, UNKNOWN, REFUSED = "right", "changed", "missing", "absent", "unknown", "refused"
LARGEST = 500_000_000  # bytes of one file
_LARGEST_LIST = 4_000_000  # bytes of SHA256SUMS or the manifest
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


@dataclass(frozen=True)
class Finding:
    """What was found of one file, as a word and a sentence; `is_fault` where the download must not be trusted for it."""

    name: str
    kind: str
    message: str = ""

    @property
    def is_fault(self) -> bool:
        return self.kind in (CHANGED, MISSING, REFUSED)


def verify_download(
    source: Source, names: Collection[str] = (), *, graphs: bool = False, whole: bool = False
) -> Iterator[Finding]:
    """Checks the files named, else every one that is there; on the web, or with `whole`, every one that is listed.

    With `graphs` also the canonical hashes of N-Quads, N-Triples and Turtle files against the manifest. A name in SHA256SUMS
    that would leave the folder is refused and not looked at. Raises MadoguchiError where there is no SHA256SUMS to go by.
    """
    listed = _read_list(source)
    there = source.list_names()
    wanted = list(names) or sorted(listed)
    expects_all = bool(names) or whole or there is None
    manifest = _read_manifest(source, listed)
    for name in wanted:
        if not is_safe_name(name):
            yield Finding(name, REFUSED, "its name leaves the folder; it was not looked at, and this SHA256SUMS is not ours")
        elif name not in listed:
            yield Finding(name, MISSING, f"{CHECKSUMS} does not list it: correct the name")
        else:
            yield from _check_file(source, name, listed[name], manifest if graphs else None, expects_all)
    if not names:
        yield from (
            Finding(name, UNKNOWN, f"{CHECKSUMS} does not list it, so nothing is known of it")
            for name in sorted({*(there or ())} - {*listed, CHECKSUMS})
        )
    if manifest is not None:
        yield from _check_manifest(source, manifest, listed)


def _read_list(source: Source) -> dict[str, str]:
    """The checksums by name; raises MadoguchiError where a line is none."""
    content = _read_small(source, CHECKSUMS)
    if content is None:
        raise MadoguchiError(f"there is no {CHECKSUMS} in {source.name}: download it beside the files")
    listed: dict[str, str] = {}
    try:
        lines = content.decode().splitlines()
    except UnicodeDecodeError:
        lines = [""]
    for number, line in enumerate(lines, 1):
        found = _LINE.fullmatch(line)
        if found is None or found[2] in listed:
            raise MadoguchiError(f"{CHECKSUMS} of {source.name}, line {number}, is no checksum and new name: download it again")
        listed[found[2]] = found[1]
    return listed


def _read_manifest(source: Source, listed: Mapping[str, str]) -> dict[str, Any] | None:
    """The manifest, if there is one that SHA256SUMS vouches for."""
    content = _read_small(source, MANIFEST) if MANIFEST in listed else None
    if content is None or hashlib.sha256(content).hexdigest() != listed[MANIFEST]:
        return None  # what was changed is found with the other files
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return manifest if isinstance(manifest, dict) else None


def _read_small(source: Source, name: str) -> bytes | None:
    file = source.open(name)
    if file is None:
        return None
    try:
        with read_pieces(file, _LARGEST_LIST) as pieces:
            return b"".join(pieces)
    except MadoguchiError as error:
        raise MadoguchiError(f"{name} of {source.name} cannot be used: {error}") from None


def _check_file(
    source: Source, name: str, expected: str, manifest: Mapping[str, Any] | None, expects_all: bool
) -> Iterator[Finding]:
    try:
        file = source.open(name)
        if file is None:
            yield Finding(name, MISSING, "it is listed, but not there: download it") if expects_all else Finding(name, ABSENT)
            return
        keeps = manifest is not None and has_graphs(name, manifest)
        digest, kept = hashlib.sha256(), io.BytesIO()
        with read_pieces(file, LARGEST) as pieces:
            for piece in pieces:
                digest.update(piece)
                if keeps:
                    kept.write(piece)
    except MadoguchiError as error:
        yield Finding(name, CHANGED, str(error))
        return
    same = digest.hexdigest() == expected
    if not same:
        yield Finding(name, CHANGED, f"its SHA-256 is {digest.hexdigest()}, not {expected}: download it again")
    if keeps and manifest is not None:
        different = list(compare_graphs(name, kept.getvalue(), manifest))
        yield from (Finding(name, CHANGED, message) for message in different)
        same = same and not different
    if same:
        yield Finding(name, RIGHT)


def _check_manifest(source: Source, manifest: Mapping[str, Any], listed: Mapping[str, str]) -> Iterator[Finding]:
    """The release is named by the hash of its manifest, which names the other files' hashes too."""
    named, computed = manifest.get("id"), compute_id(manifest)
    if named != computed:
        yield Finding(MANIFEST, CHANGED, f"it calls the release {named}, but its own hash is {computed}: do not trust it")
    folder = source.name.rstrip("/").rpartition("/")[2]
    if re.fullmatch(r"[0-9a-f]{16}", folder) and folder != computed:
        yield Finding(MANIFEST, CHANGED, f"it is of the release {computed}, but the folder is called {folder}")
    files = manifest.get("files")
    for name, file in files.items() if isinstance(files, dict) else ():
        if not isinstance(file, dict) or file.get("sha256") != listed.get(name):
            yield Finding(name, CHANGED, f"{MANIFEST} and {CHECKSUMS} give it different checksums: download both again")
