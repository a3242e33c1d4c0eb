"""The access log: a line of JSON for each request, with nothing in it that tells who asked or what a query said."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TextIO

from lod.errors import MadoguchiError


class AccessLog:
    """Neither addresses nor agents nor query strings are written: the path is that of public data."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, method: str, path: str, status: int, size: int, seconds: float, source: str, release: str) -> None:
        """One line: when, what, what came of it (bytes of the body), how long it took, and where from.

        Signs that steer a terminal, end lines or turn the direction of writing are escaped, with all that is not ASCII.
        """
        now = time.time()
        facts = {
            "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now))}.{int(now % 1 * 1000):03d}Z",
            "method": method,
            "path": path,
            "status": status,
            "bytes": size,
            "milliseconds": round(seconds * 1000, 3),
            "source": source,
            "release": release,
        }
        self._stream.write(json.dumps(facts, ensure_ascii=not path.isprintable()) + "\n")


def open_access_log(name: str) -> AccessLog | None:
    """The log in a file, on the standard output for `-`, none for nothing; raises MadoguchiError."""
    if not name:
        return None
    if name == "-":
        return AccessLog(sys.stdout)
    try:
        return AccessLog(Path(name).open("a", buffering=1, encoding="utf-8"))
    except OSError as error:
        raise MadoguchiError(f"the access log {name} cannot be written: {error.strerror}") from None
