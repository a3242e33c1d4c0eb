"""Fixtures that several test modules share: the shipped seeds, and the release that is built from them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lod.configuration import Configuration
from lod.pipeline import Checked, build_release, check_seeds
from lod.release import Release
from lod.seeds import Facts, read_seeds

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


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the shipped seeds that a test may change."""
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS, folder)
    return folder
