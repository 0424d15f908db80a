"""The client address of a request."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# An IPv6 client owns at least a whole /64 and can change its address within that at will.
IPV6_CLIENT_BITS = 64
# The address of a client behind a local socket, in columns that hold addresses only.
UNKNOWN = "0.0.0.0"


def address_of(request: HttpRequest) -> str:
    """Return the client's address: the connection's, or what a trusted proxy (TRUSTED_PROXIES) forwards.

    X-Forwarded-For is read from its end, past our own proxies: everything before the first address that isn't one of
    them can be forged by the client.
    """
    address = _parsed(str(request.META.get("REMOTE_ADDR", "")))
    for claimed in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if address is None or not _is_proxy(address):
            break
        address = _parsed(claimed) or address
    return str(address) if address else UNKNOWN


def network_of(address: str) -> str:
    """Return what identifies one client: an IPv4 address, or the /64 of an IPv6 one."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, IPV6_CLIENT_BITS), strict=False))
    return address


def _is_proxy(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _parsed(text: str) -> Address | None:
    """Read an address, with or without brackets or a port."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
