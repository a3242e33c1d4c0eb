"""Reads a request from granian, within bounds of size and time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from server.configuration import ServerConfiguration
from server.exchange import Failure, HttpRequest

_FORM_FACTOR = 4  # a form triples what is not ASCII
_MORE_THAN_A_PATH = "/sparql"


async def read_request(
    scope: Any, protocol: Any, configuration: ServerConfiguration, root: str
) -> tuple[HttpRequest, Failure | None]:
    """The request with its body, and why it is not answered: it is too large, or too slow to come."""
    headers: dict[str, str] = {}
    size = 0
    for name, value in scope.headers.items():
        size += len(name) + len(value)
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    path, query = scope.path, scope.query_string
    if root and (path == root or path.startswith(f"{root}/")):
        path = path[len(root) :] or "/"
    request = HttpRequest(scope.method, path, query, headers, b"", root)
    if size > configuration.header_size:
        return request, Failure(431, f"The headers are longer than {configuration.header_size:,} bytes.")
    limit = configuration.limits.size * _FORM_FACTOR if path == _MORE_THAN_A_PATH else configuration.url_size
    if len(query) > limit or len(path) > configuration.url_size:
        return request, Failure(414, "The address is longer than this server reads: send a long query with POST.")
    if "content-length" not in headers and "transfer-encoding" not in headers:
        return request, None
    body = await _read_body(protocol, headers, configuration)
    if isinstance(body, Failure):
        return request, body
    return replace(request, body=body), None


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
