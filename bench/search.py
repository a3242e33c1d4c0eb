"""`python -m bench.search`: how long the search takes, over every name in the data, its beginnings and its typos.

Asked within one process, as JSON and as a page, and over HTTP with one kept connection; every question is another one, so
that nothing is answered from memory.
"""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

import click
from flask.testing import FlaskClient

from bench.client import Client
from bench.datasets import ROOT, build_real
from bench.servers import Madoguchi
from lod.release import open_release
from server.app import create_app
from server.dataset import load_dataset
from server.pages.search_catalogue import Catalogue

TARGET = 0.050  # seconds at the 99th percentile
_FORMS = {"JSON": "application/json", "page": "text/html"}


def list_questions(places: Path, catalogue: Catalogue, seed: int = 1) -> list[str]:
    """Every name, code and address once, each also cut short, and each also with a typo; in a random order."""
    with places.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [row[column] for row in rows for column in ("name_en", "name_ja", "kana", "lg_code")]
    names += [entry.text for entry in catalogue.entries if not entry.place]
    names += [f"{row['name_en']} {word}" for row in rows for word in ("education", "国際")]
    chance = random.Random(seed)  # noqa: S311 — not for secrets
    questions = [question for name in names for question in (name, *_vary(name, chance))]
    found = list(dict.fromkeys(questions))
    chance.shuffle(found)
    return found


def _vary(name: str, chance: random.Random) -> Iterator[str]:
    """The beginning of a name, and the name with two letters in the wrong order."""
    cut, swapped = chance.randint(1, len(name)), chance.randrange(max(1, len(name) - 1))
    yield name[:cut]
    yield name[:swapped] + name[swapped : swapped + 2][::-1] + name[swapped + 2 :]


def time_answers(ask: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """The seconds of each answer, in ascending order."""
    times = []
    for question in questions:
        start = time.perf_counter()
        ask(question)
        times.append(time.perf_counter() - start)
    return sorted(times)


def describe_times(name: str, times: Sequence[float]) -> str:
    """One line of the report."""
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    verdict = "met" if p99 < TARGET else "missed"
    worst = f"worst {times[-1] * 1000:6.2f} ms"
    return f"{name:22} {len(times):6} questions  p50 {p50 * 1000:6.2f} ms  p99 {p99 * 1000:6.2f} ms  {worst}  {verdict}"


def _ask_application(client: FlaskClient, accept: str, question: str) -> None:
    client.get("/search", query_string={"q": question}, headers={"Accept": accept})


def _ask_server(client: Client, accept: str, question: str) -> None:
    client.get(f"/search?q={quote(question)}", accept)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--most", default=0, help="Questions of each kind; all by default.")
def main(most: int) -> None:
    """Measures the search on the release of the shipped documents."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-search-") as folder:
        dataset = build_real(Path(folder))
        assert dataset.releases is not None
        release = open_release(dataset.releases)
        loaded = load_dataset(release)
        start = time.perf_counter()
        catalogue = Catalogue(loaded)
        click.echo(f"index of {len(catalogue.entries)} entries in {(time.perf_counter() - start) * 1000:.0f} ms")
        questions = list_questions(ROOT / "seeds" / "places.csv", catalogue)[: most or None]
        click.echo(describe_times("index alone", time_answers(catalogue.answer_question, questions)))
        client = create_app(release).test_client()
        client.get("/search?q=a")
        for name, accept in _FORMS.items():
            times = time_answers(partial(_ask_application, client, accept), questions)
            click.echo(describe_times(f"application, {name}", times))
        server = Madoguchi(dataset, Path(folder), Path())
        try:
            server.start()
            with Client(server.port, timeout=10) as kept:
                for name, accept in _FORMS.items():
                    times = time_answers(partial(_ask_server, kept, accept), questions)
                    click.echo(describe_times(f"HTTP, {name}", times))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
