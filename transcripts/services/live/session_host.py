"""One process's hold of a live session: frames to disk, then to the provider; words to rows, then to people.

The order is always the same: written first, acknowledged second, sent on third. If the provider can't keep up or is
away nothing waits for it, for its link reads what it missed from the disk.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

from channels.db import database_sync_to_async

from transcripts import meters
from transcripts.cancellation import shielded
from transcripts.providers.base import Options
from transcripts.services.live import final_words, leases
from transcripts.services.live.provisional import ProvisionalWords
from transcripts.services.live.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from transcripts.document import Segment
    from transcripts.models import LiveSession
    from transcripts.services.live.audio import Writer
    from transcripts.services.live.provisional import Provisional

logger = logging.getLogger(__name__)


class Link(Protocol):
    """What turns audio into words. It calls back with partial and final segments."""

    def feed(self, position_ms: int, audio: bytes) -> None:
        """Take audio that is on disk and begins at this moment."""

    async def drain(self) -> bool:
        """Return once the last words of what is on disk have come; False if some did not."""

    async def close(self) -> None:
        """Stop immediately."""


class SessionHost:
    """A session held here. What it tells reaches everyone who follows, the page that records included."""

    def __init__(
        self,
        session: LiveSession,
        writer: Writer,
        tell: Callable[[UUID, Mapping[str, Any]], None],
        *,
        watchdog: Watchdog | None = None,
        when_lost: Callable[[], None] | None = None,
    ) -> None:
        self.session, self.writer, self.watchdog = session, writer, watchdog or Watchdog()
        self.link: Link | None = None
        self.options = Options()
        self.provisional = ProvisionalWords()
        self.lost = asyncio.Event()
        self._tell, self._when_lost = tell, when_lost

    def lose(self) -> None:
        """Give way to another holder, or to the end of the session."""
        if not self.lost.is_set():
            self.lost.set()
            if self._when_lost:
                self._when_lost()

    @property
    def safe_ms(self) -> int:
        """How much audio is on disk, in milliseconds."""
        return self.session.ms(self.writer.wanted)

    async def frame(self, number: int, audio: bytes) -> int:
        """Take a frame; return the number of the next. Raises audio.WrongFrame, ValueError or OSError.

        Call it for one frame after the other.
        """
        is_new = number == self.writer.wanted
        if is_new and self.writer.needs_piece:
            await asyncio.to_thread(self.writer.open_piece)
        self.writer.write(number, audio)
        if is_new:
            self.watchdog.observe(audio)
        if self.link and is_new:
            self.link.feed(self.session.ms(number), audio)
        return self.writer.wanted

    async def partial(self, spoken: Segment, *, sent_until_ms: int) -> None:
        """Show what may still change; the provider was sent the audio up to `sent_until_ms`."""
        lag = max(0, self.safe_ms - sent_until_ms)
        meters.LIVE_LAG.observe(lag / 1000)
        self.tell({"type": "partial", "text": spoken.text, "lag_ms": lag})

    async def final(self, spoken: Segment) -> None:
        """Write what will not change any more, then show it."""
        if not spoken.text.strip():
            return
        try:
            append = database_sync_to_async(_appended, thread_sensitive=False)
            message = await shielded(append(self.session, spoken))
        except leases.LostSession:
            self.lose()
            return
        self.tell(message)

    async def gap(self, from_ms: int, until_ms: int) -> None:
        """Store that no final words will come for a stretch while the session lasts, then show it.

        What the provider gave of it provisionally becomes unconfirmed text; only the rest is a gap.
        """
        note = database_sync_to_async(final_words.note_gap, thread_sensitive=False)
        try:
            if provisional := self.provisional.take():
                await self._write_unconfirmed(provisional, until_ms)
                from_ms = max(from_ms, min(provisional.until_ms, until_ms))
            if from_ms >= until_ms:
                return
            gap, change = await note(self.session, from_ms, until_ms)
        except leases.LostSession:
            self.lose()
            return
        self.tell({"type": "gap", "change": change, **asdict(gap)})

    async def _write_unconfirmed(self, provisional: Provisional, end_ms: int) -> None:
        """Write provisional words as unconfirmed text, then show it. Raises LostSession."""
        write = database_sync_to_async(_appended_provisional, thread_sensitive=False)
        if message := await shielded(write(self.session, provisional, end_ms=end_ms)):
            self.tell(message)

    async def state(self, sentence: str) -> None:
        """Tell the state of the provider; empty if all is well."""
        self.tell({"type": "relay", "sentence": sentence})

    async def finish_link(self, *, drain: bool) -> bool:
        """End the link to the provider. With `drain` the last words are waited for; True if all of them came."""
        is_whole = bool(drain and self.link and await self.link.drain())
        if self.link:
            await self.link.close()
        await self._note_provisional(None if is_whole else self.provisional.take())
        return is_whole

    async def cut_off(self, sentence: str) -> None:
        """Send nothing more to the provider; the recording continues, and its words come afterwards."""
        link, self.link = self.link, None
        if link:
            await link.close()
        await self._note_provisional(self.provisional.take())
        self.session.slot_until = None
        await self.state(sentence)

    async def _note_provisional(self, provisional: Provisional | None) -> None:
        note = database_sync_to_async(final_words.note_provisional, thread_sensitive=False)
        try:
            if provisional:
                await shielded(note(self.session, provisional))
        except Exception as error:
            # The database is away: these words come again from the audio, which is safe
            logger.warning("Provisional words could not be stored: %s", type(error).__name__)

    def tell(self, message: dict[str, Any]) -> None:
        """Tell everyone who follows the session."""
        self._tell(self.session.transcript_id, message)


def _appended(session: LiveSession, spoken: Segment) -> dict[str, Any]:
    """Write a final segment; return what tells pages of it. Raises LostSession."""
    row, _ = final_words.append(session, spoken)
    return final_words.message(row)


def _appended_provisional(session: LiveSession, provisional: Provisional, *, end_ms: int) -> dict[str, Any] | None:
    """Write words that stayed provisional; return what tells pages of them. Raises LostSession."""
    written = final_words.append_provisional(session, provisional, end_ms=end_ms)
    return final_words.message(written[0]) if written else None
