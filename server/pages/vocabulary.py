"""The vocabulary as people read it: each term with its meaning, its relations, its rules, who uses it, and an example."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from lod.errors import ReleaseError
from server.dataset import Dataset
from server.pages.labels import Label, fold_text, label_term, shorten_iri
from server.pages.shapes import Rule, read_rules
from server.pages.term_uses import Examples, Uses, count_concepts, count_uses, find_examples, follow_listing

_RELATIONS = ("rdfs:subClassOf", "rdfs:domain", "rdfs:range")
_PROPERTIES = ("owl:ObjectProperty", "owl:DatatypeProperty")
_NAMES = {  # of the vocabularies, as they call themselves
    "dcat": "DCAT 3",
    "dcterms": "DCMI Metadata Terms",
    "dqv": "Data Quality Vocabulary",
    "foaf": "FOAF",
    "oa": "Web Annotation Vocabulary",
    "owl": "OWL 2",
    "prov": "PROV-O",
    "rdf": "RDF",
    "rdfs": "RDF Schema",
    "schema": "schema.org",
    "skos": "SKOS",
    "spdx": "SPDX",
    "vcard": "vCard",
    "void": "VoID",
    "xsd": "XML Schema datatypes",
}


@dataclass(frozen=True)
class Term:
    """A class, a property, a datatype or a value, of our own or of another vocabulary."""

    iri: NamedNode
    kind: str  # class, property, datatype, value
    short: str
    anchor: str
    label: Label
    comments: tuple[Literal, ...]
    relations: tuple[tuple[str, NamedNode], ...]
    rules: tuple[Rule, ...]
    uses: Uses
    example: Triple | NamedNode | None  # a statement of a property, a thing of a class

    def matches(self, words: Iterable[str]) -> bool:
        """Whether all the words are in its name, its labels or its explanation."""
        texts = (self.short, self.label.text, self.label.other, *(c.value for c in self.comments))
        folded = fold_text(" ".join(texts))
        return all(word in folded for word in words)


@dataclass(frozen=True)
class Concept:
    """A value of a list: what it is called, what it means, and how many things have it by which property."""

    iri: NamedNode
    short: str
    anchor: str  # empty where another list has it already
    label: Label
    having: tuple[NamedNode, int] | None
    narrower: tuple[Concept, ...] = ()

    def matches(self, words: Iterable[str]) -> bool:
        """As a term does."""
        texts = (self.short, self.label.text, self.label.other, self.label.comment, self.label.comment_ja)
        folded = fold_text(" ".join(texts))
        return all(word in folded for word in words)


@dataclass(frozen=True)
class Scheme:
    """A list of concepts."""

    iri: NamedNode
    short: str
    anchor: str
    label: Label
    concepts: tuple[Concept, ...]


@dataclass(frozen=True)
class Borrowed:
    """Another vocabulary, and the terms of it that the data use."""

    prefix: str
    name: str
    namespace: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Vocabulary:
    """All that there is to show."""

    comments: tuple[Literal, ...]
    followed: list[tuple[Triple, list[Triple]]]  # statements of one listing, each with some of what it leads to
    classes: tuple[Term, ...]
    properties: tuple[Term, ...]
    schemes: tuple[Scheme, ...]
    borrowed: tuple[Borrowed, ...]

    @cached_property
    def borrowed_anchors(self) -> Mapping[NamedNode, tuple[str, str]]:
        """On the page of which prefix the terms of other vocabularies stand, and where."""
        return {term.iri: (part.prefix, term.anchor) for part in self.borrowed for term in part.terms}


def read_vocabulary(dataset: Dataset) -> Vocabulary:
    """Reads and counts everything: some 200 ms, so once."""
    own = f"{dataset.iris.ontology.value}#"
    classes = [t for t in dataset.subjects("rdf:type", dataset.term("owl:Class")) if t.value.startswith(own)]
    kinds = [dataset.term(name) for name in _PROPERTIES]
    properties = sorted({t for k in kinds for t in dataset.subjects("rdf:type", k) if t.value.startswith(own)}, key=str)
    noted = {q.subject for q in dataset.quads(None, "skos:scopeNote", graph=dataset.iris.graph("ontology"))}
    others = sorted((t for t in noted if isinstance(t, NamedNode) and not t.value.startswith(own)), key=str)
    uses, rules = count_uses(dataset), _read_rules(dataset)
    other_kinds = {term: _find_kind(dataset, term, uses) for term in others}
    examples = find_examples(
        dataset,
        [*properties, *(t for t in others if other_kinds[t] == "property")],
        [*classes, *(t for t in others if other_kinds[t] == "class")],
    )
    known = _Known(dataset, uses, rules, examples)
    return Vocabulary(
        tuple(dataset.texts(dataset.iris.ontology, "rdfs:comment")),
        follow_listing(dataset),
        tuple(known.describe(t, "class") for t in classes),
        tuple(known.describe(t, "property") for t in properties),
        _read_schemes(dataset),
        _group_terms(dataset, [known.describe(t, other_kinds[t]) for t in others]),
    )


@dataclass(frozen=True)
class _Known:
    dataset: Dataset
    uses: Mapping[NamedNode, Uses]
    rules: Mapping[NamedNode, tuple[Rule, ...]]
    examples: Examples

    def describe(self, term: NamedNode, kind: str) -> Term:
        dataset, short = self.dataset, shorten_iri(self.dataset, term)
        comments = [*dataset.texts(term, "rdfs:comment"), *dataset.texts(term, "skos:scopeNote")]
        relations = [(name.partition(":")[2], v) for name in _RELATIONS for v in dataset.things(term, name)]
        stated = self.examples.statements.get(term) if kind == "property" else None
        example = stated or (self.examples.things.get(term) if kind == "class" else None)
        anchor = re.split(r"[/#]", term.value)[-1]
        uses, rules = self.uses.get(term, Uses()), self.rules.get(term, ())
        return Term(
            term, kind, short, anchor, label_term(dataset, term), tuple(comments), tuple(relations), rules, uses, example
        )


def _read_rules(dataset: Dataset) -> Mapping[NamedNode, tuple[Rule, ...]]:
    """Those of the release, which another's data may not have."""
    try:
        return read_rules(dataset.release.read_bytes("ontology/shapes.ttl"), dataset.iris.ontology.value)
    except ReleaseError:
        return {}


def _find_kind(dataset: Dataset, term: NamedNode, uses: Mapping[NamedNode, Uses]) -> str:
    """What a term of another vocabulary is, by its vocabulary's way of writing and by how the data use it."""
    local = re.split(r"[/#]", term.value)[-1]
    if term.value.startswith(dataset.vocabulary["xsd"]) or local == "langString":
        return "datatype"
    if local[:1].isupper():
        return "class"
    is_value = any(q.predicate != dataset.term("void:property") for q in dataset.quads(value=term))
    return "value" if is_value and term not in uses else "property"


def _read_schemes(dataset: Dataset) -> tuple[Scheme, ...]:
    """The lists in the order of their length; a concept of two lists stands whole in the first."""
    own = f"{dataset.iris.ontology.value}#"
    schemes = [s for s in dataset.subjects("rdf:type", dataset.term("skos:ConceptScheme")) if s.value.startswith(own)]
    members = {s: dataset.subjects("skos:inScheme", s) for s in schemes}
    having = count_concepts(dataset, {c for concepts in members.values() for c in concepts})
    seen: set[NamedNode] = set()

    def describe(concept: NamedNode, narrower: Mapping[NamedNode, list[NamedNode]], *above: NamedNode) -> Concept:
        anchor = "" if concept in seen else concept.value.removeprefix(own)
        seen.add(concept)
        inside = (c for c in narrower.get(concept, ()) if c not in (concept, *above))  # another's may stand in circles
        inner = tuple(describe(c, narrower, concept, *above) for c in inside)
        return Concept(concept, shorten_iri(dataset, concept), anchor, label_term(dataset, concept), having[concept], inner)

    found = []
    for scheme in sorted(schemes, key=lambda s: (-len(members[s]), s.value)):
        narrower: dict[NamedNode, list[NamedNode]] = {}
        for concept in members[scheme]:
            for broader in (b for b in dataset.things(concept, "skos:broader") if b in members[scheme]):
                narrower.setdefault(broader, []).append(concept)
        inside = {c for concepts in narrower.values() for c in concepts}
        top = tuple(describe(c, narrower) for c in members[scheme] if c not in inside)
        label = label_term(dataset, scheme)
        found.append(Scheme(scheme, shorten_iri(dataset, scheme), scheme.value.removeprefix(own), label, top))
    return tuple(reversed(found))


def _group_terms(dataset: Dataset, terms: Iterable[Term]) -> tuple[Borrowed, ...]:
    """By vocabulary, that with the most terms first; classes before properties before the rest."""
    by_prefix: dict[str, list[Term]] = {}
    for term in terms:
        by_prefix.setdefault(term.short.partition(":")[0], []).append(term)
    order = ("class", "property", "datatype", "value").index
    return tuple(
        Borrowed(
            prefix,
            _NAMES.get(prefix, prefix),
            dataset.vocabulary.get(prefix, ""),
            tuple(sorted(found, key=lambda t: (order(t.kind), t.short))),
        )
        for prefix, found in sorted(by_prefix.items(), key=lambda item: (-len(item[1]), item[0]))
    )
