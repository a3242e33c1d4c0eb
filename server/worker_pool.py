"""The workers of one lane as the front sees them: each is given one request at a time, fairly among the clients.

Who has used least of the workers' time is served first. A request that has computed for longer than the lane's patience
gives up its place to a worker that is forked for it, and goes on with low priority, so that short requests go on being
answered while long ones run. There are only so many of the long ones: beyond that, the client that has most of them loses
one.
"""

from __future__ import annotations

import asyncio
import math
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from server.configuration import Lane
from server.exchange import Failure, HttpRequest, HttpResponse
from server.frames import CHUNK, READY, REQUEST, RESPONSE, FrameReader, pack_message, unpack_message, unpack_response
from server.spooled_body import SpooledBody

_TICK = 0.025  # seconds between looks at what runs and waits
_FORGETTING = 10.0  # seconds after which what a client has used weighs a third
_REPLACEMENT = 0.1  # seconds of a worker that its replacement costs, generously
_LOW_PRIORITY = 15  # as of nice(1)
_RESTART = 0.5  # seconds between attempts, when workers end before they have started
_QUEUE_FULL = Failure(503, "All processes are busy and the queue is full: try again in a moment.", 2)


class Refused(Exception):
    """A request that the workers did not answer; the failure says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.sentence)
        self.failure = failure


@dataclass(eq=False)
class _Job:
    """A request on its way."""

    client: str
    message: bytes
    gone: Callable[[], Awaitable[None]]
    done: asyncio.Future[tuple[HttpResponse, SpooledBody | None]]
    since: float  # when it came, then when it began to run
    computed: float | None = None  # seconds that its worker had computed when it was first looked at
    watch: asyncio.Task[None] | None = None


class _Worker(asyncio.Protocol):
    """One worker process."""

    def __init__(self, pool: WorkerPool) -> None:
        self.pool = pool
        self.transport: asyncio.WriteTransport | None = None
        self.frames = FrameReader()
        self.process = self.thread = 0
        self.descriptor: int | None = None  # names the process, also when its number is used again (pidfd_open(2))
        self.job: _Job | None = None
        self.spool: SpooledBody | None = None
        self.is_slow = False
        self.failure: Failure | None = None  # why the front ended it

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        for kind, content in self.frames.feed(data):
            if kind == RESPONSE:
                self.pool.finish(self, unpack_response(content))
            elif kind == CHUNK:
                self.spool = self.spool or SpooledBody()
                self.spool.write(content)
            elif kind == READY:
                self.process, self.thread = unpack_message(content)
                try:
                    self.descriptor = os.pidfd_open(self.process)
                except ProcessLookupError:  # it has ended already, of which we are told next
                    return
                self.pool.welcome(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.pool.bury(self)

    def measure_computing(self) -> float:
        """Seconds that it has computed in its life: what waits for a processor is not slow by itself."""
        try:
            times = Path(f"/proc/{self.process}/task/{self.thread}/schedstat").read_text(encoding="ascii")
        except OSError:  # it has just ended
            return 0.0
        return int(times.split()[0]) / 1e9

    def send(self, job: _Job) -> None:
        assert self.transport is not None
        self.job, job.since = job, time.monotonic()
        self.transport.write(job.message)

    def lower_priority(self) -> None:
        self.is_slow = True
        try:
            os.setpriority(os.PRIO_PROCESS, self.thread, _LOW_PRIORITY)
        except ProcessLookupError:  # it has just ended
            return

    def kill(self, failure: Failure) -> None:
        self.failure = failure
        if self.descriptor is not None:
            signal.pidfd_send_signal(self.descriptor, signal.SIGKILL)  # the end of its socket follows

    def retire(self) -> None:
        """It ends when it has read the end of its socket."""
        if self.transport is not None:
            self.transport.close()


@dataclass
class PoolState:
    """What the metrics tell of a lane."""

    running: int = 0
    waiting: int = 0
    slow: int = 0
    workers: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)


class WorkerPool:
    """The workers of one lane of one release."""

    def __init__(self, lane: Lane, fork: Callable[[str, socket.socket], None]) -> None:
        self.lane = lane
        self._fork = fork
        self._idle: list[_Worker] = []
        self._workers: set[_Worker] = set()
        self._queues: dict[str, deque[_Job]] = {}  # by client
        self._usage: dict[str, float] = {}  # seconds of the workers that a client has used lately
        self._waiting = 0
        self._clients: dict[str, int] = {}  # how many requests of a client run or wait
        self._ticking = False
        self._closed = False
        self._started = time.monotonic()
        self.outcomes: dict[str, int] = {}

    @property
    def state(self) -> PoolState:
        running = [w for w in self._workers if w.job]
        return PoolState(len(running), self._waiting, sum(w.is_slow and not w.failure for w in running), len(self._workers), self.outcomes)

    @property
    def is_ready(self) -> bool:
        return any(w.thread for w in self._workers)

    def start(self) -> None:
        for _ in range(self.lane.workers):
            self._add_worker()

    def close(self) -> None:
        """No request may be running; the workers end."""
        self._closed = True
        for worker in list(self._workers):
            worker.retire()

    async def ask(
        self, client: str, request: HttpRequest, gone: Callable[[], Awaitable[None]], failure: Failure | None = None
    ) -> tuple[HttpResponse, SpooledBody | None]:
        """The response, whose body begins in the spool when it is large; raises Refused."""
        lane = self.lane
        if self._clients.get(client, 0) >= lane.per_client:
            self._count("too many")
            raise Refused(Failure(429, f"You have {lane.per_client} requests running already: wait for their answers.", 1))
        if self._waiting and self._usage.get(client, 0.0) > lane.share * lane.workers * _FORGETTING:
            self._count("too much")
            raise Refused(Failure(429, "You have had your share of this server, and others wait: slow down.", int(_FORGETTING)))
        if self._waiting >= lane.queue and not self._shed(client):
            self._count("queue full")
            raise Refused(_QUEUE_FULL)
        loop = asyncio.get_running_loop()
        job = _Job(client, pack_message(REQUEST, (request, failure)), gone, loop.create_future(), time.monotonic())
        self._clients[client] = self._clients.get(client, 0) + 1
        try:
            if self._idle:
                self._idle.pop().send(job)
            else:
                self._queues.setdefault(client, deque()).append(job)
                self._waiting += 1
            self._start_ticking(loop)
            return await job.done
        finally:
            self._forget_client(client)
            if job.watch is not None:
                job.watch.cancel()

    def welcome(self, worker: _Worker) -> None:
        """A worker has nothing to do."""
        while self._waiting:
            job = self._take_next()
            if not job.done.done():
                worker.send(job)
                return
        self._idle.append(worker)

    def finish(self, worker: _Worker, response: HttpResponse) -> None:
        job, spool, worker.job, worker.spool = worker.job, worker.spool, None, None
        assert job is not None
        self._charge(job)
        self._count("answered")
        if not job.done.done():
            job.done.set_result((response, spool))
        if worker.is_slow:
            worker.retire()  # its place was given to another
        else:
            self.welcome(worker)

    def bury(self, worker: _Worker) -> None:
        """A worker has ended: what it did fails, and another takes its place."""
        self._workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        if worker.descriptor is not None:
            os.close(worker.descriptor)
            worker.descriptor = None
        if worker.job is not None:
            self._charge(worker.job, _REPLACEMENT)
            failure = worker.failure or self._explain_end(worker.job)
            if not worker.job.done.done():
                worker.job.done.set_exception(Refused(failure))
        if self._closed or worker.is_slow:
            return
        if worker.thread:
            self._add_worker()
        else:  # it never began to work: something is wrong with the release or the machine
            asyncio.get_running_loop().call_later(_RESTART, self._add_worker)

    def _explain_end(self, job: _Job) -> Failure:
        lane = self.lane
        if time.monotonic() - job.since >= lane.seconds - _TICK:
            self._count("too slow")
            return Failure(504, f"This took longer than {lane.seconds:g} seconds: ask for less at a time, or take a dump.")
        self._count("too large")
        return Failure(
            503, "This took more memory or nesting than a request gets here: ask for less at a time, or take a dump.", 60
        )

    def _add_worker(self) -> None:
        if self._closed:
            return
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            self._fork(self.lane.name, theirs)
        worker = _Worker(self)
        self._workers.add(worker)
        loop = asyncio.get_running_loop()
        worker_task = loop.create_task(_connect(loop, worker, ours))
        worker_task.add_done_callback(lambda task: task.exception() and self.bury(worker))

    def _take_next(self) -> _Job:
        client = min(self._queues, key=lambda c: self._usage.get(c, 0.0))
        jobs = self._queues[client]
        job = jobs.popleft()
        self._waiting -= 1
        if not jobs:
            del self._queues[client]
        return job

    def _shed(self, newcomer: str) -> bool:
        """Makes a place in the queue where a client waits that has used more than the newcomer."""
        heaviest = max(self._queues, key=lambda c: self._usage.get(c, 0.0), default=newcomer)
        if self._usage.get(heaviest, 0.0) <= self._usage.get(newcomer, 0.0):
            return False
        self._count("queue full")
        jobs = self._queues[heaviest]
        job = jobs.pop()
        self._waiting -= 1
        if not jobs:
            del self._queues[heaviest]
        if not job.done.done():
            job.done.set_exception(Refused(_QUEUE_FULL))
        return True

    def _charge(self, job: _Job, extra: float = 0.0) -> None:
        self._usage[job.client] = self._usage.get(job.client, 0.0) + time.monotonic() - job.since + extra

    def _forget_client(self, client: str) -> None:
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]

    def _count(self, outcome: str) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    # what is looked at while something runs

    def _start_ticking(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._ticking:
            self._ticking = True
            loop.call_later(_TICK, self._tick)

    def _tick(self) -> None:
        now = time.monotonic()
        running = [w for w in self._workers if w.job]
        for worker in running:
            assert worker.job is not None
            if now - worker.job.since < _TICK:
                continue
            self._watch(worker.job)
            if worker.job.computed is None:
                worker.job.computed = worker.measure_computing()
            elif not worker.is_slow and not worker.failure and self._has_computed(worker) >= self.lane.patience:
                self._make_room(worker)
        for job in [job for jobs in self._queues.values() for job in jobs]:
            if now - job.since >= self.lane.wait and not job.done.done():
                self._count("waited too long")
                job.done.set_exception(Refused(Failure(503, "All processes are busy: try again in a moment.", 5)))
            elif now - job.since >= _TICK:
                self._watch(job)
        self._drop_dead()
        fading = math.exp(-_TICK / _FORGETTING)
        self._usage = {c: left for c, seconds in self._usage.items() if (left := seconds * fading) > _TICK}
        self._ticking = bool(running or self._waiting or self._usage)
        if self._ticking:
            asyncio.get_running_loop().call_later(_TICK, self._tick)

    def _drop_dead(self) -> None:
        for client, jobs in list(self._queues.items()):
            alive = deque(job for job in jobs if not job.done.done())
            self._waiting -= len(jobs) - len(alive)
            if alive:
                self._queues[client] = alive
            else:
                del self._queues[client]

    def _has_computed(self, worker: _Worker) -> float:
        """Seconds that the worker has spent on its request."""
        before = worker.job.computed if worker.job else None
        return 0.0 if before is None else worker.measure_computing() - before

    def _make_room(self, worker: _Worker) -> None:
        """A worker has become slow: it goes on beside another, or one of the client that has most of the slow ones ends."""
        slow = [w for w in self._workers if w.is_slow and w.job and not w.failure]
        if len(slow) < self.lane.slow:
            worker.lower_priority()
            self._add_worker()
            return
        counts: dict[str, int] = {}
        for other in (*slow, worker):
            assert other.job is not None
            counts[other.job.client] = counts.get(other.job.client, 0) + 1
        victim = max((*slow, worker), key=lambda w: (counts[w.job.client], self._has_computed(w)) if w.job else (0, 0.0))
        self._count("crowded out")
        if victim is not worker:
            worker.lower_priority()
            self._add_worker()
        seconds = f"{self.lane.patience:g}"
        victim.kill(
            Failure(503, f"This takes longer than {seconds} seconds, and {self.lane.slow} such requests run already.", 10)
        )

    def _watch(self, job: _Job) -> None:
        """From now on, the request ends when its client goes."""
        if job.watch is None:
            job.watch = asyncio.get_running_loop().create_task(self._end_with_client(job))

    async def _end_with_client(self, job: _Job) -> None:
        await job.gone()
        failure = Failure(503, "The client has gone.")
        self._count("client gone")
        worker = next((w for w in self._workers if w.job is job), None)
        if worker is not None:
            worker.kill(failure)
        elif not job.done.done():
            job.done.set_exception(Refused(failure))


async def _connect(loop: asyncio.AbstractEventLoop, worker: _Worker, ours: socket.socket) -> None:
    await loop.create_connection(lambda: worker, sock=ours)
