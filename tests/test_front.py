"""What the front does itself: it keeps answers, bounds what clients send, knows proxies and prefixes, and tells how it is."""

from __future__ import annotations

import asyncio
import errno
import gzip
import io
import json
import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from serving import Running, serve

from lod.release import Release
from server import front
from server.access_log import AccessLog
from server.completion import Marks
from server.configuration import QueryLimits, ServerConfiguration
from server.exchange import HttpRequest, HttpResponse
from server.generation import Generation
from server.response_cache import ResponseCache

DOCUMENT = "/doc/gov/122173"
ACCEPT = {"Accept": "application/json, */*;q=0.1"}  # as Running.ask says
TURTLE = {"Accept": "text/turtle"}


@pytest.fixture(scope="module")
def running(release: Release) -> Iterator[Running]:
    with serve(release.path, body_seconds=1, header_seconds=1) as started:
        yield started


def count(running: Running, kind: str, source: str) -> float:
    figures = running.read_metrics()
    wanted = (f'kind="{kind}"', f'source="{source}"')
    return sum(v for n, v in figures.items() if n.startswith("madoguchi_requests_total") and all(w in n for w in wanted))


def exchange(running: Running, data: bytes, *, wait: float = 5) -> bytes:
    """What comes back on a connection for bytes that need not be HTTP."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=wait) as connection:
        connection.sendall(data)
        received = b""
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except (TimeoutError, ConnectionResetError):
            pass
        return received


@pytest.mark.parametrize("path", ["/doc/gov/112224", "/sparql?query=ASK%20%7B%7D"])
def test_a_kept_page_goes_only_to_who_reads_its_language(running, path):
    for _ in range(3):  # asked, kept, from memory
        for language, sent in (
            ("en", {"Accept-Language": "en"}),
            ("ja", {"Accept-Language": "ja"}),
            ("ja", {"Accept-Language": "en", "Cookie": "language=ja"}),
            ("en", {"Accept-Language": "ja", "Cookie": "a=b; language=en"}),
        ):
            answer = running.fetch(path, headers={"Accept": "text/html", **sent})
            assert (answer.status, answer.headers["content-language"]) == (200, language)
            assert f'<html lang="{language}">'.encode() in answer.body


def test_what_was_answered_is_answered_from_memory_with_the_same_bytes(running):
    path = "/doc/gov/011002"
    first = running.fetch(path, headers=TURTLE)
    before = count(running, "document", "memory")
    again = running.fetch(path, headers=TURTLE)
    assert count(running, "document", "memory") == before + 1
    assert (again.status, again.body) == (first.status, first.body)
    assert {**again.headers, "date": ""} == {**first.headers, "date": ""}


def test_each_format_and_coding_is_kept_by_itself(running):
    kinds = {
        (accept, coding): running.fetch(DOCUMENT, headers={"Accept": accept, "Accept-Encoding": coding})
        for _ in range(2)
        for accept in ("text/turtle", "text/html", "application/ld+json", "application/n-triples")
        for coding in ("identity", "gzip", "zstd")
    }
    assert len({answer.headers["etag"] for answer in kinds.values()}) == 12
    for (accept, coding), answer in kinds.items():
        assert answer.headers["content-type"].startswith(accept)
        assert answer.headers.get("content-encoding", "identity") == coding
    assert gzip.decompress(kinds["text/turtle", "gzip"].body) == kinds["text/turtle", "identity"].body


def test_several_accept_headers_are_one_list(running):
    head = f"GET {DOCUMENT} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    for _ in range(2):
        answer = exchange(running, f"{head}Accept: text/turtle;q=0.1\r\nAccept: application/n-triples\r\n\r\n".encode())
        assert b"content-type: application/n-triples" in answer.lower()


@pytest.mark.parametrize(
    "path", [DOCUMENT, "/", "/dumps/current.ttl", "/source/000.txt", "/sparql?query=ASK%7B%7D", "/ontology"]
)
def test_conditions_hold_for_what_is_new_and_for_what_was_kept(running, path):
    full = running.fetch(path)
    etag = full.headers["etag"]
    for _ in range(2):
        fresh = running.fetch(path, headers={"If-None-Match": etag})
        assert (fresh.status, fresh.body, fresh.headers["etag"]) == (304, b"", etag)
        assert running.fetch(path, headers={"If-Match": '"other"'}).status == 412
        head = running.fetch(path, "HEAD")
        assert (head.status, head.body) == (200, b"")
        assert head.headers["content-length"] == str(len(full.body))
        assert head.headers["etag"] == etag
        part = running.fetch(path, headers={"Range": "bytes=2-5"})
        assert (part.status, part.body) == (206, full.body[2:6])
        assert part.headers["content-range"] == f"bytes 2-5/{len(full.body)}"


def test_dumps_are_sent_as_files_in_every_part(running, release):
    whole = (release.path / "current.ttl").read_bytes()
    assert running.fetch("/dumps/current.ttl").body == whole
    for span, wanted in (("0-0", whole[:1]), ("1000-1999", whole[1000:2000]), ("-10", whole[-10:]), ("100-", whole[100:])):
        assert running.fetch("/dumps/current.ttl", headers={"Range": f"bytes={span}"}).body == wanted
    assert running.fetch("/dumps/current.ttl", headers={"Range": "bytes=99999999-"}).status == 416


def test_query_that_is_asked_again_is_kept_however_it_was_asked(running):
    text = "SELECT ?s { ?s a jle:Edition } ORDER BY ?s"
    first, second = running.ask(text), running.fetch(f"/sparql?{urlencode({'query': text, 'format': 'json'})}", headers=ACCEPT)
    before = count(running, "query", "memory")
    third = running.ask(f"  {text}\n")
    assert count(running, "query", "memory") == before + 1
    assert first.body == second.body == third.body


def test_what_changes_by_itself_is_not_kept(running):
    answers = {running.ask("SELECT (STRUUID() AS ?x) {}").body for _ in range(3)}
    assert len(answers) == 3


def test_body_that_is_too_large_is_a_413_before_it_was_sent(running):
    head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100000000\r\n\r\n"
    assert exchange(running, head.encode(), wait=2).startswith(b"HTTP/1.1 413")
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    chunked = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    assert exchange(running, chunked + chunk * 10, wait=2).startswith(b"HTTP/1.1 413")


def test_client_that_is_slow_to_send_is_cut_off(running):
    head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 10\r\n\r\nASK"
    start = time.monotonic()
    assert exchange(running, head.encode(), wait=4).startswith(b"HTTP/1.1 408")
    assert exchange(running, b"GET / HTTP/1.1\r\nHost:", wait=4) == b""  # closed
    assert time.monotonic() - start < 6


def test_headers_and_addresses_have_bounds(running):
    many = "".join(f"X-{n}: y\r\n" for n in range(1000))
    assert exchange(running, f"GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n".encode()).startswith(b"HTTP/1.1 431")
    for size in (20_000, 1_000_000):
        long = f"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: {'y' * size}\r\n\r\n"
        assert exchange(running, long.encode()).startswith(b"HTTP/1.1 431")
    answer = running.fetch(f"/doc/{'x' * 9000}", headers={"Accept": "application/json"})
    assert (answer.status, answer.json["status"]) == (414, 414)
    assert running.fetch(f"/doc/{'x' * 100_000}").status == 414


def test_what_is_no_http_is_a_400_or_the_end(running):
    for data in (b"rubbish\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/9.9\r\n\r\n", b"\x00" * 1000):
        assert exchange(running, data)[:12] in (b"HTTP/1.1 400", b"")
    assert running.fetch("/healthz").status == 200


def test_monitors_tell_that_it_is_alive_ready_and_how_it_does(running, release):
    assert running.fetch("/healthz").json == {"status": "alive"}
    assert running.fetch("/readyz").json == {"status": "ready", "release": release.id}
    assert running.fetch("/metrics").headers["cache-control"] == "no-store"
    running.fetch(DOCUMENT)
    figures = running.read_metrics()
    assert figures[f'madoguchi_release_info{{id="{release.id}"}}'] == 1
    assert figures['madoguchi_request_seconds_count{kind="document"}'] > 0
    lanes = {
        f'madoguchi_lane_{n}{{lane="{lane}"}}'
        for n in ("running", "waiting", "slow", "workers")
        for lane in ("pages", "queries")
    }
    assert lanes <= set(figures)


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "CONNECT", "DELETE"])
def test_monitors_are_only_read(running, method):
    answer = running.fetch("/healthz", method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


def test_access_log_has_a_line_of_json_for_each_request_and_nothing_personal(release, tmp_path):
    log = tmp_path / "access.jsonl"
    with serve(release.path, access_log=str(log)) as running:
        running.fetch(DOCUMENT, headers={**TURTLE, "User-Agent": "secret"})
        running.fetch("/sparql?query=ASK%7B%22secret%22%7D")
        running.fetch("/no/such/thing")
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert "secret" not in log.read_text(encoding="utf-8")
    assert "127.0.0.1" not in log.read_text(encoding="utf-8")
    asked = [(x["method"], x["path"], x["status"]) for x in lines if x["path"] != "/readyz"]
    assert asked == [("GET", DOCUMENT, 200), ("GET", "/sparql", 400), ("GET", "/no/such/thing", 404)]
    assert {tuple(x) for x in lines} == {("time", "method", "path", "status", "bytes", "milliseconds", "source", "release")}


def test_under_a_prefix_all_addresses_begin_with_it(release):
    with serve(release.path, prefix="/lod") as running:
        for path in ("/lod/id/gov/122173", "/id/gov/122173"):  # a proxy takes the prefix off, or leaves it
            assert running.fetch(path).headers["location"] == "/lod/doc/gov/122173"
        page = running.fetch("/lod/doc/gov/122173", headers={"Accept": "text/html"})
        assert 'href="/lod/' in page.text
        assert 'href="/doc' not in page.text


def test_what_a_proxy_says_counts_only_where_the_proxy_is_trusted(release, running):
    said = {"X-Forwarded-Prefix": "/lod", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert running.fetch("/id/gov/122173", headers=said).headers["location"] == "/doc/gov/122173"
    with serve(release.path, proxies=["127.0.0.0/8"]) as proxied:
        for _ in range(2):
            assert proxied.fetch("/id/gov/122173", headers=said).headers["location"] == "/lod/doc/gov/122173"
            assert proxied.fetch("/id/gov/122173").headers["location"] == "/doc/gov/122173"
            assert b"evil" not in proxied.fetch("/doc/gov/122173", headers=said).body
        html = {"Accept": "text/html"}
        home = proxied.fetch("/", headers={**html, "X-Forwarded-Prefix": "/graph"}).body
        assert proxied.fetch("/graph/", headers=html).body != home, "kept under the same address"
        hostile = {"X-Forwarded-Prefix": '/"><script>'}
        assert proxied.fetch("/id/gov/122173", headers=hostile).headers["location"] == "/doc/gov/122173"


def test_header_with_an_underscore_decides_nothing_and_so_spoils_nothing_that_is_kept(running):
    path = "/doc/gov/011002?underscore"
    assert "content-encoding" not in running.fetch(path, headers={**TURTLE, "Accept_Encoding": "gzip"}).headers
    assert "content-encoding" not in running.fetch(path, headers=TURTLE).headers


@pytest.mark.parametrize("path", ["/sparql?%71uery=", "/sparql?qu%65ry=", "//sparql?query=", "///sparql?x&query="])
def test_queries_never_run_where_pages_do_however_their_address_is_written(running, path):
    def count_answers(lane: str) -> float:
        return running.read_metrics().get(f'madoguchi_lane_outcomes_total{{lane="{lane}",outcome="answered"}}', 0)

    before = count_answers("queries"), count_answers("pages")
    answer = running.fetch(path + quote(f"ASK {{}} # {path}"), headers={"Accept": "application/json"})
    assert answer.json["boolean"] is True
    assert (count_answers("queries"), count_answers("pages")) == (before[0] + 1, before[1])


def test_service_is_seen_in_an_encoded_query():
    limits = QueryLimits(services=("http://127.0.0.1/x",))
    query = quote("ASK { SERVICE <http://127.0.0.1/x> {} }").replace("SERVICE", "%53%45RVICE")
    form = {"content-type": "application/x-www-form-urlencoded"}
    asked = [
        HttpRequest("GET", "/sparql", f"query={query}"),
        HttpRequest("POST", "/sparql", "", form, f"query={query}".encode()),
        HttpRequest("GET", "/sparql", f"query={quote('ASK {}')}"),
    ]
    lanes = [front.choose_lane(request, front.read_query(request, limits), limits) for request in asked]
    assert lanes == ["services", "services", "queries"]


def test_address_that_names_no_path_is_the_home_page(running):
    received = exchange(running, b"GET example.org:80 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    assert received.startswith(b"HTTP/1.1 200 ")
    assert b"evil.example" not in received


def test_condition_in_several_headers_means_the_same_for_what_is_kept(running):
    path = "/doc/gov/011002?several"
    tag = running.fetch(path, headers=TURTLE).headers["etag"]
    for _ in range(2):
        lines = f'GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/turtle\r\nIf-None-Match: {tag}\r\nIf-None-Match: "x"\r\n'
        assert exchange(running, f"{lines}Connection: close\r\n\r\n".encode())[9:12] == b"304"


def test_request_that_waits_too_long_for_the_first_release_is_a_503(monkeypatch):
    monkeypatch.setattr(front, "_STARTING", 0.01)
    sent: list[Any] = []
    protocol = SimpleNamespace(response_bytes=lambda *response: sent.append(response))
    headers = SimpleNamespace(get=lambda name: None, get_all=lambda name: [])
    scope = SimpleNamespace(method="GET", path="/", query_string="", headers=headers)
    asyncio.run(front.Front(ServerConfiguration()).__rsgi__(scope, protocol))
    assert [(status, dict(fields)["Retry-After"]) for status, fields, _ in sent] == [(503, "0.01")]


@pytest.mark.parametrize(
    ("path", "is_readable"), [("/doc/柏", True), ("/\x9b31m", False), ("/\u2028x", False), ("/\u202ex", False)]
)
def test_access_log_is_readable_and_steers_no_terminal(path, is_readable):
    written = io.StringIO()
    AccessLog(written).write("GET", path, 404, 0, 0.0, "worker", "x")
    line = written.getvalue().removesuffix("\n")
    assert line.isprintable()
    assert (path in line, json.loads(line)["path"]) == (is_readable, path)


def test_result_for_which_the_disk_has_no_room_is_a_503():
    def write(_: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def answer(*_: object) -> tuple[HttpResponse, Any]:
        return HttpResponse(200, [], b"the end"), SimpleNamespace(write=write, close=lambda: None)

    lanes: Any = {"pages": None, "queries": SimpleNamespace(ask=answer)}
    process: Any = None
    generation = Generation(Marks("x", "", ""), lanes, ResponseCache(1, 1), process, process)
    request = HttpRequest("GET", "/sparql", "query=ASK{}")
    asking = front.Front(ServerConfiguration())._ask(generation, request, None, "a", process)
    response, _ = asyncio.run(asking)
    assert (response.status, b"no room" in response.body) == (503, True)
