"""The terms of the vocabulary: `ontology/vocabulary.ttl` is the one list of what the data may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from lod.errors import MadoguchiError, UnknownTerm
from lod.iris import Iris


@dataclass(frozen=True)
class Vocabulary:
    """The prefixes and terms that the vocabulary file lists, own and reused ones, as `prefix:name`."""

    prefixes: Mapping[str, str]
    terms: frozenset[str]

    def __getitem__(self, name: str) -> NamedNode:
        """The term called `prefix:name`; raises UnknownTerm for one that the file does not list."""
        prefix, _, local = name.partition(":")
        iri = self.prefixes.get(prefix, f"{prefix}:") + local
        if iri not in self.terms:
            raise UnknownTerm(name)
        return NamedNode(iri)


def read_vocabulary(path: Path, iris: Iris) -> Vocabulary:
    """Reads the vocabulary, its relative IRIs resolved under the base IRI."""
    try:
        parser = parse(path=path, format=RdfFormat.TURTLE, base_iri=iris.ontology.value)
        subjects = frozenset(q.subject.value for q in parser if isinstance(q.subject, NamedNode))
    except (OSError, SyntaxError) as error:
        raise MadoguchiError(f"{path} cannot be read: {error}") from None
    return Vocabulary(dict(parser.prefixes), subjects)
