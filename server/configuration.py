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
    workers: int = 2  # processes that run queries
    wait: float = 5.0  # seconds that a query waits for a worker


@dataclass(frozen=True)
class ServerConfiguration:
    """Made at the edge (the command line, a test) and passed in. Port 0 takes any free port."""

    releases: Path = Path("releases")
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    threads: int = 8
    limits: QueryLimits = field(default_factory=QueryLimits)
