"""The measurements of quality: each is what an independent count of the graphs gives, and what pages and lists tell."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import QuerySolutions, RdfFormat, Store

from lod.quality_measurements import Measurement
from lod.release import Release
from server.dataset import Dataset
from server.pages.quality_figures import ALL
from server.pages.quality_issues import GROUPS

Key = tuple[str, ...]  # edition, category, metric, kind of issue or other edition
Figures = dict[Key, tuple[int, int | None]]
CATEGORY = "GRAPH ?g { ?l a jle:Listing ; jle:inEdition ?e ; jle:category ?c }"
EMAIL = "?l jle:contact ?owner . ?owner schema:email ?value"
URL = "?l jle:printedUrl|schema:url ?value"
LINK = "?l jle:classInformation/schema:availableChannel/schema:serviceUrl ?value"
KEPT = "FILTER NOT EXISTS { GRAPH graph:quality { ?lost jle:issueType jle:ColumnsLost ; oa:hasTarget ?e } }"
COMPLETENESS = {"EmailCompleteness": EMAIL, "UrlCompleteness": URL, "ClassLinkCompleteness": LINK}
FOLDED = "BIND (MD5(IF(isLiteral(?value), LCASE(?value), STR(?value))) AS ?v)"  # all of it, not only the last step
CONSISTENCY = {"EmailConsistency": EMAIL, "UrlConsistency": URL, "BodyConsistency": "?l jle:unitInCharge ?value"}


@pytest.fixture(scope="module")
def dataset(client: FlaskClient) -> Dataset:
    found: Dataset = client.application.extensions["endpoint"].dataset
    return found


def ask(dataset: Dataset, query: str) -> list[tuple[str, ...]]:
    """The rows; of IRIs the last step, of literals the text."""
    result = dataset.store.query(query, prefixes={**dataset.prefixes, "graph": dataset.iris.graph("").value})
    assert isinstance(result, QuerySolutions)
    return [tuple("" if cell is None else re.split("[#/]", cell.value)[-1] for cell in row) for row in result]


@pytest.fixture(scope="module")
def stated(dataset: Dataset) -> Figures:
    """What the release states of its editions, by what each figure is of."""
    found: Figures = {}
    for _, edition, category, metric, kind, other, value, numerator, denominator in ask(dataset, ALL):
        key = (edition, category, metric, kind or other)
        assert key not in found
        found[key] = (int(numerator), int(denominator)) if denominator else (int(value), None)
        if denominator:
            share = Decimal(numerator) / Decimal(denominator)
            assert Decimal(value) == share.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return found


def count_completeness(dataset: Dataset) -> Figures:
    """Listings by whether they state a value: of editions and categories whose column is there."""
    figures: Figures = {}
    for metric, pattern in COMPLETENESS.items():
        is_class = metric == "ClassLinkCompleteness"
        kept = "FILTER NOT EXISTS { GRAPH ?g { ?l jle:classInformationStatus jle:ColumnLost } }" if is_class else KEPT
        listed = f"SELECT ?e ?c ?l {{ {CATEGORY} {kept} }}"
        having = f"SELECT DISTINCT ?e ?c ?l {{ {CATEGORY} {kept} GRAPH ?g {{ {pattern} }} }}"
        everything, found = (Counter(scopes(ask(dataset, query))) for query in (listed, having))
        figures |= {(e, c, metric, ""): (found[e, c], number) for (e, c), number in everything.items()}
    return figures


def scopes(rows: list[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Each row counts for its edition and for its category there."""
    return [scope for e, c, *_ in rows for scope in ((e, ""), (e, c))]


def count_validity(dataset: Dataset) -> Figures:
    printed = "SELECT DISTINCT ?e ?c ?owner ?p ?value {{ {category} {kept} GRAPH ?g {{ {pattern} }} }}"
    patterns = (
        EMAIL,
        "?l ?p ?value FILTER (?p IN (jle:printedUrl, schema:url)) BIND (?l AS ?owner)",
        "?l jle:classInformation/schema:availableChannel ?owner",
    )
    usable = Counter(
        scope for p in patterns for scope in scopes(ask(dataset, printed.format(category=CATEGORY, kept=KEPT, pattern=p)))
    )
    damage = "?k skos:broader jle:DamagedValue } GRAPH graph:quality { ?i jle:issueType ?k ; oa:hasTarget ?l }"
    damage = f"GRAPH graph:ontology {{ {damage}"
    damaged = Counter(scopes(ask(dataset, f"SELECT ?e ?c ?i {{ {damage} {CATEGORY} {KEPT} }}")))
    return {(e, c, "ValueValidity", ""): (n, n + damaged[e, c]) for (e, c), n in usable.items()}


def count_issues(dataset: Dataset) -> Figures:
    issues = "GRAPH graph:quality { ?i jle:issueType ?k ; jle:inEdition ?e ; oa:hasTarget ?l }"
    rows = ask(
        dataset, f"SELECT ?e ?c ?k ?i {{ {issues} OPTIONAL {{ GRAPH ?g {{ ?l jle:category ?c ; schema:about ?gov }} }} }}"
    )
    listed = ask(dataset, f"SELECT DISTINCT ?e ?c {{ {CATEGORY} }}")
    counts: Counter[Key] = Counter({(*scope, "IssueCount", ""): 0 for scope in scopes(listed)})
    for edition, category, kind, _ in rows:
        for scope in {"", category}:
            counts.update([(edition, scope, "IssueCount", ""), (edition, scope, "IssueCountByType", kind)])
    return {key: (number, None) for key, number in counts.items()}


def count_consistency(dataset: Dataset) -> Figures:
    """By comparing, value by value, what two editions state of the governments that both list."""
    order = {edition.number: place for place, edition in enumerate(dataset.editions)}  # the newest first
    figures: Figures = {}
    for metric, pattern in CONSISTENCY.items():
        kept = "" if metric == "BodyConsistency" else KEPT
        stating = f"{CATEGORY} {kept} GRAPH ?g {{ ?l schema:about ?gov . {pattern} }} {FOLDED}"
        rows = ask(dataset, f"SELECT ?e ?c ?gov ?v {{ {stating} }}")
        values: dict[tuple[str, str], dict[str, set[str]]] = {}
        for edition, category, government, value in rows:
            values.setdefault((edition, category), {}).setdefault(government, set()).add(value)
        for (later, category), ours in values.items():
            for (earlier, other_category), theirs in values.items():
                if category == other_category and order[later] < order[earlier]:
                    both = ours.keys() & theirs.keys()
                    same = sum(ours[g] == theirs[g] for g in both)
                    figures[later, category, metric, earlier] = (same, len(both))
    return figures


def test_every_measurement_is_what_an_independent_count_gives(dataset: Dataset, stated: Figures) -> None:
    counted = count_completeness(dataset) | count_validity(dataset) | count_issues(dataset) | count_consistency(dataset)
    assert stated == counted
    assert len(stated) > 200
    metrics = {*COMPLETENESS, "ValueValidity", *CONSISTENCY, "IssueCount", "IssueCountByType"}
    assert {metric for _, _, metric, _ in stated} == metrics


def test_where_the_columns_are_lost_nothing_is_measured_but_issues_and_bodies(stated: Figures) -> None:
    lost = {metric for edition, _, metric, other in stated if edition in ("000", "001") or other in ("000", "001")}
    assert lost == {"IssueCount", "IssueCountByType", "BodyConsistency"}


def test_completeness_is_what_the_page_of_coverage_tells(client: FlaskClient, stated: Figures) -> None:
    rows = csv.DictReader(io.StringIO(client.get("/quality/coverage?format=csv").text))
    counts = Counter((r["edition"], r["category"], value, r[value]) for r in rows for value in ("email", "class", "url"))
    metrics = {"email": "EmailCompleteness", "class": "ClassLinkCompleteness", "url": "UrlCompleteness"}
    told: Figures = {}
    for edition, category, value, _ in counts:
        has, lacks = (counts[edition, category, value, state] for state in ("has", "lacks"))
        if has + lacks:
            told[edition, category, metrics[value], ""] = (has, has + lacks)
    assert told == {key: figure for key, figure in stated.items() if key[1] and key[2] in metrics.values()}


def test_counts_of_issues_are_those_of_the_list(client: FlaskClient, stated: Figures) -> None:
    issues = client.get("/quality/issues?format=json").json["issues"]
    told = Counter((i["edition"], scope, i["kind"]) for i in issues for scope in {"", i["category"]})
    assert told == {(e, c, kind): n for (e, c, metric, kind), (n, _) in stated.items() if metric == "IssueCountByType"}
    assert {i["group"] for i in issues} <= set(GROUPS)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_of_quality_shows_measurements_and_leads_to_them(
    client: FlaskClient, release: Release, stated: Figures, language: str
) -> None:
    html = client.get(f"/quality?lang={language}", headers={"Accept": "text/html"}).text
    section = html[html.index('id="measurements"') : html.index('id="validation"')]
    shown: Figures = {}
    for address, text in re.findall(r'<a href="/doc/edition/([^"]+)">([^<]+)</a>', section):
        edition, _, category, metric, *other = address.split("/")
        numbers = sorted(map(int, re.findall(r"\d+", text)))
        shown[edition, category, metric, *(other or [""])] = (numbers[0], numbers[-1] if metric != "IssueCount" else None)
    current = {(edition, category) for category, edition in release.manifest["current"].items()}
    expected = {
        k: f
        for k, f in stated.items()
        if k[2] != "IssueCountByType" and (k[2] in CONSISTENCY or (k[:2] in current and not k[3]))
    }
    assert shown == expected
    assert "#QualityMetrics" in section
    (query,) = re.findall(r'href="(/sparql\?query=[^"]+)"', section)
    rows = client.get(unescape(query), headers={"Accept": "text/csv"}).text
    assert rows.count("\r\n") - 1 == len(stated)


def test_a_measurement_and_its_metric_are_dereferenced(client: FlaskClient, release: Release) -> None:
    iri = release.iris.measurement("003", "CoreCity", "EmailCompleteness")
    path = str(release.iris.strip_base(iri.value))
    assert client.get(f"/{path}").status_code == 303
    store = Store()
    store.load(client.get(f"/doc/{path.removeprefix('id/')}.nt").data, format=RdfFormat.N_TRIPLES)
    found = {
        q.predicate.value.rpartition("#")[2]: getattr(q.object, "value", "")
        for q in store.quads_for_pattern(iri, None, None, None)
    }
    assert (found["value"], found["numerator"], found["denominator"]) == ("0.9839", "61", "62")
    for language, label in (
        ("en", "E-mail completeness: edition 003, Core city"),
        ("ja", "メールアドレスの記載率:版003、中核市"),
    ):
        assert label in client.get(f"/doc/{path.removeprefix('id/')}?lang={language}", headers={"Accept": "text/html"}).text
    assert 'id="EmailCompleteness"' in client.get("/ontology", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(
    ("numerator", "denominator", "value"),
    [(0, 3, "0"), (3, 3, "1"), (1, 2, "0.5"), (2, 3, "0.6667"), (1, 20000, "0.0001"), (5, None, "5")],
)
def test_a_share_is_rounded_and_has_no_needless_zeros(numerator: int, denominator: int | None, value: str) -> None:
    assert Measurement("003", "x", numerator, denominator).value.value == value
