"""How things and terms are called on the pages: labels instead of IRIs, each with its language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from server.dataset import Dataset
from server.description import LABELS


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
    names = _find_names(dataset, term)
    comments = [*dataset.values(term, "rdfs:comment"), *dataset.values(term, "skos:scopeNote")]
    comment = next((c.value for c in comments if c.language == "en"), "")
    if names:
        return _make_label(names, comment)
    local = re.split(r"[/#]", term.value)[-1]
    return Label(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower() or term.value, "en", comment=comment)


def label_thing(dataset: Dataset, thing: NamedNode) -> Label:
    """Anything that has a document here: by its name, or by what it says where it has none."""
    if edition := next((e for e in dataset.editions if e.iri == thing), None):
        return Label(f"Edition {edition.number}: {edition.title}")
    names = _find_names(dataset, thing)
    return _make_label(names) if names else _describe_nameless(dataset, thing)


def shorten_iri(dataset: Dataset, iri: NamedNode) -> str:
    """With a prefix where there is one, else without our base, as queries may write it."""
    for prefix, namespace in dataset.prefixes.items():
        local = iri.value.removeprefix(namespace)
        if local != iri.value and re.fullmatch(r"[\w.-]+", local):
            return f"{prefix}:{local}"
    return dataset.iris.strip_base(iri.value) or iri.value


def _find_names(dataset: Dataset, thing: NamedNode) -> list[Literal]:
    for property_name in LABELS:
        names = [n for n in dataset.values(thing, property_name) if isinstance(n, Literal)]
        if names:
            return names
    return []


def _make_label(names: list[Literal], comment: str = "") -> Label:
    by_language = {n.language or "en": n.value for n in reversed(names)}
    language = next((x for x in ("en", "ja-latn", "ja") if x in by_language), names[0].language or "en")
    other = by_language.get("ja", "") if language != "ja" else ""
    return Label(by_language[language], language, other, "ja", comment)


def _describe_nameless(dataset: Dataset, thing: NamedNode) -> Label:
    """Listings, contacts, class information, source lines, issues and identifiers have no name of their own."""
    edition = next((e for e in dataset.editions if thing.value.startswith(f"{e.iri.value}/")), None)
    lines = ", ".join(n.value for n in dataset.values(thing, "jle:sourceLine"))
    place = f"edition {edition.number}, line {lines}" if edition and lines else ""
    if about := dataset.values(thing, "schema:about"):
        label = label_thing(dataset, about[0])
        return Label(f"{label.text} in {place.partition(',')[0] or 'a document'}", "en", label.other)
    if kinds := dataset.values(thing, "jle:issueType"):
        label = label_term(dataset, kinds[0])
        return Label(f"{label.text} ({place})", "en", label.other)
    if dataset.values(thing, "jle:lineKind"):
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
        found = [value.value for name in names for value in dataset.values(thing, name)]
        if found:
            return ", ".join(found) if names[0] == "schema:latitude" else " ".join(found)
    return ""
