"""What all templates share: links to things, short forms, and kinds of terms."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, request
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from server.addresses import make_describe_path, make_path
from server.dataset import Dataset
from server.description import is_described
from server.labels import shorten_iri

_DOCUMENTS = ("source/", "dumps/", "graph/", "ontology", "sparql")  # that are there though nothing may be stated of them
_LINKED_SCHEMES = ("http://", "https://", "mailto:")


def register_pages(app: Flask, dataset: Dataset) -> None:
    """Makes the filters known to the templates."""

    def link(target: NamedNode | str) -> str:
        """The address of a thing: on this host where it is ours or described; empty where it cannot be followed safely."""
        iri = target.value if isinstance(target, NamedNode) else target
        path = make_path(dataset.iris, iri)
        described = isinstance(target, NamedNode) and is_described(dataset, target)
        if path is not None:
            is_there = described or isinstance(target, str) or path.startswith(_DOCUMENTS)
            return f"{request.script_root}/{path}" if is_there else ""
        if described:
            return f"{request.script_root}/{make_describe_path(iri)}"
        return iri if iri.lower().startswith(_LINKED_SCHEMES) else ""

    app.add_template_filter(link, "link")
    app.add_template_filter(lambda iri: shorten_iri(dataset, iri), "short")
    app.add_template_filter(lambda path: f"{request.script_root}/{path}", "rooted")
    app.add_template_filter(lambda email: f"mailto:{quote(email, safe='@')}", "mailto")
    app.add_template_filter(_name_kind, "kind")


def _name_kind(term: NamedNode | Literal | BlankNode | Triple | None) -> str:
    return {NamedNode: "iri", Literal: "literal", BlankNode: "node", Triple: "triple"}.get(type(term), "none")
