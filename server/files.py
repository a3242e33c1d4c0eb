"""The release's files as they are: the source documents, byte for byte, and the dumps with their checksums."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from lod.codings import CODINGS, GZIP, Coding
from lod.release import CHECKSUMS, MANIFEST, read_checksums
from lod.release_files import read_files
from server.compression import choose_coding
from server.dataset import Dataset
from server.exchange import HttpResponse
from server.pages.dump_list import group_dumps, write_dump_list
from server.pages.dump_page import make_dump_page
from server.pages.source_page import find_document, prefers_page, render_document
from server.representations import DATASETS, GRAPHS, HTML, PLAIN_JSON, choose_offer, is_negotiated

_TEXT = "text/plain; charset=utf-8"
_DESCRIPTION = "-metadata.json"  # of a table, behind its name
_RELEASE = "release"
_PACKED = {f".{coding.suffix}" for coding in CODINGS}
_KNOWN = {
    **{f".{r.suffix}": (r.label, r.content_type) for r in (*GRAPHS, *DATASETS)},
    ".json": ("JSON", "application/json"),
    ".rq": ("SPARQL", "application/sparql-query"),
}
_JAPANESE = re.compile("[\u3041-\u30fa\u4e00-\u9fff]")


class FileResponse(Response):
    """A response whose body is a file that nobody has read yet: who sends it reads it."""

    def __init__(self, path: Path, content_type: str, digest: str, coding: str | None = None) -> None:
        super().__init__(content_type=content_type)
        self.path = str(path)
        self.content_length = path.stat().st_size
        self.set_etag(f"{digest}-{coding}" if coding else digest)
        if coding:
            self.content_encoding = coding


@dataclass(frozen=True)
class CodedFile:
    """One file of the release in a content coding."""

    coding: Coding
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Dump:
    """One file of the release: of which family (`current`, `tables`, …), and how many triples or rows it has, if any."""

    name: str
    size: int
    sha256: str
    format: str
    content_type: str
    coded: tuple[CodedFile, ...]
    part: str = ""
    triples: int | None = None
    rows: int | None = None


def make_file_routes(dataset: Dataset) -> Blueprint:
    """The routes of the files; only what the release lists can be asked for."""
    routes = Blueprint("files", __name__)
    folder = dataset.release.path
    digests = read_checksums(folder)
    dumps = {dump.name: dump for dump in list_dumps(dataset)}
    documents = [file for file in digests if file.startswith("source/") and file.endswith(".txt")]
    languages = {file: list_languages(dataset.release.read_bytes(file).decode()) for file in documents}
    find_groups = cache(lambda: group_dumps(dataset, dumps.values()))  # which reads what the metadata of tables say
    render_list = make_dump_page(dataset, dumps.values(), find_groups)

    @routes.get("/source/<name>")
    def show_source(name: str) -> Response:
        """The text under its own address; under the one without suffix that or the page, as Accept asks."""
        file = f"source/{name}"
        if file in languages:
            return _send_document(file)
        plain, edition = f"{file}.txt", find_document(dataset, name)
        if edition and (plain not in languages or prefers_page()):
            return render_document(dataset, edition)
        if plain not in languages:
            raise NotFound(f"There is no document {name} in this release.")
        response = _send_document(plain)
        response.vary.add("Accept")
        response.headers["Content-Location"] = f"{request.script_root}/{plain}"
        return response

    @routes.get("/dumps")
    def redirect_to_list() -> BaseResponse:
        """To a path: what werkzeug makes by itself names the host that the client claims to ask."""
        return redirect(url_for("files.list_files"), 308)

    @routes.get("/dumps/")
    def list_files() -> Response:
        """The page, or the same facts as JSON, as `?format=` or Accept asks."""
        chosen = choose_offer(request.args.get("format", ""), request.headers.get("Accept"), (HTML, PLAIN_JSON))
        body = write_dump_list(dataset, find_groups()) if chosen == PLAIN_JSON else render_list()
        response = Response(body, content_type=chosen.content_type)
        if is_negotiated(request, None):
            response.vary.add("Accept")
        return response

    @routes.get("/dumps/<path:name>")
    def show_dump(name: str) -> Response:
        """Any file that SHA256SUMS lists, under the name that it has there."""
        if name == CHECKSUMS:
            return Response(dataset.release.read_bytes(CHECKSUMS), content_type=_TEXT)
        coding = next((c for c in CODINGS if name.endswith(f".{c.suffix}") and name not in dumps), None)
        if name not in digests:
            raise NotFound(f"There is no dump {name} in this release: /dumps/ lists all.")
        if coding:
            return FileResponse(folder / name, coding.media_type, digests[name])
        content_type = dumps[name].content_type if name in dumps else _find_type(name)
        response = send_negotiated(folder, name, content_type, digests)
        if f"{name}{_DESCRIPTION}" in dumps:  # Tabular Data Model, section 5.2
            target = f"<{request.script_root}/dumps/{name}{_DESCRIPTION}>"
            response.headers.add("Link", f'{target}; rel="describedby"; type="{dumps[name + _DESCRIPTION].content_type}"')
        return response

    def _send_document(file: str) -> Response:
        response = send_negotiated(folder, file, _TEXT, digests)
        response.content_language.update(languages[file])
        return response

    return routes


def send_negotiated(folder: Path, file: str, content_type: str, digests: Mapping[str, str]) -> FileResponse:
    """The file, or the same file coded when the release was written, as Accept-Encoding asks; raises OSError."""
    offers = {c.name: f"{file}.{c.suffix}" for c in CODINGS if f"{file}.{c.suffix}" in digests}
    coding = choose_coding(request.headers.get("Accept-Encoding"), tuple(offers))
    sent = offers[coding] if coding else file
    response = FileResponse(folder / sent, content_type, digests[sent], coding)
    if offers:
        response.vary.add("Accept-Encoding")
    return response


def list_languages(document: str) -> list[str]:
    """The languages of a document: the lists are in English, and some print Japanese names."""
    return ["en", "ja"] if _JAPANESE.search(document) else ["en"]


def read_span(response: HttpResponse) -> bytes:
    """The bytes of its file that a response sends."""
    assert response.file is not None
    with Path(response.file).open("rb") as file:
        file.seek(response.start)
        return file.read(-1 if response.end is None else response.end - response.start)


def list_dumps(dataset: Dataset) -> tuple[Dump, ...]:
    """The files at the top of the release, in the order of their names, each with its coded forms."""
    return dataset.keep(_read_dumps)


def _read_dumps(dataset: Dataset) -> tuple[Dump, ...]:
    described = {file.name: file for file in read_files(dataset.release.manifest) if not file.coding}
    of_release = None if dataset.release.is_foreign else sum(1 for _ in dataset.quads(graph=dataset.iris.graph(_RELEASE)))
    folder = dataset.release.path
    digests = read_checksums(folder)
    given = dataset.release.manifest.get("data", ())  # files in the place of a release, some of which came compressed
    dumps = []
    for name, digest in sorted(digests.items()):
        stem, suffix = Path(name).stem, Path(name).suffix
        if "/" in name or (name not in given and suffix in _PACKED):
            continue
        size = (folder / name).stat().st_size
        coded = _list_coded(folder, name, digests)
        if name in described:
            file = described[name]
            content_type = _complete_type(file.media_type)
            dumps.append(Dump(name, size, digest, file.format, content_type, coded, file.part, file.triples, file.rows))
        elif suffix == f".{GZIP.suffix}":
            label = f"{_KNOWN[Path(stem).suffix][0]}, {GZIP.name}"
            dumps.append(Dump(name, size, digest, label, GZIP.media_type, ()))
        elif suffix in _KNOWN:
            label, content_type = ("Manifest", _KNOWN[suffix][1]) if name == MANIFEST else _KNOWN[suffix]
            own = stem == _RELEASE and not given
            dumps.append(Dump(name, size, digest, label, content_type, coded, stem if own else "", of_release if own else None))
    return tuple(dumps)


def _complete_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _find_type(name: str) -> str:
    """The type of a file that is no dump: a document, or part of the vocabulary."""
    return _KNOWN.get(Path(name).suffix, ("", _TEXT))[1]


def _list_coded(folder: Path, name: str, digests: Mapping[str, str]) -> tuple[CodedFile, ...]:
    coded = {f"{name}.{coding.suffix}": coding for coding in CODINGS}
    return tuple(CodedFile(c, f, (folder / f).stat().st_size, digests[f]) for f, c in coded.items() if f in digests)
