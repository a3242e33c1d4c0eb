"""What the web process and the processes that run queries say to each other, and how it goes through a pipe."""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import IO, Any

_HEADER = struct.Struct("!Q")


@dataclass(frozen=True)
class Ask:
    """A query, the graphs that the request names (none: those of the query), and the formats for rows and for a graph."""

    text: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    rows_as: str
    graph_as: str


@dataclass(frozen=True)
class Answer:
    """What came of a query.

    `kind` is `rows`, `boolean` or `graph` with its bytes, or `syntax`, `failure` or `unwritable` with a sentence.
    """

    kind: str
    body: bytes = b""
    sentence: str = ""


def read_message(stream: IO[bytes]) -> Any:
    """The next message of a pipe between our own processes, None at its end."""
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    (size,) = _HEADER.unpack(header)
    data = stream.read(size)
    return pickle.loads(data) if len(data) == size else None  # noqa: S301 — both ends are ours


def write_message(stream: IO[bytes], message: Any) -> None:
    data = pickle.dumps(message)
    stream.write(_HEADER.pack(len(data)) + data)
    stream.flush()
