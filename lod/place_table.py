"""The reference table of Japan's prefectures and municipalities, read and checked row by row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from lod.errors import Problem, Refused, SeedsError
from lod.places import KIND_WORDS, Gazetteer, Place

_IDENTIFIERS = {"iso_3166_2": r"JP-\d{2}", "wikidata": r"Q\d+", "geonames": r"\d+", "estat": r"C\d{5}"}


def compute_check_digit(five_digits: str) -> str:
    """The sixth digit of a local government code (weights 6 to 2, modulus 11)."""
    total = sum(int(d) * w for d, w in zip(five_digits, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def read_places(path: Path) -> Gazetteer:
    """Reads the reference table; raises SeedsError with every row that is not as its header promises."""
    names = [f.name for f in fields(Place)]
    problems: list[Problem] = []
    places: dict[int, Place] = {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SeedsError(
            [Problem(str(path), 0, f"cannot be read: {error}", "put the reference table there, in UTF-8")]
        ) from None
    rows = csv.reader(text.splitlines(), strict=True)
    try:
        if (header := next(rows, [])) != names:
            raise SeedsError([Problem(str(path), 1, f"columns are {','.join(header)}", f"they must be {','.join(names)}")])
        for row in rows:
            try:
                places[rows.line_num] = _read_place(row, len(names))
            except Refused as refused:
                problems.append(Problem(str(path), rows.line_num, str(refused), refused.remedy))
    except csv.Error as error:
        raise SeedsError([Problem(str(path), rows.line_num, f"is no CSV: {error}", "mend the row")]) from None
    if not problems:
        problems += [Problem(str(path), line, message, remedy) for line, message, remedy in _compare_places(places)]
    if problems:
        raise SeedsError(problems)
    return Gazetteer(places.values())


def _compare_places(places: dict[int, Place]) -> Iterator[tuple[int, str, str]]:
    """Line, message and remedy of each row that contradicts another one."""
    prefectures = {p.name_en for p in places.values() if p.is_prefecture}
    seen: set[str] = set()
    for line, place in places.items():
        if place.lg_code in seen:
            yield line, f"code {place.lg_code} stands twice", "remove one of the rows"
        if not place.is_prefecture and place.prefecture not in prefectures:
            yield line, f"no row for prefecture {place.prefecture!r}", "correct the prefecture column"
        seen.add(place.lg_code)


def _read_place(row: list[str], width: int) -> Place:
    if len(row) != width:
        raise Refused(f"{len(row)} columns, the header has {width}", "complete the row")
    place = Place(*row)
    if not re.fullmatch(r"[0-9]{6}", place.lg_code) or place.lg_code[5] != compute_check_digit(place.lg_code[:5]):
        raise Refused(f"{place.lg_code!r} is no local government code", "six digits, the last a check digit")
    if missing := [f for f in ("name_en", "name_ja", "kana") if not getattr(place, f).strip()]:
        raise Refused(f"no {missing[0]}", "complete the row")
    for identifier, pattern in _IDENTIFIERS.items():
        if (text := getattr(place, identifier)) and not re.fullmatch(pattern, text, re.ASCII):
            raise Refused(f"{text!r} is no {identifier}", f"leave it empty or write it like {pattern}")
    if place.kind != "prefecture" and place.kind not in KIND_WORDS:
        raise Refused(f"unknown kind {place.kind!r}", f"one of prefecture, {', '.join(KIND_WORDS)}")
    for coordinate, limit in ((place.lat, 90), (place.lon, 180)):
        if coordinate and not (re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", coordinate) and abs(float(coordinate)) <= limit):
            raise Refused(f"{coordinate!r} is no coordinate in degrees", "decimal degrees, WGS 84")
    return place
