"""What the server is told: which release to serve, on which address, and what a query may cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000


@dataclass(frozen=True)
class QueryLimits:
    """What no honest query exceeds.

    pyoxigraph parses and plans by recursion, and on the 2 MiB stack of a server thread 200 nested clauses, or 100 with
    400 chained ones inside, overflow it, which would end the process.
    """

    size: int = 100_000  # bytes
    depth: int = 64  # brackets inside one another
    parts: int = 300  # patterns, clauses and operators, all together; the rows of VALUES do not count


@dataclass(frozen=True)
class ServerConfiguration:
    """Made at the edge (the command line, a test) and passed in. Port 0 takes any free port."""

    releases: Path = Path("releases")
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    threads: int = 8
    limits: QueryLimits = field(default_factory=QueryLimits)
