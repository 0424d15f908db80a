"""Ports for servers under test."""

from __future__ import annotations

import random
import socket

# Below those that the kernel gives to connections, one of which could take a port before its server does
PORTS = range(10_000, 32_000)


def free_port() -> int:
    """Return a loopback port that nothing uses now and no connection will take."""
    while True:
        port = random.SystemRandom().choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
