"""The pages about quality: every number is that of an independent query, and leads to a list of as many."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from lod.foreign_data import make_data_release
from lod.release import Release
from server.app import create_app

HTML = {"Accept": "text/html"}
PREFIXES = """PREFIX jle: <{base}ontology#> PREFIX graph: <{base}graph/> PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX dcterms: <http://purl.org/dc/terms/>
"""
ISSUE = "GRAPH graph:quality { ?i jle:issueType ?k ; jle:inEdition ?e } ?e dcterms:identifier ?edition . "
LISTING = "GRAPH ?g { ?l a jle:Listing ; jle:inEdition ?e ; jle:category ?c } ?e dcterms:identifier ?edition . "
STATED = {
    "email": "?l jle:contact/schema:email ?value",
    "class": "?l jle:classInformation/schema:availableChannel/schema:serviceUrl ?value",
    "url": "?l jle:printedUrl|schema:url ?value",
}


def ask(client: FlaskClient, release: Release, query: str) -> Counter[tuple[str, ...]]:
    """The rows of a query whose last column is a count, by the others; of IRIs the local name."""
    text = PREFIXES.format(base=release.iris.base) + query
    rows = client.get("/sparql", query_string={"query": text}, headers={"Accept": "text/csv"}).text
    table = list(csv.reader(io.StringIO(rows)))[1:]
    return Counter({tuple(re.split("[#/]", cell)[-1] for cell in row[:-1]): int(row[-1]) for row in table})


def list_links(html: str) -> Iterator[tuple[str, str]]:
    """The address and the text of every link."""
    for address, text in re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', html, re.DOTALL):
        yield unescape(address), re.sub("<[^>]+>", "", text).strip()


def read_list(client: FlaskClient, address: str) -> dict[str, Any]:
    result: dict[str, Any] = client.get(f"{address}{'&' if '?' in address else '?'}format=json").json
    return result


@pytest.fixture(scope="module")
def page(client: FlaskClient) -> str:
    return client.get("/quality?lang=en", headers=HTML).text


def test_the_table_of_kinds_says_what_the_data_say(client: FlaskClient, release: Release, page: str) -> None:
    shown = Counter[tuple[str, ...]]()
    for address, text in list_links(page[page.index('<table class="heat">') : page.index("</table>")]):
        if found := re.fullmatch(r"/quality/issues\?kind=(\w+)&edition=(\d+)", address):
            shown[found[1], found[2]] = int(text)
    assert shown == ask(client, release, f"SELECT ?k ?edition (COUNT(*) AS ?n) {{ {ISSUE} }} GROUP BY ?k ?edition")


def test_the_picture_says_what_the_data_say(client: FlaskClient, release: Release, page: str) -> None:
    figure = page[page.index("<figure") : page.index("</figure>")]
    shown = Counter[tuple[str, ...]]()
    for address, text in list_links(figure):
        if found := re.fullmatch(r"/quality/issues\?group=(\w+)&edition=(\d+)", address):
            shown[found[1], found[2]] = int(text.split()[-1])
    query = f"SELECT ?group ?edition (COUNT(*) AS ?n) {{ {ISSUE} GRAPH graph:ontology {{ ?k skos:broader ?group }} }}"
    assert shown == ask(client, release, f"{query} GROUP BY ?group ?edition")


def test_every_number_of_issues_leads_to_as_many(client: FlaskClient, page: str) -> None:
    counted = {
        address: int(number[0])
        for address, text in list_links(page)
        if address.startswith("/quality/issues?") and (number := re.findall(r"\d+", text))
    }
    assert len(counted) > 150
    assert {address: read_list(client, address)["total"] for address in counted} == counted


@pytest.mark.parametrize("value", ["email", "class", "url"])
def test_coverage_says_what_the_data_say(client: FlaskClient, release: Release, page: str, value: str) -> None:
    shown: dict[str, Counter[tuple[str, ...]]] = {state: Counter() for state in ("has", "lacks", "lost")}
    for address, text in list_links(page):
        if found := re.fullmatch(rf"/quality/coverage\?edition=(\d+)&category=(\w+)&(has|lacks|lost)={value}", address):
            total = read_list(client, address)["total"]
            shown[found[3]][found[1], found[2]] = total
            assert text == "column lost" or int(text.split()[0]) == total
    stated = ask(
        client,
        release,
        f"SELECT ?edition ?c (COUNT(DISTINCT ?l) AS ?n) {{ {LISTING} GRAPH ?g {{ {STATED[value]} }} }} GROUP BY ?edition ?c",
    )
    everything = ask(client, release, f"SELECT ?edition ?c (COUNT(DISTINCT ?l) AS ?n) {{ {LISTING} }} GROUP BY ?edition ?c")
    lost = {key: n for key, n in everything.items() if key[0] in ("000", "001")}
    assert shown["has"] == stated
    assert shown["lost"] == lost
    assert shown["lacks"] == everything - stated - Counter(lost)


@pytest.mark.parametrize(
    ("parameter", "pattern"),
    [
        ("category=CoreCity", "?i oa:hasTarget ?l . GRAPH ?g { ?l a jle:Listing ; jle:category jle:CoreCity }"),
        ("category=none", "?i oa:hasTarget ?e . ?e jle:laterThan|^jle:laterThan ?other"),
        ("has=suggestion", "?i jle:suggestedValue ?value"),
        ("has=evidence", "?i jle:evidence ?value"),
        ("edition=today", "?i oa:hasTarget ?l . ?l schema:about ?gov"),
        (
            "government=372013",
            "?i oa:hasTarget ?l . GRAPH ?g { ?l schema:about ?gov } FILTER (STRENDS(STR(?gov), '/gov/372013'))",
        ),
        ("q=KAGAWA.jp", "?i jle:verbatim ?v FILTER (CONTAINS(LCASE(?v), 'kagawa.jp'))"),
    ],
)
def test_a_filter_keeps_what_it_says(client: FlaskClient, release: Release, parameter: str, pattern: str) -> None:
    inside, _, outside = pattern.partition(" . ")
    text = f"{PREFIXES.format(base=release.iris.base)} SELECT DISTINCT ?i {{ GRAPH graph:quality {{ {inside} }} {outside} }}"
    rows = client.get("/sparql", query_string={"query": text}, headers={"Accept": "text/csv"}).text.split()[1:]
    assert {issue["issue"] for issue in read_list(client, f"/quality/issues?{parameter}")["issues"]} == set(rows) != set()


def test_filters_narrow_each_other(client: FlaskClient) -> None:
    address = "/quality/issues?kind=EmailWithBlank&edition=002&category=DesignatedCity&group=DamagedValue&q=kitakyushu"
    (issue,) = read_list(client, address)["issues"]
    assert (issue["government_ja"], issue["lines"], issue["verbatim"]) == (
        "北九州市",
        [81],
        "kikaku- kokusai@city.kitakyushu.lg.jp",
    )
    assert read_list(client, f"{address}&has=suggestion")["issues"] == []
    assert "Leave one out" in client.get(f"{address}&has=suggestion", headers=HTML).text


def test_an_issue_shows_its_line_and_a_suggestion_as_no_fact(client: FlaskClient) -> None:
    html = client.get("/quality/issues?kind=MangledValue&q=gakkyo&lang=en", headers=HTML).text
    links = dict(list_links(html))
    assert links["/source/002#L139"] == "line 139"
    assert links["/source/003#L70"] == "edition 003, line 70"
    assert links["/doc/gov/372013"] == "Takamatsu City"
    assert '<code translate="no">gakkyo@city.takamatsushi.lg.jp</code>' in html
    assert '<code translate="no">gakkyo@city.takamatsu.lg.jp</code> <span class="badge">a suggestion, not a fact</span>' in html


def test_the_forms_for_programs_are_whole(client: FlaskClient, release: Release) -> None:
    total = sum(release.manifest["counts"]["issues"].values())
    answer = client.get("/quality/issues", headers={"Accept": "text/csv"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "Accept" in answer.vary
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    listed = read_list(client, "/quality/issues")
    assert len(rows) == listed["total"] == total
    assert [row["issue"] for row in rows] == [issue["issue"] for issue in listed["issues"]]
    assert list(rows[0]) == list(listed["issues"][0])
    coverage = list(csv.DictReader(io.StringIO(client.get("/quality/coverage?format=csv").text)))
    assert len(coverage) == sum(release.manifest["counts"]["listings"].values())
    nothing = client.get("/quality/issues?q=nowhere&format=csv").text.splitlines()
    assert nothing == answer.text.splitlines()[:1]


@pytest.mark.parametrize("path", ["/quality/issues", "/quality/coverage"])
def test_the_pages_of_a_list_have_each_item_once(client: FlaskClient, path: str) -> None:
    things, address = [], f"{path}?edition=002&lang=en"
    total = read_list(client, address)["total"]
    number = 1
    while number:
        html = client.get(f"{address}&page={number}", headers=HTML).text
        found = re.search(rf'<link rel="next" href="[^"]*page={number + 1}"', html)
        body = html[html.index('<ol class="issue-list"') :] if path.endswith("issues") else html[html.index("<tbody>") :]
        things += re.findall(r'<h2><a href="([^"]+)"' if path.endswith("issues") else r'<a href="(/source/002#L\d+)"', body)
        number = number + 1 if found else 0
    assert len(things) == len(set(things)) == total > 100


@pytest.mark.parametrize(
    ("address", "help_given"),
    [
        ("/quality/issues?kind=Nonsense", "EmailTruncated"),
        ("/quality/issues?edition=9", "today, 003"),
        ("/quality/issues?category=Village", "CoreCity"),
        ("/quality/issues?group=x", "DamagedValue"),
        ("/quality/issues?has=x", "suggestion, evidence"),
        ("/quality/issues?government=999999", "government=122173"),
        ("/quality/issues?page=0", "pages 1 to"),
        ("/quality/issues?page=999", "pages 1 to"),
        ("/quality/issues?page=²", "pages 1 to"),
        ("/quality/issues?kind=LinkLabel&kind=HtmlEntity", "once"),
        ("/quality/issues?q=" + "x" * 300, "200"),
        ("/quality/issues?format=xlsx", "csv"),
        ("/quality/coverage?lacks=phone", "email, class, url"),
        ("/quality/coverage?edition=tomorrow", "today, 003"),
    ],
)
def test_a_bad_parameter_is_refused_with_help(client: FlaskClient, address: str, help_given: str) -> None:
    response = client.get(address, headers=HTML)
    assert response.status_code == 400
    assert help_given in response.text


def test_empty_fields_of_the_form_ask_for_all(client: FlaskClient) -> None:
    whole = read_list(client, "/quality/issues")
    assert read_list(client, "/quality/issues?q=&kind=&group=&edition=&category=&has=") == whole


def test_the_report_page_says_what_the_report_says(client: FlaskClient, release: Release) -> None:
    html = client.get("/quality/report?lang=en", headers=HTML).text
    report = release.read_bytes("report.ttl").decode()
    assert f"<strong>{release.manifest['counts']['warnings']}</strong> warnings" in html
    assert "<strong>0</strong> violations" in html
    shapes = len(re.findall(r" a sh:(?:Node|Property)Shape", release.read_bytes("ontology/shapes.ttl").decode()))
    assert f"<strong>{shapes}</strong> shapes checked" in html
    checked = re.search(r"prov:used ([^;]+) ;", report)
    assert checked
    assert f"<strong>{len(checked[1].split(' , '))}</strong> graphs checked" in html
    shown = dict(re.findall(r'<code translate="no">(\w+)</code> · warning · (\d+) result', html))
    assert shown == {name: str(n) for name, n in Counter(re.findall(r"sourceShape <[^>]*#(\w+)>", report)).items()}
    focus = {release.iris.strip_base(iri) for iri in re.findall(r"sh:focusNode <([^>]+)>", report)}
    assert {f"/doc/{str(iri).removeprefix('id/')}" for iri in focus} <= {address for address, _ in list_links(html)}
    assert "/dumps/report.ttl" in dict(list_links(html))
    demands = re.findall(r'<th scope="row">(.*?) <a [^>]*><code class="quiet"', html)
    assert len(demands) == shapes
    assert all(demands)


@pytest.mark.parametrize("path", ["/quality", "/quality/issues", "/quality/coverage", "/quality/report"])
def test_the_pages_are_light_and_in_both_languages(client: FlaskClient, path: str) -> None:
    japanese = re.compile("[\u3041-\u30fa\u4e00-\u9fff]")
    for language in ("en", "ja"):
        response = client.get(f"{path}?lang={language}", headers=HTML)
        assert response.headers["Content-Language"] == language
        assert len(response.data) < 100_000
        assert "style=" not in response.text
        (title,) = re.findall(r"<h1[^>]*>(.*?)</h1>", response.text)
        assert bool(japanese.search(title)) == (language == "ja")


def test_every_kind_and_group_is_explained_in_the_language_of_the_page(client: FlaskClient, release: Release) -> None:
    query = (
        "SELECT ?k (COUNT(*) AS ?n) { GRAPH graph:ontology { ?k skos:broader ?g ; skos:inScheme jle:IssueTypes } } GROUP BY ?k"
    )
    kinds = {name for (name,) in ask(client, release, query)}
    for language in ("en", "ja"):
        html = client.get(f"/quality?lang={language}", headers=HTML).text
        explained = dict(re.findall(r'<div id="(\w+)">\s*<dt>.*?</dt>\s*<dd>(.*?)<', html, re.DOTALL))
        assert set(explained) == kinds
        assert all(text.strip() for text in explained.values())


def test_links_stay_under_the_prefix(client: FlaskClient) -> None:
    for path in ("/quality", "/quality/issues?kind=LinkLabel", "/quality/coverage", "/quality/report"):
        html = client.get(path, headers=HTML, environ_overrides={"SCRIPT_NAME": "/lod"}).text
        inside = {address for address, _ in list_links(html) if address.startswith("/")}
        assert inside
        assert {address for address in inside if not address.startswith("/lod/")} == set()


def test_other_data_have_no_pages_about_quality(tmp_path: Any) -> None:
    path = tmp_path / "data.ttl"
    folder = tmp_path / "release"
    folder.mkdir()
    path.write_text("<http://a.example/b> <http://a.example/c> 1 .", encoding="utf-8")
    other = create_app(make_data_release(folder, [path])).test_client()
    for address in ("/quality", "/quality/issues", "/quality/coverage", "/quality/report"):
        assert other.get(address).status_code == 404


def test_a_doubtful_address_is_marked_in_the_table_of_who_lists_what(client: FlaskClient) -> None:
    pages = [client.get(f"/quality/coverage?edition=003&page={n}", headers={"Accept": "text/html"}).text for n in (1, 2)]
    rows = [row for page in pages for row in page.split("<tr>") if "mailto:ktie@ktarn.jp" in row]
    assert len(rows) == 1
    assert "/doc/edition/003/issue/79" in rows[0]
    assert sum(page.count('class="badge guess"') for page in pages) == 2  # that of Toyonaka, too
