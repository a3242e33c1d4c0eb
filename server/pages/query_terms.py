"""What the editor offers while one types: the prefixes, the classes, properties and other terms in use, and the graphs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from pyoxigraph import NamedNode, QuerySolutions

from server.endpoint import Endpoint
from server.pages.labels import Label, label_term, label_thing, shorten_iri

_MOST = 1_000  # terms of a kind
_PROPERTIES = "SELECT DISTINCT ?term { GRAPH ?graph { ?thing ?term ?value } }"
_CLASSES = "SELECT DISTINCT ?term { GRAPH ?graph { ?thing a ?term } }"
_KINDS = (("rdfs:Class", "class"), ("rdf:Property", "property"), ("skos:Concept", "constant"))
_NAME = re.compile(r"[\w-]*:[\w.-]+")


def list_terms(endpoint: Endpoint, language: str) -> dict[str, object]:
    """All that is offered, named as a query may write it, with labels and explanations for a page in that language."""
    dataset, found = endpoint.dataset, dict[NamedNode, str]()
    for known, query, kind in (
        (endpoint.statistics.classes, _CLASSES, "class"),
        (endpoint.statistics.properties, _PROPERTIES, "property"),
    ):
        more = () if dataset.is_large else _ask(endpoint, query)
        found |= dict.fromkeys(islice((*known, *more), _MOST), kind)
    for name, kind in _KINDS:
        found |= dict.fromkeys(dataset.subjects("rdf:type", dataset.term(name))[:_MOST], kind)
    terms = []
    for term, kind in found.items():
        name = shorten_iri(dataset, term)
        if _NAME.fullmatch(name):
            terms.append(_describe(name, label_term(dataset, term), language) | {"kind": kind})
    graphs = [_describe(_write_graph(endpoint, g), label_thing(dataset, g), language) for g in endpoint.statistics.graphs]
    return {
        "prefixes": dict(endpoint.engine.prefixes),
        "terms": sorted(terms, key=lambda term: term["name"]),
        "graphs": graphs,
    }


def _ask(endpoint: Endpoint, query: str) -> Iterable[NamedNode]:
    result = endpoint.dataset.store.query(query)
    assert isinstance(result, QuerySolutions)
    return sorted((row["term"] for row in result if isinstance(row["term"], NamedNode)), key=str)


def _describe(name: str, label: Label, language: str) -> dict[str, str]:
    return {"name": name, "label": label.choose(language)[0], "comment": label.explain(language)}


def _write_graph(endpoint: Endpoint, graph: NamedNode) -> str:
    """With a prefix, or as an IRI that the endpoint's base completes."""
    name = shorten_iri(endpoint.dataset, graph)
    return name if _NAME.fullmatch(name) else f"<{name}>"
