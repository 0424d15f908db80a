"""The relay a room gets: its provider's codec under the one runner, fed from the disk."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from transcripts.document import Segment
from transcripts.providers import registry
from transcripts.providers.base import Options
from transcripts.providers.errors import ProviderError, TooSlow
from transcripts.providers.live import Final, Partial
from transcripts.providers.relay import runner
from transcripts.services.live.attendance import Attendance
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from transcripts.providers.live import LiveCodec
    from transcripts.services.live.session_host import Room

logger = logging.getLogger(__name__)

RECONNECTING = "The provider is away; what you say is kept, and written when it is back"
AWAY = "The provider takes no live speech now. What you say is kept, and is transcribed when you stop"
TOO_SLOW = "{said}. The audio is being recorded and will be transcribed afterwards."


def opened(room: Room) -> Attendance | None:
    """Have the session's provider attend, from where its words end.

    None where the provider cannot listen to what is wished, such as a language; the recording goes on without.
    """
    session = room.session
    connection = accounts.connection(session.account)
    options = Options(language=accounts.language_to_ask(session.account, session.recording.language))
    make = partial(registry.live_codec, session.account.kind, connection, options)
    try:
        make()
    except ProviderError as error:
        logger.warning("Live session %s has no provider: %s", session.pk, error.code)
        session.place_until = None  # it needs no place; the next renewal gives it back
        room.tell({"type": "relay", "sentence": _why_away(error)})
        return None
    return Attendance(room, partial(ProviderRelay, room, make))


class ProviderRelay:
    """One room's relay: frames go in as they are safe, words come out to the room."""

    def __init__(self, room: Room, factory: Callable[[], LiveCodec], from_ms: int) -> None:
        self.room, self.is_away = room, False
        self.relay = runner.Relay(factory, read_audio=self._read, on_event=self._heard, from_ms=from_ms)
        # What is on disk already is there to be read back.
        self.relay.feed(room.safe_ms, b"")
        self.task = asyncio.create_task(self.relay.run())

    @property
    def heard_ms(self) -> int:
        """How much sound it was given."""
        return self.relay.heard_ms

    @property
    def final_ms(self) -> int:
        """Where its last final word ends."""
        return self.relay.final_ms

    def feed(self, position_ms: int, sound: bytes) -> None:
        """Take sound that is safe on disk."""
        self.relay.feed(position_ms, sound)

    async def drain(self) -> bool:
        """Return once the last words came; False where some did not."""
        self.relay.stop()
        return await asyncio.shield(self.task)

    async def close(self) -> None:
        """Stop at once."""
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task

    def _note(self, event: Partial) -> None:
        seeming, key = self.room.seeming, self._key(event)
        if event.is_broken_off:
            seeming.interrupt(key)
        else:
            seeming.say(key, event.text, self.relay.sent_ms)

    def _key(self, event: Partial | Final) -> str:
        """The event's key, unlike those of the room's relays before."""
        return f"{id(self)}.{event.key}"

    async def _read(self, from_ms: int, until_ms: int) -> bytes:
        return await asyncio.to_thread(self.room.writer.read_ms, from_ms, until_ms)

    async def _heard(self, event: runner.RelayEvent) -> None:
        room = self.room
        if isinstance(event, Partial):
            await room.partial(Segment(event.text), heard_until_ms=self.relay.sent_ms)
            self._note(event)
        elif isinstance(event, Final):
            await room.final(event.segment)
            room.seeming.settle(self._key(event), self.relay.sent_ms)
        elif isinstance(event, runner.Skipped):
            await room.gap(event.from_ms, event.until_ms)
        elif isinstance(event, runner.Connected):
            await room.state("")
        elif isinstance(event, runner.Reconnecting) and event.is_away:
            await room.state(RECONNECTING)
        elif isinstance(event, runner.Away):
            self.is_away = True
            logger.warning("Live session %s lost its provider: %s", room.session.pk, event.error.code)
            await room.state(_why_away(event.error))


def _why_away(error: ProviderError) -> str:
    """Say why no words come any more; the provider's own sentence names the language that it is too slow for."""
    return TOO_SLOW.format(said=str(error).rstrip(". ")) if isinstance(error, TooSlow) else AWAY
