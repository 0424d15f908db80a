"""One connection of the relay, from its first frame to its last: sending at the allowed pace, and receiving."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import TYPE_CHECKING

from transcripts.cancellation import raise_if_cancelled
from transcripts.providers.errors import Unreachable
from transcripts.providers.live import BYTES_A_MS, Ended, Failed, Final, Ready
from transcripts.providers.websocket import SocketClosed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from transcripts.providers.live import LiveCodec, LiveEvent
    from transcripts.providers.relay.audio_buffer import AudioBuffer
    from transcripts.providers.websocket import LiveSocket
    from transcripts.providers.wire import Frame

# Audio that comes in a bunch after a hiccup may go as one; only what lasts longer is a replay.
BURST_S = 1.0
# From this share of a connection's allowed life on it ends at the next final; from the second, wherever it is.
ROLL_FROM, ROLL_AT = 0.9, 0.98
NORMAL_CLOSE = 1_000


class Outcome(Enum):
    """How a connection came to its end."""

    ENDED = "ended"  # everything was sent and answered
    ROLLED = "rolled"  # it reached its age limit; another continues
    BEHIND = "behind"  # it lags so far that another has to begin with what is said now


class _TooFarBehind(Exception):
    """Ends a connection that takes audio more slowly than it is spoken."""


class RelayConnection:
    """One connection with the provider. `sent` is the position, in bytes of the session, up to which audio was sent."""

    def __init__(
        self,
        socket: LiveSocket,
        codec: LiveCodec,
        buffer: AudioBuffer,
        *,
        start_ms: int,
        skip_ms: int,
        on_event: Callable[[LiveEvent], Awaitable[None]],
    ) -> None:
        self.sent = start_ms * BYTES_A_MS
        self._socket, self._codec, self._buffer, self._on_event = socket, codec, buffer, on_event
        self._most_behind = skip_ms * BYTES_A_MS
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._may_send_at = self._began
        self._unanswered_since: float | None = None
        self._has_finished = False
        self._ready = asyncio.Event()

    async def hold(self, *, ready_ms: int) -> Outcome:
        """Speak and listen to the end. Raises ProviderError, or SocketClosed as the provider closed."""
        rolled_at = self._at_age(ROLL_AT)
        try:
            async with asyncio.timeout_at(rolled_at), asyncio.TaskGroup() as both:
                speaking = both.create_task(self._speak(ready_ms))
                listening = both.create_task(self._listen(speaking))
            return listening.result()
        except TimeoutError:
            return Outcome.ROLLED
        except BaseExceptionGroup as group:
            if group.subgroup(_TooFarBehind):
                return Outcome.BEHIND
            raise group.exceptions[0] from None

    def _at_age(self, share: float) -> float | None:
        allowed_ms = self._codec.limits.session_ms
        return None if allowed_ms is None else self._began + allowed_ms * share / 1000

    # Speaking

    async def _speak(self, ready_ms: int) -> None:
        try:
            await self._open(ready_ms)
            while samples := await self._next_audio():
                if self._buffer.fed - self.sent > self._most_behind:
                    raise _TooFarBehind
                await self._keep_pace(len(samples))
                # Before it goes: its answer may be here before sending returns.
                self._unanswered_since = self._unanswered_since or self._loop.time()
                await self._say(self._codec.audio(samples))
                self.sent += len(samples)
            self._has_finished = True
            await self._say(self._codec.finish())
        except SocketClosed:
            return  # the receiver reads what was sent before it, then notices itself

    async def _open(self, ready_ms: int) -> None:
        await self._say(self._codec.opening())
        if not self._codec.waits_for_ready:
            await self._on_event(Ready())
            return
        try:
            async with asyncio.timeout(ready_ms / 1000):
                await self._ready.wait()
        except TimeoutError:
            raise Unreachable("The provider accepted the connection but did not start the session") from None

    async def _say(self, frames: Sequence[Frame]) -> None:
        for frame in frames:
            await self._socket.send(frame)

    async def _next_audio(self) -> bytes:
        """What may go as one frame; nothing if there will be no more. Keeps the connection alive until then."""
        least, best, _ = self._codec.limits.frame_bytes
        keepalive_ms = self._codec.limits.keepalive_ms
        while not self._buffer.is_over and self._buffer.fed < self.sent + least:
            try:
                async with asyncio.timeout(keepalive_ms and keepalive_ms / 1000):
                    await self._buffer.reach(self.sent + least)
            except TimeoutError:
                await self._say(self._codec.keepalive())
        if self._buffer.fed <= self.sent:
            return b""
        return await self._buffer.read(self.sent, best)

    async def _keep_pace(self, size: int) -> None:
        now = self._loop.time()
        self._may_send_at = max(self._may_send_at, now - BURST_S)
        if self._may_send_at > now:
            await asyncio.sleep(self._may_send_at - now)
        self._may_send_at += size / BYTES_A_MS / 1000 / self._codec.limits.pace

    # Listening

    async def _listen(self, speaking: asyncio.Task[None]) -> Outcome:
        while True:
            for event in await self._events():
                if outcome := await self._take(event):
                    speaking.cancel()
                    return outcome

    async def _events(self) -> Sequence[LiveEvent]:
        """What the next message means. A close is the end only for a provider that has no last message."""
        try:
            frame = await self._receive()
        except SocketClosed as closed:
            if self._has_finished and self._codec.limits.ends_by_closing and closed.code == NORMAL_CLOSE:
                return (Ended(),)
            raise
        return self._codec.decode(frame)

    async def _receive(self) -> Frame:
        while True:
            try:
                frame = await self._socket.receive(self._patience_s())
            except TimeoutError:
                self._refuse_silence()
            else:
                self._unanswered_since = None
                return frame

    def _patience_s(self) -> float | None:
        """How much longer the provider may say nothing; None for as long as it likes."""
        answer_ms = self._codec.limits.answer_ms
        if answer_ms is None or self._has_finished:
            return None
        since = self._unanswered_since
        spent = 0.0 if since is None else self._loop.time() - since
        return max(0.0, answer_ms / 1000 - spent)

    def _refuse_silence(self) -> None:
        if self._unanswered_since is not None and self._patience_s() == 0:
            raise Unreachable("The provider accepts audio but no longer answers")

    async def _take(self, event: LiveEvent) -> Outcome | None:
        if isinstance(event, Failed):
            raise event.error
        if isinstance(event, Ended):
            if self._has_finished:
                return Outcome.ENDED
            raise Unreachable("The provider ended the session before we did")
        await self._on_event(event)
        raise_if_cancelled()
        if isinstance(event, Ready):
            self._ready.set()
        rolls_from = self._at_age(ROLL_FROM)
        is_of_age = rolls_from is not None and self._loop.time() >= rolls_from
        return Outcome.ROLLED if is_of_age and isinstance(event, Final) else None
