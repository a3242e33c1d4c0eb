"""A result while it is written: counted, checked and passed on in blocks, so that it is never whole in memory."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from werkzeug.exceptions import NotAcceptable, UnprocessableEntity

from server.configuration import QueryLimits

BLOCK = 256 * 1024  # bytes after which a block is passed on

Sink = Callable[[bytes], None]


@dataclass(frozen=True)
class RowMark:
    """What a row of a format contains once, and nothing else does; blocks are cut before the last `start`."""

    pattern: re.Pattern[bytes]
    start: bytes
    shortest: int  # bytes of a row
    header: int = 0  # how many of them stand before the rows


# A string in JSON has no bare quotation mark, text in XML no <, a term in TSV no line feed. Rows of JSON without any value
# are counted by `,{}`, which a string may show too: a result with as many of those in its texts as rows are allowed is refused.
JSON_ROWS = RowMark(re.compile(rb'[\[,]\{(?:"[^"]*":\{"type":"|\})'), b",{", 3)
XML_ROWS = RowMark(re.compile(rb"<result>"), b"<result>", 17)
LINES = RowMark(re.compile(rb"\n"), b"", 1, 1)


class Spool:
    """A file-like thing that a result is written to.

    Blocks go to the sink as they are full, each after it was counted and checked. What raises leaves a result that is void,
    also the part of it that the sink was given.
    """

    def __init__(self, limits: QueryLimits, sink: Sink, mark: RowMark | None = None, *, is_xml: bool = False) -> None:
        self._limits = limits
        self._sink = sink
        self._mark = mark
        self._buffer = bytearray()
        self._hash = hashlib.blake2b(digest_size=16)
        self._parser = expat.ParserCreate("utf-8") if is_xml else None
        self._size = 0
        self._rows = 0

    def write(self, data: bytes) -> int:
        self._buffer += data
        if len(self._buffer) >= BLOCK:
            end = self._buffer.rfind(self._mark.start) if self._mark and self._mark.start else len(self._buffer)
            block = bytes(self._buffer[: end if end > 0 else len(self._buffer)])
            del self._buffer[: len(block)]
            self._check(block, is_last=False)
            self._sink(block)
        return len(data)

    def flush(self) -> None:
        """Nothing: the last block is what `finish` returns."""

    def finish(self) -> bytes:
        """What the sink was not given."""
        block = bytes(self._buffer)
        self._check(block, is_last=True)
        return block

    def tag(self, content_type: str) -> str:
        """A strong entity tag (RFC 9110, section 8.8.3): of all bytes, and of their type, since two formats may look alike."""
        digest = self._hash.copy()
        digest.update(content_type.encode())
        return f'"{digest.hexdigest()}"'

    def count_row(self) -> None:
        """For a writer that knows its rows."""
        self._rows += 1
        if self._rows > self._limits.rows:
            raise refuse_rows(self._limits)

    def _check(self, block: bytes, *, is_last: bool) -> None:
        self._hash.update(block)
        self._size += len(block)
        if self._size > self._limits.result:
            raise UnprocessableEntity(
                f"The result is larger than {self._limits.result:,} bytes, the most that is sent at once: "
                "narrow the query, page with ORDER BY, LIMIT and OFFSET, or take a dump."
            )
        if self._mark and (not is_last or self._size > self._limits.rows * self._mark.shortest):
            self._rows += sum(1 for _ in self._mark.pattern.finditer(block))
            if self._rows - self._mark.header > self._limits.rows:
                raise refuse_rows(self._limits)
        if self._parser:
            try:
                self._parser.Parse(block, is_last)
            except expat.ExpatError as error:
                raise refuse_xml(error) from None


def refuse_rows(limits: QueryLimits) -> UnprocessableEntity:
    """422: the query is understood and right, and what it asks for is more than is given; nothing is cut silently."""
    return UnprocessableEntity(
        f"The result has more than {limits.rows:,} rows or triples, the most that is sent at once: "
        "narrow the query, page with ORDER BY, LIMIT and OFFSET, or take a dump."
    )


def refuse_xml(error: Exception) -> NotAcceptable:
    """406: some IRIs are no element names, some characters are not allowed in XML 1.0 (section 2.2)."""
    return NotAcceptable(f"The result cannot be said in XML ({error}): ask for another format.")
