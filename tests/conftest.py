"""Fixtures that several test modules share: the shipped seeds, and the release that is built from them."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lod.configuration import Configuration
from lod.pipeline import Checked, build_release, check_seeds
from lod.release import Release
from lod.seeds import Facts, read_seeds
from server.app import create_app

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"


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


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of the shipped documents."""
    return build_release(Configuration(seeds=SEEDS, out=tmp_path_factory.mktemp("releases")), ignore_progress)


@pytest.fixture(scope="session")
def client(release: Release) -> FlaskClient:
    """A client of the application that serves the release."""
    return create_app(release).test_client()


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
