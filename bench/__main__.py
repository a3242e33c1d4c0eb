"""`python -m bench`: runs everything, prints the table of targets, and writes the report."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from bench.datasets import REAL, ROOT, build_real, generate
from bench.machine import describe_machine, find_commit
from bench.peers import find_missing_packages, install_peers
from bench.processes import ProcessFailed
from bench.report import write_json, write_markdown, write_targets
from bench.run import SERVERS, Choice, Outcome, run_dataset
from bench.targets import LARGEST, judge

SIZES = {REAL: 0, "1M": 1_000_000, LARGEST: 10_000_000}


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--sizes", default=",".join(SIZES), show_default=True, help="Data sets, with commas between them.")
@click.option("--only", default="", help="Measures, such as `point`, `document html` or `list unique`; all by default.")
@click.option("--servers", default="", help=f"Servers, of {', '.join(kind.name for kind in SERVERS)}; all by default.")
@click.option("--rounds", default=3, show_default=True, help="How often each measure is taken of each server.")
@click.option("--seconds", default=2.0, show_default=True, help="How long each time.")
@click.option("--quick", is_flag=True, help="One round of one second, of the real data unless --sizes says otherwise.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=ROOT / "bench" / "results", help="For the report."
)
@click.pass_context
def main(
    context: click.Context, sizes: str, only: str, servers: str, rounds: int, seconds: float, quick: bool, out: Path
) -> None:
    """Measures this server and its peers side by side.

    \b
    Examples:
      python -m bench                                   everything; takes about an hour
      python -m bench --quick --out /tmp/quick          a look at today's code
      python -m bench --sizes real,1M --only point,list
    """
    if quick:
        rounds, seconds = 1, 1.0
        if context.get_parameter_source("sizes") is click.core.ParameterSource.DEFAULT:
            sizes = REAL
    choice = Choice(
        _split(servers, {kind.name for kind in SERVERS}, "--servers"), _split(only, None, "--only"), rounds, seconds
    )
    wanted = _split(sizes, set(SIZES), "--sizes")
    os.environ["PATH"] += ":/usr/sbin"  # where nginx is, which is not on everybody's path
    if missing := find_missing_packages():
        raise click.ClickException(f"programs are missing: apt-get install --no-install-recommends {' '.join(missing)}")
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        outcomes, machine = _run(choice, [name for name in SIZES if name in wanted])
    except ProcessFailed as error:
        raise click.ClickException(str(error)) from None
    out.mkdir(parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y-%m-%d}-{find_commit().partition(' ')[0]}"
    (out / f"{name}.md").write_text(write_markdown(machine, choice, outcomes), encoding="utf-8")
    (out / f"{name}.json").write_text(write_json(machine, choice, outcomes), encoding="utf-8")
    click.echo(write_targets(judge(outcomes)))
    click.echo(f"\nall numbers: {out / name}.md and .json")


def _run(choice: Choice, sizes: list[str]) -> tuple[list[Outcome], dict[str, str]]:
    peers = install_peers(ROOT / "build" / "bench")
    machine = describe_machine(peers)
    outcomes = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            folder = Path(name).resolve()
            _tell(f"{size}: making the data")
            dataset = generate(size, SIZES[size], folder) if SIZES[size] else build_real(folder)
            outcomes.append(run_dataset(dataset, choice, peers, folder, _tell))
    return outcomes, machine


def _split(text: str, known: set[str] | None, option: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    if known is not None and (unknown := names - known):
        raise click.BadParameter(f"{', '.join(sorted(unknown))} is none of {', '.join(sorted(known))}", param_hint=option)
    return names


def _tell(line: str) -> None:
    click.echo(f"{datetime.now(UTC):%H:%M:%S} {line}", err=True)


def _interrupt(_signal: int, _frame: object) -> None:
    """Ends as Ctrl+C does, so that no server is left."""
    sys.exit(130)


if __name__ == "__main__":
    main()
