"""The pages of the vocabulary: our own terms, and those of other vocabularies with how the data use them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from server.addresses import make_describe_path
from server.dataset import Dataset
from server.links import Link
from server.pages.labels import fold_text, label_term, label_thing, shorten_iri
from server.pages.vocabulary import Borrowed, Concept, Scheme, Term, read_vocabulary

_LONGEST = 100  # letters of a filter that are looked for
_FILTERED = TypeVar("_FILTERED", Term, Concept)


@dataclass(frozen=True)
class VocabularyPages:
    """What renders the pages; the vocabulary is read when the first of them is asked for."""

    render_own: Callable[[list[Link]], str]
    render_borrowed: Callable[[], str]
    render_one: Callable[[str], str]


def make_vocabulary_pages(dataset: Dataset) -> VocabularyPages:
    """The pages of that data set's vocabulary."""

    def render(template: str, **shown: Any) -> str:
        vocabulary = dataset.keep(read_vocabulary)

        def place(term: NamedNode) -> str:
            """Where a term is explained: on one of these pages, else where its own vocabulary has it."""
            if term.value.startswith(f"{dataset.iris.ontology.value}#"):
                return f"{request.script_root}/ontology#{term.value.partition('#')[2]}"
            prefix, anchor = vocabulary.borrowed_anchors.get(term, ("", ""))
            if anchor:
                return url_for("documents.show_borrowed_vocabulary", prefix=prefix, _anchor=anchor)
            is_safe = term.value.startswith(("http://", "https://"))  # another's data may name javascript: as a range
            return term.value if is_safe else f"{request.script_root}/{make_describe_path(term.value)}"

        def ask(term: NamedNode, *, by: NamedNode | None = None) -> str:
            """The address of the query that lists what has a property, or is of a class, or has a value by a property."""
            name = _write_name(dataset, term)
            if by is not None:
                return _ask(f"?thing {_write_name(dataset, by)} {name}", "?thing")
            return _ask(f"?thing {name} ?value", "?thing ?value")

        def ask_class(term: NamedNode) -> str:
            return _ask(f"?thing a {_write_name(dataset, term)}", "?thing")

        return render_template(
            template,
            vocabulary=vocabulary,
            place=place,
            ask=ask,
            ask_class=ask_class,
            label_thing=lambda thing: label_thing(dataset, thing),
            label_term=lambda term: label_term(dataset, term),
            is_explained=lambda term: term in vocabulary.borrowed_anchors,
            **shown,
        )

    def render_own(links: list[Link]) -> str:
        asked = request.args.get("filter", "").strip()[:_LONGEST]
        words = fold_text(asked).split()
        found = dataset.keep(read_vocabulary)
        schemes = [s for s in (_filter_scheme(s, words) for s in found.schemes) if s]
        classes, properties = _filter(found.classes, words), _filter(found.properties, words)
        return render("ontology.html", links=links, asked=asked, classes=classes, properties=properties, schemes=schemes)

    def render_borrowed() -> str:
        return render("vocabularies.html")

    def render_one(prefix: str) -> str:
        part = _find_part(dataset.keep(read_vocabulary).borrowed, prefix)
        kinds = [(kind, [t for t in part.terms if t.kind == kind]) for kind in ("class", "property", "datatype", "value")]
        return render("vocabulary.html", part=part, kinds=[(kind, terms) for kind, terms in kinds if terms])

    return VocabularyPages(render_own, render_borrowed, render_one)


def _find_part(parts: Iterable[Borrowed], prefix: str) -> Borrowed:
    found = next((part for part in parts if part.prefix == prefix), None)
    if found is None:
        raise NotFound(f"The data use no vocabulary with the prefix {prefix}.")
    return found


def _filter(terms: Iterable[_FILTERED], words: list[str]) -> tuple[_FILTERED, ...]:
    return tuple(term for term in terms if not words or term.matches(words))


def _filter_scheme(scheme: Scheme, words: list[str]) -> Scheme | None:
    """The list with those concepts that match, and with the groups that have such."""
    concepts = []
    for concept in scheme.concepts:
        inner = _filter(concept.narrower, words)
        if inner or not words or concept.matches(words):
            concepts.append(replace(concept, narrower=inner))
    return replace(scheme, concepts=tuple(concepts)) if concepts else None


def _write_name(dataset: Dataset, term: NamedNode) -> str:
    """As a query may write it."""
    short = shorten_iri(dataset, term)
    return short if short.partition(":")[0] in dataset.prefixes else str(term)


def _ask(pattern: str, names: str) -> str:
    query = f"SELECT DISTINCT {names} WHERE {{\n  GRAPH ?graph {{ {pattern} }}\n}} LIMIT 100"
    return url_for("sparql.answer_query", query=query)
