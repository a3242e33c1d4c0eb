"""The search over a release: what can be found, what it is found by, and the answer to a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode

from server.dataset import Dataset
from server.pages.categories import CATEGORIES
from server.pages.search_entries import EMAIL, GROUPS, HOST, Entry, Place, list_entries
from server.pages.search_index import Grade, Indexed, SearchIndex
from server.pages.search_text import fold_text, read_all_kana
from server.pages.search_words import Lexicon

_KINDS = "市区町村"
_MATCHES = {
    Grade.NAME: "name",
    Grade.NAME_SOUNDS: "sound",
    Grade.NAME_BEGINS: "beginning",
    Grade.WHOLE: "words",
    Grade.SOUND: "sound",
    Grade.AROUND: "words",
    Grade.BEGINS: "part",
    Grade.AROUND_BEGINS: "part",
    Grade.INSIDE: "part",
}


@dataclass(frozen=True)
class Hit:
    """Something that was found, and by what; a guess may not be what was meant."""

    entry: Entry
    match: str

    @property
    def is_guess(self) -> bool:
        return self.match == "guess"


@dataclass(frozen=True)
class Answer:
    """What a question finds, group after group, the best of each first."""

    hits: tuple[Hit, ...]
    guesses: tuple[Hit, ...]
    left_out: tuple[str, ...]  # words that the guesses do not have

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many hits each group has, in the order of the groups; those without are left out."""
        return dict(Counter(hit.entry.group for hit in self.hits))

    def keep_group(self, group: str) -> tuple[Hit, ...]:
        """The hits of one group; all where none is named."""
        return tuple(h for h in self.hits if not group or h.entry.group == group)


class Catalogue:
    """All that can be found in a release."""

    def __init__(self, dataset: Dataset) -> None:
        self.entries = list_entries(dataset)
        self.places = {entry.place.area: entry for entry in self.entries if entry.place}
        self._by_government = {entry.iri: entry for entry in self.places.values()}
        self._emails = {entry.text.casefold() for entry in self.entries if entry.kind == EMAIL and entry.is_current}
        bodies = {entry.iri: tuple(n.value for n in entry.names) for entry in self.entries if entry.names}
        names = {area: _name_place(entry.place) for area, entry in self.places.items() if entry.place}
        lexicon = Lexicon(fold_text(name) for found in names.values() for name in found if not name.isascii())
        latin = read_all_kana(name for found in names.values() for name in found)
        names = {area: tuple(latin.get(name, name) for name in found) for area, found in names.items()}
        self._index = SearchIndex([self._index_entry(entry, names, bodies) for entry in self.entries], lexicon)

    def find_place(self, thing: NamedNode | None) -> Entry | None:
        """The place of that area or government."""
        return (self.places.get(thing) or self._by_government.get(thing)) if thing else None

    def is_of_today(self, email: str) -> bool:
        """Whether a list of today has the address, of whichever body."""
        return email.casefold() in self._emails

    def answer_question(self, text: str) -> Answer:
        """What a question finds: a group that has something of just this name comes first, and today before the past."""
        found = self._index.find(text)
        hits = [Hit(self.entries[number], _MATCHES[grade]) for number, grade in found.hits]
        named = {self.entries[number].group for number, grade in found.hits if grade >= Grade.NAME_SOUNDS}
        order = {group: (group not in named, position) for position, group in enumerate(dict.fromkeys(GROUPS.values()))}
        hits.sort(key=lambda h: (order[h.entry.group], h.match != "name", not (h.entry.place or h.entry.is_current)))
        guesses = tuple(Hit(self.entries[number], "guess") for number in found.guesses)
        return Answer(tuple(hits), guesses, found.left_out)

    def _index_entry(
        self, entry: Entry, names: Mapping[NamedNode, tuple[str, ...]], bodies: Mapping[NamedNode | None, tuple[str, ...]]
    ) -> Indexed:
        if entry.place:
            own, around = names[entry.place.area], names.get(entry.place.around, ()) if entry.place.around else ()
            return Indexed((*own, *entry.place.identifiers), around, (0, _rank_place(entry), entry.place.code))
        places = [p for g in entry.governments if (p := self._by_government.get(g)) and p.place]
        around = tuple(name for p in places for area in _list_areas(p.place) for name in names.get(area, ()))
        key = f"{places[0].place.code if places and places[0].place else ''} {entry.text.casefold()}"
        if entry.names:
            return Indexed(tuple(n.value for n in entry.names), around, (1, not entry.is_current, key))
        of_bodies = {name for m in entry.mentions if m.body and m.email for name in bodies.get(m.body, ())}
        own = (entry.text, entry.text.removeprefix("www.")) if entry.kind == HOST else (entry.text,)
        return Indexed(own, (*around, *sorted(of_bodies)), (3 if entry.kind == HOST else 2, not entry.is_current, key))


def _name_place(place: Place) -> tuple[str, ...]:
    """All that it is called; a special ward of Tokyo calls itself a city too."""
    english = place.names.get("en", "")
    also = (f"{english.removesuffix(' Ward')} City",) if english.endswith(" Ward") else ()
    found = (english, *also, place.names.get("ja", ""), place.names.get("ja-hrkt", ""), *place.short_names)
    return (*dict.fromkeys(name for name in found if name), place.code, place.code[:5])


def _list_areas(place: Place | None) -> list[NamedNode]:
    return [area for area in (place.area, place.around) if area] if place else []


def _rank_place(entry: Entry) -> int:
    """Prefectures and cities that are listed today come first, then those of the past, then those that no list names."""
    if entry.mentions:
        ranks = [CATEGORIES.index(c) for c in entry.categories if c in CATEGORIES]
        return min(ranks, default=len(CATEGORIES)) + (0 if entry.is_current else len(CATEGORIES))
    kind = entry.place.names.get("ja", "")[-1:] if entry.place else ""
    return 10 + (_KINDS.find(kind) if kind in _KINDS else 0)
