"""A worker: it answers one request after the other with the application, within the bounds that the kernel sets it.

A worker for queries runs what strangers wrote in an engine that bounds nothing itself. So RLIMIT_NOFILE of 0 leaves no
descriptor for a connection or a file, RLIMIT_AS ends the process when a query takes too much memory, an interval timer
with its default action (SIGALRM) ends it when a query takes too long, and a large stack gives the engine's recursion room.
The front sees the end of the socket and has another worker forked.
"""

from __future__ import annotations

import io
import os
import resource
import select
import signal
import socket
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import flask
from flask import Flask
from werkzeug.exceptions import HTTPException, ServiceUnavailable, TooManyRequests, default_exceptions

from server.completion import Marks, complete_response
from server.configuration import PAGES, Lane
from server.endpoint import Endpoint
from server.errors import choose_error_type, respond_to_error
from server.exchange import Failure, HttpRequest, HttpResponse
from server.frames import CHUNK, READY, REQUEST, pack_frame, pack_message, pack_response, read_frame, unpack_request
from server.headers import WHOLE, take_response
from server.operations import Operation
from server.problems import HTML
from server.sparql import answer_operation

_IDLE = 0.3  # seconds without a request, after which a new worker for pages prepares what takes long the first time
_SEARCH = HttpRequest("GET", "/search", "q=a", {"accept": "text/html"})  # makes its index, in a third of a second
_STACK = 512 * 1024 * 1024  # bytes; the engine parses and plans by recursion


@dataclass(frozen=True)
class Site:
    """A release that was loaded, with its application."""

    marks: Marks
    app: Flask
    endpoint: Endpoint


class Sink:
    """Takes the blocks of a large body to the front."""

    def __init__(self, stream: socket.socket | None) -> None:
        self._stream = stream
        self.size = 0  # bytes

    def __call__(self, block: bytes) -> None:
        self.size += len(block)
        if self._stream is not None:
            self._stream.sendall(pack_frame(CHUNK, block))


def run_worker(site: Site, lane: Lane, stream: socket.socket) -> NoReturn:
    """Answers the requests that come through the socket until it is closed; the process ends then."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setpriority(os.PRIO_PROCESS, 0, lane.niceness)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + _STACK + lane.memory,) * 2)
    if not lane.connects:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    threading.stack_size(_STACK)
    loop = threading.Thread(target=_answer_all, args=(site, lane, stream), daemon=True)
    loop.start()
    loop.join()
    os._exit(0)


def _answer_all(site: Site, lane: Lane, stream: socket.socket) -> None:
    try:
        stream.sendall(pack_message(READY, (os.getpid(), threading.get_native_id())))
        if lane.name == PAGES.name and not select.select([stream], [], [], _IDLE)[0]:
            answer(site, _SEARCH, None, None, Sink(None))
        while (frame := read_frame(stream)) is not None:
            kind, content = frame
            assert kind == REQUEST
            signal.setitimer(signal.ITIMER_REAL, lane.seconds)
            request, failure, operation = unpack_request(content)
            sink = Sink(stream)
            response = answer(site, request, failure, operation, sink, may_connect=lane.connects)
            signal.setitimer(signal.ITIMER_REAL, 0)
            stream.sendall(pack_response(response))
    except ConnectionError:  # the front has closed its end
        return


def answer(
    site: Site,
    request: HttpRequest,
    failure: Failure | None,
    operation: Operation | None,
    sink: Sink,
    *,
    may_connect: bool = False,
) -> HttpResponse:
    """The whole response to a request; for what failed before, the error in the form asked for.

    Blocks of a large result go to the sink before. A query whose result is for programs is answered below Flask.
    """
    if operation is not None:
        try:
            result = answer_operation(site.endpoint, operation, sink, may_connect=may_connect)
        except HTTPException as error:
            with site.app.request_context(make_environ(request)):
                if choose_error_type(flask.request) != HTML:
                    return _take_error(site.app, error)
        else:
            if result is not None:
                return _complete(result, request, sink.size, site.marks)
    with site.app.request_context(make_environ(request)):
        return (
            take_response(site.app.full_dispatch_request()) if failure is None else _take_error(site.app, make_error(failure))
        )


def _take_error(app: Flask, error: HTTPException) -> HttpResponse:
    return take_response(app.process_response(app.make_response(respond_to_error(error))))


def _complete(result: HttpResponse, request: HttpRequest, sunk: int, marks: Marks) -> HttpResponse:
    """The result with all its headers; one that is so large that it was sent in blocks goes uncoded."""
    if not sunk:
        return complete_response(result, "GET", request.headers.get("accept-encoding"), marks)
    whole = complete_response(result, "GET", None, marks)
    length = ("Content-Length", str(sunk + len(result.body)))
    return replace(whole, headers=[length if name == "Content-Length" else (name, value) for name, value in whole.headers])


def make_error(failure: Failure) -> HTTPException:
    error = default_exceptions[failure.status](failure.sentence)
    if failure.retry_after is not None and isinstance(error, (ServiceUnavailable, TooManyRequests)):
        error.retry_after = failure.retry_after
    return error


def make_environ(request: HttpRequest) -> dict[str, Any]:
    """What an application is called with (PEP 3333), whose strings are bytes read as Latin-1.

    A header whose name has an underscore is left out: here it could not be told from one with a hyphen, such as
    Accept-Encoding, by which the front finds what it keeps.
    """
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items() if "_" not in name}
    return headers | {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": _say_in_latin1(request.root),
        "PATH_INFO": _say_in_latin1(request.path),
        "QUERY_STRING": _say_in_latin1(request.query),
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)) if request.body else "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        WHOLE: True,  # conditions and ranges are the front's business
    }


def _say_in_latin1(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("latin-1")
