"""The command that checks a download against its checksums."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from lod.errors import MadoguchiError
from lod.release import CHECKSUMS


@click.command()
@click.argument("place", metavar="DIR|URL")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--graphs", is_flag=True, help="Also compute the canonical hashes of graphs (N-Quads, N-Triples, Turtle).")
@click.option("--whole", is_flag=True, help="Every file that is listed must be there; on the web that is always so.")
def verify(place: str, names: tuple[str, ...], graphs: bool, whole: bool) -> None:
    """Check a download against its SHA256SUMS: a folder with some or all files, or the address of a release.

    With NAMEs only these files are checked. A manifest.json beside them is checked too: a release is named by its hash.
    Checksums tell whether the bytes are the same; --graphs tells whether a file holds the same triples as the release, even
    when another program wrote it anew, and takes longer.

    \b
    Examples:
      lod verify .
      lod verify Downloads listings-current.csv places.csv
      lod verify https://data.example.jp/releases/latest/
      lod verify --graphs releases/current all.nq

    Exit status: 0 all is right, 1 something is not, 2 wrong usage.
    """
    from lod.verify import ABSENT, RIGHT, verify_download  # noqa: PLC0415  # so that --help and a wrong option answer at once
    from lod.verify_sources import FolderSource, Source, WebSource, make_printable  # noqa: PLC0415

    source: Source
    if "://" in place:
        try:
            source = WebSource(place)
        except MadoguchiError as error:
            raise click.BadParameter(str(error)) from None
    elif Path(place).is_dir():
        source = FolderSource(Path(place).resolve())
    else:
        raise click.BadParameter(f"{place!r} is no folder, and no address that begins with http:// or https://")
    counts: Counter[str] = Counter()
    failed = False
    for finding in verify_download(source, names, graphs=graphs, whole=whole):
        counts[finding.kind] += 1
        failed = failed or finding.is_fault
        if finding.kind not in (RIGHT, ABSENT) or names:
            told = f"{finding.name}: {finding.message}" if finding.message else finding.name
            click.echo(f"{finding.kind}  {make_printable(told)}")
    right = counts[RIGHT]
    place = make_printable(source.name)  # after redirects as the server says
    click.echo(f"{right} file{'' if right == 1 else 's'} of {place} {'is' if right == 1 else 'are'} as {CHECKSUMS} says")
    if absent := counts[ABSENT]:
        click.echo(f"{absent} more that it lists {'is' if absent == 1 else 'are'} not there; with --whole that is a fault")
    if failed or not right:
        click.echo("do not use what is not right" if failed else "there was nothing to check", err=True)
        sys.exit(1)
