"""A client that asks one question after another over one connection, for what is not measured under load."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType


@dataclass(frozen=True)
class Reply:
    """What a server answered, and how many seconds that took from the request to the last byte."""

    status: int
    content_type: str
    body: bytes
    seconds: float


class NoReply(Exception):
    """No answer came, or none in time."""


class Client:
    """A connection that is kept."""

    def __init__(self, port: int, timeout: float) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._connection.close()

    def get(self, path: str, accept: str) -> Reply:
        """What the server answers to GET; raises NoReply."""
        start = time.perf_counter()
        try:
            self._connection.request("GET", path, headers={"Accept": accept})
            response = self._connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise NoReply(f"no answer: {error!r}") from None
        return Reply(response.status, response.headers.get_content_type(), body, time.perf_counter() - start)


def send_file(port: int, path: str, file: Path, content_type: str, timeout: float) -> None:
    """Sends a file to a server; raises NoReply where it does not take it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        with file.open("rb") as body:
            connection.request("POST", path, body, {"Content-Type": content_type, "Content-Length": str(file.stat().st_size)})
        response = connection.getresponse()
        if response.status >= http.client.BAD_REQUEST:
            raise NoReply(f"status {response.status}: {response.read(500)!r}")
        response.read()
    except (OSError, http.client.HTTPException) as error:
        raise NoReply(f"no answer: {error!r}") from None
    finally:
        connection.close()
