"""The body of a large result while it is collected: in memory at first, then in a file without a name."""

from __future__ import annotations

import tempfile

DESCRIPTORS = "/proc/self/fd/"  # where a file without a name can be opened
_IN_MEMORY = 1024 * 1024  # bytes


class SpooledBody:
    """Bytes that are written once and then sent."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 — closed by whoever sends it
        self.size = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self.size += len(data)

    def read_all(self) -> bytes | None:
        """What was written, None where it is in a file."""
        if self.size > _IN_MEMORY:
            return None
        self._file.seek(0)
        return self._file.read()

    def get_path(self) -> str:
        """A path under which the file can be opened until it is closed."""
        self._file.flush()
        return f"{DESCRIPTORS}{self._file.fileno()}"

    def close(self) -> None:
        self._file.close()
