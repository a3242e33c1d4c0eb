"""What the server is told: which release to serve, on which address, and what a query may cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000


@dataclass(frozen=True)
class QueryLimits:
    """What no honest query exceeds, and what a query gets.

    Size, depth and parts are checked before anything parses the query: the engine parses and plans by recursion. Time and
    memory are bounded in the process that runs it (`server/query_worker.py`).
    """

    size: int = 100_000  # bytes
    depth: int = 64  # brackets inside one another
    parts: int = 2_000  # patterns, clauses and operators, all together; the rows of VALUES do not count
    seconds: float = 10.0  # of wall-clock time
    memory: int = 1024 * 1024 * 1024  # bytes beyond what the data take
    rows: int = 1_000_000  # of a table; a result with more is refused whole
    result: int = 1024 * 1024 * 1024  # bytes of a result
    workers: int = 2  # processes that run queries
    slow: int = 4  # further processes, of low priority, for queries that run for longer than `patience`
    patience: float = 0.25  # seconds after which a query counts as slow and makes room for others
    queue: int = 64  # queries that wait for a process; with more, 503 at once
    per_client: int = 16  # queries of one client that run or wait; with more, 429
    wait: float = 5.0  # seconds that a query waits for a worker
    services: tuple[str, ...] = ()  # the only endpoints that SERVICE may ask


@dataclass(frozen=True)
class ServerConfiguration:
    """Made at the edge (the command line, a test) and passed in. Port 0 takes any free port."""

    releases: Path = Path("releases")
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    threads: int = 8
    limits: QueryLimits = field(default_factory=QueryLimits)
