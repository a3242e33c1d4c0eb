"""The SPARQL endpoint: a request answered in the process it runs in, and its route in the application."""

from __future__ import annotations

import json

from flask import Blueprint, Request, Response, request, url_for
from pyoxigraph import QueryBoolean, QuerySolutions, Triple
from werkzeug.exceptions import BadRequest, Forbidden, UnprocessableEntity

from lod.formats import JSON as GRAPH_JSON
from server.endpoint import Endpoint
from server.errors import choose_error_type
from server.evaluation import explain_failure, is_volatile
from server.exchange import HttpRequest, HttpResponse
from server.languages import get_language
from server.links import Link, link_context, write_links
from server.operations import ACCEPT_QUERY, METHODS, Operation, choose_for_graph, choose_for_rows, prefers_page, read_operation
from server.pages.query_page import render_fault, render_form, render_result
from server.pages.query_terms import list_terms
from server.problems import HTML as HTML_TYPE
from server.query_guard import check_query
from server.representations import HTML, Representation, is_negotiated
from server.results import GRAPH_OFFERS, Result, write_rows, write_triples
from server.service_description import describe_service
from server.spool import Sink, Spool
from server.writing import write_statements

_UNKEPT = "no-store"


class NeedsConnection(Exception):
    """A query that asks other hosts, all allowed, where no connection can be made: for a process that may connect."""


def answer_operation(endpoint: Endpoint, operation: Operation, sink: Sink, *, may_connect: bool = False) -> HttpResponse | None:
    """The response to a query whose result is for programs; None for a page, which the application makes.

    Blocks of a large body go to the sink while it is written, and what the response holds follows them. Whatever is raised
    then makes all of it void: HTTPException for what the client must mend, and NeedsConnection.
    """
    if prefers_page(operation):
        return None
    connects = check_query(operation.text, endpoint.limits)
    if connects and not may_connect:
        raise NeedsConnection
    result = endpoint.engine.evaluate(operation)
    choose = choose_for_graph if isinstance(result, set) else choose_for_rows
    chosen = choose(operation.wanted, operation.accept)
    if chosen.name == HTML.name:
        return None
    headers = list_headers(endpoint, operation, result, keep=not connects)
    try:
        spool = _write(endpoint, result, chosen, sink)
        body = spool.finish()
    except ConnectionError:  # of the sink
        raise
    except (RuntimeError, OSError) as error:
        raise explain_failure(error, operation.text, endpoint.limits) from None
    content_type = chosen.content_type
    headers["Content-Type"] = content_type
    if chosen.graph_format == GRAPH_JSON and endpoint.dataset.context:
        headers["Link"] = str(link_context(operation.root))
    if "Cache-Control" not in headers:
        headers["ETag"] = spool.tag(content_type)
    return HttpResponse(200, list(headers.items()), body)


def _write(endpoint: Endpoint, result: Result | set[Triple], chosen: Representation, sink: Sink) -> Spool:
    if isinstance(result, QuerySolutions | QueryBoolean):
        return write_rows(result, chosen, endpoint.limits, sink)
    dataset = endpoint.dataset
    return write_triples(set(result), chosen, endpoint.limits, sink, dataset.prefixes, dataset.context)


def list_headers(endpoint: Endpoint, operation: Operation, result: Result | set[Triple], *, keep: bool) -> dict[str, str]:
    """What every result carries, on a page too; `keep` where nothing outside the release is in it."""
    headers = {
        "Vary": "Accept",
        "Accept-Query": ACCEPT_QUERY,
        "Madoguchi-Row-Limit": str(endpoint.limits.rows),
    }
    if not keep or is_volatile(operation.text):
        headers["Cache-Control"] = _UNKEPT
    if hint := endpoint.engine.find_hint(operation, result):
        headers["Madoguchi-Hint"] = hint
    return headers


def make_sparql_routes(endpoint: Endpoint) -> Blueprint:
    """The route of the endpoint."""
    routes = Blueprint("sparql", __name__)

    @routes.route("/sparql", methods=METHODS)
    def answer_query() -> Response:
        asked = read_request(request)
        try:
            blocks: list[bytes] = []
            operation = read_operation(asked, endpoint.limits)
            answer = answer_operation(endpoint, operation, blocks.append, may_connect=True) if operation else None
            response = _show(endpoint, asked, operation) if answer is None else _make_response(answer, blocks)
        except (BadRequest, Forbidden, UnprocessableEntity) as error:  # which the person who asks can mend on the form
            if choose_error_type(request) != HTML_TYPE:
                raise
            page = render_fault(endpoint, request.values.get("query", ""), error)
            response = Response(page, error.code, content_type="text/html; charset=utf-8")
        response.vary.add("Accept")
        return response

    @routes.get("/sparql/terms.json")
    def show_terms() -> Response:
        """What the editor completes, in the language that `lang` names."""
        body = json.dumps(list_terms(endpoint, get_language()), ensure_ascii=False, separators=(",", ":"))
        return Response(body, content_type="application/json")

    @routes.after_request
    def name_query_types(response: Response) -> Response:
        """RFC 10008, section 3: also on the answer to OPTIONS and on a refusal."""
        response.headers["Accept-Query"] = ACCEPT_QUERY
        return response

    return routes


def read_request(asked: Request) -> HttpRequest:
    """The request as front and workers exchange it."""
    return HttpRequest(
        "GET" if asked.method == "HEAD" else asked.method,
        asked.path,
        asked.query_string.decode("latin-1"),
        {name.lower(): value for name, value in asked.headers},
        asked.get_data(),
        asked.script_root,
    )


def _make_response(answer: HttpResponse, blocks: list[bytes]) -> Response:
    response = Response(b"".join((*blocks, answer.body)), answer.status)
    response.headers.clear()
    for name, value in answer.headers:
        response.headers.add(name, value)
    return response


def _show(endpoint: Endpoint, asked: HttpRequest, operation: Operation | None) -> Response:
    """A result as a page, or the description of the service in the form that the client takes."""
    if operation is None:
        return _show_description(endpoint)
    connects = check_query(operation.text, endpoint.limits)
    result = endpoint.engine.evaluate(operation)
    headers = list_headers(endpoint, operation, result, keep=not connects)
    try:
        page = render_result(endpoint, operation, result, headers.get("Madoguchi-Hint", ""))
    except (RuntimeError, OSError) as error:
        raise explain_failure(error, operation.text, endpoint.limits) from None
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers.extend(headers)
    return response


def _show_description(endpoint: Endpoint) -> Response:
    chosen = choose_for_graph(request.args.get("format", ""), request.headers.get("Accept", ""))
    if chosen == HTML:
        body = render_form(endpoint).encode()
    else:
        body = write_statements(describe_service(endpoint), chosen, endpoint.engine.prefixes, endpoint.dataset.context)
    response = Response(body, content_type=chosen.content_type)
    address = url_for("sparql.answer_query")
    own = f"{address}?format={chosen.name}"
    links = [Link("alternate", f"{address}?format={r.name}", r.media_type) for r in GRAPH_OFFERS if '"' not in r.media_type]
    links = [link for link in links if link.target != own]
    if chosen.graph_format == GRAPH_JSON and endpoint.dataset.context:
        links.insert(0, link_context(request.script_root))
    response.headers["Link"] = write_links(links)
    if is_negotiated(request, None):
        response.headers["Content-Location"] = own
    return response
