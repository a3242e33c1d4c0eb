"""What all templates share: links to things, short forms, and kinds of terms."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Flask, request
from jinja2 import pass_context
from jinja2.runtime import Context
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from server.addresses import make_describe_path, make_path
from server.dataset import Dataset
from server.description import is_described
from server.pages.labels import shorten_iri

_DOCUMENTS = ("source/", "dumps/", "graph/", "ontology", "sparql")  # that are there though nothing may be stated of them
_KINDS: dict[type, str] = {NamedNode: "iri", Literal: "literal", BlankNode: "node", Triple: "triple"}
_LINE = re.compile(r"source/(\w+)\.txt#line=(\d+),\d+")  # a position before a line (RFC 5147), which counts from 0
_LINKED_SCHEMES = ("http://", "https://", "mailto:")


def register_pages(app: Flask, dataset: Dataset) -> None:
    """Makes the filters known to the templates."""

    def link(target: NamedNode | str) -> str:
        """The address of a thing: on this host where it is ours or described; empty where it cannot be followed safely."""
        if isinstance(target, NamedNode):
            path, address = dataset.remember(_place_thing, target)
        else:
            path, address = make_path(dataset.iris, target), target
        if path is not None:
            path = _LINE.sub(lambda m: f"source/{m[1]}#L{int(m[2]) + 1}", path)
            return f"{request.script_root}/{path}"
        return address if address.lower().startswith(_LINKED_SCHEMES) else ""

    app.add_template_filter(link, "link")
    app.add_template_filter(lambda iri: shorten_iri(dataset, iri), "short")
    app.add_template_filter(_root_path, "rooted")
    app.add_template_filter(lambda email: f"mailto:{quote(email, safe='@')}", "mailto")
    app.add_template_filter(_name_kind, "kind")


@pass_context  # so that it is asked when the page is made, and not when the template is read
def _root_path(_: Context, path: str) -> str:
    return f"{request.script_root}/{path}"


def _place_thing(dataset: Dataset, thing: NamedNode) -> tuple[str | None, str]:
    """The path of a thing on this host where it has one, else its address elsewhere, which is empty for one of ours."""
    path, is_there = make_path(dataset.iris, thing.value), is_described(dataset, thing)
    if path is None:
        return (make_describe_path(thing.value), "") if is_there else (None, thing.value)
    return (path, "") if is_there or path.startswith(_DOCUMENTS) else (None, "")


def _name_kind(term: NamedNode | Literal | BlankNode | Triple | None) -> str:
    return _KINDS.get(type(term), "none")
