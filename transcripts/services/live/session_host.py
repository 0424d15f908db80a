"""One process's hold of a live session: frames to disk, then to the relay; words to rows, then to people.

The order is always the same: written first, acknowledged second, relayed third. If the relay cannot keep up or is away
nothing waits for it, for it reads what it missed from the disk.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol, Self

from channels.db import database_sync_to_async

from transcripts.cancellation import uncut
from transcripts.services.live import audience, audio, final_words, leases, live_host
from transcripts.services.live.provisional import Seeming
from transcripts.services.live.watchdog import Watch
from transcripts.services.transcript import changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from transcripts.document import Segment
    from transcripts.models import LiveSession
    from transcripts.services.live.provisional import Provisional

logger = logging.getLogger(__name__)


class Relay(Protocol):
    """What turns sound into words. It calls back with partial and final segments."""

    def feed(self, position_ms: int, sound: bytes) -> None:
        """Take sound that is safe on disk and begins at this moment."""

    async def drain(self) -> bool:
        """Return once the last words of what is on disk have come; False where some did not."""

    async def close(self) -> None:
        """Stop at once."""


class Room:
    """A session held here. What it says reaches everybody who listens, the one who speaks included."""

    def __init__(self, session: LiveSession, writer: audio.Writer, watch: Watch | None = None) -> None:
        self.session, self.writer, self.watch = session, writer, watch or Watch()
        self.relay: Relay | None = None
        self.seeming = Seeming()
        self.lost = asyncio.Event()
        self._when_lost: Callable[[], None] = lambda: None

    @classmethod
    async def open(
        cls,
        session: LiveSession,
        open_relay: Callable[[Room], Relay | None],
        watch: Watch | None = None,
        when_lost: Callable[[], None] | None = None,
    ) -> Self:
        """Open the room of a session that was taken; `when_lost` is called once another holder has it.

        Raises OSError.
        """
        room = cls(session, await asyncio.to_thread(audio.Writer, session), watch)
        room._when_lost = when_lost or room._when_lost
        room.relay = open_relay(room)
        live_host.here().add(room)
        return room

    def lose(self) -> None:
        """Give way to another holder, or to the end of the session."""
        if not self.lost.is_set():
            self.lost.set()
            self._when_lost()

    @property
    def safe_ms(self) -> int:
        """How much sound is safe, in milliseconds."""
        return self.session.ms(self.writer.wanted)

    async def frame(self, number: int, sound: bytes) -> int:
        """Take a frame; return the number of the next. Raises audio.WrongFrame, ValueError or OSError.

        Call it for one frame after the other.
        """
        is_new = number == self.writer.wanted
        if is_new and self.writer.needs_piece:
            await asyncio.to_thread(self.writer.open_piece)
        self.writer.write(number, sound)
        if is_new:
            self.watch.hear(sound)
        if self.relay and is_new:
            self.relay.feed(self.session.ms(number), sound)
        return self.writer.wanted

    async def partial(self, spoken: Segment, *, heard_until_ms: int) -> None:
        """Show what may still change; the provider was sent the sound up to `heard_until_ms`."""
        lag = max(0, self.safe_ms - heard_until_ms)
        self.tell({"type": "partial", "text": spoken.text, "lag_ms": lag})

    async def final(self, spoken: Segment) -> None:
        """Write down what will not change any more, then show it."""
        if not spoken.text.strip():
            return
        try:
            append = database_sync_to_async(final_words.append, thread_sensitive=False)
            row, number = await uncut(append(self.session, spoken))
        except leases.LostSession:
            self.lose()
            return
        self.tell({"type": "segment", "change": number, **changes.described(row)})

    async def gap(self, from_ms: int, until_ms: int) -> None:
        """Note that no final words will come for a stretch while the session lasts, then show it.

        What the provider said of it provisionally becomes unconfirmed text; only the rest is a gap.
        """
        note = database_sync_to_async(final_words.note_gap, thread_sensitive=False)
        try:
            if provisional := self.seeming.take():
                await self._keep(provisional, until_ms)
                from_ms = max(from_ms, min(provisional.until_ms, until_ms))
            if from_ms >= until_ms:
                return
            gap, number = await note(self.session, from_ms, until_ms)
        except leases.LostSession:
            self.lose()
            return
        self.tell({"type": "gap", "change": number, **asdict(gap)})

    async def _keep(self, provisional: Provisional, end_ms: int) -> None:
        """Write provisional words as unconfirmed text, then show it. Raises LostSession."""
        write = database_sync_to_async(final_words.append_provisional, thread_sensitive=False)
        written = await uncut(write(self.session, provisional, end_ms=end_ms))
        if written:
            row, number = written
            self.tell({"type": "segment", "change": number, **changes.described(row)})

    async def state(self, sentence: str) -> None:
        """Say how it stands with the provider; empty where all is well."""
        self.tell({"type": "relay", "sentence": sentence})

    async def close(self, *, drain: bool) -> bool:
        """Let the session go. With `drain` the last words are waited for; True where all of them came."""
        whole = bool(drain and self.relay and await self.relay.drain())
        if self.relay:
            await self.relay.close()
        await self._note_provisional(None if whole else self.seeming.take())
        await live_host.here().remove(self)
        await asyncio.to_thread(self.writer.close)
        return whole

    async def _note_provisional(self, provisional: Provisional | None) -> None:
        note = database_sync_to_async(final_words.note_provisional, thread_sensitive=False)
        try:
            if provisional:
                await uncut(note(self.session, provisional))
        except Exception as error:
            # The database is away: these words come again from the audio, which is safe
            logger.warning("Provisional words could not be noted: %s", type(error).__name__)

    def tell(self, message: dict[str, Any]) -> None:
        """Tell everybody who listens to the session."""
        audience.here().tell(self.session.pk, message)
