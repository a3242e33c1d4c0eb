"""The commands about kept releases: which there are, what differs between two, and the removal of old ones."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lod.cli_options import out_option

if TYPE_CHECKING:
    from lod.release import Release  # which loads the engine

_MOST_DAYS = 36_500  # a hundred years: before the beginning of the calendar there is nothing to subtract from


@click.command()
@out_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def releases(out: Path, form: str) -> None:
    """List the releases that are kept, the newest first, and those that were pruned.

    The newest is the one that became current last: the journal beside the releases has the order.

    \b
    Examples:
      lod releases
      lod releases --out /srv/releases --format json
    """
    from lod.kept_releases import find_current, list_all_releases  # noqa: PLC0415

    found, current = list_all_releases(out), find_current(out)
    rows = [
        describe_kept(release, before, is_current=current is not None and release.id == current.id)
        for before, release in zip([None, *found], found, strict=False)
    ]
    if form == "json":
        click.echo(json.dumps(rows[::-1], ensure_ascii=False, indent=1))
        return
    if not rows:
        click.echo(f"no release is kept in {out}: build one with `lod build --out {out}`")
        return
    from lod.query import render_table  # noqa: PLC0415

    header = ["release", "published (UTC)", "", "listings", "issues", "triples", "MB", "what changed to the one before"]
    cells = [
        [
            row["id"],
            row["published"][:16].replace("T", " "),
            "current" if row["current"] else "pruned" if row["pruned"] else "",
            *(f"{row[name]:,}" for name in ("listings", "issues", "triples")),
            f"{row['size'] / 1e6:.1f}",
            ", ".join(row["changes"]),
        ]
        for row in rows[::-1]
    ]
    click.echo(render_table(header, cells, None if sys.stdout.isatty() else 160), nl=False)


@click.command()
@click.argument("before", metavar="A", default="previous")
@click.argument("after", metavar="B", default="current")
@out_option
@click.option("--format", "form", type=click.Choice(["table", "json", "patch", "sentence"]), default="table", show_default=True)
def diff(before: str, after: str, out: Path, form: str) -> None:
    """Show what differs between release A and release B, by thing and by statement.

    A and B are identifiers or the beginning of one, `current`, `previous`, or folders of releases anywhere. The patch is an
    RDF Patch: it turns the statements of A's all.nq into those of B's.

    \b
    Examples:
      lod diff                              the current release and the one before
      lod diff 26b5 current --format json
      lod diff previous current --format patch > changes.rdfpatch
    """
    from lod.diff import compare_releases  # noqa: PLC0415
    from lod.diff_directory import compare_directories  # noqa: PLC0415
    from lod.diff_report import list_tables, write_json, write_sentence  # noqa: PLC0415
    from lod.kept_releases import find_release  # noqa: PLC0415
    from lod.query import render_table  # noqa: PLC0415
    from lod.rdf_patch import write_patch  # noqa: PLC0415

    found = compare_releases(find_release(out, before), find_release(out, after))
    if form == "patch":
        sys.stdout.buffer.write(write_patch(found))
        return
    directory = compare_directories(found)
    if form == "json":
        click.echo(write_json(directory), nl=False)
        return
    click.echo(write_sentence(directory))
    if form == "table" and not found.is_empty:
        for header, rows in list_tables(directory):
            click.echo("\n" + render_table(header, rows, None if sys.stdout.isatty() else 200), nl=False)


@click.command()
@out_option
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="Keep the N newest releases.")
@click.option("--older-than", "days", type=click.FloatRange(0, _MOST_DAYS), metavar="DAYS", help="Remove only what is older.")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
def prune(out: Path, keep: int | None, days: float | None, dry_run: bool) -> None:
    """Remove old releases; never the current one.

    With both --keep and --older-than a release is removed only when both allow it. What a removed release had is remembered
    in pruned/, so that its addresses go on answering 410 (Gone).

    \b
    Examples:
      lod prune --keep 5 --dry-run
      lod prune --keep 3 --older-than 90
    """
    from lod.kept_releases import measure_release  # noqa: PLC0415
    from lod.prune import choose_pruned, prune_releases  # noqa: PLC0415

    if keep is None and days is None:
        raise click.UsageError("say what may go: --keep N, --older-than DAYS, or both")
    if days is not None and math.isnan(days):
        raise click.BadParameter("nan is no number of days", param_hint="--older-than")
    if not out.is_dir():
        raise click.BadParameter(f"there is no folder {out}", param_hint="--out")
    chosen = choose_pruned(out, keep, days)
    sizes = {release.id: measure_release(release) for release in chosen}
    if not dry_run:
        chosen = prune_releases(out, keep, days)
    for release in chosen:
        click.echo(f"{'would remove' if dry_run else 'removed'} {release.id}, published {release.published:%Y-%m-%d}")
    freed = sum(sizes.get(release.id, 0) for release in chosen)
    click.echo(f"{len(chosen)} release{'' if len(chosen) == 1 else 's'}, {freed / 1e6:.1f} MB")


def describe_kept(release: Release, before: Release | None, *, is_current: bool) -> dict[str, Any]:
    """A row of the list: what the release counts of itself, its size in bytes, and what changed to the one before."""
    from lod.diff_report import count_facts, describe_release, summarize_manifests  # noqa: PLC0415
    from lod.kept_releases import measure_release  # noqa: PLC0415

    return {
        **describe_release(release),
        "current": is_current,
        "pruned": release.is_pruned,
        **{name: count_facts(release, name) for name in ("listings", "issues", "triples")},
        "size": 0 if release.is_pruned else measure_release(release),
        "changes": summarize_manifests(before, release) if before else [],
    }
