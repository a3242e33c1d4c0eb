"""JSON-LD 1.1, written node by node: compacted with our own context, or expanded."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

Statement = Triple | Quad
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


class _Term(NamedTuple):
    key: str
    coercion: str
    container: str


class _Compactor:
    """Chooses for each predicate and value the term of the context that expands back to exactly them."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self.prefixes = {k: v for k, v in context.items() if isinstance(v, str) and v.endswith(("/", "#"))}
        self.keywords = {v: k for k, v in context.items() if v in ("@id", "@type")}
        self.terms: dict[str, list[_Term]] = defaultdict(list)
        for key, definition in context.items():
            if not isinstance(definition, str):
                term = _Term(key, self.expand(definition.get("@type", "")), definition.get("@container", ""))
                self.terms[self.expand(definition["@id"])].append(term)
            elif not definition.startswith("@") and key not in self.prefixes:
                self.terms[self.expand(definition)].append(_Term(key, "", ""))

    def expand(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        return self.prefixes[prefix] + local if colon and prefix in self.prefixes else name

    def compact_iri(self, iri: str) -> str:
        for prefix, namespace in self.prefixes.items():
            if iri.startswith(namespace) and len(iri) > len(namespace) and "/" not in iri[len(namespace) :]:
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def choose_term(self, predicate: str, value: NamedNode | BlankNode | Literal | Triple) -> _Term | None:
        for term in self.terms.get(predicate, ()):
            if isinstance(value, Literal):
                plain = value.language is None and value.datatype.value == _XSD_STRING
                fits = (
                    (term.container == "@language" and value.language is not None)
                    or (not term.container and term.coercion == value.datatype.value and not plain)
                    or (not term.container and not term.coercion and plain)
                )
            else:
                fits = term.coercion == "@id" and not term.container
            if fits:
                return term
        return None


def write_jsonld(statements: Iterable[Statement], prefixes: Mapping[str, str], context: Mapping[str, object]) -> bytes:
    """The triples as one JSON-LD document with the context inline; graph names are left out."""
    document = {"@context": context, "@graph": compact_nodes(statements, context)}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def write_jsonld_dataset(statements: Iterable[Statement], prefixes: Mapping[str, str], context: Mapping[str, object]) -> bytes:
    """The quads as one JSON-LD document: the nodes of the default graph, then an object with `@graph` for each named graph."""
    graphs: dict[str, list[Statement]] = {}
    for statement in statements:
        graphs.setdefault(_get_graph(statement), []).append(statement)
    named = [{"@id": name, "@graph": compact_nodes(graphs[name], context)} for name in sorted(graphs) if name]
    document = {"@context": context, "@graph": [*compact_nodes(graphs.get("", ()), context), *named]}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _get_graph(statement: Statement) -> str:
    """The name of the graph of a quad, empty for the default one."""
    is_named = isinstance(statement, Quad) and not isinstance(statement.graph_name, DefaultGraph)
    return _get_id(statement.graph_name) if is_named and isinstance(statement, Quad) else ""


def write_json(statements: Iterable[Statement], prefixes: Mapping[str, str], context: Mapping[str, object]) -> bytes:
    """The same for readers that know no JSON-LD: the context is said elsewhere (JSON-LD 1.1, section 6.1)."""
    return f'{{"@graph": {_write_lines(compact_nodes(statements, context))}}}\n'.encode()


def write_expanded(statements: Iterable[Statement], prefixes: Mapping[str, str], context: Mapping[str, object]) -> bytes:
    """The triples in expanded form, which is also flattened: one node object for each subject, nothing nested."""
    return f"{_write_lines(expand_nodes(statements))}\n".encode()


def _write_lines(nodes: list[dict[str, Any]]) -> str:
    """The nodes one on a line."""
    return "[\n" + ",\n".join(json.dumps(node, ensure_ascii=False) for node in nodes) + "\n]"


def expand_nodes(statements: Iterable[Statement]) -> list[dict[str, Any]]:
    """One node object for each subject, in the order of their IRIs, with full IRIs for keys and lists for values."""
    nodes: dict[str, dict[str, Any]] = {}
    for statement in _sort(statements):
        subject, predicate, value = _get_id(statement.subject), statement.predicate.value, statement.object
        node = nodes.setdefault(subject, {"@id": subject})
        if predicate == _RDF_TYPE and not isinstance(value, Literal):
            node.setdefault("@type", []).append(_get_id(value))
        else:
            node.setdefault(predicate, []).append(_expand_value(value))
    return list(nodes.values())


def _sort(statements: Iterable[Statement]) -> list[Statement]:
    return sorted(statements, key=lambda s: (str(s.subject), s.predicate.value, str(s.object)))


def compact_nodes(statements: Iterable[Statement], context: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One node object for each subject, in the order of their IRIs."""
    compactor = _Compactor(context)
    nodes: dict[str, dict[str, Any]] = {}
    id_key, type_key = (compactor.keywords.get(k, k) for k in ("@id", "@type"))
    for statement in _sort(statements):
        subject = _get_id(statement.subject)
        node = nodes.setdefault(subject, {id_key: subject})
        value = statement.object
        if statement.predicate.value == _RDF_TYPE and isinstance(value, NamedNode):
            _append(node, type_key, compactor.compact_iri(value.value))
            continue
        term = compactor.choose_term(statement.predicate.value, value)
        if term is None:
            _append(node, compactor.compact_iri(statement.predicate.value), _expand_value(value))
        elif term.container == "@language" and isinstance(value, Literal):
            _append(node.setdefault(term.key, {}), str(value.language), value.value)
        else:
            _append(node, term.key, value.value if isinstance(value, Literal) else _get_id(value))
    return list(nodes.values())


def _append(target: dict[str, Any], key: str, value: object) -> None:
    if key not in target:
        target[key] = value
    elif isinstance(target[key], list):
        target[key].append(value)
    else:
        target[key] = [target[key], value]


def _get_id(node: object) -> str:
    if isinstance(node, NamedNode):
        return node.value
    if isinstance(node, BlankNode):
        return f"_:{node.value}"
    raise TypeError(f"{node} cannot be written in JSON-LD")


def _expand_value(value: object) -> dict[str, str]:
    if not isinstance(value, Literal):
        return {"@id": _get_id(value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype.value == _XSD_STRING:
        return {"@value": value.value}
    return {"@value": value.value, "@type": value.datatype.value}
