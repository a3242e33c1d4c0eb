"""What the catalogue states is so: counts, link sets, files, order, and the build, each computed again by other means."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import pytest
from conftest import ROOT, SEEDS
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple
from small_seeds import make_row, read_rows

from lod.catalog_graph import add_catalogue
from lod.catalogue import Catalogue, Edition, Evidence, Section, read_catalogue
from lod.edition_order import find_first, find_last, find_previous
from lod.iris import Iris
from lod.release import Release
from lod.statistics_graph import add_examples, add_statistics, count_graph
from lod.terms import read_vocabulary
from lod.triples import Triples

IRIS = Iris()
VOCABULARY = read_vocabulary(ROOT / "ontology" / "vocabulary.ttl", IRIS)
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in VOCABULARY.prefixes.items())
RDF_TYPE = VOCABULARY["rdf:type"]
VOID = "http://rdfs.org/ns/void#"


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return release.load_store()


def ask(store: Store, query: str) -> list[tuple[str, ...]]:
    """The rows of a query, terms as text; what a release states of itself is in its own graph."""
    for word, iri in (("RELEASE", IRIS.graph("release")), ("CATALOG", IRIS.graph("catalog")), ("DATASET", IRIS.dataset)):
        query = query.replace(word, str(iri))
    found = store.query(PROLOGUE + query)
    assert isinstance(found, QuerySolutions)
    return [tuple("" if term is None else term.value for term in row) for row in found]


def count_again(store: Store, select: str, where: str) -> set[tuple[str, ...]]:
    """Counts by SPARQL of the default graph and of each named one but the release graph, with the IRI of what is counted."""
    named = ask(store, f"SELECT ?g {select} {{ GRAPH ?g {{ {where} }} }} GROUP BY ?g ?t")
    default = ask(store, f"SELECT {select} {{ {where} }} GROUP BY ?t")
    counted = {(IRIS.dataset.value, *row) for row in default} | set(named)
    return {row for row in counted if row[0] != IRIS.graph("release").value}


def test_every_part_by_class_is_counted_and_no_other(store: Store) -> None:
    stated = ask(store, "SELECT ?d ?t ?n { GRAPH RELEASE { ?d void:classPartition ?p . ?p void:class ?t ; void:entities ?n } }")
    assert set(stated) == count_again(store, "?t (COUNT(DISTINCT ?s) AS ?n)", "?s a ?t")
    assert len(stated) == len(set(stated)) > 50


def test_every_part_by_property_is_counted_and_no_other(store: Store) -> None:
    counts = "void:triples ?n ; void:distinctSubjects ?ns ; void:distinctObjects ?no"
    stated = ask(
        store,
        f"SELECT ?d ?t ?n ?ns ?no {{ GRAPH RELEASE {{ ?d void:propertyPartition ?p . ?p void:property ?t ; {counts} }} }}",
    )
    select = "?t (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ns) (COUNT(DISTINCT ?o) AS ?no)"
    assert set(stated) == count_again(store, select, "?s ?t ?o")
    assert len(stated) == len(set(stated)) > 200


def test_every_graph_but_the_own_is_counted(store: Store, release: Release) -> None:
    names = ("triples", "distinctSubjects", "distinctObjects", "properties")
    stated = ask(
        store, f"SELECT ?d ?{' ?'.join(names)} {{ GRAPH RELEASE {{ ?d {' ; '.join(f'void:{n} ?{n}' for n in names)} }} }}"
    )
    select = "(COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ns) (COUNT(DISTINCT ?o) AS ?no) (COUNT(DISTINCT ?p) AS ?np)"
    graphs = ask(store, f"SELECT ?g {select} {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g")
    (default,) = ask(store, f"SELECT {select} {{ ?s ?p ?o }}")
    expected = {(IRIS.dataset.value, *default), *graphs}
    assert set(stated) == {row for row in expected if row[0] != IRIS.graph("release").value}
    classes = Counter(row[0] for row in count_again(store, "?t (COUNT(*) AS ?n)", "?s a ?t"))
    assert dict(ask(store, "SELECT ?d ?n { GRAPH RELEASE { ?d void:classes ?n } }")) == {
        row[0]: str(classes[row[0]]) for row in stated
    }
    assert {row[0].removeprefix(IRIS.graph("").value) for row in stated} - {IRIS.dataset.value} == set(
        release.manifest["graphs"]
    ) - {"default"}


def test_link_sets_are_those_of_the_reference_table(store: Store) -> None:
    with (SEEDS / "places.csv").open(encoding="utf-8", newline="") as file:
        places = list(csv.DictReader(file))
    expected = {
        ("Wikidata", "http://www.wikidata.org/entity/", "https://schema.org/sameAs", "wikidata", ""),
        (
            "GeoNames",
            "https://sws.geonames.org/",
            "https://schema.org/sameAs",
            "geonames",
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        (
            "e-Stat standard area codes",
            "http://data.e-stat.go.jp/lod/sac/",
            f"{IRIS.ontology.value}#standardAreaCode",
            "estat",
            "",
        ),
    }
    rows = ask(
        store,
        """SELECT ?title ?space ?property ?n ?license ?from {
          GRAPH CATALOG { ?links a void:Linkset ; void:subjectsTarget ?from ; void:objectsTarget ?there .
            ?links void:linkPredicate ?property . ?there dcterms:title ?title ; void:uriSpace ?space
            OPTIONAL { ?there dcterms:license ?license } FILTER(LANG(?title) = "en") }
          GRAPH RELEASE { ?links void:triples ?n } }""",
    )
    assert {row[5] for row in rows} == {IRIS.graph("reference").value}
    assert {row[:5] for row in rows} == {
        (title, space, predicate, str(sum(bool(place[column]) for place in places)), license_)
        for title, space, predicate, column, license_ in expected
    }


def test_the_build_used_just_these_inputs_with_these_hashes(store: Store, release: Release) -> None:
    found = ask(
        store,
        """SELECT ?name ?sha { GRAPH RELEASE { DATASET prov:wasGeneratedBy ?build . ?build a prov:Activity ; prov:used ?input .
          ?input a prov:Entity ; dcterms:title ?name ; spdx:checksum/spdx:checksumValue ?sha } }""",
    )
    files = [*SEEDS.glob("*.*"), *(p for p in (ROOT / "ontology").rglob("*") if p.suffix in (".ttl", ".jsonld", ".rq"))]
    inputs = [p for p in files if p.is_file() and p.name != "__init__.py"]
    assert set(found) == {(p.relative_to(ROOT).as_posix(), hashlib.sha256(p.read_bytes()).hexdigest()) for p in inputs}
    documents = ask(store, "SELECT ?d { GRAPH RELEASE { ?b prov:used ?d FILTER(STRENDS(STR(?d), '.txt')) } }")
    assert {row[0] for row in documents} == {IRIS.source(n).value for n in release.manifest["editions"]}


def test_the_program_and_its_libraries_are_those_that_ran(store: Store, release: Release) -> None:
    rows = ask(
        store,
        """SELECT ?v ?library ?lv { GRAPH RELEASE { ?b prov:wasAssociatedWith ?p . ?p a prov:SoftwareAgent ; dcat:version ?v ;
          dcterms:requires ?l . ?l dcterms:title ?library ; dcat:version ?lv } }""",
    )
    assert {row[0] for row in rows} == {version("madoguchi")}
    assert {row[1:] for row in rows} == set(release.manifest["libraries"].items())
    assert ("pyoxigraph", version("pyoxigraph")) in {row[1:] for row in rows}


def test_the_plan_is_the_entries_of_the_curator_in_their_order(store: Store) -> None:
    rows = ask(
        store,
        """SELECT ?d ?line ?reason { GRAPH RELEASE { ?b prov:qualifiedAssociation/prov:hadPlan ?plan . ?plan a prov:Plan ;
          dcterms:hasPart ?d . ?d prov:wasDerivedFrom ?line ; dcterms:description ?reason FILTER(LANG(?reason) = "ja") } }""",
    )
    stated = [row[1:] for row in sorted(rows, key=lambda row: int(row[0].rpartition("-")[2]))]
    entries = tomllib.loads((SEEDS / "curation.toml").read_text(encoding="utf-8"))["entry"]
    assert stated == [(IRIS.source(e["document"], [e["line"]]).value, e["reason_ja"]) for e in entries]


def test_every_file_has_its_title_format_size_and_hash(store: Store, release: Release) -> None:
    rows = ask(
        store,
        """SELECT ?f ?title ?size ?sha ?url ?type ?format ?coding { GRAPH RELEASE { ?f a dcat:Distribution ;
          dcterms:title ?title ; dcat:byteSize ?size ; spdx:checksum/spdx:checksumValue ?sha ; dcat:downloadURL ?url ;
          dcat:mediaType ?type OPTIONAL { ?f dcterms:format ?format ; dcterms:conformsTo/dcterms:title ?spec }
          OPTIONAL { ?f dcat:compressFormat ?coding } FILTER(LANG(?title) = "en") } }""",
    )
    files = {
        p.name
        for p in release.path.iterdir()
        if p.is_file() and p.name.partition(".")[0] not in ("release", "manifest", "SHA256SUMS")
    }
    assert Counter(row[0] for row in rows) == Counter(IRIS.dump(name).value for name in files)
    for address, title, size, sha, url, _, form, coding in rows:
        name = address.removeprefix(IRIS.dump("").value)
        content = (release.path / name).read_bytes()
        assert (int(size), sha) == (len(content), hashlib.sha256(content).hexdigest())
        assert url == IRIS.release_file(release.id, name).value
        assert title.endswith(f": {name}")
        assert bool(coding) == name.endswith((".gz", ".zst"))
        if set(name.split(".")) & {"ttl", "nt", "nq", "trig", "rdf", "jsonld"}:
            assert form.startswith("http://www.w3.org/ns/formats/")
    dumps = {row[0] for row in ask(store, "SELECT ?f { GRAPH RELEASE { ?d void:dataDump ?f ; dcat:distribution ?f } }")}
    assert dumps == {row[0] for row in rows if row[6] and not row[0].startswith(IRIS.dump("report.").value)}


def test_nothing_is_dated_and_no_licence_is_invented(store: Store) -> None:
    for graph in ("catalog", "release"):
        stated = list(store.quads_for_pattern(None, None, None, IRIS.graph(graph)))
        types = {q.object.datatype.value for q in stated if isinstance(q.object, Literal)}
        assert not {t for t in types if t.endswith(("dateTime", "#date", "#time"))}
        assert not {
            q.subject for q in stated if q.predicate.value.endswith(("terms/issued", "terms/modified", "terms/created"))
        }
    licensed = ask(store, "SELECT ?d { ?d dcterms:license ?l }")
    assert {row[0] for row in licensed} == {IRIS.catalog_part("target-geonames").value}
    held = {row[0] for row in ask(store, "SELECT DISTINCT ?d { ?d dcterms:rights/rdfs:comment ?en, ?ja FILTER(?en != ?ja) }")}
    editions = {IRIS.edition(n).value for n in ("000", "001", "002", "003", "004")}
    assert held == editions | {i.value for i in (IRIS.series, IRIS.dataset, IRIS.catalog, IRIS.graph("reference"))}


def test_without_a_statement_of_rights_none_is_made(tmp_path: Path) -> None:
    facts = read_rows(tmp_path, make_row())
    graph = Triples(VOCABULARY)
    add_catalogue(graph, IRIS, facts.catalogue, {d.edition.number: d for d in facts.documents}, {}, {"009": 1})
    stated = {t.predicate for t in graph.triples}
    assert VOCABULARY["dcterms:rights"] not in stated
    assert {VOCABULARY["dcat:first"], VOCABULARY["dcat:last"]} <= stated  # the only edition is both


def test_the_sample_resources_hang_together(store: Store) -> None:
    samples = {row[0] for row in ask(store, "SELECT ?r { GRAPH RELEASE { ?d void:exampleResource ?r } }")}
    (listing,) = (row for row in ask(store, "SELECT ?l { ?l a jle:Listing }") if row[0] in samples)
    query = "SELECT ?v { LISTING schema:about|jle:unitInCharge|jle:contact|jle:classInformation ?v }"
    hanging = {row[0] for row in ask(store, query.replace("LISTING", f"<{listing[0]}>"))}
    assert samples - {listing[0]} <= hanging
    assert len(samples) == 5


def test_every_graph_is_named_and_told_in_both_languages(store: Store) -> None:
    for term in ("title", "description"):
        rows = ask(
            store, f"SELECT ?g (LANG(?t) AS ?l) {{ GRAPH CATALOG {{ {IRIS.dataset} void:subset ?g . ?g dcterms:{term} ?t }} }}"
        )
        graphs = {g.value for g in store.named_graphs() if isinstance(g, NamedNode)}
        assert {row for row in rows if row[0] in graphs} == {(graph, language) for graph in graphs for language in ("en", "ja")}


# the order of editions


def make_catalogue(*editions: tuple[str, str, str]) -> Catalogue:
    """A catalogue of editions, each as its number, the categories it has, and the editions that it is later than."""
    made = [
        Edition(
            number, f"{number}.txt", "x", "tab-separated", "@", "",
            tuple(Section(c, c) for c in categories.split()),
            tuple(Evidence(o, "x", "x") for o in older.split()),
            None, "", "", "", "", "",
        )
        for number, categories, older in editions
    ]  # fmt: skip
    return Catalogue(tuple(made), {}, (), {}, {}, {})


def test_of_the_documents_two_have_one_before_them_and_none_is_first_or_last(store: Store) -> None:
    catalogue = read_catalogue(SEEDS / "catalogue.toml")
    numbers = [e.number for e in catalogue.editions]
    assert {n: find_previous(catalogue, n) for n in numbers} == {
        "000": None,
        "001": None,
        "002": None,
        "003": "002",
        "004": "002",
    }
    assert (find_first(catalogue), find_last(catalogue)) == (None, None)
    stated = ask(store, "SELECT ?e ?p { ?e dcat:prev ?p }")
    assert set(stated) == {(IRIS.edition(a).value, IRIS.edition("002").value) for a in ("003", "004")}


def test_a_chain_has_both_ends() -> None:
    catalogue = make_catalogue(("000", "a", ""), ("001", "a", "000"), ("002", "a", "001"))
    assert [find_previous(catalogue, n) for n in ("000", "001", "002")] == [None, "000", "001"]
    assert (find_first(catalogue), find_last(catalogue)) == ("000", "002")


@pytest.mark.parametrize(
    "editions",
    [
        (("000", "a", ""), ("001", "b", ""), ("002", "a b", "000 001")),  # its lists come from two
        (("000", "a", ""), ("001", "a", ""), ("002", "a", "000")),  # 001 may lie between
        (("000", "a", ""), ("001", "a", ""), ("002", "a", "000 001")),  # which of two was the last is not known
        (("000", "a", ""), ("001", "b", ""), ("002", "c", "")),  # nothing before
    ],
)
def test_what_the_evidence_does_not_single_out_is_not_stated(editions: tuple[tuple[str, str, str], ...]) -> None:
    assert find_previous(make_catalogue(*editions), "002") is None


# counting


def test_blank_nodes_and_terms_without_prefix_are_counted_too() -> None:
    thing, strange, node = NamedNode("urn:a"), NamedNode("https://example.org/a-b#x"), BlankNode("b")
    triples = [
        Triple(thing, RDF_TYPE, strange),
        Triple(node, RDF_TYPE, strange),
        Triple(node, strange, Literal("1")),
        Triple(thing, strange, Literal("1")),
        Triple(thing, RDF_TYPE, BlankNode("class")),
    ]
    statistics = count_graph(triples, RDF_TYPE)
    assert (statistics.subjects, statistics.objects, dict(statistics.classes)) == (2, 3, {strange: 2})
    graph = Triples(VOCABULARY)
    add_statistics(graph, IRIS, IRIS.dataset, "edition/000", statistics)
    names = {
        t.subject.value.partition("#")[2].removeprefix("edition-000-").partition("-")[2]
        for t in graph.triples
        if "#" in str(t.subject)
    }
    assert names == {"rdf-type", hashlib.sha256(strange.value.encode()).hexdigest()[:16]}
    add_examples(graph, IRIS.dataset, triples)
    assert not [t for t in graph.triples if t.predicate.value == f"{VOID}exampleResource"]
