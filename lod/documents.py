"""The documents as published: their bytes, and their lines verbatim."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from lod.catalogue import Catalogue, Edition
from lod.errors import Problem, SeedsError


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
    """Reads one document; raises SeedsError where there is none or it is no UTF-8."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SeedsError([Problem(str(path), 0, f"cannot be read: {error.strerror}", "put the document there")]) from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SeedsError([Problem(str(path), line, "is not UTF-8", "convert the document to UTF-8")]) from None
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()  # the line feed that ends the last line starts no other
    problems = [
        Problem(str(path), number, f"control character U+{ord(c):04X}", "remove it")
        for number, line in enumerate(lines, 1)
        for c in sorted({c for c in line.removesuffix("\r") if (c < " " and c != "\t") or c == "\x7f"})
    ]
    if problems:
        raise SeedsError(problems)
    return Document(edition, path, content, tuple(line.removesuffix("\r") for line in lines))


def read_documents(catalogue: Catalogue, folder: Path) -> list[Document]:
    """Reads every document of the catalogue; raises SeedsError with the problems of all of them together."""
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
    if problems:
        raise SeedsError(problems)
    return documents
