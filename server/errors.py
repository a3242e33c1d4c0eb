"""The one place where an error becomes a response: the same facts as a page, as plain text or as JSON (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Flask, Request, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from server.negotiation import choose_media_type
from server.representations import REPRESENTATIONS

TEXT = "text/plain"
HTML = "text/html"
PROBLEM = "application/problem+json"

_NEGOTIATED = ("entities", "documents")  # the routes whose paths may end in the suffix of a format

_WHAT_TO_DO = {
    404: "Nothing is known here under this address.",
    405: "This address does not take that method.",
    413: "The request is larger than this server reads.",
    500: "The server failed. The fault is on our side and was written to its log.",
}


@dataclass(frozen=True)
class Problem:
    """What went wrong, for the person who must act."""

    status: int
    title: str
    detail: str
    offers: list[str] = field(default_factory=list)
    members: Mapping[str, object] = field(default_factory=dict)  # further facts for programs (RFC 9457, section 3.2)

    def as_json(self) -> bytes:
        body: dict[str, Any] = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        body |= self.members
        if self.offers:
            body["offers"] = self.offers
        return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()

    def as_text(self) -> bytes:
        return f"{self.status} {self.title}\n\n{self.detail}\n".encode()


def register_errors(app: Flask) -> None:
    """All errors go through `respond_to_error`; what is no HTTPException comes as a 500, after it was logged."""
    app.register_error_handler(HTTPException, respond_to_error)


def respond_to_error(error: HTTPException) -> BaseResponse:
    """The error in the form that suits the request; redirections stay what they are."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    problem = make_problem(error)
    media_type = choose_error_type(request)
    if media_type == HTML:
        body = render_template("error.html", problem=problem).encode()
    else:
        body = problem.as_json() if media_type == PROBLEM else problem.as_text()
    response = BaseResponse.force_type(error.get_response(), request.environ)  # keeps Allow and the like
    response.data = body
    response.content_type = media_type if media_type == PROBLEM else f"{media_type}; charset=utf-8"
    response.vary.add("Accept")
    return response


def make_problem(error: HTTPException) -> Problem:
    status = error.code or 500
    own_words = error.description if error.description != type(error).description else None
    detail = (
        own_words if own_words and status != HTTPStatus.INTERNAL_SERVER_ERROR else _WHAT_TO_DO.get(status, error.description)
    )
    readable = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in detail or "")
    return Problem(status, error.name, readable, list(getattr(error, "offers", [])), getattr(error, "members", {}))


def choose_error_type(asked: Request) -> str:
    """A page for browsers, JSON for who asked for some kind of JSON, plain text for all others."""
    known = {r.suffix: r.media_type for r in REPRESENTATIONS} | {"json": "application/json"}
    suffix = asked.path.rpartition(".")[2] if asked.blueprint in _NEGOTIATED else ""
    wanted = asked.args.get("format") or suffix
    accept = known.get(wanted.lower(), asked.headers.get("Accept"))
    chosen = choose_media_type(accept, (TEXT, HTML, PROBLEM, "application/json"))
    if chosen is None:
        chosen = PROBLEM if "json" in (accept or "").lower() else TEXT
    return PROBLEM if chosen == "application/json" else chosen
