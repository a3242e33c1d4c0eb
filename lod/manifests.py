"""Manifests: how they are written, the name that follows from one, and whether one that may be damaged has their form."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from lod.errors import MadoguchiError
from lod.iris import Iris, check_base

_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_CHECKSUM = re.compile(r"([0-9a-f]{64})  (.+)")
_LONGEST = 255  # bytes of a part of a file's name


def write_json(value: Any) -> bytes:
    """As manifests and other files of a release have it; a lone surrogate, which no UTF-8 has, is told by its number."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode(errors="backslashreplace")


def compute_id(facts: Mapping[str, Any]) -> str:
    """The name of a release: it follows from all that its manifest tells, but for the name itself."""
    return hashlib.sha256(write_json({key: value for key, value in facts.items() if key != "id"})).hexdigest()[:16]


def is_manifest(value: object) -> bool:
    """Whether everything that is read of releases besides the one that is served has the type that it is read as.

    What releases of older programs do not tell may be missing.
    """
    if not isinstance(value, dict) or not _is_named(value):
        return False
    maps = ("prefixes", "vocabulary", "counts", "files", "graphs", "editions", "data")
    if not all(isinstance(value.get(name, {}), dict) for name in maps):
        return False
    prefixes = (v for name in ("prefixes", "vocabulary") for v in value.get(name, {}).values())
    return (
        all(isinstance(prefix, str) for prefix in prefixes)
        and all(map(_is_count, value.get("counts", {}).values()))
        and all(map(_is_file, value.get("files", {}).values()))
    )


def read_checksum_lines(text: str) -> dict[str, str]:
    """The digests by file name; lines that are none, or name what is not in the folder, are passed over."""
    found = filter(None, map(_CHECKSUM.fullmatch, text.split("\n")))
    return {line[2]: line[1] for line in found if is_file_name(line[2])}


def is_file_name(name: str) -> bool:
    """Whether a name can be that of a file within a folder."""
    parts = name.split("/")
    return name.isprintable() and all(part not in ("", ".", "..") and len(part.encode()) <= _LONGEST for part in parts)


def _is_named(manifest: Mapping[str, Any]) -> bool:
    identifier, base = manifest.get("id"), manifest.get("base")
    if not isinstance(identifier, str) or not _ID.fullmatch(identifier) or not isinstance(base, str):
        return False
    try:
        return bool(Iris(check_base(base)).ontology)
    except (MadoguchiError, ValueError):  # ValueError: it is no IRI
        return False


def _is_count(value: object) -> bool:
    numbers = value.values() if isinstance(value, dict) else [value]
    return all(isinstance(number, int) for number in numbers)


def _is_file(facts: object) -> bool:
    if not isinstance(facts, dict):
        return False
    texts = all(isinstance(facts.get(name, ""), str) for name in ("part", "format", "sha256", "coding", "plain"))
    numbers = all(isinstance(facts.get(name), int | None) for name in ("size", "triples", "rows"))
    media_type = facts.get("media_type")
    return texts and numbers and isinstance(media_type, str) and bool(_MEDIA_TYPE.fullmatch(media_type))
