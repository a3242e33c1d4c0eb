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


@dataclass(frozen=True)
class Rules:
    """Regular expressions for paths with a template each, in which $1 to $9 are their groups, and values of single paths."""

    patterns: tuple[tuple[str, str], ...]
    exact: tuple[tuple[str, str], ...]


def learn_rules(values: Mapping[str, str], prefix: str = "") -> Rules:
    """Rules that give each path its value; an empty value needs none where no pattern would give the path another one."""
    shapes = find_shapes(values)
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    exact: dict[str, str] = {}
    for path, value in values.items():
        shape = shapes[path]
        template = make_template(path, value, prefix) if shape else None
        if template is None:
            exact[path] = value
        else:
            groups[shape][template].append(path)
    patterns: list[tuple[int, str, str]] = []
    for shape, templates in groups.items():
        template, paths = max(templates.items(), key=lambda item: (len(item[1]), item[0]))
        if len(paths) > 1:
            patterns.append((len(paths), shape, template))
        for other, those in templates.items():
            if other != template or len(paths) == 1:
                exact.update((path, values[path]) for path in those)
    kept = sorted(patterns, key=lambda p: (-p[0], p[1]))
    found = [(pattern, template) for _, pattern, template in kept if template]
    silent = {pattern for _, pattern, template in kept if not template}
    lines = [(path, value) for path, value in sorted(exact.items()) if value or shapes[path] not in silent]
    return Rules(tuple(found), tuple(lines))


def find_shapes(paths: Iterable[str]) -> dict[str, str]:
    """The pattern of each path; empty for one that stands for itself."""
    split = {path: _split(path) for path in paths}
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


def _split(path: str) -> tuple[list[str], str]:
    """The names of a path, and the endings of the last one."""
    ending = (_ENDING.search(path) or [""])[0]
    return path.removesuffix(ending).split("/")[1:], ending


def _write_pattern(names: Sequence[str], shaped: Sequence[str], ending: str) -> str:
    """Groups from the outermost: all but the first name, then that without the last, and so on."""
    first, *rest = shaped
    if not _PLAIN.fullmatch("/".join(names)) or all(s == re.escape(n) for s, n in zip(shaped, names, strict=True)) or not rest:
        return ""
    grouped = "(" * len(rest) + ")/".join(rest) + ")"
    return f"^/{first}/{grouped}{re.escape(ending)}$"


def make_template(path: str, value: str, prefix: str = "") -> str | None:
    """The value with $1, $2, … for what it has of the path; None where it cannot be written as one."""
    if "$" in value or "\x00" in value:
        return None
    names, _ = _split(path)
    rest = names[1:]
    if len(rest) > 9:
        return None
    for number in range(1, len(rest) + 1):
        part = "/".join(rest[: len(rest) - number + 1])
        if _DIGITS.search(part) or "/" in part or number == 1:
            value = re.sub(rf"(?<![\w-]){re.escape(part)}(?![\w-])", _PLACE.format(number), value)
    return re.sub("\x00([0-9])\x00", r"$\1", value)


def expand(rules: Rules, path: str) -> str:
    """What the rules say of a path."""
    for own, value in rules.exact:
        if own == path:
            return value
    for pattern, template in rules.patterns:
        if match := re.search(pattern, path):
            return re.sub(r"\$([0-9])", lambda m, found=match: found[int(m[1])], template)  # type: ignore[misc]
    return ""


def choose_common(values: Iterable[str]) -> str:
    """The value that most have."""
    return max(Counter(values).items(), key=lambda item: (item[1], item[0]), default=("", 0))[0]
