"""A graph in the making: triples added by the names of the vocabulary's terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from lod.terms import Vocabulary

XSD = "http://www.w3.org/2001/XMLSchema#"
INTEGER = NamedNode(f"{XSD}integer")
DECIMAL = NamedNode(f"{XSD}decimal")
BOOLEAN = NamedNode(f"{XSD}boolean")
HEX_BINARY = NamedNode(f"{XSD}hexBinary")


def text(value: str, language: str | None = None) -> Literal:
    return Literal(value, language=language) if language else Literal(value)


def integer(value: int) -> Literal:
    return Literal(str(value), datatype=INTEGER)


def decimal(value: str) -> Literal:
    return Literal(value, datatype=DECIMAL)


@dataclass
class Triples:
    """A set of triples; a term that the vocabulary does not list cannot be added."""

    vocabulary: Vocabulary
    triples: set[Triple] = field(default_factory=set)

    def add(self, subject: NamedNode, term: str, *objects: NamedNode | Literal) -> None:
        """States of the subject, with the property called `prefix:name`, each of the objects."""
        predicate = self.vocabulary[term]
        self.triples.update(Triple(subject, predicate, o) for o in objects)

    def add_types(self, subject: NamedNode, *classes: str) -> None:
        """States of the subject that it is of each of the classes called `prefix:Name`."""
        self.add(subject, "rdf:type", *(self.vocabulary[c] for c in classes))

    def add_names(self, subject: NamedNode, term: str, names: Iterable[tuple[str, str]]) -> None:
        """States names of the subject, given as (text, language tag); empty texts are left out."""
        self.add(subject, term, *(text(name, language) for name, language in names if name))
