"""The catalogue: editions, their layouts and their order; everything that is wrong in it is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SEEDS
from small_seeds import show_problems

from lod.catalogue import Catalogue, read_catalogue
from lod.errors import SeedsError

TEXTS = 'title_en = "x"\ntitle_ja = "x"\ndescription_en = "x"\ndescription_ja = "x"\n'
FRAME = f'[columns]\nCity = "place"\n[gateways]\nhosts = []\n[series]\n{TEXTS}[reference]\nfile = "places.csv"\n{TEXTS}'


def edit(number: str, category: str = "CoreCity", *older: str, **changes: str) -> str:
    """An [[edition]], with keys replaced or, where the value is empty, left out."""
    keys = {
        "number": f'"{number}"',
        "file": f'"{number}.txt"',
        "title": '"A list"',
        "layout": '"tab-separated"',
        **changes,
    }
    lines = "".join(f"{key} = {value}\n" for key, value in keys.items() if value)
    later = "".join(f'[[edition.later_than]]\nedition = "{o}"\nevidence_en = "x"\nevidence_ja = "x"\n' for o in older)
    section = f'[[edition.section]]\nheading = "A"\ncategory = "{category}"\n' if category else ""
    return f"[[edition]]\n{lines}{later}{section}"


def read(tmp_path: Path, *editions: str, frame: str = FRAME) -> Catalogue:
    path = tmp_path / "catalogue.toml"
    path.write_text(frame + "".join(editions), encoding="utf-8")
    return read_catalogue(path)


def refuse(tmp_path: Path, *editions: str, frame: str = FRAME) -> list[str]:
    with pytest.raises(SeedsError) as refusal:
        read(tmp_path, *editions, frame=frame)
    return [p.removeprefix("catalogue.toml:0 ") for p in show_problems(refusal.value.problems)]


def test_the_shipped_catalogue():
    catalogue = read_catalogue(SEEDS / "catalogue.toml")
    assert [(e.number, e.layout, e.at_sign) for e in catalogue.editions] == [
        ("000", "flattened", "@"),
        ("001", "flattened", "@"),
        ("002", "tab-separated-html", "@"),
        ("003", "tab-separated", "[at]"),
        ("004", "tab-separated", "@"),
    ]
    assert [e.categories for e in catalogue.editions][2] == ("Prefecture", "DesignatedCity", "CoreCity", "CouncilMember")


def test_editions_stand_in_the_order_of_their_numbers(tmp_path):
    catalogue = read(tmp_path, edit("005", "CouncilMember"), edit("004"))
    assert [e.number for e in catalogue.editions] == ["004", "005"]


def test_the_current_edition_is_later_than_all_others_of_its_category(tmp_path):
    catalogue = read(
        tmp_path, edit("001"), edit("002", "CoreCity", "001"), edit("003", "CoreCity", "002"), edit("004", "Prefecture")
    )
    assert catalogue.get_current_editions() == {"CoreCity": "003", "Prefecture": "004"}
    assert catalogue.find_older_editions("003") == {"001", "002"}


@pytest.mark.parametrize(
    ("editions", "problem"),
    [
        ([edit("001"), edit("002")], "which of the editions 001, 002 is the latest for CoreCity is not stated"),
        ([edit("001"), edit("001", file='"b.txt"')], "edition 001 stands twice"),
        ([edit("001"), edit("002", "Prefecture", file='"001.txt"')], "file 001.txt stands twice"),
        ([edit("001", "CoreCity", "009")], "edition 001 is later than 009, which is not here"),
        ([edit("001", "CoreCity", "001")], "edition 001 is later than itself"),
        ([], "lists no edition"),
    ],
)
def test_editions_that_contradict_one_another_are_refused(tmp_path, editions, problem):
    assert problem in refuse(tmp_path, *editions)


def test_editions_that_are_later_than_each_other_are_refused(tmp_path):
    problems = refuse(tmp_path, edit("001", "CoreCity", "002"), edit("002", "Prefecture", "001"))
    assert problems == ["edition 001 is later than itself", "edition 002 is later than itself"]


@pytest.mark.parametrize(
    ("edition", "problem"),
    [
        (edit("1"), "edition 1: number '1'"),
        (edit("１２３"), "edition １２３: number '１２３'"),
        (edit("001").replace('number = "001"\n', ""), "edition ?: number is missing"),
        (edit("001").replace('number = "001"', "number = 1"), "edition 1: number is 1"),
        (edit("001", title=""), "edition 001: title is missing"),
        (edit("001", title='" "'), "edition 001: no title"),
        (edit("001", file='"../x.txt"'), "edition 001: file '../x.txt'"),
        (edit("001", file='"x.csv"'), "edition 001: file 'x.csv'"),
        (edit("001", layout='"xml"'), "edition 001: layout 'xml'"),
        (edit("001", layout='"flattened"'), "edition 001: header line"),
        (edit("001", header='"x"'), "edition 001: header line"),
        (edit("001", at_sign='""'), "edition 001: at_sign ''"),
        (edit("001", at_sign='"a t"'), "edition 001: at_sign 'a t'"),
        (edit("001", origin_url='"x y"'), "edition 001: origin_url 'x y'"),
        (edit("001", titel='"x"'), "edition 001: unknown titel"),
        (edit("001", ""), "edition 001: no section"),
        (edit("001", "City"), "edition 001: category 'City'"),
        (edit("001", "", section='["x"]'), "edition 001: section is ['x']"),
        (edit("001", "", section='[{heading = "A", category = "CoreCity", x = 1}]'), "edition 001: unknown x"),
        (
            edit("001", "") + '[[edition.section]]\nheading = "A"\ncategory = "CoreCity"\n' * 2,
            "edition 001: a heading that stands twice",
        ),
        (
            edit("001") + '[edition.period]\nstart = "2018-4"\nevidence_en = "x"\nevidence_ja = "x"\n',
            "edition 001: the start of its period",
        ),
        (edit("001") + '[edition.period]\nstart = "2018"\nevidence_en = "x"\n', "edition 001: evidence_ja is missing"),
    ],
)
def test_an_edition_that_is_not_right_is_refused(tmp_path, edition, problem):
    assert refuse(tmp_path, edition) == [problem]


@pytest.mark.parametrize(
    ("frame", "problem"),
    [
        (FRAME.replace('"place"', '"town"'), "column 'City' is said to hold 'town'"),
        (FRAME.replace('"place"', "1"), "City is 1"),
        (FRAME.replace("hosts = []", 'hosts = "x.jp"'), "hosts is 'x.jp'"),
        (FRAME.replace("hosts", "host"), "unknown host"),
        (FRAME.replace("[gateways]", "[gateway]"), "unknown gateway"),
        (FRAME.replace('file = "places.csv"\n', ""), "[reference]: file is missing"),
        (FRAME.replace('file = "places.csv"', 'file = ""'), "[reference] has no file"),
        (FRAME.replace("[series]", "[serie]"), "[series]: title_en is missing"),
        (FRAME + "x = 1\n", "[reference]: unknown x"),
    ],
)
def test_what_stands_beside_the_editions_is_checked_too(tmp_path, frame, problem):
    assert problem in refuse(tmp_path, edit("001"), frame=frame)


def test_a_table_where_a_list_is_expected_is_refused(tmp_path):
    assert refuse(tmp_path, '[edition]\nnumber = "001"\n')[0].startswith("edition is {")


def test_everything_that_is_wrong_is_told_together(tmp_path):
    problems = refuse(tmp_path, edit("1"), edit("002", layout='"x"'), frame=FRAME.replace("hosts", "host"))
    assert problems == ["edition 002: layout 'x'", "edition 1: number '1'", "unknown host"]


def test_a_missing_catalogue_is_refused(tmp_path):
    with pytest.raises(SeedsError, match="cannot be read"):
        read_catalogue(tmp_path / "catalogue.toml")
