"""The places of the reference table, and how a printed name finds its place among them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from lod.errors import Refused

KIND_WORDS = {"city": "City", "town": "Town", "village": "Village", "special-ward": "Ward"}
_ROMAN_SUFFIXES = {"shi": "city", "machi": "town", "cho": "town", "mura": "village", "son": "village", "ku": "special-ward"}
_WORD_KINDS = {
    "city": frozenset(["city", "special-ward"]),
    "town": frozenset(["town"]),
    "village": frozenset(["village"]),
    "ward": frozenset(["special-ward"]),
}
_PREFECTURE_SUFFIX = re.compile(r"[ -](?:prefecture|ken|fu|to)$", re.IGNORECASE)
_DISTRICT = re.compile(r"^(?:\S+-gun|\S+ District)[ ,]+", re.IGNORECASE)
_JAPANESE_DISTRICT = re.compile(r"^\S{1,5}?郡(?=\S+[町村]$)")
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
            if not place.is_prefecture:
                self._by_japanese_name[place.name_ja].append(place)
        self._prefecture_by_name = {p.name_en: p for p in self.places if p.is_prefecture}

    def __iter__(self) -> Iterator[Place]:
        return iter(self.places)

    def get_prefecture_of(self, place: Place) -> Place:
        """The prefecture that a municipality lies in; a prefecture is its own."""
        return self._prefecture_by_name[place.prefecture or place.name_en]

    def find_prefecture(self, text: str) -> Found:
        """The prefecture of that name; raises Refused for a name that the table does not know."""
        for place in self._prefecture_by_name.values():
            if text in (place.name_ja, place.name_ja[:-1]):
                return Found(place, Spelling.VARIANT)
        bare = _PREFECTURE_SUFFIX.sub("", text)
        for place in self._prefectures.get(fold_name(bare), []):
            exact = text in (place.name_en, f"{place.name_en} Prefecture")
            return Found(place, Spelling.EXACT if exact else Spelling.VARIANT)
        for place in self._prefectures.get(fold_long_vowels(bare), []):
            return Found(place, Spelling.MISSPELT)
        raise Refused(
            f"no prefecture is called {text!r}", "correct the cell with a curation entry, or add the place to places.csv"
        )

    def knows_prefecture(self, text: str) -> bool:
        """Whether a prefecture has that name, in any spelling."""
        try:
            return bool(self.find_prefecture(text))
        except Refused:
            return False

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
        raise Refused(
            f"{text!r} is ambiguous: {names}", "write its kind (City, Town) or its prefecture, or decide with a curation entry"
        )

    def _look_up(self, text: str) -> tuple[list[Place], Spelling]:
        if japanese := self._by_japanese_name.get(_JAPANESE_DISTRICT.sub("", text)):
            return japanese, Spelling.VARIANT
        name, kinds = split_kind(text)
        folded = fold_name(name)
        for key, allowed, spelling in (
            (folded, kinds, Spelling.VARIANT),
            (folded.removesuffix("shi"), kinds & {"city"}, Spelling.VARIANT),
            (fold_long_vowels(name), kinds, Spelling.MISSPELT),
        ):
            if of_kind := [p for p in self._municipalities.get(key, []) if p.kind in allowed]:
                return of_kind, spelling
        return [], Spelling.VARIANT


def split_kind(text: str) -> tuple[str, frozenset[str]]:
    """The bare name, and the kinds of municipality that the text may mean: a word or suffix for one, else any.

    A special ward of Tokyo calls itself a city in English, but never -shi.
    """
    text = _DISTRICT.sub("", text)
    if match := _KIND_FIRST.match(text):
        return match[2], _WORD_KINDS[match[1].lower()]
    if match := _KIND_LAST.match(text):
        return match[1], _WORD_KINDS[match[2].lower()]
    if match := _ROMAN_LAST.match(text):
        return match[1], frozenset([_ROMAN_SUFFIXES[match[2].lower()]])
    return text, frozenset(KIND_WORDS)


def fold_name(text: str) -> str:
    """Letters and digits only, without accents and case."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if c.isalnum())


def fold_long_vowels(text: str) -> str:
    """As `fold_name`, with the spellings of a long vowel (ou, oo, oh, uu) made one."""
    return re.sub("uu", "u", re.sub("o[uoh](?![aeiouy])", "o", fold_name(text)))
