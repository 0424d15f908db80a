"""A scripted live recogniser whose words name their time in the audio: one each half second, five to a final."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from speechserver.audio import BYTES_A_SAMPLE, RATE_HZ

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

WORD_MS = 500
WORDS_A_FINAL = 5
BYTES_A_MS = RATE_HZ * BYTES_A_SAMPLE // 1000


class ScriptedLiveRecogniser:
    """Transcribes any audio as `w0 w500 w1000 …`."""

    def __init__(self) -> None:
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._received = self._sent = self._segment = 0

    async def start(self) -> None:
        """Report ready."""
        self._messages.put_nowait({"type": "ready"})

    async def feed(self, samples: bytes) -> None:
        """Send the words of the audio until now."""
        self._received += len(samples)
        while self._pending() >= WORDS_A_FINAL:
            self._final(WORDS_A_FINAL)
        self._partial()

    async def finalize(self) -> None:
        """Make the rest final."""
        if self._pending():
            self._final(self._pending())
        self._partial()

    async def finish(self) -> None:
        """Make the rest final and close."""
        await self.finalize()
        self._messages.put_nowait({"type": "closed", "duration": self._received / BYTES_A_MS / 1000})

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the messages in order."""
        while True:
            yield await self._messages.get()

    async def stop(self) -> None:
        """Do nothing: there is no process."""

    def _pending(self) -> int:
        return self._received // BYTES_A_MS // WORD_MS - self._sent

    def _words(self, count: int) -> list[dict[str, Any]]:
        places = [(self._sent + number) * WORD_MS for number in range(count)]
        return [
            {"word": f"w{at}", "start": at / 1000, "end": (at + WORD_MS) / 1000, "confidence": 1.0} for at in places
        ]

    def _partial(self) -> None:
        text = " ".join(word["word"] for word in self._words(self._pending()))
        self._messages.put_nowait({"type": "partial", "segment": self._segment, "text": text})

    def _final(self, count: int) -> None:
        words = self._words(count)
        text = " ".join(word["word"] for word in words)
        times = {"start": words[0]["start"], "end": words[-1]["end"]}
        final = {"type": "final", "segment": self._segment, "text": text, "speaker": None, "language": "en"}
        self._messages.put_nowait({**final, **times, "words": words})
        self._sent += count
        self._segment += 1
