"""The same inputs make the same bytes wherever and whenever they are built, and a small change makes a small difference."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import SEEDS, ignore_progress
from small_seeds import build_small_release

from lod.configuration import Configuration
from lod.pipeline import build_release
from lod.release import CHECKSUMS, Release, open_release

# Runs the commands where folders list what is in them in the order of their names or in the opposite one.
PROGRAM = """
import os, sys
backwards = sys.argv.pop(1) == "backwards"
listdir, scandir = os.listdir, os.scandir

class Entries:
    def __init__(self, *folder):
        with scandir(*folder) as entries:
            self.entries = iter(sorted(entries, key=lambda entry: os.fsencode(entry.name), reverse=backwards))
    def __enter__(self):
        return self
    def __exit__(self, *_):
        pass
    def __iter__(self):
        return self.entries
    def __next__(self):
        return next(self.entries)
    def close(self):
        pass

os.scandir = Entries
os.listdir = lambda *folder: sorted(listdir(*folder), reverse=backwards)
from lod.cli import main
main()
"""
JAPANESE, TURKISH = ("ja_JP.utf8", "ja_JP.UTF-8", "ja_JP.eucjp"), ("tr_TR.utf8", "tr_TR.UTF-8", "C.utf8", "C.UTF-8")


def choose_locale(names: Sequence[str]) -> str:
    """The first of these locales that the machine has."""
    there = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
    return next((name for name in names if name in there), "C")


def start_build(folder: Path, order: str, umask: int, processors: int, **environment: str) -> subprocess.Popen[str]:
    """A build of a copy of the shipped seeds, in that folder and in those surroundings."""
    seeds = folder / "seeds"
    seeds.mkdir(parents=True)
    for path in sorted(SEEDS.iterdir(), reverse=order == "backwards"):
        shutil.copyfile(path, seeds / path.name)
    command = [sys.executable, "-c", PROGRAM, order, "build", "--seeds", str(seeds), "--out", str(folder / "releases")]
    return subprocess.Popen(
        command,
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k != "LOD_BASE_URI"} | environment,
        umask=umask,
        preexec_fn=lambda: os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:processors]),  # noqa: PLW1509
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def hash_files(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in a folder, by its path."""
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_builds_in_other_surroundings_give_the_same_bytes(tmp_path: Path, release: Release) -> None:
    """Two at the same time, of which nothing is the same but the inputs; and that of the tests."""
    here, there = tmp_path / "here", tmp_path / "a folder elsewhere" / "年"
    builds = [
        start_build(here, "forwards", 0o022, 1, PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL=choose_locale(JAPANESE)),
        start_build(there, "backwards", 0o077, 64, PYTHONHASHSEED="2", TZ="America/Lima", LC_ALL=choose_locale(TURKISH)),
    ]
    for process in builds:
        printed, _ = process.communicate(timeout=120)
        assert process.returncode == 0, printed
    first, second = (open_release(folder / "releases") for folder in (here, there))
    files = hash_files(first.path)
    assert files == hash_files(second.path)
    assert files == hash_files(release.path)
    listed = dict(reversed(line.split("  ", 1)) for line in first.read_bytes(CHECKSUMS).decode().splitlines())
    assert {name: digest for name, digest in files.items() if name != CHECKSUMS} == listed


def find_changes(before: bytes, after: bytes) -> list[str]:
    lines = difflib.unified_diff(before.decode().splitlines(), after.decode().splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def test_a_changed_address_changes_the_lines_that_say_it_and_the_checksum_of_the_document(tmp_path: Path) -> None:
    old = build_small_release(tmp_path / "releases")
    document = tmp_path / "seeds" / "009.txt"
    text = document.read_text(encoding="utf-8")
    document.write_text(text.replace("b@city.naha", "c@city.naha"), encoding="utf-8")
    new = build_release(Configuration(tmp_path / "seeds", tmp_path / "releases"), ignore_progress)
    address = [
        "-\tvcard:hasEmail <mailto:b@city.naha.okinawa.jp> ;",
        "+\tvcard:hasEmail <mailto:c@city.naha.okinawa.jp> ;",
        '-\tschema:email "b@city.naha.okinawa.jp" .',
        '+\tschema:email "c@city.naha.okinawa.jp" .',
    ]
    changes = {
        p.name: found
        for p in sorted(old.path.glob("*.ttl"))
        if p.name != "release.ttl" and (found := find_changes(p.read_bytes(), new.read_bytes(p.name)))
    }
    checksum = [
        f'{sign}\tspdx:checksumValue "{r.manifest["inputs"]["seeds/009.txt"]}"^^xsd:hexBinary .'
        for sign, r in (("-", old), ("+", new))
    ]
    assert changes.pop("edition-009.ttl") == address
    assert [line for line in changes.pop("current.ttl") if line not in checksum] == address
    assert [line for line in changes.pop("catalog.ttl") if line not in checksum] == []
    assert changes == {}


@pytest.mark.parametrize("part", ["current", "edition-002", "quality", "reference", "catalog", "release"])
def test_turtle_is_written_for_readers(release: Release, part: str) -> None:
    """Prefixes come first, each is that of the manifest; then each subject once, in order, after an empty line."""
    head, *blocks = release.read_bytes(f"{part}.ttl").decode().split("\n\n")
    declared = dict(re.fullmatch(r"@prefix ([\w-]*): <([^>]*)> \.", line).groups() for line in head.splitlines())  # type: ignore[union-attr]
    assert declared == release.prefixes
    subjects = []
    for block in blocks:
        first, *lines = block.strip().split("\n")
        assert all(line.startswith("\t") for line in lines), block
        assert re.search(r"[.]$", block.strip()), block
        subject = first.split(" ", 1)[0]
        prefix, colon, name = subject.partition(":")
        subjects.append(subject[1:-1] if subject.startswith("<") else declared[prefix] + name.replace("\\", ""))
        assert colon
        verbs = [line.strip().split(" ", 1)[0] for line in (first.split(" ", 1)[1], *lines)]
        assert len({*verbs}) == len(verbs), "a property stands once, with all its values"
        assert "a" not in verbs[1:], "what a thing is comes first"
    assert len({*subjects}) == len(subjects)
    assert subjects == sorted(subjects, key=lambda s: re.sub(r"\d+", lambda m: m[0].zfill(8), s)), "L9 before L10"
