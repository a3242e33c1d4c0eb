"""The server as a process of its own: it starts, says so, answers, refuses what would end it, and ends when told to."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from rdflib import Graph
from serving import DEADLINE, ENDLESS, PROGRAM, Running, is_alive, serve, start_server, stop_server, wait_until
from SPARQLWrapper import JSON, SPARQLWrapper
from test_server_guard import NESTS

from lod.errors import MadoguchiError, ReleaseError
from lod.release import Release
from server.configuration import ServerConfiguration
from server.run import claim_address, run_server


@pytest.fixture(scope="module")
def running(release: Release) -> Iterator[Running]:
    with serve(release.path) as started:
        yield started


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
            running.ask(query.replace("X", f"<{x}>"), **parameters).status
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
    answer = running.ask("SELECT * FROM <http://127.0.0.1:9/x> { ?s ?p ?o }")
    assert (answer.status, answer.json["results"]["bindings"]) == (200, [])


def test_nested_brackets_do_not_end_the_process(running: Running) -> None:
    before = running.list_processes()
    for name, query in NESTS.items():
        assert running.ask(query).status == 400, name
    assert running.ask("SELECT * " + "{" * 60 + "}" * 60).status == 200
    assert running.ask("SELECT * { " + "FILTER EXISTS {" * 40 + "?s ?p (" + "1 " * 60 + ")" + "}" * 40 + " }").status == 200
    assert running.ask("ASK {}").status == 200
    assert running.list_processes() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told_to_and_leaves_no_process(release: Release, number: int) -> None:
    started = start_server(release.path)
    processes = started.list_processes()
    assert len(processes) == 7  # granian, the front, the keeper, and two workers in each of two lanes
    stop_server(started, number)
    assert started.process.returncode == 0
    assert wait_until(lambda: not any(map(is_alive, processes)))


@pytest.mark.parametrize("victim", range(3), ids=["granian", "front", "keeper"])
def test_no_process_is_left_whichever_is_killed(release: Release, victim: int) -> None:
    started = start_server(release.path)
    threading.Thread(target=ask_in_vain, args=(started,)).start()
    processes = started.list_processes()
    os.kill(processes[victim], signal.SIGKILL)
    assert wait_until(lambda: not any(map(is_alive, processes[victim + 1 :])))
    stop_server(started)
    assert wait_until(lambda: not any(map(is_alive, processes)))


def ask_in_vain(started: Running) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):
        started.ask(ENDLESS)


def test_a_port_in_use_is_a_clear_error(running: Running, release: Release) -> None:
    port = running.url.rpartition(":")[2].strip("/")
    command = [sys.executable, "-c", PROGRAM, str(release.path), json.dumps({"port": int(port)})]
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
