"""A server in processes of its own, as tests start it, ask it and end it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

DEADLINE = 20.0  # seconds
PROGRAM = """
import json, sys
from pathlib import Path
from lod.errors import MadoguchiError
from server.configuration import QueryLimits, ServerConfiguration
from server.run import run_server
settings = json.loads(sys.argv[2])
limits = QueryLimits(**settings.pop("limits", {}))
try:
    run_server(ServerConfiguration(releases=Path(sys.argv[1]), limits=limits, **settings))
except MadoguchiError as error:
    sys.exit(f"error: {error}")
"""
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c"


@dataclass(frozen=True)
class Answer:
    """What came back; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Running:
    """A server that was started."""

    process: subprocess.Popen[str]
    url: str

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2].strip("/"))

    def fetch(
        self,
        path: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        address: str = "127.0.0.1",
    ) -> Answer:
        """One request on a connection of its own, from any address of the loopback."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE, source_address=(address, 0))
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            found: dict[str, str] = {}
            for name, value in response.getheaders():
                found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def ask(self, query: str, address: str = "127.0.0.1", **parameters: str) -> Answer:
        """A query by form, with results as JSON unless the parameters say otherwise."""
        form = urlencode({"query": query, "format": "json", **parameters}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json, */*;q=0.1"}
        return self.fetch("/sparql", "POST", headers, form, address)

    def read_metrics(self) -> dict[str, float]:
        """The figures of `/metrics` by name and labels."""
        lines = self.fetch("/metrics").text.splitlines()
        return {name: float(value) for name, _, value in (x.rpartition(" ") for x in lines if not x.startswith("#"))}

    def list_processes(self) -> list[int]:
        """The process and all that it, or those it started, have started."""
        return list(list_tree(self.process.pid))

    def measure_memory(self) -> int:
        """Bytes that all its processes take together: what they share counts once (PSS)."""
        total = 0
        for pid in self.list_processes():
            try:
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            except OSError:  # it has just ended
                continue
            total += int(re.findall(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[0]) * 1024
        return total


def list_tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in children:
            yield from list_tree(int(child))


def wait_until(holds: Callable[[], bool], seconds: float = DEADLINE) -> bool:
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.02)
    return held


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def start_server(releases: Path, **settings: Any) -> Running:
    """A server on a free port, once it says that it answers; the settings are those of the configuration."""
    command = [sys.executable, "-c", PROGRAM, str(releases), json.dumps({"port": 0, **settings})]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()  # ends at the latest when the process does
    match = re.match(r"(http://localhost:\d+/) serves ", line)
    assert match, line + process.stdout.read()
    return Running(process, match[1])


def stop_server(running: Running, number: int = signal.SIGTERM) -> str:
    """What it printed after its first line."""
    running.process.send_signal(number)
    try:
        return running.process.communicate(timeout=DEADLINE)[0]
    finally:
        running.process.kill()


@contextmanager
def serve(releases: Path, **settings: Any) -> Iterator[Running]:
    """A server while the block runs; it must not have printed a traceback, and leaves no process."""
    running = start_server(releases, **settings)
    try:
        yield running
    finally:
        processes = running.list_processes()
        printed = stop_server(running)
    assert "Traceback" not in printed, printed
    assert wait_until(lambda: not any(map(is_alive, processes)))
