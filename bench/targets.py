"""What is to be reached, as ratios of one run, and whether it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.datasets import REAL
from bench.documents import FORMATS
from bench.load import Sample
from bench.run import Outcome
from bench.servers import NGINX, OURS, OXIGRAPH

LARGEST = "10M"


@dataclass(frozen=True)
class Target:
    """A figure, the bound it is held to, and its unit; the figure is None where it was not measured."""

    name: str
    figure: float | None
    bound: float
    is_least: bool
    unit: str = "×"

    @property
    def is_reached(self) -> bool | None:
        if self.figure is None:
            return None
        return self.figure >= self.bound if self.is_least else self.figure <= self.bound


def judge(outcomes: Sequence[Outcome]) -> list[Target]:
    """Every target with what this run gives for it."""
    by_name = {outcome.dataset: outcome for outcome in outcomes}
    real, largest = by_name.get(REAL), by_name.get(LARGEST)
    return [
        *_judge_documents(real),
        *_judge_queries(real),
        *_judge_latency(real),
        *_judge_life(real),
        *_judge_growth(real, largest),
    ]


def compare(
    above: Outcome | None, measure: str, server: str, below: Outcome | None, other: str, get: Callable[[Sample], float]
) -> float | None:
    """One server's figure over another one's in the same measure, None where one of them is not known."""
    figures = []
    for outcome, name in ((above, server), (below, other)):
        timing = outcome.find(measure, name) if outcome else None
        sample = timing.summarise() if timing and not timing.problem else None
        if sample is None or sample.failed:
            return None
        figures.append(get(sample))
    return figures[0] / figures[1] if figures[1] else None


def get_rate(sample: Sample) -> float:
    """Answers a second."""
    return sample.rate


def _judge_documents(real: Outcome | None) -> Iterator[Target]:
    for form in FORMATS:
        ratio = compare(real, f"document {form.suffix}", OURS, real, NGINX, get_rate)
        yield Target(f"entity document, {form.suffix}: rate against nginx", ratio, 0.6, True)


def _judge_queries(real: Outcome | None) -> Iterator[Target]:
    for measure, other, bound in (
        ("point repeated", OXIGRAPH, 1.4),
        ("list repeated", OXIGRAPH, 5.0),
        ("point unique", OXIGRAPH, 0.45),
        ("list unique", OXIGRAPH, 0.85),
        ("point unique", "rdflib-endpoint", 20.0),
        ("point unique", "virtuoso", 5.0),
    ):
        yield Target(f"{measure}: rate against {other}", compare(real, measure, OURS, real, other, get_rate), bound, True)


def _judge_latency(real: Outcome | None) -> Iterator[Target]:
    for measure in ("point unique", "list unique", "mix unique"):
        ratio = compare(real, measure, OURS, real, OXIGRAPH, lambda s: s.p99)
        yield Target(f"{measure}: p99 against {OXIGRAPH}", ratio, 1.0, False)


def _judge_life(real: Outcome | None) -> Iterator[Target]:
    life = real.lives.get(OURS) if real else None
    yield Target("start to first answer", life.start if life else None, 1.0, False, "s")


def _judge_growth(real: Outcome | None, largest: Outcome | None) -> Iterator[Target]:
    """How much slower the largest data set is than the real one, and what it takes beside the store."""
    for measure in ("document html", "document ttl", "point unique", "point repeated"):
        ratio = compare(real, measure, OURS, largest, OURS, get_rate)
        yield Target(f"{measure}: rate with real data against {LARGEST}", ratio, 1.5, False)
    for measure in ("document html unseen", "document ttl unseen"):
        ratio = compare(largest, measure, OURS, real, OURS, lambda s: s.median)
        yield Target(f"{measure}: median with {LARGEST} against real data", ratio, 1.5, False)
    lives = largest.lives if largest else {}
    ours, store = (lives[name].memory if name in lives else None for name in (OURS, OXIGRAPH))
    yield Target(f"memory with {LARGEST} against the store ({OXIGRAPH})", ours / store if ours and store else None, 1.5, False)
