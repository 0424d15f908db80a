"""What is done regularly for all sessions held in this process together, so that many cost hardly more than one.

Each second what was written is made to outlive a power cut, and each third second the sessions' leases are renewed, in
one thread and one transaction for all of them.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async

from transcripts.cancellation import refuse_to_live_on, uncut
from transcripts.services.live import leases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.services.live.audio import Writer
    from transcripts.services.live.session_host import Room

logger = logging.getLogger(__name__)

SYNC_EVERY_S = 1.0
# In rounds of syncing; a lease lasts three times as long.
RENEW_EVERY = 3


class Keeper:
    """Looks after the rooms of one process."""

    def __init__(self) -> None:
        self._rooms: set[Room] = set()
        self._work: asyncio.Task[None] | None = None
        self._rounds = 0

    def add(self, room: Room) -> None:
        """Look after this room too. An older one of the same session has lost it."""
        for other in tuple(self._rooms):
            if other.session.pk == room.session.pk:
                other.lose()
        self._rooms.add(room)
        if self._work is None:
            self._work = asyncio.create_task(self._keep())

    async def remove(self, room: Room) -> None:
        """Look after it no more; the last one that goes ends the work."""
        self._rooms.discard(room)
        if self._rooms or self._work is None:
            return
        work, self._work = self._work, None
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(SYNC_EVERY_S)
            self._rounds += 1
            rooms = tuple(self._rooms)
            await asyncio.to_thread(_sync, [room.writer for room in rooms])
            for room in rooms:
                room.tell({"type": "clock", "at_ms": room.safe_ms})
            if self._rounds % RENEW_EVERY == 0:
                await self._renew(rooms)
            refuse_to_live_on()

    async def _renew(self, rooms: Sequence[Room]) -> None:
        renew = database_sync_to_async(leases.renew_all, thread_sensitive=False)
        try:
            lost = await uncut(renew([(room.session, room.writer.wanted) for room in rooms]))
        except Exception as error:
            # The database is away: the sound is safe all the same, and the leases are asked for again.
            logger.warning("Live sessions could not be renewed: %s", type(error).__name__)
            return
        for room in rooms:
            if room.session.holder in lost:
                room.lose()


def _sync(writers: Sequence[Writer]) -> None:
    for writer in writers:
        try:
            writer.sync()
        except OSError as error:
            logger.warning("The sound of a live session could not be synced: %s", error.strerror)


_keepers: WeakKeyDictionary[asyncio.AbstractEventLoop, Keeper] = WeakKeyDictionary()


def here() -> Keeper:
    """The keeper of this process, which is that of its event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _keepers:
        _keepers[loop] = Keeper()
    return _keepers[loop]
