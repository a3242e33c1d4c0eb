"""E-mail addresses, URLs and hosts: which of them can be right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import unquote, urlsplit

from publicsuffixlist import PublicSuffixList

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_EMAIL = re.compile(rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]+@{_LABEL}(?:\.{_LABEL})+")
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]|[\u00a0\u3000]')


@cache
def _read_suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def is_email(text: str) -> bool:
    """Whether the text is an address in the form of RFC 5322 section 3.4.1 (dot-atoms), on a host under a public suffix."""
    local, _, host = text.rpartition("@")
    dots_apart = not (local.startswith(".") or local.endswith(".") or ".." in local)
    return bool(_EMAIL.fullmatch(text)) and dots_apart and is_public_host(host)


def is_public_host(host: str) -> bool:
    """Whether the host is a domain name that ends in a suffix of the Public Suffix List."""
    return bool(re.fullmatch(rf"{_LABEL}(?:\.{_LABEL})+", host)) and _read_suffixes().publicsuffix(host.lower()) is not None


def complete_url(text: str) -> str:
    """The URL with the scheme http where it has none; nothing else of it is rewritten."""
    return text if "://" in text else f"http://{text}"


def is_url(text: str) -> bool:
    """Whether the text is an http(s) IRI (RFC 3987) without blanks, on a host under a public suffix."""
    if _NOT_IN_IRI.search(text) or re.search(r"%(?![0-9A-Fa-f]{2})", text):
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and is_public_host(parts.hostname or "")


def is_gateway(url: str, hosts: Iterable[str]) -> bool:
    """Whether the URL leads through a translation gateway: a host known as one, or a whole URL within the URL."""
    host = urlsplit(url).hostname or ""
    known = any(host == h or host.endswith(f".{h}") for h in hosts)
    return known or bool(re.search(r"https?:/", unquote(url.split("://", 1)[-1])))
