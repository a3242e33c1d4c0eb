"""How the front and its workers talk through a socket: frames of a kind, a length and a pickled or plain content."""

from __future__ import annotations

import pickle
import socket
import struct
from collections.abc import Iterator
from typing import Any

from server.exchange import Failure, HttpRequest, HttpResponse
from server.operations import Operation

_HEAD = struct.Struct("!cI")  # kind, length of what follows in bytes

READY = b"+"  # a worker waits for requests; pickled (process id, thread id)
REQUEST = b"?"  # pickled
CHUNK = b"c"  # the next bytes of a large body, before its response
RESPONSE = b"="  # pickled; ends the answer


def pack_frame(kind: bytes, content: bytes) -> bytes:
    return _HEAD.pack(kind, len(content)) + content


def pack_message(kind: bytes, message: Any) -> bytes:
    return pack_frame(kind, pickle.dumps(message, pickle.HIGHEST_PROTOCOL))


def unpack_message(content: bytes) -> Any:
    return pickle.loads(content)  # noqa: S301 — both ends are ours


def pack_request(request: HttpRequest, failure: Failure | None, operation: Operation | None) -> bytes:
    """A request, why it failed if it did, and the query in it if it was read: as tuples, which are quick to pickle."""
    asked = (request.method, request.path, request.query, request.headers, request.body, request.root)
    failed = failure and (failure.status, failure.sentence, failure.retry_after)
    o = operation
    read = o and (o.text, o.default_graphs, o.named_graphs, o.wanted, o.accept, o.root)
    return pack_message(REQUEST, (asked, failed, read))


def unpack_request(content: bytes) -> tuple[HttpRequest, Failure | None, Operation | None]:
    asked, failed, read = unpack_message(content)
    return HttpRequest(*asked), failed and Failure(*failed), read and Operation(*read)


def pack_response(response: HttpResponse) -> bytes:
    return pack_message(
        RESPONSE, (response.status, response.headers, response.body, response.file, response.start, response.end)
    )


def unpack_response(content: bytes) -> HttpResponse:
    return HttpResponse(*unpack_message(content))


def read_frame(stream: socket.socket) -> tuple[bytes, bytes] | None:
    """The next frame from a blocking socket, None at its end."""
    head = _receive(stream, _HEAD.size)
    if head is None:
        return None
    kind, length = _HEAD.unpack(head)
    content = _receive(stream, length)
    return None if content is None else (kind, content)


def _receive(stream: socket.socket, length: int) -> bytes | None:
    data = stream.recv(length, socket.MSG_WAITALL) if length else b""
    if len(data) == length:
        return data
    parts = bytearray(data)
    while data and len(parts) < length:
        data = stream.recv(length - len(parts), socket.MSG_WAITALL)
        parts += data
    return bytes(parts) if len(parts) == length else None


class FrameReader:
    """Takes bytes as they come and gives the frames that are whole."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        buffer: bytes | bytearray = data
        if self._rest:  # grows in place, so that a large frame is not copied for each piece of it
            self._rest += data
            buffer = self._rest
        position, size = 0, len(buffer)
        while size - position >= _HEAD.size:
            kind, length = _HEAD.unpack_from(buffer, position)
            end = position + _HEAD.size + length
            if end > size:
                break
            yield kind, bytes(buffer[position + _HEAD.size : end])
            position = end
        if position or buffer is data:
            self._rest = bytearray(buffer[position:])
