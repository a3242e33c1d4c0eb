"""The reference table of Japan's prefectures and municipalities, and how a printed name finds its place."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path

from lod.errors import Problem, Refused, SeedsError

KIND_WORDS = {"city": "City", "town": "Town", "village": "Village", "special-ward": "Ward"}
_ROMAN_SUFFIXES = {"shi": "city", "machi": "town", "cho": "town", "mura": "village", "son": "village", "ku": "special-ward"}
_PREFECTURE_SUFFIX = re.compile(r"[ -](?:prefecture|ken|fu|to)$", re.IGNORECASE)
_DISTRICT = re.compile(r"^\S+-gun[ ,]+", re.IGNORECASE)
_KIND_FIRST = re.compile(r"^(?:the )?(city|town|village|ward) of (.+)$", re.IGNORECASE)
_KIND_LAST = re.compile(r"^(?:the )?(.+?) (city|town|village|ward)$", re.IGNORECASE)
_ROMAN_LAST = re.compile(r"^(.+?)-(shi|machi|cho|mura|son|ku)$", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """One row of the reference table; codes are text, empty fields are empty strings, latitude and longitude WGS 84 degrees."""

    lg_code: str
    kind: str
    name_en: str
    name_ja: str
    kana: str
    prefecture: str
    designation: str
    iso_3166_2: str
    wikidata: str
    geonames: str
    estat: str
    lat: str
    lon: str

    @property
    def label_en(self) -> str:
        """The English name as it is published: "Kashiwa City", "Osaka Prefecture", but "Hokkaido" and "Tokyo"."""
        if self.kind == "prefecture":
            return self.name_en if self.name_en in ("Hokkaido", "Tokyo") else f"{self.name_en} Prefecture"
        return f"{self.name_en} {KIND_WORDS[self.kind]}"

    @property
    def is_prefecture(self) -> bool:
        return self.kind == "prefecture"


class Spelling(Enum):
    """How the printed name differs from the one in the table."""

    EXACT = "exact"
    VARIANT = "variant"
    MISSPELT = "misspelt"


@dataclass(frozen=True)
class Found:
    """A place and how its name was spelled."""

    place: Place
    spelling: Spelling


class Gazetteer:
    """All places of the table, found by name in any of the spellings that lists use."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = sorted(places, key=lambda p: p.lg_code)
        self.by_code = {p.lg_code: p for p in self.places}
        self._prefectures: dict[str, list[Place]] = defaultdict(list)
        self._municipalities: dict[str, list[Place]] = defaultdict(list)
        self._by_japanese_name: dict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            index = self._prefectures if place.is_prefecture else self._municipalities
            for key in {fold_name(place.name_en), fold_long_vowels(place.name_en)}:
                index[key].append(place)
            self._by_japanese_name[place.name_ja].append(place)
        self._prefecture_by_name = {p.name_en: p for p in self.places if p.is_prefecture}

    def __iter__(self) -> Iterator[Place]:
        return iter(self.places)

    def get_prefecture_of(self, place: Place) -> Place:
        """The prefecture that a municipality lies in; a prefecture is its own."""
        return self._prefecture_by_name[place.prefecture or place.name_en]

    def find_prefecture(self, text: str) -> Found:
        """The prefecture of that name; raises Refused for a name that the table does not know."""
        if found := self._by_japanese_name.get(text):
            return Found(found[0], Spelling.EXACT)
        bare = _PREFECTURE_SUFFIX.sub("", text)
        for place in self._prefectures.get(fold_name(bare), []):
            exact = text in (place.name_en, f"{place.name_en} Prefecture")
            return Found(place, Spelling.EXACT if exact else Spelling.VARIANT)
        for place in self._prefectures.get(fold_long_vowels(bare), []):
            return Found(place, Spelling.MISSPELT)
        raise Refused(
            f"no prefecture is called {text!r}", "correct the cell with a curation entry, or add the place to places.csv"
        )

    def knows_municipality(self, text: str) -> bool:
        """Whether any municipality has that name."""
        return bool(self.find_all_municipalities(text))

    def find_all_municipalities(self, text: str) -> list[Place]:
        """Every municipality of that name, in any spelling."""
        return self._look_up(text)[0]

    def find_municipality(self, text: str, prefecture: Place | None = None) -> Found:
        """The municipality of that name, within a prefecture if one is given.

        Raises Refused for a name that the table does not know, or that fits several places.
        """
        candidates, spelling = self._look_up(text)
        if prefecture is not None:
            inside = [p for p in candidates if p.prefecture == prefecture.name_en]
            candidates = inside or candidates  # a wrong prefecture must not hide the place
        if len(candidates) == 1:
            (place,) = candidates
            return Found(place, Spelling.EXACT if text == place.label_en else spelling)
        if not candidates:
            raise Refused(
                f"no city, town, village or ward is called {text!r}",
                "correct the cell with a curation entry, or add the place to places.csv",
            )
        names = ", ".join(f"{p.label_en} in {p.prefecture} ({p.lg_code})" for p in candidates)
        raise Refused(f"{text!r} is ambiguous: {names}", "state the prefecture in the row, or decide with a curation entry")

    def _look_up(self, text: str) -> tuple[list[Place], Spelling]:
        if found := self._by_japanese_name.get(text):
            return found, Spelling.EXACT
        name, kind = split_kind(text)
        for key, spelling in (
            (fold_name(name), Spelling.VARIANT),
            (re.sub("shi$", "", fold_name(name)), Spelling.VARIANT),
            (fold_long_vowels(name), Spelling.MISSPELT),
        ):
            named = self._municipalities.get(key, [])
            # a special ward of Tokyo calls itself a city in English
            kinds = {"city": ("city", "special-ward"), None: tuple(KIND_WORDS)}.get(kind, (kind,))
            of_kind = [p for p in named if p.kind in kinds]
            if of_kind:
                return of_kind, spelling
        return [], Spelling.EXACT


def split_kind(text: str) -> tuple[str, str | None]:
    """The bare name and the kind of municipality that the text names, None where it names none."""
    text = _DISTRICT.sub("", text)
    if match := _KIND_FIRST.match(text):
        return match[2], _get_kind(match[1])
    if match := _KIND_LAST.match(text):
        return match[1], _get_kind(match[2])
    if match := _ROMAN_LAST.match(text):
        return match[1], _ROMAN_SUFFIXES[match[2].lower()]
    return text, None


def _get_kind(word: str) -> str:
    return {"ward": "special-ward"}.get(word.lower(), word.lower())


def fold_name(text: str) -> str:
    """Letters and digits only, without accents and case."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if c.isalnum())


def fold_long_vowels(text: str) -> str:
    """As `fold_name`, with the spellings of a long vowel (ou, oo, oh, uu) made one."""
    return re.sub("uu", "u", re.sub("o[uoh](?![aeiouy])", "o", fold_name(text)))


def compute_check_digit(five_digits: str) -> str:
    """The sixth digit of a local government code (weights 6 to 2, modulus 11)."""
    total = sum(int(d) * w for d, w in zip(five_digits, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def read_places(path: Path) -> Gazetteer:
    """Reads the reference table; raises SeedsError with every row that is not as its header promises."""
    names = [f.name for f in fields(Place)]
    problems: list[Problem] = []
    places: list[Place] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SeedsError(
            [Problem(str(path), 0, f"cannot be read: {error}", "put the reference table there, in UTF-8")]
        ) from None
    rows = csv.reader(text.splitlines())
    if (header := next(rows, [])) != names:
        raise SeedsError([Problem(str(path), 1, f"columns are {','.join(header)}", f"they must be {','.join(names)}")])
    for row in rows:
        try:
            places.append(_read_place(row, len(names)))
        except Refused as refused:
            problems.append(Problem(str(path), rows.line_num, str(refused), refused.remedy))
    prefectures = {p.name_en for p in places if p.is_prefecture}
    seen: set[str] = set()
    for line, place in enumerate(places, 2):
        if place.lg_code in seen:
            problems.append(Problem(str(path), line, f"code {place.lg_code} stands twice", "remove one of the rows"))
        if not place.is_prefecture and place.prefecture not in prefectures:
            problems.append(
                Problem(str(path), line, f"no row for prefecture {place.prefecture!r}", "correct the prefecture column")
            )
        seen.add(place.lg_code)
    if problems:
        raise SeedsError(problems)
    return Gazetteer(places)


def _read_place(row: list[str], width: int) -> Place:
    if len(row) != width:
        raise Refused(f"{len(row)} columns, the header has {width}", "complete the row")
    place = Place(*row)
    if not re.fullmatch(r"\d{6}", place.lg_code) or place.lg_code[5] != compute_check_digit(place.lg_code[:5]):
        raise Refused(f"{place.lg_code!r} is no local government code", "six digits, the last a check digit")
    if place.kind != "prefecture" and place.kind not in KIND_WORDS:
        raise Refused(f"unknown kind {place.kind!r}", f"one of prefecture, {', '.join(KIND_WORDS)}")
    for coordinate, limit in ((place.lat, 90), (place.lon, 180)):
        if coordinate and not (re.fullmatch(r"-?\d+(\.\d+)?", coordinate) and abs(float(coordinate)) <= limit):
            raise Refused(f"{coordinate!r} is no coordinate in degrees", "decimal degrees, WGS 84")
    return place
