"""The index of the search: for every word the entries that have it, and how well an entry answers a question."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz import process
from rapidfuzz.distance import OSA

from server.pages.search_text import Word, join_words, make_word, read_question, read_words, split_scripts
from server.pages.search_words import Lexicon

_NEAREST = 6  # words that a misspelt one may have meant
_GUESSES = 6


class Grade(IntEnum):
    """How an entry has a word; that of a whole question is its weakest, but for a question that is the whole name."""

    INSIDE = 1  # within a word of its own
    AROUND_BEGINS = 2  # what it belongs to has a word that begins so
    AROUND = 3
    BEGINS = 4  # a word of its own begins so
    SOUND = 5
    WHOLE = 6
    NAME_BEGINS = 7  # its name begins with the whole question
    NAME_SOUNDS = 8
    NAME = 9


_OWN = frozenset(Grade) - {Grade.AROUND, Grade.AROUND_BEGINS}


@dataclass(frozen=True)
class Indexed:
    """What an entry is found by."""

    names: tuple[str, ...]  # its own
    around: tuple[str, ...]  # of what it belongs to: they narrow, and find nothing alone
    order: tuple[int, int, str]  # among those that answer as well


@dataclass(frozen=True)
class Found:
    """The numbers of the entries that answer a question, the best first, and how they do."""

    hits: tuple[tuple[int, Grade], ...]
    guesses: tuple[int, ...]  # what may have been meant: never among the hits
    left_out: tuple[str, ...]  # words that the guesses leave unanswered


class SearchIndex:
    """Finds the numbers of entries."""

    def __init__(self, entries: Sequence[Indexed], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._order = [entry.order for entry in entries]
        self._own: dict[str, dict[int, Grade]] = defaultdict(dict)
        self._around: dict[str, set[int]] = defaultdict(set)
        self._names: dict[str, dict[int, Grade]] = defaultdict(dict)
        read: dict[str, tuple[list[Word], tuple[str, str]]] = {}
        forms: dict[tuple[str, ...], set[str]] = {}  # many entries belong to the same
        for number, entry in enumerate(entries):
            for name in entry.names:
                if name not in read:
                    words = read_words(name)
                    read[name] = (list(self._enrich(words)), join_words(words))
                words, joined = read[name]
                self._add_name(number, joined)
                for word in words:
                    self._own[word.text][number] = Grade.WHOLE
                    if word.sound != word.text:
                        self._own[word.sound].setdefault(number, Grade.SOUND)
            if entry.around not in forms:
                found = {word for name in entry.around for word in read_words(name)}
                forms[entry.around] = {form for word in found for form in (word.text, word.sound)}
            for form in forms[entry.around]:
                self._around[form].add(number)
        self._sorted_names = sorted(self._names)
        self._sorted = sorted({*self._own, *self._around})
        self._lines = "\n".join(["", *sorted(self._own), ""])
        self._guessable = sorted({*self._own, *self._names})

    def find(self, text: str) -> Found:
        """All that answers a question; where nothing does so well, what may have been meant."""
        words = read_question(text)
        if not words:
            return Found((), (), ())
        matches = [self._match(word) for word in words]
        scores = self._combine(words, matches)
        hits = sorted(scores, key=lambda n: (-scores[n][0], -scores[n][1], self._order[n]))
        guesses: Iterable[int] = ()
        left_out: list[str] = []
        if not hits or scores[hits[0]][0] == Grade.INSIDE:
            guesses, left_out = self._guess(words, matches)
        graded = tuple((number, scores[number][0]) for number in hits)
        return Found(graded, tuple(n for n in guesses if n not in scores)[:_GUESSES], () if hits else tuple(left_out))

    def _add_name(self, number: int, joined: tuple[str, str]) -> None:
        text, sound = joined
        _keep_best(self._names[sound], number, Grade.NAME_SOUNDS)
        _keep_best(self._names[text], number, Grade.NAME)

    def _enrich(self, words: Iterable[Word]) -> Iterator[Word]:
        """The words, with the English ones for what is Japanese in them, and the parts of addresses."""
        for word in words:
            yield word
            if word.is_address:
                parts = word.text.replace("@", ".").replace("-", ".").replace("_", ".").split(".")
                yield from (Word(p, p) for p in {*parts, *word.text.split("@")} if p)
            elif word.is_japanese:
                for part in self._lexicon.split(word.text):
                    yield make_word(part)
                    for english in self._lexicon.translate(part) or ():
                        yield from read_words(english)

    def _match(self, word: Word) -> dict[int, Grade]:
        """The entries with a word, also with its English where it is Japanese."""
        found = self._look_up(word)
        if not word.is_japanese:
            return found
        parts = [run for part in self._lexicon.split(word.text) for run in self._split_unknown(part)]
        narrowed = [self._match_part(part) for part in parts]
        told = [match for match in narrowed if match is not None]
        if told and (len(told) > 1 or not found or parts != [word.text] or self._lexicon.translate(word.text)):
            for number in set(told[0]).intersection(*told[1:]):
                grades = [match[number] for match in told]
                is_own = bool(_OWN.intersection(grades))
                _keep_best(
                    found, number, max(min(grades), Grade.BEGINS) if is_own and Grade.INSIDE not in grades else min(grades)
                )
        return found

    def _split_unknown(self, part: str) -> list[str]:
        return [part] if self._lexicon.translate(part) is not None or part in self._own else split_scripts(part)

    def _match_part(self, part: str) -> dict[int, Grade] | None:
        """None for a part that may be left out, as it tells nothing."""
        english = self._lexicon.translate(part)
        if english == []:
            return None
        found = self._look_up(make_word(part))
        for words in map(read_words, english or ()):
            matches = [self._look_up(word) for word in words]
            for number in set(matches[0]).intersection(*matches[1:]):
                _keep_best(found, number, min(match[number] for match in matches))
        return found

    def _look_up(self, word: Word) -> dict[int, Grade]:
        found: dict[int, Grade] = {}
        if (len(word.text) > 2 and not word.text.isdecimal()) or word.is_japanese:
            for inside in self._iterate_inside(word.text):
                for number in self._own[inside]:
                    _keep_best(found, number, Grade.INSIDE)
        for form, whole in _list_forms(word.text, word.sound, Grade.WHOLE, Grade.SOUND):
            for longer in _iterate_prefixed(self._sorted, form):
                is_whole = longer == form
                for number in self._around.get(longer, ()):
                    _keep_best(found, number, Grade.AROUND if is_whole else Grade.AROUND_BEGINS)
                for number, grade in self._own.get(longer, {}).items():
                    _keep_best(found, number, min(grade, whole) if is_whole else Grade.BEGINS)
        return found

    def _iterate_inside(self, text: str) -> Iterator[str]:
        position = self._lines.find(text)
        while position >= 0:
            end = self._lines.index("\n", position)
            yield self._lines[self._lines.rindex("\n", 0, position + 1) + 1 : end]
            position = self._lines.find(text, end)

    def _combine(self, words: list[Word], matches: Sequence[Mapping[int, Grade]]) -> dict[int, tuple[Grade, int]]:
        """What has every word, one of them as its own, or the whole question as its name."""
        found: dict[int, tuple[Grade, int]] = {}
        for number in set(matches[0]).intersection(*matches[1:]):
            grades = [match[number] for match in matches]
            if _OWN.intersection(grades):
                found[number] = (min(grades), sum(grades))
        text, sound = join_words(words)
        for form, whole in _list_forms(text, sound, Grade.NAME, Grade.NAME_SOUNDS):
            for name in _iterate_prefixed(self._sorted_names, form):
                for number, grade in self._names[name].items():
                    reached = min(grade, whole) if name == form else Grade.NAME_BEGINS
                    if reached > found.get(number, (0, 0))[0]:
                        found[number] = (reached, 0)
        return found

    def _guess(self, words: list[Word], matches: Sequence[Mapping[int, Grade]]) -> tuple[list[int], list[str]]:
        """What the question may have meant: with other letters, else with some of its words only."""
        weak = [not match or max(match.values()) == Grade.INSIDE for match in matches]
        meant = [self._match_near(w) if is_weak else dict(m) for w, m, is_weak in zip(words, matches, weak, strict=True)]
        scores = self._combine(words, meant) if all(meant) else {}
        whole = make_word(join_words(words)[1])
        if len(words) > 1 and not scores:
            scores = self._combine([whole], [self._match_near(whole)])
        left_out: list[str] = []
        if not scores and len(words) > 1:
            counts: dict[int, tuple[int, int]] = {}
            for match in meant:
                for number, grade in match.items():
                    if grade in _OWN:
                        counts[number] = (counts.get(number, (0, 0))[0] + 1, counts.get(number, (0, 0))[1] + grade)
            most = max(counts.values(), default=(0, 0))[0]
            scores = {n: (Grade.INSIDE, total) for n, (count, total) in counts.items() if count == most}
            left_out = [w.text for w, match in zip(words, meant, strict=True) if not set(match) & set(scores)]
        return sorted(scores, key=lambda n: (-scores[n][0], -scores[n][1], self._order[n])), left_out

    def _match_near(self, word: Word) -> dict[int, Grade]:
        """The entries whose words differ from this one by a letter or two."""
        most = count_typos(word)
        near = (
            process.extract(word.sound, self._guessable, scorer=OSA.distance, score_cutoff=most, limit=_NEAREST) if most else []
        )
        found: dict[int, Grade] = {}
        for text, distance, _ in near:
            grade = Grade.SOUND if distance == near[0][1] else Grade.BEGINS
            for number in (*self._own.get(text, ()), *self._names.get(text, ())):
                _keep_best(found, number, grade)
        return found


def count_typos(word: Word) -> int:
    """How many letters may be wrong in a word of its length."""
    length = len(word.sound)
    if word.is_japanese:
        return 0 if length < 3 else 1
    if word.text.isdecimal():
        return 1 if length >= 5 else 0
    return 0 if length < 3 else 1 if length < 6 else 2 if length < 12 else 3


def _list_forms(text: str, sound: str, written: Grade, heard: Grade) -> list[tuple[str, Grade]]:
    """A word as it is written and as it sounds, which of a short one is too little to go by: foo sounds like fo."""
    return [(text, written)] + ([(sound, heard)] if sound != text and (len(sound) > 2 or len(text) < 4) else [])


def _keep_best(found: dict[int, Grade], number: int, grade: Grade) -> None:
    if grade > found.get(number, 0):
        found[number] = grade


def _iterate_prefixed(texts: Sequence[str], prefix: str) -> Iterator[str]:
    position = bisect_left(texts, prefix)
    while position < len(texts) and texts[position].startswith(prefix):
        yield texts[position]
        position += 1
