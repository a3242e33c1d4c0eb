"""Fixtures that several test modules share: the shipped seeds, and the release that is built from them."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from browser import chromium, site  # noqa: F401  # fixtures, for all tests
from flask.testing import FlaskClient

from lod.configuration import Configuration
from lod.iris import DEFAULT_BASE
from lod.pipeline import Checked, build_release, check_seeds
from lod.place_table import read_places
from lod.places import Gazetteer
from lod.release import Release, open_release
from lod.seeds import Facts, read_seeds
from server.app import create_app

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
QUICK = ("test_changed_documents.py", "test_validation.py")  # many tests, of which each is quick
LONG = (  # the longest first
    "test_accessibility.py",
    "test_crawl.py",
    "test_worker_pool.py",
    "test_server_run.py",
    "test_browser_walks.py",
    "test_takeover.py",
    "test_readers.py",
    "test_reproducibility.py",
    "test_fuzz.py",
    "test_twin.py",
    "test_editor.py",
    "test_checks.py",
)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait, for servers to start and end, and for limits to pass."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules that a worker is long about come first, so that none goes on alone at the end; before them, tests for `alone`.

    For the latter all workers wait: at the start, beside modules of many quick tests, that is soon.
    """
    alone = {item.path.name for item in items if item.get_closest_marker("alone")}
    first = [*sorted(alone), *QUICK, *LONG]
    items.sort(key=lambda item: first.index(item.path.name) if item.path.name in first else len(first))


@pytest.fixture(autouse=True)
def _take_turns(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A test that is marked `alone` measures how long answers take: the workers of this run do nothing else meanwhile."""
    folder = get_run_folder(tmp_path_factory)
    with (folder / "gate.lock").open("a") as gate, (folder / "room.lock").open("a") as room:
        fcntl.flock(gate, fcntl.LOCK_EX)  # so that who waits for the empty room is let in before those who come after
        fcntl.flock(room, fcntl.LOCK_EX if request.node.get_closest_marker("alone") else fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        yield


@pytest.fixture(scope="session", autouse=True)
def _read_the_reference_table_once() -> Iterator[None]:
    """Most tests of reading have seeds of their own, but the shipped table of places, which nobody changes once it is read."""
    shipped, kept = (SEEDS / "places.csv").read_bytes(), cache(read_places)

    def read(path: Path) -> Gazetteer:
        is_shipped = path.is_file() and path.read_bytes() == shipped
        return kept(SEEDS / "places.csv") if is_shipped else read_places(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lod.seeds.read_places", read)
        yield


def get_run_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of this run share; each has one of its own in it."""
    folder = factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def ignore_progress(_: str) -> None:
    """What a test passes where a build reports its progress."""


@pytest.fixture(scope="session")
def facts() -> Facts:
    """The shipped documents, read."""
    return read_seeds(SEEDS)


@pytest.fixture(scope="session")
def checked() -> Checked:
    """The shipped documents, read and validated."""
    return check_seeds(Configuration(seeds=SEEDS), ignore_progress)


def share_release(factory: pytest.TempPathFactory, base: str) -> Release:
    """The release of the shipped documents under that base IRI, built by whichever worker of the run needs it first."""
    folder = get_run_folder(factory)
    out = folder / f"releases-{sha256(base.encode()).hexdigest()[:8]}"
    with (folder / f"{out.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return open_release(out) if out.exists() else build_release(Configuration(SEEDS, out, base), ignore_progress)


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of the shipped documents."""
    return share_release(tmp_path_factory, DEFAULT_BASE)


@pytest.fixture(scope="session")
def release_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The same under a base IRI that is not where it is served."""
    return share_release(tmp_path_factory, "https://data.example.jp/lod/")


@pytest.fixture(scope="session")
def client(release: Release) -> FlaskClient:
    """A client of the application that serves the release."""
    return create_app(release).test_client(use_cookies=False)


@pytest.fixture
def visitor(client: FlaskClient) -> FlaskClient:
    """A client of the same application with cookies of its own."""
    return client.application.test_client()


@pytest.fixture
def listener() -> Iterator[tuple[int, threading.Event]]:
    """A port on the loopback that somebody listens on, and whether anybody came."""
    came, done = threading.Event(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)

        def accept() -> None:
            while not done.is_set():
                try:
                    server.accept()[0].close()
                    came.set()
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1], came
        done.set()
        thread.join()


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the shipped seeds that a test may change."""
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS, folder)
    return folder
