"""The machine and the versions of everything that took part, so that a result can be told from another."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.datasets import ROOT

_PROGRAMS = {"nginx": ["nginx", "-v"], "wrk": ["wrk", "-v"], "Virtuoso": ["virtuoso-t", "-?"]}
_VERSION = re.compile(r"\d+(?:\.\d+)+")


def describe_machine(peers: Path) -> dict[str, str]:
    """Processor, memory, kernel, versions, commit and date, by what they are called in the report."""
    cpu = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": find_commit(),
        "processor": cpu[1] if cpu else platform.processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory / 1024**3:.1f} GiB",
        "kernel": platform.release(),
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", ""),
        "load before": " ".join(f"{load:.2f}" for load in os.getloadavg()),
        "Python": platform.python_version(),
        **{name: version(name) for name in ("pyoxigraph", "granian", "flask")},
        **_list_peers(peers),
        **{name: find_version(command) for name, command in _PROGRAMS.items()},
    }


def find_commit() -> str:
    """The commit of the code, marked where files differ from it."""
    commit = _run(["git", "-C", str(ROOT), "rev-parse", "--short=10", "HEAD"]).strip()
    changed = _run(["git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=no"]).strip()
    return f"{commit} with changes" if changed else commit


def find_version(command: list[str]) -> str:
    """The first version number that a program prints, empty where there is none."""
    match = _VERSION.search(_run(command))
    return match[0] if match else ""


def _list_peers(peers: Path) -> dict[str, str]:
    lines = _run([str(peers / "python"), "-m", "pip", "freeze", "--disable-pip-version-check"]).splitlines()
    versions = dict(line.split("==") for line in lines if line.count("==") == 1)
    return {name: versions[name] for name in ("oxigraph", "rdflib-endpoint", "rdflib", "uvicorn") if name in versions}


def _run(command: list[str]) -> str:
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except FileNotFoundError:
        return ""
    return result.stdout + result.stderr
