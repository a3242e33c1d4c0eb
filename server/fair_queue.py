"""The requests that wait for a worker: who has used least of the workers' time is served first."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator

from server.worker_link import Job

MEMORY = 10.0  # seconds after which what a client has used weighs about a third
_FORGOTTEN = 0.02  # seconds


class FairQueue:
    """Requests by client, in the order in which they came from each, and what each client has used lately."""

    def __init__(self) -> None:
        self._jobs: dict[str, deque[Job]] = {}
        self._usage: dict[str, float] = {}  # seconds
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Job]:
        return (job for jobs in list(self._jobs.values()) for job in list(jobs))

    @property
    def remembers(self) -> bool:
        return bool(self._usage)

    def has_others(self, client: str) -> bool:
        """Whether another client waits."""
        return len(self._jobs) > (client in self._jobs)

    def push(self, job: Job) -> None:
        self._jobs.setdefault(job.client, deque()).append(job)
        self._length += 1

    def pop(self) -> Job:
        """The oldest request of the client that has used least."""
        client = min(self._jobs, key=self.get_usage) if len(self._jobs) > 1 else next(iter(self._jobs))
        return self._take(client, newest=False)

    def shed(self, newcomer: str) -> Job | None:
        """The newest request of the client that has used most, if that is more than the newcomer has."""
        heaviest = max(self._jobs, key=self.get_usage, default=newcomer)
        if self.get_usage(heaviest) <= self.get_usage(newcomer):
            return None
        return self._take(heaviest, newest=True)

    def remove(self, job: Job) -> None:
        jobs = self._jobs[job.client]
        jobs.remove(job)
        self._length -= 1
        if not jobs:
            del self._jobs[job.client]

    def get_usage(self, client: str) -> float:
        """Seconds of the workers' time that a client has used, of which what is long ago weighs little."""
        return self._usage.get(client, 0.0)

    def charge(self, client: str, seconds: float) -> None:
        self._usage[client] = self.get_usage(client) + seconds

    def fade(self, seconds: float) -> None:
        """Time has passed."""
        left = math.exp(-seconds / MEMORY)
        self._usage = {client: used * left for client, used in self._usage.items() if used * left > _FORGOTTEN}

    def _take(self, client: str, *, newest: bool) -> Job:
        jobs = self._jobs[client]
        job = jobs.pop() if newest else jobs.popleft()
        self._length -= 1
        if not jobs:
            del self._jobs[client]
        return job
