"""The server as a process of its own: it starts, says so, answers, refuses what would end it, and ends when told to."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from rdflib import Graph
from SPARQLWrapper import JSON, SPARQLWrapper
from test_server_guard import NESTS

from lod.errors import MadoguchiError, ReleaseError
from lod.release import Release
from server.configuration import ServerConfiguration
from server.run import claim_address, run_server

DEADLINE = 20.0
PROGRAM = """
import sys
from pathlib import Path
from lod.errors import MadoguchiError
from server.configuration import ServerConfiguration
from server.run import run_server
try:
    run_server(ServerConfiguration(releases=Path(sys.argv[1]), port=int(sys.argv[2])))
except MadoguchiError as error:
    sys.exit(f"error: {error}")
"""


@dataclass(frozen=True)
class Running:
    """A server that was started."""

    process: subprocess.Popen[str]
    url: str

    def ask(self, query: str, **parameters: str) -> tuple[int, str]:
        """Status and body of a query."""
        data = urlencode({"query": query, "format": "json", **parameters}).encode()
        try:
            with urlopen(Request(f"{self.url}sparql", data), timeout=DEADLINE) as response:
                return response.status, response.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def list_processes(self) -> list[int]:
        """The process and its children."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid, *map(int, children.split())]


def wait_until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + DEADLINE
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.02)
    return held


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def start_server(release: Release, port: int = 0) -> Running:
    command = [sys.executable, "-c", PROGRAM, str(release.path), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()  # ends at the latest when the process does
    match = re.match(r"(http://localhost:\d+/) serves release (\w+)", line)
    assert match, line + process.stdout.read()
    assert match[2] == release.id
    return Running(process, match[1])


def stop_server(running: Running, number: int = signal.SIGTERM) -> None:
    running.process.send_signal(number)
    try:
        running.process.communicate(timeout=DEADLINE)
    finally:
        running.process.kill()


@pytest.fixture(scope="module")
def running(release: Release) -> Iterator[Running]:
    started = start_server(release)
    yield started
    stop_server(started)


def test_it_answers_when_it_says_so(running: Running) -> None:
    with urlopen(running.url, timeout=DEADLINE) as response:
        assert response.status == 200
        assert "柏市" in response.read().decode()


def test_rdflib_follows_an_entity_iri_to_its_data(running: Running) -> None:
    graph = Graph().parse(f"{running.url}id/gov/122173")
    assert "Kashiwa City" in {str(o) for o in graph.objects()}


def test_sparqlwrapper_asks_the_endpoint(running: Running) -> None:
    client = SPARQLWrapper(f"{running.url}sparql")
    client.setReturnFormat(JSON)
    for method in ("GET", "POST"):
        client.setMethod(method)
        client.setQuery('SELECT ?s WHERE { ?s schema:name "柏市"@ja ; a schema:City }')
        found = client.queryAndConvert()
        assert [row["s"]["value"][-6:] for row in found["results"]["bindings"]] == ["122173"]


def test_no_query_opens_a_connection(running: Running) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        x = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        statuses = [
            running.ask(query.replace("X", f"<{x}>"), **parameters)[0]
            for query, parameters in (
                ("SELECT * { SERVICE X { ?s ?p ?o } }", {}),
                ("SELECT * { SERVICE SILENT X { ?s ?p ?o } }", {}),
                ("SELECT * { ?s ?p 1SERVICEX{} }", {}),
                ("SELECT * FROM X { ?s ?p ?o }", {}),
                ("SELECT * FROM NAMED X { GRAPH ?g { ?s ?p ?o } }", {}),
                ("SELECT * { GRAPH X { ?s ?p ?o } }", {}),
                ("SELECT * { ?s ?p ?o }", {"default-graph-uri": x}),
                ("SELECT * { GRAPH ?g { ?s ?p ?o } }", {"named-graph-uri": x}),
                ("LOAD X", {}),
                ("DESCRIBE X", {"format": "ttl"}),
            )
        ]
        with pytest.raises(TimeoutError):
            listener.accept()
    assert statuses == [400, 400, 400, 200, 200, 200, 200, 200, 403, 200]


def test_graphs_that_are_not_here_are_empty(running: Running) -> None:
    status, body = running.ask("SELECT * FROM <http://127.0.0.1:9/x> { ?s ?p ?o }")
    assert (status, json.loads(body)["results"]["bindings"]) == (200, [])


def test_nested_brackets_do_not_end_the_process(running: Running) -> None:
    before = running.list_processes()
    for name, query in NESTS.items():
        assert running.ask(query)[0] == 400, name
    assert running.ask("SELECT * " + "{" * 60 + "}" * 60)[0] == 200
    assert running.ask("SELECT * { " + "FILTER EXISTS {" * 40 + "?s ?p (" + "1 " * 60 + ")" + "}" * 40 + " }")[0] == 200
    assert running.ask("ASK {}")[0] == 200
    assert running.list_processes() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told_to_and_leaves_no_process(release: Release, number: int) -> None:
    started = start_server(release)
    processes = started.list_processes()
    assert len(processes) == 2
    stop_server(started, number)
    assert started.process.returncode == 0
    assert wait_until(lambda: not any(map(is_alive, processes)))


def test_a_killed_parent_takes_its_worker_along(release: Release) -> None:
    started = start_server(release)
    processes = started.list_processes()
    stop_server(started, signal.SIGKILL)
    assert wait_until(lambda: not any(map(is_alive, processes[1:])))


def test_a_port_in_use_is_a_clear_error(running: Running, release: Release) -> None:
    port = running.url.rpartition(":")[2].strip("/")
    command = [sys.executable, "-c", PROGRAM, str(release.path), port]
    second = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)
    assert second.returncode == 1
    assert (
        second.stderr == f"error: cannot listen on 127.0.0.1 port {port}: Address already in use; choose another with --port\n"
    )
    assert second.stdout == ""


def test_an_unknown_host_is_a_clear_error() -> None:
    with pytest.raises(MadoguchiError, match="not known"):
        claim_address("no.such.host.invalid", 0)


def test_port_0_takes_a_free_one() -> None:
    host, port = claim_address("localhost", 0)
    assert host in ("127.0.0.1", "::1")
    assert port > 0


def test_without_a_release_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="lod build"):
        run_server(ServerConfiguration(releases=tmp_path))
