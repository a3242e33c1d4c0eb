"""Documents: their lines verbatim, whatever the line ends; what cannot be a text is refused with its line."""

from __future__ import annotations

import hashlib

import pytest
from conftest import SEEDS
from small_seeds import show_problems

from lod.catalogue import read_catalogue
from lod.documents import read_document, read_documents
from lod.errors import SeedsError

EDITION = read_catalogue(SEEDS / "catalogue.toml").editions[4]


def read(tmp_path, content: bytes):
    path = tmp_path / "004.txt"
    path.write_bytes(content)
    return read_document(EDITION, path)


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"a\nb\n", ("a", "b")),
        (b"a\nb", ("a", "b")),
        (b"a\r\nb\r\n", ("a", "b")),
        (b"\xef\xbb\xbfa\nb", ("a", "b")),
        (b"\n\na\n\n", ("", "", "a", "")),
        (" a\u00a0\tb\u3000".encode(), (" a\u00a0\tb\u3000",)),
    ],
)
def test_lines_are_verbatim_without_their_ends(tmp_path, content, lines):
    assert read(tmp_path, content).lines == lines


def test_the_content_keeps_every_byte(tmp_path):
    content = b"\xef\xbb\xbfa\r\nb"
    document = read(tmp_path, content)
    assert document.content == content
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.get_line(2) == "b"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a\nb\xff", "004.txt:2 is not UTF-8"),
        (b"\xef\xbb\xbfa\n\n\xe3\x81", "004.txt:3 is not UTF-8"),
        ("a".encode("utf-16"), "004.txt:1 is not UTF-8"),
        (b"a\nb\x00c", "004.txt:2 invisible or broken character U+0000"),
        (b"a\rb\n", "004.txt:1 invisible or broken character U+000D"),
        ("a\u0085b".encode(), "004.txt:1 invisible or broken character U+0085"),
        ("a\u2028b".encode(), "004.txt:1 invisible or broken character U+2028"),
        ("a\n\u200bb".encode(), "004.txt:2 invisible or broken character U+200B"),
        ("a\ufeffb".encode(), "004.txt:1 invisible or broken character U+FEFF"),
        ("na\u00adme".encode(), "004.txt:1 invisible or broken character U+00AD"),
        ("a\u202eb".encode(), "004.txt:1 invisible or broken character U+202E"),
        ("a\ufffdb".encode(), "004.txt:1 invisible or broken character U+FFFD"),
        ("a\ue000b".encode(), "004.txt:1 invisible or broken character U+E000"),
        (b"", "004.txt:0 is empty"),
        (b"\n \t\n", "004.txt:0 is empty"),
        (b"\xef\xbb\xbf", "004.txt:0 is empty"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(tmp_path, content, problem):
    with pytest.raises(SeedsError) as refusal:
        read(tmp_path, content)
    assert show_problems(refusal.value.problems) == [problem]


def test_what_cannot_be_read_does_not_hide_the_rest(seeds):
    (seeds / "000.txt").write_bytes(b"\xff")
    (seeds / "003.txt").unlink()
    (seeds / "004.txt").unlink()
    (seeds / "004.txt").mkdir()
    (seeds / "009.txt").write_text("x", encoding="utf-8")
    documents, problems = read_documents(read_catalogue(seeds / "catalogue.toml"), seeds)
    assert [d.edition.number for d in documents] == ["001", "002"]
    assert show_problems(problems) == [
        "000.txt:1 is not UTF-8",
        "003.txt:0 cannot be read: No such file or directory",
        "004.txt:0 cannot be read: Is a directory",
        "009.txt:0 is in no entry of the catalogue",
    ]
