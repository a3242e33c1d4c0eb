"""`python -m bench.build`: how long a build of the shipped documents takes, one with nothing changed, and a server's start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import click

from bench.datasets import ROOT
from server.run import claim_address

MOST = {"cold build": 15.0, "unchanged build": 2.0}  # seconds that are aimed at


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rounds", default=5, show_default=True, help="How often each is measured; the median is told.")
def main(rounds: int) -> None:
    """Measures builds and the start of the server, each as a command of its own; run it on an idle machine.

    Example: python -m bench.build --rounds 3
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measures: dict[str, Callable[[int], float]] = {
            "cold build": lambda number: build(folder / str(number)),
            "unchanged build": lambda _: build(folder / "0"),
            "start of the server": lambda _: start_server(folder / "0"),
        }
        print(f"load before: {os.getloadavg()[0]:.2f}")
        for what, measure in measures.items():
            seconds = sorted(measure(number) for number in range(rounds))
            aim = f", aimed at less than {MOST[what]:.0f} s" if what in MOST else ""
            print(f"{what}: {median(seconds):.2f} s (median of {rounds}, {seconds[0]:.2f} to {seconds[-1]:.2f}){aim}")


def build(out: Path) -> float:
    """The seconds of `lod build` into that folder; raises CalledProcessError when it fails."""
    command = [sys.executable, "-m", "lod", "build", "--seeds", str(ROOT / "seeds"), "--out", str(out)]
    start = time.monotonic()
    subprocess.run(command, capture_output=True, check=True)
    return time.monotonic() - start


def start_server(out: Path) -> float:
    """The seconds until `lod serve` says that it answers; raises RuntimeError when it does not."""
    _, port = claim_address("localhost", 0)
    command = [sys.executable, "-m", "lod", "serve", "--seeds", str(ROOT / "seeds"), "--out", str(out), "--port", str(port)]
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("http"):
            raise RuntimeError(f"lod serve did not start: {line}")
        return time.monotonic() - start
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
