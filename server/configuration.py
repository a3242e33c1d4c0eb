"""What the server is told: which release to serve, on which address, and what a request and a query may cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
_MIB = 1024 * 1024


@dataclass(frozen=True)
class QueryLimits:
    """What no honest query exceeds, and what a query gets: the defaults suit a public endpoint.

    Size, depth and parts are checked before anything parses the query: the engine parses and plans by recursion. Time and
    memory are bounded in the process that runs it (`server/worker.py`), the number of queries in the front.
    """

    size: int = 100_000  # bytes
    depth: int = 64  # brackets inside one another
    parts: int = 2_000  # patterns, clauses and operators, all together; the rows of VALUES do not count
    seconds: float = 10.0  # of wall-clock time
    memory: int = 1024 * _MIB  # bytes beyond what the data take
    rows: int = 1_000_000  # of a table; a result with more is refused whole
    result: int = 1024 * _MIB  # bytes of a result
    workers: int = 2  # processes that run queries
    slow: int = 4  # further processes, of low priority, for queries that run for longer than `patience`
    patience: float = 0.1  # seconds of computing after which a query counts as slow and makes room for others
    queue: int = 256  # queries that wait for a process; with more, 503 at once
    per_client: int = 16  # queries of one client that run or wait; with more, 429
    share: float = 0.25  # of all processes' time that one client may have while others wait; with more, 429
    wait: float = 5.0  # seconds that a query waits for a process
    services: tuple[str, ...] = ()  # the only endpoints that SERVICE may ask


@dataclass(frozen=True)
class Lane:
    """Processes that answer one kind of request, and how many requests they are given."""

    name: str
    workers: int
    slow: int
    patience: float  # seconds
    queue: int
    per_client: int
    share: float
    wait: float  # seconds
    seconds: float
    memory: int  # bytes
    niceness: int  # as of nice(1)
    connects: bool  # whether a worker may open files and connections


@dataclass(frozen=True)
class ServerConfiguration:
    """Made at the edge (the command line, a test) and passed in. Port 0 takes any free port."""

    releases: Path = Path("releases")  # a release, or a folder whose `current` is followed
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    prefix: str = ""  # of the paths of all addresses, such as /lod; removed where a request has it
    proxies: tuple[str, ...] = ()  # addresses or networks whose X-Forwarded-For and X-Forwarded-Prefix are believed
    limits: QueryLimits = field(default_factory=QueryLimits)
    body_seconds: float = 10.0  # that a client may take to send a body
    header_seconds: float = 10.0  # that a client may take to send its headers, and to send the next request
    stalled_seconds: float = 20.0  # that a client may take to read what was sent
    header_size: int = 16_384  # bytes of all headers of a request
    url_size: int = 8_192  # bytes of a path with its query, but for queries in SPARQL
    cached_responses: int = 20_000
    cached_bytes: int = 256 * _MIB
    poll_seconds: float = 1.0  # between looks at whether there is a new release
    access_log: str = ""  # a file, `-` for the standard output, nothing for none


PAGES = Lane("pages", 2, 2, 1.0, 256, 64, 0.5, 10.0, 30.0, 2048 * _MIB, 0, True)


def make_lanes(limits: QueryLimits) -> tuple[Lane, ...]:
    """The lane of pages, that of queries, and that of queries which ask the allowed services."""

    def make(name: str, niceness: int, *, connects: bool) -> Lane:
        return Lane(
            name,
            limits.workers,
            limits.slow,
            limits.patience,
            limits.queue,
            limits.per_client,
            limits.share,
            limits.wait,
            limits.seconds,
            limits.memory,
            niceness,
            connects,
        )

    queries = make("queries", 5, connects=False)
    return (PAGES, queries, make("services", 5, connects=True)) if limits.services else (PAGES, queries)
