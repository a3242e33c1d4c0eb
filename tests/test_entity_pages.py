"""The pages of things: what people may rely on when they look up a government, or follow a fact to where it stands."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode
from test_pages import Outline

from lod.release import Release
from server.dataset import Dataset, load_dataset
from server.pages.counters import Place, Value
from server.pages.government_page import Government, read_government
from server.pages.incoming import ON_A_PAGE
from server.pages.matrix import Matrix
from server.pages.provenance import find_lost, read_line

HTML = {"Accept": "text/html"}
JAPANESE = re.compile("[\u3041-\u30fa\u4e00-\u9fff]")
KINDS = (
    "gov/122173",
    "gov/472018",
    "gov/401005",
    "area/122203",
    "area/120006",
    "unit/122173/board-of-education-central-public-hall",
    "org/nishinomiya-city-international-association",
    "edition/002",
    "edition/003/listing/L24",
    "edition/002/listing/L70",
    "edition/003/listing/L24/contact/1",
    "edition/003/listing/L24/class",
    "edition/003/listing/L24/class/1",
    "edition/002/issue/161",
    "edition/002/issue/133",
    "edition/003/issue/79",
    "edition/002/row/L105",
    "catalog",
    "series",
)


@pytest.fixture(scope="module")
def dataset(release: Release) -> Dataset:
    return load_dataset(release)


@pytest.fixture(scope="module")
def governments(dataset: Dataset) -> dict[str, Government]:
    """What the pages of all governments show."""
    prefix = dataset.iris.government("").value
    types = dataset.subjects("rdf:type", dataset.term("schema:GovernmentOrganization"))
    return {iri.value.removeprefix(prefix): read_government(dataset, iri) for iri in types if iri.value.startswith(prefix)}


@pytest.fixture(scope="module")
def pages(client: FlaskClient, governments: dict[str, Government]) -> dict[str, str]:
    """The pages of all governments, in English."""
    return {code: get_page(client, f"gov/{code}") for code in governments}


def get_page(client: FlaskClient, path: str, language: str = "en") -> str:
    response = client.get(f"/doc/{path}", headers={**HTML, "Accept-Language": language})
    assert response.status_code == 200, path
    return response.text


def read_section(page: str, name: str) -> str:
    """The part of a page with that heading."""
    return page.partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]


def read_words(markup: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", markup))).strip()


def list_values(government: Government) -> Iterator[Value]:
    """Every e-mail, web page and class link of today, and the older ones that are shown instead."""
    today = government.today
    for counter in today.counters:
        yield from (*counter.emails, *counter.addresses, *(counter.earlier.values if counter.earlier else ()))
    for earlier in (today.earlier_emails, today.earlier_channels):
        yield from earlier.values if earlier else ()
    yield from (*today.emails, *today.addresses, *today.channels)


def test_all_governments_are_there(governments: dict[str, Government], release: Release) -> None:
    assert len(governments) == release.manifest["counts"]["governments"]


def test_the_page_shows_what_the_query_that_it_offers_finds(client: FlaskClient, pages: dict[str, str]) -> None:
    for code, page in pages.items():
        for section in (read_section(page, "today"), read_section(page, "classes")):
            asked = re.findall(r'href="(/sparql\?[^"]*)"', section)
            rows = [row for a in asked for row in csv.DictReader(client.get(f"{unescape(a)}&format=csv").text.splitlines())]
            live = re.sub(r'(?s)<div class="(?:doubt-told|outdated)">.*?</div>', "", section)
            found = {row.get(name, "") for row in rows for name in ("email", "url", "link")} - {""}
            shown = [unescape(text) for text in re.findall(r'<a class="(?:email|url)" href="(?:mailto:)?([^"]*)"', live)]
            assert {text.lower() for text in shown} == {text.lower() for text in found}, code
            units = {row["unit"].partition("/id/")[2] for row in rows if "unit" in row}
            assert set(re.findall(r'class="who"><a href="/doc/([^"]*)"', section)) == units, code


def test_every_value_leads_to_a_line_that_states_it(dataset: Dataset, governments: dict[str, Government]) -> None:
    editions = {edition.number: edition for edition in dataset.editions}

    def read(place: Place) -> str:
        return unescape(read_line(dataset, editions[place.number], place.line) or "").replace("[at]", "@")

    for code, government in governments.items():
        for value in list_values(government):
            assert value.places, (code, value.text)
            for place in value.places:
                assert value.text.partition("://")[2] or value.text in read(place), (code, value.text, place)
        for counter in government.today.counters:
            assert counter.places, (code, counter.label.text)


def test_an_address_is_not_found_in_a_longer_one(governments: dict[str, Government]) -> None:
    first = governments["122173"].today.counters[0]
    assert {(v.text, v.places) for v in first.addresses} == {("https://www.city.kashiwa.lg.jp/", (Place("003", 24),))}


def read_matrix(matrix: Matrix) -> dict[str, list[str]]:
    return {
        f"{kind} {row.label.text if row.label else row.key}": [
            f"{cell.state} {','.join(cell.changes)}".strip() for cell in row.cells
        ]
        for kind, rows in matrix.groups
        for row in rows
    }


def test_what_changed_is_told_edition_by_edition(governments: dict[str, Government]) -> None:
    matrix = governments["122173"].matrix
    assert [column.edition.number for column in matrix.columns] == ["000", "002", "003"]
    assert [column.is_current for column in matrix.columns] == [False, False, True]
    rows = read_matrix(matrix)
    assert {name: cells for name, cells in rows.items() if name.startswith(("body", "email"))} == {
        "body Diversity Relations Promotion Division": ["absent", "absent", "new"],
        "body Board of Education office City of Kashiwa": ["absent", "absent", "new"],
        "body Kashiwa City Community-Building Department Cooperative Promotion Division": ["absent", "new", "gone"],
        "body board of education Central public hall": ["absent", "new", "gone"],
        "body Kashiwa City Board of Education Shido Division": ["absent", "new", "gone"],
        "body Central Public Hall, Board of Education": ["present", "gone", "absent"],
        "body International Relations Office": ["present", "gone", "absent"],
        "body Training Department, Board of Education": ["present", "gone", "absent"],
        "email info-kysk@city.kashiwa.chiba.jp": ["unknown", "absent", "new"],
        "email shido@city.kashiwa.chiba.jp": ["unknown", "present", "changed body"],
        "email kyodosuishin@city.kashiwa.chiba.jp": ["unknown", "present", "gone"],
        "email chuokouminkan@city.kashiwa.chiba.jp": ["unknown", "present", "gone"],
    }


def test_nothing_is_called_absent_where_the_document_lost_the_column(
    dataset: Dataset, governments: dict[str, Government]
) -> None:
    assert {edition.number for edition in find_lost(dataset)} == {"000", "001"}
    for code, government in governments.items():
        for kind, rows in government.matrix.groups:
            for row in rows:
                for column, cell in zip(government.matrix.columns, row.cells, strict=True):
                    if column.edition.number in ("000", "001") and kind in ("email", "address", "channel"):
                        assert cell.state == "unknown", (code, row.key)


def test_editions_are_compared_within_their_category(governments: dict[str, Government]) -> None:
    matrix = governments["232017"].matrix
    assert [(label.text[:6], count) for _, label, count in matrix.categories] == [("Core c", 3), ("Member", 2)]
    assert read_matrix(matrix)["address http://www.city.toyohashi.lg.jp/2679.htm"] == [
        "unknown",
        "present",
        "gone",
        "present",
        "gone",
    ]


def test_the_matrix_says_in_words_what_a_cell_means(client: FlaskClient) -> None:
    table = read_section(get_page(client, "gov/122173"), "changes")
    (row,) = re.findall(r'(?s)<tr><th scope="row"><span translate="no" class="url">shido@.*?</tr>', table)
    assert read_words(row) == "shido@city.kashiwa.chiba.jp not known listed line 107 changed line 25 other: department"
    assert re.findall(r'href="([^"]*)"', row) == ["/source/002#L107", "/source/003#L25"]


def test_a_doubt_stands_at_the_value_and_the_suggestion_is_no_fact(client: FlaskClient) -> None:
    today = read_section(get_page(client, "gov/272035"), "today")
    values = today.split('<div class="fact">')
    (doubtful,) = [v for v in values if "mailto:shakaikyoiu@city.toyonaka.osaka.jp" in v]
    words = read_words(doubtful)
    assert "Doubtful e-mail" in words
    assert "Probably meant shakaikyoiku@city.toyonaka.osaka.jp a suggestion, not a fact" in words
    assert "Evidence edition 003, line 47" in words
    assert "mailto:shakaikyoiku@" not in today


def test_a_doubt_about_one_value_in_two_columns_is_told_once_at_each(client: FlaskClient) -> None:
    page = get_page(client, "gov/292010")
    for section in ("today", "classes"):
        assert read_words(read_section(page, section)).count("The host speaks of city.nara.ig.jp") == 1


@pytest.mark.parametrize("path", ["gov/230006", "area/232041"])
def test_how_old_the_list_of_today_is_stands_beside_its_contacts(client: FlaskClient, path: str) -> None:
    """The documents bear no date, and “today” is no promise: the list of the prefectures is years old."""
    today = read_words(read_section(get_page(client, path), "today"))
    assert "Edition 002 bears no date; from what it lists it is inferred that it was made in April 2018 or later." in today
    assert "2018年4月以降の作成と推定されます" in read_section(get_page(client, path, "ja"), "today")


def test_no_suggestion_can_be_clicked(dataset: Dataset, pages: dict[str, str]) -> None:
    names = ("schema:email", "schema:url", "schema:serviceUrl")
    stated = {q.object.value for name in names for q in dataset.quads(name=name)}
    suggested = {q.object.value for q in dataset.quads(name="jle:suggestedValue")} - stated
    assert any(text in page for page in pages.values() for text in suggested)
    for code, page in pages.items():
        targets = {unescape(a).removeprefix("mailto:") for a in re.findall(r'href="([^"]*)"', page)}
        assert not targets & suggested, code


def test_a_damaged_email_is_told_where_the_email_would_be(client: FlaskClient) -> None:
    today = read_section(get_page(client, "gov/401005"), "today")
    (value,) = [v for v in today.split('<div class="fact">') if "No usable e-mail" in v]
    assert "Use the web page below." in value
    assert "E-mail with a blank" in value
    assert "kikaku- kokusai@city.kitakyushu.lg.jp" in value
    assert "mailto:" not in today


def test_a_place_without_division_shows_what_is_old_and_whom_else_to_ask(client: FlaskClient) -> None:
    page = get_page(client, "gov/472018")
    words = read_words(read_section(page, "today"))
    assert "No department in charge is named today. Ask the counter of Okinawa Prefecture ." in words
    assert "A footnote says that Naha City has no division for Japanese-language education yet." in words
    assert "Edition 002 had an e-mail. It is old and may no longer work: s-heidan001@neo.city.naha.okinawa.jp" in words
    assert "mailto:s-heidan001" not in page
    assert "nothing to list yet" in read_section(page, "classes")


@pytest.mark.parametrize(("code", "prefecture"), [("212113", "210005"), ("242012", "240001"), ("242021", "240001")])
def test_a_place_of_the_past_shows_what_it_had_and_whom_to_ask(
    client: FlaskClient, governments: dict[str, Government], code: str, prefecture: str
) -> None:
    page = get_page(client, f"gov/{code}")
    today = read_section(page, "today")
    assert f"/doc/gov/{prefecture}" in today
    assert "It is old and may no longer work" in today
    assert "mailto:" not in today
    (columns,) = {len(row.cells) for _, rows in governments[code].matrix.groups for row in rows}
    assert columns == 2
    assert {states[-1] for states in read_matrix(governments[code].matrix).values()} == {"gone"}  # edition 004 lists it no more
    area = read_section(get_page(client, f"area/{code}"), "today")
    assert "Only earlier editions list it" in area
    assert f"/doc/gov/{prefecture}" in area
    assert "mailto:" in area


def test_an_empty_cell_is_not_told_as_no_classes(
    dataset: Dataset, governments: dict[str, Government], pages: dict[str, str]
) -> None:
    term = dataset.term("jle:NotGiven")
    empty = {code for code, g in governments.items() if any(term in li.states for li in g.today.listings)}
    told = {code for code, page in pages.items() if "That does not mean that there are no classes" in page}
    assert told == empty != set()


def test_an_area_that_no_list_names_leads_to_the_counter_of_its_prefecture(client: FlaskClient) -> None:
    words = read_words(read_section(get_page(client, "area/122203"), "today"))
    assert words.startswith("> Whom to ask No list names a counter of this place. The counter of Chiba Prefecture")
    assert "@" in words
    assert "Japanese classes Classes http://www.mcc.or.jp/jp_school/jpsch_town.html" in words
    japanese = read_words(read_section(get_page(client, "area/122203", "ja"), "today"))
    assert "この地域の窓口は、どの一覧にも掲載されていません。" in japanese
    assert "千葉県" in japanese


def test_what_points_to_a_thing_is_counted_and_paged(client: FlaskClient, dataset: Dataset) -> None:
    edition = NamedNode(f"{dataset.iris.base}id/edition/002")
    prefix = f"{dataset.iris.base}id/"
    pointing = {(q.subject.value, q.predicate) for q in dataset.quads(value=edition) if isinstance(q.subject, NamedNode)}
    found: set[str] = set()
    address, pages = "/doc/edition/002", 0
    while address:
        page = client.get(address, headers=HTML).text
        incoming = page.partition('id="incoming"')[2]
        found |= set(re.findall(r'<li><a href="/doc/([^"]*)"', incoming.partition('<div class="facts">')[2]))
        following = re.findall(r'rel="next" href="([^"#]*)#incoming"', incoming)
        address, pages = (unescape(following[0]) if following else ""), pages + 1
    assert found == {iri.removeprefix(prefix) for iri, _ in pointing if iri.startswith(prefix)}
    assert pages == -(-len(pointing) // ON_A_PAGE)


@pytest.mark.parametrize("page", ["0", "99999", "-1", "x", "1e3", "１"])
def test_a_page_that_is_not_there_is_told(client: FlaskClient, page: str) -> None:
    response = client.get("/doc/edition/003", query_string={"page": page}, headers=HTML)
    assert response.status_code == 400
    assert "?page=" in response.text


@pytest.mark.parametrize("path", KINDS)
def test_every_kind_of_page_is_well_formed_in_both_languages(client: FlaskClient, path: str) -> None:
    for language in ("en", "ja"):
        page = get_page(client, path, language)
        outline = Outline()
        outline.feed(page)
        assert (outline.mistakes, outline.open) == ([], [])
        assert len(outline.ids) == len(set(outline.ids))
        assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
        told = Outline()
        told.feed(page.partition('id="facts"')[0])  # below, literals stand as the data have them, with no language too
        assert not JAPANESE.search(told.text_by_language.get("en", "")), language
        assert len(page.encode()) < 90_000  # with its statements as JSON-LD


def test_no_page_of_a_government_is_heavy(pages: dict[str, str]) -> None:
    assert max(len(page.encode()) for page in pages.values()) < 60_000


def test_the_page_of_a_prefecture_leads_to_what_lies_in_it(pages: dict[str, str], governments: dict[str, Government]) -> None:
    found = set(re.findall(r'href="/doc/gov/(\d+)"', read_section(pages["270008"], "within")))
    assert found == {code for code in governments if code.startswith("27")} - {"270008"}


def test_the_matrix_leads_to_the_changes_of_the_whole_list(client: FlaskClient, pages: dict[str, str]) -> None:
    links = [unescape(a) for a in re.findall(r'href="(/changes\?[^"]*)"', read_section(pages["232017"], "changes"))]
    assert links == ["/changes?from=000&to=003&category=CoreCity", "/changes?from=002&to=004&category=CouncilMember"]
    assert {client.get(link, headers=HTML).status_code for link in links} == {200}


def test_all_statements_stay_on_the_page(client: FlaskClient) -> None:
    page = get_page(client, "gov/122173")
    today, _, earlier = page.partition("Only in edition 002")
    assert "Diversity Relations Promotion Division" in today
    assert "board of education Central public hall" in earlier


def test_a_city_is_told_of_a_row_of_another_that_probably_means_it(client: FlaskClient) -> None:
    page = client.get("/doc/gov/232114", headers={"Accept": "text/html"}).text
    told = page.partition('<h2 id="issues">')[2]
    assert 'href="/doc/edition/002/issue/150"' in told
    assert "The row says Toyohashi City" in told
    assert "kyoseikokusai@city.toyohashi.lg.jp" not in page
