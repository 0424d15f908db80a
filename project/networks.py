"""Read network addresses from settings.

Standard library only, because the set-up checks them before anything is installed.
"""

from __future__ import annotations

import ipaddress

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def read_networks(text: str) -> tuple[Network, ...]:
    """Read addresses and networks separated by commas, such as "10.0.0.7, fd00::/8". Raises ValueError."""
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def is_loopback(address: str) -> bool:
    """Return whether a server bound to this address, the default if empty, is reachable from this machine only."""
    return not address or address == "localhost" or ipaddress.ip_address(address).is_loopback
