"""Preconditions, ranges and HEAD: what of a whole response a request gets (RFC 9110, sections 9.3.2, 13 and 14)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from server.exchange import HttpResponse
from server.problems import make_problem, write_problem

CONDITIONS = frozenset(
    {"if-match", "if-unmodified-since", "if-none-match", "if-modified-since", "range"}  # without Range, If-Range says nothing
)
_SELECTING = frozenset({"GET", "HEAD", "QUERY", "POST"})  # the methods here whose responses are made from a representation
_SAFE = frozenset({"GET", "HEAD", "QUERY"})
_ETAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_DATE = re.compile(  # the three forms of section 5.6.7
    r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"
    r"|[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT"
    r"|[A-Z][a-z]{2} [A-Z][a-z]{2} [\d ]\d \d\d:\d\d:\d\d \d{4}",
    re.ASCII,
)
_RANGES = re.compile(r"bytes=(.*)", re.IGNORECASE | re.DOTALL)
_RANGE = re.compile(r"([0-9]{1,1000})-([0-9]{0,1000})|-([0-9]{1,1000})")
_MOST_RANGES = 16  # asked for in one request; who asks for more gets the whole
_GAP = 100  # bytes between two ranges that cost less to send than the head of another part

# Headers that tell of the response and of who may read it rather than of the representation: true of a 304, 412 and 416 too.
_LASTING = frozenset(
    {
        "access-control-allow-origin",
        "access-control-expose-headers",
        "content-security-policy",
        "cross-origin-resource-policy",
        "date",
        "madoguchi-release",
        "referrer-policy",
        "x-content-type-options",
    }
)
_KEPT_BY_304 = _LASTING | {"cache-control", "content-location", "etag", "expires", "vary"}


@dataclass(frozen=True)
class _Span:
    """The bytes from `start` up to, and without, `end`."""

    start: int
    end: int


def select_response(method: str, headers: Mapping[str, str], response: HttpResponse) -> HttpResponse:
    """The response to a request, from the whole representation that it would get without conditions and ranges.

    The names of the request's headers are in lower case. Nothing is read from a file: the result says which bytes of it to
    send. What is no 200 has its own reason, which no precondition changes (section 13.2.1).
    """
    if response.status == 200 and method in _SELECTING and not CONDITIONS.isdisjoint(headers):
        response = _apply_conditions(method, headers, response)
    return _drop_body(response) if method == "HEAD" else response


def _drop_body(response: HttpResponse) -> HttpResponse:
    """What a GET would have had, but for the content; Content-Length stays that of the GET (section 9.3.2)."""
    headers = response.headers
    has_length = any(name.lower() == "content-length" for name, _ in headers)
    if not has_length and response.status not in (204, 304):
        headers = [*headers, ("Content-Length", str(len(response.body)))]
    return HttpResponse(response.status, headers)


def _apply_conditions(method: str, headers: Mapping[str, str], response: HttpResponse) -> HttpResponse:
    """The order of section 13.2.2."""
    own = {name.lower(): value for name, value in response.headers}
    etag, modified = own.get("etag", ""), _read_date(own.get("last-modified"))
    if (tags := headers.get("if-match")) is not None:
        if not _holds_tag(tags, etag, weakly=False):
            return _fail_precondition(headers, response)
    elif (limit := _read_date(headers.get("if-unmodified-since"))) and modified and modified > limit:
        return _fail_precondition(headers, response)
    if (tags := headers.get("if-none-match")) is not None:
        if _holds_tag(tags, etag, weakly=True):
            return _confirm(response) if method in _SAFE else _fail_precondition(headers, response)
    elif method in ("GET", "HEAD"):
        since = _read_date(headers.get("if-modified-since"))
        if since and modified and modified <= since:
            return _confirm(response)
    if method == "GET" and "range" in headers and _is_same(headers.get("if-range"), etag):
        return _cut(headers, response, own)
    return response


def _holds_tag(tags: str, etag: str, *, weakly: bool) -> bool:
    """Whether a list of entity tags has that of the representation; `*` is any (sections 8.8.3.2, 13.1.1, 13.1.2)."""
    if tags.strip(" \t") == "*":
        return True
    known = etag.removeprefix("W/") if weakly else etag
    return bool(known) and any(tag == known and (weakly or not weak) for weak, tag in _ETAG.findall(tags))


def _is_same(if_range: str | None, etag: str) -> bool:
    """Whether the parts that a client has are of this representation (section 13.1.5).

    A date never says so: the codings of one document share their Last-Modified, which makes it a weak validator, and as
    all that has ranges has an entity tag, no client may send a date.
    """
    return if_range is None or (if_range.strip(" \t") == etag and etag.startswith('"'))


def _read_date(value: str | None) -> datetime | None:
    """The moment that an HTTP-date says, None for what is no such date and is therefore ignored."""
    if value is None or not _DATE.fullmatch(value):
        return None
    try:
        return parsedate_to_datetime(value).replace(tzinfo=UTC)
    except ValueError:
        return None


def _confirm(response: HttpResponse) -> HttpResponse:
    """304: what the client has is still right (section 15.4.5); Last-Modified only where there is no entity tag."""
    has_etag = any(name.lower() == "etag" for name, _ in response.headers)
    kept = _KEPT_BY_304 if has_etag else _KEPT_BY_304 | {"last-modified"}
    return HttpResponse(304, [header for header in response.headers if header[0].lower() in kept])


def _fail_precondition(headers: Mapping[str, str], response: HttpResponse) -> HttpResponse:
    return _refuse(412, headers, response, {})


def _refuse(status: int, headers: Mapping[str, str], response: HttpResponse, own: Mapping[str, str]) -> HttpResponse:
    """A short problem in the place of the representation."""
    problem = write_problem(make_problem(status), headers.get("accept"), own)
    lasting = [header for header in response.headers if header[0].lower() in _LASTING]
    return HttpResponse(status, [*problem.headers, *lasting], problem.body)


def _cut(headers: Mapping[str, str], response: HttpResponse, own: Mapping[str, str]) -> HttpResponse:
    """206 with the ranges asked for, 416 where none of them is inside, the whole where Range is to be ignored."""
    size = len(response.body) if response.file is None else int(own["content-length"])
    spans = _read_ranges(headers["range"], size)
    if spans is None:
        return response
    if not spans:
        return _refuse(416, headers, response, {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    if len(spans) == 1:
        return _send_span(response, spans[0], size)
    if response.file is not None or "content-encoding" in own:
        return response  # the parts of a file would have to be read, and those of a coded body be told from a coded whole
    return _send_parts(response, spans, own.get("content-type", ""))


def _read_ranges(value: str, size: int) -> list[_Span] | None:
    """The parts of the representation that a Range header asks for, in order and apart; None where it is to be ignored.

    Ignored are another unit, what breaks the grammar (section 14.1.1), more ranges than anybody needs (section 14.2), and
    any range of nothing. A range that is outside is left out.
    """
    match = _RANGES.fullmatch(value)
    specs = [spec for part in match[1].split(",") if (spec := part.strip(" \t"))] if match else []
    if not specs or len(specs) > _MOST_RANGES or size == 0:
        return None
    spans = []
    for spec in specs:
        found = _RANGE.fullmatch(spec)
        if not found or (found[2] and int(found[2]) < int(found[1])):
            return None
        if found[3]:
            span = _Span(max(0, size - int(found[3])), size)
        else:
            span = _Span(int(found[1]), min(size, int(found[2]) + 1) if found[2] else size)
        if span.start < span.end:
            spans.append(span)
    return _join_near(spans)


def _join_near(spans: list[_Span]) -> list[_Span]:
    """Overlapping ranges, and those with little between them, become one (section 15.3.7.2)."""
    joined: list[_Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if joined and span.start <= joined[-1].end + _GAP:
            joined[-1] = _Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _send_span(response: HttpResponse, span: _Span, size: int) -> HttpResponse:
    """206 with one part (section 15.3.7.1). It has all headers of the 200, also after If-Range: readers look for them."""
    headers = [
        *_replace(response, "Content-Length", str(span.end - span.start)),
        ("Content-Range", f"bytes {span.start}-{span.end - 1}/{size}"),
    ]
    if response.file is not None:
        return HttpResponse(206, headers, b"", response.file, span.start, span.end)
    return HttpResponse(206, headers, response.body[span.start : span.end])


def _send_parts(response: HttpResponse, spans: list[_Span], content_type: str) -> HttpResponse:
    """206 as multipart/byteranges (sections 14.6 and 15.3.7.2)."""
    size = len(response.body)
    contents = [response.body[span.start : span.end] for span in spans]
    boundary = hashlib.sha256(b"".join(contents)).hexdigest()[:32]  # which no content can hold on purpose
    parts = [
        f"--{boundary}\r\nContent-Type: {content_type}\r\nContent-Range: bytes {s.start}-{s.end - 1}/{size}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for s, content in zip(spans, contents, strict=True)
    ]
    body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
    whole = HttpResponse(200, _replace(response, "Content-Type", f"multipart/byteranges; boundary={boundary}"))
    return HttpResponse(206, _replace(whole, "Content-Length", str(len(body))), body)


def _replace(response: HttpResponse, name: str, value: str) -> list[tuple[str, str]]:
    return [*((n, v) for n, v in response.headers if n.lower() != name.lower()), (name, value)]
