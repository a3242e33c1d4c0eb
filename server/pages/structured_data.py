"""What a page states, in itself, as search engines read it: JSON-LD whose terms of schema.org are plain keys.

The context stands in the block and names no file to load: `@vocab` is https://schema.org/ itself, since the context that
schema.org publishes means http://schema.org/. The facts are those of the other forms of the document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from server.dataset import Dataset
from server.description import Description

_MOST = 2_000  # statements that a page has in it, so that it stays light; of more, those of its topic come first
_SCHEMA = "https://schema.org/"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_PLAIN = re.compile(r"[A-Za-z]\w*", re.ASCII)
_LOCAL = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
_SCHEME = re.compile(r"([^:/?#]*):")
_ID = "@id"
_TEXT = "@language"  # any: each value says its own


@dataclass
class Block:
    """The context as far as the terms that were used need it."""

    prefixes: Mapping[str, str]
    context: dict[str, Any] = field(default_factory=lambda: {"@vocab": _SCHEMA})
    keys: dict[str, str] = field(default_factory=dict)

    def shorten(self, iri: str) -> str:
        """A term as a key: plain for one of schema.org, else with its prefix, else whole."""
        if iri not in self.keys:
            self.keys[iri] = self._choose_key(iri)
        return self.keys[iri]

    def _choose_key(self, iri: str) -> str:
        local = iri.removeprefix(_SCHEMA)
        if local != iri and _PLAIN.fullmatch(local) and local not in self.prefixes:
            return local
        found = [p for p, namespace in self.prefixes.items() if iri.startswith(namespace)]
        for prefix in sorted(found, key=lambda p: -len(self.prefixes[p])):
            if _LOCAL.fullmatch(iri[len(self.prefixes[prefix]) :]):
                self.context[prefix] = self.prefixes[prefix]
                return f"{prefix}:{iri[len(self.prefixes[prefix]) :]}"
        return iri


def write_structured_data(dataset: Dataset, description: Description) -> Markup:
    """The block as it can stand in a page: what would end it is escaped."""
    data = make_structured_data(description, dataset.vocabulary)
    return htmlsafe_json_dumps(data, ensure_ascii=False, separators=(",", ":"))


def make_structured_data(description: Description, prefixes: Mapping[str, str]) -> dict[str, Any]:
    """One node for each subject, that of the topic first; a key whose values are all of one type says it in the context."""
    statements = _choose_statements(description)
    nodes = [node for s in statements for node in (s.subject, s.object)]
    schemes = {match[1] for n in nodes if isinstance(n, NamedNode) and (match := _SCHEME.match(n.value))}
    namespaces = {p: n for p, n in prefixes.items() if p not in schemes and n.endswith(("/", "#"))}
    block = Block(namespaces)
    found: dict[str, set[str]] = {}
    for statement in (s for s in statements if not _is_class(s)):
        found.setdefault(statement.predicate.value, set()).add(_find_kind(statement.object))
    keys = {iri: block.shorten(iri) for iri in sorted(found)}
    kinds = {iri: next(iter(types)) for iri, types in found.items() if len(types) == 1 and keys[iri] != iri}
    for iri, kind in sorted(kinds.items()):
        if kind not in (_STRING, _TEXT):
            block.context[keys[iri]] = {"@type": kind}
    graph: dict[str, dict[str, Any]] = {}
    for statement in statements:
        subject, predicate, value = _name(statement.subject), statement.predicate.value, statement.object
        node = graph.setdefault(subject, {_ID: subject})
        if _is_class(statement):
            _add(node, "@type", block.shorten(_name(value)))
        else:
            _add(node, keys[predicate], _write_value(value, kinds.get(predicate)))
    return {"@context": block.context, "@graph": list(graph.values())}


def _choose_statements(description: Description) -> list[Triple]:
    """In order, those about the topic first, then those of its parts and of the rest, last those about the document."""
    topic = description.topic.value

    def rank(statement: Triple) -> tuple[int, str, bool, str, str]:
        subject = _name(statement.subject)
        place = 0 if subject == topic else 1 if subject.startswith((f"{topic}/", f"{topic}#")) else 2
        return place, subject, not _is_class(statement), statement.predicate.value, str(statement.object)

    facts = sorted((t for t in description.facts if not isinstance(t.object, Triple)), key=rank)
    return [*facts[:_MOST], *sorted(description.document, key=rank)]


def _is_class(statement: Triple) -> bool:
    return statement.predicate.value == _TYPE and isinstance(statement.object, NamedNode)


def _find_kind(value: object) -> str:
    if not isinstance(value, Literal):
        return _ID
    return _TEXT if value.language else value.datatype.value


def _write_value(value: object, kind: str | None) -> Any:
    """A value as its key has it: a string where the key says of what type, else an object that does."""
    if not isinstance(value, Literal):
        return _name(value) if kind == _ID else {_ID: _name(value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype.value in (kind, _STRING):
        return value.value
    return {"@value": value.value, "@type": value.datatype.value}


def _add(node: dict[str, Any], key: str, value: Any) -> None:
    if key not in node:
        node[key] = value
    elif isinstance(node[key], list):
        node[key].append(value)
    else:
        node[key] = [node[key], value]


def _name(node: object) -> str:
    return f"_:{node.value}" if isinstance(node, BlankNode) else str(getattr(node, "value", ""))
