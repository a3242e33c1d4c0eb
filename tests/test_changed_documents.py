"""Changed copies of the shipped documents: read right, or refused with file, line and what to do; never silently wrong."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from small_seeds import (
    TABLE_HEADER,
    collect_problems,
    find_problems,
    list_bodies,
    list_emails,
    list_urls,
    make_row,
    read_lines,
    read_rows,
    show_problems,
)

from lod.seeds import Facts, read_seeds

SIXTH = """
[[edition]]
number = "005"
file = "005.txt"
title = "A sixth list"
layout = "{layout}"
{header}
[[edition.later_than]]
edition = "003"
evidence_en = "It is a test."
evidence_ja = "試験です。"
[[edition.section]]
heading = "Sixth"
category = "CoreCity"
"""


class Copy:
    """One document of a copy of the seeds, as a list of lines to be changed; line 1 is `lines[0]`."""

    def __init__(self, seeds: Path, number: str) -> None:
        self.seeds = seeds
        self.path = seeds / f"{number}.txt"
        self.number = number
        self.lines = self.path.read_text(encoding="utf-8").split("\n")

    def write(self) -> Path:
        self.path.write_text("\n".join(self.lines), encoding="utf-8")
        return self.seeds

    def read(self) -> Facts:
        return read_seeds(self.write())

    def refuse(self) -> list[str]:
        return show_problems(find_problems(self.write()))

    def drop_curation(self) -> None:
        """Takes away the decisions about this document, for changes that move every line."""
        path = self.seeds / "curation.toml"
        head, *entries = path.read_text(encoding="utf-8").split("[[entry]]")
        about = (f'document = "{self.number}"', f'evidence]]\ndocument = "{self.number}"')
        kept = [e for e in entries if not any(a in e for a in about)]
        path.write_text("[[entry]]".join([head, *kept]), encoding="utf-8")


@pytest.fixture(params=["000", "001", "002", "003", "004"])
def copy(seeds, request) -> Copy:
    return Copy(seeds, request.param)


def show_listings(facts: Facts, number: str) -> list[tuple]:
    """What an edition states, without its lines."""
    return [
        (li.place.lg_code, [b.name for b in li.bodies], list_emails(li), list_urls(li), [(c.url, c.label) for c in li.channels])
        for li in facts.listings
        if li.edition.number == number
    ]


# nothing of substance changed


@pytest.mark.parametrize("change", ["crlf", "bom", "final line feeds"])
def test_line_ends_and_byte_order_mark_change_nothing(facts, copy, change):
    content = copy.path.read_bytes()
    changed = {"crlf": content.replace(b"\n", b"\r\n"), "bom": b"\xef\xbb\xbf" + content, "final line feeds": content + b"\n\n"}
    copy.path.write_bytes(changed[change])
    assert show_listings(read_seeds(copy.seeds), copy.number) == show_listings(facts, copy.number)


# rows moved


@pytest.mark.parametrize(
    ("number", "first", "last", "before"),
    [
        ("000", 26, 26, 13),
        ("000", 68, 68, 46),
        ("000", 59, 61, 12),
        ("001", 80, 83, 76),
        ("001", 24, 29, 4),
        ("002", 8, 8, 26),
        ("002", 35, 36, 21),
        ("002", 93, 93, 95),
        ("003", 28, 28, 34),
        ("003", 39, 40, 37),
        ("004", 13, 14, 12),
    ],
)
def test_rows_that_moved_state_the_same(facts, seeds, number, first, last, before):
    copy = Copy(seeds, number)
    block = copy.lines[first - 1 : last]
    at = before - 1 if before < first else before - 1 - len(block)
    rest = copy.lines[: first - 1] + copy.lines[last:]
    copy.lines = [*rest[:at], *block, *rest[at:]]
    was, now = show_listings(facts, number), show_listings(copy.read(), number)
    assert now != was
    assert sorted(map(str, now)) == sorted(map(str, was))


@pytest.mark.parametrize("number", ["000", "004"])
def test_listings_in_reverse_order_state_the_same(facts, seeds, number):
    """Each with its own lines, last one first: no row needs those above it."""
    copy = Copy(seeds, number)
    copy.drop_curation()
    starts = [li.line for li in facts.listings if li.edition.number == number]
    lines = [line for line in copy.lines if line]
    copy.lines = [*copy.lines, ""]
    blocks = [copy.lines[a - 1 : b - 1] for a, b in zip(starts, [*starts[1:], len(copy.lines)], strict=True)]
    copy.lines = [*copy.lines[: starts[0] - 1], *(line for block in reversed(blocks) for line in block)]
    assert show_listings(copy.read(), number) == show_listings(facts, number)[::-1]
    assert sorted(line for line in copy.lines if line) == sorted(lines)


# a city added

ADDED = {
    "000": ("Kamakura City Culture Division, Planning Department", 69, "142042", ["Culture Division, Planning Department"]),
    "001": ("Kamakura City,\nKanagawa Prefecture\nCulture Division", 80, "142042", ["Culture Division"]),
    "002": ("Kanagawa\tKamakura City\t(1) A Division (2) B Office\t\t\t", 141, "142042", ["A Division", "B Office"]),
    "003": (
        "\tKanagawa\tKamakura\tCulture Division\t\tname[at]city.kamakura.kanagawa.jp\t",
        80,
        "142042",
        ["Culture Division"],
    ),
    "004": ("Kanagawa\tKamakura City\tCulture Division\t\t\t", 18, "142042", ["Culture Division"]),
}


def add_row(copy: Copy, text: str, line: int) -> Copy:
    """Adds lines; the decisions about lines further down are numbered anew."""
    added = text.split("\n")
    copy.lines[line - 1 : line - 1] = added
    path = copy.seeds / "curation.toml"
    old = f'document = "{copy.number}"\nline = '
    pieces = path.read_text(encoding="utf-8").split(old)
    for index, piece in enumerate(pieces[1:], 1):
        number, _, rest = piece.partition("\n")
        pieces[index] = f"{int(number) + (len(added) if int(number) >= line else 0)}\n{rest}"
    path.write_text(old.join(pieces), encoding="utf-8")
    return copy


def test_a_city_that_was_added_is_read(facts, copy):
    text, line, code, bodies = ADDED[copy.number]
    now = show_listings(add_row(copy, text, line).read(), copy.number)
    (new,) = (li for li in now if li not in show_listings(facts, copy.number))
    assert new[:2] == (code, bodies)
    assert len(now) == len(show_listings(facts, copy.number)) + 1


@pytest.mark.parametrize(
    ("place", "prefecture", "found"),
    [
        ("Kamakura City", "Kanagawa", "142042"),
        ("Kamakura", "Kanagawa", "142042"),
        ("Sakai City", "Fukui", "182109"),
        ("Misato Town", "Saitama", "113816"),
        ("Misato Town", "Miyagi", "045055"),
        ("Sakai City", "", "'Sakai City' is ambiguous"),
        ("Misato", "Saitama", "'Misato' is ambiguous"),
        ("Atlantis City", "Kanagawa", "no city, town, village or ward is called 'Atlantis City'"),
        ("Kamakura City", "Atlantis", "no prefecture is called 'Atlantis'"),
    ],
)
@pytest.mark.parametrize("number", ["002", "003", "004"])
def test_the_name_of_an_added_city_finds_its_place_or_is_refused(seeds, number, place, prefecture, found):
    numbered = "\t" if number == "003" else ""
    copy = Copy(seeds, number)
    line = {"002": 141, "003": 80, "004": 18}[number]
    add_row(copy, f"{numbered}{prefecture}\t{place}\tCulture Division\t\t\t", line)
    if found.isdigit():
        assert [li.place.lg_code for li in copy.read().listings if li.edition.number == number and li.line == line] == [found]
    else:
        (problem,) = copy.refuse()
        assert problem.startswith(f"{number}.txt:{line} {found}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Sakai City Culture Division", "69 'Sakai City' is ambiguous"),
        ("Atlantis City Culture Division", "69 no city, town, village or ward is called 'Atlantis City'"),
        ("Kamakura Culture Division", "69 'Kamakura' may start a listing or continue the one above"),
    ],
)
def test_the_name_of_a_city_added_to_a_flattened_text_is_refused_where_it_leaves_a_choice(seeds, text, problem):
    (found,) = add_row(Copy(seeds, "000"), text, 69).refuse()
    assert found.startswith(f"000.txt:{problem}")


# columns


@pytest.mark.parametrize(
    ("number", "column", "first"), [("003", 6, 3), ("003", 5, 3), ("004", 5, 5), ("004", 3, 5), ("003", 0, 3)]
)
def test_a_column_dropped_everywhere_is_not_stated(facts, seeds, number, column, first):
    copy = Copy(seeds, number)
    copy.drop_curation()
    copy.lines = [line for line in copy.lines if not line.startswith("For Naha")]
    for index in range(first - 1, len(copy.lines)):
        cells = copy.lines[index].split("\t")
        copy.lines[index] = "\t".join(c for n, c in enumerate(cells) if n != column or len(cells) == 1)
    dropped = {"003": {6: "class", 5: "email", 0: "number"}, "004": {5: "class", 3: "url"}}[number].get(column, "")
    if number == "003" and column == 5:
        dropped = "email"
    now = [li for li in copy.read().listings if li.edition.number == number]
    was = [li for li in facts.listings if li.edition.number == number and li.bodies]
    assert [[b.name for b in li.bodies] for li in now] == [[b.name for b in li.bodies] for li in was]
    assert {li.class_status for li in now} == ({"ColumnLost"} if dropped == "class" else {"Given", "NotGiven"})
    assert any(e for li in now for owner in list_emails(li) for e in owner) == (dropped != "email")
    assert any(u for li in now for owner in list_urls(li) for u in owner) == (dropped != "url")


@pytest.mark.parametrize(("number", "column", "name"), [("002", 1, "Department in charge name"), ("004", 1, "Cities, Towns")])
def test_a_column_without_which_nothing_can_be_said_is_missed(seeds, number, column, name):
    copy = Copy(seeds, number)
    header = next(n for n, line in enumerate(copy.lines) if name in line)
    for index in range(header, len(copy.lines)):
        cells = copy.lines[index].split("\t")
        copy.lines[index] = "\t".join(c for n, c in enumerate(cells) if n != column or len(cells) == 1)
    assert any(p.startswith(f"{number}.txt:") and "curation" not in p for p in copy.refuse())


@pytest.mark.parametrize(("number", "line"), [("002", 22), ("003", 10), ("004", 12)])
@pytest.mark.parametrize("column", range(5))
def test_a_cell_dropped_in_one_row_is_refused(seeds, number, line, column):
    copy = Copy(seeds, number)
    cells = copy.lines[line - 1].split("\t")
    copy.lines[line - 1] = "\t".join(c for n, c in enumerate(cells) if n != column)
    assert copy.refuse() == [f"{number}.txt:{line} {len(cells) - 1} cells where the header has {len(cells)} columns"]


@pytest.mark.parametrize(("number", "header"), [("002", 5), ("003", 3), ("004", 5)])
def test_an_unknown_column_is_refused(seeds, number, header):
    copy = Copy(seeds, number)
    copy.lines = [
        f"{line}\tFax" if n == header else f"{line}\t" if "\t" in line else line for n, line in enumerate(copy.lines, 1)
    ]
    problems = [p for p in copy.refuse() if p.startswith(f"{number}.txt:")]
    assert f"{number}.txt:{header} unknown column 'Fax'" in problems


# rubbish


@pytest.mark.parametrize(
    "rubbish", ["Page 3 of 7", "ページの先頭へ", "asdf", "Copyright (c) 2020", "-----", "<hr>", "a\tb", "[x]"]
)
def test_a_line_of_rubbish_is_refused_wherever_it_stands(copy, rubbish):
    """Before every third line, and at the end: each one is told, whatever else the change of numbers brings about."""
    lines: list[str] = []
    for number, line in enumerate(copy.lines):
        lines += [rubbish, line] if number % 3 == 0 else [line]
    copy.lines = [*lines, rubbish]
    told = {int(p.split(":")[1].split()[0]) for p in copy.refuse() if p.startswith(f"{copy.number}.txt:")}
    assert {n for n, line in enumerate(copy.lines, 1) if line == rubbish} <= told


@pytest.mark.parametrize("number", ["000", "001"])
def test_a_line_that_is_a_piece_of_a_lost_column_is_an_issue(facts, seeds, number):
    copy = Copy(seeds, number)
    last = max(n for n, kind in facts.line_kinds[number].items() if kind != "BlankLine")
    copy.lines[last:] = ["http://www.x"]
    issues = [(i.kind, i.verbatim) for i in copy.read().issues if i.edition == number and i.lines == (last + 1,)]
    assert issues == [("UrlTruncated", "http://www.x")]


@pytest.mark.parametrize("number", ["002", "003", "004"])
def test_a_header_that_is_repeated_is_an_issue(facts, seeds, number):
    header, line = {"002": (152, 158), "003": (3, 79), "004": (5, 12)}[number]
    copy = Copy(seeds, number)
    now = add_row(copy, copy.lines[header - 1], line).read()
    assert show_listings(now, number) == show_listings(facts, number)
    assert [i.lines for i in now.issues if i.kind == "RepeatedHeader" and i.edition == number][-1] == (line,)


@pytest.mark.parametrize(
    ("number", "heading", "line"), [("002", "## Core Cities", 85), ("001", "Major cities", 1), ("004", "Member", 3)]
)
def test_a_heading_that_is_gone_is_refused(seeds, number, heading, line):
    copy = Copy(seeds, number)
    assert copy.lines[line - 1].startswith(heading)
    full, copy.lines[line - 1] = copy.lines[line - 1], ""
    assert f"{number}.txt:0 the heading {full!r} is not there" in copy.refuse()


# a sixth document


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        (
            "tab-separated",
            f"Sixth\n{TABLE_HEADER}\nChiba\tKashiwa City\t(1) A Division (2) B Office\t\t(1) a@x.jp (2) b@x.jp\t\n",
        ),
        (
            "tab-separated-html",
            f"Sixth\n{TABLE_HEADER}\nChiba\tKashiwa City\t<b>1)</b> A Division 2) B Office\t\t"
            '<a href="mailto:a@x.jp">a@x.jp</a> b@x.jp\t\n',
        ),
        ("flattened", "Sixth\nThe Header\nKashiwa City (1) A Division\n(2) B Office a@x\n"),
    ],
)
def test_a_sixth_document_is_a_file_and_a_catalogue_entry(facts, seeds, layout, text):
    (seeds / "005.txt").write_text(text, encoding="utf-8")
    catalogue = seeds / "catalogue.toml"
    header = 'header = "The Header"' if layout == "flattened" else ""
    entry = SIXTH.format(layout=layout, header=header)
    catalogue.write_text(catalogue.read_text(encoding="utf-8") + entry, encoding="utf-8")
    now = read_seeds(seeds)
    (listing,) = (li for li in now.listings if li.edition.number == "005")
    assert [b.name for b in listing.bodies] == ["A Division", "B Office"]
    assert list_emails(listing) == ([[], [], []] if layout == "flattened" else [[], ["a@x.jp"], ["b@x.jp"]])
    assert now.catalogue.get_current_editions()["CoreCity"] == "005"
    assert [show_listings(now, e) for e in ("000", "002", "003")] == [show_listings(facts, e) for e in ("000", "002", "003")]


def test_a_sixth_document_without_a_catalogue_entry_is_refused(seeds):
    (seeds / "005.txt").write_text("x", encoding="utf-8")
    assert show_problems(find_problems(seeds)) == ["005.txt:0 is in no entry of the catalogue"]


# decisions that no longer fit


@pytest.mark.parametrize("line", [77, 126, 139, 160, 164])
def test_a_line_that_changed_under_a_decision_is_refused(seeds, line):
    copy = Copy(seeds, "002")
    copy.lines[line - 1] = (
        copy.lines[line - 1].replace("City", "city").replace("town", "Town").replace("Takamatsushi", "Takamatsu")
    )
    problems = copy.refuse()
    assert any("is not the line that the decision was made for" in p and f"002.txt:{line}" in p for p in problems)


def test_a_line_that_moved_under_a_decision_is_refused(seeds):
    copy = Copy(seeds, "003")
    copy.lines.insert(3, "")
    problems = find_problems(copy.write())
    moved = [p for p in problems if p.file.endswith("curation.toml") and p.message.startswith("003.txt:")]
    assert len(moved) == len(
        [
            line
            for line in (seeds / "curation.toml").read_text(encoding="utf-8").split("[[entry]]")[1:]
            if line.startswith('\ndocument = "003"')
        ]
    )
    assert all("correct the number" in p.remedy for p in moved)


def test_evidence_that_is_gone_is_refused(seeds):
    copy = Copy(seeds, "001")
    copy.lines[72] = "Fukui Prefecture"
    assert any("the evidence 'Osaka Prefecture' is not in 001.txt:73" in p for p in copy.refuse())


# files


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "0 is empty"),
        (b"\n\n", "0 is empty"),
        (b"a\n\xe3\x81", "2 is not UTF-8"),
        (b"a\x00", "1 invisible or broken character U+0000"),
    ],
)
def test_a_file_that_is_no_text_is_refused(copy, content, problem):
    copy.path.write_bytes(content)
    assert f"{copy.number}.txt:{problem}" in show_problems(find_problems(copy.seeds))


def test_a_part_of_a_file_is_refused(copy):
    """Wherever it is cut: decisions no longer fit, headings are gone, or a listing lacks its end."""
    content = copy.path.read_bytes()
    for part in (0, 3, 21, 48, 77):
        copy.path.write_bytes(content[: len(content) * part // 100])
        problems = collect_problems(lambda: read_seeds(copy.seeds))
        if copy.number in ("002", "003", "004") or part == 0:
            assert show_problems(problems), part
        assert all(p.message for p in problems)


# hostile lines

HOSTILE = [
    "a",
    "A-",
    "(",
    "((a)",
    "(1) ",
    "【",
    "・ ",
    "*a",
    "@",
    "a@b.jp ",
    "<a ",
    "&",
    "http://a.jp/(",
    "財団法人",
    "City of ",
    "-gun ",
    "nn",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_line_of_a_hundred_kilobytes_is_read_or_refused_in_time(tmp_path, piece):
    text = piece * (100_000 // len(piece.encode()))
    started = time.monotonic()
    for index, read in enumerate(
        (
            lambda folder: read_rows(folder, make_row(text, text, text, text)),
            lambda folder: read_rows(folder, make_row(text, text, text, text), html=True),
            lambda folder: read_rows(folder, make_row(place=text, prefecture=text)),
            lambda folder: read_lines(folder, f"Kashiwa City International Division {text}"),
        )
    ):
        collect_problems(lambda read=read, index=index: read(tmp_path / str(index)))
    assert time.monotonic() - started < 20


def test_nothing_of_a_row_is_absorbed(tmp_path):
    """Rubbish in every cell at once: all of it is in an issue, none of it in a fact."""
    facts = read_rows(tmp_path, make_row(url="rubbish-u", email="rubbish-e", classes="rubbish-c"))
    assert [(i.kind, i.verbatim) for i in facts.issues] == [("UnreadableValue", f"rubbish-{c}") for c in "uec"]
    assert list_bodies(facts) == [("Kashiwa City", ["International Division"])]
