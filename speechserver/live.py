"""`/v1/stream`: audio in, words out, over a WebSocket.

`language` and `vocabulary` (repeatable, or a list with commas) may be in the query. Audio comes as binary frames of
16-bit samples at 16 kHz, one channel. Every one of them is answered by at least one message, so that a client may send
one and wait for one. Text frames control: `keepalive`, `finalize` (make final what was heard) and `close_stream` (that,
and the end).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from speechserver.jobs import Options
from speechserver.languages import TODAY, whisper_code
from speechserver.wishes import read_vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from speechserver.listener import Listener

log = logging.getLogger("speechserver")

IDLE_S = 10.0
# A recogniser that makes sure of a long utterance says nothing meanwhile; clients must not take it for dead.
REASSURE_S = 2.0
FRAME_BYTES = 16 * 1024
MESSAGE_BYTES = 1024**2
ENCODING, RATE = "linear16", "16000"


class Goodbye(Exception):
    """The session ends: `close` is the socket's code, `code` and the message are said before."""

    def __init__(self, close: int, code: str, message: str) -> None:
        super().__init__(message)
        self.close, self.code = close, code


UNAUTHORIZED = Goodbye(4401, "unauthorized", "Send a valid API key as Authorization: Bearer <API_KEY>")
IDLE = Goodbye(4408, "idle", "No audio and no keepalive came for 10 seconds")
TOO_BIG = Goodbye(4413, "frame_too_big", "An audio frame may hold at most 16384 bytes")
FULL = Goodbye(4429, "too_many_sessions", "All live sessions of this server are taken; try again later")
NO_MESSAGE = Goodbye(1003, "bad_message", "A text frame must be a JSON object with a type")
TOO_SLOW, NO_RECOGNISER = 4424, 4425
BROKEN = Goodbye(1011, "internal_error", "The recogniser stopped; connect again and send what was not final")


@dataclass(slots=True)
class LiveRoom:
    """All live sessions of the server: at most `most` at once. `listener` makes the recogniser of one."""

    listener: Callable[[Options], Listener]
    languages: tuple[str, ...] | None
    most: int
    _sockets: set[web.WebSocketResponse] = field(default_factory=set)

    async def serve(self, request: web.Request, *, is_known: bool) -> web.WebSocketResponse:
        """Hold one session; `is_known` tells whether its key is good."""
        socket = web.WebSocketResponse(max_msg_size=MESSAGE_BYTES)
        await socket.prepare(request)
        try:
            options = self._admit(request, is_known=is_known)
            self._sockets.add(socket)
            await Session(socket, self.listener(options)).hold()
        except Goodbye as goodbye:
            await _say_goodbye(socket, goodbye)
        except ConnectionError:
            pass  # nobody is there to be told
        finally:
            self._sockets.discard(socket)
        return socket

    async def close(self) -> None:
        """Tell all clients that the server goes away."""
        await asyncio.gather(*(socket.close(code=1001) for socket in tuple(self._sockets)), return_exceptions=True)

    def _admit(self, request: web.Request, *, is_known: bool) -> Options:
        """Return what is asked for. Raises Goodbye."""
        query = request.query
        if not is_known:
            raise UNAUTHORIZED
        if query.get("encoding", ENCODING) != ENCODING or query.get("sample_rate", RATE) != RATE:
            raise Goodbye(4415, "unsupported_encoding", "Send linear16 at a sample rate of 16000, one channel")
        language = whisper_code(query.get("language", ""))
        if language and self.languages is not None and TODAY.get(language, language) not in self.languages:
            known = ", ".join(self.languages)
            raise Goodbye(4422, "language_not_supported", f"The live recogniser knows: {known}")
        if len(self._sockets) >= self.most:
            raise FULL
        return Options(language=language, vocabulary=read_vocabulary(query.getall("vocabulary", [])))


class Session:
    """One client and its recogniser."""

    def __init__(self, socket: web.WebSocketResponse, listener: Listener) -> None:
        self._socket, self._listener = socket, listener
        self._has_finished = self._is_ready = False
        self._patience = asyncio.Timeout(None)
        self._owed = 0  # frames that wait for their answer
        self._last = {"type": "partial", "segment": 0, "text": ""}

    async def hold(self) -> None:
        """Until either side has enough. Raises Goodbye for what ends it otherwise."""
        await self._listener.start()
        try:
            async with asyncio.TaskGroup() as both:
                telling = both.create_task(self._tell())
                hearing = both.create_task(self._hear())
                hearing.add_done_callback(lambda _: telling.cancel())
                reassuring = both.create_task(self._reassure())
                telling.add_done_callback(lambda _: (hearing.cancel(), reassuring.cancel()))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            await self._listener.stop()

    async def _hear(self) -> None:
        """Listen to the client until it leaves; also once it has finished, for its pings want their pongs."""
        while True:
            try:
                async with asyncio.timeout(None) as self._patience:
                    self._be_patient()
                    message = await self._socket.receive()
            except TimeoutError:
                raise IDLE from None
            if message.type == WSMsgType.BINARY:
                await self._take(message.data)
            elif message.type == WSMsgType.TEXT:
                await self._obey(message.data)
            else:
                return  # the client has left

    def _be_patient(self) -> None:
        """Begin to count silence; a client may wait for a recogniser that isn't ready, and for its last words."""
        if self._is_ready and not self._has_finished:
            with contextlib.suppress(RuntimeError):  # between two messages nothing is waited for
                self._patience.reschedule(asyncio.get_running_loop().time() + IDLE_S)

    async def _take(self, samples: bytes) -> None:
        if len(samples) > FRAME_BYTES:
            raise TOO_BIG
        if not self._has_finished:
            self._owed += 1
            await self._listener.hear(samples)

    async def _obey(self, text: str) -> None:
        match _type_of(text):
            case "finalize" if not self._has_finished:
                await self._listener.finalize()
            case "close_stream":
                self._has_finished = True
                await self._listener.finish()

    async def _reassure(self) -> None:
        """Say again what seems to be said to who waits too long for an answer."""
        while True:
            owed = self._owed
            await asyncio.sleep(REASSURE_S)
            if owed and self._owed >= owed:
                await self._socket.send_json(self._last)

    async def _tell(self) -> None:
        """Pass on what the recogniser says; the connection ends with its last word."""
        session_id = secrets.token_hex(8)
        async for message in self._listener.messages():
            if message["type"] == "error":
                close = TOO_SLOW if message["code"] == "too_slow" else NO_RECOGNISER
                raise Goodbye(close, message["code"], message["message"])
            if message["type"] == "ready":
                self._is_ready = True
                self._be_patient()
            if message["type"] == "partial":
                self._last, self._owed = message, max(0, self._owed - 1)
            await self._socket.send_json(
                message | {"session_id": session_id} if message["type"] == "ready" else message
            )
            if message["type"] == "closed":
                await self._socket.close()
                return
        raise BROKEN


async def _say_goodbye(socket: web.WebSocketResponse, goodbye: Goodbye) -> None:
    try:
        await socket.send_json({"type": "error", "code": goodbye.code, "message": str(goodbye)})
        await socket.close(code=goodbye.close, message=goodbye.code.encode())
    except ConnectionError:
        log.info("A live client left before it could be told: %s.", goodbye.code)


def _type_of(text: str) -> Any:
    try:
        return json.loads(text)["type"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NO_MESSAGE from None
