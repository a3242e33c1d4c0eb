"""In which language somebody reads a page: as the address says, else the switch, else the browser, else English."""

from __future__ import annotations

from functools import lru_cache

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header, parse_cookie

LANGUAGES = ("en", "ja")  # the first for who takes neither
COOKIE = "language"  # that the switch sets


@lru_cache(maxsize=512)  # browsers send the same few headers again and again
def choose_language(wanted: str | None, cookie: str | None, accept_language: str | None) -> str:
    """By the parameter `lang`, the Cookie header, and the Accept-Language header (RFC 9110, section 12.5.4; RFC 4647)."""
    if wanted in LANGUAGES:
        return wanted
    switched = parse_cookie(cookie).get(COOKIE) if cookie else None
    if switched in LANGUAGES:
        return switched
    if not accept_language:
        return LANGUAGES[0]
    return parse_accept_header(accept_language, LanguageAccept).best_match(LANGUAGES, LANGUAGES[0])
