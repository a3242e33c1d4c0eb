"""The page of the dumps: tables first, every file once, sizes that people read."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from hashlib import sha256

import pyarrow.parquet as pq
import pytest
import zstandard
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from test_pages import Outline

from lod.release import Release, read_checksums
from server.pages.dump_page import write_size

HTML = {"Accept": "text/html"}
READERS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".rdf": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
DECODERS = {"gzip": gzip.decompress, "zstd": zstandard.ZstdDecompressor().decompress}


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (1499, "1.5 kB"),
        (99_499, "99 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (12_052_754, "12 MB"),
        (5_000_000_000, "5.0 GB"),
        (7_000_000_000_000_000, "7000 TB"),
    ],
)
def test_sizes_are_written_as_people_say_them(size: int, written: str) -> None:
    assert write_size(size) == written


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_file_of_the_release_is_linked_once_with_its_exact_size(
    client: FlaskClient, release: Release, language: str
) -> None:
    text = client.get("/dumps/", headers={**HTML, "Accept-Language": language}).text
    page = Outline()
    page.feed(text)
    files = {f"/dumps/{name}" for name in read_checksums(release.path) if "/" not in name} | {"/dumps/SHA256SUMS"}
    linked = Counter(a for a in page.addresses if a.startswith("/dumps/") and a not in ("/dumps/", "/dumps/?format=json"))
    assert linked == dict.fromkeys(files, 1)
    size = (release.path / "all.nq").stat().st_size
    assert f'title="{size:,} ' in text
    assert page.mistakes == []


def test_tables_come_first_each_with_its_rows_and_columns(client: FlaskClient) -> None:
    for language, rows in (("en", "155 rows"), ("ja", "155行")):
        text = client.get("/dumps/", headers={**HTML, "Accept-Language": language}).text
        page = Outline()
        page.feed(text)
        assert page.mistakes == []
        addresses = [a for a in page.addresses if a.startswith("/dumps/") and a != "/dumps/"]
        assert addresses[0] == "/dumps/listings-current.csv"
        assert addresses.index("/dumps/places.parquet") < addresses.index("/dumps/current.ttl")
        assert rows in text
        assert '<code translate="no">prefecture_ja</code>' in text


def count_statements(name: str, content: bytes) -> int:
    """The statements that a file holds, by its own reader."""
    form = next(f for suffix, f in READERS.items() if name.endswith(suffix))
    return sum(1 for _ in parse(content, format=form))


def count_rows(name: str, content: bytes) -> int:
    """The rows of a table."""
    if name.endswith(".parquet"):
        return pq.read_metadata(io.BytesIO(content)).num_rows
    if name.endswith(".jsonl"):
        return content.count(b"\n")
    return sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) - 1


def list_claims(client: FlaskClient) -> dict[str, dict[str, object]]:
    """What the list for programs says of each file."""
    facts = client.get("/dumps/", headers={"Accept": "application/json"}).get_json()
    groups = [*facts["tables"], *facts["data"], {"files": facts["other"]}]
    return {file["name"]: file for group in groups for file in group["files"]}


def test_every_claim_about_a_file_is_true(client: FlaskClient, release: Release) -> None:
    claims = list_claims(client)
    plain = {n for n in read_checksums(release.path) if "/" not in n and not n.endswith((".gz", ".zst"))}
    assert claims.keys() == plain
    page = client.get("/dumps/", headers=HTML).text
    for name, claim in claims.items():
        content = client.get(f"/dumps/{name}", headers={"Accept-Encoding": "identity"}, buffered=True).data
        assert (claim["size"], claim["sha256"]) == (len(content), sha256(content).hexdigest()), name
        assert f'title="{len(content):,} ' in page, name
        assert f'<dt>{name}</dt><dd><code class="digest">{claim["sha256"]}</code>' in page
        assert claim["address"] == f"http://localhost:8000/releases/{release.id}/{name}"
        if "rows" in claim:
            assert claim["rows"] == count_rows(name, content), name
        for packed in claim["compressed"]:
            coded = client.get(f"/dumps/{packed['name']}", buffered=True).data
            assert (packed["size"], packed["sha256"]) == (len(coded), sha256(coded).hexdigest()), packed["name"]
            assert DECODERS[packed["coding"]](coded) == content


@pytest.mark.parametrize("names", [(".nt", "all.nq", "release.nq"), (".ttl", ".rdf", ".trig", "catalog.jsonld")])
def test_every_count_of_triples_is_true(client: FlaskClient, names: tuple[str, ...]) -> None:
    """In all formats for the small graphs, in the quickest for those of ten thousands of triples."""
    large = ("current", "reference", "all")
    counted = 0
    for name, claim in list_claims(client).items():
        if "triples" in claim and name.endswith(names) and (names[0] == ".nt" or not name.startswith(large)):
            content = client.get(f"/dumps/{name}", headers={"Accept-Encoding": "identity"}, buffered=True).data
            assert claim["triples"] == count_statements(name, content), name
            counted += 1
    assert counted > 8


def test_every_canonical_hash_is_that_of_the_canonical_n_quads(client: FlaskClient, release: Release) -> None:
    """Without blank nodes the canonical form is the sorted lines of the N-Triples (RDFC-1.0, section 5)."""
    facts = client.get("/dumps/?format=json").get_json()
    page = client.get("/dumps/", headers=HTML).text
    assert facts["graphs"].keys() == release.manifest["graphs"].keys()
    for group in facts["data"]:
        if "canonical_hash" in group:
            content = client.get(f"/dumps/{group['part']}.nt", headers={"Accept-Encoding": "identity"}, buffered=True).data
            lines = sorted(content.splitlines(keepends=True))
            assert not any(line.startswith(b"_:") for line in lines)
            assert group["canonical_hash"] == sha256(b"".join(lines)).hexdigest(), group["part"]
            assert group["triples"] == len(lines)
            assert f'<code class="digest">{group["canonical_hash"]}</code>' in page
    assert {g["part"] for g in facts["data"] if "canonical_hash" not in g} == {"all", "release"}


def test_the_list_for_programs_is_negotiated(client: FlaskClient) -> None:
    page = client.get("/dumps/", headers=HTML)
    assert page.mimetype == "text/html"
    assert "Accept" in page.vary
    data = client.get("/dumps/", headers={"Accept": "application/json"})
    assert data.mimetype == "application/json"
    assert data.data == client.get("/dumps/?format=json").data
    assert client.get("/dumps/?format=xyz").status_code == 400
    assert client.get("/dumps/", headers={"Accept": "image/png"}).status_code == 406
    assert 'href="/dumps/?format=json"' in page.text
