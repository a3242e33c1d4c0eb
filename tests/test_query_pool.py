"""Queries run where they can open no connection and end no process but their own."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from test_server_guard import NESTS, SERVICES

from lod.release import Release
from server.app import create_app
from server.configuration import QueryLimits
from server.query_messages import Ask
from server.query_pool import QueryPool, TooBusy, TooLarge, TooSlow

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c"
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


@pytest.fixture(scope="module")
def client(release: Release) -> FlaskClient:
    return create_app(release, QueryLimits(seconds=4)).test_client()


def test_no_service_opens_a_connection_however_it_is_written(client, listener):
    port, came = listener
    for query in [*SERVICES, *HIDDEN]:
        text = query.replace("127.0.0.1:9/", f"127.0.0.1:{port}/")
        response = client.post("/sparql", data={"query": text}, headers={"Accept": "application/json"})
        silent = "SILENT" in query  # what fails silently is an empty answer
        assert response.status_code == 400 or (silent and response.status_code == 200), (query, response.text)
    assert not came.wait(0.5)


def test_remote_graphs_are_empty_and_not_fetched(client, listener):
    port, came = listener
    address = f"http://127.0.0.1:{port}/"
    for query, parameters in (
        (f"ASK FROM <{address}> {{ ?s ?p ?o }}", {}),
        (f"ASK FROM NAMED <{address}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", {}),
        ("ASK { ?s ?p ?o }", {"default-graph-uri": address}),
    ):
        response = client.get("/sparql", query_string={"query": query, **parameters}, headers={"Accept": "application/json"})
        assert response.get_json() == {"head": {}, "boolean": False}
    assert not came.wait(0.5)


@pytest.mark.parametrize("name", [*NESTS, *OVERFLOWING])
def test_nothing_that_is_nested_ends_the_server(client, name):
    query = {**NESTS, **OVERFLOWING}[name]
    response = client.post("/sparql", data={"query": query}, headers={"Accept": "text/plain, */*;q=0.1"})
    assert response.status_code in (200, 400, 413, 503, 504)
    assert client.get("/sparql", query_string={"query": "ASK {}", "format": "json"}).get_json()["boolean"] is True


def test_query_that_takes_too_long_is_a_504_and_the_next_one_is_answered(release):
    client = create_app(release, QueryLimits(seconds=0.5)).test_client()
    response = client.get("/sparql", query_string={"query": ENDLESS}, headers={"Accept": "application/json"})
    assert (response.status_code, response.mimetype) == (504, "application/problem+json")
    assert "0.5 seconds" in response.text
    assert client.get("/sparql", query_string={"query": "ASK {}", "format": "json"}).status_code == 200


def test_limits_of_time_memory_and_number(release):
    ask = Ask("ASK {}", (), (), "json", "turtle")
    pool = QueryPool(release.path, QueryLimits(seconds=1, workers=1, wait=0.2))
    assert pool.ask(ask).body == b'{"head":{},"boolean":true}'

    def ask_slowly() -> None:
        with pytest.raises(TooSlow):
            pool.ask(Ask(ENDLESS, (), (), "json", "turtle"))

    slow = threading.Thread(target=ask_slowly)
    slow.start()
    time.sleep(0.3)
    with pytest.raises(TooBusy):
        pool.ask(ask)
    slow.join()
    assert pool.ask(ask).kind == "boolean"
    small = QueryPool(release.path, QueryLimits(seconds=30, memory=50_000_000))
    with pytest.raises(TooLarge):
        small.ask(Ask(GREEDY, (), (), "json", "turtle"))


def test_workers_end_with_their_pool(release):
    pool = QueryPool(release.path, QueryLimits())
    pool.ask(Ask("ASK {}", (), (), "json", "turtle"))
    (worker,) = pool._started
    assert worker.poll() is None
    del pool
    gc.collect()
    assert worker.wait(timeout=5) != 0


def test_running_query_ends_with_the_web_process_however_that_ends(release):
    script = f"""
import os, threading, time
from pathlib import Path
from server.configuration import QueryLimits
from server.query_messages import Ask
from server.query_pool import QueryPool
pool = QueryPool(Path({str(release.path)!r}), QueryLimits(seconds=60))
pool.ask(Ask("ASK {{}}", (), (), "json", "turtle"))
print(pool._started[0].pid, flush=True)
threading.Thread(target=pool.ask, args=(Ask({ENDLESS!r}, (), (), "json", "turtle"),), daemon=True).start()
time.sleep(0.5)
os.kill(os.getpid(), 9)
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert result.returncode == -9
    worker = Path(f"/proc/{result.stdout.strip()}/cmdline")
    deadline = time.monotonic() + 5
    while worker.exists() and b"query_worker" in worker.read_bytes() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not worker.exists() or b"query_worker" not in worker.read_bytes()


def test_worker_that_died_while_idle_is_replaced_and_forgotten(release):
    pool = QueryPool(release.path, QueryLimits(workers=1))
    ask = Ask("ASK {}", (), (), "json", "turtle")
    pool.ask(ask)
    (worker,) = pool._started
    worker.kill()
    worker.wait()
    assert pool.ask(ask).kind == "boolean"
    assert [w.poll() for w in pool._started] == [None]
