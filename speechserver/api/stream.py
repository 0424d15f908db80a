"""`/v1/stream`: audio in, words out, over a WebSocket.

`language` and `vocabulary` (repeatable, or a list with commas) may be in the query. Audio comes as binary frames of
16-bit samples at 16 kHz, one channel. Each is answered by at least one message, so that a client can send one and wait
for one. Text frames control: `keepalive`, `finalize` (make final what was received) and `close_stream` (that, and the
end).
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

from speechserver.api.faults import cut
from speechserver.api.options import read_vocabulary
from speechserver.languages import TODAY, whisper_code
from speechserver.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from speechserver.live.recogniser import LiveRecogniser

log = logging.getLogger("speechserver")

IDLE_S = 10.0
# While a recogniser works on a long utterance it sends nothing; the keepalive shows that the session is alive.
KEEPALIVE_S = 2.0
FRAME_BYTES = 16 * 1024
MESSAGE_BYTES = 1024**2
ENCODING, RATE = "linear16", "16000"


class SessionClosed(Exception):
    """The session ends: `close` is the socket's close code; `code` and the message are sent before it."""

    def __init__(self, close: int, code: str, message: str) -> None:
        super().__init__(message)
        self.close, self.code = close, code


UNAUTHORIZED = SessionClosed(4401, "unauthorized", "Send a valid API key as Authorization: Bearer <API_KEY>")
IDLE = SessionClosed(4408, "idle", "No audio and no keepalive arrived for 10 seconds")
TOO_BIG = SessionClosed(4413, "frame_too_big", "An audio frame may hold at most 16384 bytes")
FULL = SessionClosed(4429, "too_many_sessions", "All live sessions of this server are in use; try again later")
BAD_MESSAGE = SessionClosed(1003, "bad_message", "A text frame must be a JSON object with a type")
TOO_SLOW, NO_RECOGNISER = 4424, 4425
RECOGNISER_DIED = SessionClosed(
    1011, "internal_error", "The recogniser stopped; connect again and send what was not final"
)


@dataclass(slots=True)
class LiveSessions:
    """All live sessions of the server, at most `limit` at a time. `recogniser` makes the recogniser of one."""

    recogniser: Callable[[Options], LiveRecogniser]
    languages: tuple[str, ...] | None
    limit: int
    _sockets: dict[web.WebSocketResponse, web.Request] = field(default_factory=dict)

    async def serve(self, request: web.Request, *, is_authorized: bool) -> web.WebSocketResponse:
        """Hold one session; `is_authorized` says whether its key is valid."""
        socket = web.WebSocketResponse(max_msg_size=MESSAGE_BYTES)
        await socket.prepare(request)
        try:
            options = self._admit(request, is_authorized=is_authorized)
            self._sockets[socket] = request
            await Session(socket, self.recogniser(options)).run()
        except SessionClosed as reason:
            await _close(socket, reason)
        except ConnectionError:
            pass  # the client has left
        finally:
            self._sockets.pop(socket, None)
        return socket

    async def close(self) -> None:
        """Close all sessions with 1001, going away."""
        await asyncio.gather(*(socket.close(code=1001) for socket in tuple(self._sockets)), return_exceptions=True)

    def cut(self) -> None:
        """Reset the connections of all sessions without a goodbye."""
        for request in tuple(self._sockets.values()):
            cut(request.transport)

    def _admit(self, request: web.Request, *, is_authorized: bool) -> Options:
        """Return the options of a session that may begin. Raises SessionClosed."""
        query = request.query
        if not is_authorized:
            raise UNAUTHORIZED
        if query.get("encoding", ENCODING) != ENCODING or query.get("sample_rate", RATE) != RATE:
            raise SessionClosed(4415, "unsupported_encoding", "Send linear16 at a sample rate of 16000, one channel")
        language = whisper_code(query.get("language", ""))
        if language and self.languages is not None and TODAY.get(language, language) not in self.languages:
            supported = ", ".join(self.languages)
            raise SessionClosed(4422, "language_not_supported", f"The live recogniser supports: {supported}")
        if len(self._sockets) >= self.limit:
            raise FULL
        return Options(language=language, vocabulary=read_vocabulary(query.getall("vocabulary", [])))


class Session:
    """One client and its recogniser."""

    def __init__(self, socket: web.WebSocketResponse, recogniser: LiveRecogniser) -> None:
        self._socket, self._recogniser = socket, recogniser
        self._has_finished = self._is_ready = False
        self._idle_timeout = asyncio.Timeout(None)
        self._unanswered = 0  # frames
        self._last = {"type": "partial", "segment": 0, "text": ""}

    async def run(self) -> None:
        """Serve the session until either side ends it. Raises SessionClosed for every other end."""
        await self._recogniser.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                sender = tasks.create_task(self._send_messages())
                receiver = tasks.create_task(self._receive())
                receiver.add_done_callback(lambda _: sender.cancel())
                keepalive = tasks.create_task(self._send_keepalives())
                sender.add_done_callback(lambda _: (receiver.cancel(), keepalive.cancel()))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            await self._recogniser.stop()

    async def _receive(self) -> None:
        """Receive frames until the client leaves; also after it has finished, to answer its pings."""
        while True:
            try:
                async with asyncio.timeout(None) as self._idle_timeout:
                    self._restart_idle_timeout()
                    message = await self._socket.receive()
            except TimeoutError:
                raise IDLE from None
            if message.type == WSMsgType.BINARY:
                await self._feed(message.data)
            elif message.type == WSMsgType.TEXT:
                await self._control(message.data)
            else:
                return  # the client has left

    def _restart_idle_timeout(self) -> None:
        """Restart the idle timeout, unless the client waits for the recogniser to be ready or for its last words."""
        if self._is_ready and not self._has_finished:
            with contextlib.suppress(RuntimeError):  # between two messages no timeout is active
                self._idle_timeout.reschedule(asyncio.get_running_loop().time() + IDLE_S)

    async def _feed(self, samples: bytes) -> None:
        if len(samples) > FRAME_BYTES:
            raise TOO_BIG
        if not self._has_finished:
            self._unanswered += 1
            await self._recogniser.feed(samples)

    async def _control(self, text: str) -> None:
        match _type_of(text):
            case "finalize" if not self._has_finished:
                await self._recogniser.finalize()
            case "close_stream":
                self._has_finished = True
                await self._recogniser.finish()

    async def _send_keepalives(self) -> None:
        """Repeat the last partial to a client that has waited too long for an answer."""
        while True:
            unanswered = self._unanswered
            await asyncio.sleep(KEEPALIVE_S)
            if unanswered and self._unanswered >= unanswered:
                await self._socket.send_json(self._last)

    async def _send_messages(self) -> None:
        """Forward the messages of the recogniser; the last one ends the connection."""
        session_id = secrets.token_hex(8)
        async for message in self._recogniser.messages():
            if message["type"] == "error":
                close = TOO_SLOW if message["code"] == "too_slow" else NO_RECOGNISER
                raise SessionClosed(close, message["code"], message["message"])
            if message["type"] == "ready":
                self._is_ready = True
                self._restart_idle_timeout()
            if message["type"] == "partial":
                self._last, self._unanswered = message, max(0, self._unanswered - 1)
            await self._socket.send_json(
                message | {"session_id": session_id} if message["type"] == "ready" else message
            )
            if message["type"] == "closed":
                await self._socket.close()
                return
        raise RECOGNISER_DIED


async def _close(socket: web.WebSocketResponse, reason: SessionClosed) -> None:
    try:
        await socket.send_json({"type": "error", "code": reason.code, "message": str(reason)})
        await socket.close(code=reason.close, message=reason.code.encode())
    except ConnectionError:
        log.info("A live client left before it received the error %s.", reason.code)


def _type_of(text: str) -> Any:
    try:
        return json.loads(text)["type"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BAD_MESSAGE from None
