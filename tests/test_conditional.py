"""Preconditions, ranges and HEAD as RFC 9110 has them, clause by clause."""

from __future__ import annotations

import re
from email.utils import formatdate
from pathlib import Path

import pytest

from server.conditional import select_response
from server.exchange import HttpResponse

BODY = bytes(range(256)) * 4  # 1024 bytes
ETAG = '"here"'
MODIFIED = "Sat, 01 Aug 2026 12:00:00 GMT"
BEFORE = "Sat, 01 Aug 2026 11:59:59 GMT"
AFTER = "Sat, 01 Aug 2026 12:00:01 GMT"
HEADERS = [
    ("Content-Type", "text/turtle; charset=utf-8"),
    ("Content-Language", "en, ja"),
    ("Content-Location", "/doc/x.ttl"),
    ("Content-Length", str(len(BODY))),
    ("Vary", "Accept, Accept-Encoding"),
    ("ETag", ETAG),
    ("Last-Modified", MODIFIED),
    ("Cache-Control", "public, max-age=300"),
    ("Accept-Ranges", "bytes"),
    ("Link", '<http://example.org/>; rel="describes"'),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag"),
    ("Madoguchi-Release", "r1"),
]


def make_whole(body: bytes = BODY, **changed: str | None) -> HttpResponse:
    """The whole 200; a header is changed by its name with underscores, None leaves it out."""
    changes = {name.replace("_", "-"): value for name, value in changed.items()}
    headers = [(n, changes.get(n.lower(), v)) for n, v in [*HEADERS, ("Content-Encoding", changes.get("content-encoding"))]]
    return HttpResponse(200, [(n, v) for n, v in headers if v is not None], body)


def read_headers(response: HttpResponse) -> dict[str, str]:
    names = [name.lower() for name, _ in response.headers]
    assert len(names) == len(set(names)), "each once"
    return {name.lower(): value for name, value in response.headers}


PRECONDITIONS = [  # clause, method, request headers, status
    ("no condition", "GET", {}, 200),
    ("other headers are no condition", "GET", {"accept": "*/*", "if-range": ETAG}, 200),
    # 13.1.1 If-Match
    ("If-Match * is true where there is a representation", "GET", {"if-match": "*"}, 200),
    ("If-Match with the tag", "GET", {"if-match": ETAG}, 200),
    ("If-Match with the tag among others", "GET", {"if-match": f'"a", {ETAG} ,"b"'}, 200),
    ("If-Match with another tag", "GET", {"if-match": '"other"'}, 412),
    ("If-Match compares strongly", "GET", {"if-match": f"W/{ETAG}"}, 412),
    ("If-Match with what is no tag", "GET", {"if-match": "here"}, 412),
    ("If-Match with nothing", "GET", {"if-match": ""}, 412),
    ("If-Match on HEAD", "HEAD", {"if-match": '"other"'}, 412),
    ("If-Match on POST", "POST", {"if-match": '"other"'}, 412),
    ("a comma inside a tag does not end it", "GET", {"if-match": '"a,here"'}, 412),
    # 13.1.4 If-Unmodified-Since
    ("If-Unmodified-Since later", "GET", {"if-unmodified-since": AFTER}, 200),
    ("If-Unmodified-Since that moment", "GET", {"if-unmodified-since": MODIFIED}, 200),
    ("If-Unmodified-Since earlier", "GET", {"if-unmodified-since": BEFORE}, 412),
    ("If-Unmodified-Since on HEAD", "HEAD", {"if-unmodified-since": BEFORE}, 412),
    ("If-Unmodified-Since that is no date is ignored", "GET", {"if-unmodified-since": "yesterday"}, 200),
    ("If-Match makes If-Unmodified-Since ignored", "GET", {"if-match": ETAG, "if-unmodified-since": BEFORE}, 200),
    # 13.1.2 If-None-Match
    ("If-None-Match with the tag", "GET", {"if-none-match": ETAG}, 304),
    ("If-None-Match with the tag on HEAD", "HEAD", {"if-none-match": ETAG}, 304),
    ("If-None-Match with the tag on QUERY", "QUERY", {"if-none-match": ETAG}, 304),
    ("If-None-Match with the tag on POST", "POST", {"if-none-match": ETAG}, 412),
    ("If-None-Match with the tag among others", "GET", {"if-none-match": f'"a",{ETAG}, "b"'}, 304),
    ("If-None-Match compares weakly", "GET", {"if-none-match": f"W/{ETAG}"}, 304),
    ("If-None-Match *", "GET", {"if-none-match": "*"}, 304),
    ("If-None-Match with another tag", "GET", {"if-none-match": '"other"'}, 200),
    ("If-None-Match with what is no tag", "GET", {"if-none-match": "here"}, 200),
    ("If-None-Match with a tag that holds ours", "GET", {"if-none-match": '"here-zstd"'}, 200),
    # 13.1.3 If-Modified-Since
    ("If-Modified-Since that moment", "GET", {"if-modified-since": MODIFIED}, 304),
    ("If-Modified-Since later", "GET", {"if-modified-since": AFTER}, 304),
    ("If-Modified-Since earlier", "GET", {"if-modified-since": BEFORE}, 200),
    ("If-Modified-Since on HEAD", "HEAD", {"if-modified-since": MODIFIED}, 304),
    ("If-Modified-Since on POST is ignored", "POST", {"if-modified-since": MODIFIED}, 200),
    ("If-Modified-Since that is no date is ignored", "GET", {"if-modified-since": "0"}, 200),
    ("If-Modified-Since with a day that is not is ignored", "GET", {"if-modified-since": "Sat, 99 Aug 2026 12:00:00 GMT"}, 200),
    ("If-Modified-Since in another zone is ignored", "GET", {"if-modified-since": AFTER.replace("GMT", "+0900")}, 200),
    ("If-Modified-Since as RFC 850 wrote it", "GET", {"if-modified-since": "Saturday, 01-Aug-26 12:00:00 GMT"}, 304),
    ("If-Modified-Since as asctime writes it", "GET", {"if-modified-since": "Sat Aug  1 12:00:00 2026"}, 304),
    ("If-None-Match makes If-Modified-Since ignored", "GET", {"if-none-match": '"other"', "if-modified-since": MODIFIED}, 200),
    # 13.2.2 the order
    ("412 by If-Match comes before 304", "GET", {"if-match": '"other"', "if-none-match": ETAG}, 412),
    ("304 comes after a true If-Match", "GET", {"if-match": ETAG, "if-none-match": ETAG}, 304),
    ("304 comes before a range", "GET", {"if-none-match": ETAG, "range": "bytes=0-1"}, 304),
    ("304 comes before 416", "GET", {"if-none-match": ETAG, "range": "bytes=9999-"}, 304),
    ("412 comes before 416", "GET", {"if-match": '"other"', "range": "bytes=9999-"}, 412),
    ("a range after a condition that holds", "GET", {"if-none-match": '"other"', "range": "bytes=0-1"}, 206),
    # 13.2.1 methods that select no representation
    ("OPTIONS ignores conditions", "OPTIONS", {"if-match": '"other"'}, 200),
]


@pytest.mark.parametrize(
    ("clause", "method", "headers", "status"), PRECONDITIONS, ids=lambda v: v if isinstance(v, str) else ""
)
def test_preconditions(clause: str, method: str, headers: dict[str, str], status: int) -> None:
    assert select_response(method, headers, make_whole()).status == status, clause


RANGES = [  # clause, Range, the span or the status
    ("first bytes", "bytes=0-99", (0, 100)),
    ("one byte", "bytes=0-0", (0, 1)),
    ("in the middle", "bytes=100-199", (100, 200)),
    ("open", "bytes=1000-", (1000, 1024)),
    ("all of it", "bytes=0-", (0, 1024)),
    ("beyond the end", "bytes=1000-5000", (1000, 1024)),
    ("a suffix", "bytes=-24", (1000, 1024)),
    ("a suffix longer than all", "bytes=-5000", (0, 1024)),
    ("numbers longer than machines count", f"bytes=5-{'9' * 40}", (5, 1024)),
    ("units in any case", "Bytes=0-9", (0, 10)),
    ("blanks and empty elements of the list", "bytes= , 0-9 ,,\t", (0, 10)),
    ("the only one of several that is inside", "bytes=0-9, 5000-", (0, 10)),
    ("two that touch", "bytes=0-9,10-19", (0, 20)),
    ("two that overlap", "bytes=0-99,50-149", (0, 150)),
    ("two with less between them than a part's head", "bytes=100-119,0-49", (0, 120)),
    ("the same many times", "bytes=" + ",".join(["0-"] * 16), (0, 1024)),
    ("after the end", "bytes=1024-", 416),
    ("far after the end", "bytes=5000-6000", 416),
    ("a suffix of nothing", "bytes=-0", 416),
    ("several, all outside", "bytes=2000-,3000-4000,-0", 416),
    ("another unit is ignored", "items=0-9", 200),
    ("no unit is ignored", "0-9", 200),
    ("no range is ignored", "bytes=", 200),
    ("only commas are ignored", "bytes=,,", 200),
    ("letters are ignored", "bytes=a-b", 200),
    ("a lone hyphen is ignored", "bytes=-", 200),
    ("last before first is ignored", "bytes=9-0", 200),
    ("a signed number is ignored", "bytes=--5", 200),
    ("a blank inside is ignored", "bytes=0 - 9", 200),
    ("a blank before = is ignored", "bytes =0-9", 200),
    ("digits of other scripts are ignored", "bytes=٠-٩", 200),
    ("one bad element spoils all", "bytes=0-9,x", 200),
    ("more than anybody needs are ignored", "bytes=" + ",".join(f"{n * 50}-{n * 50}" for n in range(17)), 200),
    ("a number without end is ignored", f"bytes={'9' * 5000}-", 200),
]


@pytest.mark.parametrize(("clause", "asked", "expected"), RANGES, ids=[clause for clause, _, _ in RANGES])
@pytest.mark.parametrize("kind", ["body", "file"])
def test_ranges(clause: str, asked: str, expected: tuple[int, int] | int, kind: str, tmp_path: Path) -> None:
    whole = make_whole()
    if kind == "file":
        whole = HttpResponse(200, whole.headers, file=str(tmp_path / "is-not-read"))
    response = select_response("GET", {"range": asked}, whole)
    if isinstance(expected, int):
        assert response.status == expected, clause
        if expected == 200:
            assert response == whole
        else:
            assert read_headers(response)["content-range"] == "bytes */1024"
            assert response.file is None
        return
    start, end = expected
    headers = read_headers(response)
    assert response.status == 206, clause
    assert headers["content-range"] == f"bytes {start}-{end - 1}/1024"
    assert headers["content-length"] == str(end - start)
    if kind == "file":
        assert (response.file, response.start, response.end, response.body) == (whole.file, start, end, b"")
    else:
        assert (response.file, response.body) == (None, BODY[start:end])


def test_a_206_has_the_headers_of_the_200() -> None:
    """Section 15.3.7."""
    whole, part = (read_headers(select_response("GET", h, make_whole())) for h in ({}, {"range": "bytes=0-9"}))
    changed = {"content-length": "10", "content-range": "bytes 0-9/1024"}
    assert part == {**whole, **changed}


@pytest.mark.parametrize(
    ("clause", "if_range", "etag", "status"),
    [
        ("13.1.5 the tag", ETAG, ETAG, 206),
        ("13.1.5 another tag", '"other"', ETAG, 200),
        ("13.1.5 a weak tag never matches", f"W/{ETAG}", ETAG, 200),
        ("13.1.5 nor does a weak one that is ours", f"W/{ETAG}", f"W/{ETAG}", 200),
        ("13.1.5 a list is no validator", f'{ETAG}, "b"', ETAG, 200),
        ("8.8.2.2 a date that several codings share is weak", MODIFIED, ETAG, 200),
        ("13.1.5 what is neither", "here", ETAG, 200),
        ("13.1.5 empty", "", ETAG, 200),
    ],
)
def test_if_range(clause: str, if_range: str, etag: str, status: int) -> None:
    headers = {"range": "bytes=0-9", "if-range": if_range}
    assert select_response("GET", headers, make_whole(etag=etag)).status == status, clause
    outside = {"range": "bytes=5000-", "if-range": if_range}
    assert select_response("GET", outside, make_whole(etag=etag)).status == (416 if status == 206 else 200)


@pytest.mark.parametrize("method", ["HEAD", "POST", "QUERY", "OPTIONS"])
def test_range_is_for_get_only(method: str) -> None:
    """Section 14.2."""
    assert select_response(method, {"range": "bytes=0-9"}, make_whole()).status == 200


def test_several_ranges_come_as_multipart() -> None:
    """Section 14.6; the parts are in the order of the bytes."""
    response = select_response("GET", {"range": "bytes=-24,0-9,300-309"}, make_whole())
    headers = read_headers(response)
    boundary = re.fullmatch(r"multipart/byteranges; boundary=([0-9a-f]{32})", headers["content-type"])
    assert boundary
    expected = b"".join(
        b"--%s\r\nContent-Type: text/turtle; charset=utf-8\r\nContent-Range: bytes %d-%d/1024\r\n\r\n%s\r\n"
        % (boundary[1].encode(), start, end - 1, BODY[start:end])
        for start, end in ((0, 10), (300, 310), (1000, 1024))
    )
    assert response.status == 206
    assert response.body == expected + b"--%s--\r\n" % boundary[1].encode()
    assert headers["content-length"] == str(len(response.body))
    assert "content-range" not in headers
    assert headers["etag"] == ETAG


def test_several_ranges_of_a_file_or_of_a_coded_body_are_ignored() -> None:
    """A server may send the whole instead (section 14.2)."""
    for whole in (HttpResponse(200, HEADERS, file="is-not-read"), make_whole(content_encoding="zstd")):
        assert select_response("GET", {"range": "bytes=0-9,300-309"}, whole) == whole
        assert select_response("GET", {"range": "bytes=0-9,12-20"}, whole).status == 206


@pytest.mark.parametrize("asked", ["bytes=0-", "bytes=-5", "bytes=3-5"])
def test_nothing_has_no_ranges(asked: str) -> None:
    assert select_response("GET", {"range": asked}, make_whole(b"", content_length="0")).status == 200


def test_an_answer_to_several_ranges_is_never_much_longer_than_the_whole() -> None:
    asked = "bytes=" + ",".join(f"{n * 120}-{n * 120}" for n in range(9)) + ",0-,0-,0-"
    assert len(select_response("GET", {"range": asked}, make_whole()).body) <= len(BODY) + 1000


def test_a_304_has_what_a_cache_updates_and_nothing_of_the_body() -> None:
    """Section 15.4.5."""
    response = select_response("GET", {"if-none-match": ETAG}, make_whole(content_encoding="gzip"))
    assert (response.body, response.file) == (b"", None)
    kept = ("content-location", "vary", "etag", "cache-control")
    ours = ("access-control-allow-origin", "access-control-expose-headers", "madoguchi-release")
    whole = read_headers(make_whole())
    assert read_headers(response) == {name: whole[name] for name in (*kept, *ours)}


def test_last_modified_is_in_a_304_where_it_is_the_only_validator() -> None:
    response = select_response("GET", {"if-modified-since": MODIFIED}, make_whole(etag=None))
    assert response.status == 304
    assert read_headers(response)["last-modified"] == MODIFIED


def test_without_a_validator_only_a_star_is_a_condition() -> None:
    whole = make_whole(etag=None, last_modified=None)
    dates = {"if-unmodified-since": BEFORE}, {"if-modified-since": formatdate(usegmt=True)}
    assert [select_response("GET", h, whole).status for h in dates] == [200, 200]
    assert [select_response("GET", {"if-none-match": t}, whole).status for t in ('""', ETAG, "*")] == [200, 200, 304]
    assert [select_response("POST", {"if-match": t}, whole).status for t in ('""', ETAG, "*")] == [412, 412, 200]


@pytest.mark.parametrize("kind", ["body", "file"])
@pytest.mark.parametrize(
    ("asked", "status"), [({"if-match": '"other"'}, 412), ({"range": "bytes=9999-"}, 416)], ids=["412", "416"]
)
def test_a_refusal_is_short_and_never_has_the_body(kind: str, asked: dict[str, str], status: int) -> None:
    whole = make_whole() if kind == "body" else HttpResponse(200, HEADERS, file="is-not-read")
    response = select_response("GET", asked, whole)
    headers = read_headers(response)
    assert (response.status, response.file) == (status, None)
    assert response.body.startswith(str(status).encode())
    assert headers["content-length"] == str(len(response.body))
    assert (headers["content-type"], headers["content-language"]) == ("text/plain; charset=utf-8", "en")
    assert headers["cache-control"] == "no-store"
    assert (headers["access-control-allow-origin"], headers["madoguchi-release"]) == ("*", "r1")
    assert not {"etag", "content-location", "content-encoding", "last-modified", "link"} & set(headers)
    as_json = select_response("GET", {**asked, "accept": "application/ld+json"}, whole)
    assert read_headers(as_json)["content-type"] == "application/problem+json"


@pytest.mark.parametrize("status", [204, 301, 303, 400, 404, 410, 429, 500, 503])
def test_what_is_no_200_has_its_own_reason(status: int) -> None:
    """Section 13.2.1: preconditions are ignored where the request would fail without them."""
    response = HttpResponse(status, HEADERS, b"x" * 1024)
    asked = {"if-match": '"other"', "if-none-match": "*", "if-modified-since": AFTER, "range": "bytes=0-1"}
    assert select_response("GET", asked, response) is response


@pytest.mark.parametrize("status", [200, 404, 406, 503])
def test_head_has_the_headers_of_get_and_no_body(status: int) -> None:
    """Section 9.3.2."""
    whole = HttpResponse(status, HEADERS, BODY)
    assert select_response("HEAD", {}, whole) == HttpResponse(status, HEADERS)
    unmeasured = HttpResponse(status, [], BODY)
    assert select_response("HEAD", {}, unmeasured) == HttpResponse(status, [("Content-Length", "1024")])
    assert select_response("HEAD", {}, HttpResponse(status, HEADERS, file="is-not-read")) == HttpResponse(status, HEADERS)


@pytest.mark.parametrize("asked", [{"if-match": '"other"'}, {"if-none-match": ETAG}, {"range": "bytes=9999-"}])
def test_head_has_no_body_whatever_the_conditions(asked: dict[str, str]) -> None:
    response = select_response("HEAD", asked, make_whole())
    assert (response.body, response.file) == (b"", None)


def test_the_whole_is_not_changed_for_who_keeps_it() -> None:
    whole = make_whole()
    for method, asked in (("HEAD", {}), ("GET", {"range": "bytes=0-9"}), ("GET", {"range": "bytes=0-9,500-509"})):
        select_response(method, asked, whole)
    select_response("GET", {"if-none-match": ETAG}, whole)
    select_response("GET", {"if-match": '"other"'}, whole)
    assert whole == make_whole()


def test_without_conditions_the_response_is_handed_on_as_it_is() -> None:
    whole = make_whole()
    assert select_response("GET", {"accept": "*/*", "user-agent": "x", "host": "localhost"}, whole) is whole
