"""A twin of a small release, and web servers of the system that serve it."""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import SEEDS, ignore_progress

from lod.configuration import ONTOLOGY, Configuration
from lod.pipeline import build_release
from lod.release import MANIFEST, Release
from server.twin import layout
from server.twin.export import export_release

GONE = "id/unit/102059/closed-division"
_PLACES = ("群馬県", "愛知県", "大阪府", "太田市", "豊田市", "豊橋市")
_ROWS = ("Ota City", "Toyota City", "Toyohashi City")
_SHAPES = ("Sections", "Listings", "Areas", "ListingShape", "ListingWithoutContactWarning", "AreaShape", "AreaContainerShape")


def build_small_release(folder: Path) -> Release:
    """A release of three rows of document 004, with a reference table of their places and Osaka, and a few of the shapes.

    So it has one of everything and little of anything: each address is exported in a dozen forms, and each of them compared.
    """
    seeds = folder / "seeds"
    seeds.mkdir(parents=True)
    lines = (SEEDS / "004.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.count("\t") < 2 or line.split("\t")[1] in ("Cities, Towns", *_ROWS)]
    (seeds / "004.txt").write_text("".join(kept), encoding="utf-8")
    head, *editions = (SEEDS / "catalogue.toml").read_text(encoding="utf-8").split("[[edition]]")
    (own,) = (text for text in editions if 'number = "004"' in text)
    before, _, after = own.partition("[[edition.later_than]]")
    own = f"{before}[[edition.section]]{after.partition('[[edition.section]]')[2]}"
    (seeds / "catalogue.toml").write_text(f"{head}[[edition]]{own}", encoding="utf-8")
    lines = (SEEDS / "places.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.split(",")[3] in ("name_ja", *_PLACES)]
    (seeds / "places.csv").write_text("".join(kept), encoding="utf-8")
    configuration = Configuration(seeds, folder / "releases", ontology=_copy_ontology(folder / "ontology"))
    release = build_release(configuration, ignore_progress)
    _write_older(release)
    return release


def _copy_ontology(folder: Path) -> Path:
    """The ontology with a few of the shapes: with all of them, most pages of a small twin would be theirs."""
    shutil.copytree(ONTOLOGY, folder)
    blocks = (folder / "shapes.ttl").read_text(encoding="utf-8").split("\n\n")
    named = {block: re.search(r"^shape:(\w+) ", block, re.MULTILINE) for block in blocks}
    kept = [block for block, name in named.items() if name is None or name[1] in _SHAPES]
    text = re.sub(r"memberList \([^)]*\)", _keep_members, "\n\n".join(kept))
    (folder / "shapes.ttl").write_text(f"{text.rstrip()}\n", encoding="utf-8")
    return folder


def _keep_members(members: re.Match[str]) -> str:
    kept = [f"shape:{name}" for name in re.findall(r"shape:(\w+)", members[0]) if name in _SHAPES]
    return f"memberList ( {' '.join(kept)} )"


def _write_older(release: Release) -> None:
    """A release of before, which had a department that is gone."""
    older = release.path.parent / "0000000000000000"
    older.mkdir()
    manifest = (release.path / MANIFEST).read_text(encoding="utf-8").replace(f'"{release.id}"', f'"{older.name}"')
    (older / MANIFEST).write_text(manifest, encoding="utf-8")
    base, schema = release.iris.base, "https://schema.org/"
    (older / "all.nq").write_text(
        f'<{base}{GONE}> <{schema}name> "Closed Division"@en .\n'
        f"<{base}{GONE}> <{schema}parentOrganization> <{base}id/gov/102059> .\n",
        encoding="utf-8",
    )
    os.utime(older / MANIFEST, (1_000_000, 1_000_000))


def export_part(release: Release, folder: Path, left_out: str, processes: int = 0) -> None:
    """The twin without the addresses that a pattern finds, of which there are many alike."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "_LEFT_OUT", re.compile(f"{layout._LEFT_OUT.pattern}|{left_out}"))
        export_release(release, folder, ignore_progress, processes)


@dataclass(frozen=True)
class Served:
    """A web server that serves a twin."""

    url: str
    port: int


@contextmanager
def serve_with_nginx(twin: Path, folder: Path) -> Iterator[Served]:
    """The complete example of the twin, but for the port, in a folder where nginx may write."""
    port = find_port()
    text = (
        (twin / "nginx.conf")
        .read_text(encoding="utf-8")
        .replace("listen [::]:8080;", "")
        .replace("8080", f"127.0.0.1:{port}", 2)
    )
    text = text.replace(f"port 127.0.0.1:{port}", "port").replace("worker_processes auto", "worker_processes 1")
    if os.geteuid() == 0:  # whose workers would become somebody who cannot read the folders of tests
        text = f"user root;\n{text}"
    folder.mkdir()
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    for name in ("site", "nginx"):
        (folder / name).symlink_to(twin / name)
    command = ["nginx", "-p", f"{folder}/", "-c", f"{folder}/nginx.conf"]
    with _run(command, folder, port) as served:
        yield served


@contextmanager
def serve_with_caddy(twin: Path, folder: Path) -> Iterator[Served]:
    """The twin's Caddyfile, but for the port."""
    port = find_port()
    folder.mkdir()
    text = (twin / "Caddyfile").read_text(encoding="utf-8").replace(":8080", f"http://127.0.0.1:{port}")
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    (folder / "site").symlink_to(twin / "site")
    with _run(["caddy", "run", "--config", f"{folder}/Caddyfile"], folder, port) as served:
        yield served


def find_port() -> int:
    """A free port below those that the system gives to connections, of which there are hundreds meanwhile."""
    while True:
        try:
            with socket.create_server(("127.0.0.1", random.randrange(20_000, 32_000))) as server:  # noqa: S311
                return int(server.getsockname()[1])
        except OSError:
            continue


@contextmanager
def _run(command: list[str], folder: Path, port: int) -> Iterator[Served]:
    log = folder / "log"
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, cwd=folder, env=environment)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.05)
        yield Served(f"http://127.0.0.1:{port}/", port)
    finally:
        process.terminate()
        process.wait(20)
