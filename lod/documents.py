"""The documents as published: their bytes, and their lines verbatim."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from lod.catalogue import Catalogue, Edition
from lod.errors import Problem, SeedsError

# Control characters, format characters (zero width, direction), separators of lines, and what no character is.
_UNWANTED = {"Cc", "Cf", "Zl", "Zp", "Cn", "Co", "Cs"}


@dataclass(frozen=True)
class Document:
    """An edition with its content; `lines[0]` is line 1, without its line feed."""

    edition: Edition
    path: Path
    content: bytes
    lines: tuple[str, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def get_line(self, number: int) -> str:
        return self.lines[number - 1]


def read_document(edition: Edition, path: Path) -> Document:
    """Reads one document; raises SeedsError where there is none, it is no UTF-8 or it holds signs that nobody sees."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SeedsError([Problem(str(path), 0, f"cannot be read: {error.strerror}", "put the document there")]) from None
    try:
        text = content.decode("utf-8-sig")  # a byte order mark is no part of the text
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SeedsError([Problem(str(path), line, "is not UTF-8", "convert the document to UTF-8")]) from None
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()  # the line feed that ends the last line starts no other
    problems = [
        Problem(str(path), number, f"invisible or broken character U+{ord(c):04X}", "remove it")
        for number, line in enumerate(lines, 1)
        for c in sorted(set(line.removesuffix("\r")))
        if c != "\t" and (unicodedata.category(c) in _UNWANTED or c == "\ufffd")
    ]
    if not any(line.strip() for line in lines):
        problems.append(Problem(str(path), 0, "is empty", "put the document there"))
    if problems:
        raise SeedsError(problems)
    return Document(edition, path, content, tuple(line.removesuffix("\r") for line in lines))


def read_documents(catalogue: Catalogue, folder: Path) -> tuple[list[Document], list[Problem]]:
    """The documents of the catalogue that can be read, and the problems of those that cannot, or that it does not list."""
    documents = []
    problems: list[Problem] = []
    for edition in catalogue.editions:
        try:
            documents.append(read_document(edition, folder / edition.file))
        except SeedsError as error:
            problems += error.problems
    known = {e.file for e in catalogue.editions}
    problems += [
        Problem(str(path), 0, "is in no entry of the catalogue", "add an [[edition]] to catalogue.toml or remove the file")
        for path in sorted(folder.glob("*.txt"))
        if path.name not in known
    ]
    return documents, problems
