"""One error body for all routes: as a page, as text, or as JSON by RFC 9457."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug import exceptions
from werkzeug.test import TestResponse

from lod.release import Release
from server.app import create_app
from server.problems import make_problem, write_problem

JSON = "application/problem+json"
QUERY = {"content_type": "application/sparql-query"}
CASES = [  # method, path, further arguments, status
    ("GET", "/nowhere", {}, 404),
    ("GET", "/doc/gov/999999", {}, 404),
    ("GET", "/id/gov/999999", {}, 404),
    ("GET", "/dumps/nope.ttl", {}, 404),
    ("GET", "/source/999.txt", {}, 404),
    ("GET", "/ontology.doc", {}, 404),
    ("POST", "/doc/gov/122173", {}, 405),
    ("DELETE", "/sparql", {}, 405),
    ("PUT", "/", {}, 405),
    ("GET", "/doc/gov/122173?format=docx", {}, 400),
    ("GET", "/sparql?query=SELEKT", {}, 400),
    ("GET", "/sparql?query=ASK{}&query=ASK{}", {}, 400),
    ("GET", "/sparql?query=ASK{}&default-graph-uri=nope", {}, 400),
    ("GET", "/sparql?query=%FF", {}, 400),
    ("GET", "/sparql?update=DROP+ALL", {}, 403),
    ("POST", "/sparql", {"data": b"ASK {}", "content_type": "text/plain"}, 415),
    ("POST", "/sparql", {"data": b"ASK {}"}, 415),
    ("POST", "/sparql", {"data": b"\xff", "content_type": "application/sparql-query"}, 400),
    ("POST", "/sparql", {"data": b"ASK {}", "content_type": "application/sparql-query; charset=utf-16"}, 415),
    ("POST", "/sparql", {"data": b"DROP ALL", "content_type": "application/sparql-update"}, 403),
    ("POST", "/sparql", {"data": b"#" * 100_001, "content_type": "application/sparql-query"}, 413),
    ("POST", "/sparql", {"data": b"#" * 1_000_000, "content_type": "application/sparql-query"}, 413),
    ("GET", f"/sparql?query={'a' * 100_001}", {}, 414),
    ("GET", f"/doc/{'a' * 8_000}", {}, 414),
    ("GET", f"/doc/{'%E6%9F%8F' * 900}", {}, 414),
    ("GET", f"/doc/gov/122173?x={'a' * 8_000}", {}, 414),
    ("GET", f"/doc/{'a' * 7_000}", {}, 404),
    ("GET", "/doc/gov/%FF%00", {}, 404),
    ("GET", "/doc/gov/122173?format=%FF%00", {}, 400),
    ("POST", "/sparql", {"data": b"ASK {}", **QUERY, "headers": {"Content-Encoding": "gzip"}}, 415),
    ("POST", "/doc/gov/122173", {"data": b"x", "headers": {"Content-Encoding": "br"}}, 415),
    ("BREW", "/", {}, 501),
    ("BREW", "/nowhere", {}, 501),
    ("get", "/", {}, 501),
    ("Post", "/sparql", {}, 501),
    ("TRACE", "/", {}, 405),
    ("PATCH", "/dumps/all.nq", {}, 405),
    ("POST", "/nowhere", {}, 404),
]


def open_as_sent(client: FlaskClient, path: str, method: str, arguments: dict[str, Any]) -> TestResponse:
    """The test client writes methods in capitals, as a server does not."""
    overrides = {"REQUEST_METHOD": method}
    return client.open(path, method=method, environ_overrides=overrides, **arguments)


@pytest.mark.parametrize(("method", "path", "arguments", "status"), CASES, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/plain"),
        ("text/html,*/*;q=0.8", "text/html"),
        ("application/json", JSON),
        ("application/sparql-results+json", JSON),
        ("text/csv", "text/plain"),
    ],
)
def test_every_error_in_the_form_that_the_client_reads(
    client: FlaskClient, method: str, path: str, arguments: dict[str, Any], status: int, accept: str, media_type: str
) -> None:
    headers = {"Accept": accept, **arguments.get("headers", {})}
    response = open_as_sent(client, path, method, {**arguments, "headers": headers})
    assert (response.status_code, response.mimetype) == (status, media_type)
    assert "Accept" in response.vary
    assert response.headers["Content-Language"] == "en"
    assert response.headers["Content-Length"] == str(len(response.data))
    assert response.headers["Cache-Control"] == ("public, max-age=30" if status == 404 else "no-store")
    assert not {"ETag", "Last-Modified", "Accept-Ranges"} & set(response.headers.keys())
    assert "Traceback" not in response.text
    if media_type == JSON:
        problem = json.loads(response.data)
        assert set(problem) <= {"type", "title", "status", "detail", "offers", "line", "column", "token"}
        assert problem["status"] == status
        assert problem["title"]
        assert problem["detail"]
    else:
        assert str(status) in response.text


def test_a_suffix_or_format_parameter_decides_the_form_of_the_error_too(client: FlaskClient) -> None:
    assert client.get("/doc/gov/999999.jsonld").mimetype == JSON
    assert client.get("/doc/gov/999999.html").mimetype == "text/html"
    assert client.get("/doc/gov/999999.ttl", headers={"Accept": "text/html"}).mimetype == "text/plain"
    assert client.get("/doc/gov/999999?format=json").mimetype == JSON


def test_406_lists_what_is_offered(client: FlaskClient) -> None:
    response = client.get("/doc/gov/122173", headers={"Accept": "image/png, application/problem+json"})
    assert response.status_code == 406
    assert json.loads(response.data)["offers"] == [
        "text/html",
        "text/turtle",
        "application/ld+json",
        "application/n-triples",
        "application/rdf+xml",
        "application/n-quads",
        "application/trig",
        "application/json",
        'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"',
        'application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened"',
        "text/csv",
    ]
    response = client.get("/sparql?query=ASK{}", headers={"Accept": "text/turtle"})
    assert response.status_code == 406
    assert "application/sparql-results+json" in response.text


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/sparql", {"GET", "HEAD", "POST", "QUERY", "OPTIONS"}), ("/doc/gov/122173", {"GET", "HEAD", "OPTIONS"})],
)
def test_405_and_options_name_the_methods(client: FlaskClient, path: str, methods: set[str]) -> None:
    response = client.patch(path)
    assert response.status_code == 405
    assert set(response.allow) == methods
    assert set(client.options(path).allow) == methods


def test_a_fault_of_ours_is_a_500_without_a_traceback(release: Release) -> None:
    app = create_app(release)
    app.logger.disabled = True

    @app.get("/fault")
    def fail() -> str:
        raise KeyError("a secret of the implementation")

    response = app.test_client().get("/fault")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.mimetype == "text/plain"


@pytest.mark.parametrize(
    ("method", "path", "arguments", "status"), [c for c in CASES if c[0] == "GET"], ids=lambda v: str(v)[:40]
)
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/json"])
def test_head_of_an_error_has_the_headers_of_get(
    client: FlaskClient, method: str, path: str, arguments: dict[str, Any], status: int, accept: str
) -> None:
    get, head = (client.open(path, method=m, headers={"Accept": accept}) for m in ("GET", "HEAD"))
    assert (head.status_code, head.data) == (status, b"")
    assert head.headers == get.headers


@pytest.mark.parametrize("accept", ["text/turtle", "application/rdf+xml", "application/n-triples, application/trig;q=0.9"])
def test_who_takes_only_rdf_gets_errors_as_text_and_who_takes_json_ld_as_json(client: FlaskClient, accept: str) -> None:
    assert client.get("/doc/gov/999999", headers={"Accept": accept}).mimetype == "text/plain"
    assert client.get("/doc/gov/999999", headers={"Accept": f"{accept}, application/ld+json"}).mimetype == JSON


@pytest.mark.parametrize("path", ["/", "/doc/gov/122173", "/id/gov/122173", "/ontology", "/graph/quality", "/dumps/all.nq"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_what_is_for_reading_names_the_methods_that_it_takes(client: FlaskClient, path: str, method: str) -> None:
    response = client.open(path, method=method)
    assert (response.status_code, set(response.allow)) == (405, {"GET", "HEAD", "OPTIONS"})


def test_a_body_that_is_coded_is_refused_with_what_is_taken(client: FlaskClient) -> None:
    """RFC 9110 section 8.4."""
    response = client.post("/sparql", data=b"x", headers={"Content-Encoding": "gzip"}, **QUERY)
    assert (response.status_code, response.headers["Accept-Encoding"]) == (415, "identity")
    plain = client.post("/sparql", data=b"ASK {}", headers={"Content-Encoding": "identity"}, **QUERY)
    assert plain.status_code == 200
    assert "Accept-Encoding" not in client.post("/sparql", data=b"x", content_type="text/plain").headers


def test_a_long_query_may_be_in_the_address_of_the_endpoint(client: FlaskClient) -> None:
    query = "ASK {} #" + "a" * 20_000
    assert client.get("/sparql", query_string={"query": query}).status_code == 200


WRITTEN = (  # what a front or a route raises, and what the sentence must tell the client to do
    (exceptions.RequestTimeout(), 408, "again"),
    (exceptions.Gone(), 410, "replaced"),
    (exceptions.RequestEntityTooLarge(), 413, "less"),
    (exceptions.RequestURITooLarge(), 414, "POST"),
    (exceptions.UnsupportedMediaType(), 415, "uncompressed"),
    (exceptions.TooManyRequests(retry_after=7), 429, "Retry-After"),
    (exceptions.RequestHeaderFieldsTooLarge(), 431, "fewer"),
    (exceptions.ServiceUnavailable(retry_after=7), 503, "Retry-After"),
    (exceptions.GatewayTimeout(), 504, "dump"),
)


@pytest.fixture(scope="module")
def raiser(release: Release) -> FlaskClient:
    """A client of an application that raises what it is asked for."""
    app = create_app(release)

    @app.get("/raise/<int:status>")
    def fail(status: int) -> str:
        raise next(error for error, code, _ in WRITTEN if code == status)

    return app.test_client()


@pytest.mark.parametrize(("error", "status", "told"), WRITTEN, ids=str)
def test_every_refusal_says_what_to_do(raiser: FlaskClient, error: exceptions.HTTPException, status: int, told: str) -> None:
    response = raiser.get(f"/raise/{status}")
    assert (response.status_code, response.mimetype) == (status, "text/plain")
    assert told in response.text
    assert response.headers.get("Retry-After") == ("7" if status in (429, 503) else None)


@pytest.mark.parametrize(("error", "status", "told"), WRITTEN, ids=str)
def test_what_is_refused_before_the_application_reads_the_same(error: exceptions.HTTPException, status: int, told: str) -> None:
    text, as_json = (write_problem(make_problem(status), a, {"Retry-After": "7"}) for a in (None, "application/json"))
    assert (text.status, as_json.status) == (status, status)
    assert told in text.body.decode()
    assert json.loads(as_json.body)["detail"] in text.body.decode()
    headers = dict(text.headers)
    assert headers["Content-Length"] == str(len(text.body))
    assert (headers["Retry-After"], headers["Cache-Control"]) == ("7", "no-store")
    assert dict(as_json.headers)["Content-Type"] == JSON


def test_every_response_is_guarded(client: FlaskClient) -> None:
    for path in ("/", "/doc/gov/122173", "/nowhere", "/dumps/current.ttl", "/sparql", "/static/style.css"):
        headers = client.get(path, headers={"Accept": "*/*"}, buffered=True).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Access-Control-Allow-Origin"] == "*"
