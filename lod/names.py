"""The names of bodies in charge: normal form, language, notes, and what kind of body a name speaks of."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

_JAPANESE_SCRIPT = re.compile(r"[\u3005\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")
_SYLLABLE = r"(?:(?:[kgsztdnhbpmyrwfj]|[knhbpmrgzd]y|sh|ch|ts|kk|ss|ssh|tt|tch|tts|pp)?[aeiou]|n(?![aeiouy]))"
_ROMANISED_WORD = re.compile(f"{_SYLLABLE}+", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(Division|Department|Dept|Section|Sect|Subsection|Bureau|Office|Officer|Board|Secretariat|Government|"
    r"City Hall|Public Hall|Citizens.? Hall|Team|Station)\b|[部課局係室]|委員会",
    re.IGNORECASE,
)
_ASSOCIATION = re.compile(
    r"\b(Association|Foundation|Society|Committee|Council|Organization|Center|Centre)\b|協会|財団|法人|協議会|センター",
    re.IGNORECASE,
)
_NGO = re.compile(r"\b(NPO|Nonprofit)\b", re.IGNORECASE)
_PARENTHESES = re.compile(r"[(（][^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)*[)）]")
_NOTE_SIGN = r"(?:(?<!\S)[*＊]+|(?<![*＊])[*＊]+(?!\S)|※)"
_NOTE = re.compile(rf"[(（]\s*[*＊※]+([^()（）]*)[)）]|{_NOTE_SIGN}((?:(?!{_NOTE_SIGN}).)*)")
_RUN_BY = re.compile(r"\b(provided|offered|handled|run|conducted) by (?:the )?(.+?)\.?$")
_RUN_BY_JAPANESE = re.compile(r"((?:公益|一般)?(?:財団|社団)法人[^、。\s]{1,80}?)が(?:担当|実施|運営)")
_SMALL_WORDS = {"and", "of", "the", "for", "in", "on", "to", "at", "with", "&"}


def normalise_name(text: str) -> str:
    """NFC, every run of white space one blank, trimmed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def make_slug(name: str) -> str:
    """The part of an IRI that stands for a name: ASCII, 60 characters, told apart by a hash where that loses letters."""
    name = normalise_name(name)
    decomposed = unicodedata.normalize("NFKD", name)
    ascii_only = "".join(c for c in decomposed if not unicodedata.combining(c)).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
    if name.isascii() and 0 < len(slug) <= 60:
        return slug
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return "-".join(filter(None, (slug[:60].strip("-"), digest)))


def detect_language(text: str) -> str:
    """The language tag of a printed name: ja for Japanese script, ja-Latn where every word is romanised Japanese, else en."""
    if _JAPANESE_SCRIPT.search(text):
        return "ja"
    decomposed = unicodedata.normalize("NFKD", text)
    words = re.findall(r"[^\W\d_]+", "".join(c for c in decomposed if not unicodedata.combining(c)))
    syllabic = all(len(w) > 1 and _ROMANISED_WORD.fullmatch(w) for w in words)
    return "ja-Latn" if words and syllabic else "en"


def take_notes(text: str) -> tuple[str, list[str]]:
    """The text without its notes (※, *), and the notes without their sign; a sign without a text is an empty note.

    A note in parentheses ends with them; another one runs to the next sign or to the end.
    """
    text = normalise_name(text)
    notes = [normalise_name(next(g for g in m.groups() if g is not None)) for m in _NOTE.finditer(text)]
    name = re.sub(r"\s+,", ",", normalise_name(_NOTE.sub(" ", text))) if notes else text
    return name, notes


def is_association(name: str) -> bool:
    """Whether the name, without what stands in parentheses, speaks of an association or centre and of no office."""
    outside = _PARENTHESES.sub(" ", name)
    return bool(_ASSOCIATION.search(outside)) and not _OFFICE.search(outside)


def is_ngo(name: str) -> bool:
    return bool(_NGO.search(name))


def names_an_office(text: str) -> bool:
    """Whether any word of the text is one that names of offices and associations have."""
    return bool(_OFFICE.search(text) or _ASSOCIATION.search(text))


def looks_like_name(text: str) -> bool:
    """Whether each word is written as in a name: with a capital, a digit, or one of the small words between them."""
    words = [w.strip(",.:;()[]*/’'-") for w in text.split()]
    return all(w in _SMALL_WORDS or not w[0].islower() for w in words if w) and bool(re.search(r"\w", text))


@dataclass(frozen=True)
class NamedInNote:
    """An association that a note names, and whether the note says that it runs the classes."""

    name: str
    runs_classes: bool


def find_association_in_note(note: str) -> NamedInNote | None:
    """The association that a note names, if it does."""
    if match := _RUN_BY_JAPANESE.search(note):
        return NamedInNote(match[1], "教室" in note)
    if match := _RUN_BY.search(note):
        if is_association(match[2]):
            return NamedInNote(match[2], bool(re.search("class|program", note, re.IGNORECASE)))
        return None
    return NamedInNote(note, False) if is_association(note) and looks_like_name(note) else None
