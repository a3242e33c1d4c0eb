"""Reads a request from granian, within bounds of size and time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from server.configuration import ServerConfiguration
from server.exchange import Failure, HttpRequest

SPARQL = "/sparql"  # where queries are asked, whose addresses may be long
_FORM_FACTOR = 4  # a form triples what is not ASCII


async def read_request(
    scope: Any, protocol: Any, configuration: ServerConfiguration, root: str
) -> tuple[HttpRequest, Failure | None]:
    """The request with its body, and why it is not answered: it is too large, or too slow to come."""
    headers = read_headers(scope)
    size = sum(len(name) + len(value) for name, value in headers.items())
    path, query = scope.path, scope.query_string
    if root and (path == root or path.startswith(f"{root}/")):
        path = path[len(root) :]
    path = f"/{path.lstrip('/')}"  # as the application reads it: what chooses the lane must see the same address
    request = HttpRequest(scope.method, path, query, headers, b"", root)
    if size > configuration.header_size:
        return request, Failure(431, f"The headers are longer than {configuration.header_size:,} bytes.")
    limit = configuration.limits.size * _FORM_FACTOR if path == SPARQL else configuration.url_size
    if len(query) > limit or len(path) > configuration.url_size:
        return request, Failure(414, "The address is longer than this server reads: send a long query with POST.")
    if "content-length" not in headers and "transfer-encoding" not in headers:
        return request, None
    body = await _read_body(protocol, headers, configuration)
    if isinstance(body, Failure):
        return request, body
    return replace(request, body=body), None


def read_headers(scope: Any) -> dict[str, str]:
    """The headers by name, those that came several times as one (RFC 9110 section 5.3)."""
    headers: dict[str, str] = {}
    for name, value in scope.headers.items():
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def _read_body(protocol: Any, headers: dict[str, str], configuration: ServerConfiguration) -> bytes | Failure:
    limit = configuration.limits.size * _FORM_FACTOR
    too_large = Failure(413, f"The body is larger than {limit:,} bytes: send a shorter query.")
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        return too_large
    body = bytearray()
    try:
        async with asyncio.timeout(configuration.body_seconds):
            async for chunk in protocol:
                body += chunk
                if len(body) > limit:
                    return too_large
    except TimeoutError:
        seconds = f"{configuration.body_seconds:g}"
        return Failure(408, f"The body did not come within {seconds} seconds.")
    return bytes(body)
