"""The twin's configuration for Caddy."""

from __future__ import annotations

from server.twin.headers import Knowledge


def write_caddy(known: Knowledge) -> str:
    return ""
