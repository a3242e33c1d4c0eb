"""One data set from its load to its last measure: starts all servers, compares their answers, measures them, ends them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.answers import Comparison, compare_answers
from bench.client import NoReply
from bench.datasets import Dataset
from bench.documents import (
    FORMATS,
    Nginx,
    ask_unseen,
    choose_documents,
    compare_files,
    fetch_documents,
    list_unseen,
)
from bench.processes import ProcessFailed
from bench.servers import OURS, Madoguchi, OxigraphDisk, OxigraphMemory, RdflibEndpoint, Server
from bench.timing import Stopwatch, Timing, list_measures
from bench.virtuoso import Virtuoso

SERVERS: tuple[type[Server], ...] = (Madoguchi, OxigraphMemory, OxigraphDisk, RdflibEndpoint, Virtuoso, Nginx)
_QUICK_START = 5.0  # seconds up to which a start is measured again
Report = Callable[[str], None]


@dataclass
class Life:
    """What a server needs to live: seconds to load and to start, bytes of memory; or why it was left out."""

    load: float | None = None
    start: float | None = None
    memory: int | None = None
    problem: str = ""


@dataclass
class Outcome:
    """All that was found with one data set."""

    dataset: str
    quads: int
    file_size: int  # bytes
    building: float | None  # seconds of `lod build`
    lives: dict[str, Life] = field(default_factory=dict)
    comparisons: list[Comparison] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)

    def find(self, measure: str, server: str) -> Timing | None:
        """The timing of a server in a measure, if it was taken."""
        return next((t for t in self.timings if (t.measure, t.server) == (measure, server)), None)


@dataclass(frozen=True)
class Choice:
    """What is to be measured: which servers and measures (all where there are none), in how many rounds of how many seconds."""

    servers: frozenset[str]
    measures: frozenset[str]
    rounds: int
    seconds: float

    def takes(self, measure: str) -> bool:
        """Whether a measure is wanted, by its whole name or its first word."""
        return not self.measures or bool({measure, measure.split(maxsplit=1)[0]} & self.measures)


def run_dataset(dataset: Dataset, choice: Choice, peers: Path, folder: Path, report: Report) -> Outcome:
    """Everything with one data set; no server runs afterwards, whatever happens."""
    outcome = Outcome(dataset.name, dataset.quads, dataset.file.stat().st_size, dataset.building)
    with ExitStack() as stack:
        running: list[Server] = []
        documents = choose_documents(dataset)
        for kind in SERVERS:
            if choice.servers and kind.name not in choice.servers:
                continue
            home = folder / kind.name
            home.mkdir()
            server = kind(dataset, home, peers)
            stack.callback(server.stop)
            life = outcome.lives[server.name] = Life(problem=server.refuse())
            if life.problem:
                continue
            report(f"{dataset.name}: starting {server.name}")
            try:
                if isinstance(server, Nginx):
                    _write_documents(server, running, documents)
                _start(server, life, choice.rounds)
            except (ProcessFailed, NoReply) as error:
                life.problem = str(error)
                server.stop()
            else:
                running.append(server)
        _measure(running, documents, dataset, choice, folder, outcome, report)
        for server in running:
            outcome.lives[server.name].memory = server.measure_memory()
        report(f"{dataset.name}: ending the servers")
    return outcome


def _start(server: Server, life: Life, rounds: int) -> None:
    """Loads and starts a server; one that starts soon is started again, for a median."""
    life.load = server.load()
    starts = [server.start()]
    while len(starts) < rounds and starts[-1] < _QUICK_START:
        server.stop()
        starts.append(server.start())
    life.start = median(starts)


def _write_documents(nginx: Nginx, running: Iterable[Server], documents: Sequence[str]) -> None:
    ours = next((server for server in running if server.name == OURS), None)
    if ours is None:
        raise NoReply("it serves what ours does, which does not run")
    nginx.write_files(fetch_documents(ours.port, documents))


def _measure(
    running: Sequence[Server],
    documents: Sequence[str],
    dataset: Dataset,
    choice: Choice,
    folder: Path,
    outcome: Outcome,
    report: Report,
) -> None:
    asked = [server for server in running if not isinstance(server, Nginx)]
    report(f"{dataset.name}: comparing answers")
    outcome.comparisons = compare_answers(asked)
    outcome.comparisons += [compare_files(nginx) for nginx in running if isinstance(nginx, Nginx)]
    stopwatch = Stopwatch(choice.rounds, choice.seconds, folder)
    for server in asked:
        if server.name == OURS and choice.takes("document"):
            outcome.timings += _measure_unseen(server, dataset, choice.rounds)
    for measure in list_measures(asked, documents):
        if choice.takes(measure.name):
            report(f"{dataset.name}: {measure.name}")
            outcome.timings += stopwatch.take(measure, running)


def _measure_unseen(server: Server, dataset: Dataset, rounds: int) -> list[Timing]:
    """Documents that are asked for the first time, in each format."""
    timings = [Timing(f"document {form.suffix} unseen", server.name) for form in FORMATS]
    for paths in list_unseen(dataset, rounds):
        for form, timing in zip(FORMATS, timings, strict=True):
            try:
                timing.samples.append(ask_unseen(server.port, paths, form))
            except NoReply as error:
                timing.problem = str(error)
    return timings
