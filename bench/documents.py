"""The documents about entities: asked of our server in each format, and of nginx as files with the same bytes."""

from __future__ import annotations

import http.client
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from bench.answers import Comparison
from bench.client import Client, NoReply
from bench.datasets import SEED, Dataset
from bench.load import Sample, Template
from bench.servers import NGINX, OURS, Server

_DOCUMENTS = 200  # about as many as people ask for
_UNSEEN = 250  # documents of a round that nobody has asked for before

_CONFIGURATION = """daemon off;
{user}worker_processes auto;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  keepalive_timeout 600;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  charset utf-8;
  charset_types text/html text/turtle;
  types {{ {types} }}
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


@dataclass(frozen=True)
class DocumentFormat:
    """A form of a document."""

    suffix: str
    media_type: str


FORMATS = (
    DocumentFormat("html", "text/html"),
    DocumentFormat("ttl", "text/turtle"),
    DocumentFormat("jsonld", "application/ld+json"),
    DocumentFormat("nt", "application/n-triples"),
    DocumentFormat("rdf", "application/rdf+xml"),
)

Documents = Mapping[tuple[str, str], bytes]
"""The bytes of documents by path and suffix."""


class Nginx(Server):
    """nginx with a file for each form of each document, named by its suffix."""

    name = NGINX

    def write_files(self, documents: Documents) -> None:
        """Writes the files that it serves."""
        for (path, suffix), body in documents.items():
            file = self.folder / "files" / f"{path.lstrip('/')}.{suffix}"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)

    def make_command(self) -> Sequence[str]:
        types = " ".join(f"{f.media_type} {f.suffix};" for f in FORMATS)
        user = "user root;\n" if self.folder.owner() == "root" else ""  # else its workers cannot read a private folder
        file = self.folder / "nginx.conf"
        file.write_text(_CONFIGURATION.format(folder=self.folder, port=self.port, types=types, user=user), encoding="ascii")
        return ["nginx", "-e", "stderr", "-p", str(self.folder), "-c", str(file)]

    def make_probe(self) -> tuple[str, str, bytes]:
        file = next((self.folder / "files").rglob("*.nt"))
        return f"/{file.relative_to(self.folder / 'files')}", "*/*", file.read_bytes()


def choose_documents(dataset: Dataset) -> list[str]:
    """The paths of the documents that are asked for again and again: governments first, then areas."""
    governments = [f"/doc/gov/{code}" for code in dataset.subjects["government"]]
    areas = [f"/doc/area/{code}" for code in dataset.subjects["area"]]
    half = _DOCUMENTS // 2
    return [*governments[:half], *areas[: _DOCUMENTS - len(governments[:half])]]


def make_document_template(paths: Sequence[str], form: DocumentFormat, *, by_suffix: bool) -> Template:
    """Requests for documents in one form: as files by suffix, else by the Accept header."""
    suffix = f".{form.suffix}" if by_suffix else ""
    return Template(f"SUBJECT{suffix}", form.media_type, tuple(paths))


def fetch_documents(port: int, paths: Sequence[str]) -> Documents:
    """Every form of the documents from our server; raises NoReply."""
    found = {}
    with Client(port, timeout=60) as client:
        for path in paths:
            for form in FORMATS:
                reply = client.get(path, form.media_type)
                if reply.status != http.client.OK or reply.content_type != form.media_type:
                    raise NoReply(f"{path} as {form.media_type}: status {reply.status}, {reply.content_type}")
                found[path, form.suffix] = reply.body
    return found


def compare_files(nginx: Nginx) -> Comparison:
    """Whether nginx serves the bytes that our server gave; raises NoReply."""
    with Client(nginx.port, timeout=60) as client:
        files = [file for file in (nginx.folder / "files").rglob("*") if file.is_file()]
        others = [f for f in files if client.get(f"/{f.relative_to(nginx.folder / 'files')}", "*/*").body != f.read_bytes()]
    if not others:
        return Comparison("documents", (((OURS, NGINX), f"{len(files)} files"),), "")
    return Comparison("documents", (((OURS,), f"{len(files)} files"), ((NGINX,), f"{len(others)} files of other bytes")), "")


def list_unseen(dataset: Dataset, rounds: int) -> list[list[str]]:
    """For each round other documents, none of which was asked for before."""
    seen = set(choose_documents(dataset))
    unseen = [path for code in dataset.subjects["area"] if (path := f"/doc/area/{code}") not in seen]
    random.Random(SEED).shuffle(unseen)  # noqa: S311 — not for secrets
    return [unseen[k * _UNSEEN : (k + 1) * _UNSEEN] for k in range(rounds)]


def ask_unseen(port: int, paths: Sequence[str], form: DocumentFormat) -> Sample:
    """Asks for documents one after another, each for the first time; raises NoReply."""
    with Client(port, timeout=60) as client:
        replies = [client.get(path, form.media_type) for path in paths]
    seconds = [reply.seconds for reply in replies]
    failed = sum(reply.status != http.client.OK for reply in replies)
    p99 = quantiles(seconds, n=100)[98]
    return Sample(len(seconds) / sum(seconds), median(seconds), p99, len(seconds), failed, is_loaded=False)
