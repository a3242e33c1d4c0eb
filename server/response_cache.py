"""Whole responses that are kept for who asks the same again, bounded in number and in bytes."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Hashable

from server.exchange import HttpResponse

_OVERHEAD = 2048  # bytes that an entry takes beside its body and its key
_SHARE = 16  # one response may take this part of the whole


class ResponseCache:
    """Responses by whatever decides them; the least recently used go first."""

    def __init__(self, entries: int, size: int) -> None:
        self._entries = entries
        self._size = size
        self._responses: OrderedDict[Hashable, HttpResponse] = OrderedDict()
        self._asked: OrderedDict[int, None] = OrderedDict()  # hashes of keys, the oldest first
        self.bytes = 0
        self.get = self._responses.get  # the one thing that must be quick; what is used is marked by `touch`

    def __len__(self) -> int:
        return len(self._responses)

    def clear(self) -> None:
        """Forgets all: what they told of has changed."""
        self._responses.clear()
        self.bytes = 0

    def touch(self, key: Hashable) -> None:
        """Keeps a response for longer than those that nobody asks for."""
        self._responses.move_to_end(key)

    def put_if_asked_again(self, key: Hashable, response: HttpResponse) -> None:
        """Keeps a response when it is asked for the second time: most queries are asked once."""
        mark = hash(key)
        if mark in self._asked:
            self.put(key, response)
        else:
            self._asked[mark] = None
            if len(self._asked) > self._entries:
                self._asked.popitem(last=False)

    def put(self, key: Hashable, response: HttpResponse) -> None:
        size = _measure_entry(key, response)
        if size > self._size // _SHARE:
            return
        if key in self._responses:
            self._drop(key)
        self._responses[key] = response
        self.bytes += size
        while self.bytes > self._size or len(self._responses) > self._entries:
            self._drop(next(iter(self._responses)))

    def _drop(self, key: Hashable) -> None:
        self.bytes -= _measure_entry(key, self._responses.pop(key))


def _measure_entry(key: Hashable, response: HttpResponse) -> int:
    return len(response.body) + _measure_key(key) + _OVERHEAD


def _measure_key(key: Hashable) -> int:
    """Bytes; a query can be longer than its result."""
    return sum(map(_measure_key, key)) if isinstance(key, tuple) else sys.getsizeof(key)
