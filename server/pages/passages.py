"""Where in the text of a document a published value stands: exactly, or nowhere."""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

_SUFFIXES = ("City", "Town", "Village", "Ward", "Prefecture")
_RUN = re.compile(r"\s+|\S+")
# What may follow; before a value stands a sign that the other pattern does not match.
_ANYTHING, _NOTHING = re.compile(""), re.compile(r"(?!)")
_WORD, _WORD_END = re.compile(r"\w"), re.compile(r"(?!\w)")
_IN_EMAIL, _AFTER_EMAIL = re.compile(r"[\w.+%-]"), re.compile(r"(?![\w@-]|\.\w)")
_IN_URL, _AFTER_URL = re.compile(r"[\w/.@%:-]"), re.compile(r"$|[\s\"<>()（）【】、・※]")


@dataclass(frozen=True, order=True)
class Passage:
    """Some characters of a line."""

    line: int
    start: int
    end: int


@dataclass(frozen=True)
class Wanted:
    """What is looked for: the forms in which a value may be printed, and what may stand around it."""

    forms: tuple[str, ...]
    before: re.Pattern[str]
    after: re.Pattern[str]


@dataclass(frozen=True)
class DocumentText:
    """The lines of a document, searched as one text in which every run of white space is one blank: names run over lines."""

    lines: tuple[str, ...]

    def find(self, wanted: Wanted, lines: Sequence[int]) -> list[Passage]:
        """Each match that touches no other lines than these, as one passage for each of its lines."""
        own = self._keep_known(lines)
        if not own:
            return []
        first, last = self._starts[own[0] - 1], self._starts[own[-1] - 1] + len(self.lines[own[-1] - 1])
        folded, places = self._folded
        begin, finish = bisect_left(places, first), bisect_left(places, last)
        found = {place for form in wanted.forms for place in _find_form(folded, form, begin, finish, wanted)}
        matches = (list(self._split(places[start], places[end - 1] + 1)) for start, end in sorted(found))
        return [passage for match in matches if all(p.line in own for p in match) for passage in match]

    def find_place(self, names: Sequence[str], lines: Sequence[int]) -> Passage | None:
        """In the last cell that is its name, as its prefecture may stand before it; else at the start of a line or anywhere."""
        own = self._keep_known(lines)
        forms = [form.lower() for name in names for form in _list_place_forms(name)]
        for form in forms:
            cells = [p for number in own for p in self._list_cells(number) if self.read(p).lower() == form]
            if cells:
                return cells[-1]
        for form in forms:
            for number in own:
                if re.match(rf"{re.escape(form)}\b", self.lines[number - 1].lower()):
                    return Passage(number, 0, len(form))
        bare = [re.escape(name.rpartition(" ")[0]) for name in names if name.rpartition(" ")[2] in _SUFFIXES]
        written = "|".join((*map(re.escape, names), *(f"{b}-?(?:shi|machi|cho|mura|son|ku)" for b in bare)))
        pattern = re.compile(rf"(?<![\w-])(?:{written})(?!\w)", re.IGNORECASE)
        found = ((number, match) for number in own if (match := pattern.search(self.lines[number - 1])))
        return next((Passage(number, match.start(), match.end()) for number, match in found), None)

    def read(self, passage: Passage) -> str:
        return self.lines[passage.line - 1][passage.start : passage.end]

    def _keep_known(self, lines: Sequence[int]) -> list[int]:
        """Data that are not ours may name lines that there are not."""
        return [number for number in lines if 0 < number <= len(self.lines)]

    def _list_cells(self, number: int) -> Iterator[Passage]:
        start = 0
        for cell in self.lines[number - 1].split("\t"):
            begin = start + len(cell) - len(cell.lstrip())
            yield Passage(number, begin, begin + len(cell.strip()))
            start += len(cell) + 1

    def _split(self, start: int, end: int) -> Iterator[Passage]:
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1) - 1
        for index in range(first, last + 1):
            offset = self._starts[index]
            begin = max(0, start - offset)
            own = self.lines[index][begin : end - offset]
            if own.strip():
                begin += len(own) - len(own.lstrip())
                yield Passage(index + 1, begin, begin + len(own.strip()))

    @cached_property
    def _folded(self) -> tuple[str, list[int]]:
        """The one text, and where each of its characters stands in the lines joined by line breaks."""
        pieces: list[str] = []
        places: list[int] = []
        for run in _RUN.finditer("\n".join(self.lines)):
            is_blank = run[0].isspace()
            pieces.append(" " if is_blank else run[0])
            places += [run.start()] if is_blank else range(run.start(), run.end())
        return "".join(pieces), places

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.lines)][:-1]


def want_words(text: str) -> Wanted:
    """A name or a note, with signs that may be written as HTML entities."""
    folded = " ".join(text.split())
    before, after = (_is_latin(sign) for sign in (folded[:1], folded[-1:]))
    forms = _list_spellings(folded)
    return Wanted(forms, _WORD if before else _NOTHING, _WORD_END if after else _ANYTHING)


def want_email(email: str) -> Wanted:
    """With @ or [at], and no longer one that ends or begins like it."""
    return Wanted((email, email.replace("@", "[at]")), _IN_EMAIL, _AFTER_EMAIL)


def want_url(url: str) -> Wanted:
    """As it is, with & as an entity, or without the scheme that was added; and no longer one."""
    forms = (url, url.removeprefix("http://"))
    return Wanted(tuple(f for form in forms for f in _list_spellings(form)), _IN_URL, _AFTER_URL)


def _find_form(text: str, form: str, begin: int, finish: int, wanted: Wanted) -> Iterator[tuple[int, int]]:
    start = text.find(form, begin, finish) if form else -1
    while start >= 0:
        end = start + len(form)
        before = text[start - 1] if start > begin else ""
        if not (before and wanted.before.match(before)) and wanted.after.match(text, end):
            yield start, end
        start = text.find(form, end, finish)


def _list_spellings(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((text, html.escape(text, quote=False), html.escape(text))))


def _list_place_forms(name: str) -> list[str]:
    bare, _, suffix = name.rpartition(" ")
    return [name, f"City of {bare}", f"the City of {bare}", bare] if bare and suffix in _SUFFIXES else [name]


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
