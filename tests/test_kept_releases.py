"""Releases are kept in the order in which they became current, listed, and pruned to what tells that they were there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from release_pairs import Pair, add_release, copy_pair, share_pair

from lod import prune
from lod.cli import cli
from lod.errors import ReleaseError
from lod.journal import JOURNAL
from lod.kept_releases import find_release, list_all_releases, list_history, list_releases, measure_release
from lod.prune import choose_pruned, prune_releases
from lod.release import PRUNED, SKELETON, open_release
from server.gone import list_older_releases, read_facts


@pytest.fixture
def pair(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Pair:
    return copy_pair(share_pair(tmp_path_factory), tmp_path / "releases")


def list_ids(folder: Path) -> list[str]:
    return [release.id for release in list_releases(folder)]


def write_journal(folder: Path, *ids: str) -> None:
    times = (datetime(2026, 1, day, tzinfo=UTC).isoformat() for day in range(1, len(ids) + 1))
    lines = (json.dumps({"release": i, "published": t}) for i, t in zip(ids, times, strict=True))
    (folder / JOURNAL).write_text("".join(f"{line}\n" for line in lines))


def run(*arguments: object, status: int = 0) -> str:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert result.exit_code == status, result.output
    return result.output


def test_the_journal_has_the_order_whatever_the_times_of_the_files(pair):
    a, b = pair.before, pair.after
    assert list_ids(pair.folder) == [a.id, b.id]
    os.utime(b.path / "manifest.json", (1, 1))
    assert list_ids(pair.folder) == [a.id, b.id]
    write_journal(pair.folder, b.id, a.id)
    assert list_ids(pair.folder) == [b.id, a.id]


def test_a_release_that_became_current_again_is_the_newest(pair):
    a, b = pair.before, pair.after
    add_release(pair.folder, a)
    assert list_ids(pair.folder) == [b.id, a.id]
    assert [r.id for r in list_history(a)] == [a.id, b.id]
    assert [r.id for r in list_older_releases(a)] == [b.id]
    assert list_older_releases(b) == []
    assert find_release(pair.folder, "previous").id == b.id


def test_releases_that_the_journal_does_not_name_are_older_in_the_order_of_their_writing(pair):
    a, b = pair.before, pair.after
    (pair.folder / JOURNAL).unlink()
    for release, time in ((a, 2), (b, 1)):
        (release.path / "manifest.json").unlink()
        (release.path / "manifest.json").write_text(json.dumps(release.manifest))
        os.utime(release.path / "manifest.json", (time, time))
    assert list_ids(pair.folder) == [b.id, a.id]
    write_journal(pair.folder, b.id)
    assert list_ids(pair.folder) == [a.id, b.id]


def test_the_list_tells_what_is_current_and_what_changed(pair):
    rows = json.loads(run("releases", "--out", pair.folder, "--format", "json"))
    assert [(r["id"], r["current"], r["pruned"]) for r in rows] == [
        (pair.after.id, True, False),
        (pair.before.id, False, False),
    ]
    counts = pair.after.manifest["counts"]
    assert rows[0]["listings"] == sum(counts["listings"].values())
    assert rows[0]["issues"] == sum(counts["issues"].values())
    assert rows[0]["triples"] == sum(counts["triples"].values())
    assert rows[0]["size"] == sum(p.stat().st_size for p in pair.after.path.rglob("*") if p.is_file()) - (
        (pair.after.path / "SHA256SUMS").stat().st_size
    )
    assert rows[0]["changes"][:3] == ["+edition 003", "+edition 004", "+74 listings"]
    table = run("releases", "--out", pair.folder).splitlines()
    assert table[1].split()[0] == pair.after.id
    assert " current " in table[1]
    assert "no release is kept" in run("releases", "--out", pair.folder / "nothing")


def test_a_beginning_that_several_releases_have_is_refused(pair):
    for name in ("abcd000000000000", "abcd111111111111"):
        (pair.folder / name).mkdir()
        (pair.folder / name / "manifest.json").write_text(json.dumps({"id": name, "base": "http://x/"}))
    with pytest.raises(ReleaseError, match="may be abcd000000000000 or abcd111111111111"):
        find_release(pair.folder, "abcd")
    assert find_release(pair.folder, "abcd0").id == "abcd000000000000"


def test_prune_never_removes_the_current_release(pair):
    assert choose_pruned(pair.folder, None, 0, datetime.now(UTC) + timedelta(days=1)) == [list_releases(pair.folder)[0]]
    write_journal(pair.folder, pair.after.id, pair.before.id)  # an older one is current
    assert [r.id for r in choose_pruned(pair.folder, 1, None)] == []
    assert [r.id for r in choose_pruned(pair.folder, None, 0)] == [pair.before.id]


@pytest.mark.parametrize(
    ("keep", "days", "gone"), [(1, None, 1), (2, None, 0), (None, 10, 0), (None, 0.5, 1), (1, 10, 0), (1, 0.5, 1), (2, 0.5, 0)]
)
def test_what_is_pruned_is_neither_among_the_newest_nor_too_young(pair, keep, days, gone):
    chosen = choose_pruned(pair.folder, keep, days, pair.before.published + timedelta(days=1))
    assert [r.id for r in chosen] == [pair.before.id][:gone]


def test_prune_frees_the_files_and_leaves_what_the_release_had(pair):
    size, facts = measure_release(pair.before), read_facts(pair.before, f"{pair.before.iris.base}id/gov/122173")
    assert facts
    said = run("prune", "--keep", "1", "--dry-run", "--out", pair.folder)
    assert said.startswith(f"would remove {pair.before.id}")
    assert list_ids(pair.folder) == [pair.before.id, pair.after.id]
    said = run("prune", "--keep", "1", "--out", pair.folder)
    assert said.splitlines()[-1] == f"1 release, {size / 1e6:.1f} MB"
    assert list_ids(pair.folder) == [pair.after.id]
    assert {p.name for p in pair.folder.iterdir()} == {pair.after.id, "current", JOURNAL, ".lock", PRUNED}
    remains = list_all_releases(pair.folder)[0]
    assert (remains.id, remains.is_pruned, remains.published) == (pair.before.id, True, pair.before.published)
    assert {p.name for p in remains.path.iterdir()} == {"manifest.json", "SHA256SUMS", SKELETON}
    assert sum(p.stat().st_size for p in remains.path.iterdir()) < size / 8
    assert pair.after.find_damage() == []
    assert "1 release" not in run("prune", "--keep", "1", "--out", pair.folder).splitlines()[-1]
    rows = json.loads(run("releases", "--out", pair.folder, "--format", "json"))
    assert [row["pruned"] for row in rows] == [False, True]
    run("diff", pair.before.id, "current", "--out", pair.folder, status=1)


def test_a_release_that_was_pruned_and_built_again_is_kept_again_and_may_be_pruned_again(pair, tmp_path):
    spare = copy_pair(pair, tmp_path / "spare")
    prune_releases(pair.folder, 1, None)
    add_release(pair.folder, spare.before)
    add_release(pair.folder, spare.after)
    assert [(r.id, r.is_pruned) for r in list_all_releases(pair.folder)] == [(pair.before.id, False), (pair.after.id, False)]
    assert [r.id for r in prune_releases(pair.folder, 1, None)] == [pair.before.id]
    assert [(r.id, r.is_pruned) for r in list_all_releases(pair.folder)] == [(pair.before.id, True), (pair.after.id, False)]


@pytest.mark.parametrize("step", ["write_file", "sync_folder", "remove_leftovers"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_prune_that_is_killed_leaves_a_whole_release_or_none(pair, step, times):
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom lod import prune\n"
        f"real, left = prune.{step}, [{times}]\n"
        "def die(*arguments):\n"
        "    left[0] -= 1\n"
        "    if left[0] < 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(*arguments)\n"
        f"prune.{step} = die\n"
        "prune.prune_releases(Path(sys.argv[1]), 1, None)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(pair.folder)], check=False).returncode
    assert ended in (-signal.SIGKILL, 0)
    kept = list_releases(pair.folder)
    assert [r.id for r in kept] in ([pair.before.id, pair.after.id], [pair.after.id])
    assert [r.find_damage() for r in kept] == [[] for _ in kept]
    everything = {r.id: r.is_pruned for r in list_all_releases(pair.folder)}
    assert everything == {pair.before.id: len(kept) == 1, pair.after.id: False}
    prune_releases(pair.folder, 1, None)
    assert {p.name for p in pair.folder.iterdir()} == {pair.after.id, "current", JOURNAL, ".lock", PRUNED}


def test_prune_waits_for_a_build(pair, monkeypatch):
    held: list[bool] = []
    real = prune.choose_pruned

    def look(*arguments):
        taken = subprocess.run(
            [
                sys.executable,
                "-c",
                f"import fcntl; fcntl.flock(open({str(pair.folder / '.lock')!r}), fcntl.LOCK_EX | fcntl.LOCK_NB)",
            ],
            capture_output=True,
            check=False,
        )
        held.append(b"BlockingIOError" in taken.stderr)
        return real(*arguments)

    monkeypatch.setattr(prune, "choose_pruned", look)
    prune_releases(pair.folder, 1, None)
    assert held == [True]


@pytest.mark.parametrize(
    "arguments", [("prune",), ("prune", "--keep", "0"), ("prune", "--keep", "x"), ("prune", "--older-than", "-1")]
)
def test_wrong_use_is_refused(pair, arguments):
    run(*arguments, "--out", pair.folder, status=2)


def test_a_prune_of_no_folder_is_refused(tmp_path):
    assert "there is no folder" in run("prune", "--keep", "1", "--out", tmp_path / "nothing", status=2)


def test_skeleton_has_every_thing_and_what_it_belonged_to(pair):
    before = open_release(pair.before.path)
    subjects = {line.split(b" ")[0] for line in (before.path / "all.nq").read_bytes().splitlines()}
    prune_releases(pair.folder, 1, None)
    remains = list_all_releases(pair.folder)[0]
    lines = remains.facts_file.read_bytes().splitlines()
    assert {line.split(b" ")[0] for line in lines} == subjects
    about = read_facts(remains, f"{remains.iris.base}id/edition/002/listing/L139")
    assert f"{remains.iris.base}id/gov/372013" in {getattr(q.object, "value", "") for q in about}
