"""The vocabulary, its context, and the named graphs: documents that are what their IRI names."""

from __future__ import annotations

from itertools import islice

from flask import Blueprint, Response, redirect, request, url_for
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotAcceptable, NotFound
from werkzeug.wrappers import Response as BaseResponse

from lod.errors import ReleaseError
from lod.formats import JSON_LD
from server.addresses import list_candidates, make_path
from server.dataset import Dataset
from server.links import complete_document, list_links
from server.pages.graph_pages import MOST, make_graph_pages
from server.pages.vocabulary_pages import make_vocabulary_pages
from server.representations import REPRESENTATIONS, TABLE, choose_representation, is_negotiated, split_suffix
from server.tables import has_table, write_table
from server.unknown import read_sent_path
from server.writing import write_statements


def make_document_routes(dataset: Dataset) -> Blueprint:
    """The routes of the vocabulary and the graphs."""
    routes = Blueprint("documents", __name__)
    vocabulary = dataset.iris.graph("ontology")
    pages, graph_pages = make_vocabulary_pages(dataset), make_graph_pages(dataset)

    @routes.get("/ontology", defaults={"suffix": None})
    @routes.get("/ontology.<suffix>")
    def show_vocabulary(suffix: str | None) -> Response:
        if suffix and suffix not in [r.suffix for r in REPRESENTATIONS]:
            raise NotFound(f"The vocabulary does not come as .{suffix}.")
        _require_vocabulary()
        return _show(vocabulary, "ontology", suffix, dataset.iris.ontology)

    @routes.get("/ontology/context.jsonld")
    def show_context() -> Response:
        return Response(_read_file(dataset, "ontology/context.jsonld"), content_type=JSON_LD.media_type)

    @routes.get("/ontology/vocabularies")
    def show_borrowed_vocabularies() -> str:
        _require_vocabulary()
        return pages.render_borrowed()

    @routes.get("/ontology/vocabularies/<prefix>")
    def show_borrowed_vocabulary(prefix: str) -> str:
        _require_vocabulary()
        return pages.render_one(prefix)

    @routes.get("/graph")
    def redirect_to_graphs() -> BaseResponse:
        """To a path: what werkzeug makes by itself names the host that the client claims to ask."""
        return redirect(url_for("documents.list_graphs"), 308)

    @routes.get("/graph/")
    def list_graphs() -> str:
        return graph_pages.render_all()

    @routes.get("/graph/<path:path>")
    def show_graph(path: str) -> Response:
        sent = read_sent_path(request)
        graph, suffix = _find_graph(dataset, f"graph/{path}", sent), None
        if graph is None:
            stem, suffix = split_suffix(path)
            graph = _find_graph(dataset, f"graph/{stem}", sent.removesuffix(f".{suffix}"))
        if graph is None:
            raise NotFound(f"There is no graph graph/{path} in this release.")
        return _show(graph, make_path(dataset.iris, graph.value) or "", suffix, graph)

    def _require_vocabulary() -> None:
        if not dataset.store.contains_named_graph(vocabulary):
            raise NotFound("There is no ontology in this release: its data use the vocabularies of others.")

    def _show(graph: NamedNode, path: str, suffix: str | None, topic: NamedNode) -> Response:
        """All statements of a graph as the document at a path."""
        offers = (*REPRESENTATIONS, TABLE) if has_table(dataset, graph) else REPRESENTATIONS
        chosen = choose_representation(request, suffix, offers)
        links = list_links(dataset, path, offers, topic)
        if chosen == TABLE:
            body = write_table(dataset, graph)
        elif chosen.graph_format is None:
            is_vocabulary = graph == vocabulary and path == "ontology"
            body = (pages.render_own(links) if is_vocabulary else graph_pages.render_one(graph, links)).encode()
        else:
            quads = list(islice(dataset.quads(graph=graph), MOST + 1))
            if len(quads) > MOST:
                raise NotAcceptable(
                    f"The graph {graph.value} has more than {MOST:,} statements, too many for one document: take a dump, which "
                    f"{request.script_root}/dumps/ lists, or ask {request.script_root}/sparql for what you need of it."
                )
            statements = (q.triple for q in quads) if chosen.graph_format.is_triples else quads
            body = write_statements(statements, chosen, dataset.prefixes, dataset.context)
        response = Response(body, content_type=chosen.content_type)
        complete_document(response, dataset, path, chosen, links, negotiated=is_negotiated(request, suffix))
        return response

    return routes


def _find_graph(dataset: Dataset, path: str, sent: str) -> NamedNode | None:
    candidates = list_candidates(dataset.iris, path, sent)
    return next((c for c in candidates if dataset.store.contains_named_graph(c)), None)


def _read_file(dataset: Dataset, name: str) -> bytes:
    """A file of the vocabulary, which a release of another's data may not have."""
    try:
        return dataset.release.read_bytes(name)
    except ReleaseError:
        raise NotFound(f"There is no {name} in this release.") from None
