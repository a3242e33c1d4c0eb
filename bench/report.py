"""The report: a table of targets and tables of ratios for readers, and all numbers as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from bench.load import CONNECTIONS, Sample
from bench.processes import MEMORY
from bench.run import Choice, Outcome
from bench.servers import OURS
from bench.targets import Target, judge

_VERDICTS = {True: "reached", False: "**not reached**", None: "not measured"}


def write_markdown(machine: Mapping[str, str], choice: Choice, outcomes: Sequence[Outcome]) -> str:
    """The whole report."""
    sections = [
        f"# Bench of {machine['date']}",
        f"Commit {machine['commit']}. {choice.rounds} rounds of {choice.seconds:g} s each, all servers in turn within each "
        f"round, {CONNECTIONS} connections; the figures are medians of the rounds. No process has more than "
        f"{MEMORY / 1024**3:g} GiB of address space.",
        "## Targets",
        write_targets(judge(outcomes)),
        *(section for outcome in outcomes for section in _write_outcome(outcome)),
        "## Machine",
        _write_table(("", ""), machine.items()),
    ]
    return "\n\n".join(sections) + "\n"


def write_json(machine: Mapping[str, str], choice: Choice, outcomes: Sequence[Outcome]) -> str:
    """All numbers, in seconds, bytes and answers a second."""
    targets = [asdict(target) | {"is_reached": target.is_reached} for target in judge(outcomes)]
    settings = {"rounds": choice.rounds, "seconds": choice.seconds, "connections": CONNECTIONS}
    report = {"machine": dict(machine), "settings": settings, "targets": targets, "outcomes": [asdict(o) for o in outcomes]}
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


def write_targets(targets: Iterable[Target]) -> str:
    """What is to be reached beside what is."""
    rows = (
        (
            target.name,
            f"{'at least' if target.is_least else 'at most'} {target.bound:g} {target.unit}",
            "" if target.figure is None else f"{target.figure:.2f} {target.unit}",
            _VERDICTS[target.is_reached],
        )
        for target in targets
    )
    return _write_table(("target", "bound", "this run", ""), rows)


def _write_outcome(outcome: Outcome) -> Iterator[str]:
    servers = [name for name, life in outcome.lives.items() if life.start is not None]
    building = f" `lod build` took {outcome.building:.1f} s." if outcome.building else ""
    yield f"## Data: {outcome.dataset}"
    yield f"{outcome.quads:,} quads, {outcome.file_size / 1e6:,.0f} MB of N-Quads.{building}"
    yield _write_table(
        ("server", "load, s", "start to first answer, s", "memory, MB", "left out because"), _list_lives(outcome)
    )
    yield "### Answers"
    yield _write_table(("query", "the same", "answers"), _list_comparisons(outcome))
    if not outcome.timings:
        return
    yield f"### Rate: {OURS} in answers a second, and how many times that of each other server"
    yield _write_table(("measure", OURS, *(name for name in servers if name != OURS)), _list_ratios(outcome, servers))
    yield "### Latency: median / 99th percentile in milliseconds, and answers a second"
    yield (
        "With * the server took over half a second for an answer and was asked one question after another, as for documents "
        "that nobody had asked for before."
    )
    yield _write_table(("measure", *servers), _list_latencies(outcome, servers))


def _list_lives(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for name, life in outcome.lives.items():
        load = "" if life.load is None else f"{life.load:.1f}"
        start = "" if life.start is None else f"{life.start:.2f}"
        memory = "" if life.memory is None else f"{life.memory / 1e6:,.0f}"
        yield name, load, start, memory, life.problem


def _list_comparisons(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for comparison in outcome.comparisons:
        groups = "; ".join(f"{', '.join(names)}: {words}" for names, words in comparison.groups)
        remark = f" — {comparison.remark}" if comparison.remark and not comparison.is_same else ""
        yield comparison.query, "yes" if comparison.is_same else "**no**", groups + remark


def _list_ratios(outcome: Outcome, servers: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for measure in _list_measures(outcome):
        ours = _summarise(outcome, measure, OURS)
        ratios = []
        for name in servers:
            other = _summarise(outcome, measure, name)
            if name != OURS:
                ratios.append(f"{ours.rate / other.rate:,.2f} ×" if ours and other and other.rate else "")
        yield measure, f"{ours.rate:,.0f}" if ours else _explain(outcome, measure, OURS), *ratios


def _list_latencies(outcome: Outcome, servers: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for measure in _list_measures(outcome):
        cells = []
        for name in servers:
            sample = _summarise(outcome, measure, name)
            cells.append(_write_sample(sample) if sample else _explain(outcome, measure, name))
        yield measure, *cells


def _write_sample(sample: Sample) -> str:
    failed = f", **{sample.failed:,} of {sample.requests:,} failed**" if sample.failed else ""
    star = "" if sample.is_loaded else " *"
    return (
        f"{sample.median * 1e3:.2f} / {sample.p99 * 1e3:.2f}, {sample.rate:,.{0 if sample.rate >= 10 else 2}f}/s{failed}{star}"
    )


def _summarise(outcome: Outcome, measure: str, server: str) -> Sample | None:
    timing = outcome.find(measure, server)
    return timing.summarise() if timing else None


def _explain(outcome: Outcome, measure: str, server: str) -> str:
    timing = outcome.find(measure, server)
    return timing.problem if timing else ""


def _list_measures(outcome: Outcome) -> list[str]:
    return list(dict.fromkeys(timing.measure for timing in outcome.timings))


def _write_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
