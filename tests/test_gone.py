"""What an older release had and this one has not is 410, and says what replaced it or what it belonged to."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from conftest import ignore_progress
from flask.testing import FlaskClient
from pyoxigraph import NamedNode
from small_seeds import TABLE_HEADER, keep_places, make_row, write_seeds

from lod.configuration import Configuration
from lod.pipeline import build_release
from lod.release import MANIFEST, Release, open_release
from server import gone
from server.app import create_app
from server.dataset import load_dataset
from server.gone import Archive, list_older_releases, read_facts

BASE = "http://localhost:8000/"
OLD_ROWS = (
    make_row("International Division", "http://www.city.kashiwa.lg.jp/", "a@city.kashiwa.chiba.jp"),
    make_row("Citizens' Division", "", "b@city.naha.okinawa.jp", place="Naha City", prefecture="Okinawa"),
)
NEW_ROWS = (make_row("Diversity Division", "http://www.city.kashiwa.lg.jp/", "c@city.kashiwa.chiba.jp"),)


def build(folder: Path, seeds: Path, *rows: str, seconds: int) -> Release:
    """A release of one table, written at that time."""
    write_seeds(seeds, "\n".join((TABLE_HEADER, *rows)) + "\n", layout="tab-separated")
    keep_places(seeds)
    release = build_release(Configuration(seeds=seeds, out=folder), ignore_progress)
    os.utime(release.path / MANIFEST, (seconds, seconds))
    return release


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Release]:
    """An older release of two listings, and one in which a department has another name and a city is missing."""
    folder = tmp_path_factory.mktemp("releases")
    old = build(folder, folder / "seeds", *OLD_ROWS, seconds=1_000_000)
    return old, build(folder, folder / "seeds", *NEW_ROWS, seconds=2_000_000)


@pytest.fixture(scope="module")
def later(releases: tuple[Release, Release]) -> FlaskClient:
    return create_app(releases[1]).test_client()


def copy_release(release: Release, folder: Path) -> Release:
    """A copy of a release in a folder of its own."""
    shutil.copytree(release.path, folder / release.id)
    return open_release(folder / release.id)


def add_statement(release: Release, line: str) -> None:
    with (release.path / "all.nq").open("a") as file:
        file.write(f"{line}\n")


def test_a_thing_of_an_older_release_is_gone_with_what_it_belonged_to(later: FlaskClient, releases) -> None:
    response = later.get("/id/unit/122173/international-division", headers={"Accept": "application/json"})
    assert (response.status_code, response.mimetype) == (410, "application/problem+json")
    problem = json.loads(response.data)
    assert problem["belongedTo"] == f"{BASE}id/gov/122173"
    assert "replacedBy" not in problem
    assert problem["detail"] == (
        f"id/unit/122173/international-division was in release {releases[0].id} and is in this one no longer. "
        f"It belonged to {BASE}id/gov/122173, which is still here."
    )
    assert response.headers["Link"] == '</doc/gov/122173>; rel="up"'


@pytest.mark.parametrize(
    ("path", "whole"),
    [
        ("id/gov/472018", None),
        ("doc/gov/472018", None),
        ("doc/gov/472018.ttl", None),
        ("describe?iri=http://localhost:8000/id/gov/472018", None),
        ("id/unit/472018/citizens-division", None),
        ("doc/unit/122173/international-division.jsonld", "id/gov/122173"),
        ("id/edition/009/listing/L3", "id/edition/009"),
        ("id/edition/009/listing/L3/contact/1", "id/edition/009"),
        ("id/edition/009/row/L3", "id/edition/009"),
    ],
)
def test_its_documents_and_parts_are_gone_too(later: FlaskClient, path: str, whole: str | None) -> None:
    response = later.get(f"/{path}", headers={"Accept": "application/problem+json"})
    assert response.status_code == 410
    assert ("It belonged to" in response.text) == bool(whole)
    assert not whole or f"It belonged to {BASE}{whole}, which is still here." in response.text


@pytest.mark.parametrize(
    ("accept", "media_type", "text"),
    [
        ("text/html", "text/html", '<a rel="up" href="/doc/gov/122173">'),
        ("*/*", "text/plain", "410 Gone"),
        ("application/ld+json", "application/problem+json", '"status": 410'),
    ],
)
def test_gone_in_the_form_that_the_client_reads(later: FlaskClient, accept: str, media_type: str, text: str) -> None:
    response = later.get("/id/unit/122173/international-division", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (410, media_type)
    assert text in response.text
    head = later.head("/id/unit/122173/international-division", headers={"Accept": accept})
    assert (head.status_code, head.data) == (410, b"")


def test_what_no_release_had_is_unknown_and_nothing_is_suggested(later: FlaskClient) -> None:
    response = later.get("/id/gov/999999", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert set(json.loads(response.data)) == {"type", "title", "status", "detail"}
    assert "Link" not in response.headers


def test_what_is_still_there_is_served(later: FlaskClient) -> None:
    assert later.get("/doc/gov/122173").status_code == 200
    assert later.get("/doc/unit/122173/diversity-division").status_code == 200
    assert later.get("/doc/area/472018").status_code == 200


def test_a_dump_a_document_and_a_graph_of_an_older_release_are_gone(releases, tmp_path: Path) -> None:
    old, new = (copy_release(release, tmp_path) for release in releases)
    manifest = json.loads((old.path / MANIFEST).read_text())
    manifest["counts"]["triples"]["edition/008"] = 1
    (old.path / MANIFEST).write_text(json.dumps(manifest))
    (old.path / "SHA256SUMS").write_text(f"{'0' * 64}  edition-008.ttl\n{'0' * 64}  source/008.txt\n")
    os.utime(old.path / MANIFEST, (1, 1))
    client = create_app(new).test_client()
    for path in (
        "dumps/edition-008.ttl",
        "source/008.txt",
        "source/008",
        "source/008/3",
        "graph/edition/008",
        "graph/edition/008.ttl",
    ):
        assert client.get(f"/{path}").status_code == 410, path
    for path in ("dumps/edition-007.ttl", "source/007", "source/", "source/007/3"):
        assert client.get(f"/{path}").status_code == 404, path


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        ("diversity-division", "http://purl.org/dc/terms/replaces", "international-division"),
        ("international-division", "http://purl.org/dc/terms/isReplacedBy", "diversity-division"),
        ("international-division", "https://schema.org/supersededBy", "diversity-division"),
    ],
)
def test_what_the_data_say_has_replaced_it_is_named_as_such(
    releases, tmp_path: Path, subject: str, predicate: str, value: str
) -> None:
    new = copy_release(releases[1], tmp_path)
    copy_release(releases[0], tmp_path)
    add_statement(new, f"<{BASE}id/unit/122173/{subject}> <{predicate}> <{BASE}id/unit/122173/{value}> .")
    client = create_app(new).test_client()
    for path in ("id/unit/122173/international-division", "doc/unit/122173/international-division.json"):
        response = client.get(f"/{path}", headers={"Accept": "application/json"}, follow_redirects=True)
        assert response.status_code == 410
        assert json.loads(response.data)["replacedBy"] == [f"{BASE}id/unit/122173/diversity-division"]
        assert "belongedTo" not in json.loads(response.data)
        assert response.headers["Link"] == '</doc/unit/122173/diversity-division>; rel="successor-version"'


def test_only_older_releases_in_a_folder_of_releases_count(releases, tmp_path: Path) -> None:
    old, new = releases
    assert [r.id for r in list_older_releases(new)] == [old.id]
    assert list_older_releases(old) == []
    moved = tmp_path / "moved"
    shutil.copytree(new.path, moved)
    shutil.copytree(old.path, tmp_path / old.id)
    assert list_older_releases(open_release(moved)) == []
    assert create_app(open_release(moved)).test_client().get("/id/gov/472018").status_code == 404


def test_what_lies_beside_a_release_and_is_none_is_passed_over(releases, tmp_path: Path) -> None:
    new = copy_release(releases[1], tmp_path)
    for name, manifest in (("broken", "{"), ("other", '{"id": "x", "base": "http://x/"}'), ("empty", None)):
        (tmp_path / name).mkdir()
        if manifest:
            (tmp_path / name / MANIFEST).write_text(manifest)
            os.utime(tmp_path / name / MANIFEST, (1, 1))
    assert list_older_releases(new) == []


def test_a_release_that_has_lost_its_statements_says_nothing(releases, tmp_path: Path) -> None:
    old, new = (copy_release(release, tmp_path) for release in releases)
    (old.path / "all.nq").unlink()
    assert Archive(load_dataset(new)).find("id/gov/472018") is None


def test_facts_of_an_older_release_are_all_that_it_states_of_a_thing(releases) -> None:
    old = releases[0]
    store = old.load_store()
    for path in ("id/series", "id/gov/472018", "id/edition/009/listing/L3", "id/gov/4720"):
        assert set(read_facts(old, BASE + path)) == set(store.quads_for_pattern(NamedNode(BASE + path), None, None, None))


def test_no_more_is_searched_than_takes_a_moment(releases, monkeypatch):
    old, new = releases
    size = (old.path / "all.nq").stat().st_size
    for room, found in ((size - 1, []), (size, [old.id])):
        monkeypatch.setattr(gone, "_BYTES", room)
        assert [r.id for r in list_older_releases(new)] == found
