"""The workers of one lane as the front sees them: each is given one request at a time, fairly among the clients.

A request that has computed for longer than the lane's patience gives up its place to a worker that is forked for it, and
goes on with low priority, so that short requests go on being answered while long ones run. There are only so many of the
long ones: beyond that, the client that has most of them loses one.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from server.configuration import Lane
from server.exchange import Failure, HttpResponse
from server.fair_queue import MEMORY, FairQueue
from server.spooled_body import SpooledBody
from server.worker_link import Job, Refused, WorkerLink

_TICK = 0.025  # seconds between looks at what runs and waits
_REPLACEMENT = 0.1  # seconds of a worker that its replacement costs, generously
_RESTART = 0.5  # seconds between attempts, when workers end before they have started
_QUEUE_FULL = Failure(503, "All processes are busy and the queue is full: try again in a moment.", 2)
_TOO_LONG_WAIT = Failure(503, "All processes are busy: try again in a moment.", 5)
_GONE = Failure(503, "The client has gone.")


@dataclass(frozen=True)
class PoolState:
    """What the metrics tell of a lane."""

    running: int
    waiting: int
    slow: int
    workers: int
    outcomes: dict[str, int]


class WorkerPool:
    """The workers of one lane of one release."""

    def __init__(self, lane: Lane, fork: Callable[[str, socket.socket], None]) -> None:
        self.lane = lane
        self._fork = fork
        self._idle: list[WorkerLink] = []
        self._workers: set[WorkerLink] = set()
        self._queue = FairQueue()
        self._clients: Counter[str] = Counter()  # how many requests of a client run or wait
        self._is_ticking = self._is_closed = False
        self._outcomes: Counter[str] = Counter()

    @property
    def state(self) -> PoolState:
        running = [w for w in self._workers if w.job]
        slow = sum(w.is_slow and not w.failure for w in running)
        return PoolState(len(running), len(self._queue), slow, len(self._workers), dict(self._outcomes))

    @property
    def is_ready(self) -> bool:
        return any(w.is_started for w in self._workers)

    def start(self) -> None:
        for _ in range(self.lane.workers):
            self._add_worker()

    def close(self) -> None:
        """No request may be running; the workers end."""
        self._is_closed = True
        for worker in list(self._workers):
            worker.retire()

    async def ask(
        self, client: str, message: bytes, gone: Callable[[], Awaitable[None]]
    ) -> tuple[HttpResponse, SpooledBody | None]:
        """The response, whose body begins in the spool when it is large; raises Refused."""
        self._admit(client)
        loop = asyncio.get_running_loop()
        job = Job(client, message, gone, loop.create_future(), time.monotonic())
        self._clients[client] += 1
        try:
            if self._idle:
                self._idle.pop().send(job)
            else:
                self._queue.push(job)
            if not self._is_ticking:
                self._is_ticking = True
                loop.call_later(_TICK, self._tick)
            return await job.done
        finally:
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]
            if job.watch is not None:
                job.watch.cancel()

    def _admit(self, client: str) -> None:
        lane = self.lane
        if self._clients[client] >= lane.per_client:
            self._outcomes["too many"] += 1
            raise Refused(Failure(429, f"You have {lane.per_client} requests running already: wait for their answers.", 1))
        if self._queue.has_others(client) and self._queue.get_usage(client) > lane.share * lane.workers * MEMORY:
            self._outcomes["too much"] += 1
            raise Refused(Failure(429, "You have had your share of this server, and others wait: slow down.", int(MEMORY)))
        if len(self._queue) >= lane.queue:
            self._outcomes["queue full"] += 1
            shed = self._queue.shed(client)
            if shed is None:
                raise Refused(_QUEUE_FULL)
            shed.fail(_QUEUE_FULL)

    # what workers tell

    def welcome(self, worker: WorkerLink) -> None:
        """A worker has nothing to do."""
        while self._queue:
            job = self._queue.pop()
            if not job.done.done():
                worker.send(job)
                return
        self._idle.append(worker)

    def finish(self, worker: WorkerLink, response: HttpResponse) -> None:
        """A worker has answered."""
        job, spool, worker.job, worker.spool = worker.job, worker.spool, None, None
        assert job is not None
        self._queue.charge(job.client, time.monotonic() - job.since)
        self._outcomes["answered"] += 1
        if not job.done.done():
            job.done.set_result((response, spool))
        if worker.is_slow:
            worker.retire()  # its place was given to another
        elif worker.failure is None:  # else it was killed while it answered, and another takes its place
            self.welcome(worker)

    def bury(self, worker: WorkerLink) -> None:
        """A worker has ended: what it did fails, and another takes its place."""
        self._workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        if worker.job is not None:
            self._queue.charge(worker.job.client, time.monotonic() - worker.job.since + _REPLACEMENT)
            worker.job.fail(worker.failure or self._explain_end(worker.job))
        if worker.is_started and not worker.is_slow:
            self._add_worker()
        elif not worker.is_started:  # something is wrong with the release or the machine
            asyncio.get_running_loop().call_later(_RESTART, self._add_worker)

    def _explain_end(self, job: Job) -> Failure:
        seconds = self.lane.seconds
        if time.monotonic() - job.since >= seconds - _TICK:
            self._outcomes["too slow"] += 1
            return Failure(504, f"This took longer than {seconds:g} seconds: ask for less at a time, or take a dump.")
        self._outcomes["too large"] += 1
        sentence = "This took more memory or nesting than a request gets here: ask for less at a time, or take a dump."
        return Failure(503, sentence, 60)

    def _add_worker(self) -> None:
        if self._is_closed:
            return
        try:
            ours, theirs = socket.socketpair()
        except OSError:  # no descriptor is left at the moment
            asyncio.get_running_loop().call_later(_RESTART, self._add_worker)
            return
        ours.setblocking(False)
        with theirs:
            self._fork(self.lane.name, theirs)
        worker = WorkerLink(self)
        self._workers.add(worker)
        worker.connecting = asyncio.get_running_loop().create_task(worker.connect(ours))

    # what is looked at while something runs

    def _tick(self) -> None:
        now = time.monotonic()
        running = [w for w in self._workers if w.job]
        for worker in running:
            if worker.job is not None and now - worker.job.since >= _TICK:
                self._look_at(worker, worker.job)
        for job in self._queue:
            if now - job.since >= self.lane.wait and not job.done.done():
                self._outcomes["waited too long"] += 1
                job.fail(_TOO_LONG_WAIT)
            if job.done.done():
                self._queue.remove(job)
            elif now - job.since >= _TICK:
                self._watch(job)
        self._queue.fade(_TICK)
        self._is_ticking = bool(running or self._queue or self._queue.remembers)
        if self._is_ticking:
            asyncio.get_running_loop().call_later(_TICK, self._tick)

    def _look_at(self, worker: WorkerLink, job: Job) -> None:
        self._watch(job)
        if job.computed is None:
            job.computed = worker.measure_computing()
        elif not worker.is_slow and not worker.failure and worker.has_computed >= self.lane.patience:
            self._make_room(worker)

    def _make_room(self, worker: WorkerLink) -> None:
        """A worker has become slow: it goes on beside another, or one of the client that has most of the slow ones ends."""
        slow = [w for w in self._workers if w.is_slow and w.job and not w.failure]
        victim = None
        if len(slow) >= self.lane.slow:
            counts = Counter(w.job.client for w in (*slow, worker) if w.job)
            victim = max((*slow, worker), key=lambda w: (counts[w.job.client], w.has_computed) if w.job else (0, 0.0))
            self._outcomes["crowded out"] += 1
            sentence = (
                f"This computes for longer than {self.lane.patience:g} seconds, and {len(slow)} such requests run already."
            )
            victim.kill(Failure(503, sentence, 10))
        if victim is not worker:
            worker.lower_priority()
            self._add_worker()

    def _watch(self, job: Job) -> None:
        """From now on, the request ends when its client goes."""
        if job.watch is None:
            job.watch = asyncio.get_running_loop().create_task(self._end_with_client(job))

    async def _end_with_client(self, job: Job) -> None:
        await job.gone()
        self._outcomes["client gone"] += 1
        worker = next((w for w in self._workers if w.job is job), None)
        if worker is None:
            job.fail(_GONE)
        else:
            worker.kill(_GONE)
