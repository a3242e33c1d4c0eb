"""Bars have the lengths that their numbers mean, on one scale with zero in it."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string

from server.pages.charts import Bar, Part, draw_bars, make_bar, write_number


def test_lengths_are_in_proportion_to_the_largest() -> None:
    chart = draw_bars("Cities", [make_bar("A", 4), make_bar("B", 1), make_bar("C", 0)])
    assert [[(s.x, s.width) for s in row.segments] for row in chart.rows] == [[(0, 100)], [(0, 25)], []]


def test_negative_numbers_go_to_the_left_of_zero() -> None:
    chart = draw_bars("Degrees", [make_bar("north", 30), make_bar("south", -10)])
    assert chart.zero == 25
    assert [[(s.x, s.width) for s in row.segments] for row in chart.rows] == [[(25, 75)], [(0, 25)]]


def test_parts_lie_one_after_the_other_up_to_a_given_scale() -> None:
    chart = draw_bars("Share", [Bar("x", (Part("has", 6), Part("lacks", 2, style="part-rest")))], most=16)
    assert [(s.x, s.width, s.style) for s in chart.rows[0].segments] == [(0, 37.5, "part-1"), (37.5, 12.5, "part-rest")]
    assert chart.has_parts
    assert chart.rows[0].bar.summary == "8"


def test_what_is_no_finite_number_has_no_length() -> None:
    chart = draw_bars("Odd", [make_bar("a", float("nan")), make_bar("b", float("inf")), make_bar("c", 2)])
    assert [len(row.segments) for row in chart.rows] == [0, 0, 1]


@pytest.mark.parametrize(
    ("numbers", "lengths"), [((5e-324, 5e-324), [100, 100]), ((1e-308, -1e-308), [50, 50]), ((1e308, -1e308), [50, 50])]
)
def test_the_largest_and_the_smallest_numbers_have_lengths(numbers: tuple[float, float], lengths: list[float]) -> None:
    chart = draw_bars("Extremes", [make_bar(str(number), number) for number in numbers])
    assert [row.segments[0].width for row in chart.rows] == lengths
    assert all(0 <= row.segments[0].x <= 50 for row in chart.rows)


def test_nothing_to_draw_is_an_empty_chart() -> None:
    assert draw_bars("None", []).rows == ()


@pytest.mark.parametrize(
    ("number", "text"), [(1788, "1,788"), (2.0, "2"), (-0.25, "-0.25"), (1234.56789, "1,234.57"), (1e300, "1e+300")]
)
def test_numbers_are_written_for_people(number: float, text: str) -> None:
    assert write_number(number) == text


def test_the_text_of_a_chart_says_names_and_numbers_without_the_picture() -> None:
    app = Flask("server", static_folder=None)
    chart = draw_bars(
        "Issues <by> edition", [Bar("第003版", (Part("Layout", 3, "/l"), Part("Place", 1, "/p")), language="ja", address="/e")]
    )
    with app.test_request_context():
        html = render_template_string('{% import "_charts.html" as charts %}{{ charts.bars(chart) }}', chart=chart)
    assert "<figcaption>Issues &lt;by&gt; edition</figcaption>" in html
    assert '<span lang="ja">第003版</span>' in html
    assert '<a href="/l">Layout <b>3</b></a>' in html
    assert '<a href="/e">4</a>' in html
    assert "style=" not in html
    assert html.count("<svg") == html.count('aria-hidden="true"') == 3
