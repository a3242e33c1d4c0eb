"""The values of a URL, e-mail or class cell, told apart with their markers and labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from lod.cells import DecodedCell, Link
from lod.hosts import complete_url, find_at_signs, is_cut_email, is_email, is_url, unmask_email
from lod.markers import BULLETS, NUMBER, NUMBER_SIGNS, read_number
from lod.names import normalise_name

_SEPARATORS = ",;、，；。"
_WRAPPING = re.compile(r"^(?:<|mailto:)+|>+$", re.IGNORECASE)
_SQUARE = r"[\[［]\s*\d{1,2}\s*[\]］]"
_URL_REST = re.compile(r"(?=[^A-Za-z]*[a-z])(?=.*[/.?=&#%_0-9])[a-z0-9/.?=&#%_~+-]+")
_MAY_BE_TORN = re.compile(r"[a-z0-9]+")  # as the one word before an e-mail: a label would have a capital
_ENDS_TORN = re.compile(r"[\w.+-]*\w[.+_-]", re.ASCII)


@dataclass
class Value:
    """One value of a cell, and what stands around it.

    `text` is the target of a link or the e-mail with its @, `printed` how it stands in the document; `damage` is the kind of
    issue that keeps an e-mail from being a fact. `label` is what 【】 holds before it, `words` any other words before it,
    `label_after` the parenthesis that follows it.
    """

    text: str
    printed: str
    is_email: bool = False
    is_link: bool = False
    damage: str = ""
    number: int | None = None
    bullet: bool = False
    label: str = ""
    words: str = ""
    label_after: str = ""
    in_parentheses: bool = False


@dataclass
class CellValues:
    """What a URL, e-mail or class cell holds: its values in order, the words that no rule reads, the markers of nothing."""

    values: list[Value] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
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
        self.at_sign = at_sign
        self.at_signs = find_at_signs(at_sign)
        masks = "|".join(map(re.escape, self.at_signs))
        self.lexeme = re.compile(
            rf"(?P<number>{NUMBER})|(?P<bullet>[{BULLETS}])|【(?P<label>[^【】]*)】"
            rf"|(?P<word>(?:{masks}|(?!{_SQUARE})[^\s()（）{BULLETS}{NUMBER_SIGNS}【])+)"
            r"|[(（](?P<paren>[^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)*)[)）]|(?P<open>[(（])|(?P<close>[)）])|(?P<other>\S)"
        )
        self.result = CellValues()
        self.marker: tuple[int, str] | None = None
        self.bullet = ""
        self.label = ""
        self.words: list[str] = []
        self.open = ""
        self.torn: Value | None = None  # the URL just read, whose rest the next word may be

    def add_link(self, link: Link) -> None:
        target = link.target
        if target.lower().startswith("mailto:"):
            target = unquote(target[len("mailto:") :].partition("?")[0]).strip()
        elif "://" in target or not is_email(unmask_email(target, self.at_signs)):
            self._add(Value(target, link.text, is_link=True, words=self._take_words()))
            self.torn = self.result.values[-1] if not link.is_marked_up else None
            return
        address = unmask_email(target, self.at_signs)
        damage = "" if is_email(address) else classify_damage(address)
        self._add(Value(address, link.text, is_email=True, is_link=True, damage=damage, words=self._take_words()))

    def add_text(self, text: str) -> None:
        for match in self.lexeme.finditer(text):
            torn, self.torn = self.torn, None
            if match["word"] and torn and _URL_REST.fullmatch(match["word"]):
                torn.text = torn.printed = f"{torn.text} {match['word']}"
                torn.damage = "UrlTruncated"
            elif match["word"]:
                self.words.append(match["word"])
            elif match["paren"] is not None:
                self._add_parenthesis(match[0], match["paren"])
            else:
                self._flush_words()
                self._add_sign(match)

    def finish(self) -> CellValues:
        self._flush_words()
        self._drop_marker()
        self._drop_bullet()
        self.result.unread += filter(None, (self.label and f"【{self.label}】", self.open))
        return self.result

    def _add_sign(self, match: re.Match[str]) -> None:
        if match["number"]:
            self._drop_marker()
            self.marker = (read_number(match), match["number"])
        elif match["bullet"]:
            self._drop_bullet()
            self.bullet = match["bullet"]
        elif match["label"] is not None:
            self.result.unread += [f"【{self.label}】"] if self.label else []
            self.label = normalise_name(match["label"])
        elif match["open"]:
            self.result.unread += [self.open] if self.open else []
            self.open = match["open"]
        elif match["close"] and self.open:
            self.open = ""
        else:
            self.result.unread.append(match[0])

    def _drop_marker(self) -> None:
        if self.marker:
            self.result.stray_markers.append(self.marker[1])
        self.marker = None

    def _drop_bullet(self) -> None:
        if self.bullet:
            self.result.stray_markers.append(self.bullet)
        self.bullet = ""

    def _add(self, value: Value) -> None:
        value.number = self.marker[0] if self.marker else None
        value.bullet, value.label, value.in_parentheses = bool(self.bullet), self.label, bool(self.open)
        self.marker, self.bullet, self.label = None, "", ""
        self.result.values.append(value)

    def _add_parenthesis(self, printed: str, inside: str) -> None:
        text = normalise_name(inside)
        if any(sign in text for sign in self.at_signs):
            self._flush_words()
            outer, self.open = self.open, printed[0]
            self.add_text(inside)
            self._flush_words()
            self.open = outer
            return
        self._flush_words()
        if text and self.result.values and not self.result.values[-1].label_after:
            self.result.values[-1].label_after = text
        else:
            self.result.unread.append(normalise_name(printed))

    def _take_words(self) -> str:
        """Reads the e-mails among the words so far, and takes the words after the last one: they stand before a link."""
        left = self._read_emails()
        return " ".join(left)

    def _flush_words(self) -> None:
        """Reads the e-mails among the words so far; what stands after the last one is read by no rule."""
        self.result.unread += filter(None, [" ".join(self._read_emails())])

    def _read_emails(self) -> list[str]:
        words, self.words = self._cut_words(), []
        pending: list[str] = []
        index = 0
        while index < len(words):
            if self._has_sign(words[index]):
                value, before, after = self._read_email(words, index, len(pending))
                value.words = " ".join(pending[: len(pending) - before])
                self._add(value)
                pending = []
                index += after
            else:
                pending.append(words[index])
            index += 1
        return pending

    def _cut_words(self) -> list[str]:
        """The words, those that hold e-mails cut at the signs that set e-mails off, without such signs alone."""
        cut: list[str] = []
        for word in self.words:
            pieces = re.split(rf"[{_SEPARATORS}]", word) if self._has_sign(word) else [word]
            cut += [p for p in pieces if p.strip(_SEPARATORS)]
        return cut

    def _has_sign(self, word: str) -> bool:
        return any(sign in word for sign in self.at_signs)

    def _read_email(self, words: Sequence[str], index: int, before: int) -> tuple[Value, int, int]:
        """The e-mail in the word at the index, and how many words before and after it are torn pieces of it."""
        end = next((i for i in range(index + 1, min(index + 3, len(words))) if self._has_sign(words[i])), index + 3)
        after = max(0, min(end, len(words)) - index - 1)
        for used_before, used_after in self._find_joins(words, index, min(before, 2), after):
            pieces = words[index - used_before : index + used_after + 1]
            if is_email(self._unwrap("".join(pieces))):
                printed = " ".join(pieces)
                return Value(printed, printed, is_email=True, damage="EmailWithBlank"), used_before, used_after
        address = self._unwrap(words[index])
        damage = "" if is_email(address) else classify_damage(address)
        return Value(address, words[index], is_email=True, damage=damage), 0, 0

    def _find_joins(self, words: Sequence[str], index: int, before: int, after: int) -> list[tuple[int, int]]:
        """How many words before and after may be torn pieces of the e-mail at the index, the likeliest first.

        Where it is an e-mail by itself, only a neighbour that ends or starts with a sign that no e-mail ends or starts with.
        """
        address = self._unwrap(words[index])
        if not is_email(address):
            pairs = [(b, a) for b in range(before + 1) for a in range(after + 1)]
            return sorted(pairs[1:], key=sum)
        torn_before = before > 0 and bool(_ENDS_TORN.fullmatch(words[index - 1]) or address[0] in "+_-")
        torn_before |= before == 1 and bool(_MAY_BE_TORN.fullmatch(words[index - 1]))
        torn_after = after > 0 and words[index + 1][0] in ".-"
        return [pair for pair, torn in (((1, 0), torn_before), ((0, 1), torn_after)) if torn]

    def _unwrap(self, word: str) -> str:
        return unmask_email(_WRAPPING.sub("", word), self.at_signs)


def classify_damage(text: str) -> str:
    """The kind of issue of a text with an @ that is no e-mail: cut off where it has the form of a part of one."""
    return "EmailTruncated" if is_cut_email(text) else "UnreadableValue"


def classify_remnant(text: str, at_sign: str) -> tuple[str, str]:
    """The kind of issue and the column of a piece that a flattened text kept of a lost cell.

    What could be a whole URL or e-mail is not said to be cut off, but whether it is whole nobody can tell.
    """
    address = unmask_email(text, find_at_signs(at_sign))
    if "@" in address and "://" not in address:
        return ("UnreadableValue" if is_email(address) else classify_damage(address)), "email"
    return ("UnreadableValue" if is_url(complete_url(text)) else "UrlTruncated"), "url"
