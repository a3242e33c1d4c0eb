"""Frames arrive whole, however the bytes are cut."""

from __future__ import annotations

import itertools
import random
import socket
import threading
import time

from server.exchange import HttpResponse
from server.frames import CHUNK, RESPONSE, FrameReader, pack_frame, pack_response, read_frame, unpack_response

FRAMES = [(CHUNK, b""), (CHUNK, b"abc"), (RESPONSE, bytes(range(256)) * 500), (CHUNK, b"x" * 5)]
STREAM = b"".join(pack_frame(kind, content) for kind, content in FRAMES)


def test_reader_gives_the_frames_however_they_are_cut():
    chance = random.Random(1)  # noqa: S311
    for _ in range(50):
        cuts = [0, *sorted(chance.randrange(len(STREAM)) for _ in range(20)), len(STREAM)]
        reader = FrameReader()
        assert [f for a, b in itertools.pairwise(cuts) for f in reader.feed(STREAM[a:b])] == FRAMES


def test_blocking_reader_gives_the_same_and_ends_at_a_frame_that_is_cut_off():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        writer = threading.Thread(target=lambda: (ours.sendall(STREAM + STREAM[:-1]), ours.close()))
        writer.start()
        found = []
        while frame := read_frame(theirs):
            found.append(frame)
        writer.join()
    assert found == [*FRAMES, *FRAMES[:-1]]


def test_response_comes_as_it_went():
    response = HttpResponse(206, [("A", "b"), ("A", "c")], b"body", "/file", 3, 9)
    ((kind, content),) = FrameReader().feed(pack_response(response))
    assert (kind, unpack_response(content)) == (RESPONSE, response)


def test_large_frame_is_not_copied_for_each_piece_of_it():
    frame = pack_frame(CHUNK, bytes(24 * 1024 * 1024))
    reader = FrameReader()
    start = time.perf_counter()
    found = [f for at in range(0, len(frame), 4096) for f in reader.feed(frame[at : at + 4096])]
    assert [len(content) for _, content in found] == [24 * 1024 * 1024]
    assert time.perf_counter() - start < 2
