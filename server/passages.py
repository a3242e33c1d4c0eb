"""Where in the text of a document a published value stands: exactly, or nowhere."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

_IN_EMAIL = r"[\w.+%-]"
_AFTER_URL = r"(?=$|[\s\"<>()（）【】、・※])"
_SUFFIXES = ("City", "Town", "Village", "Ward", "Prefecture")


@dataclass(frozen=True, order=True)
class Passage:
    """Some characters of a line."""

    line: int
    start: int
    end: int


@dataclass(frozen=True)
class DocumentText:
    """The lines of a document, searched as one text, since a name may run over several."""

    lines: tuple[str, ...]

    def find(self, pattern: str, lines: Sequence[int]) -> list[tuple[Passage, ...]]:
        """Each match that touches no other lines than these (blank ones aside), as one passage for each line."""
        if not lines:
            return []
        start, end = self._starts[lines[0] - 1], self._starts[lines[-1] - 1] + len(self.lines[lines[-1] - 1])
        found = (tuple(self._split(m.start(), m.end())) for m in re.compile(pattern).finditer(self._joined, start, end))
        return [match for match in found if match and all(p.line in lines for p in match)]

    def read(self, passage: Passage) -> str:
        return self.lines[passage.line - 1][passage.start : passage.end]

    def _split(self, start: int, end: int) -> Iterator[Passage]:
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, max(start, end - 1)) - 1
        for index in range(first, last + 1):
            text, offset = self.lines[index], self._starts[index]
            own = text[max(0, start - offset) : end - offset]
            if own.strip():
                begin = max(0, start - offset) + len(own) - len(own.lstrip())
                yield Passage(index + 1, begin, begin + len(own.strip()))

    @cached_property
    def _joined(self) -> str:
        return "\n".join(self.lines)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.lines)][:-1]


def match_words(text: str) -> str:
    """Finds a text whatever white space stands between its words, and with signs written as HTML entities."""
    words = (r"".join(_match_sign(sign) for sign in word) for word in text.split())
    before, after = (r"\b" if _is_latin(sign) else "" for sign in (text.strip()[:1], text.strip()[-1:]))
    return before + r"\s+".join(words) + after


def match_email(email: str) -> str:
    """Finds an e-mail, with @ or [at], and no longer one that ends or begins like it."""
    written = re.escape(email).replace("@", r"(?:@|\[at\])")
    return rf"(?<!{_IN_EMAIL}){written}(?![\w@-]|\.\w)"


def match_url(url: str) -> str:
    """Finds an address as it is, with & as an entity, or without the scheme that was added; and no longer one."""
    forms = dict.fromkeys((url, html.escape(url, quote=False)))
    written = "|".join(map(re.escape, forms))
    bare = "|".join(re.escape(form.removeprefix("http://")) for form in forms)
    if not url.startswith("http://"):
        return f"(?:{written}){_AFTER_URL}"
    return rf"(?:(?:{written})|(?<![\w/.@%:-])(?:{bare})){_AFTER_URL}"


def match_place(names: Sequence[str]) -> list[tuple[str, int]]:
    """Find a place, the surest pattern first, each with the number of the match that counts.

    In a cell of its own the last, as its prefecture may stand before it; at the beginning of a line or elsewhere the first.
    """
    forms, romanised = [], []
    for name in names:
        bare, _, suffix = name.rpartition(" ")
        forms.append(match_words(name))
        if bare and suffix in _SUFFIXES:
            forms += [f"(?:the )?City of {re.escape(bare)}", re.escape(bare)]
            romanised.append(f"{re.escape(bare)}-?(?:shi|machi|cho|mura|son|ku)")
    written = "|".join((*map(match_words, names), *romanised))
    return [
        *((rf"(?i)(?<![^\t\n]){form}(?=[ \xa0]*(?:\t|\n|$))", -1) for form in forms),
        *((rf"(?im)^{form}\b", 0) for form in forms),
        (rf"(?i)(?<![\w-])(?:{written})(?!\w)", 0),
    ]


def _match_sign(sign: str) -> str:
    escaped = html.escape(sign)
    return re.escape(sign) if escaped == sign else f"(?:{re.escape(sign)}|{re.escape(escaped)})"


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
