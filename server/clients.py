"""Who asks, and under which prefix: from the connection, or from what a trusted proxy says of it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@-]+)+")
_REMEMBERED = 4096  # addresses
_IPV6_CLIENT = 64  # bits; what one customer of a provider is given

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Clients:
    """Tells clients apart; believes X-Forwarded-For and X-Forwarded-Prefix only where a trusted proxy sends them."""

    def __init__(self, proxies: Sequence[str], prefix: str) -> None:
        self._proxies: tuple[Network, ...] = tuple(ipaddress.ip_network(p, strict=False) for p in proxies)
        self._prefix = prefix
        self.is_proxied = bool(proxies)

    def find_client(self, peer: str, get_header: Callable[[str], str | None]) -> str:
        """The address of the client: an IPv6 one without the half that a client chooses itself."""
        address = _read_address(peer.rpartition(":")[0])
        if address is not None and self._is_trusted(address):
            for hop in reversed((get_header("x-forwarded-for") or "").split(",")):
                further = _read_address(hop.strip())
                if further is None:
                    break
                address = further
                if not self._is_trusted(further):
                    break
        return _name_client(address)

    def find_prefix(self, peer: str, get_header: Callable[[str], str | None]) -> str:
        """The path prefix of all links: that of the configuration, or that which a trusted proxy has taken off."""
        if self.is_proxied:
            address = _read_address(peer.rpartition(":")[0])
            said = (get_header("x-forwarded-prefix") or "").rstrip("/")
            if address is not None and self._is_trusted(address) and _PREFIX.fullmatch(said):
                return said
        return self._prefix

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._proxies if network.version == address.version)


@lru_cache(maxsize=_REMEMBERED)
def _name_client(address: Address | None) -> str:
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _IPV6_CLIENT), strict=False))
    return str(address)


@lru_cache(maxsize=_REMEMBERED)
def _read_address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
    return (getattr(address, "ipv4_mapped", None) or address) if address.version == 6 else address
