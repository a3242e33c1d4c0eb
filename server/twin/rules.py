"""What the server says of each file, as few rules: a pattern of paths and what follows for all of them, and the exceptions.

The rules are made from the server's own answers, so that they say what it says, whatever that is in this release.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_DIGITS = re.compile("[0-9]+")
_ENDING = re.compile(r"(?:\.(?:[A-Za-z][\w-]*))+$", re.ASCII)
_PLAIN = re.compile(r"[\w./~-]+", re.ASCII)
_ANY = "[^/.]+"
_NAMES = 8  # different names in one place of a path, from which on any name is meant
_PLACE = "\x00{}\x00"
MOST = 6  # parts of a path that a template can name


@dataclass(frozen=True)
class Rules:
    """Regular expressions for paths with a value each, and values of single paths."""

    patterns: tuple[tuple[str, str], ...]
    exact: tuple[tuple[str, str], ...]


def learn_rules(values: Mapping[str, str]) -> Rules:
    """Rules that give each path its value: for every pattern what most of its paths have, and lines for the others."""
    shapes = find_shapes(values)
    groups: dict[str, list[str]] = defaultdict(list)
    for path, shape in shapes.items():
        groups[shape].append(path)
    patterns: list[tuple[int, str, str]] = []
    exact: dict[str, str] = {path: values[path] for path in groups.pop("", ())}
    for shape, paths in groups.items():
        common = choose_common(values[path] for path in paths)
        patterns.append((-len(paths), shape, common))
        exact |= {path: values[path] for path in paths if values[path] != common}
    return Rules(tuple((shape, value) for _, shape, value in sorted(patterns)), tuple(sorted(exact.items())))


def find_shapes(paths: Iterable[str]) -> dict[str, str]:
    """The pattern of each path; empty for one that stands for itself."""
    split = {path: split_path(path) for path in paths}
    shaped: dict[str, list[str]] = {path: [] for path in split}
    for depth in range(max((len(names) for names, _ in split.values()), default=0)):
        known: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for path, (names, _) in split.items():
            if depth < len(names):
                known[tuple(shaped[path])].add(_DIGITS.sub("[0-9]+", re.escape(names[depth])))
        for path, (names, _) in split.items():
            if depth < len(names):
                own = _DIGITS.sub("[0-9]+", re.escape(names[depth]))
                many = len(known[tuple(shaped[path])]) > _NAMES and depth > 0
                shaped[path] = [*shaped[path], _ANY if many and "." not in names[depth] else own]
    return {path: _write_pattern(names, shaped[path], ending) for path, (names, ending) in split.items()}


def split_path(path: str) -> tuple[list[str], str]:
    """The names of a path, and the endings of the last one."""
    ending = (_ENDING.search(path) or [""])[0]
    return path.removesuffix(ending).split("/")[1:], ending


def _write_pattern(names: Sequence[str], shaped: Sequence[str], ending: str) -> str:
    is_own = all(s == re.escape(n) for s, n in zip(shaped, names, strict=True))
    if is_own or not _PLAIN.fullmatch("/".join(names)):
        return ""
    return f"^/{'/'.join(shaped)}{re.escape(ending)}$"


def make_template(path: str, value: str) -> str | None:
    """The value with $m_t1, $m_t2, … for what it has of the path: all but the first name, that without the last, and so on.

    None where it cannot be written as one.
    """
    if "$" in value or "\x00" in value:
        return None
    rest = split_path(path)[0][1:]
    for number in range(1, min(len(rest), MOST) + 1):
        part = "/".join(rest[: len(rest) - number + 1])
        value = re.sub(rf"(?<![\w-]){re.escape(part)}(?![\w-])", _PLACE.format(number), value) if part else value
    return re.sub("\x00([0-9])\x00", r"${m_t\1}", value)


def choose_common(values: Iterable[str]) -> str:
    """The value that most have."""
    return max(Counter(values).items(), key=lambda item: (item[1], item[0]), default=("", 0))[0]
