"""What the watches of a process have in common: one round every other second for all sockets that they were given."""

from __future__ import annotations

import asyncio
import logging
from typing import Generic, TypeVar

from transcripts.cancellation import raise_if_cancelled

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
Socket = TypeVar("Socket")


class Watch(Generic[Socket]):
    """Asks again and again whether sockets may stay; `what` names it in the log."""

    what = ""

    def __init__(self) -> None:
        self._sockets: set[Socket] = set()
        self._work: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to look."""
        self._work = asyncio.create_task(self._look())

    async def close(self) -> None:
        """Stop that."""
        work, self._work = self._work, None
        if work:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    def add(self, socket: Socket) -> None:
        """Watch this socket too."""
        self._sockets.add(socket)

    def remove(self, socket: Socket) -> None:
        """Watch it no more."""
        self._sockets.discard(socket)

    async def round(self) -> None:
        """Ask once for all sockets, and dismiss those that may not stay."""
        raise NotImplementedError

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.round()
            except Exception as error:
                # The database is away, and with it everything a socket could show
                logger.warning("%s could not be checked: %s", self.what, type(error).__name__)
                continue
            raise_if_cancelled()
