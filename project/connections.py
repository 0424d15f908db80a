"""How many connections the web process takes, in all and from one address.

Each may need a second open file while it uploads or plays. Past the limit of open files a process can accept nothing,
write no audio and open no database, so the cap is well below that limit.
"""

from __future__ import annotations

import ipaddress
import resource
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 10_000
# Log, database, Redis, libraries and what threads have open
RESERVED_FILES = 128
FILES_A_CONNECTION = 2
# No address takes more than this share of what there is, so that one client cannot shut out all others
SHARE_OF_AN_ADDRESS = 4

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def raise_file_limit() -> int:
    """Raise the soft limit of open files to the hard one; return it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def read_networks(text: str) -> tuple[Network, ...]:
    """Read addresses and networks separated by commas, such as "10.0.0.7, fd00::/8". Raises ValueError."""
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def is_loopback(address: str) -> bool:
    """Tell whether a server bound to this address, ours where it is empty, is reached from this machine only."""
    return not address or address == "localhost" or ipaddress.ip_address(address).is_loopback


class Connections:
    """Open connections by the address they come from. A trusted proxy stands for many people and has no share."""

    def __init__(self, file_limit: int, proxies: Iterable[Network] = ()) -> None:
        self.most = max(1, min(MOST, (file_limit - RESERVED_FILES) // FILES_A_CONNECTION))
        self.most_an_address = max(1, self.most // SHARE_OF_AN_ADDRESS)
        self._proxies = tuple(proxies)
        self._by_address: Counter[str] = Counter()
        self._open: dict[object, str] = {}

    def has_room(self, host: str) -> bool:
        """Tell whether one more connection from this address is taken."""
        if len(self._open) >= self.most:
            return False
        return self._by_address[host] < self.most_an_address or self._is_proxy(host)

    def add(self, transport: object, host: str) -> None:
        """Count a connection that was accepted."""
        self._open[transport] = host
        self._by_address[host] += 1

    def remove(self, transport: object) -> None:
        """Count a connection no more; one that is not counted is no error."""
        host = self._open.pop(transport, None)
        if host is None:
            return
        self._by_address[host] -= 1
        if not self._by_address[host]:
            del self._by_address[host]

    def _is_proxy(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self._proxies)
