"""Cap the connections of the web process, in all and from one address.

Each may need a second open file while it uploads or plays. Beyond the limit of open files a process can't accept
connections, write audio or open its database, so the cap is well below that limit.
"""

from __future__ import annotations

import ipaddress
import resource
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from project.networks import Network

MAX_CONNECTIONS = 10_000
# Log, database, Redis, libraries and what threads open: four for each of the parts of uploads that are received at once
RESERVED_FILES = 320
FILES_A_CONNECTION = 2
# One address gets at most a quarter of the connections, so that one client can't shut out all others
ADDRESS_SHARE = 4


def raise_file_limit() -> int:
    """Raise the soft limit of open files to the hard one; return it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class Connections:
    """Counts open connections by client address. A trusted proxy serves many clients and has no cap of its own."""

    def __init__(self, file_limit: int, proxies: Iterable[Network] = ()) -> None:
        self.maximum = max(1, min(MAX_CONNECTIONS, (file_limit - RESERVED_FILES) // FILES_A_CONNECTION))
        self.max_per_address = max(1, self.maximum // ADDRESS_SHARE)
        self._proxies = tuple(proxies)
        self._by_address: Counter[str] = Counter()
        self._open: dict[object, str] = {}

    def has_room(self, host: str) -> bool:
        """Return whether one more connection from this address is accepted."""
        if len(self._open) >= self.maximum:
            return False
        return self._by_address[host] < self.max_per_address or self._is_proxy(host)

    def add(self, transport: object, host: str) -> None:
        """Count a connection that was accepted."""
        self._open[transport] = host
        self._by_address[host] += 1

    def remove(self, transport: object) -> None:
        """Stop counting a connection; ignore one that isn't counted."""
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
