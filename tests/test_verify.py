"""`lod verify`: what is right, changed, missing or unknown in a download, and that nothing in it is trusted."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from werkzeug import Request, Response
from werkzeug.serving import make_server

import lod.verify
from lod.cli import cli
from lod.release import Release
from lod.verify_sources import is_safe_name

NAMES = ("manifest.json", "catalog.nt", "catalog.ttl", "catalog.nq", "places.csv", "source/004.txt", "SHA256SUMS")
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run() -> Run:
    def verify(*arguments: object) -> tuple[int, str]:
        found = CliRunner().invoke(cli, ["verify", *map(str, arguments)])
        failure = "" if isinstance(found.exception, SystemExit | None) else f"error: {found.exception}"
        return found.exit_code, found.output + failure

    return verify


@pytest.fixture
def download(release: Release, tmp_path: Path) -> Path:
    """Some files of the release."""
    folder = tmp_path / "download"
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(release.path / name, folder / name)
    return folder


def state(folder: Path, name: str) -> None:
    """Lets SHA256SUMS say what the file is now."""
    sums = folder / "SHA256SUMS"
    lines = [line for line in sums.read_text().splitlines() if not line.endswith(f"  {name}")]
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    sums.write_text("\n".join([*lines, f"{digest}  {name}"]) + "\n")


def test_a_whole_release_and_a_part_of_it_are_right(release: Release, download: Path, run: Run) -> None:
    listed = len((release.path / "SHA256SUMS").read_text().splitlines())
    assert run(release.path, "--whole") == (0, f"{listed} files of {release.path} are as SHA256SUMS says\n")
    absent = f"{listed - 6} more that it lists are not there; with --whole that is a fault\n"
    assert run(download) == (0, f"6 files of {download} are as SHA256SUMS says\n{absent}")
    status, told = run(download, "--whole")
    assert (status, told.count("missing  ")) == (1, listed - 6)
    assert run(download, "places.csv")[1].startswith("right  places.csv\n")


def test_what_is_changed_missing_or_unknown_is_told(download: Path, run: Run) -> None:
    (download / "places.csv").write_bytes(b"x")
    (download / "notes.txt").write_text("mine")
    status, told = run(download)
    assert status == 1
    assert f"changed  places.csv: its SHA-256 is {hashlib.sha256(b'x').hexdigest()}, not " in told
    assert "unknown  notes.txt: SHA256SUMS does not list it" in told
    assert "5 files of" in told
    status, told = run(download, "all.nq", "catalog.nt", "no.such")
    assert status == 1
    assert "missing  all.nq: it is listed, but not there" in told
    assert "right  catalog.nt" in told
    assert "missing  no.such: SHA256SUMS does not list it" in told


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/passwd", "a/../../x", "..", ".", "a//b", "C:/x", "a\\b", "a/", "a\x1b[2J", "", "a\x00", "con:x", "a\x7f"],
)
def test_names_that_leave_the_folder_are_no_names(name: str) -> None:
    assert not is_safe_name(name)


def test_a_list_that_names_files_elsewhere_is_refused(download: Path, run: Run) -> None:
    secret = download.parent / "secret.txt"
    secret.write_text("secret")
    digest = hashlib.sha256(b"secret").hexdigest()
    with (download / "SHA256SUMS").open("a") as sums:
        sums.write(f"{digest}  ../secret.txt\n{digest}  link.txt\n")
    (download / "link.txt").symlink_to(secret)
    status, told = run(download)
    assert status == 1
    assert "refused  ../secret.txt: its name leaves the folder" in told
    assert "changed  link.txt: link.txt is a link that leaves" in told


@pytest.mark.parametrize("line", ["", "abc  places.csv", f"{'0' * 64}  catalog.nt", "\udc80"])
def test_a_list_that_is_none_is_told_with_its_line(download: Path, run: Run, line: str) -> None:
    sums = download / "SHA256SUMS"
    sums.write_bytes(sums.read_bytes() + f"{line}\n".encode(errors="surrogateescape"))
    status, told = run(download)
    assert status == 1
    assert "is no checksum and new name: download it again" in told


def test_the_manifest_is_held_against_its_own_hash_and_the_list(download: Path, run: Run, release: Release) -> None:
    manifest = json.loads((download / "manifest.json").read_text(encoding="utf-8"))
    manifest["counts"]["places"] += 1
    manifest["files"]["places.csv"]["sha256"] = "0" * 64
    (download / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    state(download, "manifest.json")
    status, told = run(download)
    assert status == 1
    assert f"changed  manifest.json: it calls the release {release.id}, but its own hash is " in told
    assert "changed  places.csv: manifest.json and SHA256SUMS give it different checksums" in told
    renamed = download.rename(download.parent / ("0" * 16))
    assert "but the folder is called 0000000000000000" in run(renamed)[1]


def test_graphs_are_known_however_they_are_written(download: Path, run: Run) -> None:
    lines = (download / "catalog.nt").read_text(encoding="utf-8").splitlines(keepends=True)
    (download / "catalog.nt").write_text("".join(reversed(lines)), encoding="utf-8")
    state(download, "catalog.nt")
    assert run(download, "--graphs") == (1, run(download, "--graphs")[1])  # the manifest has another checksum
    assert "catalog.nt is not" not in run(download, "--graphs")[1]
    assert "right  catalog.nt" in run(download, "--graphs", "catalog.nt")[1]
    (download / "catalog.nt").write_text("".join(lines[1:]), encoding="utf-8")
    state(download, "catalog.nt")
    told = run(download, "--graphs", "catalog.nt", "catalog.ttl", "catalog.nq")[1]
    assert "changed  catalog.nt: the graph catalog is not the one that the manifest has the canonical hash of" in told
    assert "right  catalog.ttl" in told
    assert "right  catalog.nq" in told
    for content, reason in (("_:a <urn:p> <urn:o> .", "it has blank nodes"), ("<", "it cannot be read")):
        (download / "catalog.nt").write_text(content)
        state(download, "catalog.nt")
        assert f"changed  catalog.nt: {reason}" in run(download, "--graphs", "catalog.nt")[1]


def test_all_graphs_together_are_compared_one_by_one(release: Release, run: Run) -> None:
    assert run(release.path, "--graphs", "all.nq", "current.ttl") == (
        0,
        f"right  all.nq\nright  current.ttl\n2 files of {release.path} are as SHA256SUMS says\n",
    )


@pytest.fixture
def site(download: Path) -> Iterator[str]:
    """The download on the web, under /latest/ by a redirect; /away/ leads to another host, /broken/ fails."""

    @Request.application
    def answer(request: Request) -> Response:
        start, _, name = request.path.removeprefix("/").partition("/")
        if start == "latest":
            return Response(status=302, headers={"Location": f"/releases/{name}"})
        if start == "away":
            return Response(status=302, headers={"Location": f"http://localhost:1/{name}"})
        if start == "broken":
            return Response(status=503)
        if not is_safe_name(name) or not (download / name).is_file():
            return Response(status=404)
        return Response((download / name).read_bytes())

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_release_on_the_web_is_checked_where_it_is(site: str, download: Path, run: Run, monkeypatch) -> None:
    sums = download / "SHA256SUMS"
    sums.write_text("".join(li for li in sums.read_text().splitlines(True) if li.split("  ")[1].strip() in NAMES))
    (download / "manifest.json").unlink()
    sums.write_text("".join(li for li in sums.read_text().splitlines(True) if "manifest" not in li))
    for address in (f"{site}/releases/", f"{site}/releases", f"{site}/latest/", f"{site}/latest/SHA256SUMS"):
        assert run(address) == (0, f"5 files of {site}/releases/ are as SHA256SUMS says\n")
    (download / "places.csv").unlink()
    (download / "catalog.nt").write_bytes(b"x" * 100)
    status, told = run(f"{site}/releases/")
    assert status == 1
    assert "missing  places.csv: it is listed, but not there" in told
    assert "changed  catalog.nt: its SHA-256" in told
    monkeypatch.setattr(lod.verify, "LARGEST", 99)
    assert "changed  catalog.nt: it is longer than 99 bytes" in run(f"{site}/releases/", "catalog.nt")[1]


@pytest.mark.parametrize(
    ("place", "status", "told"),
    [
        ("{site}/away/", 1, "redirects to another place, 'http://localhost:1/SHA256SUMS': ask there yourself"),
        ("{site}/broken/", 1, "SHA256SUMS cannot be had: the server answers 503"),
        ("{site}/releases/nothing/", 1, "there is no SHA256SUMS in"),
        ("http://127.0.0.1:1/", 1, "cannot be reached: "),
        ("file:///etc/", 2, "no address of a folder that begins with http:// or https://"),
        ("ftp://127.0.0.1/x/", 2, "no address of a folder"),
        ("http:///x", 2, "no address of a folder"),
        ("no/such/folder", 2, "is no folder, and no address"),
    ],
)
def test_what_cannot_be_checked_is_told(site: str, run: Run, place: str, status: int, told: str) -> None:
    found = run(place.format(site=site))
    assert found[0] == status
    assert told in " ".join(found[1].split())
