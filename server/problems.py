"""What went wrong, for the person who must act: as text or as JSON (RFC 9457), without a page and without the application."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from server.exchange import HttpResponse
from server.negotiation import choose_media_type
from server.pages.plain_pages import has_plain_page, write_plain_page

TEXT = "text/plain"
HTML = "text/html"
PROBLEM = "application/problem+json"

_WHAT_TO_DO = {
    404: "Nothing is known here under this address.",
    405: "This address does not take that method: the Allow header names those that it takes.",
    408: "The request did not arrive in full in time: send it again, all at once.",
    410: "This was here in an older release and is no longer: ask for what replaced it, or start from the home page.",
    412: "What is here is not what the request expects it to be: ask for it again without the condition.",
    413: "The request is larger than this server reads: send less in one request.",
    414: "The address is longer than this server reads: a long query can be sent in the body of a POST request to /sparql.",
    415: "The request's body is in a form that this address does not read: see which types it takes, and send it uncompressed.",
    416: "The ranges asked for lie outside of what is here: the Content-Range header says how many bytes there are.",
    429: "Too many requests at once come from this address: wait as long as the Retry-After header says, then send fewer.",
    431: "The headers of the request are larger than this server reads: send fewer and shorter ones, such as Accept alone.",
    500: "The server failed. The fault is on our side and was written to its log.",
    501: "No address here knows this method; methods are written in capital letters, such as GET.",
    503: "The server is busy: try again after as many seconds as the Retry-After header says, or take a dump.",
    504: "The answer took longer than a request gets here: ask for less at once, or take a dump.",
}


@dataclass(frozen=True)
class Problem:
    """What went wrong, and what to do."""

    status: int
    title: str
    detail: str
    offers: list[str] = field(default_factory=list)
    members: Mapping[str, object] = field(default_factory=dict)  # further facts for programs (RFC 9457 section 3.2)

    def as_json(self) -> bytes:
        body: dict[str, Any] = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        body |= self.members
        if self.offers:
            body["offers"] = self.offers
        return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()

    def as_text(self) -> bytes:
        return f"{self.status} {self.title}\n\n{self.detail}\n".encode()


def make_problem(status: int, detail: str | None = None) -> Problem:
    """The problem that a status means; `detail` where there is more to say than what to do about all such."""
    title = HTTPStatus(status).phrase
    return Problem(status, title, detail or _WHAT_TO_DO.get(status, f"{title}."))


def choose_problem_type(accept: str | None) -> str:
    """A page for browsers, JSON for who asked for some kind of JSON, plain text for all others."""
    chosen = choose_media_type(accept, (TEXT, HTML, PROBLEM, "application/json"))
    if chosen is None:
        chosen = PROBLEM if "json" in (accept or "").lower() else TEXT
    return PROBLEM if chosen == "application/json" else chosen


def write_problem(problem: Problem, accept: str | None, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The problem as text, JSON or a plain page, whole: for what is refused before the application sees it."""
    media_type, headers = choose_problem_type(accept), headers or {}
    if media_type == HTML and not has_plain_page(problem.status):
        media_type = TEXT
    if media_type == HTML:
        body = write_plain_page(problem.status, problem.title, problem.detail, headers.get("Retry-After", ""))
    else:
        body = problem.as_json() if media_type == PROBLEM else problem.as_text()
    own = {
        "Content-Type": PROBLEM if media_type == PROBLEM else f"{media_type}; charset=utf-8",
        "Content-Language": "en, ja" if media_type == HTML else "en",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "Vary": "Accept",
    }
    return HttpResponse(problem.status, list({**own, **headers}.items()), body)
