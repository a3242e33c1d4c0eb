"""The bench: its data, its queries, what it makes of numbers and answers, and that no server outlives it."""

from __future__ import annotations

import json
import re
import shutil
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT
from pyoxigraph import DefaultGraph, QueryBoolean, RdfFormat, Store

from bench.__main__ import main
from bench.answers import Comparison, read_graph, read_rows
from bench.data import iterate_quads, write_data
from bench.datasets import Dataset
from bench.documents import FORMATS, list_unseen, make_document_template
from bench.load import Sample, Template, play_requests, read_summary, write_plan
from bench.peers import read_requirements
from bench.processes import Process, ProcessFailed, run_program
from bench.queries import QUERIES
from bench.report import write_json, write_markdown, write_targets
from bench.run import Choice, Life, Outcome
from bench.subjects import Subjects, read_subjects
from bench.targets import Target, judge
from bench.timing import Stopwatch, Timing, list_measures
from lod.iris import Iris

SIZE = 50_000  # one list of prefectures
CHOICE = Choice(frozenset(), frozenset(), rounds=3, seconds=1)


def load(file: Path) -> Store:
    store = Store()
    store.bulk_load(path=file, format=RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small generated data set."""
    file = tmp_path_factory.mktemp("bench") / "small.nq"
    write_data(file, SIZE, 1, ROOT / "ontology", Iris())
    return file


@pytest.fixture(scope="module", params=["real", "generated"])
def data(request, release, generated) -> tuple[Store, Subjects]:
    """A data set in a store, and what can be asked of it."""
    file = release.path / "all.nq" if request.param == "real" else generated
    return load(file), read_subjects(file, Iris(), seed=1)


def test_generated_data_are_the_same_for_the_same_seed_and_others_for_another(generated, tmp_path):
    again, other = tmp_path / "again.nq", tmp_path / "other.nq"
    write_data(again, SIZE, 1, ROOT / "ontology", Iris())
    write_data(other, SIZE, 2, ROOT / "ontology", Iris())
    assert again.read_bytes() == generated.read_bytes()
    assert other.read_bytes() != generated.read_bytes()


def test_generated_data_have_about_the_size_asked_for_and_no_quad_twice(generated):
    lines = generated.read_text(encoding="utf-8").splitlines()
    assert SIZE <= len(lines) < 1.5 * SIZE
    assert len(set(lines)) == len(lines)


def test_a_larger_data_set_begins_with_the_smaller_one():
    smaller, larger = (iterate_quads(size, 1, ROOT / "ontology", Iris()) for size in (5_000, 500_000))
    assert all(ours == theirs for ours, theirs, _ in zip(smaller, larger, range(5_000), strict=False))


def test_generated_data_state_of_each_class_what_the_real_data_state(release, generated):
    query = "SELECT DISTINCT ?class ?property { ?s a ?class ; ?property ?o }"
    real, made = (
        {(row[0].value, row[1].value) for row in load(file).query(query, use_default_graph_as_union=True)}
        for file in (release.path / "all.nq", generated)
    )
    assert made <= real
    classes = {name for name, _ in made}
    for name in ("Listing", "SourceLine"):
        assert f"http://localhost:8000/ontology#{name}" in classes
    for name in ("GovernmentOrganization", "AdministrativeArea", "City", "ContactPoint", "ServiceChannel"):
        assert f"https://schema.org/{name}" in classes


def test_default_graph_of_generated_data_holds_reference_and_current_editions_only(generated):
    store = load(generated)
    default = {(q.subject, q.predicate, q.object) for q in store.quads_for_pattern(None, None, None, DefaultGraph())}
    names = ("reference", "catalog", "edition/001")
    graphs = {
        (q.subject, q.predicate, q.object) for n in names for q in store.quads_for_pattern(None, None, None, Iris().graph(n))
    }
    assert default == graphs
    assert any(store.quads_for_pattern(None, None, None, Iris().graph("edition/000")))


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_each_query_has_an_answer_about_each_subject(data, query):
    store, subjects = data
    for subject in (subjects[query.kind] if query.kind != "letters" else ("Ka", "Ta"))[:3] if query.kind else [""]:
        result = store.query(query.write_text(subject, "7"))
        assert bool(result) if isinstance(result, QueryBoolean) else any(result), subject


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_no_two_requests_of_a_query_are_the_same_unless_asked_for(query):
    first, second = (query.write_text("X", str(serial)) for serial in (1, 2))
    assert first != second
    assert "SUBJECT" not in first
    assert "SERIAL" not in first
    assert ("SUBJECT" in query.write_text()) == bool(query.kind)
    assert len(set(re.findall(r"\?\w*1\b", first))) == 1, "the number is a variable's, which no cache can overlook"


def test_subjects_are_the_same_for_the_same_seed(release):
    file = release.path / "all.nq"
    assert read_subjects(file, Iris(), 1) == read_subjects(file, Iris(), 1)
    assert {kind for kind, names in read_subjects(file, Iris(), 1).items() if names} == {q.kind for q in QUERIES if q.kind}


def test_unseen_documents_are_other_ones_in_each_round():
    subjects = {"government": ("1",), "area": tuple(str(n) for n in range(1_000))}
    rounds = list_unseen(Dataset("small", Path("small.nq"), 1, subjects), 3)
    paths = [path for of_round in rounds for path in of_round]
    assert len(paths) == len(set(paths)) == 750


def test_plan_has_each_request_with_its_subjects():
    templates = [Template("/sparql?query=SUBJECT.SERIAL", "text/csv", ("a", "b")), Template("/x", "*/*")]
    assert write_plan(templates) == "T\ttext/csv\t/sparql?query=SUBJECT.SERIAL\nS\ta\nS\tb\nT\t*/*\t/x\n"


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
def test_load_asks_templates_in_turn_each_about_another_subject_and_never_the_same_again(tmp_path):
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append((self.path, self.headers["Accept"]))
            self.send_response(200 if self.path.startswith("/a") else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Nothing is logged."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request, address):
            """wrk ends in the middle of requests."""

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        templates = [Template("/a/SUBJECT?n=SERIAL", "text/csv", ("x", "y", "z")), Template("/b/SERIAL", "*/*")]
        sample = play_requests(server.server_address[1], templates, 1, 10_000_000, tmp_path)
        server.shutdown()
    assert len(asked) == len(set(asked)) >= sample.requests > 10
    assert {path[:3] for path, accept in asked if accept == "text/csv"} == {"/a/"}
    assert {path[3] for path, accept in asked if accept == "text/csv"} == {"x", "y", "z"}
    assert {path[:3] for path, accept in asked if accept == "*/*"} == {"/b/"}
    assert {p for p, _ in asked if not re.search(r"\b100\d{5}$", p)} == set()
    assert abs(sample.failed - sample.requests / 2) <= 8, "what is not answered with 200 failed"


def test_template_is_filled_with_subject_and_serial_number():
    assert Template("/SUBJECT/SERIAL", "*/*", ("a",)).fill("b", "3") == "/b/3"


def test_documents_are_asked_for_by_the_header_and_files_by_suffix():
    paths = {
        (t.path, t.accept) for f in FORMATS for s in (True, False) if (t := make_document_template(["/d"], f, by_suffix=s))
    }
    assert ("SUBJECT", "text/turtle") in paths
    assert ("SUBJECT.ttl", "text/turtle") in paths


def test_summary_of_wrk_is_read_in_seconds_and_refusals_are_no_answers():
    line = '{"requests":100,"microseconds":2000000,"bytes":9,"p50":1500,"p99":8000,"refused":10,"broken":1}'
    assert read_summary(f"Running 2s test\n{line}\n") == Sample(45.0, 0.0015, 0.008, 100, 11)


def test_rounds_are_summarised_by_medians_and_failures_are_added_up():
    samples = [Sample(10, 1, 5, 7, 1), Sample(30, 3, 4, 7, 0), Sample(20, 2, 6, 7, 2)]
    assert Timing("point unique", "nginx", samples).summarise() == Sample(20, 2, 5, 21, 3)
    assert Timing("point unique", "nginx", [], "status 504").summarise() is None


def test_rows_are_the_same_in_any_order_with_any_names_of_variables():
    def write(rows, name, case):
        return json.dumps(
            {
                "head": {"vars": [name, "b"]},
                "results": {
                    "bindings": [{name: {"type": "literal", "value": value, "xml:lang": case}} for value in rows],
                },
            }
        ).encode()

    assert read_rows(write("xy", "a", "ja-Hrkt")) == read_rows(write("yx", "c", "ja-hrkt"))
    assert read_rows(write("xy", "a", "ja")) != read_rows(write("xyy", "a", "ja"))
    assert read_rows(write("xy", "a", "ja")) != read_rows(write("xy", "a", "en"))
    assert read_rows(b'{"head": {}, "boolean": true}') != read_rows(b'{"head": {}, "boolean": false}')


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"head": {}}'])
def test_what_is_no_result_is_refused(body):
    with pytest.raises(ValueError, match=r"JSON|Expecting"):
        read_rows(body)


def test_graphs_are_the_same_whatever_their_blank_nodes_are_called():
    assert read_graph(b"<x:a> <x:b> [ <x:c> 1 ] .") == read_graph(b"_:z <x:c> 1 . <x:a> <x:b> _:z .")
    assert read_graph(b"<x:a> <x:b> [ <x:c> 1 ] .") != read_graph(b"<x:a> <x:b> [ <x:c> 2 ] .")
    with pytest.raises(ValueError, match="Turtle"):
        read_graph(b"<html>")


def make_outcome(name: str, rates: dict[tuple[str, str], float], memory: int = 1) -> Outcome:
    lives = {server: Life(None, 0.5, memory) for server in ("madoguchi", "oxigraph-memory", "nginx")}
    timings = [Timing(m, s, [Sample(rate, 1 / rate, 2 / rate, 10)]) for (m, s), rate in rates.items()]
    return Outcome(name, 10, 100, 3.0, lives, [Comparison("point", ((("madoguchi",), "1 row"),), "")], timings)


def test_targets_are_ratios_of_one_run_and_say_whether_they_are_reached():
    outcome = make_outcome(
        "real",
        {
            ("point unique", "madoguchi"): 50.0,
            ("point unique", "oxigraph-memory"): 100.0,
            ("document html", "madoguchi"): 50.0,
            ("document html", "nginx"): 100.0,
        },
    )
    targets = {target.name: (target.figure, target.is_reached) for target in judge([outcome])}
    assert {name: found for name, found in targets.items() if found[0] is not None} == {
        "point unique: rate against oxigraph-memory": (0.5, True),
        "point unique: p99 against oxigraph-memory": (2.0, False),
        "entity document, html: rate against nginx": (0.5, False),
        "start to first answer": (0.5, True),
    }
    assert {reached for figure, reached in targets.values() if figure is None} == {None}


def test_growth_is_judged_between_real_and_largest_data():
    rates = {("point unique", "madoguchi"): 90.0}
    largest = make_outcome("10M", {("point unique", "madoguchi"): 30.0}, memory=100)
    largest.lives["madoguchi"].memory = 140
    targets = {target.name: (target.figure, target.is_reached) for target in judge([make_outcome("real", rates), largest])}
    assert targets["point unique: rate with real data against 10M"] == (3.0, False)
    assert targets["memory with 10M against the store (oxigraph-memory)"] == (1.4, True)


def test_a_ratio_is_not_judged_where_requests_failed():
    outcome = make_outcome("real", {("point unique", "madoguchi"): 50.0, ("point unique", "oxigraph-memory"): 100.0})
    outcome.timings[0].samples.append(Sample(50, 1, 1, 10, failed=1))
    assert {t.figure for t in judge([outcome]) if t.name.startswith("point unique: rate")} == {None}


def test_report_has_targets_answers_ratios_latencies_and_the_machine():
    rates = {("point unique", "madoguchi"): 50.0, ("point unique", "oxigraph-memory"): 100.0}
    outcome = make_outcome("real", rates)
    outcome.timings.append(Timing("point unique", "virtuoso", [], "status 500"))
    outcome.lives["rdflib-endpoint"] = Life(problem="too slow | here")
    machine = {"date": "2024-04-01", "commit": "abc", "processor": "fast"}
    text = write_markdown(machine, CHOICE, [outcome])
    for line in (
        "| point unique: rate against oxigraph-memory | at least 0.45 × | 0.50 × | reached |",
        "| point | yes | madoguchi: 1 row |",
        "| point unique | 50 | 0.50 × |  |",
        "| point unique | 20.00 / 40.00, 50/s | 10.00 / 20.00, 100/s |  |",
        "| rdflib-endpoint |  |  |  | too slow \\| here |",
        "| processor | fast |",
    ):
        assert line in text.splitlines()
    report = json.loads(write_json(machine, CHOICE, [outcome]))
    assert report["outcomes"][0]["timings"][0]["samples"][0]["rate"] == 50.0
    assert report["machine"] == machine


def test_a_target_that_is_not_reached_is_said_plainly():
    assert "**not reached**" in write_targets([Target("p99", 2.0, 1.0, False)])


def test_measures_are_interleaved_and_a_server_that_fails_is_not_asked_again(tmp_path, monkeypatch):
    asked = []

    def take_sample(self, port, templates):
        asked.append(port)
        return Sample(1, 1, 1, 1)

    monkeypatch.setattr(Stopwatch, "_take_sample", take_sample)

    class Fake:
        def __init__(self, name, port):
            self.name, self.port = name, port

        def make_template(self, query):
            return Template("/SERIAL", query.accept)

    servers = [Fake("madoguchi", 1), Fake("oxigraph-memory", 2)]
    measures = {m.name: m for m in list_measures(servers, ["/doc/gov/1"])}
    assert {f"{q.name} {kind}" for q in QUERIES if q.is_timed for kind in ("unique", "repeated")} <= measures.keys()
    Stopwatch(2, 1, tmp_path).take(measures["point unique"], servers)
    assert asked == [1, 2, 1, 2]


def is_running(pid: int) -> bool:
    """Whether a process is there and has not ended: who ended stays until its parent looks."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_servers_are_ended_with_all_that_they_started(tmp_path):
    code = (
        "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"
    )
    process = Process([sys.executable, "-c", code], tmp_path / "log", tmp_path)
    deadline = time.monotonic() + 20
    while len(process.list_members()) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    members = process.list_members()
    assert len(members) == 2
    assert process.measure_memory() > 1_000_000
    process.stop()
    assert process.list_members() == []
    assert not [pid for pid in members if is_running(pid)]


def test_memory_of_a_process_is_capped(tmp_path):
    code = "import resource; assert resource.getrlimit(resource.RLIMIT_AS)[0] == 12 * 1024**3"
    run_program([sys.executable, "-c", code], tmp_path / "log", tmp_path, 20)


def test_a_program_that_fails_is_told_with_the_end_of_its_log(tmp_path):
    with pytest.raises(ProcessFailed, match="status 3: no such file"):
        run_program([sys.executable, "-c", "print('no such file'); raise SystemExit(3)"], tmp_path / "log", tmp_path, 20)
    with pytest.raises(ProcessFailed, match=r"not done in 0\.1 s"):
        run_program([sys.executable, "-c", "import time; time.sleep(9)"], tmp_path / "log", tmp_path, 0.1)


def test_peers_are_pinned():
    assert {r.partition("==")[0] for r in read_requirements()} >= {"oxigraph", "rdflib-endpoint"}
    assert all("==" in r for r in read_requirements())


def test_wrong_names_are_refused_before_anything_runs():
    result = CliRunner().invoke(main, ["--sizes", "5M"])
    assert result.exit_code == 2
    assert "5M is none of 10M, 1M, real" in result.output
