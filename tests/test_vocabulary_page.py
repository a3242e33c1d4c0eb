"""The vocabulary for people: every term, what it means, its rules, who uses it, and an example from the data."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, Store
from test_pages import Outline

from lod.release import Release
from server.dataset import Dataset
from server.pages.labels import fold_text
from server.pages.term_uses import count_concepts, count_uses
from server.pages.vocabulary import Vocabulary, read_vocabulary

PAGES = ("/ontology", "/ontology/vocabularies", "/ontology/vocabularies/schema", "/ontology/vocabularies/dcat")


@pytest.fixture(scope="module")
def terms(release: Release) -> Store:
    """The vocabulary file alone."""
    store = Store()
    content = release.read_bytes("ontology/vocabulary.ttl")
    store.load(content, format=RdfFormat.TURTLE, base_iri=release.iris.ontology.value)
    return store


@pytest.fixture(scope="module")
def dataset(client: FlaskClient) -> Dataset:
    found: Dataset = client.application.extensions["endpoint"].dataset
    return found


@pytest.fixture(scope="module")
def vocabulary(dataset: Dataset) -> Vocabulary:
    return read_vocabulary(dataset)


def read(client: FlaskClient, path: str, language: str = "en") -> str:
    response = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    assert response.status_code == 200
    return response.text


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    return found


def list_subjects(terms: Store) -> set[str]:
    return {q.subject.value for q in terms if isinstance(q.subject, NamedNode)}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_own_term_has_its_anchor_names_and_explanation(
    client: FlaskClient, release: Release, terms: Store, language: str
) -> None:
    page = read(client, "/ontology", language)
    own = {iri.partition("#")[2] for iri in list_subjects(terms) if iri.startswith(f"{release.iris.ontology.value}#")}
    assert own <= set(outline(page).ids)
    assert len(outline(page).ids) == len(set(outline(page).ids))
    text = unescape(page)
    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    for name in own:
        for quad in terms.quads_for_pattern(release.iris.make(f"ontology#{name}"), None, None):
            is_said = quad.predicate.value == f"{rdfs}comment" and quad.object.language == language
            if is_said or quad.predicate.value == f"{rdfs}label":
                assert quad.object.value in text


def test_every_borrowed_term_has_its_anchor_and_says_how_it_is_used(
    client: FlaskClient, terms: Store, vocabulary: Vocabulary, release: Release
) -> None:
    foreign = {iri for iri in list_subjects(terms) if not iri.startswith(release.iris.base)}
    assert {t.iri.value for part in vocabulary.borrowed for t in part.terms} == foreign
    overview = outline(read(client, "/ontology/vocabularies")).addresses
    for part in vocabulary.borrowed:
        path = f"/ontology/vocabularies/{part.prefix}"
        for language in ("en", "ja"):
            page = read(client, path, language)
            assert {t.anchor for t in part.terms} <= set(outline(page).ids)
            assert all(c.value in unescape(page) for t in part.terms for c in t.comments)
        assert {f"{path}#{t.anchor}" for t in part.terms} <= set(overview)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_pages_are_well_formed_light_and_their_links_work(client: FlaskClient, path: str, language: str) -> None:
    page = read(client, path, language)
    found = outline(page)
    assert (found.mistakes, found.open) == ([], [])
    assert len(page.encode()) < 100_000
    assert all(after - before <= 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
    own = {a.partition("#")[0] for a in found.addresses if a.startswith("/doc/")}
    assert {a: client.head(a).status_code for a in own} == dict.fromkeys(own, 200)
    ids = set(found.ids)
    assert {a[1:] for a in found.addresses if a.startswith("#")} <= ids


def test_uses_are_what_the_graphs_state(dataset: Dataset, vocabulary: Vocabulary) -> None:
    stated: dict[NamedNode, set[tuple[object, object]]] = {}
    for quad in dataset.store:
        if isinstance(quad.graph_name, NamedNode):
            stated.setdefault(quad.predicate, set()).add((quad.subject, quad.object))
    uses = count_uses(dataset)
    kind = dataset.term("rdf:type")
    assert {t: u.statements for t, u in uses.items() if t in stated} == {t: len(pairs) for t, pairs in stated.items()}
    assert {t: u.things for t, u in uses.items() if t in stated} == {t: len({s for s, _ in p}) for t, p in stated.items()}
    members = {t: len({s for s, o in stated[kind] if o == t}) for t in uses if t not in stated}
    assert {t: u.things for t, u in uses.items() if t not in stated} == members
    assert {t.short for t in vocabulary.properties if not t.uses.things} == {
        "jle:foundIn",  # of the validation report, which is in no graph either
        "jle:querySizeLimit",  # of the service description, which is in no graph
        "jle:resultSizeLimit",
        "jle:rowLimit",
        "jle:timeLimit",
    }


def test_the_linked_query_finds_what_is_counted(client: FlaskClient, vocabulary: Vocabulary) -> None:
    addresses = [unescape(a) for a in re.findall(r'href="(/sparql[^"]*)"', read(client, "/ontology"))]
    asked = {a for a in addresses if "jle:evidence" in a or "jle:NoteLine" in a}
    rows = {a: client.get(f"{a}&format=csv").text.count("\r\n") - 1 for a in asked}
    evidence = next(t for t in vocabulary.properties if t.anchor == "evidence")
    assert sorted(rows.values()) == [4, evidence.uses.statements]


def test_examples_are_real_statements(dataset: Dataset, vocabulary: Vocabulary) -> None:
    every = [*vocabulary.classes, *vocabulary.properties, *(t for part in vocabulary.borrowed for t in part.terms)]
    for term in every:
        if term.kind == "class" and term.uses.things:
            assert isinstance(term.example, NamedNode)
            assert term.iri in dataset.values(term.example, "rdf:type")
        elif term.kind == "property" and term.uses.things:
            assert term.example is not None
            assert not isinstance(term.example, NamedNode)
            found = dataset.store.quads_for_pattern(term.example.subject, term.iri, term.example.object, None)
            assert next(found, None)
        else:
            assert term.example is None


def test_one_listing_is_followed_by_its_own_statements(dataset: Dataset, vocabulary: Vocabulary, client: FlaskClient) -> None:
    for triple, onward in vocabulary.followed:
        assert triple.subject == vocabulary.followed[0][0].subject
        for found in (triple, *onward):
            assert next(dataset.store.quads_for_pattern(found.subject, found.predicate, found.object, None), None)
        assert {further.subject for further in onward} <= {triple.object}
    assert len(vocabulary.followed) == 7
    assert "One listing, followed" not in read(client, "/ontology?filter=mail")


def test_rules_are_those_of_the_shapes(client: FlaskClient, vocabulary: Vocabulary) -> None:
    rules = {t.anchor: {r.name for r in t.rules} for t in (*vocabulary.classes, *vocabulary.properties)}
    assert rules["unitInCharge"] == {"ListingShape"}
    assert rules["evidence"] == {"IssueShape", "SuggestionShape"}
    assert rules["Listing"] == {"ListingShape", "ListingWithoutBodyWarning", "ListingWithoutContactWarning"}
    assert "根拠は、原文の箇所を" in read(client, "/ontology", "ja")
    assert "A suggestion needs evidence." in read(client, "/ontology")


def test_concepts_tell_how_many_things_have_them(dataset: Dataset, client: FlaskClient) -> None:
    kind = dataset.term("jle:EmailTruncated")
    having = count_concepts(dataset, [kind])[kind]
    assert having == (dataset.term("jle:issueType"), len({q.subject for q in dataset.quads(None, "jle:issueType", kind)}))
    assert "/quality/issues?kind=EmailTruncated" in outline(read(client, "/ontology")).addresses


@pytest.mark.parametrize(
    ("asked", "there", "missing"),
    [
        ("e-mail cut", {"EmailTruncated"}, {"UrlTruncated", "category", "Listing"}),
        ("途中で切れた", {"EmailTruncated", "UrlTruncated"}, {"EmailWithBlank"}),
        ("JLE:LGCODE", {"lgCode"}, {"order"}),
        ("\uff2c\uff49\uff53\uff54\uff49\uff4e\uff47", {"Listing", "contact"}, {"BlankLine"}),  # full-width
        ("<script>", set(), {"Listing", "BlankLine"}),
    ],
)
def test_the_filter_works_without_script(client: FlaskClient, asked: str, there: set[str], missing: set[str]) -> None:
    response = client.get("/ontology", query_string={"filter": asked}, headers={"Accept": "text/html"})
    found = outline(response.text)
    assert there <= set(found.ids)
    assert not missing & set(found.ids)
    assert found.mistakes == []
    assert ("No term has these words." in found.text_by_language["en"]) == (not there)


def test_unknown_vocabularies_are_unknown(client: FlaskClient) -> None:
    response = client.get("/ontology/vocabularies/nope", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert client.head("/ontology/vocabularies/jle").status_code == 404


def test_texts_are_compared_without_case_and_width() -> None:
    assert fold_text("\uff25-\uff2d\uff41\uff49\uff4c") == "e-mail"
