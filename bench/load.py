"""Load: wrk plays prepared requests over eight connections and tells how many were answered, and how soon."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8
_SCRIPT = Path(__file__).parent / "play.lua"


@dataclass(frozen=True)
class Template:
    """A request that wrk varies: a path with places for subject and serial number, the subjects, and the Accept header."""

    path: str
    accept: str
    subjects: Sequence[str] = ()

    def fill(self, subject: str, serial: str = "") -> str:
        """The path for a subject."""
        return self.path.replace("SUBJECT", subject).replace("SERIAL", serial)


@dataclass(frozen=True)
class Sample:
    """What a server did in one go: answers a second, median and 99th percentile of the latency in seconds, failures."""

    rate: float
    median: float
    p99: float
    requests: int
    failed: int = 0
    is_loaded: bool = True  # False where the server is too slow for load, and was asked one question after another


def write_plan(templates: Sequence[Template]) -> str:
    """The requests in the form that `play.lua` reads."""
    return "".join(
        line + "\n"
        for template in templates
        for line in (f"T\t{template.accept}\t{template.path}", *(f"S\t{subject}" for subject in template.subjects))
    )


def play_requests(port: int, templates: Sequence[Template], seconds: float, serial: int, folder: Path) -> Sample:
    """Puts load on a server for some seconds; `serial` is the number to count on from."""
    plan = folder / "plan"
    plan.write_text(write_plan(templates), encoding="ascii")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "--timeout", "60s", "-s", str(_SCRIPT)]
    command += [f"http://127.0.0.1:{port}", "--", str(plan), str(serial)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 90, check=True)
    return read_summary(result.stdout)


def read_summary(output: str) -> Sample:
    """The sample that the script prints in its last line."""
    found = json.loads(output.strip().splitlines()[-1])
    failed = found["refused"] + found["broken"]
    return Sample(
        rate=(found["requests"] - found["refused"]) * 1e6 / found["microseconds"],
        median=found["p50"] / 1e6,
        p99=found["p99"] / 1e6,
        requests=found["requests"],
        failed=failed,
    )
