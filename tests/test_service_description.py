"""The endpoint without a query says what it is, what it holds and what it gives."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, Graph, Namespace, URIRef

from lod.release import Release
from server.app import create_app
from server.configuration import QueryLimits
from server.pages.examples import read_examples

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
SH = Namespace("http://www.w3.org/ns/shacl#")
TEXTS = (SH.select, SH.ask, SH.construct, URIRef("https://purl.expasy.org/sparql-examples/ontology#describe"))
FORMATS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/n-quads": "pyoxigraph",
    "application/trig": "pyoxigraph",
    'application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened"': "json-ld",
    "text/n3": "turtle",
}


@pytest.fixture(scope="module")
def described(client: FlaskClient) -> Graph:
    return Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).data, format="turtle")


@pytest.fixture(scope="module")
def service(described: Graph) -> URIRef:
    (found,) = described.subjects(RDF.type, SD.Service)
    return URIRef(found)


def test_it_is_the_same_in_all_formats_of_graphs(client: FlaskClient, described: Graph) -> None:
    for media_type, name in FORMATS.items():
        response = client.get("/sparql", headers={"Accept": media_type})
        assert (response.status_code, response.content_type.removesuffix("; charset=utf-8")) == (200, media_type)
        assert "Accept" in response.vary
        assert client.get(response.headers["Content-Location"]).status_code == 200
        if name == "pyoxigraph":  # rdflib's parsers of quads warn of themselves
            expected = set(parse(described.serialize(format="nt"), RdfFormat.N_TRIPLES))
            assert set(parse(response.data, RdfFormat.from_media_type(media_type))) == expected
        else:
            assert set(Graph().parse(data=response.data, format=name)) == set(described)


def test_it_links_to_its_other_forms(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    links = re.findall(r'<([^>]+)>; rel="alternate"; type="([^"]+)"', response.headers["Link"])
    assert {media_type for _, media_type in links} == {
        "application/ld+json",
        "application/n-triples",
        "application/rdf+xml",
        "application/n-quads",
        "application/trig",
        "application/json",
        "text/html",
    }
    for address, media_type in links:
        assert client.get(address).mimetype == media_type


@pytest.mark.parametrize("accept", [None, "*/*", "text/turtle, */*;q=0.1"])
def test_programs_get_it_as_turtle(client: FlaskClient, accept: str | None) -> None:
    assert client.get("/sparql", headers={"Accept": accept} if accept else {}).mimetype == "text/turtle"


def test_what_is_no_graph_format_is_not_offered(client: FlaskClient) -> None:
    assert client.get("/sparql", headers={"Accept": "text/csv"}).status_code == 406
    assert client.get("/sparql?format=csv").status_code == 400


def test_it_says_what_the_endpoint_can(described: Graph, service: URIRef, release: Release) -> None:
    assert set(described.objects(service, SD.endpoint)) == {URIRef(release.iris.sparql.value)}
    assert set(described.objects(service, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(described.objects(service, SD.feature)) == set()
    assert {str(o).rpartition("/")[2] for o in described.objects(service, SD.resultFormat)} == {
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
        "Turtle",
        "N-Triples",
        "RDF_XML",
        "JSON-LD",
        "N-Quads",
        "TriG",
    }


def test_it_says_the_limits_in_terms_of_the_vocabulary(described: Graph, service: URIRef, release: Release) -> None:
    ontology = f"{release.iris.ontology.value}#"
    found = {
        str(p).removeprefix(ontology): o.toPython() for _, p, o in described.triples((service, None, None)) if ontology in p
    }
    limits = QueryLimits()
    assert found == {
        "rowLimit": limits.rows,
        "resultSizeLimit": limits.result,
        "timeLimit": limits.seconds,
        "querySizeLimit": limits.size,
    }
    known = {q.subject.value for q in release.load_store() if str(q.graph_name) == str(release.iris.graph("ontology"))}
    assert {ontology + name for name in found} <= known


def test_every_graph_is_there_with_its_counts(client: FlaskClient, described: Graph, service: URIRef, release: Release) -> None:
    dataset = described.value(service, SD.defaultDataset)
    counts = {
        str(described.value(n, SD.name)): tuple(
            described.value(described.value(n, SD.graph), p) for p in (VOID.triples, VOID.distinctSubjects)
        )
        for n in described.objects(dataset, SD.namedGraph)
    }
    own = release.iris.graph("release").value
    assert counts.pop(own) == (None, None)  # no graph can count itself
    store = release.load_store()
    expected = {}
    for graph in store.named_graphs():
        quads = list(store.quads_for_pattern(None, None, None, graph))
        expected[graph.value] = (len(quads), len({q.subject for q in quads}))
    assert {graph: tuple(n.toPython() for n in found) for graph, found in counts.items()} == {
        graph: found for graph, found in expected.items() if graph != own
    }
    default = described.value(dataset, SD.defaultGraph)
    count = client.get("/sparql", query_string={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"})
    assert f"n\r\n{described.value(default, VOID.triples)}\r\n" == count.text


def test_it_has_the_statements_of_the_catalogue_and_says_no_count_twice(client: FlaskClient, described: Graph) -> None:
    catalogue = Graph().parse(data=client.get("/catalog.nt").data, format="nt")
    assert set(catalogue) <= set(described)
    for count in (VOID.triples, VOID.entities, VOID.classes, VOID.distinctObjects):
        assert set(described.subject_objects(count)) == set(catalogue.subject_objects(count)) != set()


def test_the_examples_are_there_to_be_run(client: FlaskClient, described: Graph, release: Release) -> None:
    found = set()
    for example in described.subjects(RDF.type, SH.SPARQLExecutable):
        (text,) = (o for p in TEXTS for o in described.objects(example, p))
        found.add(str(text))
        assert client.get("/sparql", query_string={"query": str(text)}).status_code == 200
    assert found == {e.query for e in read_examples(release)}


def test_browsers_get_the_form_with_limits_and_graphs(client: FlaskClient, release: Release) -> None:
    page = client.get("/sparql", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "<textarea" in page.text
    assert f"{QueryLimits().rows:,} rows" in page.text
    assert "SERVICE is refused" in page.text
    for triples in release.manifest["counts"]["triples"].values():
        assert f"{triples:,}" in page.text


def test_services_that_are_allowed_are_said(release: Release) -> None:
    client = create_app(release, QueryLimits(services=("https://example.org/sparql",))).test_client()
    graph = Graph().parse(data=client.get("/sparql").data, format="turtle")
    assert set(graph.objects(None, SD.feature)) == {SD.BasicFederatedQuery}
    assert "SERVICE may ask https://example.org/sparql" in client.get("/sparql", headers={"Accept": "text/html"}).text
