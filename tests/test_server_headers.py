"""What every response says of itself: who may read it, how long it may be kept, in which coding and from which release."""

from __future__ import annotations

import gzip
import re
from email.utils import parsedate_to_datetime

import pytest
import zstandard
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lod.release import Release
from server.app import create_app
from server.completion import complete_response, read_marks
from server.conditional import select_response
from server.exchange import HttpResponse
from server.files import FileResponse
from server.headers import WHOLE, take_response

FOUND = (  # one address of each kind, and the language of what is there
    ("/", "en"),
    ("/doc/gov/122173", "en"),
    ("/doc/gov/122173.html", "en"),
    ("/doc/gov/122173.ttl", "en, ja"),
    ("/doc/gov/122173.jsonld", "en, ja"),
    ("/doc/gov/122173.nt", "en, ja"),
    ("/doc/gov/122173.rdf", "en, ja"),
    ("/ontology", "en"),
    ("/ontology.ttl", "en, ja"),
    ("/ontology/shapes", "en"),
    ("/ontology/shapes.ttl", "en, ja"),
    ("/ontology/shapes/ListingShape.nt", "en, ja"),
    ("/quality/report.jsonld", "en, ja"),
    ("/ontology/context.jsonld", None),
    ("/graph/edition/003.nt", "en, ja"),
    ("/dumps/", "en"),
    ("/dumps/current.ttl", "en, ja"),
    ("/dumps/current.ttl.gz", None),
    ("/dumps/all.nq.zst", None),
    ("/dumps/manifest.json", None),
    ("/dumps/SHA256SUMS", None),
    ("/source/002.txt", "en, ja"),
    ("/source/003.txt", "en"),
    ("/static/style.css", None),
    ("/static/icon.svg", None),
    ("/sparql?query=ASK{}", None),
    ("/sparql?query=SELECT*{?s%20?p%20?o}LIMIT%2050", None),
)
OTHERS = (  # method, path, status
    ("GET", "/id/gov/122173", 303),
    ("GET", "/dumps", 308),
    ("GET", "/nowhere", 404),
    ("GET", "/doc/gov/999999", 404),
    ("GET", "/doc/gov/122173?format=docx", 400),
    ("GET", "/sparql?query=SELEKT", 400),
    ("POST", "/doc/gov/122173", 405),
    ("BREW", "/", 501),
    ("OPTIONS", "/sparql", 204),
)
CODINGS = {None: lambda b: b, "gzip": gzip.decompress, "zstd": lambda b: zstandard.ZstdDecompressor().decompress(b)}


def ask(client: FlaskClient, path: str, method: str = "GET", **headers: str) -> TestResponse:
    accept = "text/html" if path in ("/", "/doc/gov/122173", "/ontology", "/dumps/") else "*/*"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.open(path, method=method, headers={"Accept": accept, **named}, buffered=True)


@pytest.mark.parametrize(("method", "path", "status"), [*(("GET", path, 200) for path, _ in FOUND), *OTHERS])
def test_every_response_has_these_headers(client: FlaskClient, release: Release, method: str, path: str, status: int) -> None:
    response = ask(client, path, method)
    headers = response.headers
    assert response.status_code == status
    assert headers["Madoguchi-Release"] == release.id
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'"} <= set(
        headers["Content-Security-Policy"].split("; ")
    )
    exposed = set(headers["Access-Control-Expose-Headers"].split(", "))
    ours = {"Madoguchi-Release", "Madoguchi-Row-Limit", "Madoguchi-Hint"}
    assert {"ETag", "Link", "Content-Location", "Retry-After", *ours} <= exposed
    assert {"Set-Cookie", "Access-Control-Allow-Credentials"} & set(headers.keys()) == set()
    single = [name.lower() for name, _ in headers if name != "Link"]
    assert len(single) == len(set(single)), "each once"


@pytest.mark.parametrize(("path", "language"), FOUND)
def test_what_is_found_has_validators_and_says_how_long_it_may_be_kept(
    client: FlaskClient, release: Release, path: str, language: str | None
) -> None:
    response = ask(client, path)
    headers = response.headers
    assert re.fullmatch(r'"[0-9a-f]{32,64}"', headers["ETag"]), "strong"
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["Cache-Control"] == "public, max-age=300"
    assert headers.get("Content-Language") == language
    assert headers["Content-Length"] == str(len(response.data))
    if not path.startswith("/static/"):
        made = (release.path / "manifest.json").stat().st_mtime
        assert parsedate_to_datetime(headers["Last-Modified"]).timestamp() == int(made)


@pytest.mark.parametrize(("path", "language"), FOUND)
def test_a_client_that_has_it_is_told_so(client: FlaskClient, path: str, language: str | None) -> None:
    whole = ask(client, path)
    for condition in ({"If_None_Match": whole.headers["ETag"]}, {"If_Modified_Since": whole.headers["Last-Modified"]}):
        for method in ("GET", "HEAD"):
            again = ask(client, path, method, **condition)
            assert (again.status_code, again.data) == (304, b"")
            for name in ("ETag", "Vary", "Cache-Control", "Content-Location", "Madoguchi-Release"):
                assert again.headers.get(name) == whole.headers.get(name), name
            assert not {"Content-Type", "Content-Length", "Content-Encoding"} & set(again.headers.keys())
    refused = ask(client, path, If_Match='"other"')
    assert refused.status_code == 412
    assert len(refused.data) < 300


@pytest.mark.parametrize(("path", "language"), FOUND)
def test_ranges_everywhere(client: FlaskClient, path: str, language: str | None) -> None:
    whole = ask(client, path)
    part = ask(client, path, Range="bytes=1-3", If_Range=whole.headers["ETag"])
    assert (part.status_code, part.data) == (206, whole.data[1:4])
    assert part.headers["Content-Range"] == f"bytes 1-3/{len(whole.data)}"
    assert ask(client, path, Range="bytes=1-3", If_Range='"other"').data == whole.data
    assert ask(client, path, Range="items=1-3").data == whole.data
    outside = ask(client, path, Range="bytes=99999999-")
    assert (outside.status_code, outside.headers["Content-Range"]) == (416, f"bytes */{len(whole.data)}")


@pytest.mark.parametrize(("path", "language"), FOUND)
def test_codings_hold_the_same_and_never_share_a_tag(client: FlaskClient, path: str, language: str | None) -> None:
    whole = ask(client, path)
    varies = path not in ("/dumps/current.ttl.gz", "/dumps/all.nq.zst")
    assert ("Accept-Encoding" in whole.vary) is varies
    tags = set()
    coded = len(whole.data) >= 1000 and varies
    for coding, decode in CODINGS.items():
        response = ask(client, path, Accept_Encoding=coding or "identity")
        expected = coding if coded else None
        assert response.headers.get("Content-Encoding") == expected
        assert CODINGS[expected](response.data) == whole.data, decode
        assert response.headers["Content-Length"] == str(len(response.data))
        assert response.headers.get("Vary") == whole.headers.get("Vary")
        tags.add(response.headers["ETag"])
        tail = ask(client, path, Accept_Encoding=coding or "identity", Range="bytes=-5")
        assert tail.data == response.data[-5:], "ranges are of the coded bytes"
    assert len(tags) == (3 if coded else 1)


def test_representations_never_share_a_tag(client: FlaskClient) -> None:
    tags = [ask(client, f"/doc/gov/122173.{suffix}").headers["ETag"] for suffix in ("html", "ttl", "jsonld", "nt", "rdf")]
    assert len(set(tags)) == 5


def test_the_tag_of_what_stays_the_same_stays_the_same(client: FlaskClient, release: Release) -> None:
    other = create_app(release).test_client()
    for path, _ in FOUND:
        assert ask(other, path).headers["ETag"] == ask(client, path).headers["ETag"], path


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/id/gov/122173", "public, max-age=300"),
        ("GET", "/nowhere", "public, max-age=30"),
        ("GET", "/doc/gov/122173?format=docx", "no-store"),
        ("GET", "/sparql?query=SELEKT", "no-store"),
        ("POST", "/doc/gov/122173", "no-store"),
        ("BREW", "/", "no-store"),
    ],
)
def test_how_long_other_answers_may_be_kept(client: FlaskClient, method: str, path: str, expected: str) -> None:
    assert ask(client, path, method).headers["Cache-Control"] == expected


def test_what_is_asked_for_with_post_has_no_validators_and_is_not_kept(client: FlaskClient) -> None:
    response = client.post("/sparql", data={"query": "ASK {}"})
    assert response.status_code == 200
    assert not {"ETag", "Last-Modified", "Accept-Ranges"} & set(response.headers.keys())
    assert response.headers["Cache-Control"] == "no-store"


def test_files_of_the_site_are_kept_for_good_under_the_address_that_pages_name(client: FlaskClient) -> None:
    page = client.get("/").text
    addresses = re.findall(r'"(/static/[^"]+)"', page)
    assert {address.partition("?")[0] for address in addresses} == {"/static/style.css", "/static/site.js", "/static/icon.svg"}
    for address in addresses:
        assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
        other = re.sub("v=.*", "v=0", address)
        assert client.get(other).headers["Cache-Control"] == "public, max-age=300", "the hash is of another file"
    assert client.get("/static/nope.css").status_code == 404


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/", "GET, HEAD, OPTIONS"),
        ("/id/gov/122173", "GET, HEAD, OPTIONS"),
        ("/doc/gov/122173", "GET, HEAD, OPTIONS"),
        ("/ontology", "GET, HEAD, OPTIONS"),
        ("/graph/quality", "GET, HEAD, OPTIONS"),
        ("/dumps/", "GET, HEAD, OPTIONS"),
        ("/dumps/all.nq", "GET, HEAD, OPTIONS"),
        ("/source/002.txt", "GET, HEAD, OPTIONS"),
        ("/static/style.css", "GET, HEAD, OPTIONS"),
    ],
)
def test_options_answers_clients_and_the_preflights_of_browsers(client: FlaskClient, path: str, methods: str) -> None:
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match,range",
    }
    response = client.options(path, headers=asked)
    assert (response.status_code, response.data) == (204, b"")
    assert response.headers["Allow"] == response.headers["Access-Control-Allow-Methods"] == methods
    allowed = set(response.headers["Access-Control-Allow-Headers"].lower().split(", "))
    assert {"accept", "content-type", "range", "if-none-match", "if-range", "*"} <= allowed
    assert int(response.headers["Access-Control-Max-Age"]) > 0
    assert "Content-Type" not in response.headers


def test_options_names_the_methods_of_the_endpoint(client: FlaskClient) -> None:
    response = client.options("/sparql")
    assert {"GET", "HEAD", "OPTIONS", "POST"} <= set(response.headers["Allow"].split(", "))
    assert response.headers["Access-Control-Allow-Methods"] == response.headers["Allow"]


@pytest.mark.parametrize("path", [path for path, _ in FOUND])
def test_the_whole_goes_to_who_selects_from_it(client: FlaskClient, path: str) -> None:
    asked = {"Accept": "text/html, */*;q=0.1", "If-None-Match": "*", "Range": "bytes=0-1"}
    whole = client.open(path, method="HEAD", headers=asked, environ_overrides={WHOLE: True})
    assert whole.status_code == 200
    length = client.get(path, headers={"Accept": asked["Accept"]}, buffered=True).headers["Content-Length"]
    assert whole.headers["Content-Length"] == length


def test_a_whole_file_is_named_and_not_read(release: Release) -> None:
    app = create_app(release)
    with app.test_request_context("/dumps/all.nq", headers={"Accept-Encoding": "gzip"}, environ_overrides={WHOLE: True}):
        response = app.full_dispatch_request()
        assert isinstance(response, FileResponse)
        whole = take_response(response)
    assert (whole.body, whole.file) == (b"", str(release.path / "all.nq.gz"))
    part = select_response("GET", {"range": "bytes=10-19"}, whole)
    assert (part.status, part.file, part.start, part.end) == (206, whole.file, 10, 20)


def test_selecting_in_front_and_in_the_application_gives_the_same(client: FlaskClient, release: Release) -> None:
    app = create_app(release)
    accept = {"Accept": "text/turtle", "Accept-Encoding": "zstd"}
    with app.test_request_context("/doc/gov/122173", headers=accept, environ_overrides={WHOLE: True}):
        whole = take_response(app.full_dispatch_request())
    tag = dict(whole.headers)["ETag"]
    for method, asked in (
        ("GET", {}),
        ("HEAD", {}),
        ("GET", {"If-None-Match": tag}),
        ("GET", {"If-Match": '"other"'}),
        ("GET", {"Range": "bytes=5-"}),
    ):
        here = client.open("/doc/gov/122173", method=method, headers={**accept, **asked})
        headers = {name.lower(): value for name, value in {**accept, **asked}.items()}
        there = select_response(method, headers, whole)
        assert (here.status_code, here.data) == (there.status, there.body)
        assert sorted(here.headers.to_wsgi_list()) == sorted(there.headers)


def test_headers_that_a_response_has_already_stay(release: Release) -> None:
    own = [("Content-Type", "text/csv"), ("ETag", '"mine"'), ("Cache-Control", "no-cache"), ("Vary", "Accept")]
    given = HttpResponse(200, own, b"a,b\n" * 500)
    done, coded = (complete_response(given, "GET", accepted, read_marks(release)) for accepted in (None, "gzip"))
    headers = dict(done.headers)
    assert (headers["ETag"], headers["Cache-Control"], headers["Vary"]) == ('"mine"', "no-cache", "Accept, Accept-Encoding")
    assert dict(coded.headers)["ETag"] != headers["ETag"], "other bytes have another tag"
    assert gzip.decompress(coded.body) == done.body == given.body
    assert given == HttpResponse(200, own, b"a,b\n" * 500), "the given one is not changed"
