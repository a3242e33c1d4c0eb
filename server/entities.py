"""Things and their documents: `/id/…` answers 303 to `/doc/…`, and that comes in the form that the client takes."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from server.addresses import list_candidates, make_path
from server.dataset import Dataset
from server.description import describe_thing, find_graphs
from server.entity_page import render_entity_page
from server.representations import REPRESENTATIONS, Representation, choose_representation, split_suffix


def make_entity_routes(dataset: Dataset) -> Blueprint:
    """The routes of all things of the release."""
    routes = Blueprint("entities", __name__)

    @routes.get("/id/<path:path>")
    def redirect_to_document(path: str) -> BaseResponse:
        topic = find_thing(dataset, path)
        if topic is None:
            raise NotFound(f"There is no thing id/{path} in this release.")
        # url_for leaves out a value that is None
        response = redirect(url_for("entities.show_document", path=path, format=request.args.get("format")), 303)
        response.vary.add("Accept")
        return response

    @routes.get("/doc/<path:path>")
    def show_document(path: str) -> Response:
        topic, suffix = find_thing(dataset, path), None
        if topic is None:
            path, suffix = split_suffix(path)
            topic = find_thing(dataset, path)
        if topic is None:
            raise NotFound(f"There is no document about id/{path} in this release.")
        representation = choose_representation(request, suffix)
        response = Response(
            write_document(dataset, topic, representation), content_type=f"{representation.media_type}; charset=utf-8"
        )
        add_links(response, f"/{make_path(dataset.iris, topic.value)}", representation)
        return response

    return routes


def find_thing(dataset: Dataset, path: str) -> NamedNode | None:
    """The thing that a request path names, if the release knows it."""
    return next((c for c in list_candidates(dataset.iris, f"id/{path}") if find_graphs(dataset, c)), None)


def write_document(dataset: Dataset, topic: NamedNode, representation: Representation) -> bytes:
    """The document about a thing in one form."""
    if representation.graph_format is None:
        return render_entity_page(dataset, topic).encode()
    path = (make_path(dataset.iris, topic.value) or "").partition("#")[0]
    description = describe_thing(dataset, topic, dataset.iris.make(path))
    assert description is not None  # it was found
    return representation.graph_format.write(description.triples, dataset.prefixes, dataset.context)


def add_links(response: Response, path: str, representation: Representation) -> None:
    """Says which form this is, where the others are, and that the Accept header decided."""
    root = request.script_root
    response.vary.add("Accept")
    response.headers["Content-Location"] = f"{root}{path}.{representation.suffix}"
    for other in REPRESENTATIONS:
        if other != representation:
            response.headers.add("Link", f'<{root}{path}.{other.suffix}>; rel="alternate"; type="{other.media_type}"')
