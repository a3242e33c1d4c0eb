"""Queries against a release, and their results in each format."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import Store

from lod.errors import MadoguchiError
from lod.query import FORMAT_NAMES, run_query, shorten_term, write_result
from lod.release import Release

ROWS = 'SELECT ?gov ?name { ?gov jle:lgCode "122173" ; a schema:GovernmentOrganization ; schema:name ?name } ORDER BY ?name'
GRAPH = 'CONSTRUCT { ?g schema:name ?n } { ?g jle:lgCode "122173" ; a schema:GovernmentOrganization ; schema:name ?n }'


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return release.load_store()


def answer(text, form, store, release) -> str:
    return write_result(run_query(store, text, release), form, release, width=100)


def test_table_has_names_with_prefixes(store, release):
    table = answer(ROWS, "table", store, release).splitlines()
    assert [line.split() for line in table] == [["gov", "name"], ["gov:122173", "Kashiwa", "City"], ["gov:122173", "柏市"]]


def test_csv_and_json_hold_the_same_rows(store, release):
    csv = answer(ROWS, "csv", store, release).splitlines()
    rows = json.loads(answer(ROWS, "json", store, release))["results"]["bindings"]
    assert csv[1:] == [f"{r['gov']['value']},{r['name']['value']}" for r in rows]
    assert len(rows) == 2


def test_graph_is_turtle_in_a_table(store, release):
    assert answer(GRAPH, "table", store, release) == answer(GRAPH, "turtle", store, release)
    assert 'gov:122173 schema:name "Kashiwa City"@en , "柏市"@ja .' in answer(GRAPH, "turtle", store, release)


@pytest.mark.parametrize(("text", "expected"), [("ASK { ?l a jle:Listing }", "yes\n"), ("ASK { ?l a jle:Nothing }", "no\n")])
def test_ask_is_yes_or_no(store, release, text, expected):
    assert answer(text, "table", store, release) == expected


@pytest.mark.parametrize("form", FORMAT_NAMES)
def test_each_format_suits_rows_or_graphs(store, release, form):
    suits = 0
    for text in (ROWS, GRAPH):
        try:
            suits += bool(answer(text, form, store, release))
        except MadoguchiError as error:
            assert "cannot be written as" in str(error)  # noqa: PT017
    assert suits == (2 if form == "table" else 1)


@pytest.mark.parametrize("text", ["", "SELECT", "SELECT * {", "INSERT DATA { <a:a> <a:a> <a:a> }", "DROP ALL"])
def test_what_is_no_query_is_told(store, release, text):
    with pytest.raises(MadoguchiError, match="no SPARQL query"):
        run_query(store, text, release)


def test_service_makes_no_request(store, release, listener):
    port, came = listener
    url = f"http://127.0.0.1:{port}/"
    for text in (
        f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ service silent <{url}> {{ ?s ?p ?o }} }}",
        f"ASK {{ 1SERVICE<{url}>{{}} }}",
    ):
        with pytest.raises(MadoguchiError, match="SERVICE"):
            run_query(store, text, release)
    list(run_query(store, f"SELECT * FROM <{url}> {{ ?s ?p ?o }}", release))  # noqa: S608
    assert not came.wait(0.5)


@pytest.mark.parametrize("text", ["SELECT ?service { ?service a jle:Service }", 'ASK { ?s ?p "SERVICE <x:y> {}" } # SERVICE'])
def test_service_as_a_name_or_in_a_text_is_fine(store, release, text):
    assert run_query(store, text, release) is not None


def test_terms_without_prefix_are_whole(store, release):
    (row,) = run_query(store, "SELECT ?x ?y { BIND(<http://nowhere.example/a/b> AS ?x) }", release)
    assert [shorten_term(row[n], release) for n in ("x", "y")] == ["http://nowhere.example/a/b", ""]
