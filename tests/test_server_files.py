"""Dumps and documents over HTTP: the files themselves, coded or not, whole or in parts."""

from __future__ import annotations

import gzip
import hashlib

import pytest
import zstandard
from flask.testing import FlaskClient

from lod.release import Release, read_checksums

SENT = (
    "dumps/all.nq",
    "dumps/all.trig",
    "dumps/current.jsonld",
    "dumps/edition-002.ttl",
    "dumps/report.ttl",
    "dumps/manifest.json",
    "source/002.txt",
)


@pytest.mark.parametrize("address", SENT)
@pytest.mark.parametrize(("coding", "suffix"), [("gzip", "gz"), ("zstd", "zst")])
def test_a_coded_file_is_sent_to_who_takes_it(
    client: FlaskClient, release: Release, address: str, coding: str, suffix: str
) -> None:
    name = address.removeprefix("dumps/")
    plain = client.get(f"/{address}", buffered=True)
    coded = client.get(f"/{address}", headers={"Accept-Encoding": coding}, buffered=True)
    assert coded.data == release.read_bytes(f"{name}.{suffix}")
    assert coded.headers["Content-Encoding"] == coding
    assert coded.headers["Content-Type"] == plain.headers["Content-Type"]
    digests = read_checksums(release.path)
    assert plain.headers["ETag"] == f'"{digests[name]}"'
    assert coded.headers["ETag"] == f'"{digests[f"{name}.{suffix}"]}-{coding}"'
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in coded.vary


@pytest.mark.parametrize(
    ("suffix", "media_type", "decode"),
    [
        ("gz", "application/gzip", gzip.decompress),
        ("zst", "application/zstd", lambda b: zstandard.ZstdDecompressor().decompress(b)),
    ],
)
def test_coded_dumps_can_be_downloaded_as_they_are(client: FlaskClient, release: Release, suffix, media_type, decode) -> None:
    for accepted in ("identity", "gzip, zstd"):
        response = client.get(f"/dumps/current.ttl.{suffix}", headers={"Accept-Encoding": accepted}, buffered=True)
        assert response.headers["Content-Type"] == media_type
        assert "Content-Encoding" not in response.headers
        assert decode(response.data) == release.read_bytes("current.ttl")


def test_a_download_that_broke_off_goes_on_where_it_was(client: FlaskClient, release: Release) -> None:
    for accepted in ("identity", "gzip", "zstd"):
        asked = {"Accept-Encoding": accepted}
        whole = client.get("/dumps/current.nt", headers=asked, buffered=True)
        half = len(whole.data) // 2
        more = {"Range": f"bytes={half}-", "If-Range": whole.headers["ETag"]}
        rest = client.get("/dumps/current.nt", headers={**asked, **more}, buffered=True)
        assert rest.status_code == 206
        assert whole.data[:half] + rest.data == whole.data
        other = client.get("/dumps/current.nt", headers={**more, "Accept-Encoding": "br"}, buffered=True)
        assert other.status_code == (206 if accepted == "identity" else 200), "never a part of another coding"
        assert other.data == release.read_bytes("current.nt")[half if accepted == "identity" else 0 :]


def test_all_files_that_are_listed_are_served_and_are_what_the_checksums_say(client: FlaskClient, release: Release) -> None:
    for name, digest in read_checksums(release.path).items():
        response = client.get(f"/dumps/{name}", buffered=True)
        assert hashlib.sha256(response.data).hexdigest() == digest, name
        assert response.headers["ETag"] == f'"{digest}"'


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("listings.csv", "text/csv; charset=utf-8"),
        ("listings.excel.csv", "text/csv; charset=utf-8"),
        ("listings.jsonl", "application/jsonl"),
        ("listings.parquet", "application/vnd.apache.parquet"),
        ("listings.csv-metadata.json", "application/csvm+json"),
        ("listings.csv.gz", "application/gzip"),
        ("manifest.json", "application/json"),
        ("release.ttl", "text/turtle; charset=utf-8"),
        ("source/002.txt", "text/plain; charset=utf-8"),
        ("source/002.txt.zst", "application/zstd"),
        ("ontology/context.jsonld", "application/ld+json"),
        ("ontology/queries/emails.rq", "application/sparql-query"),
        ("SHA256SUMS", "text/plain; charset=utf-8"),
    ],
)
def test_each_kind_of_file_has_its_type(client: FlaskClient, name: str, content_type: str) -> None:
    assert client.get(f"/dumps/{name}", buffered=True).headers["Content-Type"] == content_type


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/../manifest.json",
        "/dumps/..%2fmanifest.json",
        "/dumps/..%2f..%2f.lock",
        "/dumps/%2e%2e/current",
        "/dumps//manifest.json",
        "/dumps/./all.nq",
        "/dumps/all.nq%00",
        "/dumps/all.nq%00.gz",
        "/dumps/all.nq.gz.gz",
        "/dumps/%FF",
        "/dumps/..%5cmanifest.json",
        "/dumps/source/..%2fmanifest.json",
        "/dumps/source/999.txt",
        "/dumps/source/",
        "/source/..%2f..%2f..%2fetc/passwd",
        "/source/..%2fmanifest.json",
        "/source/002.txt.gz",
        "/source/%00.txt",
        "/static/..%2fapp.py",
        "/static/../app.py",
        "/static/%00",
        "/static/",
        "/%00",
        "/%ff%fe",
        "/%",
        "/doc/%zz",
        "/id/%00",
        "/graph/%ff",
        "/ontology.%00",
        "//etc/passwd",
    ],
)
def test_nothing_but_what_is_listed_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path, buffered=True).status_code == 404
