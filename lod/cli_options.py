"""The options that several commands have, and how they tell of their progress."""

from __future__ import annotations

from pathlib import Path

import click

from lod.errors import MadoguchiError
from lod.iris import DEFAULT_BASE, check_base

FOLDER = click.Path(file_okay=False, path_type=Path)
SEEDS = click.Path(exists=True, file_okay=False, path_type=Path)
seeds_option = click.option(
    "--seeds", type=SEEDS, default=Path("seeds"), show_default=True, help="The documents and their catalogue."
)
out_option = click.option("--out", type=FOLDER, default=Path("releases"), show_default=True, help="Where releases are kept.")


def _check_base_option(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return check_base(value)
    except MadoguchiError as error:
        raise click.BadParameter(str(error)) from None


base_option = click.option(
    "--base-uri",
    envvar="LOD_BASE_URI",
    default=DEFAULT_BASE,
    show_default=True,
    callback=_check_base_option,
    help="The IRI that all IRIs begin with [environment: LOD_BASE_URI].",
)


def report_progress(message: str) -> None:
    click.echo(f"{message} …", err=True)
