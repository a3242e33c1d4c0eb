"""The page of the dumps: tables for people first, then the files for programs, by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import render_template

from server.dataset import Dataset
from server.pages.dump_list import FORMATS, DumpList

if TYPE_CHECKING:
    from server.files import Dump  # which has the route of this page

_THOUSAND, _TEN = 1000, 10
_UNITS = ("B", "kB", "MB", "GB", "TB")


def make_dump_page(dataset: Dataset, dumps: Iterable[Dump], find_groups: Callable[[], DumpList]) -> Callable[[], str]:
    """What renders the page with all files that the release has, and these in groups."""
    shown = list(dumps)
    editions = {} if dataset.release.is_foreign else {edition.number: edition for edition in dataset.editions}

    def render() -> str:
        return render_template(
            "dumps.html",
            release=dataset.release,
            dumps=shown,
            found=find_groups(),
            formats=FORMATS,
            editions=editions,
            address=dataset.iris.release(dataset.release.id).value,
            write_size=write_size,
        )

    return render


def write_size(size: int) -> str:
    """As people say it: 1.2 MB, in powers of 1000."""
    power = next((p for p in range(len(_UNITS) - 1) if size < (_THOUSAND - 0.5) * _THOUSAND**p), len(_UNITS) - 1)
    number = size / _THOUSAND**power
    digits = 1 if power and number < _TEN else 0
    return f"{number:.{digits}f} {_UNITS[power]}"
