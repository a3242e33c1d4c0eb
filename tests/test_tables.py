"""The tables for people: every form says the same, and all of it is what the graphs say, asked with SPARQL."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyoxigraph import Store

from lod.release import Release
from lod.table_columns import BOOLEAN, DECIMAL, INTEGER, ISSUES, LINKS, LISTINGS, PLACES, Column
from lod.tables import guard_text

COLUMNS = {"listings-current": LISTINGS, "listings": LISTINGS, "links": LINKS, "issues": ISSUES, "places": PLACES}
PREFIXES = """PREFIX jle: <http://localhost:8000/ontology#> PREFIX schema: <https://schema.org/>
PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX dqv: <http://www.w3.org/ns/dqv#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> """
READ = {INTEGER: int, DECIMAL: float, BOOLEAN: "true".__eq__}


@cache
def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of the JSON Lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_cell(column: Column, text: str) -> Any:
    """A cell of the CSV as its column says."""
    read = READ.get(column.kind, str)
    if column.separator:
        return [read(value) for value in text.split(column.separator)] if text else []
    return read(text) if text or column.may_be_empty else None


def ask(store: Store, pattern: str) -> set[tuple[str | None, ...]]:
    found = store.query(f"{PREFIXES} SELECT * WHERE {{ {pattern} }}")
    names = [v.value for v in found.variables]
    return {tuple(row[n].value if row[n] is not None else None for n in sorted(names)) for row in found}


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return release.load_store()


@pytest.mark.parametrize("name", COLUMNS)
def test_csv_json_lines_and_parquet_say_the_same(release: Release, name: str) -> None:
    columns = COLUMNS[name]
    content = release.read_bytes(f"{name}.csv").decode()
    header, *cells = csv.reader(io.StringIO(content, newline=""), strict=True)
    rows = read_rows(release.path / f"{name}.jsonl")
    assert header == [column.name for column in columns]
    assert content.count("\r\n") == len(rows) + 1
    assert [{c.name: read_cell(c, text) for c, text in zip(columns, row, strict=True)} for row in cells] == rows
    assert pq.read_table(release.path / f"{name}.parquet").to_pylist() == rows
    facts = release.manifest["files"]
    assert {facts[f"{name}.{form}"]["rows"] for form in ("csv", "excel.csv", "jsonl", "parquet")} == {len(rows)}


def test_data_frames_have_sensible_types(release: Release) -> None:
    listings = pd.read_parquet(release.path / "listings.parquet", dtype_backend="pyarrow")
    assert listings["lines"].dtype == pd.ArrowDtype(pa.list_(pa.int64()))
    assert listings["emails"].dtype == pd.ArrowDtype(pa.list_(pa.string()))
    assert listings.loc[listings["code"] == "010006", "current"].tolist() == [True]
    assert (listings.groupby("edition")["listing_iri"].nunique().to_dict()) == release.manifest["counts"]["listings"]
    bodies = listings[listings["body_iri"].notna()].groupby("edition").size()
    assert bodies.to_dict() == release.manifest["counts"]["bodies"]
    places = pd.read_csv(release.path / "places.csv", dtype={"code": str, "listed_code": str})
    assert places["latitude"].between(24, 46).sum() == places["latitude"].notna().sum() > 1700
    assert places["listed_code"].nunique() == release.manifest["counts"]["governments"]


@pytest.mark.parametrize("name", COLUMNS)
def test_a_spreadsheet_program_can_be_given_the_safe_csv(release: Release, name: str) -> None:
    content = release.read_bytes(f"{name}.excel.csv")
    assert content.startswith("\ufeff".encode())
    plain = list(csv.reader(io.StringIO(release.read_bytes(f"{name}.csv").decode(), newline="")))
    safe = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in safe] == plain
    numbers = [column.kind in (INTEGER, DECIMAL) for column in COLUMNS[name]]
    for row in safe[1:]:
        for is_number, cell in zip(numbers, row, strict=True):
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
            assert is_number or not cell.isdigit()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("010006", "'010006"),
        ("131016", "'131016"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+81 3 1234", "'+81 3 1234"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        ("\t=1", "'\t=1"),
        ("'quoted", "''quoted"),
        ("24 25", "'24 25"),
        ("1-2", "'1-2"),
        ("2012/3", "'2012/3"),
        ("1E5", "'1E5"),
        ("12%", "'12%"),
        ("Kashiwa City", "Kashiwa City"),
        ("柏市", "柏市"),
        ("3rd floor", "3rd floor"),
        ("", ""),
        ("http://example.jp/?a=1", "http://example.jp/?a=1"),
    ],
)
def test_what_a_spreadsheet_program_would_change_is_marked_as_text(text: str, written: str) -> None:
    assert guard_text(text) == written


def test_listings_are_those_of_the_edition_graphs(release: Release, store: Store) -> None:
    rows = read_rows(release.path / "listings.jsonl")
    said = {
        (
            r["category"],
            r["code"],
            r["edition"],
            r["government_iri"],
            r["listing_iri"],
            r["place"],
            r["place_ja"],
            r["class_status"],
        )
        for r in rows
    }
    wanted = ask(
        store,
        """GRAPH ?h { ?e schema:about ?d ; jle:category ?a0 ; jle:inEdition ?c0 ; jle:classInformationStatus ?h0 .
        ?d jle:lgCode ?b ; schema:name ?f, ?g } FILTER(LANG(?f) = "en" && LANG(?g) = "ja")""",
    )
    names = ("a0", "b", "c0", "d", "e", "f", "g", "h", "h0")
    local = [dict(zip(names, row, strict=True)) for row in wanted]
    assert said == {
        (
            r["a0"].partition("#")[2],
            r["b"],
            r["c0"].rpartition("/")[2],
            r["d"],
            r["e"],
            r["f"],
            r["g"],
            r["h0"].partition("#")[2],
        )
        for r in local
    }
    pairs = {(r["body_iri"], r["listing_iri"]) for r in rows if r["body_iri"]}
    assert pairs == {row[:2] for row in ask(store, "GRAPH ?g { ?b jle:unitInCharge ?a }")}
    emails = {(r["contact_iri"], e, r["listing_iri"]) for r in rows for e in r["emails"]}
    assert emails == {row[:3] for row in ask(store, "GRAPH ?g { ?c jle:contact ?a . ?a schema:email ?b }")}
    lines = {(str(n), r["listing_iri"]) for r in rows for n in r["lines"]}
    assert lines == {row[:2] for row in ask(store, "GRAPH ?g { ?b a jle:Listing ; jle:sourceLine ?a }")}
    urls = {(r["body_iri"] or r["listing_iri"], u, r["listing_iri"]) for r in rows for u in r["urls"]}
    own = ask(store, "GRAPH ?g { ?c jle:unitInCharge ?a ; jle:printedUrl ?b . ?a schema:url ?b }")
    whole = ask(store, "GRAPH ?g { ?a a jle:Listing ; schema:url ?b }")
    assert urls == {row[:3] for row in own} | {(row[0], row[1], row[0]) for row in whole}


def test_listings_of_today_are_those_of_the_default_graph(release: Release, store: Store) -> None:
    rows = read_rows(release.path / "listings-current.jsonl")
    assert rows == [row for row in read_rows(release.path / "listings.jsonl") if row["current"]]
    assert {(r["listing_iri"],) for r in rows} == ask(store, "?a a jle:Listing")
    emails = {(r["contact_iri"], e) for r in rows for e in r["emails"]}
    assert emails == ask(store, "?a schema:email ?b")


def test_links_are_those_that_the_listings_state(release: Release, store: Store) -> None:
    rows = read_rows(release.path / "links.jsonl")
    assert {sum(map(bool, (r["body_url"], r["listing_url"], r["class_url"]))) for r in rows} == {1}
    stated = ask(store, "GRAPH ?g { ?c jle:classInformation/schema:availableChannel ?a . ?a schema:serviceUrl ?b }")
    assert {(r["channel_iri"], r["class_url"], r["listing_iri"]) for r in rows if r["class_url"]} == {r[:3] for r in stated}
    listings = read_rows(release.path / "listings.jsonl")
    shown = {(r["listing_iri"], r["body_iri"], u) for r in listings for u in r["urls"]}
    linked = {(r["listing_iri"], r["body_iri"], r["body_url"] or r["listing_url"]) for r in rows if not r["class_url"]}
    assert linked == shown
    assert {(r["listing_iri"], r["class_url"]) for r in rows if r["class_url"]} == {
        (r["listing_iri"], u) for r in listings for u in r["class_urls"]
    }


def test_issues_and_places_are_those_of_their_graphs(release: Release, store: Store) -> None:
    rows = read_rows(release.path / "issues.jsonl")
    wanted = ask(
        store,
        """GRAPH <http://localhost:8000/graph/quality> { ?a jle:issueType ?b ; jle:verbatim ?c ; rdfs:comment ?d, ?e ;
        oa:hasTarget ?f } FILTER(LANG(?d) = "en" && LANG(?e) = "ja")""",
    )
    assert {
        (
            r["issue_iri"],
            f"http://localhost:8000/ontology#{r['kind']}",
            r["verbatim"],
            r["comment"],
            r["comment_ja"],
            r["target_iri"],
        )
        for r in rows
    } == wanted
    assert len(rows) == len(wanted)
    suggested = ask(store, "GRAPH ?g { ?a jle:suggestedValue ?b }")
    assert {(r["issue_iri"], s) for r in rows for s in r["suggested"]} == {row[:2] for row in suggested}
    evidence = ask(store, "GRAPH <http://localhost:8000/graph/quality> { ?a jle:evidence ?b }")
    assert {(r["issue_iri"], e) for r in rows for e in r["evidence"]} == evidence
    places = read_rows(release.path / "places.jsonl")
    known = ask(
        store,
        """?a a schema:AdministrativeArea ; jle:lgCode ?b ; schema:name ?c, ?d, ?e
        FILTER(LANG(?c) = "en" && LANG(?d) = "ja" && LANG(?e) = "ja-hrkt")""",
    )
    assert {(r["area_iri"], r["code"], r["place"], r["place_ja"], r["place_kana"]) for r in places} == known
    assert len(places) == len(known)
    positions = ask(store, "?a schema:geo ?p . ?p schema:latitude ?b ; schema:longitude ?c")
    assert {(r["area_iri"], r["latitude"], r["longitude"]) for r in places if r["position_iri"]} == {
        (a, float(b), float(c)) for a, b, c, _ in positions
    }
    linked = ask(store, "?a a schema:AdministrativeArea ; schema:sameAs ?b")
    assert {(r["area_iri"], r[n]) for r in places for n in ("wikidata", "geonames") if r[n]} == linked
