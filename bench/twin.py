"""`python -m bench.twin TWIN`: answers a second of the static twin under nginx and of `lod serve`, asked for the same in turn.

The twin is an export of the current release (`lod export TWIN`); both servers run with as many processes as they choose.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

import click

from bench.load import Sample, Template, play_requests
from bench.processes import Process
from bench.servers import find_port

_PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_READY = 60.0  # seconds that a server gets to answer
_GOVERNMENTS = ("011002", "102059", "122173", "141003", "232114", "271004", "271403")
ASKED = {
    "page of a government": Template("/doc/gov/SUBJECT", _PAGE, _GOVERNMENTS),
    "its Turtle, by Accept": Template("/doc/gov/SUBJECT", "text/turtle", _GOVERNMENTS),
    "its Turtle, by weights": Template("/doc/gov/SUBJECT", "application/rdf+xml;q=0.8, text/turtle;q=0.9", _GOVERNMENTS),
    "its JSON-LD, by suffix": Template("/doc/gov/SUBJECT.jsonld", "*/*", _GOVERNMENTS),
    "its IRI (303)": Template("/id/gov/SUBJECT", "*/*", _GOVERNMENTS),
    "the home page": Template("/", _PAGE),
}


def start_twin(twin: Path, folder: Path) -> tuple[Process, int]:
    """nginx with the configuration of the export, on a free port, in a folder where it may write."""
    port = find_port()
    text = (twin / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("        listen [::]:8080;\n", "").replace("listen 8080;", f"listen 127.0.0.1:{port};")
    (folder / "nginx.conf").write_text(f"user root;\n{text}" if not os.geteuid() else text, encoding="utf-8")
    for name in ("site", "nginx"):
        (folder / name).symlink_to((twin / name).resolve())
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    return Process([nginx, "-p", f"{folder}/", "-c", f"{folder}/nginx.conf"], folder / "nginx.log", folder), port


def start_live(seeds: Path, releases: Path, folder: Path) -> tuple[Process, int]:
    """`lod serve` on a free port."""
    port = find_port()
    command = [sys.executable, "-m", "lod", "serve", "--seeds", str(seeds), "--out", str(releases), "--port", str(port)]
    return Process(command, folder / "serve.log", Path.cwd()), port


def wait_for(process: Process, port: int) -> None:
    """Raises ProcessFailed where the server has ended, TimeoutError where it does not answer in time."""
    end = time.monotonic() + _READY
    while time.monotonic() < end:
        process.check_running()
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"nothing answers at port {port} after {_READY:g} s")


@click.command()
@click.argument("twin", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--seeds", type=click.Path(exists=True, path_type=Path), default=Path("seeds"), show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("releases"), show_default=True)
@click.option("--seconds", type=click.FloatRange(1), default=5.0, show_default=True, help="Of load for each measure.")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True)
def main(twin: Path, seeds: Path, out: Path, seconds: float, rounds: int) -> None:
    """Print answers a second (the median of the rounds) and the median latency of both, and how often the twin is faster."""
    with tempfile.TemporaryDirectory(prefix="twin-") as name:
        folder = Path(name)
        servers = {"twin under nginx": start_twin(twin, folder), "lod serve": start_live(seeds, out, folder)}
        samples: dict[tuple[str, str], list[Sample]] = {}
        try:
            for process, port in servers.values():
                wait_for(process, port)
            for number in range(rounds):
                for asked, template in ASKED.items():
                    for server, (_, port) in servers.items():
                        sample = play_requests(port, [template], seconds, number, folder)
                        samples.setdefault((asked, server), []).append(sample)
        finally:
            for process, _ in servers.values():
                process.stop()
    for asked in ASKED:
        rates = {server: median(s.rate for s in samples[asked, server]) for server in servers}
        waits = {server: median(s.median for s in samples[asked, server]) * 1000 for server in servers}
        failed = sum(s.failed for server in servers for s in samples[asked, server])
        told = ", ".join(f"{server} {rates[server]:,.0f}/s ({waits[server]:.2f} ms)" for server in servers)
        fast, slow = rates.values()
        click.echo(f"{asked}: {told}; {fast / slow:.1f} times{f'; {failed} failed' if failed else ''}")


if __name__ == "__main__":
    main()
