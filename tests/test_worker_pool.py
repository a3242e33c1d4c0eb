"""Queries run where they can harm nobody: within time, memory and number, and without keeping others waiting."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from serving import ENDLESS, GREEDY, Running, serve, wait_until
from test_server_guard import NESTS, SERVICES

from lod.release import Release

# Each hides its SERVICE from a reader that takes `<…#…>` for an IRI where the engine takes `<` for less-than.
HIDDEN = [
    "SELECT * { FILTER(1<rand#>'''\n()||true) SERVICE<http://127.0.0.1:9/x>{?s ?p ?o} #'''\n}",
    "SELECT * { FILTER(1<<http://x#>||true) SERVICE<http://127.0.0.1:9/x>{?s ?p ?o}\n}",
    "SELECT * { FILTER(?a<<urn:x'''>||true) SERVICE<http://127.0.0.1:9/x>{?s ?p ?o} #'''\n}",
]
OVERFLOWING = {
    "false IRI": 'SELECT * { FILTER(1<2#>"""\n||' + "(" * 5000 + '2) #"""\n }',
    "describe": "DESCRIBE " + "<a>" * 30_000,
    "order": "SELECT * { ?s ?p ?o } ORDER BY " + "(1)" * 30_000,
    "group": "SELECT (COUNT(*) AS ?x) {} GROUP BY " + "(1)" * 30_000,
    "having": "SELECT (1 AS ?x) {} HAVING " + "(1)" * 30_000,
    "values": "SELECT * FROM <values> { FILTER(" + "!" * 90_000 + "true) }",
}
OTHER = "127.0.0.2"  # another client


@pytest.fixture(scope="module")
def running(release: Release) -> Iterator[Running]:
    with serve(release.path, limits={"seconds": 4, "slow": 2}) as started:
        yield started


@pytest.fixture(scope="module")
def strict(release: Release) -> Iterator[Running]:
    """A server that gives a query half the time and few rows."""
    with serve(release.path, limits={"seconds": 2, "slow": 1, "rows": 20_000}) as started:
        yield started


def count(running: Running, outcome: str) -> float:
    return running.read_metrics().get(f'madoguchi_lane_outcomes_total{{lane="queries",outcome="{outcome}"}}', 0)


def gauge(running: Running, name: str) -> float:
    return running.read_metrics()[f'madoguchi_lane_{name}{{lane="queries"}}']


def open_query(running: Running, query: str, address: str = "127.0.0.1") -> socket.socket:
    """A connection on which a query was sent and nothing was read."""
    body = urlencode({"query": query}).encode()
    head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
    connection = socket.create_connection(("127.0.0.1", running.port), source_address=(address, 0))
    connection.sendall(f"{head}{len(body)}\r\n\r\n".encode() + body)
    return connection


def test_no_service_opens_a_connection_however_it_is_written(running, listener):
    port, came = listener
    for query in [*SERVICES, *HIDDEN]:
        answer = running.ask(query.replace("127.0.0.1:9/", f"127.0.0.1:{port}/"))
        silent = "SILENT" in query  # what fails silently is an empty answer
        assert answer.status == 400 or (silent and answer.status == 200), (query, answer.text)
    assert not came.wait(0.5)


@pytest.mark.parametrize("name", [*NESTS, *OVERFLOWING])
def test_nothing_that_is_nested_ends_the_server(strict, name):
    assert strict.ask({**NESTS, **OVERFLOWING}[name]).status in (200, 400, 413, 503, 504)
    assert strict.ask(f"ASK {{}} # {name}").json["boolean"] is True


def test_query_that_takes_too_long_is_a_504_in_the_form_asked_for(running):
    answer = running.ask(ENDLESS)
    assert (answer.status, answer.headers["content-type"]) == (504, "application/problem+json")
    assert "4 seconds" in answer.json["detail"]
    assert answer.headers["cache-control"] == "no-store"


def test_query_that_takes_too_much_memory_is_a_503(release):
    with serve(release.path, limits={"memory": 50_000_000}) as running:
        answer = running.ask(GREEDY)
        assert (answer.status, "memory" in answer.text) == (503, True)
        assert running.ask("ASK {}").status == 200
        assert count(running, "too large") == 1


def test_short_queries_of_others_are_answered_while_long_ones_run(running):
    with ThreadPoolExecutor(8) as threads:
        long = [threads.submit(running.ask, ENDLESS, "127.0.0.3") for _ in range(6)]
        time.sleep(1)
        start = time.monotonic()
        assert [running.ask(f"ASK {{}} #{n}", OTHER).status for n in range(20)] == [200] * 20
        assert time.monotonic() - start < 2
        assert gauge(running, "slow") == 2
        assert {answer.result().status for answer in long} == {503, 504}


def test_who_has_most_of_the_long_queries_loses_one_first(running):
    with ThreadPoolExecutor(4) as threads:
        greedy = [threads.submit(running.ask, ENDLESS, "127.0.0.4") for _ in range(2)]
        assert wait_until(lambda: gauge(running, "slow") == 2, 3.5)
        modest = threads.submit(running.ask, ENDLESS, "127.0.0.5")
        assert sorted(answer.result().status for answer in greedy) == [503, 504]
        assert modest.result().status == 504


def test_query_ends_when_its_client_goes(running):
    before = count(running, "client gone")
    connections = [open_query(running, ENDLESS) for _ in range(2)]
    assert wait_until(lambda: gauge(running, "running") == 2, 1)
    for connection in connections:
        connection.close()
    assert wait_until(lambda: gauge(running, "running") == 0, 1)
    assert count(running, "client gone") == before + 2
    assert running.ask("ASK {}").status == 200


def test_full_queue_is_a_503_at_once_and_too_many_of_one_client_a_429(release):
    with serve(release.path, limits={"workers": 1, "slow": 0, "patience": 60, "queue": 2, "per_client": 3}) as running:
        held = [open_query(running, ENDLESS) for _ in range(3)]  # one runs, two wait
        assert wait_until(lambda: (gauge(running, "running"), gauge(running, "waiting")) == (1, 2), 2)
        start = time.monotonic()
        own, other = running.ask("ASK {} # own"), running.ask("ASK {} # other", OTHER)
        assert time.monotonic() - start < 1
        assert [(a.status, a.headers["retry-after"].isdecimal()) for a in (own, other)] == [(429, True), (503, True)]
        assert running.fetch("/doc/gov/122173").status == 200  # pages have processes of their own
        for connection in held:
            connection.close()
        assert wait_until(lambda: running.ask("ASK {} # after").status == 200, 5)


def test_who_had_a_share_of_all_time_must_wait_while_others_do(release):
    limits = {"workers": 1, "slow": 0, "patience": 60, "seconds": 1, "share": 0.05}  # half a second of the last ten
    with serve(release.path, limits=limits) as running:
        assert running.ask(ENDLESS).status == 504
        assert running.ask("ASK {}").status == 200  # while nobody waits, there is no limit
        held = [open_query(running, ENDLESS, "127.0.0.9") for _ in range(2)]
        assert wait_until(lambda: gauge(running, "waiting") == 1, 2)
        own, other = running.ask("ASK {} # again"), running.ask("ASK {} # first", OTHER)
        for connection in held:
            connection.close()
    assert (own.status, own.headers["retry-after"], other.status) == (429, "10", 200)


def test_query_that_waits_too_long_for_a_process_is_a_503(release):
    with serve(release.path, limits={"workers": 1, "slow": 0, "patience": 60, "wait": 0.3}) as running:
        held = open_query(running, ENDLESS)
        assert wait_until(lambda: gauge(running, "running") == 1, 2)
        answer = running.ask("ASK {} # waits", OTHER)
        held.close()
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")


def test_slow_reader_of_a_large_result_holds_no_worker(running):
    connection = open_query(running, "SELECT * { GRAPH ?g { ?s ?p ?o } }")
    assert wait_until(lambda: gauge(running, "running") == 0)
    assert connection.recv(12) == b"HTTP/1.1 200"
    connection.close()


def test_large_result_is_whole(running):
    query = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
    number = int(running.ask(f"SELECT (COUNT(*) AS ?n) {{ {query} }}", format="csv").text.split()[1])
    answer = running.ask(query, format="csv")
    assert answer.text.count("\r\n") == number + 1
    assert int(answer.headers["content-length"]) == len(answer.body)


@pytest.mark.parametrize("wanted", ["csv", "json", "xml"])
def test_nothing_of_a_result_that_is_too_long_is_sent(strict, wanted):
    answer = strict.ask("SELECT * { GRAPH ?g { ?s ?p ?o } }", format=wanted)
    assert (answer.status, answer.json["status"]) == (422, 422)
    assert int(answer.headers["content-length"]) == len(answer.body)


def test_front_starts_another_keeper_when_it_has_ended(release):
    with serve(release.path, poll_seconds=0.1, limits={"wait": 1}) as running:
        keeper = running.list_processes()[2]

        os.kill(keeper, signal.SIGKILL)
        assert wait_until(lambda: answers(running))


def answers(running: Running) -> bool:
    try:
        return running.ask("ASK {}").status == 200
    except (OSError, http.client.HTTPException):
        return False


def test_queries_do_not_wait_for_one_another_at_the_front(running):
    """Many clients at once, each with its own query: every one is answered."""
    results: list[int] = []

    def ask(number: int) -> None:
        results.append(running.ask(f"SELECT ?s {{ ?s a jle:Listing }} LIMIT {number}", f"127.0.1.{number}").status)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(1, 61)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 60
