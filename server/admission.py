"""What every request is asked before its route: a method that there is, an address of bearable length, a body in plain."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Flask, request
from werkzeug.exceptions import NotImplemented as UnknownMethod
from werkzeug.exceptions import RequestURITooLarge, UnsupportedMediaType

from server.problems import make_problem

LONGEST = 8_000  # bytes of path and query, as sent; RFC 9110 section 4.1 wants at least so much
_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"}
_QUERIED = "/sparql"  # where queries are long, and the limit of queries rules


class UnsupportedCoding(UnsupportedMediaType):
    """415 for a coded body; Accept-Encoding says what is taken (RFC 9110 sections 8.4 and 12.5.3)."""

    def get_headers(self, environ: dict[str, Any] | None = None, scope: dict[str, Any] | None = None) -> list[tuple[str, str]]:
        return [*super().get_headers(environ, scope), ("Accept-Encoding", "identity")]


def register_admission(app: Flask) -> None:
    app.before_request(admit_request)


def admit_request() -> None:
    """Raises 501, 414 or 415 for what no route should see.

    A method that is known but not taken by the address is the route's 405 (RFC 9110 section 9.1). The method is read from
    the environment: werkzeug writes it in capitals, and methods are case-sensitive.
    """
    environ = request.environ
    if environ["REQUEST_METHOD"] not in _METHODS:
        raise UnknownMethod(make_problem(501).detail)
    path = environ["PATH_INFO"]
    if path != _QUERIED and len(quote(path, encoding="latin-1")) + len(environ.get("QUERY_STRING", "")) > LONGEST:
        raise RequestURITooLarge(f"The address is longer than {LONGEST:,} bytes: shorten it.")
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise UnsupportedCoding("The body of the request is compressed, which is not read here: send it as it is.")
