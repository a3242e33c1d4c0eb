"""One error body for all routes: as a page, as text, or as JSON by RFC 9457."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from lod.release import Release
from server.app import create_app

JSON = "application/problem+json"
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
]


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
    client: FlaskClient, method: str, path: str, arguments: dict[str, object], status: int, accept: str, media_type: str
) -> None:
    response = client.open(path, method=method, headers={"Accept": accept}, **arguments)
    assert (response.status_code, response.mimetype) == (status, media_type)
    assert "Accept" in response.vary
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
    response = client.get("/doc/gov/122173", headers={"Accept": "image/png, application/json"})
    assert response.status_code == 406
    assert json.loads(response.data)["offers"] == [
        "text/html",
        "text/turtle",
        "application/ld+json",
        "application/n-triples",
        "application/rdf+xml",
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


def test_every_response_is_guarded(client: FlaskClient) -> None:
    for path in ("/", "/doc/gov/122173", "/nowhere", "/dumps/current.ttl", "/sparql", "/static/style.css"):
        headers = client.get(path, headers={"Accept": "*/*"}, buffered=True).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Access-Control-Allow-Origin"] == "*"
