"""How shapes are written in RDF: what belongs to a node of them, lists, messages and paths."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_TYPE = NamedNode(f"{RDF}type")
Node = NamedNode | BlankNode
Shorten = Callable[[NamedNode], str]
_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_PLACE = re.compile(r"\{[?$]\w+\}")
_SIGNS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


def list_of_class(store: Store, name: str) -> list[NamedNode]:
    """What has an IRI and is of that class of SHACL's: of the shapes, those that stand for themselves."""
    quads = store.quads_for_pattern(None, RDF_TYPE, NamedNode(SH + name), None)
    return sorted({q.subject for q in quads if isinstance(q.subject, NamedNode)}, key=str)


def list_values(store: Store, node: Node, name: str) -> list[Any]:
    """The objects of a property of SHACL's, always in the same order."""
    return sorted((q.object for q in store.quads_for_pattern(node, NamedNode(SH + name), None)), key=str)


def list_items(store: Store, head: object) -> Iterator[Any]:
    """The items of a list in RDF; one that runs in a circle ends before it begins again."""
    seen: set[object] = set()
    while isinstance(head, NamedNode | BlankNode) and head != _NIL and head not in seen:
        seen.add(head)
        yield from (q.object for q in store.quads_for_pattern(head, _FIRST, None))
        head = next((q.object for q in store.quads_for_pattern(head, _REST, None)), None)


def read_messages(store: Store, node: Node, name: str = "message") -> dict[str, str]:
    """The texts by language; where the engine puts a value in, an ellipsis."""
    texts = (m for m in list_values(store, node, name) if isinstance(m, Literal))
    return {text.language or "en": _PLACE.sub("…", text.value) for text in texts}


def get_name(term: NamedNode) -> str:
    """The local name of a term."""
    return re.split(r"[/#]", term.value)[-1]


def describe_node(quads: Iterable[Quad], node: Node) -> list[Quad]:
    """What is stated of a node, and of the blank nodes that this leads to."""
    by_subject: dict[object, list[Quad]] = {}
    for quad in quads:
        by_subject.setdefault(quad.subject, []).append(quad)
    waiting: list[object] = [node]
    seen, found = {node}, []
    while waiting:
        for quad in by_subject.get(waiting.pop(), ()):
            found.append(quad)
            if isinstance(quad.object, BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)
    return found


def write_path(store: Store, path: Node, shorten: Shorten) -> str:
    """A path (SHACL section 2.3.1) as SPARQL writes it: `^jle:contact/schema:about`."""
    if isinstance(path, NamedNode):
        return shorten(path)
    if items := list(list_items(store, path)):
        return "/".join(_enclose(write_path(store, item, shorten), "|") for item in items)
    if inverse := list_values(store, path, "inversePath"):
        return f"^{_enclose(write_path(store, inverse[0], shorten), '/|')}"
    if choices := list_values(store, path, "alternativePath"):
        return "|".join(write_path(store, item, shorten) for item in list_items(store, choices[0]))
    for name, sign in _SIGNS.items():
        if repeated := list_values(store, path, name):
            return f"{_enclose(write_path(store, repeated[0], shorten), '/|^')}{sign}"
    return "…"


def _enclose(text: str, signs: str) -> str:
    return f"({text})" if any(sign in text for sign in signs) else text
