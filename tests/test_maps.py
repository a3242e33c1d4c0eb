"""The maps that the positions of the reference table draw."""

from __future__ import annotations

import re
from itertools import combinations
from math import hypot

import pytest
from pyoxigraph import NamedNode

from lod.release import Release
from server.dataset import Dataset, load_dataset
from server.pages.categories import CATEGORIES
from server.pages.gazetteer import get_gazetteer
from server.pages.labels import Label
from server.pages.maps import MapPoint, draw_country, draw_neighbourhood, draw_points
from server.pages.projection import frame_country, measure_distance, project_conic, spread_points, write_dots


@pytest.fixture(scope="module")
def dataset(release: Release) -> Dataset:
    return load_dataset(release)


def read_dots(path: str) -> set[tuple[int, int]]:
    """The dots of a path in half units, as a browser adds up its steps."""
    x = y = 0.0
    found = set()
    for east, south in re.findall(r"m(-?[\d.]+)[ ]?(-?[\d.]+)h0", path):
        x, y = x + float(east), y + float(south)
        found.add((round(x * 2), round(y * 2)))
    return found


def test_every_position_of_the_reference_table_is_a_dot(dataset: Dataset) -> None:
    country = draw_country(dataset)
    places = get_gazetteer(dataset).places
    frame = frame_country([p.position for p in places], country.width)
    placed = [frame.place(p.position) for p in places]
    assert len(placed) == country.places == 1788
    assert read_dots(country.dots) == {(round(at[0] * 2), round(at[1] * 2)) for at in placed if at}
    assert all(at and 0 < at[0] < country.width and 0 < at[1] < country.height for at in placed)
    assert len(country.dots) < 20_000


def test_every_listed_government_is_a_mark_of_its_first_category(dataset: Dataset, release: Release) -> None:
    country = draw_country(dataset)
    listed = {p.government: p.categories for p in get_gazetteer(dataset).listed}
    assert {m.target: m.category for m in country.marks} == {g: c[0] for g, c in listed.items()}
    assert len(country.marks) == release.manifest["counts"]["governments"]
    assert sum(map(country.count_points, CATEGORIES)) + country.count_past() == len(country.marks)
    kashiwa = next(m for m in country.marks if m.target == dataset.iris.government("122173"))
    assert kashiwa.label.choose("ja") == ("柏市", "ja")


def test_what_only_earlier_editions_list_is_told_apart(dataset: Dataset) -> None:
    past = {p.government for p in get_gazetteer(dataset).listed if not p.is_current}
    assert past == {dataset.iris.government(code) for code in ("212113", "242012", "242021", "242101")}
    assert draw_country(dataset).count_past() == len(past)


def test_no_two_marks_of_the_country_hide_each_other(dataset: Dataset) -> None:
    marks = draw_country(dataset).marks
    assert min(hypot(a.x - b.x, a.y - b.y) for a, b in combinations(marks, 2)) > 9


def test_the_islands_of_the_south_are_in_insets(dataset: Dataset) -> None:
    gazetteer, country = get_gazetteer(dataset), draw_country(dataset)
    frame = frame_country([p.position for p in gazetteer.places], country.width)
    south, ocean = frame.insets
    assert {p.prefecture or p.area for p in gazetteer.places if south.place(p.position)} == {
        dataset.iris.area("470007"),
        dataset.iris.area("460001"),
    }
    assert [p.area for p in gazetteer.places if ocean.place(p.position)] == [dataset.iris.area("134210")]


def test_the_neighbourhood_of_a_city_shows_the_listed_cities_near_it(dataset: Dataset) -> None:
    area = dataset.iris.area("122173")
    around = draw_neighbourhood(dataset, area)
    assert around is not None
    assert around.middle.label.text == "Kashiwa City"
    assert [n.label.text for n in around.neighbours[:3]] == ["Koshigaya City", "Funabashi City", "Kawaguchi City"]
    assert all(0 <= m.x <= around.width and 0 <= m.y <= around.height for m in around.marks)
    assert {n.government for n in around.neighbours[:3]} <= {m.target for m in around.marks}
    assert dataset.iris.government("122173") not in {m.target for m in around.marks}


def test_names_beside_the_points_of_a_neighbourhood_cover_nothing(dataset: Dataset) -> None:
    around = draw_neighbourhood(dataset, dataset.iris.area("230006"))
    assert around is not None
    named = [m for m in around.marks if m.is_named]
    assert len(named) > 5
    rows = [(m.y, sorted((m.x, m.x + (-1 if m.is_left else 1) * (11 + 9 * len(m.label.text))))) for m in named]
    for (y, (left, right)), (other, (start, end)) in combinations(rows, 2):
        assert abs(y - other) > 15 or right < start or end < left


@pytest.mark.parametrize("area", ["id/area/016951", "id/area/000000", "id/gov/122173"])
def test_what_has_no_position_has_no_neighbourhood(dataset: Dataset, area: str) -> None:
    assert draw_neighbourhood(dataset, dataset.iris.make(area)) is None


def test_points_of_a_query_lie_on_the_country_and_those_elsewhere_are_counted(dataset: Dataset) -> None:
    kashiwa = MapPoint((35.86806, 139.97639), Label("Kashiwa"), NamedNode("http://example.org/kashiwa"))
    found = draw_points(dataset, [kashiwa, MapPoint((51.5, 0.0), Label("London"))])
    assert found is not None
    assert ([m.label.text for m in found.marks], found.left_out) == (["Kashiwa"], 1)
    own = next(m for m in draw_country(dataset).marks if m.label.text == "Kashiwa City")
    assert hypot(own.x - found.marks[0].x, own.y - found.marks[0].y) < 10
    assert draw_points(dataset, []) is None


def test_the_projection_keeps_what_is_upright_upright_and_lengths_on_its_parallels() -> None:
    assert project_conic((43.0, 137.0))[0] == 0
    east, south = project_conic((43.0, 138.0)), project_conic((43.0, 137.0))
    length = hypot(east[0] - south[0], east[1] - south[1])
    assert length == pytest.approx(measure_distance((43.0, 137.0), (43.0, 138.0)), rel=1e-3)


def test_points_that_coincide_are_moved_apart_and_others_stay() -> None:
    spread = spread_points([(0, 0), (0, 0), (100, 100)], 10)
    assert hypot(spread[0][0] - spread[1][0], spread[0][1] - spread[1][1]) == pytest.approx(10, abs=0.1)
    assert spread[2] == (100, 100)


def test_dots_are_written_as_steps() -> None:
    assert write_dots([]) == ""
    dots = [(1.26, 2.0), (0.5, 700.0), (1.0, 2.0), (-3.0, 0.04), (-3.5, 0.0)]
    assert read_dots(write_dots(dots)) == {(3, 4), (1, 1400), (2, 4), (-6, 0), (-7, 0)}
