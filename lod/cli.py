"""The commands; errors become sentences and exit codes here and nowhere else."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from typing import TextIO

import click

from lod.cli_options import base_option, out_option, report_progress, seeds_option
from lod.configuration import Configuration
from lod.errors import InvalidGraph, MadoguchiError, SeedsError
from lod.export_command import export
from lod.release_commands import diff, prune, releases
from lod.serve_command import serve
from lod.verify_command import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="madoguchi", prog_name="lod")
def cli() -> None:
    """Linked open data of Japan's local-government contact points for Japanese-language education.

    \b
    Examples:
      lod serve                         build if needed, then serve at http://localhost:8000/
      lod check                         read and validate the documents, write nothing
      lod query ontology/queries/emails.rq --format csv
      lod show 柏市
      lod releases                      the releases that are kept
      lod diff previous current         what changed

    Exit status: 0 fine, 1 invalid data, 2 wrong usage.
    """


@cli.command()
@seeds_option
@out_option
@base_option
def build(seeds: Path, out: Path, base_uri: str) -> None:
    """Read the documents, validate the graph, write a release.

    \b
    Examples:
      lod build
      lod build --seeds my-seeds --out /srv/releases --base-uri https://data.example.jp/
    """
    from lod.pipeline import build_release  # noqa: PLC0415  # so that --help and a wrong option answer at once

    start = time.monotonic()
    release = build_release(Configuration(seeds, out, base_uri), report_progress)
    _print_summary(release.manifest["counts"])
    click.echo(f"release {release.id} in {release.path} ({time.monotonic() - start:.1f} s)")


@cli.command()
@seeds_option
@base_option
def check(seeds: Path, base_uri: str) -> None:
    """Read and validate the documents, write nothing.

    All problems of all documents are printed together, as `file:line  problem` and what to do.

    \b
    Example:
      lod check --seeds my-seeds
    """
    from lod.pipeline import check_seeds, count_facts  # noqa: PLC0415

    checked = check_seeds(Configuration(seeds, base=base_uri), report_progress)
    _print_summary(count_facts(checked))
    for message, number in Counter(f.messages[0] for f in checked.report.warnings).items():
        click.echo(f"warning, {number} times: {message}")
    click.echo("the documents are understood, and no shape is violated")


@cli.command()
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--format", "form", default="table", show_default=True, help="table, csv, tsv, json, xml; for graphs turtle, …")
@out_option
def query(file: TextIO, form: str, out: Path) -> None:
    """Run a SPARQL query (a FILE, or - for standard input) against the release.

    \b
    Examples:
      lod query ontology/queries/emails.rq
      echo 'SELECT (COUNT(*) AS ?n) WHERE { ?l a jle:Listing }' | lod query - --format csv
    """
    from lod.query import FORMAT_NAMES, forbid_connections, run_query, write_result  # noqa: PLC0415
    from lod.release import open_release  # noqa: PLC0415

    if form not in FORMAT_NAMES:
        raise click.BadParameter(f"{form!r} is not one of {', '.join(FORMAT_NAMES)}", param_hint="--format")
    release = open_release(out)
    try:
        text = file.read()
    except UnicodeDecodeError as error:
        raise MadoguchiError(f"the query is not UTF-8: {error}") from None
    store = release.load_store()
    width = None if sys.stdout.isatty() else 400
    with forbid_connections():
        try:
            answer = write_result(run_query(store, text, release), form, release, width=width)
        except RuntimeError as error:
            raise MadoguchiError(f"the query cannot be evaluated: {error}") from None
    click.echo(answer, nl=False)


@cli.command()
@click.argument("entity")
@out_option
def show(entity: str, out: Path) -> None:
    """Show one entity (an IRI, a local government code or a name): its listings in all editions and the lines they come from.

    \b
    Examples:
      lod show 122173
      lod show "Kashiwa City"
      lod show http://localhost:8000/id/org/kumamoto-international-foundation
    """
    from lod.release import open_release  # noqa: PLC0415
    from lod.show import show_entity  # noqa: PLC0415

    click.echo(show_entity(open_release(out), entity), nl=False)


def _print_summary(counts: dict[str, dict[str, int]]) -> None:
    from lod.query import render_table  # noqa: PLC0415

    triples = counts["triples"]
    editions = [
        [number, str(listings), str(counts["bodies"][number]), str(triples[f"edition/{number}"])]
        for number, listings in counts["listings"].items()
    ]
    click.echo(render_table(["edition", "listings", "bodies in charge", "triples"], editions, 100))
    click.echo(render_table(["issues", "kind"], [[str(n), kind] for kind, n in counts["issues"].items()], 100))
    click.echo(
        f"{sum(counts['listings'].values())} listings of {counts['governments']} governments, "
        f"{sum(counts['issues'].values())} issues, {counts['warnings']} warnings, "
        f"{triples['default']} triples in the default graph"
    )


cli.add_command(serve)
cli.add_command(releases)
cli.add_command(diff)
cli.add_command(prune)
cli.add_command(verify)
cli.add_command(export)


def main() -> None:
    """The console script: a failure of the data is told in sentences, with exit status 1 (2 for wrong usage)."""
    try:
        cli()
    except SeedsError as error:
        click.echo(f"{error}\n\n{len(error.problems)} problem(s); nothing was written.", err=True)
        sys.exit(1)
    except InvalidGraph as error:
        click.echo(f"{error}\n\n{len(error.violations)} violation(s) of ontology/shapes.ttl; nothing was written.", err=True)
        sys.exit(1)
    except MadoguchiError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"error: {error.filename or 'a file'}: {error.strerror}; nothing was published", err=True)
        sys.exit(1)
