"""How things and terms are called on the pages: labels instead of IRIs, each with its language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import islice

from pyoxigraph import Literal, NamedNode

from server.dataset import Dataset
from server.description import LABELS

_OTHER_NAMES = tuple(  # those that our own vocabulary does not have
    map(NamedNode, ("http://schema.org/name", "http://purl.org/dc/elements/1.1/title", "http://www.w3.org/2006/vcard/ns#fn"))
)


@dataclass(frozen=True)
class Label:
    """A text, its language, the text in the other language, how that is read, and a sentence of explanation in both."""

    text: str
    language: str = "en"
    other: str = ""
    other_language: str = "ja"
    comment: str = ""
    comment_ja: str = ""
    kana: str = ""

    def choose(self, language: str) -> tuple[str, str]:
        """The text for a page in that language, and the language that it is in."""
        is_other = self.other and self.other_language == language != self.language
        return (self.other, self.other_language) if is_other else (self.text, self.language)

    def list_others(self, language: str) -> list[tuple[str, str]]:
        """What else it is called, with the languages."""
        both = [(self.text, self.language), (self.other, self.other_language)]
        chosen = self.choose(language)
        return [(text, lang) for text, lang in both if text and text != chosen[0]]

    def explain(self, language: str) -> str:
        """The sentence in that language where there is one, else in English."""
        return (self.comment_ja if language == "ja" else "") or self.comment


def label_term(dataset: Dataset, term: NamedNode) -> Label:
    """A property, class or concept, by the vocabulary; a term of another vocabulary by its local name in words."""
    return dataset.remember(_read_term_label, term)


def label_thing(dataset: Dataset, thing: NamedNode) -> Label:
    """Anything that has a document here: by its name, or by what it says where it has none."""
    return dataset.remember(_read_thing_label, thing)


def shorten_iri(dataset: Dataset, iri: NamedNode) -> str:
    """With a prefix where there is one, else without our base, as queries may write it."""
    return dataset.remember(_shorten, iri)


def _read_term_label(dataset: Dataset, term: NamedNode) -> Label:
    names = _find_names(dataset, term)
    comments = [*dataset.texts(term, "rdfs:comment"), *dataset.texts(term, "skos:scopeNote")]
    sentences = {c.language: c.value for c in reversed(comments)}
    comment, comment_ja = sentences.get("en", ""), sentences.get("ja", "")
    if names:
        return replace(_make_label(names), comment=comment, comment_ja=comment_ja)
    local = re.split(r"[/#]", term.value)[-1]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower() or term.value
    return Label(words, "en", comment=comment, comment_ja=comment_ja)


def _read_thing_label(dataset: Dataset, thing: NamedNode) -> Label:
    if edition := dataset.find_edition(thing):
        return Label(f"Edition {edition.number}: {edition.title}", "en", f"版 {edition.number}")
    names = _find_names(dataset, thing)
    if not names:
        return _describe_nameless(dataset, thing)
    return replace(_make_label(names), kana=_find_kana(dataset, thing))


def _find_kana(dataset: Dataset, thing: NamedNode) -> str:
    """How the Japanese name of an area, or of a government of that name, is read."""
    for place in (thing, *dataset.things(thing, "schema:areaServed")[:1]):
        names = {n.language: n.value for n in dataset.texts(place, "schema:name")}
        own = names.get("ja") if place == thing else None
        if "ja-hrkt" in names and (own or _has_name(dataset, thing, names.get("ja", ""))):
            return names["ja-hrkt"]
    return ""


def _has_name(dataset: Dataset, thing: NamedNode, name: str) -> bool:
    return any(n.value == name for n in dataset.texts(thing, "schema:name"))


def _shorten(dataset: Dataset, iri: NamedNode) -> str:
    for prefix, namespace in dataset.prefixes.items():
        local = iri.value.removeprefix(namespace)
        if local != iri.value and re.fullmatch(r"[\w.-]+", local):
            return f"{prefix}:{local}"
    return dataset.iris.strip_base(iri.value) or iri.value


def _find_names(dataset: Dataset, thing: NamedNode) -> list[Literal]:
    for property_name in LABELS:
        if names := [n for n in dataset.texts(thing, property_name) if n.value.strip()]:
            return names
    if dataset.release.is_foreign:
        for name in _OTHER_NAMES:
            quads = islice(dataset.store.quads_for_pattern(thing, name, None), 100)
            if names := [q.object for q in quads if isinstance(q.object, Literal) and q.object.value.strip()]:
                return sorted(names, key=lambda n: (n.value, str(n)))
    return []


def _make_label(names: list[Literal]) -> Label:
    by_language = {n.language or "en": n.value for n in reversed(names)}
    language = next((x for x in ("en", "ja-latn", "ja") if x in by_language), names[0].language or "en")
    other = by_language.get("ja", "") if language != "ja" else ""
    return Label(by_language[language], language, other, "ja")


def _describe_nameless(dataset: Dataset, thing: NamedNode) -> Label:
    """Listings, contacts, class information, source lines, issues and identifiers have no name of their own."""
    path = (dataset.iris.strip_base(thing.value) or "").split("/")
    edition = dataset.find_edition(dataset.iris.edition(path[2])) if path[:2] == ["id", "edition"] and path[3:] else None
    lines = ", ".join(n.value for n in dataset.texts(thing, "jle:sourceLine"))
    place = (f"edition {edition.number}, line {lines}", f"版 {edition.number} {lines} 行目") if edition and lines else ("", "")
    if edition and (about := dataset.things(thing, "schema:about")):
        names = _find_names(dataset, about[0])
        label = _make_label(names) if names else Label(shorten_iri(dataset, about[0]))
        where = (f"edition {edition.number}", f"版 {edition.number}") if place[0] else ("a document", "原資料")
        return Label(f"{label.text} in {where[0]}", "en", f"{label.other}({where[1]})" if label.other else "")
    if kinds := dataset.things(thing, "jle:issueType"):
        return _add_place(label_term(dataset, kinds[0]), place)
    if place[0] and dataset.values(thing, "jle:lineKind"):
        return Label(place[0][:1].upper() + place[0][1:], "en", place[1])
    if telling := _find_telling_values(dataset, thing):
        return _add_place(telling, place)
    return Label(dataset.iris.strip_base(thing.value) or thing.value)


def _add_place(label: Label, place: tuple[str, str]) -> Label:
    if not place[0]:
        return label
    return Label(f"{label.text} ({place[0]})", label.language, f"{label.other or label.text}({place[1]})")


def _find_telling_values(dataset: Dataset, thing: NamedNode) -> Label | None:
    """The first of these sets of properties that the thing has, written one after the other."""
    if dataset.texts(thing, "schema:serviceType") and dataset.editions:
        return label_term(dataset, dataset.term("jle:classInformation"))
    for names in (
        ("schema:email",),
        ("schema:serviceType",),
        ("schema:serviceUrl",),
        ("schema:propertyID", "schema:value"),
        ("schema:latitude", "schema:longitude"),
    ):
        found = [
            value.value for name in names for value in dataset.values(thing, name) if isinstance(value, NamedNode | Literal)
        ]
        if found:
            return Label(", ".join(found) if names[0] == "schema:latitude" else " ".join(found))
    return None


def fold_text(text: str) -> str:
    """As texts are compared: without case and width."""
    return unicodedata.normalize("NFKC", text).casefold()
