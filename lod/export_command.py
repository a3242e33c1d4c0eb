"""The command that writes the site of a release as plain files."""

from __future__ import annotations

import time
from pathlib import Path

import click

from lod.cli_options import FOLDER, out_option, report_progress


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@out_option
def export(folder: Path, out: Path) -> None:
    """Write the whole site of the current release as plain files into DIR.

    DIR/site is the web root: pages in both languages, every thing in every format, dumps, documents. Links are relative, so
    that any web server or object store serves it. DIR/nginx.conf and DIR/Caddyfile add the content negotiation, redirections
    and headers of `lod serve`. Queries need the live service; the search runs in the browser.

    \b
    Examples:
      lod export twin
      nginx -p twin -c nginx.conf
    """
    from lod.release import open_release  # noqa: PLC0415  # so that --help and a wrong option answer at once
    from server.twin.export import export_release  # noqa: PLC0415
    from server.twin.folder import check_target  # noqa: PLC0415

    start = time.monotonic()
    check_target(folder)
    release = open_release(out)
    count = export_release(release, folder, report_progress)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    click.echo(f"release {release.id}: {count:,} files, {size / 1e6:,.0f} MB in {folder} ({time.monotonic() - start:.0f} s)")
