"""The relay: keeps a live session connected to its provider for as long as the session lives, losing no word.

    relay = Relay(CodecFactory(kind, connection, options), read_audio=read_audio, on_event=on_event)
    running = asyncio.create_task(relay.run())
    relay.feed(position_ms, samples)     as often as audio comes
    relay.stop()                         when the session ends; `await running` then tells whether all was answered

Every connection begins a little before the end of the last final word: what was sent and not finally answered is sent
again, no faster than the provider allows, and words that end before that seam are told from new ones by their times.
The relay knows nothing of storage or people: audio that left its memory it asks for by `read_audio`, and all that
happens it tells by `on_event`, one event after the other.

After an outage so long that a replay would never catch up, the provider is not sent what it missed: the relay continues
with the present and reports what it skipped, to be transcribed afterwards. Nor does anyone who stops wait for a long
replay.

A long silence is not sent again: with nothing provisional open, a provider that continues to answer has
dealt with what was sent half a minute ago.

Known sharp edges: if two people speak at the same time and the final of the later one comes first, a cut between
the two finals loses the words of the earlier one that are before the seam. A final without any times is taken to end a
second before what was sent.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from transcripts.cancellation import shielded
from transcripts.providers import backoff
from transcripts.providers.errors import NotListening, ProviderError, Unreachable
from transcripts.providers.live import BYTES_A_MS, Final, Partial, Ready, Speech
from transcripts.providers.relay.audio_buffer import AudioBuffer
from transcripts.providers.relay.connection import Outcome, RelayConnection
from transcripts.providers.relay.reachability import Probe, until_back
from transcripts.providers.relay.seam import Seam
from transcripts.providers.websocket import SocketClosed, SocketRefused, open_socket

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from transcripts.providers.live import LiveCodec, LiveEvent
    from transcripts.providers.relay.audio_buffer import ReadAudio
    from transcripts.providers.relay.credentials import CodecFactory
    from transcripts.providers.websocket import LiveSocket
# No provider lags so far behind without a word that seems to be said.
QUIET_LAG_MS = 30_000
JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Connecting:
    """A connection is being made."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The provider listens."""


@dataclass(frozen=True, slots=True)
class Reconnecting:
    """The connection was lost or refused for `error`; the next is made in `wait_ms` at the latest.

    `tries` failed in a row.

    `is_away` after so many that people should know.
    """

    wait_ms: int
    error: ProviderError
    tries: int
    is_away: bool


@dataclass(frozen=True, slots=True)
class ProviderRefused:
    """The provider refused permanently. The relay has ended; the recording continues and is transcribed afterwards."""

    error: ProviderError


@dataclass(frozen=True, slots=True)
class AudioSkipped:
    """No words will come for this stretch of the session: the provider was away too long."""

    from_ms: int
    until_ms: int


RelayEvent = Partial | Final | Speech | Connecting | Connected | Reconnecting | ProviderRefused | AudioSkipped


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the relay waits for what, in ms. `chance` gives numbers from 0 to 1, for jitter."""

    connect_ms: int = 10_000
    heartbeat_ms: int = 20_000
    first_wait_ms: int = 1_000
    longest_wait_ms: int = 30_000
    # Beyond this, a provider that took no connection is watched for, and the wait ends when it is back.
    watch_from_ms: int = 1_500
    probe: Probe = field(default_factory=Probe)
    # A connection that lived so long was a good one: the next failure is again the first.
    healthy_ms: int = 30_000
    # For the provider's last words, besides the time that its unsent audio takes.
    drain_ms: int = 10_000
    # No one who stops waits for more than this to be sent.
    rest_ms: int = 30_000
    # So far behind, at the pace that providers allow, catching up would take a quarter of an hour.
    skip_ms: int = 180_000
    away_after: int = 5
    chance: Callable[[], float] = random.random

    def wait_ms(self, tries: int, error: ProviderError) -> int:
        """Return the backoff after so many failures in a row, never less than the provider asked for."""
        wait_ms = backoff.delay_ms(
            tries, first_ms=self.first_wait_ms, most_ms=self.longest_wait_ms, jitter=JITTER, chance=self.chance
        )
        return max(wait_ms, error.retry_after_ms or 0)


class Relay:
    """One session's way to a provider. `final_ms` is where its last final word ends, `fed_ms` where the audio does.

    `from_ms` is where the last final word ended that another relay of the same session brought.
    """

    def __init__(
        self,
        codec_factory: CodecFactory,
        *,
        read_audio: ReadAudio,
        on_event: Callable[[RelayEvent], Awaitable[None]],
        patience: Patience | None = None,
        from_ms: int = 0,
    ) -> None:
        self.final_ms = from_ms
        self._codec_factory, self._tell = codec_factory, on_event
        self._patience = patience or Patience()
        self._buffer = AudioBuffer(read_audio, fed_ms=from_ms)
        self._stopped = asyncio.Event()
        self._life: asyncio.Timeout | None = None
        self._talk: RelayConnection | None = None
        self._seam = Seam(number=0, start_ms=0, final_ms=from_ms)
        self._connections = self._tries = self._quiet_ms = 0
        self._url = ""

    @property
    def fed_ms(self) -> int:
        """How much audio came in."""
        return self._buffer.fed // BYTES_A_MS

    @property
    def sent_ms(self) -> int:
        """How much of it the present connection has sent."""
        return self._talk.sent // BYTES_A_MS if self._talk else self.final_ms

    def feed(self, position_ms: int, samples: bytes) -> None:
        """Take audio that begins at this moment of the session. Never waits: what leaves memory is read back."""
        self._buffer.add(position_ms, samples)

    def stop(self) -> None:
        """There will be no more audio. `run` returns once everything is answered, or it takes too long."""
        self._buffer.end()
        self._stopped.set()
        self._set_deadline()

    async def run(self) -> bool:
        """Relay until `stop` and the last answer; True if everything that was not skipped was answered.

        False if the provider refused permanently, the last answers did not come in time, or too much was left to be
        sent. Cancel it to leave immediately.
        """
        try:
            async with asyncio.timeout(None) as self._life:
                if self._stopped.is_set():
                    self._set_deadline()
                return await self._connect_again_and_again()
        except TimeoutError:
            return False
        finally:
            self._life = None

    def _set_deadline(self) -> None:
        """Allow what is left to be sent at the provider's pace, and be answered; too much is for afterwards."""
        if self._life is None:
            return
        left_ms = max(0, self.fed_ms - self.sent_ms)
        allowed_ms = 0 if left_ms > self._patience.rest_ms else self._patience.drain_ms + left_ms
        self._life.reschedule(asyncio.get_running_loop().time() + allowed_ms / 1000)

    async def _connect_again_and_again(self) -> bool:
        while True:
            began = asyncio.get_running_loop().time()
            try:
                outcome = await self._connect()
                await self._take_back_partials()
                if outcome is Outcome.ENDED:
                    return True
                self._tries = 0
            except ProviderError as error:
                await self._take_back_partials()
                lived_ms = (asyncio.get_running_loop().time() - began) * 1000
                self._tries = 1 if lived_ms >= self._patience.healthy_ms else self._tries + 1
                if error.permanent and not self._codec_factory.has_another_credential(error):
                    await self._tell(ProviderRefused(error))
                    return False
                await self._wait(error)

    async def _wait(self, error: ProviderError) -> None:
        wait_ms = self._patience.wait_ms(self._tries, error)
        await self._tell(Reconnecting(wait_ms, error, self._tries, self._tries >= self._patience.away_after))
        waits: list[Coroutine[Any, Any, object]] = []
        if not self._stopped.is_set():
            waits.append(self._stopped.wait())  # who stops wants the last words soon
        if isinstance(error, NotListening) and wait_ms > self._patience.watch_from_ms:
            waits.append(until_back(self._url, self._patience.probe))
        await _first_of(waits, within_s=wait_ms / 1000)

    async def _connect(self) -> Outcome:
        """Hold one connection. Raises ProviderError."""
        await self._tell(Connecting())
        codec, patience = await self._codec_factory.make(), self._patience
        handshake = codec.connect()
        self._url = handshake.url
        times = {"connect_ms": patience.connect_ms, "heartbeat_ms": patience.heartbeat_ms}
        try:
            async with open_socket(handshake, **times) as socket:
                return await self._talk_over(socket, codec)
        except SocketRefused as refusal:
            raise codec.refused(refusal.status_code, refusal.headers) from refusal
        except SocketClosed as closed:
            raise codec.closed(closed.code, closed.reason) from closed

    async def _talk_over(self, socket: LiveSocket, codec: LiveCodec) -> Outcome:
        start_ms = max(0, self.final_ms - codec.limits.overlap_ms, self._quiet_ms)
        if self.fed_ms - start_ms > self._patience.skip_ms:
            start_ms = await self._skip()
        self._connections += 1
        self._seam = Seam(number=self._connections, start_ms=start_ms, final_ms=self.final_ms)
        self._talk = RelayConnection(
            socket, codec, self._buffer, start_ms=start_ms, skip_ms=self._patience.skip_ms, on_event=self._on_event
        )
        outcome = await self._talk.hold(ready_ms=self._patience.connect_ms)
        if outcome is Outcome.ENDED and codec.limits.ends_by_closing and self._seam.open_keys:
            # It would have made these words final, had it received the end.
            raise Unreachable("The provider closed the connection before it answered everything")
        return outcome

    async def _skip(self) -> int:
        """Skip what was missed; return where to continue."""
        skipped = AudioSkipped(max(self.final_ms, self._quiet_ms), self.fed_ms)
        await self._tell(skipped)
        # Only now: a gap that could not be told must be told again.
        self.final_ms = skipped.until_ms
        return skipped.until_ms

    async def _on_event(self, event: LiveEvent) -> None:
        if isinstance(event, Ready):
            await self._tell(Connected())
        elif isinstance(event, Partial | Final | Speech):
            for told in self._seam.carry(event, sent_ms=self.sent_ms):
                await (shielded(self._tell_final(told)) if isinstance(told, Final) else self._tell(told))
            if not self._seam.open_keys:
                self._quiet_ms = max(self._quiet_ms, self.sent_ms - QUIET_LAG_MS)

    async def _tell_final(self, final: Final) -> None:
        await self._tell(final)
        # Only now: a final that could not be told must come again; one that was told must not.
        self.final_ms = max(self.final_ms, final.segment.end_ms or 0)

    async def _take_back_partials(self) -> None:
        """Withdraw provisional words: their audio is sent again."""
        keys, self._seam.open_keys = sorted(self._seam.open_keys), set()
        for key in keys:
            await self._tell(Partial(key, "", is_broken_off=True))


async def _first_of(waits: Sequence[Coroutine[Any, Any, object]], *, within_s: float) -> None:
    """Return once one of them is over, or the time."""
    tasks = [asyncio.ensure_future(wait) for wait in [*waits, asyncio.sleep(within_s)]]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
