"""Small seeds for tests: one document in a layout of one's choice, with the shipped reference table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from conftest import SEEDS, ignore_progress

from lod.configuration import Configuration
from lod.errors import Problem, SeedsError
from lod.iris import DEFAULT_BASE
from lod.listings import Listing
from lod.pipeline import build_release
from lod.release import Release
from lod.seeds import Facts, read_seeds

TABLE_HEADER = "Prefecture\tCities, towns\tDepartment in charge\tURL\te-mail\tJapanese Class"
FLAT_HEADER = "Municipality, Prefecture Department/Division URL e-mail Local Japanese"
TITLES = "".join(f'{key} = "x"\n' for key in ("title_en", "title_ja", "description_en", "description_ja"))


def write_seeds(
    folder: Path,
    text: str | bytes,
    *,
    layout: str = "tab-separated",
    at_sign: str = "@",
    sections: Sequence[tuple[str, str]] = (("", "CoreCity"),),
    curation: str = "",
) -> Path:
    """A folder of seeds whose only document, 009.txt, holds the text."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "places.csv").write_bytes((SEEDS / "places.csv").read_bytes())
    (folder / "009.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    columns = (SEEDS / "catalogue.toml").read_text(encoding="utf-8").partition("[columns]")[2].partition("\n#")[0]
    header = f"header = {json.dumps(FLAT_HEADER)}\n" if layout == "flattened" else ""
    tables = "".join(
        f"[[edition.section]]\nheading = {json.dumps(h, ensure_ascii=False)}\ncategory = {json.dumps(c)}\n" for h, c in sections
    )
    (folder / "catalogue.toml").write_text(
        f'[columns]\n{columns}\n[gateways]\nhosts = ["j-server.com"]\n[series]\n{TITLES}'
        f'[reference]\nfile = "places.csv"\n{TITLES}[[edition]]\nnumber = "009"\nfile = "009.txt"\ntitle = "A list"\n'
        f"layout = {json.dumps(layout)}\nat_sign = {json.dumps(at_sign, ensure_ascii=False)}\n{header}{tables}",
        encoding="utf-8",
    )
    if curation:
        (folder / "curation.toml").write_text(curation, encoding="utf-8")
    return folder


def build_small_release(folder: Path, *rows: str, base: str = DEFAULT_BASE) -> Release:
    """A release of one table in a folder of releases, in a tenth of the time that the shipped documents take.

    Its seeds are in `seeds` beside it, where they may be changed; the reference table has the places of two prefectures.
    """
    seeds = write_seeds(folder.parent / "seeds", "\n".join((TABLE_HEADER, *(rows or ROWS))) + "\n")
    keep_places(seeds)
    return build_release(Configuration(seeds, folder, base), ignore_progress)


def keep_places(seeds: Path, *prefectures: str) -> None:
    """Leaves only the places of these prefectures, by code, in the reference table: Chiba and Okinawa if none is named."""
    table = seeds / "places.csv"
    header, *lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text(header + "".join(li for li in lines if li.startswith(prefectures or ("12", "47"))), encoding="utf-8")


def make_row(
    department: str = "International Division",
    url: str = "",
    email: str = "",
    classes: str = "",
    place: str = "Kashiwa City",
    prefecture: str = "Chiba",
) -> str:
    """A row of a table under TABLE_HEADER."""
    return "\t".join((prefecture, place, department, url, email, classes))


ROWS = (
    make_row("International Division", "http://www.city.kashiwa.lg.jp/", "a@city.kashiwa.chiba.jp"),
    make_row("Citizens' Division", "", "b@city.naha.okinawa.jp", place="Naha City", prefecture="Okinawa"),
)


def read_rows(folder: Path, *rows: str, header: str = TABLE_HEADER, html: bool = False, at_sign: str = "@") -> Facts:
    """The facts of a table with those rows."""
    layout = "tab-separated-html" if html else "tab-separated"
    return read_seeds(write_seeds(folder, "\n".join((header, *rows)) + "\n", layout=layout, at_sign=at_sign))


def read_lines(folder: Path, *lines: str, at_sign: str = "@") -> Facts:
    """The facts of a flattened text with those lines under its heading and header, so that the first one is line 3."""
    text = "\n".join(("Core cities", FLAT_HEADER, *lines)) + "\n"
    return read_seeds(write_seeds(folder, text, layout="flattened", at_sign=at_sign, sections=[("Core cities", "CoreCity")]))


def find_problems(folder: Path) -> list[Problem]:
    """The problems for which the seeds are refused."""
    with pytest.raises(SeedsError) as refusal:
        read_seeds(folder)
    return refusal.value.problems


def collect_problems(read: Callable[[], object]) -> list[Problem]:
    """The problems for which a reading is refused, none where it is not."""
    try:
        read()
    except SeedsError as error:
        return error.problems
    return []


def show_problems(problems: Iterable[Problem]) -> list[str]:
    """Where each problem is and what it is: `009.txt:2 message`; every one says what to do."""
    for problem in problems:
        assert problem.remedy, f"{problem} does not say what to do"
    return [f"{Path(p.file).name}:{p.line} {p.message}" for p in problems]


def refuse_rows(folder: Path, *rows: str, header: str = TABLE_HEADER, html: bool = False) -> list[str]:
    """The problems for which a table with those rows is refused."""
    layout = "tab-separated-html" if html else "tab-separated"
    return show_problems(find_problems(write_seeds(folder, "\n".join((header, *rows)) + "\n", layout=layout)))


def refuse_lines(folder: Path, *lines: str) -> list[str]:
    """The problems for which a flattened text with those lines under its heading and header is refused."""
    text = "\n".join(("Core cities", FLAT_HEADER, *lines)) + "\n"
    return show_problems(find_problems(write_seeds(folder, text, layout="flattened", sections=[("Core cities", "CoreCity")])))


def list_issues(facts: Facts, *ignored: str) -> list[tuple[str, str, str]]:
    """Kind, column and verbatim text of each issue."""
    return [(i.kind, i.column, i.verbatim) for i in facts.issues if i.kind not in ignored]


def list_emails(listing: Listing) -> list[list[str]]:
    """The e-mails of the listing as a whole, then those of each body."""
    return [[s.value for s in owner.emails] for owner in (listing, *listing.bodies)]


def list_urls(listing: Listing) -> list[list[str]]:
    """The URLs of the listing as a whole, then those of each body."""
    return [[s.value for s in owner.urls] for owner in (listing, *listing.bodies)]


def list_bodies(facts: Facts) -> list[tuple[str, list[str]]]:
    """The place and the names of the bodies of each listing."""
    return [(li.place.label_en, [b.name for b in li.bodies]) for li in facts.listings]
