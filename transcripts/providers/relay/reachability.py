"""Waiting for a provider that cannot be reached: a bare connection a second, however many sessions wait for it."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

PORTS = {"ws": 80, "http": 80, "wss": 443, "https": 443}


@dataclass(slots=True)
class Knock:
    """How often to knock, a fifth more or less, how long to wait for the door, and over how long all go in; in ms."""

    every_ms: int = 1_000
    patience_ms: int = 1_500
    spread_ms: int = 300
    chance: Callable[[], float] = random.random

    def pause_s(self) -> float:
        """The pause before the next knock, in seconds."""
        return self.every_ms * (0.8 + 0.4 * self.chance()) / 1000

    def turn_s(self) -> float:
        """How long one of many lets others go in first, in seconds."""
        return self.spread_ms * self.chance() / 1000


@dataclass(slots=True)
class _Watch:
    """The one who knocks for all that wait."""

    task: asyncio.Task[None]
    waiting: int = field(default=0)


# By event loop too, for a task belongs to one.
_watches: dict[tuple[asyncio.AbstractEventLoop, str, int], _Watch] = {}


async def until_back(url: str, knock: Knock) -> None:
    """Return once something listens where the address leads. It says nothing there: the door opening is the answer."""
    parts = urlsplit(url)
    key = (asyncio.get_running_loop(), parts.hostname or "", parts.port or PORTS.get(parts.scheme, 443))
    if key not in _watches:
        _watches[key] = _Watch(asyncio.create_task(_knock(key[1], key[2], knock)))
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
    await asyncio.sleep(knock.turn_s())


async def _knock(host: str, port: int, knock: Knock) -> None:
    while True:
        await asyncio.sleep(knock.pause_s())
        with suppress(OSError, ValueError):  # no one answers, or no such name
            async with asyncio.timeout(knock.patience_ms / 1000):
                _, writer = await asyncio.open_connection(host, port)
            writer.transport.abort()
            return
