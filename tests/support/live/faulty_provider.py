"""A live double whose connections fail by the session that they bring, on command; it hears whole files too."""

from __future__ import annotations

import asyncio
from array import array
from collections import defaultdict

from aiohttp import BodyPartReader, WSMsgType, web

from tests.support.audio import ffmpeg_path
from tests.support.live.provider import Fault, Hearing, LiveDouble, fail, text_of

# Each session's samples begin with a number of their own; so many tenths of a second may one last.
TENTHS = 2_000
LEAST = -(1 << 15)
# Other sessions may be breaking at the same time, and the machine be busy.
CONNECTED_WITHIN_S = 60


def base_of(index: int) -> int:
    """What the samples of a session's first tenth say."""
    return LEAST + index * TENTHS


class Provider(LiveDouble):
    """`await provider.reset(index)` ends the connections of a session; `stall` and `resume` its answers."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._lines: dict[int, tuple[web.WebSocketResponse, web.Request]] = {}
        self._files: list[bytes] = []
        self._flows: defaultdict[int, asyncio.Event] = defaultdict(_set_event)

    def routes(self) -> list[web.RouteDef]:
        """What it answers to: live sockets, and files as SpeechStream takes them."""
        files = [web.post("/v1/upload", self._upload), web.get("/v1/status", self._status)]
        return [*super().routes(), *files]

    async def _upload(self, request: web.Request) -> web.Response:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "file":
                self._files.append(await _samples(bytes(await part.read())))
        return web.json_response({"processing_id": str(len(self._files) - 1), "status": "processing"})

    async def _status(self, request: web.Request) -> web.Response:
        hearing = Hearing(self.words_a_final, hears=True)
        hearing.hear(self._files[int(request.query["processing_id"])])
        finals = hearing.finals(is_last=True)
        segments = [
            {"text": text_of(words), "start": words[0]["start"], "end": words[-1]["end"], "words": words}
            for words in finals
        ]
        text = " ".join(segment["text"] for segment in segments)
        return web.json_response({"status": "completed", "transcription": text, "segments": segments})

    async def reset(self, index: int) -> None:
        """End the session's connection without a goodbye, once it has sent audio."""
        async with asyncio.timeout(CONNECTED_WITHIN_S):
            while index not in self._lines:
                await asyncio.sleep(0.05)
        ws, request = self._lines[index]
        if request.transport is not None:
            await fail(ws, request, Fault("reset"))

    def stall(self, index: int) -> None:
        """Take what comes and answer nothing."""
        self._flows[index].clear()

    def resume(self, index: int) -> None:
        """Answer again."""
        self._flows[index].set()

    async def _listen(self, ws: web.WebSocketResponse, request: web.Request, fault: Fault) -> None:
        hearing, index = Hearing(self.words_a_final, hears=True), -1
        async for message in ws:
            is_last = message.type == WSMsgType.TEXT and "close_stream" in message.data
            if message.type == WSMsgType.BINARY:
                if index < 0:
                    index = (array("h", message.data[:2])[0] - LEAST) // TENTHS
                    self._lines[index] = ws, request
                hearing.hear(message.data)
                await self._flows[index].wait()
            elif not is_last:
                continue
            for said in self._say(hearing, is_last=is_last):
                await ws.send_json(said)
            if is_last:
                await ws.send_json({"type": "closed", "duration": 0})
                await ws.close()
                return


async def _samples(file: bytes) -> bytes:
    """The 16-bit samples of an audio file."""
    raw = ["-f", "s16le", "-ac", "1", "-ar", "16000", "pipe:1"]
    decoder = await asyncio.create_subprocess_exec(
        ffmpeg_path(),
        "-v",
        "error",
        "-i",
        "pipe:0",
        *raw,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    samples, _ = await decoder.communicate(file)
    return samples


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event
