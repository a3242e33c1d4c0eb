"""The peers that come as Python packages, in an environment of their own."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from shutil import which

from bench.datasets import ROOT
from bench.processes import ProcessFailed, run_program

PROGRAMS = {
    "wrk": "wrk",
    "nginx": "nginx-light",
    "virtuoso-t": "virtuoso-opensource",
    "isql-vt": "virtuoso-opensource",
    "setpriv": "util-linux",
    "prlimit": "util-linux",
}
_INSTALLING = 600.0  # seconds


def find_missing_packages() -> list[str]:
    """The Debian packages of the programs that are not there."""
    return sorted({package for program, package in PROGRAMS.items() if not which(program)})


def install_peers(folder: Path) -> Path:
    """Makes an environment with the packages of the group `bench`; returns the folder of its programs. Raises ProcessFailed."""
    requirements = read_requirements()
    programs = folder / "env" / "bin"
    marker = folder / "installed.txt"
    if not marker.is_file() or marker.read_text(encoding="utf-8") != "\n".join(requirements):
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / "install.log"
        run_program([sys.executable, "-m", "venv", "--clear", str(folder / "env")], log, ROOT, _INSTALLING)
        run_program([str(programs / "pip"), "install", "--quiet", *requirements], log, ROOT, _INSTALLING)
        if not (programs / "oxigraph").is_file():
            raise ProcessFailed(f"{programs} has no oxigraph: see {log}")
        marker.write_text("\n".join(requirements), encoding="utf-8")
    return programs


def read_requirements() -> list[str]:
    """The pinned packages of the group `bench` in pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        groups = tomllib.load(file)["project"]["optional-dependencies"]
    return list(groups["bench"])
