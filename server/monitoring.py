"""What a machine asks that watches over the server: is it alive, is it ready, how is it doing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from server.exchange import HttpResponse
from server.problems import make_problem, write_problem

if TYPE_CHECKING:
    from server.generation import Generation

BOUNDS = (0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)  # seconds
_PATHS = ("/healthz", "/readyz", "/metrics")
_FRESH = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]


class Counts:
    """What was answered: how often, how fast. Numbers only, so that counting costs next to nothing."""

    def __init__(self) -> None:
        self.responses: dict[tuple[str, int, str], int] = {}  # by kind of request, status and whether it was kept
        self.buckets: dict[str, list[int]] = {}
        self.seconds: dict[str, float] = {}

    def add(self, kind: str, status: int, source: str, seconds: float) -> None:
        key = (kind, status, source)
        self.responses[key] = self.responses.get(key, 0) + 1
        buckets = self.buckets.get(kind)
        if buckets is None:
            buckets = self.buckets[kind] = [0] * (len(BOUNDS) + 1)
            self.seconds[kind] = 0.0
        index = 0
        for bound in BOUNDS:
            if seconds <= bound:
                break
            index += 1
        buckets[index] += 1
        self.seconds[kind] += seconds


class _Figures(Collector):
    """The counts and the state of the lanes in the form of the Prometheus client."""

    def __init__(self, counts: Counts, generation: Generation | None, swaps: int) -> None:
        self._counts = counts
        self._generation = generation
        self._swaps = swaps

    def collect(self) -> Iterator[Metric]:
        responses = CounterMetricFamily("madoguchi_requests", "Requests answered.", labels=["kind", "status", "source"])
        for (kind, status, source), number in sorted(self._counts.responses.items()):
            responses.add_metric([kind, str(status), source], number)
        yield responses
        latency = HistogramMetricFamily("madoguchi_request_seconds", "Time to answer.", labels=["kind"])
        for kind, numbers in sorted(self._counts.buckets.items()):
            total, buckets = 0, []
            for bound, number in zip([*map(str, BOUNDS), "+Inf"], numbers, strict=True):
                total += number
                buckets.append((bound, total))
            latency.add_metric([kind], buckets, self._counts.seconds[kind])
        yield latency
        yield CounterMetricFamily("madoguchi_release_swaps", "Releases taken over while serving.", value=self._swaps)
        if self._generation is not None:
            yield from _describe_generation(self._generation)


def _describe_generation(generation: Generation) -> Iterator[Metric]:
    yield InfoMetricFamily("madoguchi_release", "The release that is served.", {"id": generation.marks.release})
    gauges = {
        name: GaugeMetricFamily(f"madoguchi_lane_{name}", sentence, labels=["lane"])
        for name, sentence in (
            ("running", "Requests that workers are answering."),
            ("waiting", "Requests that wait for a worker."),
            ("slow", "Requests that run with low priority."),
            ("workers", "Processes."),
        )
    }
    outcomes = CounterMetricFamily("madoguchi_lane_outcomes", "What came of requests.", labels=["lane", "outcome"])
    for lane, pool in generation.lanes.items():
        state = pool.state
        for name, gauge in gauges.items():
            gauge.add_metric([lane], getattr(state, name))
        for outcome, number in sorted(state.outcomes.items()):
            outcomes.add_metric([lane, outcome], number)
    yield from gauges.values()
    yield outcomes
    yield GaugeMetricFamily("madoguchi_cache_responses", "Responses kept in memory.", value=len(generation.cache))
    yield GaugeMetricFamily("madoguchi_cache_bytes", "Bytes kept in memory.", value=generation.cache.bytes)


def answer_monitor(method: str, path: str, counts: Counts, generation: Generation | None, swaps: int) -> HttpResponse | None:
    """The response to `/healthz`, `/readyz` and `/metrics`, None for other paths."""
    if path in _PATHS and method not in ("GET", "HEAD"):
        return write_problem(make_problem(405), None, {"Allow": "GET, HEAD"})
    if path == "/healthz":
        return _make_json(200, {"status": "alive"})
    if path == "/readyz":
        if generation is None:
            return _make_json(503, {"status": "loading"})
        return _make_json(200, {"status": "ready", "release": generation.marks.release})
    if path == "/metrics":
        registry = CollectorRegistry()
        registry.register(_Figures(counts, generation, swaps))
        return _make_response(200, CONTENT_TYPE_LATEST, generate_latest(registry))
    return None


def _make_json(status: int, facts: dict[str, str]) -> HttpResponse:
    return _make_response(status, "application/json", json.dumps(facts).encode() + b"\n")


def _make_response(status: int, content_type: str, body: bytes) -> HttpResponse:
    return HttpResponse(status, [("Content-Type", content_type), ("Content-Length", str(len(body))), *_FRESH], body)
