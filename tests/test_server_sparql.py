"""The SPARQL endpoint: the forms of a request, the formats of a result, the data set that is asked."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from rdflib import Graph
from werkzeug.exceptions import BadRequest

from lod.release import Release
from server.app import create_app
from server.configuration import QueryLimits
from server.dataset import load_dataset
from server.endpoint import Endpoint, make_endpoint
from server.operations import Operation
from server.pages.examples import read_examples
from server.representations import REPRESENTATIONS, Representation
from server.results import DOWNLOADS
from server.sparql import NeedsConnection, answer_operation

EMAILS = "SELECT ?email WHERE { gov:122173 schema:contactPoint/schema:email ?email } ORDER BY ?email"
KASHIWA = ["info-kysk@city.kashiwa.chiba.jp", "shido@city.kashiwa.chiba.jp"]
CONSTRUCT = "CONSTRUCT { ?s schema:name ?name } WHERE { ?s a schema:GovernmentOrganization ; schema:name ?name }"
QUERY_TYPE = "application/sparql-query"
FORM_TYPE = "application/x-www-form-urlencoded"


def ask(client: FlaskClient, query: str, **parameters: object) -> list[dict[str, str]]:
    """The rows of a query, as plain values."""
    response = client.get("/sparql", query_string={"query": query, "format": "json", **parameters})
    assert response.status_code == 200, response.text
    return [{name: value["value"] for name, value in row.items()} for row in json.loads(response.data)["results"]["bindings"]]


def test_the_three_ways_to_ask_give_the_same_answer(client: FlaskClient) -> None:
    answers = [
        client.get("/sparql", query_string={"query": EMAILS}),
        client.post("/sparql", data={"query": EMAILS}),
        client.post("/sparql", data=EMAILS.encode(), content_type=QUERY_TYPE),
        client.post("/sparql", data=EMAILS.encode(), content_type=f"{QUERY_TYPE}; charset=UTF-8"),
        client.post("/sparql", data=f"query={quote(EMAILS)}".encode(), content_type=f"{FORM_TYPE}; charset=utf-8"),
    ]
    assert {a.status_code for a in answers} == {200}
    assert len({a.data for a in answers}) == 1
    assert {a.mimetype for a in answers} == {"application/sparql-results+json"}
    assert [row["email"]["value"] for row in json.loads(answers[0].data)["results"]["bindings"]] == KASHIWA


def test_japanese_in_a_form_arrives_unharmed(client: FlaskClient) -> None:
    query = 'SELECT ?s WHERE { ?s a schema:City ; schema:name "柏市"@ja }'
    for data in (f"query={quote(query)}", f"query={quote(query).replace('%20', '+')}"):
        response = client.post("/sparql", data=data.encode(), content_type=FORM_TYPE)
        assert [row["s"]["value"][-11:] for row in json.loads(response.data)["results"]["bindings"]] == ["area/122173"]
    query = "SELECT (<http://example.org/課> AS ?iri) WHERE {}"
    response = client.post("/sparql", data=f"query={quote(query)}".encode(), content_type=FORM_TYPE)
    assert json.loads(response.data)["results"]["bindings"][0]["iri"]["value"] == "http://example.org/課"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/xml;q=0.9, image/png", "application/xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/csv;q=0, text/*", "text/tab-separated-values"),
    ],
)
@pytest.mark.parametrize("query", [EMAILS, "ASK { gov:122173 a schema:GovernmentOrganization }"])
def test_rows_and_answers_come_in_the_format_asked_for(
    client: FlaskClient, query: str, accept: str | None, media_type: str
) -> None:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert "Accept" in response.vary


def test_all_formats_of_rows_hold_the_same(client: FlaskClient) -> None:
    def get(suffix: str) -> bytes:
        return client.get("/sparql", query_string={"query": EMAILS, "format": suffix}).data

    assert [row["email"]["value"] for row in json.loads(get("json"))["results"]["bindings"]] == KASHIWA
    assert [row["email"] for row in csv.DictReader(io.StringIO(get("csv").decode()))] == KASHIWA
    assert get("tsv").decode().split("\n")[:3] == ["?email", *(f'"{email}"' for email in KASHIWA)]
    namespace = "{http://www.w3.org/2005/sparql-results#}"
    assert [e.text for e in ElementTree.fromstring(get("xml")).iter(f"{namespace}literal")] == KASHIWA
    assert all(email in get("html").decode() for email in KASHIWA)


@pytest.mark.parametrize(
    ("suffix", "expected"), [("json", True), ("xml", "true"), ("csv", "true"), ("tsv", "true"), ("html", "Yes")]
)
def test_ask_in_all_formats(client: FlaskClient, suffix: str, expected: object) -> None:
    response = client.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }", "format": suffix})
    assert json.loads(response.data)["boolean"] is True if suffix == "json" else str(expected) in response.text


@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE gov:122173"])
def test_graphs_are_the_same_in_all_formats(client: FlaskClient, query: str) -> None:
    types = {
        "text/turtle": "turtle",
        "application/n-triples": "nt",
        "application/rdf+xml": "xml",
        "application/ld+json": "json-ld",
    }
    graphs = []
    for media_type, name in types.items():
        response = client.get("/sparql", query_string={"query": query}, headers={"Accept": media_type})
        assert (response.status_code, response.mimetype) == (200, media_type)
        graphs.append(frozenset(Graph().parse(data=response.data, format=name)))
    assert len(graphs[0]) > 0
    assert len(set(graphs)) == 1
    assert client.get("/sparql", query_string={"query": query}).mimetype == "text/turtle"


def test_triples_about_triples_are_refused_in_formats_that_cannot_say_them(client: FlaskClient) -> None:
    query = "CONSTRUCT { ?s schema:about <<( ?s a ?o )>> } WHERE { ?s a ?o } LIMIT 1"
    statuses = {
        f: client.get("/sparql", query_string={"query": query, "format": f}).status_code
        for f in ("ttl", "nt", "rdf", "jsonld", "html")
    }
    assert statuses == {"ttl": 200, "nt": 200, "rdf": 406, "jsonld": 406, "html": 200}


def test_the_default_graph_is_today_and_history_is_named(client: FlaskClient) -> None:
    assert [row["email"] for row in ask(client, EMAILS)] == KASHIWA
    named = ask(client, EMAILS.replace("{", "{ GRAPH ed:002 {", 1).replace("}", "}}", 1))
    assert [row["email"] for row in named] == [
        "chuokouminkan@city.kashiwa.chiba.jp",
        "kyodosuishin@city.kashiwa.chiba.jp",
        "shido@city.kashiwa.chiba.jp",
    ]


def test_the_protocol_may_name_the_default_graph(client: FlaskClient, release: Release) -> None:
    edition = f"{release.iris.base}graph/edition/002"
    rows = ask(client, EMAILS, **{"default-graph-uri": edition})
    assert len(rows) == 3
    count = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert ask(client, count, **{"default-graph-uri": edition}) == [{"n": "0"}], "no named graph was given"
    assert ask(client, count, **{"named-graph-uri": edition}) == [
        {"n": str(release.manifest["counts"]["triples"]["edition/002"])}
    ]
    assert ask(client, EMAILS, **{"named-graph-uri": edition}) == [], "no default graph was given"
    overridden = EMAILS.replace("WHERE", "FROM ed:003 WHERE")
    assert ask(client, overridden, **{"default-graph-uri": edition}) == rows


def test_the_protocol_names_graphs_in_a_form_and_beside_a_direct_query(client: FlaskClient, release: Release) -> None:
    edition = f"{release.iris.base}graph/edition/002"
    direct = client.post("/sparql", query_string={"default-graph-uri": edition}, data=EMAILS.encode(), content_type=QUERY_TYPE)
    form = client.post("/sparql", data={"query": EMAILS, "default-graph-uri": edition})
    assert direct.data == form.data
    assert len(json.loads(form.data)["results"]["bindings"]) == 3


def test_prefixes_and_base_of_the_release_need_no_declaration(client: FlaskClient) -> None:
    assert ask(client, "SELECT ?name WHERE { <id/gov/122173> schema:name ?name FILTER(LANG(?name) = 'ja') }") == [
        {"name": "柏市"}
    ]
    assert ask(client, "PREFIX gov: <http://example.org/> SELECT ?o WHERE { gov:122173 ?p ?o }") == []


def test_a_syntax_error_tells_where(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "SELECT * WHERE {\n ?s ?p }"})
    assert response.status_code == 400
    assert "“}” cannot stand at line 2, column 8" in response.text


def test_a_post_without_a_query_is_an_error(client: FlaskClient) -> None:
    assert client.post("/sparql", data=b"", content_type=QUERY_TYPE).status_code == 400
    assert client.post("/sparql", data={}, content_type=FORM_TYPE).status_code == 400


def test_the_form_offers_the_examples_and_each_of_them_runs(client: FlaskClient, release: Release) -> None:
    page = client.get("/sparql", headers={"Accept": "text/html"}).text
    page = page.replace('href="/sparql?format=ttl"', "")
    offered = [parse_qs(urlsplit(unescape(address)).query) for address in re.findall(r'href="(/sparql\?[^"]*)"', page)]
    examples = read_examples(release)
    assert len(examples) > 5
    assert [o["query"] for o in offered] == [[example.query] for example in examples]
    for example in examples:
        response = client.get("/sparql", query_string={"query": example.query}, headers={"Accept": "text/html"})
        assert response.status_code == 200, (example.name, response.text)
        assert example.title
        assert example.title_ja


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "DROP ALL",
        "PREFIX a: <http://a/> CLEAR DEFAULT",
        "LOAD <http://127.0.0.1:9/x>",
    ],
)
def test_updates_are_refused_and_change_nothing(client: FlaskClient, query: str) -> None:
    before = ask(client, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    for response in (
        client.get("/sparql", query_string={"query": query}),
        client.post("/sparql", data={"update": query}),
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", data=query.encode(), content_type="application/sparql-update"),
    ):
        assert response.status_code == 403
        assert "reading" in response.text
    assert ask(client, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }") == before


@pytest.mark.parametrize(("name", "media_type"), [("rdf+xml", "application/rdf+xml"), ("n3", "text/turtle")])
def test_names_of_formats_that_clients_use_are_understood(client: FlaskClient, name: str, media_type: str) -> None:
    query = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1"
    assert client.get("/sparql", query_string={"query": query, "format": name}).mimetype == media_type


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("CONSTRUCT { <http://a/s> <http://a/123> 'x' } {}", "application/rdf+xml"),
        ("SELECT ('\\u0001' AS ?x) {}", "application/sparql-results+xml"),
    ],
)
def test_what_xml_cannot_say_is_406(client: FlaskClient, query: str, accept: str) -> None:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert response.status_code == 406
    assert "cannot be said in" in response.text


@pytest.mark.parametrize("query", ["", " ", "#x"])
def test_query_without_words_is_400(client: FlaskClient, query: str) -> None:
    for response in (
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", data=query.encode(), content_type="application/sparql-query"),
        client.head("/sparql", query_string={"query": query}),
    ):
        assert response.status_code == 400


def test_undeclared_prefix_is_named(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "SELECT * { foo:x ?p ?o }"})
    assert "the prefix foo: is declared nowhere" in response.text


def test_browser_keeps_its_query_when_it_is_wrong(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "SELECT * { <b>"}, headers={"Accept": "text/html"})
    assert response.status_code == 400
    assert "SELECT * { &lt;b&gt;</textarea>" in response.text


@pytest.fixture(scope="module")
def endpoint(release: Release) -> Endpoint:
    return make_endpoint(load_dataset(release), QueryLimits(services=("https://example.org/sparql",)))


def make_operation(query: str, accept: str = "*/*") -> Operation:
    return Operation(query, accept=accept)


@pytest.mark.parametrize("accept", [r.media_type for r in DOWNLOADS])
def test_a_large_result_goes_to_the_sink_in_blocks(client: FlaskClient, endpoint: Endpoint, accept: str) -> None:
    query = "SELECT * { ?s ?p ?o } LIMIT 20000"
    blocks: list[bytes] = []
    answer = answer_operation(endpoint, make_operation(query, accept), blocks.append)
    assert answer is not None
    assert len(blocks) > 2
    whole = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert b"".join((*blocks, answer.body)) == whole.data
    headers = dict(answer.headers)
    assert headers["Content-Type"].split(";")[0] == accept
    assert headers["ETag"] == whole.headers["ETag"]


def test_a_small_result_does_not_need_the_sink(endpoint: Endpoint) -> None:
    answer = answer_operation(endpoint, make_operation("ASK {}"), lambda _: pytest.fail("nothing to pass on"))
    assert answer is not None
    assert answer.body == b'{"head":{},"boolean":true}'


def test_what_the_sink_raises_ends_the_answer(endpoint: Endpoint) -> None:
    def close(_: bytes) -> None:
        raise BrokenPipeError

    for accept in [r.media_type for r in DOWNLOADS]:
        with pytest.raises(BrokenPipeError):
            answer_operation(endpoint, make_operation("SELECT * { ?s ?p ?o }", accept), close)


def test_pages_are_left_to_the_application(endpoint: Endpoint) -> None:
    for query in ("ASK {}", CONSTRUCT):
        assert answer_operation(endpoint, make_operation(query, "text/html"), lambda _: None) is None
    assert answer_operation(endpoint, make_operation(CONSTRUCT, "text/html;q=0.5, text/turtle"), lambda _: None) is not None


def test_a_query_that_asks_an_allowed_service_needs_a_process_that_may_connect(endpoint: Endpoint) -> None:
    with pytest.raises(NeedsConnection):
        answer_operation(
            endpoint,
            make_operation("ASK { SERVICE <https://example.org/sparql> {} }"),
            lambda _: None,
        )
    with pytest.raises(BadRequest):
        answer_operation(
            endpoint,
            make_operation("ASK { SERVICE <https://example.org/other> {} }"),
            lambda _: None,
        )


def test_more_rows_than_the_limit_are_refused_in_every_format(release: Release) -> None:
    client = create_app(release, QueryLimits(rows=1500)).test_client()
    for query, formats in (
        ("SELECT * { ?s ?p ?o } LIMIT %d", "json xml csv tsv html"),
        (CONSTRUCT + " LIMIT %d", "ttl nt rdf jsonld html"),
    ):
        for form in formats.split():
            if "CONSTRUCT" not in query:
                more = client.get("/sparql", query_string={"query": query % 1501, "format": form})
                assert more.status_code == 422
                assert "more than 1,500 rows or triples" in more.text
            fitting = client.get("/sparql", query_string={"query": query % 100, "format": form})
            assert (fitting.status_code, fitting.headers["Madoguchi-Row-Limit"]) == (200, "1500")
    small = create_app(release, QueryLimits(rows=10)).test_client()
    for form in ["ttl", "nt", "rdf", "jsonld", "html"]:
        assert small.get("/sparql", query_string={"query": CONSTRUCT, "format": form}).status_code == 422


def test_an_empty_query_of_a_browser_is_an_error_on_the_form(client: FlaskClient) -> None:
    page = client.get("/sparql?query=&format=html", headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert "There is no query" in page.text
    assert "<textarea" in page.text


def test_the_page_says_where_the_error_is_and_how_many_rows_there_are(client: FlaskClient) -> None:
    wrong = client.get("/sparql", query_string={"query": "SELECT *\n{ ?s ?p }"}, headers={"Accept": "text/html"})
    assert "line 2, column 9: “}” cannot stand here" in wrong.text
    right = client.get("/sparql", query_string={"query": "SELECT * { ?s ?p ?o } LIMIT 1234"}, headers={"Accept": "text/html"})
    assert "1,234 rows; the first 100 are shown" in right.text


@pytest.mark.parametrize("offer", REPRESENTATIONS[1:], ids=lambda r: r.name)
def test_a_graph_comes_in_all_forms_of_documents(client: FlaskClient, offer: Representation) -> None:
    asked = {"query": "CONSTRUCT { <a:s> <a:p> 'x', <a:o> } {}"}
    by_header = client.get("/sparql", query_string=asked, headers={"Accept": offer.media_type})
    by_name = client.get("/sparql", query_string={**asked, "format": offer.name})
    assert by_header.content_type == by_name.content_type == offer.content_type
    assert by_header.data == by_name.data
    if offer.name != "json":  # which has its context elsewhere
        form = RdfFormat.from_media_type(offer.media_type)
        assert form is not None
        expected = {("<a:s>", "<a:p>", '"x"'), ("<a:s>", "<a:p>", "<a:o>")}
        assert {tuple(map(str, q.triple)) for q in parse(by_name.data, form)} == expected


def test_a_former_name_of_a_form_is_a_response_of_its_own(client: FlaskClient) -> None:
    asked = {"query": "CONSTRUCT { <a:s> <a:p> 1 } {}"}
    found = [
        client.get("/sparql", query_string=asked, headers={"Accept": a})
        for a in ("text/turtle", "text/n3", "application/n-triples", "text/plain")
    ]
    assert [r.mimetype for r in found] == ["text/turtle", "text/n3", "application/n-triples", "text/plain"]
    assert len({r.headers["ETag"] for r in found}) == 4


def test_the_context_of_plain_json_is_linked(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "CONSTRUCT { <a:s> <a:p> 1 } {}", "format": "json"})
    link = '</ontology/context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
    assert response.headers["Link"] == link


def test_a_page_shows_the_prefixes_that_a_graph_uses(client: FlaskClient) -> None:
    asked = {"query": "CONSTRUCT { gov:122173 schema:name 'x' . gov:122173 a foaf:Agent } {}"}
    page = unescape(client.get("/sparql", query_string=asked, headers={"Accept": "text/html"}).text)
    assert set(re.findall(r"@prefix (\w+):", page)) == {"gov", "schema", "foaf", "rdf"}
    assert "gov:122173 a foaf:Agent" in page
