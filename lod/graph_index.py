"""The triples of a graph by subject and property, for who reads it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from lod.terms import Vocabulary

_Node = NamedNode | Literal


class GraphIndex:
    """What some triples state, by subject and property; properties are called `prefix:name`."""

    def __init__(self, vocabulary: Vocabulary, triples: Iterable[Triple]) -> None:
        self._vocabulary = vocabulary
        self._objects: dict[tuple[str, str], list[_Node]] = defaultdict(list)
        for t in triples:
            if isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode | Literal):
                self._objects[t.subject.value, t.predicate.value].append(t.object)

    def list_things(self, name: str) -> list[str]:
        """The IRIs of the things of a class."""
        wanted, kind = self._vocabulary[name], self._vocabulary["rdf:type"].value
        return [subject for (subject, term), found in self._objects.items() if term == kind and wanted in found]

    def list_objects(self, name: str) -> set[str]:
        """All objects of a property."""
        term = self._vocabulary[name].value
        return {o.value for (_, found), objects in self._objects.items() if found == term for o in objects}

    def list_values(self, subject: str | None, name: str, language: str | None = None) -> list[str]:
        """The objects of a property in order, only those in a language where one is given; none of no subject."""
        found = self._objects.get((subject or "", self._vocabulary[name].value), [])
        texts = (o for o in found if language is None or getattr(o, "language", None) == language)
        return sorted(o.value for o in texts)

    def find_value(self, subject: str | None, name: str, language: str | None = None) -> str | None:
        """The first of them, if any."""
        return next(iter(self.list_values(subject, name, language)), None)

    def list_numbers(self, subject: str | None, name: str) -> list[int]:
        """The whole numbers that a property has."""
        return sorted(int(value) for value in self.list_values(subject, name))
