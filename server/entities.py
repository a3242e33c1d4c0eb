"""Things and their documents: `/id/…` answers 303 to `/doc/…`, and that comes in the form that the client takes.

What the data describe under another path answers 303 to `/describe?iri=…`, the document of any IRI.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as BaseResponse

from server.addresses import list_candidates, make_describe_path, make_document_path
from server.dataset import Dataset
from server.description import describe_thing, is_described, locate_facts
from server.gone import Archive, Departure, find_successors, is_only_replaced
from server.links import Link, complete_document, list_links
from server.pages.entity_page import render_entity_page
from server.representations import REPRESENTATIONS, TABLE, Representation, choose_representation, is_negotiated, split_suffix
from server.tables import has_table, write_table
from server.unknown import make_departed, read_sent_path, redirect_to, register_unknown
from server.writing import write_statements


def make_entity_routes(dataset: Dataset) -> Blueprint:
    """The routes of all things of the release."""
    routes = Blueprint("entities", __name__)
    archive = Archive(dataset)

    @routes.get("/id/<path:path>")
    def redirect_to_document(path: str) -> BaseResponse:
        topic = find_thing(dataset, f"id/{path}", read_sent_path(request))
        if topic is None:
            raise NotFound(f"There is no thing id/{path} in this release.")
        return redirect_to(dataset, topic)

    @routes.get("/doc/<path:path>")
    def show_document(path: str) -> Response:
        sent = read_sent_path(request).removeprefix("doc/")
        topic, suffix = find_thing(dataset, f"id/{path}", sent and f"id/{sent}"), None
        if topic is None:
            stem, suffix = split_suffix(path)
            topic = find_thing(dataset, f"id/{stem}", sent and f"id/{sent.removesuffix(f'.{suffix}')}")
        if topic is None:
            raise NotFound(f"There is no document about id/{path} in this release.")
        return _show(topic, make_document_path(dataset.iris, topic), suffix)

    @routes.get("/describe")
    def describe_any() -> BaseResponse:
        topic = _read_iri(request.args.get("iri", ""))
        if not is_described(dataset, topic):
            raise NotFound(f"Nothing is stated of {topic.value} in this release.")
        if make_document_path(dataset.iris, topic).startswith("doc/") and "#" not in topic.value:
            return redirect_to(dataset, topic, 308)
        return _show(topic, make_describe_path(topic.value), None)

    def _show(topic: NamedNode, path: str, suffix: str | None) -> Response:
        if is_only_replaced(dataset, topic):
            departure = Departure(topic.value, "", find_successors(dataset, topic), None)
            raise make_departed(dataset, departure)
        offers = (*REPRESENTATIONS, TABLE) if has_table(dataset, topic) else REPRESENTATIONS
        chosen = choose_representation(request, suffix, offers)
        links = list_links(dataset, path, offers, topic)
        response = Response(write_document(dataset, topic, path, chosen, links), content_type=chosen.content_type)
        complete_document(response, dataset, path, chosen, links, negotiated=is_negotiated(request, suffix))
        return response

    register_unknown(routes, dataset, archive)
    return routes


def find_thing(dataset: Dataset, path: str, sent: str = "") -> NamedNode | None:
    """The thing that a request path, decoded and as it was sent, names under the base, if the release states anything of it."""
    return next((c for c in list_candidates(dataset.iris, path, sent) if is_described(dataset, c)), None)


def write_document(dataset: Dataset, topic: NamedNode, path: str, representation: Representation, links: list[Link]) -> bytes:
    """The document at a path about a thing in one form; the facts of a form with graphs stand in those that state them."""
    if representation == TABLE:
        return write_table(dataset, topic)
    form = representation.graph_format
    if form is None:
        return render_entity_page(dataset, topic, links, dataset.iris.make(path)).encode()
    description = describe_thing(dataset, topic, dataset.iris.make(path))
    assert description is not None  # it was found
    statements = description.triples if form.is_triples else locate_facts(dataset, description)
    return write_statements(statements, representation, dataset.prefixes, dataset.context)


def _read_iri(text: str) -> NamedNode:
    try:
        return NamedNode(text)
    except ValueError:
        raise BadRequest("Give the IRI of a thing, a whole one, percent-encoded: /describe?iri=https%3A%2F%2F…") from None
