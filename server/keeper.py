"""The process that loads a release once and forks the workers, which share the loaded data with it.

It has one thread, as a process that forks must. The front asks for a worker by sending one end of a pair of sockets
together with the name of a lane; what the new worker then says, it says through that socket. The keeper ends when the
front closes its socket, and its workers end with it.
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import signal
import socket
import sys
from pathlib import Path
from urllib.parse import quote

from lod.errors import MadoguchiError, ReleaseError
from lod.release import open_release
from server.app import create_app
from server.completion import read_marks
from server.configuration import Lane, QueryLimits
from server.exchange import HttpRequest
from server.operations import read_operation
from server.worker import Sink, Site, answer, run_worker

_PR_SET_PDEATHSIG = 1  # of prctl(2)
_NO_QUERY = ""
_DRAWN = "SELECT ?thing (1 AS ?n) (35 AS ?lat) (139 AS ?long) { VALUES ?thing { <x> <y> } }"  # as a map and a chart
_QUERIES = ("SELECT * { ?s ?p ?o } LIMIT 1", _DRAWN, "ASK {}", "DESCRIBE <x>", "SELECT nonsense", "INSERT DATA {}", _NO_QUERY)
_MESSAGE = 65536  # bytes, more than any message from the front


def run_keeper(release_folder: str, control: socket.socket) -> None:
    """Loads the release, says so, and forks a worker for each message until the other end is closed.

    It is told its limits and lanes first, and says the marks of the release, or a sentence when it cannot be served.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the front ends this process
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the dead
    end_with_parent()
    limits: QueryLimits
    lanes: dict[str, Lane]
    limits, lanes = pickle.loads(control.recv(_MESSAGE))  # noqa: S301 — from the front
    try:
        site = _load_site(Path(release_folder), limits)
    except MadoguchiError as error:
        control.send(pickle.dumps(str(error)))
        return
    gc.collect()
    gc.freeze()  # so that collecting garbage does not copy the pages that the workers share
    control.send(pickle.dumps(site.marks))
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, _MESSAGE, 1)
        if not descriptors:
            return
        lane = message.decode()
        try:
            is_worker = os.fork() == 0
        except OSError:  # no process is left at the moment: the front sees the end of its socket, and asks again
            is_worker = False
        if is_worker:
            control.close()
            end_with_parent()
            run_worker(site, lanes[lane], socket.socket(fileno=descriptors[0]))
        os.close(descriptors[0])


def _load_site(folder: Path, limits: QueryLimits) -> Site:
    release = open_release(folder)
    if not release.is_foreign and (damage := release.find_damage()):  # other files were read just before, however large
        raise ReleaseError(f"{release.path} is damaged ({', '.join(damage)}): build again with `lod build`")
    app = create_app(release, limits)
    site = Site(read_marks(release), app, app.extensions["endpoint"])
    _load_what_is_lazy(site)
    return site


def _load_what_is_lazy(site: Site) -> None:
    """Templates, and modules that are imported when they are first used: a worker for queries may not open files."""
    for name in site.app.jinja_env.list_templates():
        site.app.jinja_env.get_template(name)
    for query in _QUERIES:
        for accept in ("text/html", "text/csv", "application/sparql-results+xml", "application/rdf+xml", "application/ld+json"):
            headers = {"accept": accept, "accept-encoding": "gzip"}
            request = HttpRequest("GET", "/sparql", f"query={quote(query)}", headers)
            operation = None if query == _NO_QUERY else read_operation(request, site.endpoint.limits)
            answer(site, request, None, operation, Sink(None))


def end_with_parent() -> None:
    """The kernel kills this process when the one that made it ends, however that comes about."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before this was said
        os._exit(1)


if __name__ == "__main__":
    run_keeper(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))
