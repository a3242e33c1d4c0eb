"""What a request asks of the endpoint, without a server around it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from werkzeug.exceptions import HTTPException

from server.configuration import QueryLimits
from server.exchange import HttpRequest
from server.operations import Operation, normalize_operation, read_operation

LIMITS = QueryLimits(size=200)
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"


def make_request(method: str, query: str = "", body: bytes = b"", content_type: str = "", accept: str = "") -> HttpRequest:
    headers = {"content-type": content_type, "accept": accept}
    return HttpRequest(method, "/sparql", query, {n: v for n, v in headers.items() if v}, body)


SAME = [
    make_request("GET", f"query={quote('ASK { <a:課> ?p 1 }')}"),
    make_request("GET", "query=ASK+%7B+%3Ca%3A%E8%AA%B2%3E+%3Fp+1+%7D"),
    make_request("GET", "query=ASK+%7b+%3ca%3a%e8%aa%b2%3e+%3fp+1+%7d"),
    make_request("GET", "&query=ASK+{+<a:%E8%AA%B2>+?p+1+}&"),
    make_request("GET", "query=ASK+{+<a:課>+?p+1+}".encode().decode("latin-1")),
    make_request("HEAD", f"query={quote('ASK { <a:課> ?p 1 }')}"),
    make_request("POST", "", f"query={quote('ASK { <a:課> ?p 1 }')}".encode(), FORM),
    make_request("POST", "", "query=ASK { <a:課> ?p 1 }".encode(), f"{FORM}; charset=utf-8"),
    make_request("POST", "", "ASK { <a:課> ?p 1 }".encode(), QUERY),
    make_request("POST", "", "ASK { <a:課> ?p 1 }".encode(), f'{QUERY};charset="UTF-8"'),
    make_request("QUERY", "", "ASK { <a:課> ?p 1 }".encode(), QUERY.upper()),
    make_request("QUERY", "", f"query={quote('ASK { <a:課> ?p 1 }')}".encode(), FORM),
]


@pytest.mark.parametrize("request_", SAME, ids=lambda r: f"{r.method} {r.query[:30]} {r.body[:20]!r}")
def test_all_ways_to_send_a_query_are_one(request_: HttpRequest) -> None:
    assert read_operation(request_, LIMITS) == Operation("ASK { <a:課> ?p 1 }")


def test_a_plus_is_a_blank_and_a_plus_that_is_encoded_is_one() -> None:
    for request in (make_request("GET", "query=ASK+%2B"), make_request("POST", "", b"query=ASK+%2B", FORM)):
        assert read_operation(request, LIMITS) == Operation("ASK +")
    assert read_operation(make_request("POST", "", b"ASK+%2B", QUERY), LIMITS) == Operation("ASK+%2B")


GRAPHS = "default-graph-uri=a:1&default-graph-uri=a:2&default-graph-uri=a:1&named-graph-uri=a:3&format=csv"


@pytest.mark.parametrize(
    "request_",
    [
        make_request("GET", f"query=ASK{{}}&{GRAPHS}"),
        make_request("POST", GRAPHS, b"ASK{}", QUERY),
        make_request("QUERY", GRAPHS, b"ASK{}", QUERY),
        make_request("POST", "", f"query=ASK{{}}&{GRAPHS}".encode(), FORM),
        make_request("POST", GRAPHS, b"query=ASK{}", FORM),
        make_request(
            "POST", "default-graph-uri=a:1", b"query=ASK{}&default-graph-uri=a:2&named-graph-uri=a:3&format=csv", FORM
        ),
    ],
    ids=lambda r: f"{r.method} {r.query[:20]} {r.body[:20]!r}",
)
def test_graphs_and_format_come_from_the_address_and_from_a_form_each_graph_once(request_: HttpRequest) -> None:
    assert read_operation(request_, LIMITS) == Operation("ASK{}", ("a:1", "a:2"), ("a:3",), "csv")


@pytest.mark.parametrize("query", ["", "format=ttl", "default-graph-uri=a:1"])
def test_an_address_without_a_query_asks_for_the_description(query: str) -> None:
    assert read_operation(make_request("GET", query), LIMITS) is None


LONG = b"#" * 201
WRONG = {
    "an empty query": (make_request("GET", "query="), 400, "no query"),
    "a blank query": (make_request("GET", "query=+%0A"), 400, "no query"),
    "no query in a form": (make_request("POST", "", b"a=b", FORM), 400, "no query"),
    "no body": (make_request("POST", "", b"", QUERY), 400, "no query"),
    "two queries": (make_request("GET", "query=ASK{}&query=ASK{}"), 400, "several"),
    "a query in the address and in the form": (make_request("POST", "query=ASK{}", b"query=ASK{}", FORM), 400, "several"),
    "a query in the address and as the body": (make_request("POST", "query=ASK{}", b"ASK{}", QUERY), 400, "several"),
    "a relative graph": (make_request("GET", "query=ASK{}&default-graph-uri=x"), 400, "absolute IRI"),
    "a graph with a blank": (make_request("GET", "query=ASK{}&named-graph-uri=a:+b"), 400, "absolute IRI"),
    "percent-encoded Latin-1": (make_request("GET", "query=%E9"), 400, "not percent-encoded UTF-8"),
    "Latin-1 in a form": (make_request("POST", "", b"query=\xe9", FORM), 400, "not percent-encoded UTF-8"),
    "a name that is no UTF-8": (make_request("GET", "query=ASK{}&%FF=1"), 400, "not percent-encoded UTF-8"),
    "a body that is no UTF-8": (make_request("POST", "", b"\xe9", QUERY), 400, "not UTF-8"),
    "too many parameters": (make_request("GET", "query=ASK{}" + "&a=b" * 1000), 400, "more than 1,000 parameters"),
    "too many in a form": (make_request("POST", "", b"query=ASK{}" + b"&a=b" * 1000, FORM), 400, "more than 1,000 parameters"),
    "no type": (make_request("POST", "", b"ASK{}"), 415, "comes as"),
    "another type": (make_request("QUERY", "", b"ASK{}", "application/json"), 415, "comes as"),
    "parts": (make_request("POST", "", b"ASK{}", "multipart/form-data; boundary=x"), 415, "comes as"),
    "another charset": (make_request("POST", "", b"ASK{}", f"{QUERY}; charset=shift_jis"), 415, "UTF-8"),
    "another charset of a form": (make_request("POST", "", b"query=ASK{}", f"{FORM}; charset=euc-jp"), 415, "UTF-8"),
    "an update": (make_request("POST", "", b"DROP ALL", UPDATE), 403, "reading"),
    "an update in a form": (make_request("POST", "", b"update=DROP+ALL", FORM), 403, "reading"),
    "an update in the address": (make_request("GET", "update=DROP+ALL"), 403, "reading"),
    "an update beside a query": (make_request("GET", "update=DROP+ALL&query=ASK{}"), 403, "reading"),
    "a long address": (make_request("GET", f"query={quote(LONG)}"), 414, "200 bytes"),
    "a long form": (make_request("POST", "", f"query={quote(LONG)}".encode(), FORM), 413, "200 bytes"),
    "a long body": (make_request("POST", "", LONG, QUERY), 413, "200 bytes"),
    "a body that is long in bytes": (make_request("POST", "", ("#" + "課" * 67).encode(), QUERY), 413, "200 bytes"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_has_its_status_and_its_reason(what: str) -> None:
    request, status, reason = WRONG[what]
    with pytest.raises(HTTPException, match=reason) as caught:
        read_operation(request, LIMITS)
    assert caught.value.code == status


def test_operations_with_the_same_response_have_the_same_key() -> None:
    keys = {
        normalize_operation(Operation(text, (), (), wanted, accept))
        for text in ("ASK{}", " ASK{}\n", "\r\n\tASK{}")
        for wanted, accept in (
            ("json", ""),
            ("", ""),
            ("", "*/*"),
            ("json", "text/csv"),
            ("", "application/sparql-results+json, */*;q=0.1"),
        )
    }
    assert {key[:4] for key in keys} == {("ASK{}", (), (), "application/sparql-results+json")}


def test_operations_with_other_responses_have_other_keys() -> None:
    operations = [
        Operation("ASK{}"),
        Operation("ASK {}"),
        Operation("ASK{}\u3000"),
        Operation("ASK{}", ("a:1",)),
        Operation("ASK{}", ("a:1", "a:2")),
        Operation("ASK{}", (), ("a:1",)),
        Operation("ASK{}", wanted="csv"),
        Operation("ASK{}", accept="application/json"),
        Operation("ASK{}", accept="text/html"),
        Operation("ASK{}", accept="image/png"),
    ]
    assert len({normalize_operation(o) for o in operations}) == len(operations)


def test_a_format_longer_than_any_name_of_one_is_not_kept_whole() -> None:
    operation = read_operation(HttpRequest("GET", "/sparql", f"query=ASK{{}}&format={'x' * 300_000}"), QueryLimits())
    assert operation
    assert len(operation.wanted) < 300
