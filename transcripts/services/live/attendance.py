"""The provider's attendance of a room: there while somebody speaks, gone while nobody does.

A connection on which nothing is said still takes one of the account's live places and may be paid for. So a relay is
let go once no frame came for a while, its last words and all, and the next frame brings it back, from where everything
was answered. A session that found no place when it came back is recorded all the same; its relay comes when one is
free and reads from the disk what it missed. A relay that broke is followed by another.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from channels.db import database_sync_to_async

from transcripts.cancellation import uncut
from transcripts.services.live import leases

if TYPE_CHECKING:
    from collections.abc import Callable

    from transcripts.services.live.provider_link import ProviderRelay
    from transcripts.services.live.session_host import Room

logger = logging.getLogger(__name__)

IDLE_S = 60.0
# How often a place is asked for again, and how long a relay that broke is left alone.
AGAIN_S = 5.0
WAITING = (
    "All live places of {account} are taken. What you say is kept; it is written when one is free, or after you stop"
)


class Attendance:
    """A room's relay that comes and goes. `open_relay` makes one that begins at a moment of the session."""

    def __init__(self, room: Room, open_relay: Callable[[int], ProviderRelay]) -> None:
        loop = asyncio.get_running_loop()
        self.room = room
        self.relay: ProviderRelay | None = None
        self._open_relay, self._time = open_relay, loop.time
        self._from_ms, self._attended_ms = room.session.final_until_ms, -1
        self._fed_at, self._fed = loop.time(), asyncio.Event()
        self._stopping: asyncio.Future[None] = loop.create_future()
        self._is_whole, self._is_refused = True, False
        if room.session.place_until:
            self._open()
        self._life = asyncio.create_task(self._live())

    def feed(self, position_ms: int, sound: bytes) -> None:
        """Take sound that is safe on disk and begins at this moment."""
        self._fed_at = self._time()
        if self.relay:
            self.relay.feed(position_ms, sound)
        else:
            self._fed.set()

    async def drain(self) -> bool:
        """Return once the last words of what is on disk have come; False where some did not."""
        if not self._stopping.done():
            self._stopping.set_result(None)
        self._fed.set()
        return await asyncio.shield(self._life)

    async def close(self) -> None:
        """Stop at once."""
        self._life.cancel()
        with suppress(asyncio.CancelledError):
            await self._life
        if self.relay:
            await self.relay.close()

    async def _live(self) -> bool:
        while True:
            if self.relay is None and not await self._come():
                return self._is_whole
            await self._until_not_needed()
            await self._go()

    async def _come(self) -> bool:
        """Wait for somebody to speak and for a place; False where the session ended before."""
        while not self._is_missed():
            if self._stopping.done():
                return False
            self._fed.clear()
            await self._fed.wait()
        while not (self.room.session.place_until or await self._take_place()):
            self._is_whole = False
            if self._stopping.done():
                return False
            await self.room.state(WAITING.format(account=self.room.session.account))
            await asyncio.wait({self._stopping}, timeout=AGAIN_S)
        self._open()
        return True

    def _is_missed(self) -> bool:
        """Whether something was said that no relay has heard, and a provider would listen to."""
        return not self._is_refused and self.room.safe_ms > self._attended_ms

    def _open(self) -> None:
        self.relay = self._open_relay(self._from_ms)

    async def _until_not_needed(self) -> None:
        """Wait until the session ends, nobody speaks any more, or the relay ended by itself."""
        assert self.relay is not None
        while not (self._stopping.done() or self.relay.task.done()):
            left_s = self._fed_at + IDLE_S - self._time()
            if left_s <= 0:
                return
            either: set[asyncio.Future[Any]] = {self._stopping, self.relay.task}
            await asyncio.wait(either, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)

    async def _go(self) -> None:
        """Let the relay go with its last words, and give the place back."""
        assert self.relay is not None
        # What is said from here on is the next one's, which reads it back from the disk
        relay, self.relay = self.relay, None
        self._attended_ms, heard_ms = self.room.safe_ms, relay.heard_ms
        try:
            self._is_whole = await relay.drain()
        except Exception as error:
            logger.warning("The relay of live session %s broke: %s", self.room.session.pk, type(error).__name__)
            self._is_whole, self._attended_ms = False, -1
        self._from_ms = heard_ms if self._is_whole else relay.final_ms
        self._is_refused = relay.is_away
        await self._leave_place()
        if self._attended_ms < 0:
            await asyncio.wait({self._stopping}, timeout=AGAIN_S)

    async def _take_place(self) -> bool:
        try:
            take_place = database_sync_to_async(leases.take_place, thread_sensitive=False)
            took: bool = await uncut(take_place(self.room.session))
        except Exception as error:
            logger.warning("No live place could be asked for: %s", type(error).__name__)
            return False
        return took

    async def _leave_place(self) -> None:
        try:
            leave_place = database_sync_to_async(leases.leave_place, thread_sensitive=False)
            await uncut(leave_place(self.room.session))
        except Exception as error:
            # It runs out with the lease, which is renewed without it from now on
            logger.warning("A live place could not be given back: %s", type(error).__name__)
