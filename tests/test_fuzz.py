"""Whatever is sent, the server answers in HTTP, without a fault of its own, and goes on."""

from __future__ import annotations

import gzip
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import zstandard
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from serving import Running, serve, wait_until

from lod.release import Release
from lod.sparql_tokens import UnreadableText, read_tokens

EXAMPLES = 250  # of each kind
WAIT = 15.0  # seconds for an answer
INTENDED = {501, 503, 504}  # the statuses above 499 that say what they mean
MONITORS = ("/healthz", "/readyz", "/metrics")
CANARY = "fuzzcanary"  # what stands in requests, and must not come back in headers as a line of its own
THINGS = ("gov/122173", "gov/011002", "gov/999999", "place/13", "柏市", "edition/2024", "a b", "..", "")
ROUTES = ("/", "/id/", "/doc/", "/graph/", "/source/", "/dumps/", "/static/", "/ontology", "/describe", "/sparql", *MONITORS)
FORMATS = (
    "html",
    "ttl",
    "nt",
    "nq",
    "trig",
    "rdf",
    "jsonld",
    "json",
    "csv",
    "tsv",
    "xml",
    "expanded",
    "text/turtle",
    "pdf",
    "",
)
ACCEPTS = (
    "*/*",
    "text/html",
    "text/turtle",
    "application/ld+json",
    'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"',
    "application/sparql-results+json, */*;q=0.1",
    "application/json",
    "application/problem+json",
    "text/*;q=0, image/png",
    "text/csv;q=1;q=0",
    'a/b;c="',
    "",
)
TYPES = (
    "application/sparql-query",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=latin-1",
    "application/sparql-update",
    "multipart/form-data; boundary=x",
    "text/plain; charset=\x80",
    "",
)
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "QUERY", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW", "get", "X" * 300)
ERRORS = {  # how an error is said to whom
    "*/*": "text/plain; charset=utf-8",
    "text/html": "text/html; charset=utf-8",
    "application/json": "application/problem+json",
    "application/problem+json": "application/problem+json",
}
ODD = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=12)
WORDS = (
    *"{}()[]<>.;,*?$^|!=+-/\\'\"@:#&_~",
    *(
        "<<",
        ">>",
        "<<(",
        ")>>",
        "{|",
        "|}",
        "'''",
        '"""',
        "^^",
        "&&",
        "||",
        "\n",
        "\t",
        "\ufeff",
        "\x85",
        "\x00",
        "\ud7ff",
        "👪",
    ),
    *(
        "SELECT",
        "ASK",
        "CONSTRUCT",
        "DESCRIBE",
        "WHERE",
        "FROM",
        "NAMED",
        "GRAPH",
        "OPTIONAL",
        "UNION",
        "MINUS",
        "FILTER",
        "BIND",
    ),
    *(
        "VALUES",
        "UNDEF",
        "SERVICE",
        "SILENT",
        "LATERAL",
        "EXISTS",
        "NOT",
        "IN",
        "AS",
        "GROUP",
        "BY",
        "ORDER",
        "HAVING",
        "LIMIT",
    ),
    *(
        "OFFSET",
        "DISTINCT",
        "REDUCED",
        "INSERT",
        "LOAD",
        "BASE",
        "PREFIX",
        "VERSION",
        "COUNT",
        "SUM",
        "GROUP_CONCAT",
        "SEPARATOR",
    ),
    *("STR", "LANG", "IRI", "REGEX", "REPLACE", "SUBSTR", "STRDT", "BNODE", "UUID", "RAND", "NOW", "COALESCE", "IF", "TRIPLE"),
    *("?x", "$y", "_:b", "rdf:type", "schema:name", "no:prefix", "<>", "<x>", "<http://schema.org/name>", "<a b>", "<\\u0000>"),
    *(
        "0",
        "-1",
        "1e999",
        "99999999999999999999",
        "0.0",
        "true",
        '"x"@ja',
        '"x"@ja--rtl',
        '"x"^^xsd:date',
        r'"\uD800"',
        '"(("',
        "a",
    ),
)


@dataclass(frozen=True)
class Sent:
    """A request; what is shown of it when it finds a fault is all that it takes to send it again."""

    method: str
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes | None = None
    chunks: tuple[bytes, ...] = ()  # the body as it is sent, chunked, rightly or not

    def write(self) -> bytes:
        own = list(self.headers)
        if self.chunks:
            own.append((b"Transfer-Encoding", b"chunked"))
        elif self.body is not None and not any(name.lower() == b"content-length" for name, _ in own):
            own.append((b"Content-Length", b"%d" % len(self.body)))
        lines = [self.method.encode() + b" " + self.target + b" HTTP/1.1", b"Host: localhost", b"Connection: close"]
        lines += [name + b": " + value for name, value in own]
        return b"\r\n".join([*lines, b"", b"".join(self.chunks) or self.body or b""])


@dataclass(frozen=True)
class Received:
    """An answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def get(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)

    @property
    def content(self) -> bytes:
        """The body without its coding."""
        coding = self.get("content-encoding")
        if coding and self.body and self.status != HTTPStatus.PARTIAL_CONTENT:
            return {"gzip": gzip.decompress, "zstd": zstandard.ZstdDecompressor().decompressobj().decompress}[coding](self.body)
        return self.body


@pytest.fixture(scope="module")
def running(release: Release) -> Iterator[Running]:
    limits = {"seconds": 2, "memory": 512 * 1024 * 1024, "per_client": 64, "share": 100}
    with serve(release.path, limits=limits, body_seconds=0.5, header_seconds=0.5) as started:  # which looks for tracebacks
        processes = len(started.list_processes())
        yield started
        assert started.ask("ASK {}").json["boolean"] is True
        assert wait_until(lambda: len(started.list_processes()) == processes)
        outcomes = {n: v for n, v in started.read_metrics().items() if "outcome=" in n}
        assert not [n for n in outcomes if 'outcome="too large"' in n and 'lane="pages"' in n], outcomes


def exchange(running: Running, sent: Sent) -> bytes:
    with socket.create_connection(("127.0.0.1", running.port), timeout=WAIT) as connection:
        received = bytearray()
        try:
            connection.sendall(sent.write())
            while chunk := connection.recv(1 << 20):
                received += chunk
        except (ConnectionResetError, BrokenPipeError):  # an answer before the request was read
            pass
        return bytes(received)


def read_answer(sent: Sent, data: bytes) -> Received:
    """The one answer that there must be, well-formed (RFC 9112)."""
    while data.startswith(b"HTTP/1.1 100 "):
        data = data.partition(b"\r\n\r\n")[2]
    head, blank, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    match = re.fullmatch(r"HTTP/1\.[01] ([1-5]\d\d) [\t\x20-\x7e]*", lines[0])
    assert blank, data
    assert match, lines[0]
    headers = []
    for line in lines[1:]:
        field = re.fullmatch(r"([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t\x20-\x7e]*)", line, re.ASCII)
        assert field, line  # what is not ASCII is percent-encoded
        headers.append((field[1].lower(), field[2]))
    return Received(int(match[1]), tuple(headers), body)


def check_answer(sent: Sent, answer: Received) -> None:
    """What holds for each and every answer."""
    names = [name for name, _ in answer.headers]
    status, length = answer.status, answer.get("content-length")
    assert status < 500 or status in INTENDED
    assert HTTPStatus(status)
    assert len({*names}) == len(names)
    assert "set-cookie" not in names
    assert not [n for n in names if CANARY in n]
    if sent.method == "HEAD" or status in (204, 304):
        assert answer.body == b""
        assert status not in (204, 304) or length is None
    else:
        assert length == str(len(answer.body))
    assert b"Traceback" not in answer.content
    assert b'File "/' not in answer.content
    if "madoguchi-release" not in names:  # granian's own refusal of what is no HTTP, or a monitor
        path = sent.target.partition(b"?")[0].decode("latin-1")
        assert (status in (400, 431) and length == "0") or path in MONITORS or path.startswith(("http:", "//"))
    elif status >= 400 and answer.body:
        assert answer.get("content-type") in ERRORS.values()
        assert str(status).encode() in answer.content
        accepts = [value.decode("latin-1") for name, value in sent.headers if name == b"Accept"]
        if len(accepts) == 1 and not re.search(rb"format|\.|%2e", sent.target + (sent.body or b""), re.IGNORECASE):
            assert answer.get("content-type") == ERRORS.get(accepts[0], answer.get("content-type"))


def check(running: Running, sent: Sent) -> None:
    answer = read_answer(sent, exchange(running, sent))
    check_answer(sent, answer)
    if sent.method == "GET" and answer.status < 500 and not sent.target.startswith(b"/metrics"):
        again = read_answer(sent, exchange(running, sent))
        check_answer(sent, again)
        if answer.status == again.status == 200 and answer.get("cache-control") == "no-store":  # the time, random numbers
            return
        assert (answer.status, drop_date(answer), answer.body) == (again.status, drop_date(again), again.body)


def drop_date(answer: Received) -> list[tuple[str, str]]:
    return sorted(field for field in answer.headers if field[0] != "date")


def encode_some(text: str, choice: int) -> bytes:
    """The text of a path or a parameter, percent-encoded more or less."""
    raw = text.encode("utf-8", "surrogatepass")
    ways = (
        lambda: quote(raw, safe="/:?&=").encode(),
        lambda: quote(raw, safe="").lower().encode(),
        lambda: b"".join(b"%%%02X" % byte for byte in raw),
        lambda: re.sub(rb"[\x00-\x20\x7f]", b"_", raw),
        lambda: quote(quote(raw, safe="/")).encode(),
        lambda: quote(raw[:-1], safe="/").encode(),
    )
    return ways[choice % len(ways)]()


@cache
def list_queries() -> tuple[str, ...]:
    folder = Path(__file__).parent.parent / "ontology" / "queries"
    return tuple(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.rq")))


@cache
def list_tokens(query: str) -> tuple[str, ...]:
    try:
        return tuple(token.text for token in read_tokens(query))
    except UnreadableText:
        return tuple(query.split())


@st.composite
def queries(draw: st.DrawFn) -> str:
    """One of the examples of which some tokens were dropped, doubled, moved or replaced; or a few words."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from([" ", ""])).join(draw(st.lists(st.sampled_from(WORDS), max_size=8)))
    tokens = [*list_tokens(draw(st.sampled_from(list_queries())))]
    for _ in range(draw(st.integers(0, 3))):
        place, other = draw(st.integers(0, len(tokens))), draw(st.integers(0, len(tokens)))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            del tokens[min(place, other) : min(place, other) + 1]
        elif kind == 1:
            tokens[place:place] = tokens[other : other + 3]
        elif kind == 2:
            tokens[place : place + 1] = [draw(st.sampled_from(WORDS))]
        else:
            tokens = tokens[:place] + tokens[other:]
    return draw(st.sampled_from([" ", "\n", ""])).join(tokens)


@st.composite
def targets(draw: st.DrawFn) -> bytes:
    kind = draw(st.integers(0, 9))
    if kind == 0:
        odd = (b"*", b"http://evil.example/", b"//evil.example/doc", b"evil:443", b"/\xff", b"/%", b"/%zz", b"/" + b"x" * 9000)
        return draw(st.sampled_from((*odd, b"/" + b"../" * 40 + b"etc/passwd", b"/%2e%2e/%2e%2e", b"/doc/%00", b"?")))
    route, thing = draw(st.sampled_from(ROUTES)), draw(st.sampled_from(THINGS) | st.text(max_size=6))
    suffix = draw(st.sampled_from(["", "", ".ttl", ".html", ".json", ".nq.gz", "/", ".x"]))
    path = f"{route}{thing}{suffix}" if route.endswith("/") else f"{route}{suffix}"
    canary = draw(st.sampled_from(["", "", "", f"\r\nX-{CANARY}: 1", f'"{CANARY}<script>', "\x00"]))
    encoded = encode_some(path, draw(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5]))) + encode_some(canary, 0)
    encoded = encoded if encoded.startswith(b"/") or kind == 1 else b"/" + encoded
    parameters = []
    for _ in range(draw(st.integers(0, 3))):
        name = draw(
            st.sampled_from(["format", "iri", "query", "default-graph-uri", "named-graph-uri", "update", "v", "", "%FF"])
        )
        value = draw(
            st.sampled_from((*FORMATS, "https://schema.org/name", "ASK {}", "http://localhost:8000/graph/source/004", "x\r\ny"))
            | st.text(max_size=5)
        )
        parameters.append(name.encode() + b"=" + encode_some(value, draw(st.integers(0, 5))))
    query = draw(st.sampled_from([b"&", b";", b"&&"])).join(parameters)
    return encoded + (b"?" + query if query else b"")


@st.composite
def header_lists(draw: st.DrawFn) -> tuple[tuple[bytes, bytes], ...]:
    known: dict[str, st.SearchStrategy[str]] = {
        "Accept": st.sampled_from(ACCEPTS),
        "Accept-Encoding": st.sampled_from(["gzip", "zstd", "gzip;q=0, *", "identity;q=0", "br", ";;", "x" * 200]),
        "Accept_Encoding": st.just("gzip"),
        "If-None-Match": st.sampled_from(["*", '"x"', "W/x", '"']),
        "If-Match": st.sampled_from(["*", '"x"', ""]),
        "If-Modified-Since": st.sampled_from(["Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 00 Jan 0000 00:00:00 GMT", "0"]),
        "If-Unmodified-Since": st.sampled_from(["Thu, 01 Jan 1970 00:00:00 GMT", "x"]),
        "If-Range": st.sampled_from(['"x"', "Fri, 31 Dec 9999 23:59:59 GMT"]),
        "Range": st.sampled_from(
            ["bytes=0-9", "bytes=-1", "bytes=9-0", "bytes=99999999999-", "bytes=0-0,5-9,900-", "lines=1", "x"]
        ),
        "Content-Type": st.sampled_from(TYPES),
        "Content-Encoding": st.sampled_from(["gzip", "identity", "x, y"]),
        "Content-Length": st.sampled_from(["0", "1", "-1", "1e3", "99999999", "9" * 30, "0, 0"]),
        "Expect": st.sampled_from(["100-continue", "nonsense"]),
        "Origin": st.sampled_from(["null", f"https://{CANARY}.example"]),
        "X-Forwarded-Prefix": st.just(f"/{CANARY}"),
        "X-Forwarded-For": st.just("1.2.3.4, ::1, x"),
        "X-Forwarded-Host": st.just(f"{CANARY}.example"),
        "Host": st.sampled_from([f"{CANARY}.example", "", "[::1", "a b"]),
        "Cookie": st.just(f"a={CANARY}"),
        "X-HTTP-Method-Override": st.just("DELETE"),
        f"X-{CANARY}": ODD,
    }
    found = []
    for name in draw(st.lists(st.sampled_from([*known]), max_size=5)):
        value = draw(known[name] if draw(st.integers(0, 5)) else ODD)
        found.append((name.encode(), value.encode("latin-1")))
    return tuple(found)


@st.composite
def requests(draw: st.DrawFn) -> Sent:
    """Any method at any address with any headers, and sometimes a body that does not suit."""
    method = draw(st.sampled_from(("GET", "GET", "GET", "HEAD", *METHODS)))
    target, headers = draw(targets()), draw(header_lists())
    kind = draw(st.integers(0, 5))
    if kind == 0:
        chunk = st.sampled_from(
            [b"5\r\nASK{}\r\n", b"0\r\n\r\n", b"zz\r\n", b"-1\r\n", b"5;x=y\r\nquery\r\n", b"FFFFFFFFFFFFFFFFF\r\n"]
        )
        chunks = (*draw(st.lists(chunk, max_size=3)), b"0\r\n\r\n")
        return Sent(method, target, tuple(h for h in headers if h[0] != b"Content-Length"), chunks=chunks)
    return Sent(method, target, headers, draw(st.binary(max_size=20)) if kind == 1 else None)


@st.composite
def operations(draw: st.DrawFn) -> Sent:
    """A query, sent in one of the ways of the protocol, for a result in one of the formats."""
    text = draw(queries())
    wanted, accept = draw(st.sampled_from((*FORMATS[:11], "", ""))), draw(st.sampled_from(ACCEPTS))
    headers = [(b"Accept", accept.encode())]
    parameters = f"&format={quote(wanted)}" if wanted else ""
    if draw(st.integers(0, 9)) == 0:
        graph = draw(st.sampled_from(["http://localhost:8000/graph/source/004", "x", "urn:x", "http://a b"]))
        parameters += f"&{draw(st.sampled_from(['default', 'named']))}-graph-uri={quote(graph)}"
    body = text.encode()
    way = draw(st.integers(0, 3))
    if way == 0 and len(body) < 2000:
        return Sent("GET", f"/sparql?query={quote_plus(body)}{parameters}".encode(), tuple(headers))
    if way == 1:
        headers.append((b"Content-Type", TYPES[1].encode()))
        return Sent("POST", b"/sparql", tuple(headers), f"query={quote_plus(body)}{parameters}".encode())
    headers.append((b"Content-Type", TYPES[0].encode()))
    return Sent(["POST", "QUERY"][way % 2], f"/sparql?{parameters}".encode(), tuple(headers), body)


BOUNDED = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


@BOUNDED
@given(requests())
@example(Sent("GET", b"evil:443"))
@example(Sent("GET", b"/doc/gov/122173", ((b"If-None-Match", b"*"), (b"If-None-Match", b'"x"'))))
def test_whatever_is_asked_the_answer_is_sound(running, sent):
    check(running, sent)


@BOUNDED
@given(operations())
def test_whatever_stands_in_a_query_the_answer_is_sound(running, sent):
    check(running, sent)


@settings(BOUNDED, max_examples=150)
@given(st.binary(max_size=60) | st.builds(lambda s, n: s.write()[:n], requests(), st.integers(0, 200)))
def test_what_is_no_http_ends_without_harm(running, data):
    with socket.create_connection(("127.0.0.1", running.port), timeout=WAIT) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except ConnectionResetError:
            pass
    assert not received or received.startswith(b"HTTP/1.1 ")
    assert not received or int(received[9:12]) < 500 or int(received[9:12]) in INTENDED
