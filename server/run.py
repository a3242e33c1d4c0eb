"""Runs the application until it is told to end.

The server is granian: maintained, its HTTP is written in Rust, it is embedded with a few lines of Python, and it was the
fastest of those measured (a bare WSGI application on two cores: 66,000 requests a second, 14,000 under gunicorn). It runs
the application in one worker process with several threads, and takes care of signals.
"""

from __future__ import annotations

import http.client
import multiprocessing
import os
import signal
import socket
import threading
import time
from functools import partial

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from lod.errors import MadoguchiError, ReleaseError
from lod.release import Release, open_release
from server.app import create_app
from server.configuration import QueryLimits, ServerConfiguration

_GRACE = 5  # seconds that a running request is given at the end


def run_server(configuration: ServerConfiguration) -> None:
    """Serves the current release; returns after SIGINT or SIGTERM, raises MadoguchiError when it cannot start."""
    release = open_release(configuration.releases)
    if damage := release.find_damage():
        raise ReleaseError(f"{release.path} is damaged ({', '.join(damage)}): build again with `lod build`")
    host, port = claim_address(configuration.host, configuration.port)
    server = Granian(
        target="server.run",  # shown in messages only: the loader below makes the application
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=configuration.threads,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=_GRACE,
    )
    server.serve(target_loader=partial(load_app, release, configuration.limits, host, port), wrap_loader=False)


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


def load_app(release: Release, limits: QueryLimits, host: str, port: int) -> Flask:
    """Makes the application in the worker process, and there waits to say that it answers and to end with its parent."""
    app = create_app(release, limits)
    threading.Thread(target=_announce, args=(release, host, port), daemon=True).start()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return app


def _announce(release: Release, host: str, port: int) -> None:
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 — only asked of, not listened on
    while not _answers(local, port):
        time.sleep(0.02)
    name = "localhost" if local in ("127.0.0.1", "::1") else f"[{local}]" if ":" in local else local
    counts = release.manifest["counts"]
    print(
        f"http://{name}:{port}/ serves release {release.id}: {sum(counts['listings'].values())} listings of "
        f"{counts['governments']} governments, base IRI {release.iris.base}\nEnd it with Ctrl+C.",
        flush=True,
    )


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("HEAD", "/dumps/")
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()


def _end_with_parent() -> None:
    """Without this a worker would outlive a parent that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)
