"""The home page: the way to every government, and what it says of the data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from small_data import write_small_data

from lod.foreign_data import make_data_release
from lod.release import Release
from server.app import create_app
from server.dataset import Dataset, load_dataset
from server.pages.examples import read_examples
from server.pages.home import list_prefectures, measure_coverage, read_freshness
from server.pages.tiles import list_tiles


@pytest.fixture(scope="module")
def dataset(release: Release) -> Dataset:
    return load_dataset(release)


@pytest.fixture(scope="module", params=["en", "ja"])
def page(request: pytest.FixtureRequest, client: FlaskClient) -> str:
    """The home page in each language."""
    return client.get(f"/?lang={request.param}").text


def find_addresses(text: str) -> set[str]:
    return set(re.findall(r'<a [^>]*href="(/doc/gov/\d+)"', text))


def ask(client: FlaskClient, query: str) -> list[list[str]]:
    rows = client.get("/sparql", query_string={"query": query, "format": "json"}).json
    assert rows is not None
    return [[row[name]["value"] for name in rows["head"]["vars"]] for row in rows["results"]["bindings"]]


def test_map_and_list_both_link_every_government(page: str, dataset: Dataset) -> None:
    picture, after = page.split("</svg>", 1)
    listed = {f"/doc/gov/{q.object.value}" for q in dataset.quads(None, "jle:lgCode") if "/gov/" in str(q.subject)}
    assert len(listed) == 141
    assert find_addresses(picture) == listed
    assert find_addresses(after) == listed


def test_the_links_of_the_map_have_the_names_in_the_language_of_the_page(client: FlaskClient) -> None:
    for language, name in (("en", "Kashiwa City"), ("ja", "柏市")):
        picture = client.get(f"/?lang={language}").text.split("</svg>", 1)[0]
        assert re.search(rf'<a href="/doc/gov/122173" transform="[^"]+"><circle r="6"/><text[^>]*>{name}</text></a>', picture)


def test_every_prefecture_has_one_tile_and_a_place_in_the_list(page: str) -> None:
    tiles = list_tiles()
    assert [tile.code for tile in tiles] == [f"{number:02}" for number in range(1, 48)]
    assert len({(tile.column, tile.row) for tile in tiles}) == len({tile.letters for tile in tiles}) == 47
    codes = [f"p{tile.code}" for tile in tiles]
    assert re.findall(r'<a href="#(p\d\d)">', page) == re.findall(r'<section id="(p\d\d)"', page) == codes


def test_tiles_lie_as_the_prefectures_do(dataset: Dataset) -> None:
    tiles = {tile.code: tile for tile in list_tiles()}
    for west, east in (("42", "40"), ("40", "34"), ("34", "28"), ("28", "25"), ("27", "22"), ("22", "13"), ("15", "07")):
        assert tiles[west].column < tiles[east].column
    for north, south in (("01", "02"), ("02", "04"), ("04", "08"), ("11", "13"), ("32", "34"), ("34", "39"), ("46", "47")):
        assert tiles[north].row < tiles[south].row


def test_a_tile_says_how_many_governments_of_the_prefecture_are_listed(dataset: Dataset) -> None:
    prefectures = {p.code: p for p in list_prefectures(dataset)}
    assert sum(p.count for p in prefectures.values()) == 141
    assert (prefectures["36"].count, prefectures["36"].shade) == (1, 1)
    assert prefectures["27"].shade == 4
    assert [prefectures[code].shorten_name("ja") for code in ("01", "13", "26", "12")] == ["北海道", "東京", "京都", "千葉"]
    assert [prefectures[code].shorten_name("en") for code in ("01", "13", "26", "12")] == [
        "Hokkaido",
        "Tokyo",
        "Kyoto",
        "Chiba",
    ]


def test_names_come_in_both_languages_with_their_reading(page: str) -> None:
    assert '<ruby lang="ja">千葉県<rt>ちばけん</rt></ruby>' in page
    assert "Chiba Prefecture" in page


def test_each_edition_says_what_is_inferred_of_its_time(client: FlaskClient, dataset: Dataset) -> None:
    english, japanese = client.get("/?lang=en").text, client.get("/?lang=ja").text
    starts = {edition.number: read_freshness(dataset, edition).starts for edition in dataset.editions}
    assert starts == {
        "000": {"en": "April 2012", "ja": "2012年4月"},
        "001": {"en": "April 2013", "ja": "2013年4月"},
        "002": {"en": "April 2018", "ja": "2018年4月"},
        "003": {"en": "April 2021", "ja": "2021年4月"},
        "004": {"en": "2023", "ja": "2023年"},
    }
    assert re.findall(r"Not before ([^<]+)</strong> <span class=\"badge\">inferred", english) == [
        starts[e.number]["en"] for e in dataset.editions
    ]
    assert re.findall(r"<strong>([^<]+)以降</strong> <span class=\"badge\">推定", japanese) == [
        starts[e.number]["ja"] for e in dataset.editions
    ]
    assert "The documents carry no date." in english
    assert "probably of 2023" in english
    assert "おそらく2023年のものです" in japanese


def test_the_shares_are_those_that_a_query_finds(client: FlaskClient, dataset: Dataset) -> None:
    listed = "?listing a jle:Listing ; schema:about ?gov"
    found = {
        name: int(ask(client, f"SELECT (COUNT(DISTINCT ?gov) AS ?n) {{ {listed} {more} }}")[0][0])
        for name, more in (
            ("governments", ""),
            ("with_email", "; jle:contact/schema:email ?email"),
            ("with_class", "; jle:classInformation/schema:availableChannel ?channel"),
        )
    }
    assert vars(measure_coverage(dataset)) == found


def test_three_questions_can_be_clicked(page: str, client: FlaskClient, release: Release) -> None:
    section = page.partition('id="questions"')[2].partition("</section>")[0]
    addresses = [a.replace("&amp;", "&") for a in re.findall(r'href="(/sparql\?query=[^"]+)"', section)]
    assert len(addresses) == 3
    for address in addresses:
        assert client.get(f"{address}&format=json").status_code == 200
    titles = {title for e in read_examples(release) for title in (e.title, e.title_ja)}
    assert set(re.findall(r'\?query=[^"]+">([^<]+)</a>', section)) <= titles


def test_the_page_with_style_and_script_weighs_less_than_100_kilobytes(page: str, client: FlaskClient) -> None:
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(files) == 3, "style, icon and script: four requests with the page"
    sent = [client.get(address, headers={"Accept-Encoding": "gzip"}).data for address in ("/", *files)]
    assert sum(map(len, sent)) < 60_000
    assert len(page.encode()) < 80_000


def test_the_search_box_asks_the_search_page(page: str) -> None:
    assert re.search(r'<form [^>]*action="/search"', page)
    assert re.search(r'<input [^>]*name="q"', page)


def test_the_home_of_other_data_is_in_both_languages(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    site = create_app(make_data_release(tmp_path_factory.mktemp("data"), write_small_data(tmp_path))).test_client()
    english, japanese = site.get("/?lang=en").text, site.get("/?lang=ja").text
    for text, translation in (
        ("What is here", "収録データ"),
        ("The default graph", "既定グラフ"),
        ("Take it all", "一括ダウンロード"),
    ):
        assert text in english
        assert text not in japanese
        assert translation in japanese
