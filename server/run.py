"""Runs the front until it is told to end.

The server is granian: maintained, its HTTP is written in Rust, it is embedded with a few lines of Python, tells when a client
has gone, sends files by itself, and was the fastest of those measured. It runs the front in one process, beside which the
keeper of each release and its workers run.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import http.client
import json
import multiprocessing
import os
import resource
import signal
import socket
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels

from lod.errors import MadoguchiError
from lod.release import Release, open_release
from server.access_log import open_access_log
from server.configuration import ServerConfiguration
from server.front import Front
from server.takeover import follow_releases

_GRACE = 5  # seconds that a running request is given at the end
_COLLECTING = (50_000, 20, 100)  # what is kept of answers has no cycles: looking through it often is in vain
_CONNECTIONS = 4096  # at the same time
_HEAD_BUFFER = 65_536  # bytes of a request's head beyond which granian itself answers 431


def run_server(configuration: ServerConfiguration) -> None:
    """Serves the current release; returns after SIGINT or SIGTERM, raises MadoguchiError when it cannot start."""
    release = open_release(configuration.releases)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # as many connections as the machine allows, not the shell
    if configuration.access_log not in ("", "-"):
        open_access_log(configuration.access_log)  # says now what would fail later
    host, port = claim_address(configuration.host, configuration.port)
    server = Granian(
        target="server.run",  # shown in messages only: the loader below makes the application
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=1,
        loop=Loops.uvloop,
        runtime_mode=RuntimeModes.st,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(configuration.header_seconds * 1000), max_buffer_size=_HEAD_BUFFER
        ),
        backlog=1024,
        backpressure=_CONNECTIONS,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=_GRACE,
    )
    server.serve(target_loader=partial(load_front, release, configuration, host, port), wrap_loader=False)


def claim_address(host: str, port: int) -> tuple[str, int]:
    """The numeric address and a free port; granian itself would share a port that another server has."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except socket.gaierror as error:
        raise MadoguchiError(f"the host {host!r} is not known ({error.strerror}): try --host 127.0.0.1") from None
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise MadoguchiError(f"cannot listen on {host} port {port}: {error.strerror}; choose another with --port") from None
        found = probe.getsockname()
    return str(found[0]), int(found[1])


class _Application(Front):
    """The front with its start and its end, as granian calls them."""

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._following = loop.create_task(follow_releases(self, self.configuration))
        self._following.add_done_callback(_end_on_failure)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._following.cancel()
        if self.generation is not None:
            self.generation.close()


def _end_on_failure(following: asyncio.Task[None]) -> None:
    if not following.cancelled() and (error := following.exception()):
        print(f"error: {error}", file=sys.stderr, flush=True)
        os._exit(1)  # granian's main process sees it and ends too


def load_front(
    release: Release, configuration: ServerConfiguration, host: str, port: int
) -> Any:  # granian's types know no __rsgi__
    """Makes the front in its process, and there waits to say that it answers and to end with its parent."""
    gc.set_threshold(*_COLLECTING)
    front = _Application(configuration, open_access_log(configuration.access_log))
    threading.Thread(target=_announce, args=(release, configuration, host, port), daemon=True).start()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return front


def _announce(release: Release, configuration: ServerConfiguration, host: str, port: int) -> None:
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 — only asked of, not listened on
    while not _is_ready(local, port):
        time.sleep(0.01)
    _cut_off_stalled_clients(port, configuration.stalled_seconds)
    name = "localhost" if local in ("127.0.0.1", "::1") else f"[{local}]" if ":" in local else local
    print(
        f"http://{name}:{port}/ serves release {release.id}: {release.summary}, base IRI {release.iris.base}\n"
        "End it with Ctrl+C.",
        flush=True,
    )


def _is_ready(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return response.status == http.client.OK and "release" in json.loads(response.read())
    except (OSError, ValueError):
        return False
    finally:
        connection.close()


def _cut_off_stalled_clients(port: int, seconds: float) -> None:
    """Ends connections whose client does not read what was sent: accepted sockets inherit TCP_USER_TIMEOUT (tcp(7)).

    Granian opens the socket itself and does not hand it out, so it is found among the descriptors of this process.
    """
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            listening = socket.socket(fileno=os.dup(int(entry.name)))
            with listening:
                if listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and listening.getsockname()[1] == port:
                    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(seconds * 1000))


def _end_with_parent() -> None:
    """Without this the front would outlive a parent that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)
