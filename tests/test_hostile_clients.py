"""All that hostile clients do, at once, beside two hundred honest ones who must not notice."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from serving import ENDLESS, GREEDY, Running, serve
from test_server_guard import NESTS

HONEST = 200  # clients
SECONDS = 5.0
MEMORY = 256 * 1024 * 1024  # bytes a query gets here


def send(running: Running, address: str, data: bytes, *, read: bool = True) -> bytes:
    with socket.create_connection(("127.0.0.1", running.port), timeout=12, source_address=(address, 0)) as connection:
        connection.sendall(data)
        return connection.recv(100) if read else b""


def post(query: bytes, extra: str = "") -> bytes:
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: {len(query)}\r\n"
    return f"{head}{extra}\r\n".encode() + query


def list_attacks(running: Running, listener: int, held: list[socket.socket]) -> dict[str, Callable[[str], object]]:
    """What each attacker does again and again, from its own address; connections that are kept open go to `held`."""
    nests = iter([*NESTS.values()] * 10_000)
    everything = b"SELECT * { GRAPH ?g { ?s ?p ?o } }"

    def read_slowly(address: str) -> None:
        connection = socket.create_connection(("127.0.0.1", running.port), source_address=(address, 0))
        connection.sendall(post(everything) + b"GET /dumps/all.nq HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(10)
        held.append(connection)  # and reads no more
        threading.Event().wait(0.2)

    def send_slowly(address: str) -> None:
        connection = socket.create_connection(("127.0.0.1", running.port), source_address=(address, 0))
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nContent-Type: application/sparql-query\r\n\r\nA"
        )
        held.append(connection)
        threading.Event().wait(0.1)

    return {
        "nested": lambda a: running.ask(next(nests), a),
        "endless": lambda a: running.ask(f"{ENDLESS} #{threading.get_ident()}", a),
        "greedy": lambda a: running.ask(GREEDY, a),
        "slow reader": read_slowly,
        "slow sender": send_slowly,
        "aborted": lambda a: send(running, a, post(ENDLESS.encode()), read=False),
        "half sent": lambda a: send(running, a, post(b"x" * 99)[:-50], read=False),
        "large body": lambda a: send(running, a, post(b"x" * 10_000_000)),
        "not UTF-8": lambda a: send(
            running, a, post(b"SELECT * { ?s ?p '\xff\xfe' }") + b"GET /doc/%FF%FE\xe8 HTTP/1.1\r\n\r\n"
        ),
        "headers": lambda a: send(running, a, b"GET / HTTP/1.1\r\n" + b"X-Y: z\r\n" * 20_000 + b"\r\n"),
        "traversal": lambda a: running.fetch("/dumps/..%2f..%2f..%2fetc/passwd", address=a),
        "traversal in the plain": lambda a: send(running, a, b"GET /source/../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n"),
        "service": lambda a: running.ask(f"SELECT * {{ SERVICE <http://127.0.0.1:{listener}/> {{ ?s ?p ?o }} }}", a),
        "rubbish": lambda a: send(running, a, bytes(range(256)) * 10),
    }


@pytest.mark.alone
def test_honest_clients_notice_nothing_of_hostile_ones(release, listener, tmp_path):
    report = tmp_path / "results.json"
    port, came = listener
    done = threading.Event()
    peak = 0
    honest = [sys.executable, str(Path(__file__).parent / "honest_clients.py")]
    with serve(release.path, limits={"memory": MEMORY, "seconds": 3}, stalled_seconds=2) as running:
        before = running.measure_memory()

        def attack(address: str, act: Callable[[str], object]) -> None:
            while not done.is_set():
                with contextlib.suppress(OSError):  # it is cut off, as it should be
                    act(address)
                done.wait(0.02)

        held: list[socket.socket] = []
        attackers = [
            threading.Thread(target=attack, args=(f"127.0.4.{2 * number + twin + 1}", act))
            for number, act in enumerate(list_attacks(running, port, held).values())
            for twin in range(2)
        ]
        for attacker in attackers:
            attacker.start()
        with report.open("wb") as output:
            clients = subprocess.Popen([*honest, str(running.port), str(HONEST), str(SECONDS)], stdout=output)
        while clients.poll() is None:
            peak = max(peak, running.measure_memory())
            with contextlib.suppress(subprocess.TimeoutExpired):
                clients.wait(0.3)
        results: list[tuple[str, int, float]] = json.loads(report.read_bytes())
        done.set()
        for attacker in attackers:
            attacker.join()
        for connection in held:
            connection.close()
        assert running.ask("ASK {}").status == 200
    assert [r for r in results if r[1] not in (200, 303)] == []
    assert [r for r in results if r[2] > 2] == []
    assert len(results) > 4 * HONEST
    assert not came.is_set()
    assert peak - before < 6 * MEMORY + 512 * 1024 * 1024  # the queries that may run at once, and what the front holds
