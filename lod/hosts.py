"""E-mail addresses, URLs and hosts: which of them can be right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import unquote, urlsplit

from publicsuffixlist import PublicSuffixList

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_ATEXT = r"[A-Za-z0-9!$&'*+/=_~-]+"  # RFC 5322 atext, less what a mailto: IRI could not hold as it stands: # % ? ^ ` { | }
_EMAIL = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*@(?P<host>{_HOST.pattern})")
_CUT_EMAIL = re.compile(rf"(?:{_ATEXT}(?:\.{_ATEXT})*\.?)?@(?:{_LABEL}(?:\.{_LABEL})*[.-]?)?")
_NOT_IN_IRI = re.compile(
    r"[\x00-\x20\x7f-\xa0<>\"{}|\\^`\[\]]|%(?![0-9A-Fa-f]{2})|#.*#"
    r"|[\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\uf8ff\ufeff\ufff0-\uffff]"
)
_MASKED_AT = ("[at]", "[AT]", "(at)", "(AT)", "＠")


@cache
def _read_suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)


def find_at_signs(at_sign: str) -> tuple[str, ...]:
    """The ways in which a document that writes @ as given may write it: that one, @ itself, and the usual masks."""
    return tuple(dict.fromkeys((at_sign, "@", *_MASKED_AT)))


def unmask_email(text: str, at_signs: Iterable[str]) -> str:
    """The text with each of the signs turned into @."""
    for sign in at_signs:
        text = text.replace(sign, "@")
    return text


def is_email(text: str) -> bool:
    """Whether the text is an address in the form of RFC 5322 section 3.4.1 (dot-atoms), on a host that can exist."""
    match = _EMAIL.fullmatch(text)
    return bool(match) and is_public_host(match["host"] if match else "")


def is_cut_email(text: str) -> bool:
    """Whether the text has the form of an address whose begin or end is missing."""
    return not is_email(text) and bool(_CUT_EMAIL.fullmatch(text))


def find_email(text: str, at_sign: str) -> str:
    """The first word of the text that holds an e-mail, empty where none does."""
    return next((w for w in unmask_email(text, find_at_signs(at_sign)).split() if is_email(w.strip("<>,;()"))), "")


def is_public_host(host: str) -> bool:
    """Whether the host is a domain name under a suffix of the Public Suffix List, and not itself such a suffix (lg.jp)."""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return False
    host = host.lower()
    if not _HOST.fullmatch(host):
        return False
    suffix = _read_suffixes().publicsuffix(host)
    return suffix is not None and (suffix != host or _is_suffix_by_wildcard(host))


def _is_suffix_by_wildcard(host: str) -> bool:
    """Whether any name beside the host would be a suffix too: such a one (www.kitakyushu.jp) may well be a host."""
    beside = f"x--x.{host.partition('.')[2]}"
    return _read_suffixes().publicsuffix(beside) == beside


def complete_url(text: str) -> str:
    """The URL with the scheme http where it has none; nothing else of it is rewritten."""
    return text if "://" in text else f"http://{text}"


def find_host(url: str) -> str:
    """The host of a URL, empty where it has none, or its authority is broken or names a user."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return ""
    return "" if "@" in parts.netloc else parts.hostname or ""


def is_url(text: str) -> bool:
    """Whether the text is an http(s) IRI (RFC 3987) without blanks, on a host that can exist."""
    scheme = text.partition("://")[0].lower()
    return scheme in ("http", "https") and not _NOT_IN_IRI.search(text) and is_public_host(find_host(text))


def is_cut_url(text: str) -> bool:
    """Whether the text is a URL whose host is missing or ends before a suffix that a host can have."""
    scheme, _, rest = text.partition("://")
    host = re.split("[/?#]", rest, maxsplit=1)[0]
    plain = re.fullmatch(r"[A-Za-z0-9.-]*", host) is not None
    return scheme.lower() in ("http", "https") and plain and not is_public_host(host)


def is_gateway(url: str, hosts: Iterable[str]) -> bool:
    """Whether the URL leads through a translation gateway: a host known as one, or a whole URL within the URL."""
    host = find_host(url)
    known = any(host == h or host.endswith(f".{h}") for h in hosts)
    return known or bool(re.search(r"https?:/", unquote(url.split("://", 1)[-1])))
