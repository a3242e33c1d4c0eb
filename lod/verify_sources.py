"""Where a download is that is to be verified: a folder, or an address on the web; neither is trusted."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import IO, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from lod.errors import MadoguchiError
from lod.release import CHECKSUMS

SECONDS = 30  # that a server may stay silent
_SAFE = "/:@!$&'()*+,;=~%"  # in a path that may be percent-encoded already
_PART = re.compile(r"[^\\/:*?\"<>|\x00-\x1f\x7f]+")


class Source(Protocol):
    """A place with SHA256SUMS and files beside it."""

    @property
    def name(self) -> str: ...

    def open(self, name: str) -> IO[bytes] | None:
        """The file of that name for reading, None where there is none; raises MadoguchiError where it cannot be had."""

    def list_names(self) -> list[str] | None:
        """The names of all files there, None where nobody can tell."""


def is_safe_name(name: str) -> bool:
    """Whether a name stays in its folder, on every system: no root, drive, backslash, `.`, `..` or control sign."""
    return all(_PART.fullmatch(part) and part not in (".", "..") for part in name.split("/"))


def make_printable(text: str) -> str:
    """Without signs that steer a terminal: names and reasons may come from anybody."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


@dataclass(frozen=True)
class FolderSource:
    """A folder on this machine; links that leave it are not followed."""

    folder: Path

    @property
    def name(self) -> str:
        return str(self.folder)

    def open(self, name: str) -> IO[bytes] | None:
        try:
            path = (self.folder / name).resolve()
        except (OSError, RuntimeError):
            raise MadoguchiError(f"{name} is a link that leads to itself: put the file itself there") from None
        if not path.is_relative_to(self.folder.resolve()):
            raise MadoguchiError(f"{name} is a link that leaves {self.folder}: put the file itself there")
        try:
            return path.open("rb") if path.is_file() else None
        except OSError as error:
            raise MadoguchiError(f"{name} cannot be read: {error.strerror}") from None

    def list_names(self) -> list[str] | None:
        found = (p for p in self.folder.rglob("*") if p.is_file())
        return sorted(p.relative_to(self.folder).as_posix() for p in found if not p.name.startswith("."))


class _SameHost(HTTPRedirectHandler):
    """Follows redirects to the same host only, and never from https to http."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if old.hostname != new.hostname or new.scheme not in {"https", old.scheme}:
            fp.close()
            raise MadoguchiError(f"{req.full_url} redirects to another place, {newurl!r}: ask there yourself")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class WebSource:
    """A folder on the web. All names are resolved against where its SHA256SUMS was found after redirects."""

    def __init__(self, address: str) -> None:
        try:
            parts = urlsplit(address.removesuffix(CHECKSUMS))
            is_folder = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
        except ValueError:  # brackets that hold no IPv6 address
            is_folder = False
        if not is_folder:
            raise MadoguchiError(f"{address!r} is no address of a folder that begins with http:// or https://")
        if "@" in parts.netloc:
            raise MadoguchiError("an address with a user name or password is not asked: what is published needs none")
        self._base = parts._replace(path=quote(f"{parts.path.rstrip('/')}/", safe=_SAFE)).geturl()
        self._opener = OpenerDirector()
        handlers = (ProxyHandler, HTTPHandler, HTTPSHandler, _SameHost, HTTPDefaultErrorHandler, HTTPErrorProcessor)
        for handler in handlers:
            self._opener.add_handler(handler())

    @property
    def name(self) -> str:
        return self._base

    def open(self, name: str) -> IO[bytes] | None:
        headers = {"Accept-Encoding": "identity"}
        request = Request(urljoin(self._base, quote(name)), headers=headers)  # noqa: S310  # the opener has no other schemes
        try:
            response = self._opener.open(request, timeout=SECONDS)
        except HTTPError as error:
            error.close()
            if error.code in (404, 410):
                return None
            raise MadoguchiError(f"{name} cannot be had: the server answers {error.code}; try later") from None
        except (URLError, OSError, ValueError, HTTPException) as error:
            reason = make_printable(str(getattr(error, "reason", None) or error))  # it may have what the server sent
            raise MadoguchiError(f"{self._base} cannot be reached: {reason}; check the address and the network") from None
        if response is None:
            raise MadoguchiError(f"{self._base} cannot be asked: no way to it is known")
        if name == CHECKSUMS:
            self._base = urljoin(response.geturl(), ".")
        return response  # type: ignore[no-any-return]  # an HTTPResponse, which reads like a file

    def list_names(self) -> list[str] | None:
        return None


@contextmanager
def read_pieces(file: IO[bytes], most: int) -> Iterator[Iterator[bytes]]:
    """The content in pieces, which is closed in the end; raises MadoguchiError when it is longer than `most` bytes."""

    def iterate() -> Iterator[bytes]:
        size = 0
        while piece := file.read(io.DEFAULT_BUFFER_SIZE * 16):
            size += len(piece)
            if size > most:
                raise MadoguchiError(f"it is longer than {most:,} bytes")
            yield piece

    with file:
        try:
            yield iterate()
        except (OSError, ValueError, HTTPException) as error:
            raise MadoguchiError(f"it broke off: {error}; get it again") from None
