"""A release is whole or not there: written beside, switched to atomically, the same bytes for the same inputs."""

from __future__ import annotations

import gzip
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import zstandard
from conftest import SEEDS
from small_seeds import build_small_release

from lod.errors import ReleaseError
from lod.release import compute_sha256, open_release, read_checksums, write_release

FILES = {"all.nq": b"", "manifest.json": b'{"id": "a", "base": "http://localhost:8000/"}', "source/000.txt": b"x\n"}

WRITER = """
import json, sys
from pathlib import Path
from lod.release import CHECKSUMS, MANIFEST, write_release
origin, out, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
paths = (p for p in origin.rglob("*") if p.is_file() and p.name != CHECKSUMS)
files = {p.relative_to(origin).as_posix(): p.read_bytes() for p in paths}
files[MANIFEST] = json.dumps({**json.loads(files[MANIFEST]), "id": name}).encode()
print("begins", flush=True)
write_release(out, files, name)
"""


def list_files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_release_of_the_shipped_data_has_every_file(release):
    editions = [f"{n:03}" for n in range(5)]
    expected = {"all.nq", "all.trig", "all.jsonld", "report.ttl", "manifest.json", "SHA256SUMS"}
    parts = ("current", "quality", "reference", "catalog", "release", *(f"edition-{n}" for n in editions))
    expected |= {f"{part}.{suffix}" for part in parts for suffix in ("ttl", "nt", "jsonld", "rdf", "nq", "trig")}
    expected |= {f"source/{n}.txt" for n in editions}
    tables = ("listings-current", "listings", "links", "issues", "places")
    expected |= {f"{name}.{suffix}" for name in tables for suffix in ("csv", "excel.csv", "jsonl", "csv-metadata.json")}
    expected |= {f"{name}.{suffix}" for name in expected - {"SHA256SUMS"} for suffix in ("gz", "zst")}
    expected |= {f"{name}.parquet" for name in tables}  # which is compressed inside
    assert {f for f in list_files(release.path) if not f.startswith("ontology/")} == expected
    assert release.find_damage() == []


def test_sources_are_the_documents_byte_for_byte(release):
    assert {n: release.read_bytes(f"source/{n}.txt") for n in release.manifest["editions"]} == {
        p.stem: p.read_bytes() for p in SEEDS.glob("*.txt")
    }


def test_coded_files_hold_the_bytes_of_the_files_they_are_named_for(release):
    packed = sorted(f for f in list_files(release.path) if f.endswith((".gz", ".zst")))
    for name in packed:
        content = release.read_bytes(name)
        plain = gzip.decompress(content) if name.endswith(".gz") else zstandard.ZstdDecompressor().decompress(content)
        assert plain == release.read_bytes(name.rpartition(".")[0]), name


def test_coded_files_can_be_read_by_every_client(release):
    """RFC 9659 section 3: a window of at most 8 MB; the content size is stated, so that clients need not guess."""
    for name in (f for f in list_files(release.path) if f.endswith(".zst")):
        parameters = zstandard.get_frame_parameters(release.read_bytes(name))
        assert parameters.window_size <= 8 * 1024 * 1024, name
        assert parameters.content_size == (release.path / name).with_suffix("").stat().st_size


def test_coded_files_tell_no_time_and_no_name(release):
    for name in (f for f in list_files(release.path) if f.endswith(".gz")):
        assert release.read_bytes(name)[3:8] == bytes(5), "no flags (name, comment), no time (RFC 1952 section 2.3)"


def test_current_points_to_the_newest(tmp_path):
    write_release(tmp_path, FILES, "a")
    newer = {**FILES, "manifest.json": b'{"id": "b", "base": "http://localhost:8000/"}'}
    write_release(tmp_path, newer, "b")
    assert open_release(tmp_path).id == "b"
    assert open_release(tmp_path / "a").id == "a"
    assert {p.name for p in tmp_path.iterdir()} == {"a", "b", "current", ".lock", "journal.jsonl"}


def test_checksums_cover_every_file(tmp_path):
    release = write_release(tmp_path, FILES, "a")
    assert read_checksums(release.path) == {n: compute_sha256(release.path / n) for n in FILES}
    check = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=release.path, check=False)
    assert check.returncode == 0


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda path: (path / "all.nq").write_bytes(b"changed"), ["all.nq"]),
        (lambda path: (path / "source" / "000.txt").unlink(), ["source/000.txt"]),
        (lambda path: (path / "stray").touch(), ["stray"]),
    ],
)
def test_damage_is_found_and_mended_by_the_next_build(tmp_path, damage, found):
    release = write_release(tmp_path, FILES, "a")
    damage(release.path)
    assert release.find_damage() == found
    assert write_release(tmp_path, FILES, "a").find_damage() == []


@pytest.mark.parametrize("content", [None, b"", b"{"])
def test_no_release_is_told_with_what_to_do(tmp_path, content):
    if content is not None:
        (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(ReleaseError, match="lod build"):
        open_release(tmp_path)


@pytest.mark.parametrize("there", ["empty folder", "file", "link to nothing", "link to a folder"])
def test_what_is_no_release_is_replaced_by_one(tmp_path, there):
    write_release(tmp_path, FILES, "a")
    target = tmp_path / "b"
    (tmp_path / "elsewhere").mkdir()
    if there == "empty folder":
        target.mkdir()
    elif there == "file":
        target.touch()
    else:
        target.symlink_to("nothing" if there == "link to nothing" else "elsewhere")
    newer = {**FILES, "manifest.json": b'{"id": "b", "base": "http://localhost:8000/"}'}
    assert write_release(tmp_path, newer, "b").find_damage() == []
    assert open_release(tmp_path).id == "b"
    assert (tmp_path / "elsewhere").is_dir()
    assert not list(tmp_path.glob(".building-*"))


def test_folder_in_the_place_of_the_link_is_told_and_nothing_is_left(tmp_path):
    (tmp_path / "current").mkdir()
    with pytest.raises(ReleaseError, match="move it away"):
        write_release(tmp_path, FILES, "a")
    assert not list(tmp_path.glob(".building-*"))


def test_link_that_leads_to_itself_is_no_release(tmp_path):
    (tmp_path / "current").symlink_to("current")
    with pytest.raises(ReleaseError, match="lod build"):
        open_release(tmp_path)


def test_lock_does_not_empty_the_file_it_is_a_link_to(tmp_path):
    (tmp_path / "precious").write_text("kept", encoding="utf-8")
    (tmp_path / ".lock").symlink_to("precious")
    write_release(tmp_path, FILES, "a")
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "kept"


def test_leftovers_of_a_killed_build_are_removed(tmp_path):
    (tmp_path / ".building-x").mkdir()
    (tmp_path / ".building-x" / "all.nq").write_bytes(b"half")
    (tmp_path / ".building-y").touch()
    (tmp_path / ".building-z").symlink_to("nowhere")
    write_release(tmp_path, FILES, "a")
    assert {p.name for p in tmp_path.iterdir()} == {"a", "current", ".lock", "journal.jsonl"}


def write(origin: Path, out: Path, name: str) -> subprocess.Popen[str]:
    """The last step of a build by itself, once it begins: it alone writes anything."""
    command = [sys.executable, "-c", WRITER, str(origin), str(out), name]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    return process


def test_kill_at_any_moment_leaves_a_whole_current_release(tmp_path):
    release = build_small_release(tmp_path / "small" / "releases")
    out = tmp_path / "releases"
    first = write(release.path, out, "first")
    start = time.monotonic()
    first.communicate(timeout=60)
    duration = time.monotonic() - start
    moments = random.Random(20)  # noqa: S311  # spread over the writing, the same on every run
    allowed = {"first"}
    for number in range(20):
        allowed.add(f"release-{number}")
        process = write(release.path, out, f"release-{number}")
        time.sleep(moments.uniform(0, 1.05) * duration)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=10)
        current = open_release(out)
        assert current.find_damage() == []
        assert current.id in allowed
    write(release.path, out, "last").communicate(timeout=60)
    assert open_release(out).id == "last"
    assert not list(out.glob(".building-*"))


@pytest.mark.parametrize("seconds", [0.3, 1.2])
def test_kill_before_anything_is_written_leaves_the_release_that_was_there(tmp_path, seconds):
    write_release(tmp_path, FILES, "a")
    command = [sys.executable, "-m", "lod", "build", "--seeds", str(SEEDS), "--out", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=10)
    assert open_release(tmp_path).find_damage() == []
    assert open_release(tmp_path).id == "a"
