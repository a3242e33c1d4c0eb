"""The release's files as they are: the source documents, byte for byte, and the dumps with their checksums."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, send_file
from werkzeug.exceptions import NotFound

from lod.formats import DUMP_FORMATS
from lod.release import CHECKSUMS, MANIFEST, read_checksums
from server.dataset import Dataset

_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Dump:
    """One file of the release."""

    name: str
    size: int
    sha256: str
    format: str
    content_type: str


def make_file_routes(dataset: Dataset) -> Blueprint:
    """The routes of the files; only what the release lists can be asked for."""
    routes = Blueprint("files", __name__)
    folder = dataset.release.path
    digests = read_checksums(folder)
    dumps = {dump.name: dump for dump in list_dumps(dataset)}

    @routes.get("/source/<name>")
    def show_source(name: str) -> Response:
        file = f"source/{name}"
        if file not in digests:
            raise NotFound(f"There is no document {name} in this release.")
        return _send(file, _TEXT, digests[file])

    @routes.get("/dumps/")
    def list_files() -> str:
        return render_template("dumps.html", dumps=dumps.values(), release=dataset.release)

    @routes.get("/dumps/<name>")
    def show_dump(name: str) -> Response:
        if name == CHECKSUMS:
            return send_file(folder / CHECKSUMS, mimetype="text/plain", conditional=True)
        if name not in dumps:
            raise NotFound(f"There is no dump {name} in this release: /dumps/ lists all.")
        return _send(name, dumps[name].content_type, dumps[name].sha256)

    def _send(file: str, content_type: str, digest: str) -> Response:
        response = send_file(folder / file, mimetype=content_type, conditional=True, etag=digest)
        response.headers["Content-Type"] = content_type
        return response

    return routes


def list_dumps(dataset: Dataset) -> list[Dump]:
    """The files at the top of the release, in the order of their names."""
    known = {f".{f.suffix}": (f.label, f"{f.media_type}; charset=utf-8") for f in DUMP_FORMATS}
    known[".json"] = ("JSON", "application/json")
    dumps = []
    for name, digest in sorted(read_checksums(dataset.release.path).items()):
        path = dataset.release.path / name
        if "/" not in name and path.suffix in known:
            label, content_type = known[path.suffix]
            dumps.append(Dump(name, path.stat().st_size, digest, "Manifest" if name == MANIFEST else label, content_type))
    return dumps
