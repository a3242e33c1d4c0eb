"""What all templates share: links to things, short forms, and kinds of terms."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, request
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from server.addresses import make_describe_path, make_path
from server.dataset import Dataset
from server.description import is_described
from server.labels import shorten_iri

_LINKED_SCHEMES = ("http://", "https://", "mailto:")


def register_pages(app: Flask, dataset: Dataset) -> None:
    """Makes the filters known to the templates."""

    def link(target: NamedNode | str) -> str:
        """The address of a thing: on this host where it is ours or described; empty where it cannot be followed safely."""
        iri = target.value if isinstance(target, NamedNode) else target
        path = make_path(dataset.iris, iri)
        if path is not None and isinstance(target, NamedNode) and not _is_served(dataset, target):
            return ""
        if path is not None:
            return f"{request.script_root}/{path}"
        if isinstance(target, NamedNode) and is_described(dataset, target):
            return f"{request.script_root}/{make_describe_path(iri)}"
        return iri if iri.lower().startswith(_LINKED_SCHEMES) else ""

    app.add_template_filter(link, "link")
    app.add_template_filter(lambda iri: shorten_iri(dataset, iri), "short")
    app.add_template_filter(lambda path: f"{request.script_root}/{path}", "rooted")
    app.add_template_filter(lambda email: f"mailto:{quote(email, safe='@')}", "mailto")
    app.add_template_filter(_name_kind, "kind")


def _is_served(dataset: Dataset, target: NamedNode) -> bool:
    """Whether a thing under the base IRI has an address here: all of ours have, of other data what something is stated of."""
    if not dataset.release.is_foreign or is_described(dataset, target):
        return True
    return dataset.store.contains_named_graph(target) and target.value.startswith(dataset.iris.graph("").value)


def _name_kind(term: NamedNode | Literal | BlankNode | Triple | None) -> str:
    return {NamedNode: "iri", Literal: "literal", BlankNode: "node", Triple: "triple"}.get(type(term), "none")
