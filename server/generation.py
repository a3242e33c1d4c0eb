"""One release while it is served: its keeper, its lanes of workers, and the responses that are kept of it."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from lod.errors import MadoguchiError, ReleaseError
from server.completion import Marks
from server.configuration import ServerConfiguration, make_lanes
from server.response_cache import ResponseCache
from server.worker_pool import WorkerPool

_MESSAGE = 65536  # bytes
_DRAINING = 0.05  # seconds between looks at whether the last request has been answered


@dataclass
class Generation:
    """A release that is served, until the next one takes over; every response belongs to one of them."""

    marks: Marks
    lanes: dict[str, WorkerPool]
    cache: ResponseCache
    keeper: subprocess.Popen[bytes]
    control: socket.socket
    requests: int = 0  # that are being answered

    @property
    def is_alive(self) -> bool:
        """Whether there is a keeper that can fork workers."""
        return self.keeper.poll() is None

    async def drain(self) -> None:
        """Ends the processes when the last request has been answered."""
        while self.requests:
            await asyncio.sleep(_DRAINING)
        self.close()

    def close(self) -> None:
        for lane in self.lanes.values():
            lane.close()
        self.control.close()
        self.keeper.kill()  # the kernel ends its workers with it
        self.keeper.wait()


async def start_generation(folder: Path, configuration: ServerConfiguration) -> Generation:
    """Loads a release; raises ReleaseError when it cannot be served."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    lanes = make_lanes(configuration.limits)
    with theirs:
        keeper = subprocess.Popen(  # noqa: S603 — our own program
            [sys.executable, "-m", "server.keeper", str(folder), str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
    ours.setblocking(False)
    ours.send(pickle.dumps((configuration.limits, {lane.name: lane for lane in lanes})))
    try:
        said = pickle.loads(await asyncio.get_running_loop().sock_recv(ours, _MESSAGE) or pickle.dumps(""))  # noqa: S301 — ours
        if not isinstance(said, Marks):
            raise ReleaseError(said or f"{folder}: the process that loads the release has ended")
    except MadoguchiError:
        ours.close()
        keeper.kill()
        keeper.wait()
        raise

    def fork(lane: str, stream: socket.socket) -> None:
        # Where the keeper has ended, another generation will take over; where it is behind, the pool asks again.
        with contextlib.suppress(OSError):
            socket.send_fds(ours, [lane.encode()], [stream.fileno()])

    pools = {lane.name: WorkerPool(lane, fork) for lane in lanes}
    for pool in pools.values():
        pool.start()
    cache = ResponseCache(configuration.cached_responses, configuration.cached_bytes)
    generation = Generation(said, pools, cache, keeper, ours)
    while not all(pool.is_ready for pool in pools.values()):
        if not generation.is_alive:
            generation.close()
            raise ReleaseError(f"{folder}: the process that loads the release has ended")
        await asyncio.sleep(0.002)
    return generation
