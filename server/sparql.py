"""The SPARQL endpoint (SPARQL 1.1 Protocol, query operation), and its form for browsers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from flask import Blueprint, Request, Response, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    GatewayTimeout,
    NotAcceptable,
    RequestEntityTooLarge,
    RequestURITooLarge,
    ServiceUnavailable,
    UnsupportedMediaType,
)

from lod.formats import TURTLE
from lod.sparql_tokens import find_undeclared_prefix
from server.configuration import QueryLimits
from server.dataset import Dataset
from server.errors import choose_error_type
from server.examples import read_examples
from server.problems import HTML as HTML_TYPE
from server.query_guard import UPDATES_REFUSED, check_query
from server.query_messages import Answer, Ask
from server.query_page import render_form, render_result
from server.query_pool import QueryPool, TooBusy, TooLarge, TooSlow
from server.representations import HTML, Representation, choose_representation
from server.results import GRAPH_OFFERS, JSON, ROW_OFFERS

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"


@dataclass(frozen=True)
class Query:
    """A query operation as the protocol describes it."""

    text: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


def make_sparql_routes(dataset: Dataset, limits: QueryLimits) -> Blueprint:
    """The route of the endpoint."""
    routes = Blueprint("sparql", __name__)
    examples = read_examples(dataset.release)
    pool = QueryPool(dataset.release.path, limits)
    pool.dataset = dataset

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
            try:
                check_query(query.text, limits)
                response = _respond(dataset, pool, query)
            except BadRequest as error:
                if choose_error_type(request) != HTML_TYPE:
                    raise
                page = render_form(dataset, examples, query.text, str(error.description))
                response = Response(page, 400, content_type="text/html; charset=utf-8")
        response.vary.add("Accept")
        return response

    return routes


def _respond(dataset: Dataset, pool: QueryPool, query: Query) -> Response:
    rows, graph = (_choose(offers) for offers in (ROW_OFFERS, GRAPH_OFFERS))
    answer = run_query(dataset, pool, query, _name_written(rows, JSON.name), _name_written(graph, TURTLE.name))
    chosen, offers = (graph, GRAPH_OFFERS) if answer.kind == "graph" else (rows, ROW_OFFERS)
    chosen = chosen or choose_representation(request, offers=offers)  # which says why there is none
    body = render_result(dataset, query.text, answer).encode() if chosen == HTML else answer.body
    return Response(body, content_type=_name_type(chosen.media_type))


def _name_written(chosen: Representation | None, for_page: str) -> str:
    """The format that the result is written in: a page is made from one of its own."""
    return for_page if chosen is None or chosen == HTML else chosen.name


def _choose(offers: Sequence[Representation]) -> Representation | None:
    """The representation that the request asks for, None where it takes none of the offers."""
    try:
        return choose_representation(request, offers=offers)
    except (BadRequest, NotAcceptable):
        return None


def run_query(dataset: Dataset, pool: QueryPool, query: Query, rows_as: str, graph_as: str) -> Answer:
    """The answer to a query; relative IRIs are under the base IRI, the release's prefixes need no declaration."""
    try:
        answer = pool.ask(Ask(query.text, query.default_graphs, query.named_graphs, rows_as, graph_as))
    except TooBusy:
        raise ServiceUnavailable("All query processes are busy: try again in a moment.", retry_after=5) from None
    except TooSlow:
        seconds = f"{pool.limits.seconds:g}"
        raise GatewayTimeout(f"The query took longer than {seconds} seconds: narrow it, or take a dump.") from None
    except TooLarge:
        raise ServiceUnavailable(
            "The query took more memory or nesting than a query gets here: narrow it, or take a dump."
        ) from None
    if answer.kind == "syntax":
        hint = find_undeclared_prefix(query.text, dataset.prefixes)
        raise BadRequest(f"This is no SPARQL query: {hint}{answer.sentence}")
    if answer.kind == "unwritable":
        raise NotAcceptable(answer.sentence)
    if answer.kind == "failure":
        raise BadRequest(f"The query cannot be evaluated: {answer.sentence}")
    return answer


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
    if not texts or (not texts[0].strip() and asked.method in ("GET", "HEAD")):
        return None
    if len(texts[0].encode()) > limits.size:
        too_large = RequestURITooLarge if asked.method in ("GET", "HEAD") else RequestEntityTooLarge
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


def _read_graphs(iris: Sequence[str]) -> tuple[str, ...]:
    try:
        return tuple(NamedNode(iri).value for iri in iris)
    except ValueError as error:
        raise BadRequest(f"The name of a graph must be an absolute IRI: {error}") from None


def _name_type(media_type: str) -> str:
    """Media types of JSON have no charset parameter, and so have those of results in XML (their registrations say so)."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
