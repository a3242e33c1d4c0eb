"""The data sets that are served: the release of the shipped documents, and generated ones."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from bench.data import write_data
from bench.processes import run_program
from bench.subjects import Subjects, read_subjects
from lod.iris import Iris

ROOT = Path(__file__).resolve().parent.parent
SEED = 20_240_401
REAL = "real"
_BUILDING = 300.0  # seconds that a build is given


@dataclass(frozen=True)
class Dataset:
    """A file of N-Quads, how many it has, and what can be asked of it.

    `releases` is the folder of the release that the file belongs to, None for generated data. `building` is the seconds that
    `lod build` took.
    """

    name: str
    file: Path
    quads: int
    subjects: Subjects
    releases: Path | None = None
    building: float | None = None


def build_real(folder: Path) -> Dataset:
    """Builds a release of the shipped documents."""
    releases = folder / "releases"
    command = [sys.executable, "-m", "lod", "build", "--seeds", str(ROOT / "seeds"), "--out", str(releases)]
    building = run_program(command, folder / "build.log", ROOT, _BUILDING)
    file = releases / "current" / "all.nq"
    with file.open("rb") as lines:
        quads = sum(1 for _ in lines)
    return Dataset(REAL, file, quads, read_subjects(file, Iris(), SEED), releases, building)


def generate(name: str, size: int, folder: Path) -> Dataset:
    """Writes a generated data set of about `size` quads."""
    file = folder / f"{name}.nq"
    quads = write_data(file, size, SEED, ROOT / "ontology", Iris())
    return Dataset(name, file, quads, read_subjects(file, Iris(), SEED))
