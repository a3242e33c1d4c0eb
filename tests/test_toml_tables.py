"""The TOML files of the seeds: what is asked for is there and of its kind, and nothing is left over."""

from __future__ import annotations

import pytest

from lod.errors import Refused, SeedsError
from lod.toml_tables import read_toml, refuse_rest, take_line, take_table, take_tables, take_text, take_texts


def test_taking_removes_what_was_read():
    entry = {"a": "x", "line": 3, "b": ["y"], "c": {"d": 1}, "e": [{"f": 2}]}
    taken = (take_text(entry, "a"), take_line(entry), take_texts(entry, "b"), take_table(entry, "c"), take_tables(entry, "e"))
    assert taken == ("x", 3, ("y",), {"d": 1}, [{"f": 2}])
    refuse_rest(entry)


def test_what_may_be_missing():
    assert (take_text({}, "a", ""), take_texts({}, "a"), take_table({}, "a"), take_tables({}, "a")) == ("", (), {}, [])


@pytest.mark.parametrize(
    ("take", "value", "message"),
    [
        (take_text, None, "a is missing"),
        (take_text, 3, "a is 3"),
        (take_texts, "xy", "a is 'xy'"),
        (take_texts, [1], "a is [1]"),
        (take_table, [1], "a is [1]"),
        (take_tables, {"b": 1}, "a is {'b': 1}"),
        (take_tables, ["b"], "a is ['b']"),
    ],
)
def test_what_is_of_another_kind_is_refused(take, value, message):
    with pytest.raises(Refused) as refusal:
        take({} if value is None else {"a": value}, "a")
    assert str(refusal.value) == message
    assert refusal.value.remedy


@pytest.mark.parametrize("line", [None, 0, -1, "3", 1.5, True])
def test_a_line_is_a_whole_number_from_1(line):
    with pytest.raises(Refused, match=r"^line is"):
        take_line({} if line is None else {"line": line})


def test_nothing_that_is_stated_goes_unread():
    with pytest.raises(Refused, match=r"^unknown a, b$"):
        refuse_rest({"b": 1, "a": 2})


@pytest.mark.parametrize("content", [b"a =", b"\xff", b"a = 1\na = 2"])
def test_a_file_that_is_no_toml_is_refused(tmp_path, content):
    (tmp_path / "x.toml").write_bytes(content)
    with pytest.raises(SeedsError, match="cannot be read"):
        read_toml(tmp_path / "x.toml")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(SeedsError, match="cannot be read"):
        read_toml(tmp_path / "x.toml")
