"""The query page: table, map and charts of a result, faults at their place, links, downloads, with the editor and without."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from lod.release import Release
from server.pages.examples import read_examples
from server.pages.query_page import ROWS_SHOWN

POSITIONS = """SELECT ?name ?lat ?long {
  ?area schema:name ?name ; schema:geo ?at . ?at schema:latitude ?lat ; schema:longitude ?long
  FILTER(LANG(?name) = "en") } ORDER BY ?name LIMIT 7"""


def show(client: FlaskClient, query: str, language: str = "en", status: int = 200, **more: str) -> str:
    headers = {"Accept": "text/html", "Accept-Language": language}
    response = client.get("/sparql", query_string={"query": query, **more}, headers=headers)
    assert response.status_code == status
    assert response.headers["Content-Language"] == language
    return response.text


def read_text(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def test_an_iri_is_linked_and_has_its_label_in_the_language_of_the_page(client: FlaskClient) -> None:
    query = "SELECT ?gov { ?gov jle:lgCode '122173' } LIMIT 1"
    for language, name in (("en", "Kashiwa City"), ("ja", "柏市")):
        cell = re.search(r"<td>(.*?)</td>", show(client, query, language), re.DOTALL)
        assert cell
        assert 'href="/doc/gov/122173"' in cell[1] or 'href="/id/gov/122173"' in cell[1]
        assert read_text(cell[1]) == f"gov:122173 {name}"


def test_rows_that_name_positions_are_on_a_map(client: FlaskClient) -> None:
    page = show(client, POSITIONS)
    assert len(re.findall(r"<circle", page)) == 7
    things = show(client, "SELECT ?listing { ?listing a jle:Listing ; jle:category jle:DesignatedCity }")
    assert len(re.findall(r"<circle", things)) == 20
    many = show(client, "SELECT ?area ?a ?b ?c { ?area a schema:City ; jle:lgCode ?a ; schema:geo ?b ; schema:name ?c }")
    assert "The positions of the first 200 rows." in many
    assert "<svg" not in show(client, "SELECT ?class { ?x a ?class } LIMIT 2")


def test_rows_with_numbers_are_a_chart_for_each_column_but_not_of_numbers_that_count_nothing(client: FlaskClient) -> None:
    query = "SELECT ?class (COUNT(*) AS ?things) { ?x a ?class } GROUP BY ?class ORDER BY ?class"
    page = show(client, query)
    assert re.findall(r"<figcaption>([^<]*)</figcaption>", page) == ["things"]
    assert 'class="number"' in page
    lines = show(client, "SELECT ?contact ?line { GRAPH ed:003 { ?contact jle:sourceLine ?line } } LIMIT 5")
    assert "<figcaption>" not in lines
    assert "<figcaption>" not in show(client, POSITIONS)


@pytest.mark.parametrize(
    "value",
    [
        "1e400",
        "'NaN'^^xsd:double",
        "'x'^^xsd:integer",
        "'1_000'^^xsd:integer",
        "5e-324",
        "-3",
        "<http://x/>",
        "<< <a:a> <a:b> 1 >>",
    ],
)
def test_odd_values_make_no_fault(client: FlaskClient, value: str) -> None:
    query = f"SELECT ?n ?lat ?long {{ VALUES ?a {{ 1 2 }} BIND({value} AS ?n) BIND(?n AS ?lat) BIND(139.0 AS ?long) }}"
    if value.startswith("<<"):
        query = query.replace(value, "TRIPLE(<a:a>, <a:b>, 1)")
    page = show(client, query)
    assert "<table>" in page
    assert not re.search(r'<rect[^>]*(?:nan|inf)|class="number">1_000', page)


def test_every_download_and_the_link_ask_the_same_question(client: FlaskClient, release: Release) -> None:
    for query, suffixes in (
        ("SELECT ?s { ?s a jle:Listing } LIMIT 3", ["json", "xml", "csv", "tsv"]),
        ("ASK {}", ["json", "xml", "csv", "tsv"]),
        ("DESCRIBE gov:122173", ["ttl", "jsonld", "nt", "rdf", "nq", "trig", "json"]),
    ):
        page = show(client, query, **{"default-graph-uri": f"{release.iris.base}graph/edition/003"})
        links = re.findall(r'href="([^"]+)" download="result\.(\w+)"', page)
        assert [suffix for _, suffix in links] == suffixes
        for address, _ in links:
            answer = client.get(unescape(address))
            assert answer.status_code == 200
            assert answer.mimetype != "text/html"
        share = re.search(r'<a href="([^"]+)" rel="bookmark">', page)
        assert share
        asked = parse_qs(urlsplit(unescape(share[1])).query)
        assert asked == {"query": [query], "default-graph-uri": [f"{release.iris.base}graph/edition/003"]}


def test_a_posted_query_has_a_link_and_a_long_one_downloads_by_post(client: FlaskClient) -> None:
    headers = {"Accept": "text/html"}
    short = client.post("/sparql", data={"query": "ASK {}"}, headers=headers).text
    assert 'href="/sparql?query=ASK+%7B%7D" rel="bookmark"' in short
    query = "SELECT ?x { VALUES ?x { 1 } }\n" + "# 柏\n" * 3000
    page = client.post("/sparql", data={"query": query}, headers=headers).text
    assert 'rel="bookmark"' not in page
    assert "too long for a link" in page
    assert page.count('method="post"') == 2
    page = client.post("/sparql", data={"query": query, "default-graph-uri": "urn:'x'"}, headers=headers).text
    assert '<input type="hidden" name="default-graph-uri" value="urn:&#39;x&#39;">' in page
    assert page.count("?default-graph-uri=urn%3A%27x%27") == page.count("<details") - page.count('class="prefixes"')
    assert client.post("/sparql", data={"query": query, "format": "csv"}).text == "x\r\n1\r\n"


def test_a_large_result_is_shown_in_part_and_weighs_little(client: FlaskClient) -> None:
    for query, shown in (
        ("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 1234", ROWS_SHOWN),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } } LIMIT 1234", 75),
    ):
        page = show(client, query)
        assert f"1,234 rows; the first {shown} are shown" in read_text(page)
        assert page.count("<tr>") == shown + 1
        assert len(page.encode()) < 100_000


@pytest.mark.parametrize("value", ["STRLANG(?long, 'ja')", "IRI(CONCAT('http://x/', ?long))", "TRIPLE(?s, ?p, ?long)"])
def test_a_long_value_is_cut_on_the_page_alone(client: FlaskClient, value: str) -> None:
    tenfold = " ".join(f"BIND(CONCAT({', '.join([f'?{a}'] * 10)}) AS ?{b})" for a, b in ("ab", "bc", "cd", ("d", "long")))
    query = f"SELECT ?y {{ VALUES ?a {{ '0123456789' }} {tenfold} {{ SELECT * {{ ?s ?p ?o }} LIMIT 9 }} BIND({value} AS ?y) }}"
    page = show(client, query)
    assert page.count("…") >= 9
    assert len(page.encode()) < 100_000
    assert len(client.get("/sparql", query_string={"query": query, "format": "csv"}).text) > 900_000
    graph = query.replace("SELECT ?y", "CONSTRUCT { ?s ?p ?long }").replace(value, "1")
    assert len(show(client, graph).encode()) < 150_000


@pytest.mark.parametrize(
    ("query", "line", "wrong", "sentence", "japanese"),
    [
        ("SELECT *\n{ ?s ?p }", 2, "}", "“}” cannot stand here.", "ここに「}」は書けません。"),
        ("ASK { foo:x ?p 1 }", 1, "foo:x", "The prefix foo: is declared nowhere.", "接頭辞 foo: は宣言されていません。"),
        ("ASK {\n ?s ?p 1", 2, " ", "ends too early", "途中で終わっています"),
        ("ASK { <a:b> ?p <http://x y> }", 1, "<", "This IRI is not closed", "この IRI は閉じられていないか"),
        ("   ", 0, "", "There is no query", "There is no query"),
        ("ASK { ?s ?p 'a }", 1, "'a }", "A string is not closed", "A string is not closed"),
    ],
)
def test_a_fault_is_told_in_both_languages_and_marked_in_its_line(
    client: FlaskClient, query: str, line: int, wrong: str, sentence: str, japanese: str
) -> None:
    for language, words in (("en", sentence), ("ja", japanese)):
        page = show(client, query, language, 400)
        assert words in read_text(page)
        if line:
            marked = re.search(r'<span class="fault-line">(\d+)</span>.*?<mark>(.*?)</mark>', page)
            assert marked
            assert (int(marked[1]), unescape(marked[2])) == (line, wrong)
            assert 'aria-invalid="true" aria-describedby="fault"' in page


def test_other_refusals_are_told_on_the_form(client: FlaskClient) -> None:
    page = show(client, "ASK { SERVICE <http://x/> {} }", "ja", 400)
    assert "この問い合わせには答えられませんでした。" in page
    assert '<span lang="en">SERVICE (line 1, column 7)' in page
    assert "ASK { SERVICE &lt;http://x/&gt; {} }</textarea>" in page


def test_the_gallery_has_titles_in_both_languages_and_explanations_in_that_of_the_page(
    client: FlaskClient, release: Release
) -> None:
    for language in ("en", "ja"):
        page = unescape(client.get("/sparql", headers={"Accept": "text/html", "Accept-Language": language}).text)
        for example in read_examples(release):
            assert example.title in page
            assert example.title_ja in page
            assert (example.description in page) == (language == "en")
            assert (example.description_ja in page) == (language == "ja")


def test_the_page_serves_with_the_editor_and_without(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for assets, has_editor in (({"editor.js", "style.css"}, True), ({"style.css"}, False)):
        monkeypatch.setitem(client.application.extensions, "assets", frozenset(assets))
        for page in (
            client.get("/sparql", headers={"Accept": "text/html"}).text,
            show(client, "SELECT", status=400),
            show(client, "ASK {}"),
        ):
            assert ("/static/editor.js" in page) == has_editor
            assert ("data-editor=" in page) == has_editor
            assert ("is not installed on this server" in page) != has_editor
            assert '<textarea id="query" name="query"' in page
            assert len(page.encode()) < 60_000


def test_the_editor_is_told_the_fault_and_its_texts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(client.application.extensions, "assets", frozenset({"editor.js"}))
    page = show(client, "SELECT *\n{ ?s 'it''s' }", "ja", 400)
    told = re.search(r"data-editor='([^']*)'", page)
    assert told
    found = json.loads(unescape(told[1]))
    assert {key: found["fault"][key] for key in ("line", "column", "length")} == {"line": 2, "column": 6, "length": 4}
    assert found["fault"]["message"] == "ここに「'it'」は書けません。"
    assert found["terms"] == "/sparql/terms.json?lang=ja"
    assert found["texts"]["place"] == "{line}行目 {column}文字目:{}"


def test_the_terms_are_those_of_the_data_with_labels(client: FlaskClient) -> None:
    for language, label in (("en", "local-government code"), ("ja", "団体コード")):
        found = client.get(f"/sparql/terms.json?lang={language}").get_json()
        terms = {term["name"]: term for term in found["terms"]}
        assert {"jle:Listing", "jle:lgCode", "jle:CoreCity", "schema:email", "oa:hasTarget", "rdf:type"} <= set(terms)
        assert label in terms["jle:lgCode"]["label"]
        assert {terms[n]["kind"] for n in ("jle:Listing", "jle:lgCode", "jle:CoreCity")} == {"class", "property", "constant"}
        assert found["prefixes"]["schema"] == "https://schema.org/"
        assert "ed:003" in {graph["name"] for graph in found["graphs"]}
        assert len(client.get(f"/sparql/terms.json?lang={language}").data) < 80_000


def test_what_comes_from_outside_stands_as_text(client: FlaskClient) -> None:
    attack = "'\"</textarea></script><script>alert(1)</script><img src=x onerror=alert(1)>"
    literal = attack.replace("'", "\\'").replace('"', '\\"')
    for page in (show(client, f"SELECT ('{literal}' AS ?lat) {{}}"), show(client, f"SELECT {attack}", status=400)):
        assert "<script>" not in page
        assert "<img" not in page


def test_the_form_asks_the_graphs_again_that_the_request_named(client: FlaskClient, release: Release) -> None:
    graph = f"{release.iris.base}graph/edition/003"
    page = show(client, "ASK {}", **{"default-graph-uri": graph})
    form = page.partition('<form class="query"')[2].partition("</form>")[0]
    assert f'<input type="checkbox" name="default-graph-uri" value="{graph}" checked>' in form
    assert "asked-graphs" not in show(client, "ASK {}")
