"""Content negotiation, clause by clause of RFC 9110 section 12.5.1, and with the headers that real clients send."""

from __future__ import annotations

import time
import timeit

import pytest
from flask import Request
from SPARQLWrapper import SPARQLWrapper
from werkzeug.exceptions import BadRequest

from server.negotiation import choose_media_type
from server.representations import REPRESENTATIONS, choose_representation

HTML = "text/html"
TURTLE = "text/turtle"
JSON_LD = "application/ld+json"
N_TRIPLES = "application/n-triples"
RDF_XML = "application/rdf+xml"
OFFERS = (HTML, TURTLE, JSON_LD, N_TRIPLES, RDF_XML)


@pytest.mark.parametrize("accept", [None, "", "  ", ","])
def test_no_accept_header_takes_the_first_offer(accept: str | None) -> None:
    assert choose_media_type(accept, OFFERS) == HTML


def test_any_type_takes_the_first_offer() -> None:
    assert choose_media_type("*/*", OFFERS) == HTML


def test_an_exact_type_is_taken() -> None:
    assert choose_media_type("text/turtle", OFFERS) == TURTLE


def test_a_type_that_is_not_offered_is_refused() -> None:
    assert choose_media_type("image/png, text/csv", OFFERS) is None


def test_a_range_of_subtypes_takes_the_first_that_fits() -> None:
    assert choose_media_type("application/*", OFFERS) == JSON_LD


def test_the_higher_quality_wins() -> None:
    assert choose_media_type("text/turtle;q=0.5, application/ld+json;q=0.8", OFFERS) == JSON_LD


def test_a_missing_quality_is_one() -> None:
    assert choose_media_type("text/turtle;q=0.9, application/rdf+xml", OFFERS) == RDF_XML


def test_quality_zero_means_not_acceptable() -> None:
    assert choose_media_type("text/turtle;q=0", OFFERS) is None


def test_quality_zero_excludes_from_a_wider_range() -> None:
    assert choose_media_type("*/*, text/html;q=0", OFFERS) == TURTLE
    assert choose_media_type("text/*;q=0, */*", OFFERS) == JSON_LD
    assert choose_media_type("*/*;q=0.000, text/turtle", OFFERS) == TURTLE


def test_the_most_specific_range_decides_the_quality_whatever_the_order() -> None:
    for accept in ("text/*;q=0.9, text/html;q=0.1", "text/html;q=0.1, text/*;q=0.9"):
        assert choose_media_type(accept, OFFERS) == TURTLE
    assert choose_media_type("*/*;q=1, application/*;q=0.5, application/rdf+xml;q=0.7", (RDF_XML, JSON_LD)) == RDF_XML


def test_the_precedence_of_the_rfc() -> None:
    accept = "text/*, text/plain, text/plain;format=flowed, */*"
    assert (
        choose_media_type(accept, ("image/png", "text/html", "text/plain", "text/plain;format=flowed"))
        == "text/plain;format=flowed"
    )


def test_the_quality_table_of_the_rfc() -> None:
    accept = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5"
    ranking = ["text/plain;format=flowed", "text/plain", "image/jpeg", "text/plain;format=fixed", "text/html"]
    for position in range(len(ranking)):
        assert choose_media_type(accept, tuple(reversed(ranking[position:]))) == ranking[position]


def test_at_the_same_quality_the_more_specific_range_wins_then_the_order_of_the_offers() -> None:
    assert choose_media_type("text/turtle, */*", OFFERS) == TURTLE
    assert choose_media_type("application/n-triples, application/ld+json", OFFERS) == JSON_LD


def test_parameters_before_the_weight_belong_to_the_type() -> None:
    assert choose_media_type("text/turtle;version=1.2", OFFERS) is None
    assert choose_media_type('application/ld+json;profile="a,b;c"', ('application/ld+json;profile="a,b;c"',)) is not None


def test_what_follows_the_weight_is_no_parameter_of_the_type() -> None:
    assert choose_media_type("text/turtle;q=0.5;extension=1", OFFERS) == TURTLE


def test_utf_8_may_be_asked_for_since_everything_is() -> None:
    assert choose_media_type("text/turtle;charset=utf-8", OFFERS) == TURTLE
    assert choose_media_type('text/turtle; charset="UTF-8" ; q=1', OFFERS) == TURTLE


def test_types_are_case_insensitive_and_blanks_are_optional() -> None:
    assert choose_media_type("TEXT/Turtle ;Q=0.5 ,text/html;q=0.4", OFFERS) == TURTLE


def test_a_comma_in_a_quoted_parameter_does_not_divide() -> None:
    assert choose_media_type('text/html;a="x, text/turtle;q=1", application/n-triples;q=0.1', OFFERS) == N_TRIPLES


@pytest.mark.parametrize(
    "element", ["text", "*/turtle", "text/turtle;q=2", "text/turtle;q=-1", "text/turtle;q=x", "text/turtle;q=.", "/"]
)
def test_an_element_that_is_no_media_range_is_left_out(element: str) -> None:
    assert choose_media_type(f"{element}, application/ld+json;q=0.1", OFFERS) == JSON_LD
    assert choose_media_type(element, OFFERS) == HTML


COMPACTED = "application/ld+json"
EXPANDED, FLATTENED = (
    f'application/ld+json;profile="http://www.w3.org/ns/json-ld#{name}"' for name in ("expanded", "flattened")
)
FORMS = (HTML, COMPACTED, EXPANDED, FLATTENED)


def profile(*names: str, weight: str = "") -> str:
    profiles = " ".join(n if ":" in n else f"http://www.w3.org/ns/json-ld#{n}" for n in names)
    return f'application/ld+json;profile="{profiles}"{weight}'


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (profile("expanded"), EXPANDED),
        (profile("flattened"), FLATTENED),
        (profile("compacted"), COMPACTED),
        (profile("framed"), COMPACTED),
        (profile("http://unknown.example/"), COMPACTED),
        (profile("http://unknown.example/", "expanded"), EXPANDED),
        (profile("flattened", "compacted"), COMPACTED),
        (profile("flattened", "expanded"), EXPANDED),
        ("application/ld+json", COMPACTED),
        ("application/ld+json;profile=http://www.w3.org/ns/json-ld#expanded", EXPANDED),
        (profile("flattened", weight=";q=0.9") + ", " + profile("expanded", weight=";q=0.8"), FLATTENED),
        (profile("expanded", weight=";q=0.5") + ", application/ld+json", COMPACTED),
        (profile("expanded", weight=";q=0") + ", application/ld+json;q=0.5", COMPACTED),
        (profile("compacted", weight=";q=0") + ", application/ld+json", EXPANDED),
        (profile("expanded") + ";q=0.5, text/html;q=0.4", EXPANDED),
        (profile("http://unknown.example/", weight=";q=0") + ", */*;q=0.1", HTML),
        ("text/html;profile=x", HTML),
        (profile("expanded", weight=";q=0"), None),
    ],
)
def test_a_profile_is_a_preference_and_an_unknown_one_is_ignored(accept: str, expected: str | None) -> None:
    assert choose_media_type(accept, FORMS) == expected


def test_a_profile_needs_its_form_among_the_offers_or_gets_the_usual_one() -> None:
    assert choose_media_type(profile("expanded"), OFFERS) == JSON_LD
    assert choose_media_type(f"{profile('expanded')}, text/turtle", OFFERS) == TURTLE, "which is named exactly"


@pytest.mark.parametrize(
    "accept",
    [
        '"' * 20_000,
        'a/b;c="' + '\\"' * 20_000,
        "a/b;" + " " * 20_000 + "x",
        "a/b;" * 10_000,
        "*/*," * 10_000 + "text/turtle",
        "text/turtle;" + "x=1;" * 10_000 + "q=1",
        'x/y;a="' + "\\" * 20_001,
    ],
    ids=lambda accept: accept[:9],
)
def test_a_hostile_header_takes_no_time(accept: str) -> None:
    started = time.perf_counter()
    choose_media_type(accept, OFFERS)
    assert time.perf_counter() - started < 0.5


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,"
RDFLIB = (
    "application/rdf+xml, text/n3, text/turtle, application/n-triples, application/ld+json, application/n-quads, "
    "application/trix, application/trig"
)
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,text/turtle;q=0.6,"
    "application/rdf+xml;q=0.5,application/json;q=0.45,text/n3;q=0.35,application/xml;q=0.3,image/svg+xml;q=0.3,text/xml;q=0.3,"
    "text/html;q=0.2,application/xhtml+xml;q=0.18"
)
JENA_GRAPH = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
JENA_ANY = (
    "text/turtle,application/n-triples;q=0.9,application/rdf+xml;q=0.7,application/trig,application/n-quads;q=0.9,"
    "application/ld+json;q=0.8,*/*;q=0.5"
)
RAPPER = (
    "application/rdf+xml, text/rdf;q=0.6, application/n-triples, text/plain;q=0.1, text/turtle, application/x-turtle, "
    "application/turtle, text/n3;q=0.3, text/rdf+n3;q=0.3, application/rdf+n3;q=0.3, application/x-trig, "
    "application/rss;q=0.8, application/rss+xml;q=0.8, text/rss;q=0.8, application/xml;q=0.3, text/xml;q=0.3, "
    "application/atom+xml;q=0.3, text/html;q=0.2, application/xhtml+xml;q=0.4, text/html;q=0.6, "
    "application/xhtml+xml;q=0.8, text/x-nquads, */*;q=0.1"
)
CONTEXT = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#context", application/ld+json, application/json;q=0.2'


@pytest.mark.parametrize(
    ("client", "accept", "expected"),
    [
        ("curl, Python requests, wget, pandas, SPARQLWrapper for SELECT in an unknown format", "*/*", "html"),
        ("urllib", None, "html"),
        ("Firefox", f"{BROWSER}*/*;q=0.8", "html"),
        ("Firefox 128", f"{BROWSER}image/avif,image/webp,image/png,image/svg+xml,*/*;q=0.8", "html"),
        ("Chrome", f"{BROWSER}image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7", "html"),
        ("Safari", f"{BROWSER}*/*;q=0.8", "html"),
        ("Googlebot", f"{BROWSER}*/*;q=0.8", "html"),
        ("Java", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "html"),
        ("axios", "application/json, text/plain, */*", "json"),
        ("jQuery for JSON", "application/json, text/javascript, */*; q=0.01", "json"),
        ("rdflib without a format", RDFLIB, "turtle"),
        ("rdflib Turtle", "text/turtle, application/x-turtle, */*;q=0.1", "turtle"),
        ("rdflib RDF/XML", "application/rdf+xml, */*;q=0.1", "rdf-xml"),
        ("rdflib JSON-LD", "application/ld+json, application/json;q=0.9, */*;q=0.1", "json-ld"),
        ("rdflib N-Triples", "text/plain, */*;q=0.1", "n-triples"),
        ("rdflib N3", "text/n3, */*;q=0.1", "turtle"),
        ("rdflib TriG", "application/trig, */*;q=0.1", "trig"),
        ("SPARQLWrapper", "application/rdf+xml", "rdf-xml"),
        ("SPARQLWrapper JSON-LD", "application/ld+json,application/x-json+ld", "json-ld"),
        ("Jena Model.read, RDFConnection for a graph", JENA_GRAPH, "turtle"),
        ("Jena for a dataset", "application/trig,application/n-quads;q=0.9,application/ld+json;q=0.8,*/*;q=0.3", "trig"),
        ("Jena for graph or dataset", JENA_ANY, "turtle"),
        ("Comunica", COMUNICA, "n-quads"),
        (
            "Comunica in a browser",
            "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,*/*;q=0.1",
            "n-quads",
        ),
        (
            "ldfetch",
            "application/trig;q=1.0,application/n-quads,application/ld+json;q=0.9,application/rdf+xml;q=0.8,text/turtle,"
            "application/n-triples",
            "turtle",
        ),
        ("rapper", RAPPER, "turtle"),
        ("a JSON-LD processor", CONTEXT, "json-ld"),
    ],
)
def test_real_clients_get_what_they_read(client: str, accept: str | None, expected: str) -> None:
    headers = {"Accept": accept} if accept is not None else {}
    assert choose_representation(Request.from_values(headers=headers)).name == expected, client


def test_the_headers_of_the_installed_clients_are_those_above() -> None:
    wrapper = SPARQLWrapper("http://localhost/")
    wrapper.setQuery("CONSTRUCT WHERE { ?s ?p ?o }")
    assert wrapper._getAcceptHeader() == "application/rdf+xml"
    wrapper.setReturnFormat("json-ld")
    assert wrapper._getAcceptHeader() == "application/ld+json,application/x-json+ld"


def test_the_header_of_a_browser_is_read_quickly() -> None:
    offers = [r.media_type for r in REPRESENTATIONS]
    accept = f"{BROWSER}image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
    assert min(timeit.repeat(lambda: choose_media_type(accept, offers), number=200, repeat=5)) / 200 < 100e-6


def test_former_names_of_formats_are_served_under_these_names() -> None:
    for accept, content_type in (("text/plain", "text/plain; charset=utf-8"), ("application/x-turtle", "application/x-turtle")):
        assert choose_representation(Request.from_values(headers={"Accept": accept})).content_type == content_type


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        *((r.name, r.name) for r in REPRESENTATIONS),
        *((r.media_type, r.name) for r in REPRESENTATIONS),
        *(
            (s, n)
            for s, n in (("ttl", "turtle"), ("nt", "n-triples"), ("rdf", "rdf-xml"), ("jsonld", "json-ld"), ("nq", "n-quads"))
        ),
        *((s, n) for s, n in (("xml", "rdf-xml"), ("rdf/xml", "rdf-xml"), ("n3", "turtle"), ("ntriples", "n-triples"))),
        ("nquads", "n-quads"),
        ("compacted", "json-ld"),
        ("TTL", "turtle"),
        ("application/x-json+ld,application/ld json", "json-ld"),
        ("text/turtle,text/html", "turtle"),
        ("application/ld json", "json-ld"),
        ("text/turtle; charset=utf-8", "turtle"),
    ],
)
def test_a_format_may_be_named_in_many_ways(wanted: str, expected: str) -> None:
    assert choose_representation(Request.from_values(query_string={"format": wanted})).name == expected


@pytest.mark.parametrize("wanted", ["docx", "*/*", "text/*", "image/png", "image/png,*/*", "text/turtle;version=2", "/"])
def test_a_format_that_is_none_is_refused(wanted: str) -> None:
    with pytest.raises(BadRequest):
        choose_representation(Request.from_values(query_string={"format": wanted}))
