"""The W3C tests of the SPARQL 1.1 Protocol: each request gets the status and the format that it expects.

The endpoint is for reading, so the tests of updates, which all expect success or an error, get an error here. The graphs of
the tests are graphs of the release.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from serving import Answer, Running, serve

from lod.release import Release

SPARQL_QUERY, SPARQL_UPDATE, FORM = "application/sparql-query", "application/sparql-update", "application/x-www-form-urlencoded"
ROWS = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}
BOOLEAN = {"application/sparql-results+json", "application/sparql-results+xml"}
GRAPH = {"text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"}
ONE, TWO, THREE = (f"http://localhost:8000/graph/edition/00{n}" for n in (2, 3, 4))


@dataclass(frozen=True)
class Case:
    """A request of the suite, by the name that it has there."""

    name: str
    method: str
    body: str | bytes = ""
    content_type: str | None = None
    address: list[tuple[str, str]] = field(default_factory=list)


def default_graphs(*iris: str) -> list[tuple[str, str]]:
    return [("default-graph-uri", iri) for iri in iris]


def named_graphs(*iris: str) -> list[tuple[str, str]]:
    return [("named-graph-uri", iri) for iri in iris]


IN_ONE = f"<{ONE}> ?p ?o"
BOTH = (
    "ASK { ?a jle:inEdition <http://localhost:8000/id/edition/002> . ?b jle:inEdition <http://localhost:8000/id/edition/003> }"
)
BOTH_NAMED = (
    "ASK { GRAPH ?g1 { ?a jle:inEdition <http://localhost:8000/id/edition/002> } "
    "GRAPH ?g2 { ?b jle:inEdition <http://localhost:8000/id/edition/003> } }"
)
FULL = "ASK { ?c jle:inEdition <http://localhost:8000/id/edition/004> " + BOTH_NAMED.removeprefix("ASK {")
OTHER_FROM = f"ASK FROM <{TWO}> {{ ?a jle:inEdition <http://localhost:8000/id/edition/002> }}"
TRUE = [
    Case("query_get", "GET", address=[("query", "ASK {}")]),
    Case("query_post_form", "POST", "query=ASK%20%7B%7D", FORM, default_graphs(ONE)),
    Case("query_post_direct", "POST", "ASK {}", SPARQL_QUERY),
    Case("query_dataset_default_graphs_get", "GET", address=[("query", BOTH), *default_graphs(ONE, TWO)]),
    Case("query_dataset_default_graphs_post", "POST", BOTH, SPARQL_QUERY, default_graphs(ONE, TWO)),
    Case("query_dataset_named_graphs_get", "GET", address=[("query", BOTH_NAMED), *named_graphs(ONE, TWO)]),
    Case("query_dataset_named_graphs_post", "POST", BOTH_NAMED, SPARQL_QUERY, named_graphs(ONE, TWO)),
    Case("query_dataset_full", "POST", FULL, SPARQL_QUERY, [*default_graphs(THREE), *named_graphs(ONE, TWO)]),
    Case("query_multiple_dataset", "POST", OTHER_FROM, SPARQL_QUERY, default_graphs(ONE)),
    Case("query by the method QUERY", "QUERY", "ASK {}", SPARQL_QUERY),
    Case("query by the method QUERY, in a form", "QUERY", "query=ASK+%7B%7D", FORM),
]
TYPED = [
    (Case("query_content_type_select", "POST", "SELECT (1 AS ?value) {}", SPARQL_QUERY), ROWS),
    (Case("query_content_type_ask", "POST", "ASK {}", SPARQL_QUERY), BOOLEAN),
    (Case("query_content_type_describe", "POST", "DESCRIBE <http://example.org/>", SPARQL_QUERY), GRAPH),
    (Case("query_content_type_construct", "POST", "CONSTRUCT { <s> <p> 1 } WHERE {}", SPARQL_QUERY), GRAPH),
]
UTF_16 = "; charset=UTF-16"
DATASET_CONFLICT = (
    "using-named-graph-uri=http%3A%2F%2Fexample%2Fpeople&update=WITH%20%3Ca%3Ab%3E%20DELETE%20%7B%7D%20WHERE%20%7B%7D"
)
INSERT = "INSERT DATA { GRAPH <http://example.org/g> { <http://example.org/s> a <http://example.org/c> } }"
REFUSED = [
    (Case("bad_query_method", "PUT", address=[("query", "ASK {}")]), 405),
    (Case("bad_multiple_queries", "GET", address=[("query", "ASK {}"), ("query", "SELECT * {}")]), 400),
    (Case("bad_query_wrong_media_type", "POST", "ASK {}", "text/plain"), 415),
    (Case("bad_query_missing_form_type", "POST", "query=ASK%20%7B%7D"), 415),
    (Case("bad_query_missing_direct_type", "POST", "ASK {}"), 415),
    (Case("bad_query_non_utf8", "POST", "ASK {}".encode("utf-16"), SPARQL_QUERY + UTF_16), 415),
    (Case("bad_query_syntax", "GET", address=[("query", "ASK {")]), 400),
    (Case("bad_update_get", "GET", address=[("update", "CLEAR ALL")]), 403),
    (Case("bad_multiple_updates", "POST", "update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM), 403),
    (Case("bad_update_wrong_media_type", "POST", "CLEAR NAMED", "text/plain"), 415),
    (Case("bad_update_missing_form_type", "POST", "update=CLEAR%20NAMED"), 415),
    (Case("bad_update_non_utf8", "POST", "CLEAR NAMED".encode("utf-16"), SPARQL_UPDATE + UTF_16), 403),
    (Case("bad_update_syntax", "POST", "update=CLEAR%20XYZ", FORM), 403),
    (Case("bad_update_dataset_conflict", "POST", DATASET_CONFLICT, FORM), 403),
    (Case("update_dataset_default_graph", "POST", INSERT, SPARQL_UPDATE, [("using-graph-uri", ONE)]), 403),
    (Case("update_dataset_default_graphs", "POST", INSERT, SPARQL_UPDATE, [("using-graph-uri", ONE)] * 2), 403),
    (Case("update_dataset_named_graphs", "POST", INSERT, SPARQL_UPDATE, [("using-named-graph-uri", ONE)]), 403),
    (
        Case("update_dataset_full", "POST", INSERT, SPARQL_UPDATE, [("using-graph-uri", ONE), ("using-named-graph-uri", TWO)]),
        403,
    ),
    (Case("update_post_form", "POST", "update=CLEAR%20ALL", FORM), 403),
    (Case("update_post_direct", "POST", "CLEAR ALL", SPARQL_UPDATE), 403),
    (Case("update_base_uri", "POST", "CLEAR GRAPH <http://example.org/g> ; INSERT DATA { <s> <p> <o> }", SPARQL_UPDATE), 403),
]


def send(client: FlaskClient, case: Case, accept: str | None = None):
    headers = {"Accept": accept} if accept else {}
    return client.open(
        "/sparql",
        method=case.method,
        query_string=case.address,
        data=case.body,
        headers=headers,
        **({"content_type": case.content_type} if case.content_type else {}),
    )


def name(value: object) -> str | None:
    return value.name if isinstance(value, Case) else None


@pytest.mark.parametrize("case", TRUE, ids=name)
def test_true(client: FlaskClient, case: Case) -> None:
    response = send(client, case)
    assert (response.status_code, response.mimetype) == (200, "application/sparql-results+json"), response.text
    assert json.loads(response.data)["boolean"] is True
    assert "<boolean>true</boolean>" in send(client, case, "application/sparql-results+xml").text


@pytest.mark.parametrize(("case", "types"), TYPED, ids=name)
def test_content_type(client: FlaskClient, case: Case, types: set[str]) -> None:
    response = send(client, case)
    assert response.status_code == 200
    assert response.mimetype in types
    assert {send(client, case, media_type).mimetype for media_type in types} == types


@pytest.mark.parametrize(("case", "status"), REFUSED, ids=name)
def test_refused(client: FlaskClient, case: Case, status: int) -> None:
    assert send(client, case).status_code == status


@pytest.fixture(scope="module")
def running(release: Release) -> Iterator[Running]:
    with serve(release.path.parent) as running:
        yield running


def send_over_socket(running: Running, case: Case, accept: str = "*/*") -> Answer:
    address = f"/sparql?{urlencode(case.address)}" if case.address else "/sparql"
    headers = {"Accept": accept, **({"Content-Type": case.content_type} if case.content_type else {})}
    return running.fetch(address, case.method, headers, case.body.encode() if isinstance(case.body, str) else case.body)


def test_the_whole_suite_holds_over_sockets_also_when_results_are_kept(running: Running) -> None:
    expected = {
        **{case.name: (200, "application/sparql-results+json", True) for case in TRUE},
        **{case.name: (200, True, None) for case, _ in TYPED},
        **{case.name: (status, "application/problem+json", None) for case, status in REFUSED},
    }
    types = {case.name: found for case, found in TYPED}
    for _ in range(2):
        found = {}
        for case in (*TRUE, *(c for c, _ in TYPED), *(c for c, _ in REFUSED)):
            accept = "*/*" if case.name in types else "application/sparql-results+json, application/json;q=0.5"
            answer = send_over_socket(running, case, accept)
            media_type = answer.headers["content-type"].partition(";")[0]
            kind = media_type in types[case.name] if case.name in types else media_type
            found[case.name] = (answer.status, kind, answer.json["boolean"] if case in TRUE else None)
        assert found == expected


FORM_OF_ASK = Case("a query in a form", "POST", "query=ASK%7B%7D", FORM)


@pytest.mark.parametrize(("method", "status"), [("PUT", 405), ("DELETE", 405), ("PATCH", 405), ("BREW", 501), ("post", 501)])
def test_no_other_method_gets_the_kept_result_of_a_query(running: Running, method: str, status: int) -> None:
    assert send_over_socket(running, FORM_OF_ASK).status == 200
    refused = send_over_socket(running, replace(FORM_OF_ASK, method=method))
    assert refused.status == status
    if status == 405:
        assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "QUERY", "OPTIONS"}


def test_a_browser_may_ask_whether_it_may_ask(running: Running) -> None:
    answer = running.fetch("/sparql", "OPTIONS", {"Origin": "https://example.org", "Access-Control-Request-Method": "QUERY"})
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "QUERY" in answer.headers["access-control-allow-methods"]
    assert answer.headers["accept-query"] == f"{SPARQL_QUERY}, {FORM}"


def test_a_body_that_is_compressed_is_refused_as_that(running: Running) -> None:
    headers = {"Content-Type": SPARQL_QUERY, "Content-Encoding": "gzip"}
    answer = running.fetch("/sparql", "POST", headers, gzip.compress(b"ASK {}"))
    assert (answer.status, answer.headers["accept-encoding"]) == (415, "identity")


def test_a_query_by_its_own_method_is_kept_by_its_body(running: Running) -> None:
    asked = [
        running.fetch(
            "/sparql", "QUERY", {"Content-Type": SPARQL_QUERY, "Accept": "text/csv"}, f"SELECT ({n} AS ?x) {{}}".encode()
        )
        for n in (1, 2, 1)
    ]
    assert [a.text for a in asked] == ["x\r\n1\r\n", "x\r\n2\r\n", "x\r\n1\r\n"]
    tag = asked[0].headers["etag"]
    headers = {"Content-Type": SPARQL_QUERY, "Accept": "text/csv", "If-None-Match": tag}
    again = running.fetch("/sparql", "QUERY", headers, b"SELECT (1 AS ?x) {}")
    assert (again.status, again.body, again.headers["etag"], again.headers["vary"]) == (304, b"", tag, asked[0].headers["vary"])


def test_all_34_tests_of_the_suite_are_here() -> None:
    names = {c.name for c in TRUE} | {c.name for c, _ in TYPED} | {c.name for c, _ in REFUSED}
    assert len([n for n in names if " " not in n]) == 34


def test_the_methods_and_types_are_told(client: FlaskClient) -> None:
    for response in (
        client.options("/sparql"),
        client.get("/sparql"),
        client.post("/sparql", data=b"", content_type="text/plain"),
    ):
        assert response.headers["Accept-Query"] == f"{SPARQL_QUERY}, {FORM}"
    assert set(client.options("/sparql").allow) == {"GET", "HEAD", "POST", "QUERY", "OPTIONS"}
