"""A live recogniser that says where in the sound it is, for tests: a word each half second, five to a final."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from speechserver.audio import BYTES_A_SAMPLE, RATE_HZ

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

WORD_MS = 500
WORDS_A_FINAL = 5
BYTES_A_MS = RATE_HZ * BYTES_A_SAMPLE // 1000


class ScriptedListener:
    """Hears `w0 w500 w1000 …` in whatever it is given."""

    def __init__(self) -> None:
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._heard = self._said = self._segment = 0

    async def start(self) -> None:
        """Be there."""
        self._messages.put_nowait({"type": "ready"})

    async def hear(self, samples: bytes) -> None:
        """Say what is due."""
        self._heard += len(samples)
        while self._pending() >= WORDS_A_FINAL:
            self._final(WORDS_A_FINAL)
        self._partial()

    async def finalize(self) -> None:
        """Say the rest for good."""
        if self._pending():
            self._final(self._pending())
        self._partial()

    async def finish(self) -> None:
        """Say the rest and goodbye."""
        await self.finalize()
        self._messages.put_nowait({"type": "closed", "duration": self._heard / BYTES_A_MS / 1000})

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """In the order they were said."""
        while True:
            yield await self._messages.get()

    async def stop(self) -> None:
        """There is nothing to stop."""

    def _pending(self) -> int:
        return self._heard // BYTES_A_MS // WORD_MS - self._said

    def _words(self, count: int) -> list[dict[str, Any]]:
        places = [(self._said + number) * WORD_MS for number in range(count)]
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
        said = {"type": "final", "segment": self._segment, "text": text, "speaker": None, "language": "en"}
        self._messages.put_nowait({**said, **times, "words": words})
        self._said += count
        self._segment += 1
