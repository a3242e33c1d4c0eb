"""How a text is read for the search: its words, folded so that the spellings of one name give the same word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import jaconv

LONGEST = 200  # characters of a question that are looked at
MOST_WORDS = 12
_REMEMBERED = 8192  # foldings: names share most of their words
_HAN = r"\u3005-\u3007\u3400-\u9fff\uf900-\ufaff"
_KANA = r"\u3041-\u3096\u30fc"  # katakana has become hiragana
_IN_HAN = re.compile(rf"(?<=[{_HAN}])[ヶヵケカ](?=[{_HAN}])")  # 龍ケ崎 is also written 龍ヶ崎
_AT = re.compile(r"\s*[\[(]\s*(?:at|@)\s*[\])]\s*")  # as some of the documents write it
_SCHEME = re.compile(r"^(?:mailto:|https?://)")
_ADDRESS = re.compile(r"[\w.+-]*@[\w.-]*|[\w-]+(?:\.[\w-]+)+", re.ASCII)
_WORD = re.compile(rf"[{_KANA}{_HAN}]+|[^\W_{_KANA}{_HAN}]+(?:['’][^\W\d_{_KANA}{_HAN}]+)*")
_ALL_KANA = re.compile(rf"[{_KANA}]+")
_JAPANESE = re.compile(rf"[{_KANA}{_HAN}]")
_RUN = re.compile(rf"[{_KANA}]+|[{_HAN}]+|[^{_KANA}{_HAN}]+")
_MARKED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_SMALL_WORDS = frozenset({"of", "the", "for", "and", "in", "の"})
RULES = tuple(  # spellings of one sound, in the order in which they are made one
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("sy(?=[auo])", "sh"),
        ("ty(?=[auo])", "ch"),
        ("[zj]y(?=[auo])", "j"),
        ("(?<![sct])hu", "fu"),
        ("si", "shi"),
        ("ti", "chi"),
        ("(?<!t)tu", "tsu"),
        ("zi", "ji"),
        ("dzu", "zu"),
        ("tch", "cch"),
        ("m(?=[bmp])", "n"),
        ("oh(?![aeiouy])", "o"),
        ("o[uo]+", "o"),
        (r"([aiue])\1+", r"\1"),
        ("nn+", "n"),
    )
)
_RULED = re.compile("|".join(rule.pattern for rule, _ in RULES))


@dataclass(frozen=True)
class Word:
    """A word as it is written, and as it sounds; of an address or of Chinese characters only as it is written."""

    text: str
    sound: str
    is_address: bool = False

    @property
    def is_japanese(self) -> bool:
        return bool(_JAPANESE.search(self.text))


def read_words(text: str) -> list[Word]:
    """The words of a text in order; kana are read out, and what may be an address or a part of one stays whole."""
    if text.isascii() and text.replace(" ", "").isalnum():
        return [make_word(word) for word in text.casefold().split()]
    words: list[Word] = []
    for piece in fold_text(text).split():
        bare = _SCHEME.sub("", piece.strip("<>\"'()[],;:!?。、「」・"))
        address = _ADDRESS.match(bare)
        if address and (address.end() == len(bare) or bare[address.end()] in "/?#:"):
            words.append(Word(address[0].strip("."), address[0].strip("."), is_address=True))
        else:
            words += (make_word(found) for found in _WORD.findall(bare))
    return [w for w in words if w.text.strip("@")]


def read_question(text: str) -> list[Word]:
    """The words of what somebody asks for: as many as anybody means, the small ones only where there are no others."""
    words = list(dict.fromkeys(read_words(text[:LONGEST])))[:MOST_WORDS]
    return [w for w in words if w.text not in _SMALL_WORDS] or words


def join_words(words: list[Word]) -> tuple[str, str]:
    """The words as one, as it is written and as it sounds: nobody agrees on the blanks of a name."""
    told = [w for w in words if w.text not in _SMALL_WORDS] or words
    text = "".join(w.text for w in told)
    return text, text if any(w.is_address for w in told) else fold_sound(text)


@lru_cache(maxsize=_REMEMBERED)
def make_word(text: str) -> Word:
    """A folded text as one word."""
    if _ALL_KANA.fullmatch(text):
        text = read_kana(text)
    text = text.replace("'", "").replace("’", "")
    return Word(text, text if _JAPANESE.search(text) else fold_sound(text))


def split_scripts(text: str) -> list[str]:
    """The runs of kana, of Chinese characters, and of others."""
    return _RUN.findall(text)


def fold_text(text: str) -> str:
    """One width, one case, hiragana, no accents, and no signs that nobody sees."""
    if text.isascii() and text.isprintable():
        return _AT.sub("@", text.casefold())
    wide = unicodedata.normalize("NFKC", text)
    seen = wide if wide.isprintable() else "".join(filter(None, map(_show_character, wide)))
    plain = _AT.sub("@", _strip_accents(seen.casefold()))
    return str(jaconv.kata2hira(_IN_HAN.sub("け", plain)))


@lru_cache(maxsize=_REMEMBERED)
def fold_sound(text: str) -> str:
    """One spelling for what sounds the same: with or without long vowels, Hepburn or not, n or m before b, m and p."""
    if not _RULED.search(text):
        return text
    for pattern, sound in RULES:
        text = pattern.sub(sound, text)
    return text


def read_kana(text: str) -> str:
    """Hiragana in Latin letters."""
    return str(jaconv.kana2alphabet(text)).replace("-", "").replace("ー", "")


def read_all_kana(texts: Iterable[str]) -> dict[str, str]:
    """Many texts at once, which takes a tenth of the time; those that are not all kana are left out."""
    kana = [text for text in dict.fromkeys(texts) if _ALL_KANA.fullmatch(text)]
    return dict(zip(kana, read_kana("\n".join(kana)).splitlines(), strict=True))


def _strip_accents(text: str) -> str:
    """Without the marks of Latin letters; those of kana make other sounds."""
    if not _MARKED.search(text):
        return text
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", apart))


def _show_character(character: str) -> str:
    """A blank for one that controls, and nothing for one that is not seen, such as those that turn the direction."""
    kind = unicodedata.category(character)
    return " " if kind in ("Cc", "Zl", "Zp") else "" if kind in ("Cf", "Cs", "Co", "Cn") else character
