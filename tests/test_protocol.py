"""The W3C tests of the SPARQL 1.1 Protocol: each request gets the status and the format that it expects.

The endpoint is for reading, so the tests of updates, which all expect success or an error, get an error here. The graphs of
the tests are graphs of the release.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from flask.testing import FlaskClient

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
