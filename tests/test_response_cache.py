"""Responses are kept within bounds, those that are asked for longest."""

from __future__ import annotations

from server.exchange import HttpResponse
from server.response_cache import ResponseCache


def make_response(size: int) -> HttpResponse:
    return HttpResponse(200, [], b"x" * size)


def test_the_least_recently_used_goes_first():
    cache = ResponseCache(3, 10**9)
    for key in "abc":
        cache.put(key, make_response(1))
    cache.touch("a")
    cache.put("d", make_response(1))
    assert [key for key in "abcd" if cache.get(key)] == ["a", "c", "d"]


def test_bytes_are_bounded_also_when_entries_are_replaced():
    cache = ResponseCache(1000, 1_000_000)
    for number in range(200):
        cache.put(number % 50, make_response(30_000 + number))
    assert cache.bytes <= 1_000_000
    assert 0 < len(cache) < 50
    kept = [response for key in range(50) if (response := cache.get(key))]
    assert sum(len(r.body) for r in kept) < cache.bytes < sum(len(r.body) + 4096 for r in kept)


def test_what_would_take_much_of_the_room_is_not_kept():
    cache = ResponseCache(1000, 1_000_000)
    cache.put("large", make_response(500_000))
    assert cache.get("large") is None
    assert cache.bytes == 0


def test_what_is_asked_once_takes_no_room():
    cache = ResponseCache(3, 10**9)
    for key in ("a", "b", "a", "c", "d", "e", "b"):  # b was forgotten meanwhile
        cache.put_if_asked_again(key, make_response(1))
    assert [key for key in "abcde" if cache.get(key)] == ["a"]


def test_a_key_counts_as_much_as_what_is_found_by_it():
    cache = ResponseCache(1000, 1_000_000)
    for number in range(100):
        cache.put(("", None, (f"ASK {{}} # {number} {'x' * 50_000}", ())), make_response(1))
    assert 0 < len(cache) < 20
