"""What the shapes ask of the terms, in their own words: which messages belong to which property and class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

_SHACL = "http://www.w3.org/ns/shacl#"
_PATH, _MESSAGE, _TARGET, _PROPERTY = (NamedNode(_SHACL + name) for name in ("path", "message", "targetClass", "property"))


@dataclass(frozen=True)
class Rule:
    """One constraint: the shape that has it, and what it says in each language."""

    shape: NamedNode
    messages: tuple[Literal, ...]

    @property
    def name(self) -> str:
        return self.shape.value.rpartition("#")[2]

    def choose(self, language: str) -> Literal | None:
        """The message in that language, else in any."""
        return next((m for m in self.messages if m.language == language), next(iter(self.messages), None))


def read_rules(shapes: bytes, base: str) -> Mapping[NamedNode, tuple[Rule, ...]]:
    """The rules for each property and for each class whose members a shape is for, in the order of the shapes' names."""
    store = Store()
    store.load(shapes, format=RdfFormat.TURTLE, base_iri=base)
    found: dict[NamedNode, set[Rule]] = {}
    for quad in store.quads_for_pattern(None, _TARGET, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            found.setdefault(quad.object, set()).add(Rule(quad.subject, _read_messages(store, quad.subject)))
    for quad in store.quads_for_pattern(None, _PROPERTY, None):
        if not isinstance(quad.object, NamedNode | BlankNode):
            continue
        messages = _read_messages(store, quad.object)
        for path in store.quads_for_pattern(quad.object, _PATH, None):
            if isinstance(path.object, NamedNode) and isinstance(quad.subject, NamedNode) and messages:
                found.setdefault(path.object, set()).add(Rule(quad.subject, messages))
    return {term: tuple(sorted(rules, key=lambda r: (r.name, str(r.messages)))) for term, rules in found.items()}


def _read_messages(store: Store, shape: NamedNode | BlankNode) -> tuple[Literal, ...]:
    messages = (q.object for q in store.quads_for_pattern(shape, _MESSAGE, None))
    return tuple(sorted((m for m in messages if isinstance(m, Literal)), key=lambda m: (m.language or "", m.value)))
