"""The vocabulary, its shapes and context, and the named graphs: documents that are what their IRI names."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode, Triple
from werkzeug.exceptions import NotFound

from lod.formats import TURTLE
from server.addresses import list_candidates
from server.dataset import Dataset
from server.entities import add_links
from server.labels import label_term
from server.representations import REPRESENTATIONS, Representation, choose_representation, split_suffix

_KINDS = (
    ("Classes", "owl:Class"),
    ("Properties", "owl:ObjectProperty"),
    ("Properties with text or numbers", "owl:DatatypeProperty"),
    ("Schemes of concepts", "skos:ConceptScheme"),
    ("Concepts", "skos:Concept"),
)


def make_document_routes(dataset: Dataset) -> Blueprint:
    """The routes of the vocabulary and the graphs."""
    routes = Blueprint("documents", __name__)
    vocabulary = dataset.iris.graph("ontology")

    @routes.get("/ontology", defaults={"suffix": None})
    @routes.get("/ontology.<suffix>")
    def show_vocabulary(suffix: str | None) -> Response:
        if suffix and suffix not in [r.suffix for r in REPRESENTATIONS]:
            raise NotFound(f"The vocabulary does not come as .{suffix}.")
        representation = choose_representation(request, suffix)
        body = _write_graph(dataset, vocabulary, representation) or _render_vocabulary(dataset).encode()
        return _respond(body, "/ontology", representation)

    @routes.get("/ontology/shapes")
    def show_shapes() -> Response:
        return Response(dataset.release.read_bytes("ontology/shapes.ttl"), content_type=f"{TURTLE.media_type}; charset=utf-8")

    @routes.get("/ontology/context.jsonld")
    def show_context() -> Response:
        return Response(
            dataset.release.read_bytes("ontology/context.jsonld"), content_type="application/ld+json; charset=utf-8"
        )

    @routes.get("/graph/<path:path>")
    def show_graph(path: str) -> Response:
        graph, suffix = _find_graph(dataset, path), None
        if graph is None:
            path, suffix = split_suffix(path)
            graph = _find_graph(dataset, path)
        if graph is None:
            raise NotFound(f"There is no graph graph/{path} in this release.")
        representation = choose_representation(request, suffix)
        body = _write_graph(dataset, graph, representation) or _render_graph(dataset, graph).encode()
        return _respond(body, f"/graph/{path}", representation)

    return routes


def _find_graph(dataset: Dataset, path: str) -> NamedNode | None:
    candidates = list_candidates(dataset.iris, f"graph/{path}")
    return next((c for c in candidates if dataset.store.contains_named_graph(c)), None)


def _respond(body: bytes, path: str, representation: Representation) -> Response:
    response = Response(body, content_type=f"{representation.media_type}; charset=utf-8")
    add_links(response, path, representation)
    return response


def _write_graph(dataset: Dataset, graph: NamedNode, representation: Representation) -> bytes | None:
    """All triples of a graph; None for the page, which is written otherwise."""
    if representation.graph_format is None:
        return None
    triples: list[Triple] = [quad.triple for quad in dataset.quads(graph=graph)]
    return representation.graph_format.write(triples, dataset.prefixes, dataset.context)


def _render_graph(dataset: Dataset, graph: NamedNode) -> str:
    triples = sum(1 for _ in dataset.quads(graph=graph))
    subjects = len({q.subject for q in dataset.quads(graph=graph)})
    name = dataset.iris.strip_graph(graph)
    alternates = _list_alternates(f"graph/{name}")
    return render_template("graph.html", graph=graph, name=name, triples=triples, subjects=subjects, alternates=alternates)


def _render_vocabulary(dataset: Dataset) -> str:
    own = dataset.iris.ontology
    groups = []
    for title, kind in _KINDS:
        terms = [t for t in dataset.subjects("rdf:type", dataset.term(kind)) if t.value.startswith(f"{own.value}#")]
        groups.append((title, [_describe_term(dataset, term) for term in terms]))
    return render_template(
        "ontology.html", groups=groups, comments=dataset.values(own, "rdfs:comment"), alternates=_list_alternates("ontology")
    )


def _describe_term(dataset: Dataset, term: NamedNode) -> dict[str, object]:
    relations = ("rdfs:domain", "rdfs:range", "rdfs:subClassOf", "skos:inScheme", "skos:broader")
    return {
        "iri": term,
        "id": term.value.rpartition("#")[2],
        "label": label_term(dataset, term),
        "comments": dataset.values(term, "rdfs:comment"),
        "relations": [(name.partition(":")[2], value) for name in relations for value in dataset.values(term, name)],
    }


def _list_alternates(path: str) -> list[tuple[str, str, str]]:
    return [(r.label, r.media_type, f"{path}.{r.suffix}") for r in REPRESENTATIONS]
