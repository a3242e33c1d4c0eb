"""A damaged release, journal or download beside the one that is served makes nothing else fail."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from small_seeds import build_small_release, make_row

from lod.cli import cli
from lod.errors import MadoguchiError, ReleaseError
from lod.iris import check_base
from lod.journal import JOURNAL, note_publication, read_journal
from lod.kept_releases import list_releases
from lod.release import CHECKSUMS, MANIFEST, Release, compute_sha256, open_release, read_checksums, write_release
from lod.release_files import read_files
from lod.verify_sources import WebSource
from server.app import create_app

JSON = {"Accept": "application/json"}
ENTRY = "{http://www.w3.org/2005/Atom}entry"
FILES = {"all.nq": b"", MANIFEST: b'{"id": "a", "base": "http://localhost:8000/"}'}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Release]:
    """Two small releases in one folder; the second is current."""
    folder = tmp_path_factory.mktemp("damaged") / "releases"
    before = build_small_release(folder)
    return before, build_small_release(folder, make_row("Another Division", "", "c@city.kashiwa.chiba.jp"))


def write(release: Release, name: str, content: str) -> str:
    """Writes a file of a release anew and returns what was there."""
    was = (release.path / name).read_text(encoding="utf-8")
    (release.path / name).write_text(content, encoding="utf-8")
    return was


@pytest.mark.parametrize(
    "damage",
    [
        {"base": 5},
        {"base": 'http://x/"><script>\r\n'},
        {"id": "a b"},
        {"counts": None},
        {"counts": {"listings": {"000": "many"}}},
        {"files": ["all.nq"]},
        {"files": {"all.nq": {"media_type": "text/x\r\nX-Evil: 1"}}},
        {"files": {"all.nq": {"media_type": 5}}},
        {"prefixes": {"a": {}}},
        {"editions": None},
    ],
    ids=str,
)
def test_a_release_with_a_damaged_manifest_is_none_and_the_others_are_served(built, damage) -> None:
    before, after = built
    told = json.loads((before.path / MANIFEST).read_text(encoding="utf-8"))
    was = write(before, MANIFEST, json.dumps(told | damage))
    try:
        with pytest.raises(ReleaseError):
            open_release(before.path)
        assert [r.id for r in list_releases(after.folder)] == [after.id]
        client = create_app(after).test_client()
        assert [r["id"] for r in client.get("/releases/", headers=JSON).json["releases"]] == [after.id]
        assert client.get("/releases/feed.atom").status_code == 200
        for path in (f"/releases/{before.id}/all.nq", f"/releases/{before.id}/", "/id/unknown"):
            assert client.get(path, headers=JSON).status_code == 404
    finally:
        write(before, MANIFEST, was)


def test_what_a_later_program_tells_of_files_is_passed_over(built) -> None:
    before, _ = built
    told = json.loads((before.path / MANIFEST).read_text(encoding="utf-8"))
    files = {name: facts | {"colour": "red"} for name, facts in told["files"].items()} | {"x": {"media_type": "text/x"}}
    assert read_files(told | {"files": files}) == read_files(told)


def test_the_feed_goes_on_when_the_release_before_cannot_be_compared(built) -> None:
    """410 would tell readers never to ask for it again."""
    before, after = built
    was = write(before, "all.nq", "_:a <http://a/b> _:c .\n")
    try:
        client = create_app(after).test_client()
        answer = client.get("/releases/feed.atom")
        assert answer.status_code == 200
        assert len(ET.fromstring(answer.data).findall(ENTRY)) == 2  # our own
        assert client.get(f"/releases/{before.id}/diff/{after.id}", headers=JSON).status_code == 410
    finally:
        write(before, "all.nq", was)


def test_the_feed_is_xml_whatever_an_older_release_called_things(built) -> None:
    before, after = built
    was = (before.path / "all.nq").read_text(encoding="utf-8")
    write(before, "all.nq", was.replace('"Naha City"@en', '"Naha\\u0001\\uFFFE"@en'))
    try:
        texts = [e.text or "" for e in ET.fromstring(create_app(after).test_client().get("/releases/feed.atom").data).iter()]
        assert any("Naha\ufffd\ufffd" in text for text in texts)
    finally:
        write(before, "all.nq", was)


def test_checksums_name_only_files_of_the_folder(built) -> None:
    before, after = built
    digest = "0" * 64
    lines = [f"{digest}  {n}" for n in ("/etc/passwd", "../x", "a/../x", "a\0b", "a" * 300, "all.nq", "source")]
    was = write(before, CHECKSUMS, "\n".join([*lines, 'a"b  current.nt', "", digest]))
    try:
        assert set(read_checksums(before.path)) == {"all.nq", "source"}
        client = create_app(after).test_client()
        assert client.get(f"/releases/{before.id}/source").status_code == 410
        assert client.get(f"/releases/{before.id}/current.nt").status_code == 404
        assert client.get("/releases/", headers=JSON).status_code == 200
    finally:
        write(before, CHECKSUMS, was)


def test_lines_of_the_journal_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    note_publication(tmp_path, "a")
    bad = (b"\xff", b"[" * 100_000, b"1" * 10_000, b'{"release": "b", "published": "0001-01-01T00:00:00+23:59"}', b"5")
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(b"\n".join(bad) + b'\n{"release": "c", "publ')  # the disk was full
    note_publication(tmp_path, "d")
    note_publication(tmp_path, "d")
    assert [publication.release for publication in read_journal(tmp_path)] == ["a", "d"]


def test_a_release_that_cannot_be_noted_does_not_become_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a place in the journal it would pass for the oldest of all."""
    write_release(tmp_path, FILES, "a")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lod.release.note_publication", fail)
    with pytest.raises(OSError, match="No space"):
        write_release(tmp_path, {**FILES, MANIFEST: FILES[MANIFEST].replace(b'"a"', b'"b"')}, "b")
    assert open_release(tmp_path).id == "a"
    monkeypatch.undo()
    write_release(tmp_path, {**FILES, MANIFEST: FILES[MANIFEST].replace(b'"a"', b'"b"')}, "b")
    assert [r.id for r in list_releases(tmp_path)] == ["a", "b"]


@pytest.mark.parametrize("address", ["http://[::1", "http://[bad]/", "http://user:secret@127.0.0.1:1/"])
def test_addresses_that_cannot_be_asked_are_refused(address) -> None:
    with pytest.raises(MadoguchiError) as refusal:
        WebSource(address)
    assert "secret" not in str(refusal.value)


def test_a_download_with_links_to_themselves_or_broken_letters_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    manifest = tmp_path / MANIFEST
    manifest.write_text('{"id": "\\ud800"}')
    (tmp_path / CHECKSUMS).write_text(f"{'0' * 64}  loop\n{compute_sha256(manifest)}  {MANIFEST}\n")
    found = CliRunner().invoke(cli, ["verify", str(tmp_path)])
    assert isinstance(found.exception, SystemExit)
    assert "changed  loop: loop is a link that leads to itself" in found.output
    assert "changed  manifest.json: it calls the release" in found.output


@pytest.mark.parametrize("days", ["nan", "inf", "1e300", "999999999"])
def test_prune_refuses_days_before_the_calendar(tmp_path: Path, days) -> None:
    found = CliRunner().invoke(cli, ["prune", "--older-than", days, "--out", str(tmp_path)])
    assert (found.exit_code, "--older-than" in found.output) == (2, True)


@pytest.mark.parametrize(
    "base", ["http://h.example:bad/", "http://h.example/[x]/", "http://[::1/", "http://[x]/", "http://h/%zz/"]
)
def test_a_base_that_is_no_iri_is_refused_in_a_sentence(base) -> None:
    with pytest.raises(MadoguchiError, match="is no absolute"):
        check_base(base)


def test_what_a_server_sends_in_place_of_an_answer_steers_no_terminal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"\x1b[31m\x00 junk\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(MadoguchiError) as refusal:
            WebSource(f"http://127.0.0.1:{server.getsockname()[1]}/").open(CHECKSUMS)
        thread.join()
    assert str(refusal.value).isprintable()
    assert "junk" in str(refusal.value)
