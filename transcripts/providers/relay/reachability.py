"""Waiting for a provider that cannot be reached: a bare connection a second, however many sessions wait for it."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from transcripts.providers import backoff

if TYPE_CHECKING:
    from collections.abc import Callable

JITTER = 0.2
PORTS = {"ws": 80, "http": 80, "wss": 443, "https": 443}


@dataclass(slots=True)
class Probe:
    """How often to try a connection, with jitter, its time limit, and over how long all reconnect; in ms."""

    every_ms: int = 1_000
    patience_ms: int = 1_500
    spread_ms: int = 300
    chance: Callable[[], float] = random.random

    def pause_s(self) -> float:
        """The pause before the next attempt, in seconds."""
        return backoff.spread(self.every_ms, JITTER, self.chance) / 1000

    def turn_s(self) -> float:
        """How long one of many waits so that not all reconnect together, in seconds."""
        return self.spread_ms * self.chance() / 1000


@dataclass(slots=True)
class _Watch:
    """The task that probes for all that wait."""

    task: asyncio.Task[None]
    waiting: int = field(default=0)


# By event loop too, for a task belongs to one.
_watches: dict[tuple[asyncio.AbstractEventLoop, str, int], _Watch] = {}


async def until_back(url: str, probe: Probe) -> None:
    """Return once the address accepts a connection. Nothing is sent: acceptance is the answer."""
    parts = urlsplit(url)
    key = (asyncio.get_running_loop(), parts.hostname or "", parts.port or PORTS.get(parts.scheme, 443))
    if key not in _watches:
        _watches[key] = _Watch(asyncio.create_task(_probe(key[1], key[2], probe)))
    watch = _watches[key]
    watch.waiting += 1
    try:
        await asyncio.shield(watch.task)
    finally:
        watch.waiting -= 1
        if not watch.waiting or watch.task.done():
            watch.task.cancel()
            if _watches.get(key) is watch:
                del _watches[key]
    await asyncio.sleep(probe.turn_s())


async def _probe(host: str, port: int, probe: Probe) -> None:
    while True:
        await asyncio.sleep(probe.pause_s())
        with suppress(OSError, ValueError):  # nothing listens, or no such name
            async with asyncio.timeout(probe.patience_ms / 1000):
                _, writer = await asyncio.open_connection(host, port)
            writer.transport.abort()
            return
