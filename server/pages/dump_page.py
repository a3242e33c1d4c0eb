"""The page of the dumps: tables for people first, then the files for programs, by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import render_template, url_for

from server.dataset import Dataset
from server.pages.examples import Example, choose_examples

if TYPE_CHECKING:
    from server.files import Dump  # which has the route of this page

_THOUSAND, _TEN = 1000, 10
_UNITS = ("B", "kB", "MB", "GB", "TB")
_TABLES = ("emails", "classes-near-a-place", "coverage-by-category")  # those examples whose answers people take home


@dataclass(frozen=True)
class Table:
    """An example query whose answer comes as CSV."""

    example: Example
    address: str


@dataclass(frozen=True)
class FileGroup:
    """Files that belong together; the edition where they are those of one."""

    kind: str  # current, all, edition, about, other
    dumps: tuple[Dump, ...]


def make_dump_page(dataset: Dataset, dumps: Iterable[Dump]) -> Callable[[], str]:
    """What renders the page with all files that the release has."""
    shown, is_foreign = list(dumps), dataset.release.is_foreign
    groups = [FileGroup("other", tuple(shown))] if is_foreign else group_dumps(shown)
    examples = [] if is_foreign else choose_examples(dataset, _TABLES)
    editions = [] if is_foreign else sorted(dataset.editions, key=lambda edition: edition.number)

    def render() -> str:
        tables = [Table(e, url_for("sparql.answer_query", query=e.query, format="csv")) for e in examples]
        return render_template(
            "dumps.html",
            release=dataset.release,
            dumps=shown,
            groups=groups,
            editions=editions,
            tables=tables,
            write_size=write_size,
        )

    return render


def group_dumps(dumps: Iterable[Dump]) -> list[FileGroup]:
    """By what they hold: today, everything, single editions, and what is said about the release."""
    kinds: dict[str, list[Dump]] = {"current": [], "all": [], "edition": [], "about": []}
    for dump in dumps:
        stem = dump.name.partition(".")[0].partition("-")[0]
        kinds[stem if stem in kinds else "about"].append(dump)
    return [FileGroup(kind, tuple(found)) for kind, found in kinds.items() if found]


def write_size(size: int) -> str:
    """As people say it: 1.2 MB, in powers of 1000."""
    power = next((p for p in range(len(_UNITS) - 1) if size < (_THOUSAND - 0.5) * _THOUSAND**p), len(_UNITS) - 1)
    number = size / _THOUSAND**power
    digits = 1 if power and number < _TEN else 0
    return f"{number:.{digits}f} {_UNITS[power]}"
