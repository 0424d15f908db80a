"""Daphne, guarded: bounded memory whatever a client sends, and however slowly it reads.

Daphne by itself lets Twisted parse any form a stranger posts (thirteen times its size in memory), takes
bodies of any length, and buffers a streamed answer without end for a client that does not read it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, Protocol, cast

# First, because it installs the reactor that everything below uses
import daphne.server
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import defer, reactor
from twisted.web.http import HTTPChannel, datetimeToString

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from project.connections import Connections

logger = logging.getLogger(__name__)

MIB = 1024 * 1024
# A chunk of an upload, and room for what a form wraps around it
LARGEST_BODY = 8 * MIB + 64 * 1024
HEADERS_WITHIN_S = 20.0
# A body may be silent or slow for so long at first, then it must keep this pace (about 33 kbit/s)
BODY_GRACE_S, SLOWEST_BODY = 30.0, 4096
# How long a refused client may go on sending, so that it can read why before the connection ends
LINGER_S = 2.0
READ_WITHIN_S = 120.0
LARGEST_MESSAGE = 256 * 1024
MESSAGES_WAITING = 256
UNREAD_BY_SOCKET = MIB
END_WITHIN_S = 5.0
SERVICE_RESTART, TRY_AGAIN_LATER = 1012, 1013

REFUSAL = (
    b"HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
)
TOO_LARGE = (413, b"Content Too Large", "The request is larger than the 8 MiB that one request may carry.")
TOO_SLOW = (408, b"Request Timeout", "The request came in too slowly.")


class Timed(Protocol):
    """The part of Twisted's reactor used here."""

    def callLater(self, delay: float, function: Callable[..., object], *arguments: object) -> Any: ...


clock = cast("Timed", reactor)


class Gate:
    """Open while the client keeps up with what is written to it; Twisted opens and closes it."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    async def passed(self) -> None:
        """Return once more may be written. Raises TimeoutError for a client that reads nothing at all."""
        await asyncio.wait_for(self._open.wait(), READ_WITHIN_S)

    def pauseProducing(self) -> None:
        self._open.clear()

    def resumeProducing(self) -> None:
        self._open.set()

    stopProducing = resumeProducing


class GuardedChannel(HTTPChannel):  # type: ignore[misc]
    """A connection whose request line and headers must arrive in reasonable time, not byte by byte."""

    host = ""
    _headers_due: float | None = None

    def connectionMade(self) -> None:
        self.factory.server.open.add(self.transport, self.host)
        super().connectionMade()

    def connectionLost(self, reason: Any) -> None:
        self.factory.server.open.remove(self.transport)
        super().connectionLost(reason)

    def dataReceived(self, data: bytes) -> None:
        if self.line_mode:
            now = time.monotonic()
            self._headers_due = self._headers_due or now + HEADERS_WITHIN_S
            if now > self._headers_due:
                self.forceAbortClient()
                return
        super().dataReceived(data)

    def allHeadersReceived(self) -> None:
        self._headers_due = None
        super().allHeadersReceived()


class GuardedRequest(WebRequest):  # type: ignore[misc]
    """A request whose body is not parsed here and is refused beyond a size or below a pace."""

    gate: Gate | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options, parsePOSTFormSubmission=False)
        self._began, self._received, self._refused = time.monotonic(), 0, False

    def gotLength(self, length: int | None) -> None:
        too_large = length is not None and length > LARGEST_BODY
        super().gotLength(0 if too_large else length)
        if too_large:
            self._refuse(*TOO_LARGE)

    def handleContentChunk(self, data: bytes) -> None:
        self._received += len(data)
        allowed = BODY_GRACE_S + self._received / SLOWEST_BODY
        if self._refused:
            return
        if self._received > LARGEST_BODY:
            self._refuse(*TOO_LARGE)
        elif time.monotonic() - self._began > allowed:
            self._refuse(*TOO_SLOW)
        else:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        if self._refused:
            self.channel.loseConnection()
        else:
            super().requestReceived(command, path, version)

    def _refuse(self, status: int, reason: bytes, sentence: str) -> None:
        """Answer now; what still comes is thrown away until the client has had time to read the answer."""
        self._refused = True
        self.requestHeaders.removeHeader(b"expect")
        body = sentence.encode()
        self.channel.transport.write(REFUSAL % (status, reason, len(body)) + body)
        clock.callLater(LINGER_S, self.channel.forceAbortClient)


class GuardedSocket(WebSocketProtocol):  # type: ignore[misc]
    """A WebSocket that is closed when it sends faster than its messages are handled."""

    def connectionLost(self, reason: Any) -> None:
        # It took its connection over from a channel, which hears of its end no more
        self.factory.server_class.open.remove(self.transport)
        super().connectionLost(reason)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: FBT001
        if self.application_queue.qsize() >= MESSAGES_WAITING:
            self.muted = True
            self.application_queue.put_nowait({"type": "websocket.disconnect", "code": TRY_AGAIN_LATER})
            self.sendCloseFrame(code=TRY_AGAIN_LATER)
        else:
            super().onMessage(payload, isBinary)

    def write_frame(self, frame: bytes) -> None:
        """Write a frame that was made once for many sockets; one that does not read is dropped."""
        if self.state != self.STATE_OPEN:
            return
        unread = _unread(self)
        if unread > UNREAD_BY_SOCKET:
            self.transport.abortConnection()
        elif left := frame[_sent_at_once(self, frame) :] if unread == 0 else frame:
            self.transport.write(left)


class GuardedSocketFactory(WebSocketFactory):  # type: ignore[misc]
    """Makes guarded sockets, which say why they close instead of dropping the connection."""

    protocol = GuardedSocket

    def setProtocolOptions(self, **options: Any) -> None:
        super().setProtocolOptions(**options, failByDrop=False)


class GuardedFactory(HTTPFactory):  # type: ignore[misc]
    """Makes guarded connections and requests; past the cap of connections it takes no more."""

    protocol = GuardedChannel

    def buildProtocol(self, address: object) -> Any:
        host = getattr(address, "host", "")
        if not self.server.open.has_room(host):
            return None
        connection = super().buildProtocol(address)
        connection.requestFactory, connection.host = GuardedRequest, host
        return connection


# Daphne's server looks both up by these names when it starts to listen
daphne.server.HTTPFactory = GuardedFactory
daphne.server.WebSocketFactory = GuardedSocketFactory


class GuardedServer(daphne.server.Server):  # type: ignore[misc]
    """Daphne's server that waits for its readers, drops those that do not read, and ends politely."""

    def __init__(self, application: Callable[..., Awaitable[None]], endpoint: str, connections: Connections) -> None:
        self.open = connections
        super().__init__(
            application,
            endpoints=[endpoint],
            request_buffer_size=64 * 1024,
            websocket_max_message_size=LARGEST_MESSAGE,
            websocket_max_frame_size=LARGEST_MESSAGE,
            server_name="Verbatim",
        )
        self._ports: list[Any] = []
        self.failure: str | None = None

    def listen_success(self, port: Any) -> None:
        self._ports.append(port)
        super().listen_success(port)

    def listen_error(self, failure: Any) -> None:
        self.failure = failure.getErrorMessage()
        self.stop()

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Begin an application; one that serves a socket may also write frames as they are."""
        if isinstance(protocol, GuardedSocket):
            scope["extensions"] = {**scope.get("extensions", {}), "websocket.frame": {"write": protocol.write_frame}}
        return super().create_application(protocol, scope)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Pass on what the application sends, at the pace at which the client reads."""
        if isinstance(protocol, GuardedRequest) and message["type"] == "http.response.body":
            await self._pace(protocol, more=message.get("more_body", False))
        elif isinstance(protocol, GuardedRequest):
            protocol.setHeader(b"date", datetimeToString())
        elif isinstance(protocol, GuardedSocket) and _unread(protocol) > UNREAD_BY_SOCKET:
            protocol.transport.abortConnection()
        await super().handle_reply(protocol, message)

    async def _pace(self, request: GuardedRequest, *, more: bool) -> None:
        if request.finished or request.channel is None:
            return
        if request.gate is None and more:
            request.gate = Gate()
            request.registerProducer(request.gate, True)  # noqa: FBT003 - as Twisted names it: streaming
        if request.gate is not None and not await _passed(request):
            return
        # The client may have left while its turn was waited for
        if request.gate is not None and not more and not request.finished and request.channel is not None:
            request.unregisterProducer()

    def kill_all_applications(self) -> defer.Deferred[object]:
        """Take nothing new, tell the sockets to come again, and give what is under way a few seconds."""
        for port in self._ports:
            port.stopListening()
        for protocol in list(self.connections):
            if isinstance(protocol, GuardedSocket) and protocol.state == protocol.STATE_OPEN:
                protocol.sendCloseFrame(code=SERVICE_RESTART)
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._finish()))

    async def _finish(self) -> None:
        running = [details.get("application_instance") for details in self.connections.values()]
        tasks = [task for task in running if task is not None]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=END_WITHIN_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def _passed(request: GuardedRequest) -> bool:
    """Whether the client read on in time; one that did not is cut off."""
    gate = cast("Gate", request.gate)
    try:
        await gate.passed()
    except TimeoutError:
        if request.channel is not None:
            request.channel.forceAbortClient()
        return False
    return True


def _sent_at_once(socket: GuardedSocket, frame: bytes) -> int:
    """Give the operating system what it takes now: a third of the work of Twisted's round through its reactor."""
    try:
        return int(socket.transport.socket.send(frame))
    except OSError:
        # It takes nothing now, or the connection is gone, which Twisted finds out by itself
        return 0


def _unread(socket: GuardedSocket) -> int:
    """Bytes written to a socket that its client has not taken yet."""
    transport = socket.transport
    return int(len(transport.dataBuffer) - transport.offset + transport._tempDataLen)
