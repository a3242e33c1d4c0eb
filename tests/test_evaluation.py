"""What the engine gets wrong is put right, and what cannot be evaluated says why."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import pytest
from flask.testing import FlaskClient
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store
from werkzeug.exceptions import BadRequest, HTTPException, UnprocessableEntity

from lod.iris import Iris
from lod.release import Release
from server.configuration import QueryLimits
from server.dataset import Dataset, load_dataset
from server.evaluation import HINT, WELL_KNOWN, QueryEngine, is_describe, is_volatile
from server.operations import Operation

LIMITS = QueryLimits()
BASE = "http://example.org/"
ONE, TWO, APART = (f"{BASE}graph/{name}" for name in ("one", "two", "apart"))


@pytest.fixture(scope="module")
def dataset(release: Release) -> Dataset:
    """Two graphs that share a triple, and one apart."""
    store = Store()
    for graph, values in {ONE: "ab", TWO: "bc", APART: "d"}.items():
        for value in values:
            store.add(Quad(NamedNode(f"{BASE}s"), NamedNode(f"{BASE}p"), Literal(value), NamedNode(graph)))
    prefixes = {**release.prefixes, "g": f"{BASE}graph/"}
    return replace(load_dataset(release), store=store, iris=Iris(BASE), prefixes=MappingProxyType(prefixes))


@pytest.fixture(scope="module")
def engine(dataset: Dataset) -> QueryEngine:
    return QueryEngine(dataset, LIMITS)


def count(engine: QueryEngine, text: str, default: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> list[str]:
    result = engine.evaluate(Operation(text, default, named))
    assert isinstance(result, QuerySolutions)
    return sorted(solution[0].value for solution in result)


COUNT = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?s ?p ?o }}"
MERGED = [
    f"FROM <{ONE}> FROM <{TWO}>",
    f"FROM<{ONE}>FROM<{TWO}>",
    f"from <{ONE}> From <{TWO}> FROM <{ONE}>",
    f"# FROM <{APART}>\nFROM <{ONE}>\r# x\nFROM\t<{TWO}>",
    "FROM g:one FROM g:two",
    "FROM <graph/one> FROM <./graph/x/../two>",
    f"FROM <{ONE}> FROM <{TWO}> FROM NAMED <{APART}>",
]


@pytest.mark.parametrize("clause", MERGED)
def test_a_triple_in_several_default_graphs_counts_once(engine: QueryEngine, clause: str) -> None:
    assert count(engine, COUNT.format(clause)) == ["3"]


def test_graphs_of_the_request_are_merged_and_replace_those_of_the_query(engine: QueryEngine) -> None:
    assert count(engine, COUNT.format(""), (ONE, TWO)) == ["3"]
    assert count(engine, COUNT.format(f"FROM <{APART}>"), (ONE, TWO)) == ["3"]
    assert count(engine, COUNT.format(f"FROM <{ONE}> FROM <{TWO}>"), (APART,)) == ["1"]
    assert count(engine, COUNT.format(f"FROM <{ONE}> FROM <{TWO}>"), (), (APART,)) == ["0"]


@pytest.mark.parametrize(
    "prologue",
    [
        f"BASE <{BASE}graph/> ",
        f"BASE <{BASE}> BASE <graph/> ",
        f"PREFIX : <{BASE}graph/> BASE <{BASE}graph/x> ",
    ],
)
def test_from_is_read_under_the_base_of_the_query(engine: QueryEngine, prologue: str) -> None:
    assert count(engine, prologue + COUNT.format("FROM <one> FROM <two>")) == ["3"]


def test_the_last_declaration_of_a_prefix_counts(engine: QueryEngine) -> None:
    prologue = f"PREFIX x: <{BASE}> PREFIX x: <{BASE}graph/> "
    assert count(engine, prologue + COUNT.format("FROM x:one FROM x:two")) == ["3"]
    assert count(engine, prologue + COUNT.format(r"FROM x:\one FROM x:tw\o")[:0] + prologue + COUNT.format("FROM x:apart")) == [
        "1"
    ]


@pytest.mark.parametrize(
    ("clause", "pattern", "expected"),
    [
        (f"FROM <{ONE}>", "?s ?p ?v", ["a", "b"]),
        (f"FROM <{ONE}> FROM <{ONE}>", "?s ?p ?v", ["a", "b"]),
        (f"FROM <{ONE}> FROM <{APART}>", "?s ?p ?v", ["a", "b", "d"]),
        (f"FROM <{ONE}> FROM <{TWO}>", "?s ?p ?v", ["a", "b", "c"]),
        (f"FROM <{ONE}> FROM <{TWO}>", "GRAPH ?g { ?s ?p ?v }", []),
        (f"FROM <{ONE}> FROM <{TWO}> FROM NAMED <{TWO}>", "GRAPH ?g { ?s ?p ?v }", ["b", "c"]),
        (f"FROM <{ONE}> FROM <{TWO}> FROM NAMED <{TWO}>", "?s ?p ?v FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?v } }", ["a"]),
        (f"FROM NAMED <{TWO}>", "?s ?p ?v", []),
        (f"FROM NAMED <{TWO}> FROM NAMED <{ONE}>", "GRAPH ?g { ?s ?p ?v }", ["a", "b", "b", "c"]),
        (f"FROM <{BASE}nowhere> FROM <{ONE}>", "?s ?p ?v", ["a", "b"]),
    ],
)
def test_the_data_set_is_what_the_clauses_say(engine: QueryEngine, clause: str, pattern: str, expected: list[str]) -> None:
    assert count(engine, f"SELECT ?v {clause} {{ {pattern} }}") == expected


def test_a_graph_of_several_graphs_has_each_triple_once(engine: QueryEngine) -> None:
    for form in ("CONSTRUCT { ?s ?p ?o }", f"DESCRIBE <{BASE}s>"):
        found = engine.evaluate(Operation(f"{form} FROM <{ONE}> FROM <{TWO}> WHERE {{ ?s ?p ?o }}"))
        assert isinstance(found, set)
        assert sorted(t.object.value for t in found) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "text",
    [
        f"ASKFROM<{ONE}>{{}}",
        "SELECT * FROMg:one {}",
        "SELECT * FROM nowhere:one {}",
        f"PREFIX FROMg: <{BASE}> SELECT * FROMg:one {{}}",
        r"SELECT * FROM <http://example.org/\u0061> {}",
        "SELECT * FROM",
        "SELECT * FROM ?x {}",
    ],
)
def test_a_from_that_cannot_be_read_is_refused_and_not_read_wrongly(engine: QueryEngine, text: str) -> None:
    with pytest.raises(BadRequest):
        engine.evaluate(Operation(text))


@pytest.mark.parametrize(
    "text", ["SELECT ?from { ?from ?p 'FROM <a:b> FROM <a:b>' } # FROM", "PREFIX from: <a:> ASK { from:a ?p from:b }"]
)
def test_the_letters_of_from_elsewhere_are_nothing(engine: QueryEngine, text: str) -> None:
    engine.evaluate(Operation(text))


def test_an_entity_is_described_with_its_parts_and_what_lists_it(release: Release) -> None:
    dataset = load_dataset(release)
    engine = QueryEngine(dataset, LIMITS)
    kashiwa = dataset.iris.government("122173")
    texts = [
        f"DESCRIBE <{kashiwa.value}>",
        "DESCRIBE gov:122173 <http://example.org/nothing>",
        'DESCRIBE ?gov WHERE { ?gov jle:lgCode "122173" ; a schema:GovernmentOrganization }',
        "DESCRIBE * { VALUES ?gov { gov:122173 } }",
        "# SELECT\nPREFIX select: <a:> describe gov:122173",
    ]
    found = [engine.evaluate(Operation(text)) for text in texts]
    assert all(f == found[0] for f in found)
    subjects = {t.subject for t in found[0]}
    contacts = set(dataset.values(kashiwa, "schema:contactPoint", DefaultGraph()))
    listings = set(dataset.subjects("schema:about", kashiwa, DefaultGraph()))
    assert contacts
    assert listings
    assert {kashiwa, *contacts, *listings, *dataset.values(kashiwa, "schema:department", DefaultGraph())} <= subjects
    assert {t.predicate for t in found[0]} >= {
        dataset.term(n) for n in ("schema:email", "jle:classInformationStatus", "schema:name")
    }
    old = engine.evaluate(Operation(f"DESCRIBE <{kashiwa.value}> FROM ed:002"))
    assert {q.triple for q in dataset.quads(kashiwa, graph=dataset.iris.graph("edition/002"))} <= old
    assert not any("edition/003" in str(t) for t in old)


def test_blank_nodes_are_described_to_their_end(dataset: Dataset) -> None:
    store, p = Store(), NamedNode(f"{BASE}p")
    nodes = [BlankNode(f"n{n}") for n in range(3)]
    chain = [NamedNode(f"{BASE}s"), *nodes, nodes[0]]  # and round again
    for one, other in pairwise(chain):
        store.add(Quad(one, p, other))
    engine = QueryEngine(replace(dataset, store=store), LIMITS)
    assert len(engine.evaluate(Operation(f"DESCRIBE <{BASE}s>"))) == 4


def test_a_construct_has_what_it_constructs_and_no_more(release: Release) -> None:
    engine = QueryEngine(load_dataset(release), LIMITS)
    text = "CONSTRUCT { ?gov a ?type } WHERE { VALUES ?gov { gov:122173 } ?gov a ?type } # DESCRIBE"
    assert not is_describe(text)
    assert {t.predicate.value.rpartition("#")[2] for t in engine.evaluate(Operation(text))} == {"type"}


def test_a_graph_with_more_triples_than_the_limit_is_refused(dataset: Dataset) -> None:
    text = f"CONSTRUCT {{ ?s ?p ?o }} FROM <{ONE}> FROM <{TWO}> {{ ?s ?p ?o }}"
    assert len(QueryEngine(dataset, replace(LIMITS, rows=3)).evaluate(Operation(text))) == 3
    with pytest.raises(UnprocessableEntity):
        QueryEngine(dataset, replace(LIMITS, rows=2)).evaluate(Operation(text))


@pytest.mark.parametrize("prefix", WELL_KNOWN)
def test_well_known_prefixes_need_no_declaration(engine: QueryEngine, prefix: str) -> None:
    assert count(engine, f"SELECT ({prefix}:x AS ?x) {{}}") == [f"{WELL_KNOWN[prefix]}x"]


def test_a_declaration_in_the_query_counts_more(engine: QueryEngine) -> None:
    assert count(engine, "PREFIX foaf: <a:> SELECT (foaf:x AS ?x) {}") == ["a:x"]


ERRORS = [  # text, line, column, token
    ("SELECT * {?s ?p }", 1, 17, "}"),
    ("SELECT *\n{\n  ?s ?p 課 }", 3, 9, "課"),
    ("SELECT * {\r\n ?s nowhere:x ?o }", 2, 5, "nowhere:x"),
    ("SELECT * {\n", 1, 11, ""),
    ("SELECT * { ?s ?p ?o } LIMIT x", 1, 29, "x"),
    ("ASK{} x", 1, 7, "x"),
    ("SELEKT * {}", 1, 1, "SELEKT"),
    ("SELECT * {\n ?s ?p 'x }", 2, 8, "'x }"),
    ("SELECT * {\n <http://a b> ?p ?o }", 2, 2, "<"),
    ("SELECT * { ?s ?p ?o FILTER(NOSUCH(?o)) }", 1, 28, "NOSUCH"),
    ("ASK { ?s ?p ?o } }", 1, 18, "}"),
    ("ASK { ?s ?p '{place}' '}' }", 1, 23, "'}'"),
    ("SELECT (?x AS ?x) { BIND(1 AS ?x) }", 1, 35, "}"),
    ("# only a comment", 1, 17, ""),
]


@pytest.mark.parametrize(("text", "line", "column", "token"), ERRORS, ids=[e[0] for e in ERRORS])
def test_errors_name_line_column_and_token(client: FlaskClient, text: str, line: int, column: int, token: str) -> None:
    def ask(accept: str):
        response = client.get("/sparql", query_string={"query": text}, headers={"Accept": accept})
        assert response.status_code == 400
        return response

    problem = json.loads(ask("application/json").data)
    assert (problem["line"], problem["column"], problem["token"]) == (line, column, token)
    if text.lstrip("# ").startswith(("SELECT", "ASK", "SELEKT")):
        for accept in ("application/json", "text/plain", "text/html"):
            assert f"line {line}, column {column}" in ask(accept).text


def test_the_engines_own_reason_is_told(engine: QueryEngine) -> None:
    with pytest.raises(BadRequest, match="unbound"):
        engine.evaluate(Operation("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT (RAND() AS ?x) {}", True),
        ("SELECT (now () AS ?x) {}", True),
        ("SELECT (UUID#\n() AS ?x) {}", True),
        ("SELECT (1+STRUUID() AS ?x) {}", True),
        ("SELECT (BNODE('a') AS ?x) {}", True),
        ("SELECT * { ?s foaf:knows ?o FILTER(?s > 1) }", False),
        ("SELECT * { ?s ?p ?brand }", False),
    ],
)
def test_what_may_answer_otherwise_is_known(text: str, expected: bool) -> None:
    assert is_volatile(text) is expected


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("SELECT * { ?s <http://schema.org/name> ?o }", "application/sparql-results+json"),
        ("SELECT * { ?s <http://schema.org/name> ?o }", "text/csv"),
        ("SELECT * { ?s <http://schema.org/name> ?o }", "text/html"),
        ("PREFIX schema: <http://schema.org/> ASK { ?s schema:name ?o }", "text/html"),
        ("PREFIX schema: <http://schema.org/> CONSTRUCT WHERE { ?s schema:name ?o }", "text/turtle"),
        ("PREFIX schema: <http://schema.org/> CONSTRUCT WHERE { ?s schema:name ?o }", "text/html"),
    ],
)
def test_who_asks_for_the_other_schema_and_finds_nothing_gets_a_hint(client: FlaskClient, query: str, accept: str) -> None:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["Madoguchi-Hint"] == HINT
    if accept == "text/html":
        assert HINT in response.text


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s <https://schema.org/nothing> ?o }",
        "SELECT ('http://schema.org/' AS ?x) {}",
        "ASK { FILTER(STRSTARTS('http://schema.org/', 'http')) }",
    ],
)
def test_no_hint_without_need(client: FlaskClient, query: str) -> None:
    assert "Madoguchi-Hint" not in client.get("/sparql", query_string={"query": query}).headers


def test_results_may_be_kept_unless_they_differ_each_time(client: FlaskClient) -> None:
    kept = client.get("/sparql", query_string={"query": "SELECT (1 AS ?x) {}"})
    assert kept.headers["ETag"]
    assert "public" in kept.headers["Cache-Control"]
    assert kept.headers["Madoguchi-Row-Limit"] == str(LIMITS.rows)
    for accept in ("application/json", "text/html"):
        other = client.get("/sparql", query_string={"query": "SELECT (NOW() AS ?x) {}"}, headers={"Accept": accept})
        assert other.headers["Cache-Control"] == "no-store"
        assert other.headers["Madoguchi-Row-Limit"] == str(LIMITS.rows)
        assert "ETag" not in other.headers


@pytest.mark.parametrize(
    ("query", "media_type", "expected"),
    [
        ("SELECT (<http://a/b,c> AS ?x) {}", "text/csv", 'x\r\n"http://a/b,c"\r\n'),
        ("SELECT ('a\"b' AS ?x) (1/0 AS ?y) {}", "text/csv", 'x,y\r\n"a""b",\r\n'),
        ("SELECT ('x'^^xsd:string AS ?x) ('x'@EN-gb AS ?y) {}", "text/tab-separated-values", '?x\t?y\n"x"\t"x"@en-gb\n'),
        ("SELECT ('a\\tb\\n' AS ?x) {}", "text/tab-separated-values", '?x\n"a\\tb\\n"\n'),
        ("ASK {}", "text/csv", "true"),
        ("ASK {}", "text/tab-separated-values", "true"),
        ("SELECT (<x/../y> AS ?x) {}", "text/csv", "x\r\nhttp://localhost:8000/y\r\n"),
    ],
)
def test_terms_are_written_as_the_formats_say(client: FlaskClient, query: str, media_type: str, expected: str) -> None:
    assert client.get("/sparql", query_string={"query": query}, headers={"Accept": media_type}).text == expected


def test_nothing_that_a_client_sends_is_our_fault(client: FlaskClient, engine: QueryEngine) -> None:
    for text in ("ASK { SERVICE ?nowhere {} }", "SELECT * { ?s ?p \x00 }", "ASK { FILTER(<a:unknown>(1)) }"):
        try:
            engine.evaluate(Operation(text))
        except HTTPException as error:
            assert error.code in (400, 502)  # noqa: PT017
