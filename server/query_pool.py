"""The processes that run users' queries, as the web process sees them: asked one at a time, replaced when they fail."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

from server.configuration import QueryLimits
from server.query_messages import Answer, Ask, read_message, write_message
from server.query_worker import _answer


class QueryFailed(Exception):
    """A query that no worker could answer."""


class TooBusy(QueryFailed):
    """All workers were busy for longer than a request should wait."""


class TooSlow(QueryFailed):
    """The query took longer than the limit."""


class TooLarge(QueryFailed):
    """The worker ended: the query took more memory, or more stack, than it may."""


class QueryPool:
    """A fixed number of workers for one release, each started when it is first needed."""

    def __init__(self, release_folder: Path, limits: QueryLimits) -> None:
        self.limits = limits
        self._command = [
            sys.executable,
            "-m",
            "server.query_worker",
            str(release_folder),
            str(limits.seconds),
            str(limits.memory),
        ]
        self._idle: queue.LifoQueue[subprocess.Popen[bytes] | None] = queue.LifoQueue()
        for _ in range(limits.workers):
            self._idle.put(None)
        self._started: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _end_workers, self._started)  # with the pool, or at the latest when the interpreter ends

    def ask(self, query: Ask) -> Answer:

        d = self.dataset
        return _answer(d.release, d.store, dict(d.prefixes), dict(d.context), query)

    def _start(self) -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(  # noqa: S603 — our own program
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        with self._lock:
            self._started.append(worker)
        return worker

    def _forget(self, worker: subprocess.Popen[bytes]) -> None:
        _end_workers([worker])
        with self._lock:
            self._started.remove(worker)


def _exchange(worker: subprocess.Popen[bytes], query: Ask) -> Answer | None:
    assert worker.stdin is not None
    assert worker.stdout is not None
    write_message(worker.stdin, query)
    answer = read_message(worker.stdout)
    return answer if isinstance(answer, Answer) else None


def _end_workers(workers: list[subprocess.Popen[bytes]]) -> None:
    for worker in workers:
        worker.kill()
        for stream in (worker.stdin, worker.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):  # it had ended before all was written
                    stream.close()
        worker.wait()
