"""The process that speaks HTTP: it knows nothing of RDF, runs no query, and keeps no client waiting for another's.

It is an RSGI application, the interface of granian that tells when a client has gone and sends files by itself. What it
answered before it answers from memory; everything else it hands to the workers of the release that is served.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import replace
from typing import Any

from werkzeug.exceptions import HTTPException

from server.access_log import AccessLog
from server.clients import Clients
from server.completion import Marks, complete_response, unmark_response
from server.conditional import CONDITIONS, select_response
from server.configuration import QueryLimits, ServerConfiguration
from server.exchange import Failure, HttpRequest, HttpResponse
from server.frames import pack_request
from server.generation import Generation
from server.language_choice import choose_language
from server.monitoring import Counts, answer_monitor
from server.operations import Operation, normalize_operation, read_operation
from server.problems import HTML, choose_problem_type, make_problem, write_problem
from server.request_reader import SPARQL, read_headers, read_request
from server.spooled_body import DESCRIPTORS, SpooledBody
from server.worker_link import Refused

_UNKEPT = ("Cache-Control", "no-store")
_KEPT = (200, 301, 303, 308)  # statuses of responses that are kept
_OPENING = 30.0  # seconds that granian is given to open a file that it sends
_NO_ROOM = Failure(503, "There is no room for so large a result at the moment: ask for less, or try again later.", 60)
_STARTING = 10.0  # seconds that a request waits for the first release


class Front:
    """Answers requests with the release that is the current one when they come."""

    def __init__(self, configuration: ServerConfiguration, log: AccessLog | None = None) -> None:
        self.configuration = configuration
        self.generation: Generation | None = None
        self.swaps = 0
        self.counts = Counts()
        self._started = asyncio.Event()
        self._clients = Clients(configuration.proxies, configuration.prefix)
        self._log = log

    def take_over(self, generation: Generation) -> None:
        """From now on, requests belong to that release; those that run are answered by the one before."""
        before, self.generation = self.generation, generation
        self._started.set()
        if before is not None:
            self.swaps += 1
            self._draining = asyncio.get_running_loop().create_task(before.drain())

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        start = time.perf_counter()
        method, headers, generation = scope.method, scope.headers, self.generation
        if generation is not None and method in ("GET", "HEAD") and not self._clients.is_proxied:
            language = choose_language(None, _join(headers.get_all("cookie")), _join(headers.get_all("accept-language")))
            accept = _join(headers.get_all("accept"))
            coding, root = headers.get("accept-encoding"), self.configuration.prefix
            key = (scope.path, scope.query_string, accept, coding, language, root)
            kept = generation.cache.get(key)
            if kept is not None:
                generation.cache.touch(key)
                is_plain = method == "GET" and CONDITIONS.isdisjoint(headers.keys())
                response = kept if is_plain else select_response(method, read_headers(scope), kept)
                send(protocol, response)
                self._note(scope, response, "memory", start)
                return
        response, source = await self._answer(scope, protocol)
        send(protocol, response)
        self._note(scope, response, source, start)

    async def _answer(self, scope: Any, protocol: Any) -> tuple[HttpResponse, str]:
        """The response, and where it comes from."""
        if monitor := answer_monitor(scope.method, scope.path, self.counts, self.generation, self.swaps):
            return select_response(scope.method, {}, monitor), "front"
        if not self._started.is_set():
            try:
                async with asyncio.timeout(_STARTING):
                    await self._started.wait()
            except TimeoutError:
                loading = make_problem(503, "The data are being loaded: try again in a moment.")
                headers = {"Retry-After": f"{_STARTING:g}"}
                return select_response(scope.method, {}, write_problem(loading, scope.headers.get("accept"), headers)), "front"
        generation = self.generation
        assert generation is not None
        generation.requests += 1
        try:
            root = self._clients.find_prefix(scope.client, scope.headers.get)
            request, failure = await read_request(scope, protocol, self.configuration, root)
            client = self._clients.find_client(scope.client, scope.headers.get)
            asked = request if request.method != "HEAD" else replace(request, method="GET")
            response, source = await self._ask(generation, asked, failure, client, protocol.client_disconnect)
            if request.method == "POST":
                response = unmark_response(response)
            return select_response(request.method, request.headers, response), source
        finally:
            generation.requests -= 1

    async def _ask(
        self,
        generation: Generation,
        request: HttpRequest,
        failure: Failure | None,
        client: str,
        gone: Callable[[], Awaitable[None]],
    ) -> tuple[HttpResponse, str]:
        """The whole response to a request: one that was kept, or that of a worker."""
        operation = None if failure else read_query(request, self.configuration.limits)
        key, query_key = make_key(request), operation and make_query_key(request, operation)
        if request.method == "GET" and not failure and (kept := generation.cache.get(key)):
            return kept, "memory"  # which was not looked for before where a proxy says the prefix
        kept = generation.cache.get(query_key) if query_key else None
        if kept is not None:
            if request.method == "GET":  # asked again: next time it is found before the query is read
                generation.cache.put(key, kept)
            return kept, "memory"
        response, source = await _ask_worker(generation, request, failure, operation, client, gone, self.configuration.limits)
        is_passing = response.file is not None and response.file.startswith(DESCRIPTORS)  # it is closed in a moment
        if response.status in _KEPT and _UNKEPT not in response.headers and not is_passing:
            is_page = _find_header(response, "content-type").startswith(HTML)  # which has a language besides
            if query_key and not is_page:
                generation.cache.put_if_asked_again(query_key, response)
            elif request.method == "GET" and not failure:
                (generation.cache.put_if_asked_again if query_key else generation.cache.put)(key, response)
        return response, source

    def _note(self, scope: Any, response: HttpResponse, source: str, start: float) -> None:
        seconds = time.perf_counter() - start
        kind = "query" if scope.path == SPARQL else "document"
        self.counts.add(kind, response.status, source, seconds)
        if self._log is not None:
            size = int(_find_header(response, "content-length") or len(response.body))
            release = _find_header(response, "madoguchi-release")
            self._log.write(scope.method, scope.path, response.status, size, seconds, source, release)


async def _ask_worker(
    generation: Generation,
    request: HttpRequest,
    failure: Failure | None,
    operation: Operation | None,
    client: str,
    gone: Callable[[], Awaitable[None]],
    limits: QueryLimits,
) -> tuple[HttpResponse, str]:
    """A worker's response; where none can be had, the reason: on a page, which a worker makes, if that may be wanted."""
    pages = generation.lanes["pages"]
    lane = pages if failure else generation.lanes[choose_lane(request, operation, limits)]
    try:
        response, spool = await lane.ask(client, pack_request(request, failure, operation), gone)
    except Refused as refusal:
        if not may_want_page(request):
            return write_failure(refusal.failure, request, generation.marks), "front"
        try:
            response, spool = await pages.ask("", pack_request(request, refusal.failure, None), gone)
        except Refused as further:
            return write_failure(further.failure, request, generation.marks), "front"
    if spool is None:
        return response, "worker"
    try:
        return collect_body(response, spool), "worker"
    except OSError:  # of the disk
        spool.close()
        return write_failure(_NO_ROOM, request, generation.marks), "front"


def collect_body(response: HttpResponse, spool: SpooledBody) -> HttpResponse:
    """The response with the blocks that came before it: in memory, or as a file that is there long enough to be opened."""
    if response.status != 200:  # an error makes the part of a result that went before it void
        spool.close()
        return response
    spool.write(response.body)
    body = spool.read_all()
    if body is not None:
        return replace(response, body=body)
    path = spool.get_path()
    asyncio.get_running_loop().call_later(_OPENING, spool.close)
    return replace(response, body=b"", file=path)


def choose_lane(request: HttpRequest, operation: Operation | None, limits: QueryLimits) -> str:
    """Where a request is answered: what runs queries runs nothing else."""
    if not is_query(request):
        return "pages"
    if limits.services and operation is not None and "service" in operation.text.lower():
        return "services"  # the only lane that may connect, and only to those that are allowed
    return "queries"


def is_query(request: HttpRequest) -> bool:
    """Whether a request may have a query in SPARQL: names of parameters can be percent-encoded too."""
    if request.path != SPARQL or "content-encoding" in request.headers:
        return False
    return request.method in ("POST", "QUERY") or (request.method == "GET" and request.query != "")


def read_query(request: HttpRequest, limits: QueryLimits) -> Operation | None:
    """The query of a request; None where there is none, or one that a worker will refuse with the reason."""
    if not is_query(request):
        return None
    try:
        return read_operation(request, limits)
    except HTTPException:
        return None


def make_key(request: HttpRequest) -> Hashable:
    """What the response to a GET request is found by; the root tells /graph/ from the home page under /graph."""
    headers = request.headers
    language = choose_language(None, headers.get("cookie"), headers.get("accept-language"))
    path, coding = f"{request.root}{request.path}", headers.get("accept-encoding")
    return path, request.query, headers.get("accept"), coding, language, request.root


def make_query_key(request: HttpRequest, operation: Operation) -> Hashable:
    """What the result of a query is found by, however it was asked."""
    return request.root, request.headers.get("accept-encoding"), normalize_operation(operation)


def may_want_page(request: HttpRequest) -> bool:
    """Whether an error may have to be told on a page, which a worker makes; programs need not wait for one."""
    return "format" in request.query or choose_problem_type(request.headers.get("accept")) == HTML


def write_failure(failure: Failure, request: HttpRequest, marks: Marks) -> HttpResponse:
    """The error as text or JSON, for when no worker is there to make a page of it."""
    headers = {} if failure.retry_after is None else {"Retry-After": str(failure.retry_after)}
    problem = write_problem(make_problem(failure.status, failure.sentence), request.headers.get("accept"), headers)
    return complete_response(problem, request.method, None, marks)


def send(protocol: Any, response: HttpResponse) -> None:
    if response.file is not None and response.end is None and response.start == 0:
        protocol.response_file(response.status, response.headers, response.file)
    elif response.file is not None:
        protocol.response_file_range(response.status, response.headers, response.file, response.start, response.end)
    elif response.body:
        protocol.response_bytes(response.status, response.headers, response.body)
    else:
        protocol.response_empty(response.status, response.headers)


def _join(values: list[str]) -> str | None:
    return values[0] if len(values) == 1 else ", ".join(values) or None


def _find_header(response: HttpResponse, name: str) -> str:
    return next((value for key, value in response.headers if key.lower() == name), "")
