"""The measuring: every measure on every server in turn, several rounds, so that what disturbs one disturbs all."""

from __future__ import annotations

import http.client
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median

from bench.client import Client, NoReply
from bench.documents import FORMATS, make_document_template
from bench.load import CONNECTIONS, Sample, Template, play_requests
from bench.queries import QUERIES
from bench.servers import NGINX, OURS, Server

_TIMEOUT = 60.0  # seconds after which a server has no answer
_TOO_SLOW = 0.5  # seconds of an answer from which on load says little: questions are asked one after another
_SLOW_QUESTIONS = 3  # of such a server, in each round
_MIXED = ("point", "list", "optional", "path", "construct", "ask")  # queries about one subject
_APART = 10_000_000  # serial numbers of two goes; no go has as many requests


@dataclass(frozen=True)
class Measure:
    """Something that is measured: the requests that each server gets, by its name; one without takes no part."""

    name: str
    requests: Mapping[str, Sequence[Template]]


@dataclass
class Timing:
    """What one server did in one measure, in all rounds; `problem` says why there is nothing."""

    measure: str
    server: str
    samples: list[Sample] = field(default_factory=list)
    problem: str = ""

    def summarise(self) -> Sample | None:
        """Medians of the rounds; requests and failures are added up."""
        if not self.samples:
            return None
        return Sample(
            rate=median(s.rate for s in self.samples),
            median=median(s.median for s in self.samples),
            p99=median(s.p99 for s in self.samples),
            requests=sum(s.requests for s in self.samples),
            failed=sum(s.failed for s in self.samples),
            is_loaded=all(s.is_loaded for s in self.samples),
        )


def list_measures(servers: Iterable[Server], documents: Sequence[str]) -> Iterator[Measure]:
    """Documents in each format, each query unique and repeated, and a mix of unique queries."""
    asked = [server for server in servers if server.name != NGINX]
    for form in FORMATS:
        yield Measure(
            f"document {form.suffix}",
            {s: [make_document_template(documents, form, by_suffix=s == NGINX)] for s in (OURS, NGINX)},
        )
    for query in (q for q in QUERIES if q.is_timed):
        unique = {server.name: server.make_template(query) for server in asked}
        yield Measure(f"{query.name} unique", {name: [template] for name, template in unique.items()})
        yield Measure(f"{query.name} repeated", {name: [_fix(template)] for name, template in unique.items()})
    mixed = [q for q in QUERIES if q.name in _MIXED]
    yield Measure("mix unique", {server.name: [server.make_template(q) for q in mixed] for server in asked})


def _fix(template: Template) -> Template:
    """The same request again and again."""
    return Template(template.fill(template.subjects[0] if template.subjects else ""), template.accept)


@dataclass
class Stopwatch:
    """Measures servers; each request with a serial number gets one that was never used before."""

    rounds: int
    seconds: float  # of load in each round
    folder: Path
    _serials: Iterator[int] = field(default_factory=lambda: count(_APART, _APART))

    def take(self, measure: Measure, servers: Iterable[Server]) -> list[Timing]:
        """One measure on all servers that take part, in turn."""
        taking = [(s, measure.requests[s.name], Timing(measure.name, s.name)) for s in servers if s.name in measure.requests]
        for _ in range(self.rounds):
            for server, templates, timing in taking:
                if not timing.problem:
                    try:
                        timing.samples.append(self._take_sample(server.port, templates))
                    except NoReply as error:
                        timing.problem = str(error)
        return [timing for _, _, timing in taking]

    def _take_sample(self, port: int, templates: Sequence[Template]) -> Sample:
        slowest = max(self._ask(port, template) for template in templates)
        if slowest > _TOO_SLOW:
            times = [self._ask(port, template) for _ in range(_SLOW_QUESTIONS) for template in templates]
            return Sample(len(times) / sum(times), median(times), max(times), len(times), is_loaded=False)
        seconds = max(self.seconds, 2 * CONNECTIONS * slowest)
        return play_requests(port, templates, seconds, next(self._serials), self.folder)

    def _ask(self, port: int, template: Template) -> float:
        """The seconds of one answer; raises NoReply where it is none."""
        serial = next(self._serials)
        subject = template.subjects[serial // _APART % len(template.subjects)] if template.subjects else ""
        with Client(port, _TIMEOUT) as client:
            reply = client.get(template.fill(subject, str(serial)), template.accept)
        if reply.status != http.client.OK:
            raise NoReply(f"status {reply.status}")
        return reply.seconds
