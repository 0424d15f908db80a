"""What one process does for live transcription: the sessions it holds, and the pages that follow transcripts here.

There is one a process, opened and closed with the process itself (`transcripts.sockets.lifespan`). What is done
regularly is done for all sessions together, so that many cost hardly more than one: each second the audio that was
written is made to outlive a power cut, and each third second the sessions' leases are renewed, in one thread and one
transaction.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from channels.db import database_sync_to_async

from transcripts.cancellation import raise_if_cancelled, shielded
from transcripts.services.live import audio, leases, provider_link
from transcripts.services.live.audience import Audience
from transcripts.services.live.session_host import SessionHost

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from transcripts.models import LiveSession
    from transcripts.services.live.watchdog import Watchdog

logger = logging.getLogger(__name__)

SYNC_EVERY_S = 1.0
# In rounds of syncing; a lease lasts three times as long.
RENEW_EVERY = 3


class LiveHost:
    """The live sessions and followers of one process. `encode` makes the bytes that its sockets write of a message."""

    def __init__(self, encode: Callable[[str], bytes]) -> None:
        self.audience = Audience(encode)
        self._hosted: set[SessionHost] = set()
        self._upkeep: asyncio.Task[None] | None = None
        self._rounds = 0

    @property
    def held(self) -> frozenset[UUID]:
        """The ids of the sessions that this process holds."""
        return frozenset(one.session.pk for one in self._hosted)

    async def open(self) -> None:
        """Begin to look after sessions and followers."""
        self.audience.open()
        self._upkeep = asyncio.create_task(self._keep_up())

    async def close(self) -> None:
        """Let all sessions go, for another process to take over, and stop."""
        for held in tuple(self._hosted):
            await self.release(held, drain=False)
        upkeep, self._upkeep = self._upkeep, None
        if upkeep:
            upkeep.cancel()
            await asyncio.gather(upkeep, return_exceptions=True)
        await self.audience.close()

    async def hold(
        self, session: LiveSession, watchdog: Watchdog | None = None, when_lost: Callable[[], None] | None = None
    ) -> SessionHost:
        """Host a session whose lease was taken; `when_lost` is called once another holder has it. Raises OSError."""
        writer = await asyncio.to_thread(audio.Writer, session)
        held = SessionHost(session, writer, self.audience.tell, watchdog=watchdog, when_lost=when_lost)
        held.options = await database_sync_to_async(provider_link.options_of, thread_sensitive=False)(session)
        reached = await database_sync_to_async(provider_link.connection_of, thread_sensitive=False)(session)
        held.link = provider_link.open_link(held, reached)
        for other in tuple(self._hosted):
            # An older connection to the same session has lost it
            if other.session.pk == session.pk:
                other.lose()
        self._hosted.add(held)
        return held

    async def release(self, held: SessionHost, *, drain: bool) -> bool:
        """Let a session go. With `drain` the last words are waited for; True if all of them came."""
        is_whole = await held.finish_link(drain=drain)
        self._hosted.discard(held)
        await asyncio.to_thread(held.writer.close)
        return is_whole

    async def _keep_up(self) -> None:
        while True:
            await asyncio.sleep(SYNC_EVERY_S)
            self._rounds += 1
            held = tuple(self._hosted)
            if not held:
                continue
            await asyncio.to_thread(_sync, [one.writer for one in held])
            for one in held:
                one.tell({"type": "clock", "at_ms": one.safe_ms})
            if self._rounds % RENEW_EVERY == 0:
                await self._renew(held)
            raise_if_cancelled()

    async def _renew(self, held: Sequence[SessionHost]) -> None:
        renew = database_sync_to_async(leases.renew_all, thread_sensitive=False)
        try:
            lost = await shielded(renew([(one.session, one.writer.wanted) for one in held]))
        except Exception as error:
            # The database is away: the audio is safe all the same, and the leases are renewed later
            logger.warning("Leases of live sessions could not be renewed: %s", type(error).__name__)
            return
        for one in held:
            if one.session.holder in lost:
                one.lose()
        await self._cut_off(held)

    async def _cut_off(self, held: Sequence[SessionHost]) -> None:
        """Send nothing more of the sessions whose team keeps its audio here since a moment ago."""
        ask = database_sync_to_async(provider_link.kept_inside, thread_sensitive=False)
        try:
            kept = await shielded(ask([one.session for one in held if one.link]))
        except Exception as error:
            logger.warning("Where live audio may be sent could not be asked: %s", type(error).__name__)
            return
        for one in held:
            if one.session.pk in kept:
                await one.cut_off(provider_link.KEPT)


def _sync(writers: Sequence[audio.Writer]) -> None:
    for writer in writers:
        try:
            writer.sync()
        except OSError as error:
            logger.warning("The audio of a live session could not be synced: %s", error.strerror)
