"""The catalogue of the data: a page and RDF at `/catalog`, and RDF at `/.well-known/void` (VoID, section 7.2).

Both, and the description of the endpoint, have the same statements: those of the graphs `graph/catalog` and `graph/release`.
Of other data, which have no such graphs, the well-known address tells what was counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Blueprint, Response, request
from pyoxigraph import DefaultGraph, NamedNode, Quad
from werkzeug.exceptions import NotFound

from server.description import is_described
from server.endpoint import Endpoint
from server.links import complete_document, list_links
from server.pages.catalog_page import make_catalog_page
from server.representations import (
    DATASETS,
    GRAPHS,
    JSONS,
    REPRESENTATIONS,
    Representation,
    choose_representation,
    is_negotiated,
)
from server.service_description import count_data, is_counted, list_catalogue
from server.writing import write_statements

_DATA = (*GRAPHS, *DATASETS, *JSONS)
_CATALOG, _VOID = "catalog", ".well-known/void"


def make_catalog_routes(endpoint: Endpoint) -> Blueprint:
    """The routes of the catalogue."""
    routes = Blueprint("catalog", __name__)
    dataset = endpoint.dataset
    render = make_catalog_page(dataset)

    @routes.get(f"/{_CATALOG}", defaults={"suffix": None})
    @routes.get(f"/{_CATALOG}.<suffix>")
    def show_catalog(suffix: str | None) -> Response:
        statements = dataset.keep(list_catalogue)
        if not statements:
            raise NotFound(
                f"There is no catalogue in these data: {request.script_root}/{_VOID} tells what was counted in them."
            )
        return _show(_CATALOG, suffix, REPRESENTATIONS, dataset.iris.catalog, statements)

    @routes.get(f"/{_VOID}", defaults={"suffix": None})
    @routes.get(f"/{_VOID}.<suffix>")
    def show_void(suffix: str | None) -> Response:
        """Turtle, unless the client asks for another form."""
        counted = (
            ()
            if is_counted(dataset)
            else (Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in count_data(endpoint))
        )
        return _show(_VOID, suffix, _DATA, dataset.iris.dataset, (*dataset.keep(list_catalogue), *counted))

    def _show(
        path: str, suffix: str | None, offers: Sequence[Representation], topic: NamedNode, statements: Iterable[Quad]
    ) -> Response:
        chosen = choose_representation(request, suffix, offers)
        links = list_links(dataset, path, offers, topic if is_described(dataset, topic) else None)
        if chosen.graph_format is None:
            body = render(links).encode()
        else:
            stated = {s.triple for s in statements} if chosen.graph_format.is_triples else statements
            body = write_statements(stated, chosen, dataset.prefixes, dataset.context)
        response = Response(body, content_type=chosen.content_type)
        complete_document(response, dataset, path, chosen, links, negotiated=is_negotiated(request, suffix))
        return response

    return routes
