"""The one place where an error of the application becomes a response: a page, plain text or JSON (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Request, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from server.dataset import Dataset
from server.pages.error_pages import register_error_pages, render_error
from server.problems import HTML, PROBLEM, Problem, choose_problem_type, make_problem
from server.representations import REPRESENTATIONS

_NEGOTIATED = ("entities", "documents", "shapes")  # the routes whose paths may end in the suffix of a format


def register_errors(app: Flask, dataset: Dataset) -> None:
    """All errors go through `respond_to_error`; what is no HTTPException comes as a 500, after it was logged."""
    register_error_pages(app, dataset)
    app.register_error_handler(HTTPException, respond_to_error)


def respond_to_error(error: HTTPException) -> BaseResponse:
    """The error in the form that suits the request; redirections stay what they are."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    problem = describe_error(error)
    media_type = choose_error_type(request)
    if media_type == HTML:
        body = render_error(error, problem).encode()
    else:
        body = problem.as_json() if media_type == PROBLEM else problem.as_text()
    response = BaseResponse.force_type(error.get_response(), request.environ)  # keeps Allow and the like
    response.data = body
    response.content_type = media_type if media_type == PROBLEM else f"{media_type}; charset=utf-8"
    if media_type != HTML:
        response.content_language.add("en")
    response.vary.add("Accept")
    return response


def describe_error(error: HTTPException) -> Problem:
    """The error in its own words where it has some, else in those for all of its status."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    own_words = error.description if error.description != type(error).description else None
    detail = own_words if status != HTTPStatus.INTERNAL_SERVER_ERROR else None
    readable = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in detail or "")
    said = readable or make_problem(status).detail
    return Problem(status, error.name, said, list(getattr(error, "offers", [])), getattr(error, "members", {}))


def choose_error_type(asked: Request) -> str:
    """As suffix, `?format=` or the Accept header ask for."""
    known = {r.suffix: r.media_type for r in REPRESENTATIONS} | {"json": "application/json"}
    suffix = asked.path.rpartition(".")[2] if asked.blueprint in _NEGOTIATED else ""
    wanted = asked.args.get("format") or suffix
    return choose_problem_type(known.get(wanted.lower(), asked.headers.get("Accept")))
