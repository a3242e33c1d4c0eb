"""A new release is taken over while requests come: none is lost, and none is answered from two releases."""

from __future__ import annotations

import asyncio
import errno
import shutil
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from serving import Running, serve, wait_until
from small_seeds import build_small_release

from lod.iris import DEFAULT_BASE
from lod.release import CURRENT, Release
from server import takeover
from server.configuration import ServerConfiguration

PATHS = (
    ("/doc/gov/122173", "text/turtle"),
    ("/doc/gov/122173", "text/html"),
    ("/id/gov/122173", "*/*"),
    ("/ontology", "text/turtle"),
    ("/no/such/thing", "application/json"),
    ("/dumps/current.ttl", "*/*"),
    ("/sparql?query=SELECT+*+%7B+%3Fs+a+schema%3ACity+%7D", "application/sparql-results+json"),
)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Release]]:
    """A folder with two small releases, which differ in the base IRI of all that they say."""
    folder = tmp_path_factory.mktemp("site") / "releases"
    return folder, [build_small_release(folder, base=base) for base in (DEFAULT_BASE, "https://data.example.jp/lod/")]


def switch(folder: Path, release: Release) -> None:
    """As a build ends: the link is replaced in one step."""
    link = folder / ".switching"
    link.symlink_to(release.path.name)
    link.replace(folder / CURRENT)


def test_twenty_swaps_under_load_lose_no_request_and_mix_no_answer(releases):
    folder, built = releases
    switch(folder, built[0])
    ids = {release.id: release.iris.base for release in built}
    done = threading.Event()
    failures: list[object] = []
    seen: set[tuple[str, str, str]] = set()

    def load(running: Running, client: int) -> None:
        number = client
        while not done.is_set():
            number += 1
            path, accept = PATHS[number % len(PATHS)]
            asked = f"{path}+%23{number}" if "query=" in path and number % 2 else path  # some were never asked before
            try:
                answer = running.fetch(asked, headers={"Accept": accept}, address=f"127.0.2.{client}")
            except OSError as error:
                failures.append((path, error))
                continue
            said = answer.headers.get("madoguchi-release", "")
            other = next((base for release, base in ids.items() if release != said), "")
            expected = 404 if path.startswith("/no") else 303 if path.startswith("/id") else 200
            if answer.status != expected or said not in ids or other.encode() in answer.body:
                failures.append((asked, accept, answer.status, said, answer.body[:300]))
            seen.add((said, path, accept))
            done.wait(0.03)  # busy, but with room for the server that shares these processors

    with serve(folder, poll_seconds=0.05) as running:
        clients = [threading.Thread(target=load, args=(running, client)) for client in range(1, 7)]
        for client in clients:
            client.start()
        for number in range(1, 21):
            release = built[number % 2]
            switch(folder, release)
            assert wait_until(lambda: running.fetch("/readyz").json["release"] == release.id), number  # noqa: B023
        done.set()
        for client in clients:
            client.join()
        assert running.read_metrics()["madoguchi_release_swaps_total"] == 20
        assert wait_until(lambda: len(running.list_processes()) == 7)  # those of the releases before have ended
    assert failures == []
    assert seen == {(release, path, accept) for release in ids for path, accept in PATHS}


def test_release_that_is_damaged_is_not_taken_over(releases, tmp_path):
    folder, built = releases
    good = built[0]
    switch(folder, good)
    broken = tmp_path / "releases" / "0123456789abcdef"
    shutil.copytree(good.path, broken)
    (broken / "all.nq").write_bytes(b"")
    with serve(folder, poll_seconds=0.05) as running:
        link = folder / ".switching"
        link.symlink_to(broken)
        link.replace(folder / CURRENT)
        time.sleep(1)
        assert running.fetch("/readyz").json == {"status": "ready", "release": good.id}
        assert running.fetch("/doc/gov/122173").status == 200
        switch(folder, built[1])
        assert wait_until(lambda: running.fetch("/readyz").json["release"] == built[1].id)


def test_want_of_descriptors_ends_neither_the_server_nor_the_attempts(releases, monkeypatch):
    """The keeper has ended, and the first attempt at another fails for want of descriptors."""
    release = releases[1][0]
    marks = SimpleNamespace(release=release.id)
    attempts: list[object] = [
        SimpleNamespace(marks=marks, is_alive=False),
        OSError(errno.EMFILE, "Too many open files"),
        SimpleNamespace(marks=marks, is_alive=True),
    ]
    served: list[object] = []

    async def start(*_: object) -> object:
        attempt = attempts.pop(0)
        if isinstance(attempt, OSError):
            raise attempt
        return attempt

    async def run() -> None:
        front: Any = SimpleNamespace(take_over=served.append)
        following = asyncio.create_task(
            takeover.follow_releases(front, ServerConfiguration(releases=release.path, poll_seconds=0.001))
        )
        await asyncio.wait({following}, timeout=0.3)
        assert not following.done()
        following.cancel()

    monkeypatch.setattr(takeover, "start_generation", start)
    asyncio.run(run())
    assert (len(served), attempts) == (2, [])
