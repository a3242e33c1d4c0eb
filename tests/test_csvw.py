"""The CSVW metadata: a validator accepts the tables with them, and a converter gets our triples back, all and no others."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest
from csvw import CSVW
from csvw_functions.csvw_functions import create_annotated_table_group, create_rdf
from flask.testing import FlaskClient
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Store, Triple, parse
from werkzeug.serving import make_server

from lod.release import Release

TABLES = ("listings-current", "listings", "links", "issues", "places")
BASE = "http://localhost:8000/"
PREFIXES = {
    "jle": f"{BASE}ontology#",
    "schema": "https://schema.org/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "oa": "http://www.w3.org/ns/oa#",
    "dqv": "http://www.w3.org/ns/dqv#",
}
# What the tables say, by the part that a thing plays: the pattern that finds it as ?s, and its properties.
SAID = (
    (
        "GRAPH ?g { ?s a jle:Listing }",
        "rdf:type schema:about jle:inEdition jle:category jle:unitInCharge jle:contact jle:classInformation "
        "jle:classInformationStatus jle:status schema:description jle:sourceLine schema:url",
    ),
    ("GRAPH ?g { ?l schema:about ?s }", "schema:name jle:lgCode schema:areaServed"),
    ("GRAPH ?g { ?l jle:unitInCharge ?s }", "schema:name schema:url schema:contactPoint"),
    ("GRAPH ?g { ?l jle:contact ?s }", "schema:email"),
    ("GRAPH ?g { ?l jle:classInformation ?s }", "schema:serviceOperator schema:availableChannel"),
    ("GRAPH ?g { ?c schema:availableChannel ?s }", "schema:serviceUrl schema:name jle:sourceLine"),
    (
        "GRAPH ?g { ?s a dqv:QualityAnnotation }",
        "rdf:type jle:issueType jle:inEdition jle:sourceLine jle:verbatim rdfs:comment jle:suggestedValue oa:hasTarget",
    ),
    ("GRAPH ?g { ?i jle:issueType ?s }", "skos:prefLabel skos:broader"),
    (
        "GRAPH ?g { ?s a schema:AdministrativeArea }",
        "rdf:type schema:name jle:lgCode schema:containedInPlace schema:geo schema:sameAs jle:standardAreaCode",
    ),
    ("GRAPH ?g { ?a schema:geo ?s }", "schema:latitude schema:longitude"),
    ("GRAPH ?g { ?a schema:identifier ?s . ?s schema:propertyID 'ISO 3166-2' }", "schema:value"),
)
IDENTIFIED = "GRAPH ?g { ?s schema:identifier ?o . ?o schema:propertyID 'ISO 3166-2' }"
DECIMAL = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")


@pytest.mark.parametrize("name", TABLES)
def test_a_validator_accepts_the_table_and_its_metadata(release: Release, name: str) -> None:
    table = CSVW(str(release.path / f"{name}.csv-metadata.json"), validate=True)
    assert table.is_valid


@pytest.mark.filterwarnings("default")  # by which the validator tells itself of what it finds
def test_the_validator_would_have_said_so(release: Release, tmp_path: Path) -> None:
    for name in ("issues.csv", "issues.csv-metadata.json"):
        shutil.copy(release.path / name, tmp_path / name)
    content = (tmp_path / "issues.csv").read_bytes()
    assert b",000,3," in content
    (tmp_path / "issues.csv").write_bytes(content.replace(b",000,3,", b",000,three,", 1))
    assert not CSVW(str(tmp_path / "issues.csv-metadata.json"), validate=True).is_valid


@pytest.fixture(scope="module")
def site(client: FlaskClient) -> Iterator[str]:
    """The application on the loopback, for a converter that takes nothing but addresses."""
    server = make_server("127.0.0.1", 0, client.application)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def normalize(subject: NamedNode, predicate: NamedNode, value: object) -> Triple:
    """As the converter writes them: it encodes the `?` and `&` of IRIs, and leaves out zeros at the end of decimals."""
    if isinstance(value, NamedNode):
        return Triple(subject, predicate, NamedNode(quote(value.value, safe="/:#%=%")))
    assert isinstance(value, Literal)
    if value.datatype == DECIMAL:
        return Triple(subject, predicate, Literal(f"{Decimal(value.value).normalize():f}", datatype=DECIMAL))
    return Triple(subject, predicate, value)


def list_said(release: Release) -> set[Triple]:
    """What the graphs have of all that the tables say."""
    store: Store = release.load_store()
    prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
    said = set()
    for pattern, names in SAID:
        subjects = {row["s"].value for row in store.query(f"{prefixes} SELECT DISTINCT ?s {{ {pattern} }}")}
        for name in names.split():
            prefix, _, local = name.partition(":")
            for quad in store.quads_for_pattern(None, NamedNode(PREFIXES[prefix] + local), None):
                if quad.subject.value in subjects and quad.graph_name != DefaultGraph():
                    said.add(normalize(quad.subject, quad.predicate, quad.object))
    identified = NamedNode(f"{PREFIXES['schema']}identifier")
    for row in store.query(f"{prefixes} SELECT ?s ?o {{ {IDENTIFIED} }}"):
        said.add(normalize(row["s"], identified, row["o"]))
    return said


def test_a_converter_gets_back_all_that_the_tables_say_and_nothing_else(site: str, release: Release) -> None:
    found: dict[str, set[Triple]] = {}
    for name in TABLES[1:]:  # the first has rows of the second, which another test tells, and the same columns
        group = create_annotated_table_group(f"{site}/dumps/{name}.csv-metadata.json", validate=True)
        quads = list(parse(create_rdf(group, mode="minimal"), format=RdfFormat.N_TRIPLES))
        assert not any(isinstance(quad.subject, BlankNode) for quad in quads)
        found[name] = {normalize(quad.subject, quad.predicate, quad.object) for quad in quads}
    assert set().union(*found.values()) == list_said(release)
    current, every = (json.loads(release.read_bytes(f"{name}.csv-metadata.json")) for name in TABLES[:2])
    assert current["tableSchema"] == every["tableSchema"]


@pytest.mark.parametrize("name", TABLES)
def test_metadata_are_where_tools_look_for_them(client: FlaskClient, name: str) -> None:
    table = client.get(f"/dumps/{name}.csv", buffered=True)
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    link = table.headers["Link"]
    assert link == f'</dumps/{name}.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
    found = client.get(f"/dumps/{name}.csv-metadata.json", buffered=True)
    assert found.headers["Content-Type"] == "application/csvm+json"
    metadata = json.loads(found.data)
    assert metadata["url"] == f"{name}.csv"
    for column in metadata["tableSchema"]["columns"]:
        assert {text["@language"] for text in column["dc:title"] if text["@value"]} == {"en", "ja"}
        assert ("propertyUrl" in column) != column.get("suppressOutput", False)
    silent = {c["name"] for c in metadata["tableSchema"]["columns"] if c.get("suppressOutput")}
    assert silent <= {"urls", "class_urls", "evidence", "current"}
    assert ("rdfs:comment" in metadata) == bool(silent), "what cannot be said is told"
