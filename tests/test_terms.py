"""The vocabulary file is the one list of terms: complete, in two languages, and nothing that it lacks can be said."""

from __future__ import annotations

import re

import pytest
import rdflib
from conftest import ROOT
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from lod.errors import MadoguchiError, UnknownTerm
from lod.iris import Iris
from lod.issues import SENTENCES
from lod.terms import read_vocabulary

FILE = ROOT / "ontology" / "vocabulary.ttl"
IRIS = Iris()
JLE = rdflib.Namespace(f"{IRIS.base}ontology#")


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    return rdflib.Graph().parse(FILE, publicID=IRIS.ontology.value)


def own_terms(graph):
    return {s for s in graph.subjects() if str(s).startswith(str(JLE))}


def test_term_is_found_by_prefix_and_name():
    vocabulary = read_vocabulary(FILE, IRIS)
    assert vocabulary["jle:Listing"].value == f"{IRIS.base}ontology#Listing"
    assert vocabulary["schema:email"].value == "https://schema.org/email"


@pytest.mark.parametrize("name", ["jle:Lisitng", "schema:emial", "nope:x", "schema"])
def test_unknown_term_raises(name):
    with pytest.raises(UnknownTerm, match=r"not in ontology/vocabulary\.ttl"):
        read_vocabulary(FILE, IRIS)[name]


def test_vocabulary_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "vocabulary.ttl").write_text("@prefix x: <", encoding="utf-8")
    with pytest.raises(MadoguchiError, match="cannot be read"):
        read_vocabulary(tmp_path / "vocabulary.ttl", IRIS)


def test_every_own_term_has_label_and_comment_in_both_languages_and_its_home(graph):
    for term in own_terms(graph):
        for predicate in (RDFS.label, RDFS.comment):
            assert {o.language for o in graph.objects(term, predicate)} == {"en", "ja"}, (term, predicate)
        assert list(graph.objects(term, RDFS.isDefinedBy)) == [rdflib.URIRef(IRIS.ontology.value)]


def test_every_property_has_a_range(graph):
    properties = set(graph.subjects(RDF.type, RDF.Property)) | set(graph.subjects(RDF.type, OWL.ObjectProperty))
    properties |= set(graph.subjects(RDF.type, OWL.DatatypeProperty))
    own = properties & own_terms(graph)
    assert own
    assert {p for p in own if not list(graph.objects(p, RDFS.range))} <= {
        JLE.evidence,
        JLE.foundIn,
        JLE.standardAreaCode,
        JLE.printedUrl,
    }


def test_every_term_of_another_vocabulary_says_how_it_is_used(graph):
    others = {s for s in graph.subjects() if not str(s).startswith(IRIS.base)}
    for term in others:
        assert {o.language for o in graph.objects(term, SKOS.scopeNote)} == {"en", "ja"}, term


def test_kinds_of_issue_are_those_of_the_model_with_their_groups(graph):
    model = (ROOT / "ontology" / "model.md").read_text(encoding="utf-8")
    table = model[model.index("| kind | group |") :]
    expected = {}
    for kinds, group in re.findall(r"^\| ([A-Z]\w+(?:, [A-Z]\w+)*) \| (\w+) \|", table, re.MULTILINE):
        expected |= dict.fromkeys(kinds.split(", "), group)
    found = {
        str(kind).removeprefix(str(JLE)): str(graph.value(kind, SKOS.broader)).removeprefix(str(JLE))
        for kind in graph.subjects(SKOS.broader, None)
        if (kind, SKOS.inScheme, JLE.IssueTypes) in graph
    }
    assert found == expected
    assert set(SENTENCES) <= set(expected)


def test_used_terms_are_listed_and_listed_own_terms_are_used(graph, release):
    text = release.read_bytes("all.nq").decode()
    used = {iri for line in text.splitlines() for iri in re.findall(r"<([^>]*)>", line) if iri.startswith(str(JLE))}
    assert used <= {str(t) for t in own_terms(graph)}
