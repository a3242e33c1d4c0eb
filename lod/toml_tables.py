"""The tables of the TOML files of the seeds: everything in them is asked for by name, and nothing is left over."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lod.errors import Problem, Refused, SeedsError


def read_toml(path: Path) -> dict[str, Any]:
    """The file's content; raises SeedsError where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SeedsError([Problem(str(path), 0, f"cannot be read: {error}", "put a TOML file in UTF-8 there")]) from None


def take_text(entry: dict[str, Any], key: str, default: str | None = None) -> str:
    """Removes and returns a text of a TOML table; raises Refused where it is missing or no text."""
    value = entry.pop(key, default)
    if not isinstance(value, str):
        raise Refused(f"{key} is missing" if value is None else f"{key} is {value!r}", "state it as text")
    return value


def refuse_rest(entry: Mapping[str, Any]) -> None:
    """Raises Refused when keys are left over: nothing that is stated goes unread."""
    if entry:
        raise Refused(f"unknown {', '.join(sorted(entry))}", "remove it or correct its name")


def take_line(entry: dict[str, Any]) -> int:
    """Removes and returns the number of a line; raises Refused where it is missing or no number."""
    line = entry.pop("line", None)
    if not isinstance(line, int) or isinstance(line, bool) or line < 1:
        raise Refused(f"line is {line!r}", "a whole number from 1")
    return line


def take_texts(entry: dict[str, Any], key: str) -> tuple[str, ...]:
    """Removes and returns a list of texts, empty where it is missing; raises Refused where it is none."""
    value = entry.pop(key, [])
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise Refused(f"{key} is {value!r}", 'state it as a list of texts: ["…"]')
    return tuple(value)


def take_table(entry: dict[str, Any], key: str) -> dict[str, Any]:
    """Removes and returns a table, a copy that may be changed; empty where it is missing. Raises Refused where it is none."""
    value = entry.pop(key, {})
    if not isinstance(value, dict):
        raise Refused(f"{key} is {value!r}", f"state it as a table: [{key}]")
    return dict(value)


def take_tables(entry: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Removes and returns a list of tables, copies that may be changed; raises Refused where it is none."""
    value = entry.pop(key, [])
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise Refused(f"{key} is {value!r}", f"state each as a table: [[{key}]]")
    return [dict(table) for table in value]
