"""A request and its response as the front, the workers and the application hand them to one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What a client sent. The path is without the prefix and percent-decoded; the query is as it was sent."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case, values of one name joined with ", "
    body: bytes = b""
    root: str = ""  # the path prefix under which the site is mounted, without a slash at its end


@dataclass(slots=True)
class HttpResponse:
    """What a client gets: a body, or a span of a file."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""
    file: str | None = None  # the path of a file that is sent in place of the body
    start: int = 0  # the first byte of the file that is sent
    end: int | None = None  # the byte after the last one; None is the end of the file


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request is not answered as it was asked: an error that did not arise in the application."""

    status: int
    sentence: str
    retry_after: int | None = None  # seconds
