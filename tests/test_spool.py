"""A result is counted, checked and passed on while it is written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest
from pyoxigraph import Store
from werkzeug.exceptions import NotAcceptable, UnprocessableEntity

from server.configuration import QueryLimits
from server.representations import Representation
from server.results import DOWNLOADS, JSON, ROW_OFFERS, XML, write_rows
from server.spool import BLOCK, Spool

LIMITS = QueryLimits()
# What looks like the marks of rows, in terms and in names of variables.
HOSTILE = (r"},{\"x\":{\"type\":\"", "}},{", r"<result>\n\r\n", "{}", ":{", r"\\", "課")


def ask(rows: Iterable[str], variables: str = "?x"):
    return Store().query(f"SELECT * {{ VALUES ({variables}) {{ {' '.join(rows)} }} }}")


def write(result, chosen: Representation, limits: QueryLimits) -> tuple[list[bytes], bytes, Spool]:
    blocks: list[bytes] = []
    spool = write_rows(result, chosen, limits, blocks.append)
    return blocks, spool.finish(), spool


@pytest.mark.parametrize("chosen", DOWNLOADS, ids=lambda r: r.name)
@pytest.mark.parametrize(
    ("variables", "row"),
    [
        ("?x", '("a")'),
        ("?x ?y", "(UNDEF UNDEF)"),
        ("?x ?y", "(UNDEF 1)"),
        ("?x", "(<<( <a:a> <a:b> 1 )>>)"),
        *(("?x", f'("{text}")') for text in HOSTILE),
        *(("?x ?type", f'("{text}" "{text}")') for text in HOSTILE),
    ],
)
def test_as_many_rows_as_the_limit_pass_and_one_more_does_not(chosen: Representation, variables: str, row: str) -> None:
    for count in (1, 100):
        limits = replace(LIMITS, rows=count)
        blocks, rest, _ = write(ask([row] * count, variables), chosen, limits)
        assert not blocks
        assert rest
        with pytest.raises(UnprocessableEntity, match=rf"more than {count} rows"):
            write(ask([row] * (count + 1), variables), chosen, limits)


@pytest.mark.parametrize("chosen", DOWNLOADS, ids=lambda r: r.name)
def test_blocks_and_rest_are_the_whole_result_and_rows_count_across_blocks(chosen: Representation) -> None:
    rows = [f'("{n} {"課" * (n % 50)}" <http://example.org/{n}>)' for n in range(9000)]
    blocks, rest, spool = write(ask(rows, "?a ?b"), chosen, replace(LIMITS, rows=9000))
    assert len(blocks) > 2
    assert {BLOCK // 2 < len(block) < 2 * BLOCK for block in blocks} == {True}
    whole = b"".join((*blocks, rest))
    large: list[bytes] = []
    again = write_rows(ask(rows, "?a ?b"), chosen, LIMITS, large.append)
    assert whole == b"".join((*large, again.finish()))
    assert spool.tag("a/b") == again.tag("a/b")
    if chosen == JSON:
        assert len(json.loads(whole)["results"]["bindings"]) == 9000
    with pytest.raises(UnprocessableEntity, match="8,999 rows"):
        write(ask(rows, "?a ?b"), chosen, replace(LIMITS, rows=8999))


@pytest.mark.parametrize("chosen", DOWNLOADS, ids=lambda r: r.name)
def test_a_result_that_is_too_large_is_refused_whole(chosen: Representation) -> None:
    rows = [f'("{"a" * 1000}")'] * 2000
    with pytest.raises(UnprocessableEntity, match="larger than 1,000,000 bytes"):
        write(ask(rows), chosen, replace(LIMITS, result=1_000_000))


def test_tags_differ_by_content_and_by_type() -> None:
    tags = set()
    for text in ('("a")', '("b")'):
        for chosen in ROW_OFFERS[:-1]:
            _, _, spool = write(ask([text]), chosen, LIMITS)
            tags.add(spool.tag(chosen.media_type))
    assert len(tags) == 2 * len(ROW_OFFERS[:-1])


@pytest.mark.parametrize("before", [0, 20_000])
def test_what_xml_cannot_say_is_refused_wherever_it_stands(before: int) -> None:
    rows = ['("a")'] * before + ['("\\u0001")']
    with pytest.raises(NotAcceptable, match="cannot be said in XML"):
        write(ask(rows), XML, LIMITS)
