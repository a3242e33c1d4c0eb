"""A worker as the front sees it: what it is doing, what it says, how to end it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from server.exchange import Failure, HttpResponse
from server.frames import CHUNK, READY, RESPONSE, FrameReader, unpack_message, unpack_response
from server.spooled_body import SpooledBody

_LOW_PRIORITY = 15  # as of nice(1)


class Refused(Exception):
    """A request that the workers did not answer; the failure says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.sentence)
        self.failure = failure


@dataclass(eq=False)
class Job:
    """A request on its way."""

    client: str
    message: bytes
    gone: Callable[[], Awaitable[None]]
    done: asyncio.Future[tuple[HttpResponse, SpooledBody | None]]
    since: float  # when it came, then when it began to run
    computed: float | None = None  # seconds that its worker had computed when it was first looked at
    watch: asyncio.Task[None] | None = None

    def fail(self, failure: Failure) -> None:
        if not self.done.done():
            self.done.set_exception(Refused(failure))


class Owner(Protocol):
    """Whom a worker tells what happens to it."""

    def welcome(self, worker: WorkerLink) -> None: ...
    def finish(self, worker: WorkerLink, response: HttpResponse) -> None: ...
    def bury(self, worker: WorkerLink) -> None: ...


class WorkerLink(asyncio.Protocol):
    """One worker process and the socket to it."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._transport: asyncio.WriteTransport | None = None
        self._frames = FrameReader()
        self._descriptor: int | None = None  # names the process, also when its number is used again (pidfd_open(2))
        self._process = self._thread = 0
        self.connecting: asyncio.Task[None] | None = None  # kept, as the loop itself keeps no task alive
        self.is_started = False
        self.is_slow = False
        self.job: Job | None = None
        self.spool: SpooledBody | None = None
        self.failure: Failure | None = None  # why the front ended it

    async def connect(self, stream: socket.socket) -> None:
        """Speaks through that socket from now on."""
        await asyncio.get_running_loop().create_connection(lambda: self, sock=stream)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        for kind, content in self._frames.feed(data):
            if kind == RESPONSE:
                self._owner.finish(self, unpack_response(content))
            elif kind == CHUNK:
                self.spool = self.spool or SpooledBody()
                self.spool.write(content)
            elif kind == READY:
                self._process, self._thread = unpack_message(content)
                try:
                    self._descriptor = os.pidfd_open(self._process)
                except ProcessLookupError:  # it has ended already, of which we are told next
                    return
                self.is_started = True
                self._owner.welcome(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        if self.spool is not None:
            self.spool.close()
        self._owner.bury(self)

    def send(self, job: Job) -> None:
        assert self._transport is not None
        self.job, job.since = job, time.monotonic()
        self._transport.write(job.message)

    def measure_computing(self) -> float:
        """Seconds that it has computed in its life: what waits for a processor is not slow by itself."""
        try:
            times = Path(f"/proc/{self._process}/task/{self._thread}/schedstat").read_text(encoding="ascii")
        except OSError:  # it has just ended
            return 0.0
        return int(times.split()[0]) / 1e9

    @property
    def has_computed(self) -> float:
        """Seconds that it has computed for its request since it was first looked at."""
        before = self.job.computed if self.job else None
        return 0.0 if before is None else self.measure_computing() - before

    def lower_priority(self) -> None:
        self.is_slow = True
        try:
            os.setpriority(os.PRIO_PROCESS, self._thread, _LOW_PRIORITY)
        except ProcessLookupError:  # it has just ended
            return

    def kill(self, failure: Failure) -> None:
        self.failure = failure
        if self._descriptor is not None:
            with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)  # the end of its socket follows

    def retire(self) -> None:
        """It ends when it has read the end of its socket."""
        if self._transport is not None:
            self._transport.close()
