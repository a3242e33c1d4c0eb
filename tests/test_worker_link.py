"""A worker that ends, at whatever moment, costs no request but its own, and its place is always taken by another."""

from __future__ import annotations

import asyncio
import errno
import pickle
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from lod.errors import ReleaseError
from lod.release import Release
from server import worker_pool
from server.completion import Marks
from server.configuration import PAGES, QueryLimits, ServerConfiguration
from server.exchange import Failure, HttpRequest, HttpResponse
from server.frames import READY, pack_message, pack_response, read_frame
from server.generation import start_generation
from server.worker_link import Refused, WorkerLink
from server.worker_pool import WorkerPool

LANE = PAGES.__class__("one", 1, 1, 60.0, 10, 10, 1.0, 10.0, 30.0, 0, 0, False)
REQUEST = HttpRequest("GET", "/")
FAILING_KEEPER = """
import errno, os, socket, sys
from pathlib import Path
from server import keeper
fork, failures = os.fork, [OSError(errno.EAGAIN, "no process is left")]
def fork_the_second_time():
    if failures:
        raise failures.pop()
    return fork()
os.fork = fork_the_second_time
keeper.run_keeper(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))
"""


class Worker:
    """The other end of a pool's socket: a process that can be killed, and the test speaks for it."""

    def __init__(self, stream: socket.socket) -> None:
        self.stream = stream.dup()
        self.process = subprocess.Popen(["sleep", "60"])

    def say_ready(self) -> None:
        self.stream.sendall(pack_message(READY, (self.process.pid, self.process.pid)))

    def end(self) -> None:
        self.stream.close()
        self.process.kill()
        self.process.wait()


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    """Those that were forked."""
    found: list[Worker] = []
    yield found
    for worker in found:
        worker.end()


async def stay() -> None:
    """A client that does not go."""
    await asyncio.Event().wait()


async def leave() -> None:
    """A client that goes at once."""


def test_worker_that_was_killed_while_it_answered_is_given_no_other_request(workers):
    async def run() -> int:
        pool = WorkerPool(LANE, lambda _, stream: workers.append(Worker(stream)))
        pool.start()
        first = workers[0]
        first.say_ready()
        while not pool.is_ready:
            await asyncio.sleep(0.001)
        lost = asyncio.create_task(pool.ask("a", REQUEST, leave))
        await asyncio.to_thread(read_frame, first.stream)
        await asyncio.to_thread(first.process.wait)  # killed, as its client has gone
        first.stream.sendall(pack_response(HttpResponse(200, [])))  # what it had said before
        await lost
        other = asyncio.create_task(pool.ask("b", REQUEST, stay))
        await asyncio.sleep(0.05)
        first.stream.close()
        while len(workers) < 2:
            await asyncio.sleep(0.001)
        workers[1].say_ready()
        await asyncio.to_thread(read_frame, workers[1].stream)
        workers[1].stream.sendall(pack_response(HttpResponse(204, [])))
        try:
            response, _ = await asyncio.wait_for(other, 5)
        except Refused as refusal:
            return refusal.failure.status
        pool.close()
        return response.status

    assert asyncio.run(run()) == 204


def test_worker_is_forked_later_where_no_descriptor_is_left(workers, monkeypatch):
    monkeypatch.setattr(worker_pool, "_RESTART", 0.01)
    make_pair, failures = socket.socketpair, [OSError(errno.EMFILE, "too many open files")]

    def make_pair_the_second_time() -> tuple[socket.socket, socket.socket]:
        if failures:
            raise failures.pop()
        return make_pair()

    async def run() -> None:
        pool = WorkerPool(LANE, lambda _, stream: workers.append(Worker(stream)))
        with monkeypatch.context() as patch:
            patch.setattr(worker_pool.socket, "socketpair", make_pair_the_second_time)
            pool.start()
            while not workers:
                await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)
        pool.close()

    asyncio.run(asyncio.wait_for(run(), 5))


def test_worker_that_has_just_ended_can_be_killed(workers):
    async def run() -> None:
        pool = WorkerPool(LANE, lambda *_: None)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            workers.append(Worker(theirs))
        link = WorkerLink(pool)
        link.data_received(pack_message(READY, (workers[0].process.pid, 1)))
        workers[0].end()
        link.kill(Failure(503, "It is to end."))
        pool.close()

    asyncio.run(run())


def test_keeper_goes_on_when_a_fork_fails(release: Release):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-c", FAILING_KEEPER, str(release.path), str(theirs.fileno())]
        keeper = subprocess.Popen(command, pass_fds=[theirs.fileno()])
    ours.send(pickle.dumps((QueryLimits(), {PAGES.name: PAGES})))
    assert isinstance(pickle.loads(ours.recv(65536)), Marks)  # noqa: S301 — ours
    said = []
    for _ in range(2):
        near, far = socket.socketpair()
        with far:
            socket.send_fds(ours, [PAGES.name.encode()], [far.fileno()])
        with near:
            near.settimeout(10)
            said.append(read_frame(near))
    ours.close()
    keeper.wait(10)
    assert [frame and frame[0] for frame in said] == [None, READY]


def test_release_whose_keeper_ends_before_a_worker_is_there_is_an_error(release: Release, monkeypatch):
    keepers: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen.__init__

    def remember(self: subprocess.Popen[bytes], *arguments: object, **options: object) -> None:
        keepers.append(self)
        start(self, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", remember)
    monkeypatch.setattr(WorkerPool, "start", lambda _: keepers[0].kill())
    with pytest.raises(ReleaseError, match="has ended"):
        asyncio.run(asyncio.wait_for(start_generation(release.path, ServerConfiguration()), 10))
