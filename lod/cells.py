"""The cells of a table: markup decoded, and the values in them told apart with their markers and labels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from lod.errors import Refused
from lod.hosts import is_email
from lod.names import normalise_name

_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|\w+);", re.IGNORECASE)
_PRINTED_URL = re.compile(r"(?<![\w@.])(?:https?://|www\.)[^\s　]+", re.IGNORECASE)
_NUMBER = r"\(\s*(?P<round>\d{1,2})\s*\)|\[\s*(?P<square>\d{1,2})\s*\]|(?<!\S)(?P<half>\d{1,2})\)|(?P<circled>[①-⑳])"
_MARKER = re.compile(_NUMBER)
_SPACED_BULLET = re.compile(r"(?<!\S)[・•○](?=\s)")
_LEXEME = re.compile(
    rf"(?P<marker>{_NUMBER})|(?P<bullet>[・•○])|【(?P<label>[^】]*)】"
    r"|\((?P<paren>[^()]*(?:\([^()]*\)[^()]*)*)\)|(?P<open>\()|(?P<close>\))|(?P<word>[^\s()・•○【]+|\S)"
)


@dataclass(frozen=True)
class Link:
    """A link as printed: its target and its text."""

    target: str
    text: str


@dataclass(frozen=True)
class DecodedCell:
    """A cell without its markup: text and links in order, and what markup there was."""

    parts: tuple[str | Link, ...]
    has_entity: bool
    has_markup: bool

    @property
    def text(self) -> str:
        return normalise_name(" ".join(p if isinstance(p, str) else p.text for p in self.parts))


class _CellParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str | Link] = []
        self.has_markup = False
        self._target: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "a":
            self.has_markup = True
            return
        if self._target is not None:
            raise Refused("a link starts within a link", "close the first link in the document")
        self._target = dict(attrs).get("href")
        if not self._target:
            raise Refused("a link without target", "add a curation entry or mend the markup")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._target is not None:
            self.parts.append(Link(self._target, self._text))
            self._target, self._text = None, ""

    def handle_data(self, data: str) -> None:
        if self._target is not None:
            self._text += data
        else:
            self.parts.append(data)

    def finish(self) -> None:
        self.close()
        if self._target is not None:
            raise Refused(f"the link to {self._target} is not closed", "close it in the document")


def decode_cell(raw: str, *, html: bool) -> DecodedCell:
    """The cell's text and links; entities are decoded once. Raises Refused for markup that is not well formed."""
    if not html:
        return DecodedCell(tuple(_split_printed_links(raw)), has_entity=False, has_markup=False)
    parser = _CellParser()
    parser.feed(raw)
    parser.finish()
    return DecodedCell(tuple(parser.parts), bool(_ENTITY.search(raw)), parser.has_markup)


def _split_printed_links(text: str) -> list[str | Link]:
    parts: list[str | Link] = []
    end = 0
    for match in _PRINTED_URL.finditer(text):
        url = _balance_parentheses(match[0])
        parts += [text[end : match.start()], Link(url, url)]
        end = match.start() + len(url)
    return [p for p in (*parts, text[end:]) if p]


def _balance_parentheses(url: str) -> str:
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1]
    return url


@dataclass
class Value:
    """One value of a cell: number and label as printed, whether it stands in parentheses, and the link or e-mail itself."""

    text: str
    anchor: str = ""
    number: int | None = None
    bullet: bool = False
    label: str = ""
    label_after: str = ""
    in_parentheses: bool = False


@dataclass
class CellValues:
    """What a URL, e-mail or class cell holds, and the words in it that no rule reads."""

    values: list[Value] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    damaged_emails: list[tuple[str, str]] = field(default_factory=list)  # kind of issue, verbatim text
    stray_markers: list[str] = field(default_factory=list)


def read_values(cell: DecodedCell, at_sign: str) -> CellValues:
    """Tells the values of a URL, e-mail or class cell apart (markers, bullets, labels before and after, parentheses)."""
    reader = _ValueReader(at_sign)
    for part in cell.parts:
        if isinstance(part, Link):
            reader.add_link(part)
        else:
            reader.add_text(part)
    return reader.finish()


class _ValueReader:
    def __init__(self, at_sign: str) -> None:
        self.at_signs = {at_sign, "@"}
        self.result = CellValues()
        self.number: int | None = None
        self.marker_text = ""
        self.bullet = False
        self.label = ""
        self.words: list[str] = []
        self.open = False

    def add_link(self, link: Link) -> None:
        self._flush_words()
        self._add(Value(link.target, link.text))

    def add_text(self, text: str) -> None:
        for match in _LEXEME.finditer(text.replace("\u00a0", " ")):
            if match["word"]:
                self.words.append(match["word"])
                continue
            self._flush_words()
            if match["marker"]:
                if self.number is not None:
                    self.result.stray_markers.append(self.marker_text)
                self.number, self.marker_text = read_number(match), match["marker"]
            elif match["bullet"]:
                self.bullet = True
            elif match["label"] is not None:
                self.label = normalise_name(match["label"])
            elif match["paren"] is not None:
                self._add_parenthesis(normalise_name(match["paren"]))
            else:
                self.open = bool(match["open"])

    def finish(self) -> CellValues:
        self._flush_words()
        if self.number is not None:
            self.result.stray_markers.append(self.marker_text)
        if self.label:
            self.result.unread.append(self.label)
        return self.result

    def _add(self, value: Value) -> None:
        value.number, value.bullet, value.label, value.in_parentheses = self.number, self.bullet, self.label, self.open
        self.number, self.bullet, self.label = None, False, ""
        self.result.values.append(value)

    def _add_parenthesis(self, text: str) -> None:
        if any(sign in text for sign in self.at_signs):
            self.open = True
            self.words = text.split()
            self._flush_words()
            self.open = False
        elif self.result.values and not self.result.values[-1].label_after:
            self.result.values[-1].label_after = text
        else:
            self.result.unread.append(f"({text})")

    def _flush_words(self) -> None:
        """Finds the e-mails among the words read so far; the words before one are its label."""
        words, self.words = self.words, []
        pending: list[str] = []
        index = 0
        while index < len(words):
            word = words[index]
            if not any(sign in word for sign in self.at_signs):
                pending.append(word)
                index += 1
                continue
            before, after = (pending[-1:] or [""])[0], words[index + 1] if index + 1 < len(words) else ""
            email = self._normalise(word)
            if not is_email(email):
                for joined, used_before, used_after in (
                    (f"{before}{word}", True, False),
                    (f"{word}{after}", False, True),
                    (f"{before}{word}{after}", True, True),
                ):
                    if (not used_before or before) and (not used_after or after) and is_email(self._normalise(joined)):
                        pending = pending[:-1] if used_before else pending
                        index += used_after
                        printed = " ".join(filter(None, (before * used_before, word, after * used_after)))
                        self.result.damaged_emails.append(("EmailWithBlank", printed))
                        break
                else:
                    self.result.damaged_emails.append(("EmailTruncated", word))
            elif re.fullmatch(r"[\w.+-]*[.+_-]", before):
                self.result.damaged_emails.append(("EmailWithBlank", f"{before} {word}"))
                pending = pending[:-1]
            else:
                self.label = self.label or " ".join(pending)
                pending = []
                self._add(Value(email, word))
            self.result.unread += [" ".join(pending)] if pending else []
            pending = []
            index += 1
        self.result.unread += [" ".join(pending)] if pending else []

    def _normalise(self, word: str) -> str:
        email = word
        for sign in self.at_signs:
            email = email.replace(sign, "@")
        return email


def read_number(match: re.Match[str]) -> int:
    """The number that a marker states: 2 for (2), ( 2 ), [2], 2) and ②."""
    if circled := match["circled"]:
        return ord(circled) - ord("①") + 1
    return int(next(g for g in (match["round"], match["square"], match["half"]) if g))


@dataclass(frozen=True)
class Part:
    """One of the bodies that a department cell names, with its marker."""

    text: str
    number: int | None = None
    bullet: bool = False


def split_department(text: str) -> tuple[list[Part], list[str]]:
    """The parts of a department cell and its stray markers.

    Numbers split where they count up by one, each before a text (the first may be any, as in a row that continues a listing);
    bullets split only where they stand alone. Nothing else splits.
    """
    text = normalise_name(text)
    markers = list(_MARKER.finditer(text))
    numbered = [m for i, m in enumerate(markers) if text[m.end() :].strip() and read_number(m) == read_number(markers[0]) + i]
    if numbered and markers[0].start() == 0 and len(numbered) == len(markers):
        ends = [m.start() for m in numbered[1:]] + [len(text)]
        return [Part(text[m.end() : e].strip(), read_number(m)) for m, e in zip(numbered, ends, strict=True)], []
    bullets = list(_SPACED_BULLET.finditer(text))
    if bullets and bullets[0].start() == 0:
        ends = [m.start() for m in bullets[1:]] + [len(text)]
        parts = [Part(text[m.end() : e].strip(), bullet=True) for m, e in zip(bullets, ends, strict=True)]
        return [p for p in parts if p.text], []
    stray = [m[0] for m in markers]
    return [Part(normalise_name(_MARKER.sub(" ", text)))] if text else [], stray
