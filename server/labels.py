"""How things and terms are called on the pages: labels instead of IRIs, each with its language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode

from server.dataset import Dataset
from server.description import LABELS

_OTHER_NAMES = tuple(  # those that our own vocabulary does not have
    map(NamedNode, ("http://schema.org/name", "http://purl.org/dc/elements/1.1/title", "http://www.w3.org/2006/vcard/ns#fn"))
)


@dataclass(frozen=True)
class Label:
    """A text, its language, the text in the other language, and a sentence of explanation."""

    text: str
    language: str = "en"
    other: str = ""
    other_language: str = "ja"
    comment: str = ""


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
    comment = next((c.value for c in comments if c.language == "en"), "")
    if names:
        return _make_label(names, comment)
    local = re.split(r"[/#]", term.value)[-1]
    return Label(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower() or term.value, "en", comment=comment)


def _read_thing_label(dataset: Dataset, thing: NamedNode) -> Label:
    if edition := dataset.find_edition(thing):
        return Label(f"Edition {edition.number}: {edition.title}")
    names = _find_names(dataset, thing)
    return _make_label(names) if names else _describe_nameless(dataset, thing)


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


def _make_label(names: list[Literal], comment: str = "") -> Label:
    by_language = {n.language or "en": n.value for n in reversed(names)}
    language = next((x for x in ("en", "ja-latn", "ja") if x in by_language), names[0].language or "en")
    other = by_language.get("ja", "") if language != "ja" else ""
    return Label(by_language[language], language, other, "ja", comment)


def _describe_nameless(dataset: Dataset, thing: NamedNode) -> Label:
    """Listings, contacts, class information, source lines, issues and identifiers have no name of their own."""
    path = (dataset.iris.strip_base(thing.value) or "").split("/")
    edition = dataset.find_edition(dataset.iris.edition(path[2])) if path[:2] == ["id", "edition"] and path[3:] else None
    lines = ", ".join(n.value for n in dataset.texts(thing, "jle:sourceLine"))
    place = f"edition {edition.number}, line {lines}" if edition and lines else ""
    if edition and (about := dataset.things(thing, "schema:about")):
        names = _find_names(dataset, about[0])
        label = _make_label(names) if names else Label(shorten_iri(dataset, about[0]))
        return Label(f"{label.text} in {place.partition(',')[0] or 'a document'}", "en", label.other)
    if kinds := dataset.things(thing, "jle:issueType"):
        label = label_term(dataset, kinds[0])
        return Label(f"{label.text} ({place})" if place else label.text, "en", label.other)
    if place and dataset.values(thing, "jle:lineKind"):
        return Label(place[:1].upper() + place[1:])
    if telling := _find_telling_values(dataset, thing):
        return Label(f"{telling} ({place})" if place else telling)
    return Label(dataset.iris.strip_base(thing.value) or thing.value)


def _find_telling_values(dataset: Dataset, thing: NamedNode) -> str:
    """The first of these sets of properties that the thing has, written one after the other."""
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
            return ", ".join(found) if names[0] == "schema:latitude" else " ".join(found)
    return ""
