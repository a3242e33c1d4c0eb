"""What must not run is refused before anything parses it, and what is honest passes."""

from __future__ import annotations

import random
from unittest.mock import patch

import pytest
from pyoxigraph import Store
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException

from lod.release import Release
from lod.sparql_tokens import UnreadableText, read_tokens
from server.configuration import QueryLimits
from server.pages.examples import read_examples
from server.query_guard import check_query, is_plain

LIMITS = QueryLimits()
X = "<http://127.0.0.1:9/x>"

SERVICES = [  # each of them made pyoxigraph open a connection, or would with its words a little otherwise
    f"SELECT * {{ SERVICE {X} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ service silent {X} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICESILENT{X}{{ ?s ?p ?o }} }}",
    "SELECT * { SERVICE ?endpoint { ?s ?p ?o } }",
    "SELECT * { SERVICE?endpoint{ ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE:x{ ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE:{ ?s ?p ?o } }",
    "PREFIX ex: <http://127.0.0.1:9/> SELECT * { SERVICEex:x{ ?s ?p ?o } }",
    "PREFIX ex: <http://127.0.0.1:9/> SELECT * { SERVICESILENTex:x #\n { ?s ?p ?o } }",
    f"SELECT * {{ ?s ?p 1SERVICE{X}{{}} }}",
    f"SELECT * {{ ?s ?p 1.SERVICE{X}{{}} }}",
    f"SELECT * {{ ?s ?p 1.5e3SERVICE{X}{{}} }}",
    f"SELECT * {{ ?s ?p trueSERVICE{X}{{}} }}",
    f'SELECT * {{ ?s ?p "x"@en.SERVICE{X}{{}} }}',
    f'SELECT * {{ ?s ?p "x"SERVICE{X}{{}} }}',
    f"SELECT * {{ ?s ?p ?v.SERVICE{X}{{}} }}",
    f"SELECT * {{ FILTER(1<2)SERVICE#>\n{X}{{}} }}",
    f'SELECT * {{ FILTER(1<2#>"""\n) SERVICE {X} {{}} #"""\n }}',
    f"SELECT * {{ FILTER(1<'a')SERVICE{X}{{}} }}",
    f"SELECT * {{ FILTER(1<''''''#>'\n)SERVICE{X}{{}}#'\n }}",
    f'SELECT * {{ {{}} #"""\nSERVICE {X} {{}} #"""\n }}',
    f'SELECT * {{ {{}} #"""\rSERVICE {X} {{}} #"""\n }}',
    f'SELECT * {{ {{}} #\x0b"""\nSERVICE {X} {{}} #"""\n }}',
    f'SELECT * {{ {{}} #\u2028"""\nSERVICE {X} {{}} #"""\n }}',
    f'SELECT * {{ VALUES ?x {{"""a" }} SERVICE {X} {{}} }}',
    f'SELECT * {{ VALUES ?x {{"""\\q" }} SERVICE {X} {{}} # """\n }}',
    f'SELECT * {{ VALUES ?x {{"""\\uD800" }} SERVICE {X} {{}} # """\n }}',
    f"SELECT * {{ ?s ?p '\\'' . SERVICE {X} {{}} }}",
    f"SELECT * {{ ?s ?p ex:a\\'b . SERVICE {X} {{}} # '\n }}",
    f"SELECT * {{ ?s ?p ex:a\u0301\\'b . SERVICE {X} {{}} # '\n }}",
    f"ASK {{ FILTER EXISTS {{ SERVICE {X} {{}} }} }}",
    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE {X} {{ ?s ?p ?o }} }}",
]

HONEST = [
    "SELECT * { ?service a <http://www.w3.org/ns/sparql-service-description#Service> }",
    'SELECT * { ?s ?p "SERVICE <http://x/> { }" }',
    "SELECT * { ?s ?p '''it's a SERVICE''' # SERVICE <http://x/> {}\n }",
    "PREFIX service: <http://example.org/service#> SELECT * { ?s service:about service:SERVICE }",
    "SELECT * { ?s ?p ?o FILTER(?o < 5 && ?o > 1) }",
    "SELECT * { ?s ?p ?o FILTER(?o<5&&?o>1) }",
    "SELECT * { ?s <ontology#service> <id/gov/1> ; <> <a> }",
    "PREFIX : <#> BASE <http://example.org/a#b> SELECT * { ?s :a ?o }",
    "SELECT * { ?s a/schema:name+ ?o . FILTER(!(?o = ?s) || -?o < 3) }",
    f"SELECT * {{ VALUES ?x {{ {' '.join(map(str, range(9000)))} }} }}",
    f"SELECT * {{ VALUES (?x ?y) {{ {' '.join(f'({n} -{n}.5)' for n in range(4000))} }} ?x ?y ?z }}",
    f"SELECT * {{ ?s ?p ?o FILTER(?o IN ({', '.join(map(str, range(9000)))})) }}",
    'SELECT * { ?s ?p "1"^^xsd:integer, "a\\"b"@en-GB, "\\u3042" }',
]

NESTS = {
    "groups": "SELECT * " + "{" * 5000 + "}" * 5000,
    "parentheses": "SELECT * { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
    "collections": "SELECT * { " + "(" * 5000 + "1" + ")" * 5000 + " ?p ?o }",
    "blank nodes": "SELECT * { " + "[ ?p " * 5000 + "1" + "]" * 5000 + " }",
    "not": "SELECT * { FILTER(" + "!" * 20000 + "1) }",
    "minus": "SELECT * { FILTER(" + "- " * 20000 + "1) }",
    "or": "SELECT * { FILTER(1" + "||?s" * 20000 + ") }",
    "sum": "SELECT * { FILTER(1" + "+1" * 20000 + ") }",
    "path": "SELECT * { ?s <p:p>" + "/<p:p>" * 10000 + " ?o }",
    "exists": "SELECT * { " + "FILTER EXISTS {" * 4000 + "}" * 4000 + " }",
    "if": "SELECT * { FILTER(" + "IF(1,1," * 5000 + "1" + ")" * 5000 + ") }",
    "optionals": "SELECT * { " + "OPTIONAL{?s ?p ?o}" * 4000 + " }",
    "unions": "SELECT * { {}" + "UNION{}" * 9000 + " }",
    "binds": "SELECT * { " + "".join(f"BIND(1 AS ?v{n})" for n in range(4000)) + " }",
    "patterns": "SELECT * { " + "<a:a> <a:a> <a:a>." * 4000 + " }",
    "semicolons": "SELECT * { ?s ?p ?o" + ";?p ?o" * 9000 + " }",
    "collection": "SELECT * { ?s ?p (" + "1 " * 20000 + ") }",
    "quoted triples": "SELECT * { ?s ?p " + "<<( ?s ?p " * 4000 + "1" + ")>>" * 4000 + " }",
    "closed by the wrong bracket": "SELECT * { FILTER(" + "(}" * 5000 + ") }",
    "hidden in comments": "SELECT * { FILTER(" + "(#)\n" * 5000 + "1" + ")" * 5000 + ") }",
    "hidden in less-than": "SELECT * { FILTER(1<" + "(" * 5000 + "2" + ")" * 5000 + ">3) }",
    "after rows of VALUES": "SELECT * { VALUES ?x { 1 } " + "OPTIONAL{}" * 4000 + " }",
}  # fmt: skip


@pytest.mark.parametrize("query", HONEST, ids=lambda q: q[:50])
def test_honest_queries_pass(query: str) -> None:
    check_query(query, LIMITS)


def test_the_examples_pass(release: Release) -> None:
    for example in read_examples(release):
        check_query(example.query, LIMITS)


@pytest.mark.parametrize("name", NESTS)
def test_what_would_overflow_the_stack_is_refused(name: str) -> None:
    with pytest.raises(BadRequest):
        check_query(NESTS[name], LIMITS)


def test_the_depth_is_counted_for_each_bracket() -> None:
    for opening, closing in ("()", "[]", "{}"):
        inside, outside = opening * (LIMITS.depth - 1), closing * (LIMITS.depth - 1)
        check_query(f"SELECT * {{{inside}{outside}}}", LIMITS)
        with pytest.raises(BadRequest, match="brackets"):
            check_query(f"SELECT * {{{opening}{inside}{outside}{closing}}}", LIMITS)


def test_the_refusal_says_where() -> None:
    with pytest.raises(BadRequest, match="line 3, column 3"):
        check_query(f"SELECT *\n{{\n  SERVICE {X} {{}} }}", LIMITS)


@pytest.mark.parametrize(
    "word", ["INSERT DATA", "DELETE WHERE", "load", "CLEAR ALL", "Drop ALL", "CREATE GRAPH", "COPY", "MOVE", "ADD", "WITH"]
)
def test_updates_are_forbidden(word: str) -> None:
    with pytest.raises(Forbidden):
        check_query(f"BASE <http://a/> PREFIX a: <#> # SELECT\n {word} <http://a/b>", LIMITS)


def test_tokens_are_those_of_the_grammar() -> None:
    text = """SELECT ?x WHERE { ex:a.b "a\\"#" , '''b'c''' ; <http://x/#y> -1.5e3 . _:n.m @en-GB # end\n}"""
    assert [(t.kind, t.text) for t in read_tokens(text)] == [
        ("word", "SELECT"),
        ("variable", "?x"),
        ("word", "WHERE"),
        ("sign", "{"),
        ("name", "ex:a.b"),
        ("string", '"a\\"#"'),
        ("sign", ","),
        ("string", "'''b'c'''"),
        ("sign", ";"),
        ("iri", "<http://x/#y>"),
        ("sign", "-"),
        ("number", "1.5e3"),
        ("sign", "."),
        ("node", "_:n.m"),
        ("language", "@en-GB"),
        ("sign", "}"),
    ]


def test_an_ambiguous_less_than_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableText, match="in full"):
        list(read_tokens("SELECT * { FILTER(1<2#>3) }"))


def test_no_arrangement_of_words_smuggles_a_service_past_the_guard() -> None:
    """Fragments in random order: whatever passes the guard, pyoxigraph must not read a SERVICE in it.

    The service's name is a variable that nothing binds, so that evaluating a SERVICE raises instead of connecting.
    """
    generator = random.Random(7)  # noqa: S311 — not for secrets
    fragments = [
        *(
            "SERVICE",
            "?nowhere",
            "SILENT",
            "true",
            "OPTIONAL",
            "VALUES ?x {",
            "FILTER(",
            "?s ?p ",
            "<a:b>",
            "ex:a",
            "_:b",
            "1",
            "@en",
        ),
        *("{}", "{", "}", "#", "\n", " ", "'", '"', '"""', "'''", "<", ">", "<2", ")", ".", "\\", "<#>", "=", "'>", "#>"),
    ]
    store = Store()
    passed = 0
    for _ in range(20_000):
        inside = "".join(generator.choices(fragments, k=generator.randint(2, 9)))
        query = f"SELECT * {{ {inside} SERVICE?nowhere{{}} {generator.choice(fragments)}\n}}"
        try:
            check_query(query, LIMITS)
        except HTTPException:
            continue
        passed += 1
        try:
            list(store.query(query, prefixes={"ex": "http://example.org/"}))  # type: ignore[arg-type]
        except SyntaxError:
            continue
        except RuntimeError:
            pytest.fail(f"SERVICE was evaluated in {query!r}")
    assert passed > 100, "the fragments must leave something to try"


def check_in_full(query: str, limits: QueryLimits) -> bool | type[HTTPException]:
    """What the check finds where nothing is seen at a glance."""
    try:
        return check_query(query, limits)
    except HTTPException as error:
        return type(error)


@patch("server.query_guard.is_plain", new=lambda *_: False)  # not the one that this module has: all tokens are read
def test_a_glance_lets_nothing_through_that_reading_refuses() -> None:
    generator = random.Random(11)  # noqa: S311 — not for secrets
    fragments = [
        *(
            "SELECT",
            "ASK",
            "select",
            "CONSTRUCT",
            "PREFIX",
            "BASE",
            "INSERT",
            "DATA",
            "drop",
            "ADD",
            "WITH",
            "SERVICE",
            "Service",
        ),
        *(" ", " ", "\n", "#", "{", "}", "(", ")", "[", "]", "<<", ">>", "<", ">", "<a:b>", "ex:", "ex:a", "a", "1", "''", '"'),
        *(
            "?x",
            "*",
            "+",
            "/",
            "|",
            "!",
            ".",
            ";",
            ",",
            "VALUES",
            "UNION",
            "OPTIONAL",
            "ſELECT",
            "\\u0053",
            "SELECT:x",
            "-",
            ":",
        ),
    ]
    limits = QueryLimits(depth=3, parts=40)
    plain = refused = 0
    for _ in range(30_000):
        start = generator.choice(
            ["SELECT ", "ASK{", "PREFIX ex: <a:b> SELECT *", "", " \nASK ", "PREFIX ex:<x>PREFIX ex: <y>ASK{"]
        )
        query = start + "".join(generator.choices(fragments, k=generator.randint(0, 9)))
        if is_plain(query, limits):
            plain += 1
            assert check_in_full(query, limits) is False, query
        elif refused <= 500:
            refused += check_in_full(query, limits) is not False
    assert plain > 500
    assert refused > 500


def test_honest_small_queries_are_seen_at_a_glance() -> None:
    for query in (
        "SELECT ?n WHERE { <http://localhost:8000/id/gov/122173> <https://schema.org/name> ?n }",
        "PREFIX schema: <https://schema.org/>\nPREFIX a: <http://a/#>\nASK { ?s schema:name ?o FILTER(?o < 5) }",
    ):
        assert is_plain(query, LIMITS)
    for query in (*SERVICES, *NESTS.values(), "DROP ALL", "PREFIX a: <a:> DELETE WHERE {}"):
        assert not is_plain(query, LIMITS)


ALLOWED = QueryLimits(services=("http://a.example/sparql", "http://b.example/sparql"))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://a.example/sparql> { ?s ?p ?o } }",
        "SELECT * { service silent <http://a.example/sparql> {} SERVICE <http://b.example/sparql> {} }",
        "PREFIX b: <http://b.example/> ASK { SERVICE b:sparql {} }",
        "BASE <http://b.example/x/y> ASK { SERVICE </sparql> {} }",
        "BASE <http://b.example/> PREFIX b: <#> PREFIX b: <sparql> ASK { SERVICE b: {} }",
    ],
)
def test_services_in_the_list_may_be_asked(query: str) -> None:
    assert check_query(query, ALLOWED) is True
    with pytest.raises(BadRequest):
        check_query(query, LIMITS)


@pytest.mark.parametrize(
    "query",
    [
        *(s for s in SERVICES[:5] if "PREFIX" not in s),
        "SELECT * { SERVICE <http://a.example/sparql> {} SERVICE <http://c.example/sparql> {} }",
        "SELECT * { SERVICE <http://a.example/sparql> { SERVICE ?x {} } }",
        "SELECT * { SERVICE <http://a.example/sparql/> {} }",
        "SELECT * { SERVICE <http://a.example/sparql?x=1> {} }",
        "SELECT * { SERVICE <sparql> {} }",
        "SELECT * { SERVICE b:sparql {} }",
        "PREFIX b: <http://b.example/> PREFIX b: <http://c.example/> ASK { SERVICE b:sparql {} }",
        "PREFIX b: <http://b.example/> ASK { SERVICE <http://a.example/sparql> {} SERVICEb:sparql {} }",
        "PREFIX : <http://c.example/> ASK { SERVICE <http://a.example/sparql> {} SERVICE:x {} }",
        "PREFIX : <http://c.example/> ASK { SERVICE <http://a.example/sparql> {} SERVICE:{} }",
        "ASK { SERVICE <http://a.example/sparql> {} 1SERVICE<http://c.example/>{} }",
    ],
)
def test_no_other_service_may_be_asked(query: str) -> None:
    with pytest.raises(BadRequest, match=r"SERVICE may ask only http://a\.example/sparql, http://b\.example/sparql"):
        check_query(query, ALLOWED)


@pytest.mark.parametrize("query", SERVICES)
def test_no_arrangement_of_words_is_taken_for_a_service_that_may_be_asked(query: str) -> None:
    both = query.replace("{", "{ SERVICE <http://a.example/sparql> {} ", 1)
    for text in (query, both):
        try:
            assert check_query(text, ALLOWED) is False
        except BadRequest:
            continue


@pytest.mark.parametrize("query", HONEST, ids=lambda q: q[:50])
def test_queries_without_service_stay_where_no_connection_is(query: str) -> None:
    assert check_query(query, ALLOWED) is False
