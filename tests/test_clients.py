"""Clients are told apart by their address, which only a trusted proxy may state for another."""

from __future__ import annotations

import pytest

from server.clients import Clients

PROXIES = ["10.0.0.0/8", "::1"]


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "client"),
    [
        ([], "192.0.2.1:4000", None, "192.0.2.1"),
        ([], "192.0.2.1:4000", "198.51.100.7", "192.0.2.1"),
        (PROXIES, "192.0.2.1:4000", "198.51.100.7", "192.0.2.1"),
        (PROXIES, "10.1.2.3:4000", "198.51.100.7", "198.51.100.7"),
        (PROXIES, "10.1.2.3:4000", None, "10.1.2.3"),
        (PROXIES, "10.1.2.3:4000", "203.0.113.9, 198.51.100.7, 10.9.9.9", "198.51.100.7"),  # the first could be a lie
        (PROXIES, "10.1.2.3:4000", "rubbish", "10.1.2.3"),
        (PROXIES, "10.1.2.3:4000", "198.51.100.7, rubbish", "10.1.2.3"),
        (PROXIES, "[::1]:4000", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ([], "[2001:db8:1:2:9::1]:4000", None, "2001:db8:1:2::/64"),
        ([], "[::ffff:192.0.2.1]:4000", None, "192.0.2.1"),
    ],
)
def test_client_is(proxies, peer, forwarded, client):
    assert Clients(proxies, "").find_client(peer, {"x-forwarded-for": forwarded}.get) == client


@pytest.mark.parametrize(
    ("peer", "said", "prefix"),
    [
        ("10.1.2.3:4000", "/lod/", "/lod"),
        ("10.1.2.3:4000", "/a/b", "/a/b"),
        ("10.1.2.3:4000", None, "/site"),
        ("10.1.2.3:4000", "//evil.example", "/site"),
        ("10.1.2.3:4000", "evil", "/site"),
        ("10.1.2.3:4000", '/"><script>', "/site"),
        ("192.0.2.1:4000", "/lod", "/site"),
    ],
)
def test_prefix_is(peer, said, prefix):
    assert Clients(PROXIES, "/site").find_prefix(peer, {"x-forwarded-prefix": said}.get) == prefix
