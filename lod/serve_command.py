"""The command that serves a release, or any other RDF files, over HTTP."""

from __future__ import annotations

import ipaddress
import tempfile
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from lod.cli_options import FOLDER, base_option, out_option, report_progress
from lod.configuration import Configuration
from lod.iris import DEFAULT_BASE
from server.configuration import QueryLimits, ServerConfiguration

DATA_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_LIMITS = {f.name: f.default for f in fields(QueryLimits) if f.default is not MISSING}


def _read_limits(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> QueryLimits:
    """`NAME=VALUE` as often as it is given; services add up."""
    limits: dict[str, Any] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or name not in _LIMITS:
            shown = ", ".join(f"{n}={d}" for n, d in _LIMITS.items() if n != "services")
            raise click.BadParameter(f"{value!r} is not NAME=VALUE with one of: {shown}, services=IRI")
        if name == "services":
            limits[name] = (*limits.get(name, ()), text)
            continue
        kind = type(_LIMITS[name])
        try:
            limits[name] = kind(text)
        except ValueError:
            raise click.BadParameter(
                f"{text!r} is no {'whole ' if kind is int else ''}number: {name}={_LIMITS[name]}"
            ) from None
        if limits[name] < 0 or (limits[name] == 0 and name not in ("slow", "queue")):
            raise click.BadParameter(f"{name} must be more than 0")
    return QueryLimits(**limits)


def _check_prefix(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value and (not value.startswith("/") or value.endswith("/") or "//" in value or not value.isascii()):
        raise click.BadParameter(f"{value!r} is not like /lod: a slash at the beginning, none at the end")
    return value


def _check_proxies(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            ipaddress.ip_network(value, strict=False)
        except ValueError:
            raise click.BadParameter(f"{value!r} is no address or network, such as 127.0.0.1 or 10.0.0.0/8") from None
    return values


@click.command()
@click.option("--seeds", type=FOLDER, default=Path("seeds"), show_default=True, help="The documents and their catalogue.")
@out_option
@base_option
@click.option("--data", is_flag=True, help="Serve the FILEs in the place of a release.")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=DATA_FILE)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen on.")
@click.option(
    "--prefix",
    default="",
    callback=_check_prefix,
    help="The path of the site, such as /lod; else the base IRI's. Crawlers ask for robots.txt at the root of a host alone.",
)
@click.option(
    "--trust-proxy",
    "proxies",
    multiple=True,
    callback=_check_proxies,
    help="An address or network whose X-Forwarded-For and -Prefix are believed; may be repeated.",
)
@click.option(
    "--access-log", default="", metavar="FILE", help="A line of JSON for each request, without personal data; - prints."
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_read_limits,
    help="What a query may cost, as the service description names it: seconds=20, memory=…, rows=…; may be repeated.",
)
@click.pass_context
def serve(
    context: click.Context,
    seeds: Path,
    out: Path,
    base_uri: str,
    data: bool,
    files: tuple[Path, ...],
    host: str,
    port: int,
    prefix: str,
    proxies: tuple[str, ...],
    access_log: str,
    limits: QueryLimits,
) -> None:
    """Serve the release; build it first when there is none for the present documents.

    A release that `lod build` makes meanwhile is taken over without losing a request.

    With --data any RDF is served in its place: Turtle (.ttl), TriG (.trig), N-Triples (.nt), N-Quads (.nq), RDF/XML (.rdf,
    .xml, .owl) and JSON-LD (.jsonld, .json), each also with .gz. Named graphs are kept. Without --base-uri the base IRI is
    the host that most things in the files are named under; relative IRIs are resolved against it.

    \b
    Examples:
      lod serve
      lod serve --port 8080 --base-uri http://localhost:8080/
      lod serve --prefix /lod --trust-proxy 127.0.0.1 --access-log access.jsonl
      lod serve --limit seconds=30 --limit rows=100000
      lod serve --data people.ttl history.nq.gz
    """
    if data != bool(files):
        raise click.UsageError("--data takes the files to serve: lod serve --data FILE…, and files take --data")
    prefix = prefix or urlsplit(base_uri).path.rstrip("/")
    settings = ServerConfiguration(host=host, port=port, prefix=prefix, proxies=proxies, access_log=access_log, limits=limits)
    if data:
        given = context.get_parameter_source("base_uri") != click.core.ParameterSource.DEFAULT
        _serve_data(files, base_uri if given else None, settings)
        return
    if not seeds.is_dir():  # which other data do without
        raise click.BadParameter(f"Directory {str(seeds)!r} does not exist.", param_hint="--seeds")
    from lod.pipeline import build_release  # noqa: PLC0415
    from server.run import run_server  # noqa: PLC0415

    build_release(Configuration(seeds, out, base_uri), report_progress)
    if base_uri == DEFAULT_BASE and port != urlsplit(DEFAULT_BASE).port:
        click.echo(
            f"note: the IRIs in the data begin with {base_uri}; --base-uri http://localhost:{port}/ makes them lead here",
            err=True,
        )
    run_server(replace(settings, releases=out))


def _serve_data(files: tuple[Path, ...], base: str | None, settings: ServerConfiguration) -> None:
    from lod.foreign_data import make_data_release  # noqa: PLC0415
    from server.run import run_server  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="lod-data-") as folder:
        report_progress(f"reading the beginning of {len(files)} file{'s' if len(files) > 1 else ''}")
        release = make_data_release(Path(folder), files, base)
        report_progress(f"loading, with the base IRI {release.iris.base}{'' if base else ' that most things there have'}")
        run_server(replace(settings, releases=release.path))
