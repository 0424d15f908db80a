"""A live provider whose words are the positions of the audio: deterministic, and able to fail in every way.

Audio for it carries in each sample the number of its tenth of a second, so that it hears `w1200` in what was recorded
from 1.2 s to 1.3 s on, whichever connection brings it. A tenth that it hears only the end of it mishears (`x1200`).
It speaks SpeechStream's `/v1/stream`.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from array import array
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from aiohttp import WSMsgType, web

SLOT_MS = 100
BYTES_A_MS = 32
SLOT_BYTES = SLOT_MS * BYTES_A_MS
# Sessions may last for hours; faults come before that
KEPT_BYTES = 8 * 1024**2


def echo_audio(from_ms: int, until_ms: int) -> bytes:
    """The audio of a session between two moments; the numbers begin anew after 65,536 tenths."""
    slots = range(from_ms // SLOT_MS, -(-until_ms // SLOT_MS))
    sound = b"".join(struct.pack("<h", (slot + 32_768) % 65_536 - 32_768) * (SLOT_BYTES // 2) for slot in slots)
    skipped = from_ms % SLOT_MS * BYTES_A_MS
    return sound[skipped : skipped + (until_ms - from_ms) * BYTES_A_MS]


def echo_words(until_ms: int) -> list[str]:
    """The words of a session that lasts so long."""
    return [f"w{slot * SLOT_MS}" for slot in range(until_ms // SLOT_MS)]


@dataclass(frozen=True)
class Fault:
    """What happens to one connection once it has taken `after_bytes` of audio.

    `close` says goodbye with `code`, and the message `says` before it; `reset` says nothing; `stall` takes audio but
    does not answer; `deaf` reads nothing more, not even pings; `refuse` answers the handshake with `code`; `mute` never
    says that it is ready; `nonsense` sends what is no message.
    """

    do: Literal["nothing", "close", "reset", "stall", "deaf", "refuse", "mute", "nonsense"] = "nothing"
    after_bytes: int = 0
    code: int = 1011
    says: dict[str, Any] | None = None


@dataclass
class LiveDouble:
    """`async with LiveDouble([Fault(...), ...]) as double:` - a fault a connection, none for those that follow.

    `words_a_final` words make a final, and what is left at the end; where it does not hear, it answers without words.
    The first finals are in these `languages`, one each.
    """

    faults: list[Fault] = field(default_factory=list)
    words_a_final: int = 7
    hears: bool = True
    languages: list[str] = field(default_factory=list)
    key: str = "key"
    port: int = 0
    handshakes: list[str] = field(default_factory=list)
    controls: list[str] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    goodbyes: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.closed = asyncio.Event()

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.add_routes(self.routes())
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def routes(self) -> list[web.RouteDef]:
        """What it answers to."""
        return [web.get("/v1/stream", self._serve)]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.handshakes.append(request.query_string)
        fault = self.faults.pop(0) if self.faults else Fault()
        if fault.do == "refuse":
            raise _Refusal(fault.code)
        ws = web.WebSocketResponse(autoping=fault.do != "deaf")
        await ws.prepare(request)
        try:
            if fault.do != "mute":
                await ws.send_json({"type": "ready", "session_id": "s"})
            await self._listen(ws, request, fault)
        except ConnectionError:
            pass
        finally:
            self.goodbyes.append(ws.close_code or 1006)
            self.closed.set()
        return ws

    async def _listen(self, ws: web.WebSocketResponse, request: web.Request, fault: Fault) -> None:
        hearing = Hearing(self.words_a_final, hears=self.hears)
        async for message in ws:
            if message.type == WSMsgType.BINARY:
                self.frames.append(len(message.data))
                hearing.hear(message.data)
                if fault.do not in ("nothing", "mute") and len(hearing.audio) >= fault.after_bytes:
                    if not await fail(ws, request, fault):
                        return
                    continue
                for said in self._say(hearing):
                    await ws.send_json(said)
            elif message.type == WSMsgType.TEXT and fault.do != "stall":
                control = json.loads(message.data)["type"]
                self.controls.append(control)
                if control == "close_stream":
                    for said in self._say(hearing, is_last=True):
                        await ws.send_json(said)
                    await ws.send_json({"type": "closed", "duration": 0})
                    await ws.close()
                    return

    def _say(self, hearing: Hearing, *, is_last: bool = False) -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = []
        for words in hearing.finals(is_last=is_last):
            times = {"start": words[0]["start"], "end": words[-1]["end"]}
            final = {"type": "final", "segment": hearing.segment, "text": text_of(words), "speaker": None}
            spoken_in = {"language": self.languages.pop(0)} if self.languages else {}
            said.append({**final, **times, **spoken_in, "words": words})
            hearing.segment += 1
        return [*said, {"type": "partial", "segment": hearing.segment, "text": text_of(hearing.words)}]


class _Refusal(web.HTTPException):
    def __init__(self, code: int) -> None:
        self.status_code = code
        super().__init__()


async def fail(ws: web.WebSocketResponse, request: web.Request, fault: Fault) -> bool:
    """Do it; True where the connection stays."""
    match fault.do:
        case "close":
            if fault.says:
                await ws.send_json(fault.says)
            await ws.close(code=fault.code)
        case "reset":
            assert request.transport is not None
            handle = request.transport.get_extra_info("socket")
            handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            request.transport.abort()
        case "stall":
            return True
        case "deaf":
            while not ws.closed and request.transport is not None:
                await asyncio.sleep(0.01)
        case "nonsense":
            await ws.send_str("this is no message")
            return True
    return False


class Hearing:
    """What one connection heard and has said of it."""

    def __init__(self, words_a_final: int, *, hears: bool) -> None:
        self.audio = bytearray()
        self._hears = hears
        self.words: list[dict[str, Any]] = []  # that are not final
        self._looked = self._dropped = 0
        self.segment = 0
        self._words_a_final = words_a_final

    def hear(self, samples: bytes) -> None:
        self.audio += samples
        while self._hears and self._looked + 2 <= len(self.audio):
            slot = array("h", bytes(self.audio[self._looked : self._looked + 2]))[0]
            end = self._end_of(slot)
            if end is None:
                return
            kind = "w" if end - self._looked == SLOT_BYTES else "x"
            places = {"start": self._looked, "end": end}
            times = {name: (self._dropped + place) / BYTES_A_MS / 1000 for name, place in places.items()}
            self.words.append({"word": f"{kind}{slot * SLOT_MS}", "confidence": 1.0, **times})
            self._looked = end
            if end > KEPT_BYTES:
                del self.audio[:end]
                self._dropped, self._looked = self._dropped + end, 0

    def _end_of(self, slot: int) -> int | None:
        """Where the tenth ends that begins where was looked; None where that was not heard yet."""
        sample, end = struct.pack("<h", slot), self._looked
        if self.audio[end : end + SLOT_BYTES] == sample * (SLOT_BYTES // 2):
            return end + SLOT_BYTES
        while end + 2 <= len(self.audio) and self.audio[end : end + 2] == sample and end - self._looked < SLOT_BYTES:
            end += 2
        return end if end < len(self.audio) or end - self._looked == SLOT_BYTES else None

    def finals(self, *, is_last: bool = False) -> list[list[dict[str, Any]]]:
        """The words that became final, as many in each as make one; at the end whatever is left."""
        found = []
        while len(self.words) >= self._words_a_final or (is_last and self.words):
            found.append(self.words[: self._words_a_final])
            self.words = self.words[self._words_a_final :]
        return found


def text_of(words: list[dict[str, Any]]) -> str:
    """What these words say."""
    return " ".join(word["word"] for word in words)
