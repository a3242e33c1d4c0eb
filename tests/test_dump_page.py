"""The page of the dumps: tables first, every file once, sizes that people read."""

from __future__ import annotations

from collections import Counter

import pytest
from flask.testing import FlaskClient
from test_pages import Outline

from lod.release import Release, read_checksums
from server.pages.dump_page import write_size

HTML = {"Accept": "text/html"}


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
    linked = Counter(a for a in page.addresses if a.startswith("/dumps/") and a != "/dumps/")
    assert linked == dict.fromkeys(files, 1)
    size = (release.path / "all.nq").stat().st_size
    assert f'title="{size:,} ' in text
    assert page.mistakes == []


def test_tables_come_first_and_are_tables(client: FlaskClient, release: Release) -> None:
    page = Outline()
    page.feed(client.get("/dumps/", headers=HTML).text)
    tables = [a for a in page.addresses if "csv" in a and not a.startswith("/quality/")]
    assert {f"/graph/edition/{number}.csv" for number in release.manifest["editions"]} < set(tables)
    for address in tables:
        response = client.get(address)
        assert (response.status_code, response.mimetype) == (200, "text/csv")
        assert response.text.count("\r\n") > 5
    assert page.addresses.index(tables[0]) < page.addresses.index("/dumps/current.ttl")
