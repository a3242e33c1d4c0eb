"""The servers under test: how each is loaded, started and asked."""

from __future__ import annotations

import http.client
import socket
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from bench.client import Client, NoReply, send_file
from bench.datasets import ROOT, Dataset
from bench.load import Template
from bench.processes import Process, ProcessFailed, run_program
from bench.queries import QUERIES, Query
from lod.iris import DEFAULT_BASE

STARTING = 900.0  # seconds that a server is given to load and to start
OURS, NGINX, OXIGRAPH = "madoguchi", "nginx", "oxigraph-memory"
OPTIONS_OF_OURS: tuple[str, ...] = ()  # of `lod serve`; eight connections are within its limits
_RDFLIB_QUADS = 2_000_000  # more would take it minutes to load and seconds for each answer
_POINT = next(query for query in QUERIES if query.name == "point")


class Server(ABC):
    """A server of a data set, which keeps its files in a folder of its own."""

    name: ClassVar[str]
    upload_path: ClassVar[str] = ""  # of a server that gets the data over HTTP

    def __init__(self, dataset: Dataset, folder: Path, peers: Path) -> None:
        self.dataset = dataset
        self.folder = folder
        self.peers = peers  # the folder of the peers' programs
        self.port = find_port()
        self.log = folder / "log"
        self._process: Process | None = None

    @abstractmethod
    def make_command(self) -> Sequence[str]:
        """What starts the server."""

    def refuse(self) -> str:
        """Why this server is left out with this data set, empty where it is not."""
        return ""

    def load(self) -> float | None:
        """Loads the data where this is done before the start; returns the seconds."""
        return None

    def make_path(self, query: str, *, names_graphs: bool) -> str:
        """The path and query string that ask a query."""
        return f"/sparql?query={quote(query, safe='')}"

    def make_template(self, query: Query) -> Template:
        """The request of a query."""
        path = self.make_path(query.write_text(), names_graphs=query.names_graphs)
        return Template(path, query.accept, self.dataset.subjects.get(query.kind, ()))

    def make_probe(self) -> tuple[str, str, bytes]:
        """Path, Accept header and a part of the answer of the request that tells whether the server is ready."""
        template = self.make_template(_POINT)
        return template.fill(template.subjects[0]), template.accept, b"@"

    def start(self) -> float:
        """Starts the server and returns the seconds from there to the first right answer; raises ProcessFailed, NoReply."""
        path, accept, expected = self.make_probe()
        start = time.monotonic()
        self._process = Process(self.make_command(), self.log, self.folder)
        is_filled = False
        while time.monotonic() < start + STARTING:
            self._process.check_running()
            try:
                if not is_filled:
                    socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                    if self.upload_path:
                        send_file(self.port, self.upload_path, self.dataset.file, "application/n-quads", STARTING)
                    is_filled = True
                with Client(self.port, timeout=60) as client:
                    reply = client.get(path, accept)
                if reply.status == http.client.OK and expected in reply.body:
                    return time.monotonic() - start
            except (NoReply, OSError):
                pass
            time.sleep(0.005)
        raise ProcessFailed(f"no right answer within {STARTING:g} s")

    def measure_memory(self) -> int:
        """Bytes of all its processes together."""
        return self._process.measure_memory() if self._process else 0

    def stop(self) -> None:
        """Ends the server, if it runs."""
        if self._process:
            self._process.stop()
            self._process = None


class Madoguchi(Server):
    """This project's server, with its release or with a file."""

    name = OURS

    def make_command(self) -> Sequence[str]:
        releases, file = self.dataset.releases, str(self.dataset.file)
        data = ["--out", str(releases)] if releases else ["--data", file]
        place = ["--seeds", str(ROOT / "seeds"), "--base-uri", DEFAULT_BASE, "--port", str(self.port)]
        return [sys.executable, "-m", "lod", "serve", *data, *place, *OPTIONS_OF_OURS]


class OxigraphMemory(Server):
    """Oxigraph's server with its store in memory, which gets the data over HTTP."""

    name = OXIGRAPH
    upload_path = "/store?no_transaction"

    def make_command(self) -> Sequence[str]:
        return [str(self.peers / "oxigraph"), "serve", "--bind", f"127.0.0.1:{self.port}"]

    def make_path(self, query: str, *, names_graphs: bool) -> str:
        return f"/query?query={quote(query, safe='')}"


class OxigraphDisk(OxigraphMemory):
    """Oxigraph's server with its store on disk."""

    name = "oxigraph-disk"
    upload_path = ""

    def load(self) -> float:
        command = [
            str(self.peers / "oxigraph"),
            "load",
            "--location",
            str(self.folder / "store"),
            "--file",
            str(self.dataset.file),
        ]
        return run_program(command, self.log, self.folder, STARTING)

    def make_command(self) -> Sequence[str]:
        address = f"127.0.0.1:{self.port}"
        return [str(self.peers / "oxigraph"), "serve-read-only", "--location", str(self.folder / "store"), "--bind", address]


class RdflibEndpoint(Server):
    """rdflib-endpoint under uvicorn, with rdflib's store in memory."""

    name = "rdflib-endpoint"

    def refuse(self) -> str:
        return f"it is asked up to {_RDFLIB_QUADS:,} quads only" if self.dataset.quads > _RDFLIB_QUADS else ""

    def make_command(self) -> Sequence[str]:
        script = Path(__file__).parent / "rdflib_server.py"
        return [str(self.peers / "python"), str(script), str(self.port), str(self.dataset.file)]


def find_port() -> int:
    """A free port of the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
