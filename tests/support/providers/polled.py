"""What the doubles of providers share that are asked again for their transcripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, hdrs, web

from tests.support.live.provider import Hearing, fail
from tests.support.providers.double import Double

if TYPE_CHECKING:
    from tests.support.live.provider import Fault

TEXT = "and so my fellow americans"
# In seconds: word, start, end, confidence, voice
SAID = (
    ("and", 0.1, 0.3, 0.9, 0),
    ("so", 0.3, 0.6, 0.8, 0),
    ("my", 0.7, 0.9, 0.95, 1),
    ("fellow", 0.9, 1.3, 0.7, 1),
    ("americans", 1.3, 1.9, 0.85, 1),
)
DURATION_S = 2.0


class Polled(Double):
    """A double that is asked again for its jobs.

    Its script also has `seconds` (None: no job is ever done) and `failure` (of each job).
    """

    key = "sk_test_key"
    max_bytes = 64 * 1024**2

    def __init__(self) -> None:
        self.jobs: dict[str, dict[str, Any]] = {}
        super().__init__()


def has_key(request: web.Request, wanted: str) -> bool:
    """Whether the request carries this header."""
    return request.headers.get(hdrs.AUTHORIZATION) == wanted


class LiveTalk:
    """One live session of a double: audio is heard, what became final is told, and the faults of tests happen.

    A subclass says what its provider would.
    """

    words_a_final = 10

    def __init__(self, request: web.Request, fault: Fault) -> None:
        self._request, self._fault = request, fault
        self.socket = web.WebSocketResponse()
        self.hearing = Hearing(self.words_a_final, hears=True)

    async def hold(self) -> web.WebSocketResponse:
        """Hold it to its end."""
        await self.socket.prepare(self._request)
        await self.begin()
        async for message in self.socket:
            if message.type == WSMsgType.BINARY:
                if not await self._hear(message.data):
                    break
            elif message.type == WSMsgType.TEXT and await self.obey(message.data):
                break
        return self.socket

    async def _hear(self, audio: bytes) -> bool:
        self.hearing.hear(audio)
        if self._fault.do != "nothing" and len(self.hearing.audio) >= self._fault.after_bytes:
            return await fail(self.socket, self._request, self._fault)
        for words in self.hearing.finals():
            await self.final(words)
        await self.heard(audio)
        return True

    async def begin(self) -> None:
        """Say what comes before any audio."""

    async def heard(self, audio: bytes) -> None:
        """Say what is not final, after each message of audio."""

    async def final(self, words: list[dict[str, Any]]) -> None:
        """Say these words for the last time."""
        raise NotImplementedError

    async def obey(self, text: str) -> bool:
        """Do what the client asks; True if that was the end."""
        raise NotImplementedError
