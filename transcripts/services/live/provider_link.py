"""The link of a hosted session to its provider: there while someone speaks, released while no one does.

A connection on which nothing is said still takes one of the account's live slots and may be paid for. So it is
released once no frame came for a while, after its last words, and the next frame brings it back, from where every word
was received. A session that found no free slot when it came back is recorded all the same; its connection comes when a
slot is free and reads from the disk what it missed. A connection that broke is followed by another.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from channels.db import database_sync_to_async
from django.db import DatabaseError

from transcripts.cancellation import shielded
from transcripts.document import Segment
from transcripts.providers.base import Options
from transcripts.providers.errors import ProviderError, TooSlow
from transcripts.providers.live import Final, Partial
from transcripts.providers.relay import runner
from transcripts.providers.relay.credentials import CodecFactory
from transcripts.services.live import leases
from transcripts.services.provider_accounts import accounts, keys, refusals, terms, wishes
from transcripts.services.provider_accounts.routing import places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from transcripts.models import LiveSession
    from transcripts.providers.base import Connection as Reached
    from transcripts.services.live.session_host import SessionHost

logger = logging.getLogger(__name__)

IDLE_S = 60.0
# How often a slot is asked for again, and how long to wait after a connection that broke.
RETRY_S = 5.0
WAITING = (
    "All live slots of {account} are in use. Your audio is saved; it will be transcribed when a slot is free, or after "
    "you end the session"
)
RECONNECTING = "The provider can’t be reached. Your audio is saved and will be transcribed when it is back"
AWAY = "The provider can’t transcribe live now. Your audio is saved and will be transcribed after you end the session"
KEPT = (
    "This team keeps audio on this instance, so nothing is sent to the provider. Your audio is saved and will be "
    "transcribed after you end the session"
)
TOO_SLOW = "{said}. Your audio is saved and will be transcribed after you end the session."


def open_link(host: SessionHost, connection: Reached | None) -> ProviderLink | None:
    """Link the session with its provider, from where its words end.

    None if the provider may not have the audio, or can't transcribe what is asked for, such as a language; the
    recording continues without.
    """
    session = host.session
    if connection is None:
        session.slot_until = None
        host.tell({"type": "relay", "sentence": KEPT})
        return None
    factory = CodecFactory(session.account.kind, connection, host.options)
    try:
        factory.check()
    except ProviderError as error:
        logger.warning("Live session %s has no provider: %s", session.pk, error.code)
        session.slot_until = None  # it needs no slot; the next renewal releases it
        host.tell({"type": "relay", "sentence": _why_away(error)})
        return None
    return ProviderLink(host, partial(Connection, host, factory))


def connection_of(session: LiveSession) -> Reached | None:
    """Return how to reach the provider; with the environment's key if the database is away.

    None if the team keeps its audio on this instance and the provider is outside.
    """
    try:
        if not places.may_have(session.account, session.recording.team_id):
            return None
        return accounts.connection(session.account)
    except DatabaseError as error:
        logger.warning("Live session %s begins with the environment’s key: %s", session.pk, type(error).__name__)
        return accounts.connection(session.account, key=keys.Key(keys.environment_key(session.account)))


def kept_inside(sessions: Sequence[LiveSession]) -> frozenset[UUID]:
    """Return the ids of those sessions whose audio their provider may not have any more."""
    outside = [session for session in sessions if not places.is_inside(session.account)]
    keeping = places.keeping({session.recording.team_id for session in outside})
    return frozenset(session.pk for session in outside if session.recording.team_id in keeping)


def options_of(session: LiveSession) -> Options:
    """Return what the provider is asked for; without the vocabulary if the database is away: audio doesn't wait."""
    language = session.recording.language
    told = wishes.told_live(session.account, session.wishes, language)
    asked = Options(language=accounts.language_to_ask(session.account, language), **wishes.named(told))
    try:
        return replace(asked, vocabulary=terms.told_live(session.account, session.recording.team, language))
    except DatabaseError as error:
        logger.warning("Live session %s begins without its team’s vocabulary: %s", session.pk, type(error).__name__)
        return asked


class ProviderLink:
    """A session's connections, one after the other. `connect` makes one that begins at a moment of the session."""

    def __init__(self, host: SessionHost, connect: Callable[[int], Connection]) -> None:
        loop = asyncio.get_running_loop()
        self.host = host
        self.connection: Connection | None = None
        self._connect, self._time = connect, loop.time
        self._from_ms, self._attended_ms = host.session.final_until_ms, -1
        self._fed_at, self._fed = loop.time(), asyncio.Event()
        self._stopping: asyncio.Future[None] = loop.create_future()
        self._is_whole, self._is_refused = True, False
        if host.session.slot_until:
            self._open()
        self._life = asyncio.create_task(self._live())

    def feed(self, position_ms: int, audio: bytes) -> None:
        """Take audio that is on disk and begins at this moment."""
        self._fed_at = self._time()
        if self.connection:
            self.connection.feed(position_ms, audio)
        else:
            self._fed.set()

    async def drain(self) -> bool:
        """Return once the last words of what is on disk have come; False if some did not."""
        if not self._stopping.done():
            self._stopping.set_result(None)
        self._fed.set()
        return await asyncio.shield(self._life)

    async def close(self) -> None:
        """Stop immediately."""
        self._life.cancel()
        with suppress(asyncio.CancelledError):
            await self._life
        if self.connection:
            await self.connection.close()

    async def _live(self) -> bool:
        while True:
            if self.connection is None and not await self._wait_for_speech():
                return self._is_whole
            await self._until_not_needed()
            await self._release()

    async def _wait_for_speech(self) -> bool:
        """Wait until someone speaks, and for a slot; False if the session ended before."""
        while not self._is_behind():
            if self._stopping.done():
                return False
            self._fed.clear()
            await self._fed.wait()
        while not (self.host.session.slot_until or await self._take_slot()):
            self._is_whole = False
            if self._stopping.done():
                return False
            await self.host.state(WAITING.format(account=self.host.session.account))
            await asyncio.wait({self._stopping}, timeout=RETRY_S)
        self._open()
        return True

    def _is_behind(self) -> bool:
        """Whether there is audio that no connection has sent, and that a provider would take."""
        return not self._is_refused and self.host.safe_ms > self._attended_ms

    def _open(self) -> None:
        self.connection = self._connect(self._from_ms)

    async def _until_not_needed(self) -> None:
        """Wait until the session ends, no one speaks any more, or the connection has ended."""
        assert self.connection is not None
        while not (self._stopping.done() or self.connection.task.done()):
            left_s = self._fed_at + IDLE_S - self._time()
            if left_s <= 0:
                return
            either: set[asyncio.Future[Any]] = {self._stopping, self.connection.task}
            await asyncio.wait(either, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)

    async def _release(self) -> None:
        """End the connection after its last words, and release the slot."""
        assert self.connection is not None
        # What is said from here on is the next one's, which reads it back from the disk
        connection, self.connection = self.connection, None
        self._attended_ms, sent_ms = self.host.safe_ms, connection.fed_ms
        try:
            self._is_whole = await connection.drain()
        except Exception as error:
            logger.warning("The relay of live session %s broke: %s", self.host.session.pk, type(error).__name__)
            self._is_whole, self._attended_ms = False, -1
        self._from_ms = sent_ms if self._is_whole else connection.relay.final_ms
        self._is_refused = connection.is_away
        await self._release_slot()
        if self._attended_ms < 0:
            await asyncio.wait({self._stopping}, timeout=RETRY_S)

    async def _take_slot(self) -> bool:
        try:
            take_slot = database_sync_to_async(leases.take_slot, thread_sensitive=False)
            took: bool = await shielded(take_slot(self.host.session))
        except Exception as error:
            logger.warning("No live slot could be asked for: %s", type(error).__name__)
            return False
        return took

    async def _release_slot(self) -> None:
        try:
            release_slot = database_sync_to_async(leases.release_slot, thread_sensitive=False)
            await shielded(release_slot(self.host.session))
        except Exception as error:
            # It expires with the lease, which is renewed without it from now on
            logger.warning("A live slot could not be released: %s", type(error).__name__)


class Connection:
    """One stretch of a session at its provider: frames go in as they are safe, words come out to the session host."""

    def __init__(self, host: SessionHost, factory: CodecFactory, from_ms: int) -> None:
        self.host, self.is_away, self._key_sent = host, False, factory.key
        self.relay = runner.Relay(factory, read_audio=self._read, on_event=self._take, from_ms=from_ms)
        # What is on disk already is there to be read back
        self.relay.feed(host.safe_ms, b"")
        self.task = asyncio.create_task(self.relay.run())

    @property
    def fed_ms(self) -> int:
        """How much audio it was given."""
        return self.relay.fed_ms

    def feed(self, position_ms: int, audio: bytes) -> None:
        """Take audio that is on disk."""
        self.relay.feed(position_ms, audio)

    async def drain(self) -> bool:
        """Return once the last words came; False if some did not."""
        self.relay.stop()
        return await asyncio.shield(self.task)

    async def close(self) -> None:
        """Stop immediately."""
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task

    def _note(self, event: Partial) -> None:
        provisional, key = self.host.provisional, self._key(event)
        if event.is_broken_off:
            provisional.interrupt(key)
        else:
            provisional.replace(key, event.text, self.relay.sent_ms)

    def _key(self, event: Partial | Final) -> str:
        """The event's key, unlike those of the session's earlier connections."""
        return f"{id(self)}.{event.key}"

    async def _read(self, from_ms: int, until_ms: int) -> bytes:
        return await asyncio.to_thread(self.host.writer.read_ms, from_ms, until_ms)

    async def _take(self, event: runner.RelayEvent) -> None:
        host = self.host
        if isinstance(event, Partial):
            await host.partial(Segment(event.text), sent_until_ms=self.relay.sent_ms)
            self._note(event)
        elif isinstance(event, Final):
            await host.final(event.segment)
            host.provisional.settle(self._key(event), self.relay.sent_ms)
        elif isinstance(event, runner.AudioSkipped):
            await host.gap(event.from_ms, event.until_ms)
        elif isinstance(event, runner.Connected):
            await host.state("")
        elif isinstance(event, runner.Reconnecting) and event.is_away:
            await host.state(RECONNECTING)
        elif isinstance(event, runner.ProviderRefused):
            self.is_away = True
            logger.warning("Live session %s lost its provider: %s", host.session.pk, event.error.code)
            await host.state(_why_away(event.error))
            note = database_sync_to_async(refusals.note_live, thread_sensitive=False)
            await shielded(note(host.session.account, self._key_sent, event.error))


def _why_away(error: ProviderError) -> str:
    """Say why no words come any more; the provider's own message names the language that it is too slow for."""
    return TOO_SLOW.format(said=str(error).rstrip(". ")) if isinstance(error, TooSlow) else AWAY
