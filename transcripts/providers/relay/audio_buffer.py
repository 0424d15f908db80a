"""The audio of a session as the relay needs it: the latest seconds in memory, older audio read back from storage."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from transcripts.providers.live import BYTES_A_MS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    # From and until which moment of the session, in ms; returns that audio, silence if none was stored.
    ReadAudio = Callable[[int, int], Awaitable[bytes]]

# So much that a hiccup costs no reading, so little that a thousand sessions fit into memory.
KEPT_BYTES = 1_000 * BYTES_A_MS


class AudioBuffer:
    """The session's latest audio. Positions are bytes from its start; one task may wait at a time."""

    def __init__(self, read_audio: ReadAudio, *, fed_ms: int) -> None:
        self.fed = fed_ms * BYTES_A_MS
        self.is_over = False
        self._read_audio = read_audio
        self._kept: deque[tuple[int, bytes]] = deque()
        self._kept_bytes = 0
        self._news = asyncio.Event()

    def add(self, position_ms: int, samples: bytes) -> None:
        """Take audio that begins at a moment of the session; what was fed before is not taken twice.

        No samples say only that there is audio up to that moment, to be read back.
        """
        at = position_ms * BYTES_A_MS
        if abs(at - self.fed) < BYTES_A_MS:
            at = self.fed  # frames need not end on a whole millisecond
        if fresh := samples[max(0, self.fed - at) :]:
            self._kept.append((max(at, self.fed), fresh))
            self._kept_bytes += len(fresh)
        self.fed = max(self.fed, at + len(samples))
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            self._kept_bytes -= len(self._kept.popleft()[1])
        self._news.set()

    def end(self) -> None:
        """There will be no more."""
        self.is_over = True
        self._news.set()

    async def reach(self, position: int) -> None:
        """Wait until audio up to there was fed, or there will be no more."""
        while self.fed < position and not self.is_over:
            self._news.clear()
            await self._news.wait()

    async def read(self, position: int, most: int) -> bytes:
        """Return up to `most` bytes of what was fed from there on."""
        until, parts = min(position + most, self.fed), []
        for at, samples in tuple(self._kept):
            if position < at:
                parts.append(await self._read_back(position, min(at, until)))
            position = min(max(position, at), until)
            part = samples[position - at : until - at] if at <= position else b""
            parts.append(part)
            position += len(part)
        return b"".join([*parts, await self._read_back(position, until)])

    async def _read_back(self, position: int, until: int) -> bytes:
        if position >= until:
            return b""
        from_ms, skipped = divmod(position, BYTES_A_MS)
        samples = await self._read_audio(from_ms, -(-until // BYTES_A_MS))
        size = until - position
        return samples[skipped : skipped + size].ljust(size, b"\0")
