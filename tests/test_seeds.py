"""The seeds as a whole: read together, refused together."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_seeds import find_problems, make_row, read_rows, show_problems

from lod.errors import SeedsError
from lod.seeds import read_seeds


def test_a_folder_is_read_the_same_wherever_it_stands(facts, seeds):
    again = read_seeds(seeds)
    assert again.folder == seeds
    assert (list(again.listings), list(again.issues), again.line_kinds) == (
        list(facts.listings),
        list(facts.issues),
        facts.line_kinds,
    )


def test_listings_stand_in_the_order_of_the_documents(facts):
    places = [(li.edition.number, li.line) for li in facts.listings]
    assert places == sorted(places)


def test_a_folder_needs_no_curation(tmp_path):
    assert len(read_rows(tmp_path, make_row()).listings) == 1


def test_problems_of_all_files_are_told_together(seeds):
    (seeds / "000.txt").write_bytes((seeds / "000.txt").read_bytes() + b"\nrubbish")
    (seeds / "001.txt").write_bytes((seeds / "001.txt").read_bytes().replace(b"Kobe City", b"Kobi City"))
    (seeds / "002.txt").write_bytes((seeds / "002.txt").read_bytes().replace(b"Hyougo\t", b"Hyogx\t"))
    (seeds / "003.txt").write_bytes((seeds / "003.txt").read_bytes().replace(b"30\tAichi", b"30\tAichy"))
    (seeds / "004.txt").write_bytes(b"\xff")
    curation = seeds / "curation.toml"
    curation.write_text(
        curation.read_text(encoding="utf-8").replace('decision = "shift"', 'decision = "shove"'), encoding="utf-8"
    )
    problems = find_problems(seeds)
    assert [Path(p.file).name for p in problems] == sorted(Path(p.file).name for p in problems)
    assert set(show_problems(problems)) >= {
        "000.txt:73 no rule reads this line: neither a place, a department, a label nor a note",
        "001.txt:76 no city, town, village or ward is called 'Kobi City'",
        "002.txt:78 no prefecture is called 'Hyogx'",
        "003.txt:39 no prefecture is called 'Aichy'",
        "004.txt:1 is not UTF-8",
    }
    assert [p.message for p in problems if p.file.endswith("curation.toml")] == ["decision 'shove'"]


@pytest.mark.parametrize("name", ["catalogue.toml", "places.csv", "000.txt"])
def test_a_missing_file_is_told_by_name(seeds, name):
    (seeds / name).unlink()
    assert [p for p in show_problems(find_problems(seeds)) if p.startswith(f"{name}:0 cannot be read")]


def test_a_problem_of_a_document_and_one_of_the_table_are_told_together(seeds):
    (seeds / "000.txt").unlink()
    places = seeds / "places.csv"
    places.write_text(places.read_text(encoding="utf-8").replace("010006,prefecture", "010006,province"), encoding="utf-8")
    found = show_problems(find_problems(seeds))
    assert found == ["000.txt:0 cannot be read: No such file or directory", "places.csv:2 unknown kind 'province'"]


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SeedsError, match="cannot be read"):
        read_seeds(tmp_path / "nowhere")
