"""The shapes notice what they are for, and the compiled engine that gates the build agrees with pySHACL."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache

import pyshacl
import pytest
import rdflib
from conftest import ROOT, SEEDS, ignore_progress
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse, serialize
from rdflib.namespace import PROV, RDF, SH
from shape_breaks import BREAKS

from lod.configuration import Configuration
from lod.dataset import Dataset
from lod.errors import InvalidGraph
from lod.iris import Iris
from lod.pipeline import Checked, check_seeds
from lod.terms import read_vocabulary
from lod.validation import (
    Finding,
    describe_violation,
    iterate_graphs,
    make_report_triples,
    read_shapes,
    validate_dataset,
    validate_graph,
)

IRIS = Iris()
SHAPES = ROOT / "ontology" / "shapes.ttl"
VOCABULARY = read_vocabulary(ROOT / "ontology" / "vocabulary.ttl", IRIS)
SHAPES_NAMESPACE = f"{IRIS.base}ontology/shapes#"


@cache
def shapes_graph() -> rdflib.Graph:
    return rdflib.Graph().parse(SHAPES, publicID=IRIS.ontology.value)


def run_pyshacl(triples: Iterable[Triple]) -> set[tuple[str, str, str, str, str]]:
    """pySHACL's verdict as (focus, component, severity, path, value), terms as in N-Triples."""
    data = rdflib.Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES) or b"", format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes_graph(), inplace=True)
    assert isinstance(report, rdflib.Graph)

    def get(result, predicate) -> str:
        value = report.value(result, predicate)
        return "" if value is None else "_:b" if isinstance(value, rdflib.BNode) else value.n3()

    return {
        (
            get(r, SH.focusNode),
            get(r, SH.sourceConstraintComponent).removeprefix(f"<{SH}").rstrip(">"),
            get(r, SH.resultSeverity).removeprefix(f"<{SH}").rstrip(">"),
            get(r, SH.resultPath),
            get(r, SH.value),
        )
        for r in report.subjects(RDF.type, SH.ValidationResult)
    }


def normalise(finding: Finding) -> tuple[str, str, str, str, str]:
    def term(text: str) -> str:
        return "_:b" if text.startswith("_:") else rdflib.util.from_n3(text).n3() if text else ""

    return (
        term(finding.focus),
        finding.component,
        finding.severity,
        term(finding.path) if finding.path.startswith("<") or not finding.path else "_:b",
        term(finding.value),
    )


def get_shape(finding: Finding) -> str:
    return finding.shape.strip("<>").removeprefix(SHAPES_NAMESPACE)


def load_good_graph(name: str) -> list[Triple]:
    path = ROOT / "tests" / "graphs" / f"{name}.ttl"
    return [Triple(q.subject, q.predicate, q.object) for q in parse(path=path, format=RdfFormat.TURTLE, base_iri=IRIS.base)]


def break_graph(name: str, delete: str, insert: str) -> list[Triple]:
    store = Store()
    store.load(path=ROOT / "tests" / "graphs" / f"{name}.ttl", format=RdfFormat.TURTLE, base_iri=IRIS.base)
    before = len(store)
    prefixes = {**VOCABULARY.prefixes, "old": "http://schema.org/"}
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes.items())
    for update in (f"DELETE WHERE {{ {delete} }}" if delete else "", f"INSERT DATA {{ {insert} }}" if insert else ""):
        if update:
            store.update(prologue + update, base_iri=IRIS.base)
    triples = [Triple(q.subject, q.predicate, q.object) for q in store]
    assert (len(triples), delete) != (before, ""), "the break changed nothing"
    return triples


FIRST = {entry[3]: entry for entry in reversed(BREAKS)}  # of the broken graphs of each shape


@pytest.mark.parametrize("name", ["listings", "catalog", "quality"])
def test_good_graph_conforms(name):
    assert validate_graph(name, load_good_graph(name), read_shapes(SHAPES, IRIS)) == []


@pytest.mark.parametrize(("graph", "delete", "insert", "shape"), BREAKS, ids=[f"{i}-{b[3]}" for i, b in enumerate(BREAKS)])
def test_broken_graph_is_noticed_by_its_shape_and_alike_by_pyshacl(graph, delete, insert, shape):
    triples = break_graph(graph, delete, insert)
    findings = validate_graph(graph, triples, read_shapes(SHAPES, IRIS))
    assert shape in {get_shape(f) for f in findings}
    if (graph, delete, insert, shape) == FIRST[shape]:  # pySHACL is slow: one graph for each shape
        assert {normalise(f) for f in findings} == run_pyshacl(triples)


def test_every_shape_is_broken_by_a_test():
    named = {str(s).removeprefix(SHAPES_NAMESPACE) for s in shapes_graph().subjects(RDF.type, SH.NodeShape)}
    named |= {str(s) for s in shapes_graph().subjects(RDF.type, SH.PropertyShape) if isinstance(s, rdflib.URIRef)}
    assert {s.removeprefix(SHAPES_NAMESPACE) for s in named} == {shape for *_, shape in BREAKS}


def test_shapes_are_valid_shacl():
    shapes = rdflib.Graph().parse(SHAPES, publicID=IRIS.ontology.value)  # without what pySHACL adds to those it has used
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


@pytest.mark.parametrize("name", ["reference", "catalog", "quality", *(f"edition/{n:03}" for n in range(5)), "default"])
def test_real_data_has_only_warnings_and_the_same_ones_by_pyshacl(name, checked: Checked):
    triples = dict(iterate_graphs(checked.dataset))[name]
    findings = validate_graph(name, triples, read_shapes(SHAPES, IRIS))
    assert {f.severity for f in findings} <= {"Warning"}
    if not name.startswith("edition/"):
        assert {normalise(f) for f in findings} == run_pyshacl(triples)
        return
    stated, reference = checked.dataset.graphs[name], checked.dataset.graphs["reference"]
    nodes = {f"<{t.subject.value}>" for t in stated}
    own = {normalise(f) for f in findings if f.focus in nodes}
    assert own == {v for v in run_pyshacl(stated | find_what_is_named(stated, reference)) if v[0] in nodes}
    alone = {normalise(f) for f in validate_graph(name, reference, read_shapes(SHAPES, IRIS)) if f.focus not in nodes}
    assert {normalise(f) for f in findings} - own == alone, "of which pySHACL says the same as of the reference graph"


def find_what_is_named(stated: Iterable[Triple], others: Iterable[Triple]) -> set[Triple]:
    """What the others say of the nodes that are named, and of those that they name in turn."""
    by_subject: dict[object, list[Triple]] = defaultdict(list)
    for triple in others:
        by_subject[triple.subject].append(triple)
    found: set[Triple] = set()
    waiting = [*stated]
    while waiting:
        triple = waiting.pop()
        new = [t for node in (triple.subject, triple.object) for t in by_subject.pop(node, ())]
        found.update(new)
        waiting += new
    return found


def test_each_edition_is_judged_with_the_reference_graph_and_the_default_graph_last(checked):
    parts = dict(iterate_graphs(checked.dataset))
    reference = checked.dataset.graphs["reference"]
    assert [n for n in parts if n.startswith("edition/")] == [f"edition/{n:03}" for n in range(5)]
    assert all(parts[f"edition/{n:03}"] > reference for n in range(5))
    assert list(parts)[-1] == "default"


def test_violation_stops_the_build_with_focus_node_source_line_and_message(checked):
    dataset = checked.dataset
    contact = IRIS.contact("002", 6, 1)
    broken = {t for t in dataset.graphs["edition/002"] if not (t.subject == contact and t.predicate.value.endswith("/email"))}
    broken.add(Triple(contact, VOCABULARY["schema:email"], Literal("not an address")))
    graphs = {**dataset.graphs, "edition/002": frozenset(broken)}
    with pytest.raises(InvalidGraph) as caught:
        validate_dataset(Dataset(dataset.iris, dataset.vocabulary, dataset.default, graphs), SHAPES)
    sentence = next(v for v in caught.value.violations if "ContactShape" in v)
    assert "graph edition/002: " in sentence
    assert f"{contact.value} (source line 6)" in sentence
    assert "not an address" in sentence


def test_source_line_of_a_violation_is_that_of_its_owner_where_it_has_none():
    triples = [
        Triple(IRIS.listing("002", 7), VOCABULARY["jle:sourceLine"], Literal("7", datatype=VOCABULARY_INTEGER)),
        Triple(IRIS.listing("002", 7), VOCABULARY["jle:unitInCharge"], IRIS.unit("020001", "x")),
    ]
    finding = Finding("g", "Violation", f"<{IRIS.unit('020001', 'x').value}>", "<s#UnitShape>", "C", "", "", ("message",))
    assert describe_violation(finding, triples).endswith("id/unit/020001/x (source line 7): message [UnitShape]")


def test_the_report_is_one_validation_report_that_other_tools_read(checked):
    report = rdflib.Graph()
    for t in make_report_triples(checked.report, IRIS):
        report.add(tuple(rdflib.util.from_n3(str(term)) for term in t))
    (node,) = report.subjects(RDF.type, SH.ValidationReport)  # SHACL section 3.6: exactly one
    assert node == rdflib.URIRef(IRIS.report.value)
    assert report.value(node, SH.conforms) == rdflib.Literal(not checked.report.findings)
    results = set(report.objects(node, SH.result))
    assert results == set(report.subjects(RDF.type, SH.ValidationResult))
    assert len(results) == len(checked.report.findings) == len(checked.report.warnings) > 20
    validator = rdflib.Graph().parse(data=REPORT_SHAPES, format="turtle")
    conforms, _, text = pyshacl.validate(report, shacl_graph=validator)
    assert conforms, text
    named = {s for kind in (SH.NodeShape, SH.PropertyShape) for s in shapes_graph().subjects(RDF.type, kind)}
    assert {report.value(r, SH.sourceShape) for r in results} <= named
    found = Counter((str(report.value(r, JLE_FOUND_IN)), str(report.value(r, SH.focusNode))) for r in results)
    graphs = {n: (IRIS.dataset if n == "default" else IRIS.graph(n)).value for n in checked.report.graphs}
    assert found == Counter((graphs[f.graph], f.focus.strip("<>")) for f in checked.report.findings)
    assert {str(g) for g in report.objects(node, PROV.used)} == set(graphs.values())
    assert len(graphs) == 14


def test_shapes_follow_the_base_iri():
    base = "https://data.example.org/jp/"
    checked = check_seeds(Configuration(seeds=SEEDS, base=base), ignore_progress)
    assert {f.shape.split("#")[0] for f in checked.report.findings} == {f"<{base}ontology/shapes"}


JLE_FOUND_IN = rdflib.URIRef(f"{IRIS.ontology.value}#foundIn")
REPORT_SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass sh:ValidationReport ; sh:property
    [ sh:path sh:result ; sh:class sh:ValidationResult ] ,
    [ sh:path sh:conforms ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:boolean ] .
[] a sh:NodeShape ; sh:targetClass sh:ValidationResult ; sh:property
    [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path sh:resultSeverity ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( sh:Info sh:Warning sh:Violation ) ] ,
    [ sh:path sh:sourceConstraintComponent ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ;
      sh:pattern "^http://www.w3.org/ns/shacl#[A-Za-z]+ConstraintComponent$" ] ,
    [ sh:path sh:sourceShape ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path sh:resultPath ; sh:maxCount 1 ] , [ sh:path sh:value ; sh:maxCount 1 ] ,
    [ sh:path sh:resultMessage ; sh:minCount 2 ; sh:uniqueLang true ] .
"""  # what SHACL section 3.6 says of a report, and that ours has each message in both languages
VOCABULARY_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
