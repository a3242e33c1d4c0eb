"""Asks the application in this process, below any server, and writes down what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from flask import Flask, request

from server.exchange import HttpRequest, HttpResponse
from server.headers import take_response
from server.worker import make_environ


@dataclass(frozen=True)
class Answer:
    """A response, with its headers by their names."""

    response: HttpResponse
    route: str = ""  # the rule of the route that gave it

    @property
    def status(self) -> int:
        return self.response.status

    @cached_property
    def headers(self) -> dict[str, str]:
        """The values of one name joined, as RFC 9110 section 5.3 has it."""
        found: dict[str, str] = {}
        for name, value in self.response.headers:
            found[name] = f"{found[name]}, {value}" if name in found else value
        return found

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0].strip()

    @property
    def varies(self) -> set[str]:
        """The names of request headers that it depends on, in lower case."""
        return {name.strip().lower() for name in self.headers.get("Vary", "").split(",")}

    @property
    def source(self) -> str:
        """The file of the release that it is, if it is one."""
        return self.response.file or ""

    @cached_property
    def content(self) -> bytes:
        return Path(self.source).read_bytes() if self.source else self.response.body

    @cached_property
    def text(self) -> str:
        return self.content.decode()


@dataclass(frozen=True)
class Site:
    """The application to ask, the path at which the site is, and the folder that its files are written into."""

    app: Flask
    prefix: str  # `/lod`, or nothing
    folder: Path
    base: str
    habits: set[tuple[str, tuple[str, ...]]] = field(
        default_factory=set
    )  # routes, with the forms of their documents, whose default is a page

    def ask(self, address: str, accept: str = "", language: str = "en", method: str = "GET") -> Answer:
        """The answer at an address under the prefix."""
        path, _, query = address.partition("?")
        headers = {"accept-language": language} | ({"accept": accept} if accept else {})
        asked = HttpRequest(method, unquote(path, errors="surrogateescape"), query, headers, root=self.prefix)
        with self.app.request_context(make_environ(asked) | {"REQUEST_URI": self.prefix + address}):
            return Answer(take_response(self.app.full_dispatch_request()), str(request.url_rule))

    def strip(self, path: str) -> str | None:
        """A path on this host without the prefix; None for another's."""
        if path.startswith("//") or not path.startswith(f"{self.prefix}/"):
            return None
        return path[len(self.prefix) :]

    def locate(self, file: str) -> Path:
        """Where a file of the twin lies."""
        return self.folder / f"{self.prefix}/{file}".lstrip("/")

    def write(self, file: str, content: bytes) -> None:
        path = self.locate(file)
        try:
            path.write_bytes(content)
        except FileNotFoundError:  # whose folder is the first file's to make
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
