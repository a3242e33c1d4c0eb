"""The SPARQL endpoint (SPARQL 1.1 Protocol, query operation), and its form for browsers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from flask import Blueprint, Request, Response, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest, Forbidden, RequestEntityTooLarge, RequestURITooLarge, UnsupportedMediaType

from server.configuration import QueryLimits
from server.dataset import Dataset
from server.errors import HTML as HTML_TYPE
from server.errors import choose_error_type
from server.examples import read_examples
from server.query_guard import UPDATES_REFUSED, check_query
from server.query_page import render_form, render_result
from server.representations import HTML, choose_representation
from server.results import Result, list_offers, write_result

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"


@dataclass(frozen=True)
class Query:
    """A query operation as the protocol describes it."""

    text: str
    default_graphs: tuple[NamedNode, ...]
    named_graphs: tuple[NamedNode, ...]


def make_sparql_routes(dataset: Dataset, limits: QueryLimits) -> Blueprint:
    """The route of the endpoint."""
    routes = Blueprint("sparql", __name__)
    examples = read_examples(dataset.release)

    @routes.route("/sparql", methods=["GET", "POST"])
    def answer_query() -> Response:
        query = read_query(request, limits)
        if query is None:
            if choose_error_type(request) != HTML_TYPE:
                raise BadRequest(
                    "There is no query: send it as the parameter “query”, or in the body as application/sparql-query."
                )
            response = Response(render_form(dataset, examples), content_type="text/html; charset=utf-8")
        else:
            check_query(query.text, limits)
            response = _respond(dataset, query)
        response.vary.add("Accept")
        return response

    return routes


def _respond(dataset: Dataset, query: Query) -> Response:
    result = run_query(dataset, query)
    representation = choose_representation(request, offers=list_offers(result))
    try:
        if representation == HTML:
            body = render_result(dataset, query.text, result).encode()
        else:
            body = write_result(result, representation, dataset)
    except RuntimeError as error:  # how pyoxigraph says that evaluation failed
        raise BadRequest(f"The query cannot be evaluated: {error}") from None
    return Response(body, content_type=_name_type(representation.media_type))


def run_query(dataset: Dataset, query: Query) -> Result:
    """The result of a query; relative IRIs are under the base IRI, the release's prefixes need no declaration.

    As soon as the request names graphs, they are the whole data set (SPARQL 1.1 Protocol, section 2.1.4), and graphs
    that are not here are empty.
    """
    is_given = bool(query.default_graphs or query.named_graphs)
    try:
        return dataset.store.query(
            query.text,
            base_iri=dataset.iris.base,
            prefixes=dict(dataset.prefixes),
            default_graph=list(query.default_graphs) if is_given else None,
            named_graphs=list(query.named_graphs) if is_given else None,
        )
    except SyntaxError as error:
        raise BadRequest(f"This is no SPARQL query: {error}") from None


def read_query(asked: Request, limits: QueryLimits) -> Query | None:
    """The operation that a request describes in one of the three ways; None where it has no query."""
    parameters = _parse(asked.query_string)
    body_type = asked.mimetype
    text: str | None = None
    if asked.method == "POST":
        charset = asked.mimetype_params.get("charset", "utf-8").lower()
        if body_type not in (_FORM, _QUERY, _UPDATE) or charset not in ("utf-8", "utf8"):
            raise UnsupportedMediaType(f"A query comes as {_QUERY} or {_FORM}, in UTF-8.")
        if body_type == _UPDATE:
            raise Forbidden(UPDATES_REFUSED)
        if body_type == _FORM:
            parameters = _parse(asked.get_data(cache=False))
        else:
            text = _decode(asked.get_data(cache=False))
    if "update" in parameters:
        raise Forbidden(UPDATES_REFUSED)
    texts = [text] if text is not None else parameters.get("query", [])
    if len(texts) > 1:
        raise BadRequest("There are several queries in one request: send one.")
    if not texts or (not texts[0].strip() and asked.method == "GET"):
        return None
    if len(texts[0].encode()) > limits.size:
        too_large = RequestURITooLarge if asked.method == "GET" else RequestEntityTooLarge
        raise too_large(f"The query is longer than {limits.size:,} bytes: shorten it.")
    return Query(
        texts[0],
        _read_graphs(parameters.get("default-graph-uri", ())),
        _read_graphs(parameters.get("named-graph-uri", ())),
    )


def _parse(data: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(data.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:  # UnicodeDecodeError is one
        raise BadRequest("The parameters are not percent-encoded UTF-8.") from None


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BadRequest("The query is not UTF-8.") from None


def _read_graphs(iris: Sequence[str]) -> tuple[NamedNode, ...]:
    try:
        return tuple(NamedNode(iri) for iri in iris)
    except ValueError as error:
        raise BadRequest(f"The name of a graph must be an absolute IRI: {error}") from None


def _name_type(media_type: str) -> str:
    """Media types of JSON have no charset parameter, and so have those of results in XML (their registrations say so)."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
