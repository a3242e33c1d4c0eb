"""Content negotiation, clause by clause of RFC 9110 section 12.5.1, and with the headers that real clients send."""

from __future__ import annotations

import pytest

from server.negotiation import choose_media_type

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


@pytest.mark.parametrize(
    ("client", "accept", "expected"),
    [
        ("curl", "*/*", HTML),
        ("Firefox", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", HTML),
        (
            "Chrome",
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
            HTML,
        ),
        (
            "Jena",
            "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3",
            TURTLE,
        ),
        ("rdflib Turtle", "text/turtle, application/x-turtle, */*;q=0.1", TURTLE),
        ("rdflib RDF/XML", "application/rdf+xml, */*;q=0.1", RDF_XML),
        ("Java", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", HTML),
        (
            "JSON-LD library",
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#context", application/ld+json, application/json;q=0.2',
            JSON_LD,
        ),
        (
            "Comunica",
            "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,text/turtle;q=0.6,text/html;q=0.2",
            JSON_LD,
        ),
    ],
)
def test_real_clients(client: str, accept: str, expected: str) -> None:
    assert choose_media_type(accept, OFFERS) == expected, client
