"""Requests that can't fill the server's memory: their headers, bodies and answers are limited in size and time."""

from __future__ import annotations

import asyncio
import time
from io import BytesIO
from typing import TYPE_CHECKING, Any, Protocol, cast

# First, because it installs the reactor that everything below uses
import daphne.server  # noqa: F401
from daphne.http_protocol import WebRequest
from twisted.internet import reactor
from twisted.web.http import HTTPChannel

from project.web.bodies import BODY_GRACE_S, MIN_BYTES_A_SECOND, ArrivingBody

if TYPE_CHECKING:
    from collections.abc import Callable

MIB = 1024 * 1024
# What is received before its application begins: 8 MiB, and what a form adds around it
MAX_BODY = 8 * MIB + 64 * 1024
# Parts of uploads are received by their application and have no such limit
UPLOADS = b"/uploads/"
HEADERS_WITHIN_S = 20.0
# How long a refused client may continue to send, so that it can read why before the connection is closed
LINGER_S = 2.0
READ_WITHIN_S = 120.0

REFUSAL = (
    b"HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
)
TOO_LARGE = (413, b"Content Too Large", "The request is larger than the 8 MiB that one request may carry.")
TOO_SLOW = (408, b"Request Timeout", "The request arrived too slowly.")


class Timer(Protocol):
    """The part of Twisted's reactor used here."""

    def callLater(self, delay: float, function: Callable[..., object], *arguments: object) -> Any: ...


timer = cast("Timer", reactor)


class Gate:
    """Backpressure: open while the client reads what is written to it; Twisted opens and closes it."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    async def wait(self) -> None:
        """Return once more can be written. Raises TimeoutError for a client that doesn't read."""
        await asyncio.wait_for(self._open.wait(), READ_WITHIN_S)

    def pauseProducing(self) -> None:
        self._open.clear()

    def resumeProducing(self) -> None:
        self._open.set()

    stopProducing = resumeProducing


class GuardedChannel(HTTPChannel):  # type: ignore[misc]
    """A connection whose request line and headers must arrive within HEADERS_WITHIN_S."""

    host = ""
    _headers_due: float | None = None
    _is_handed_over = False

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
        request = self.requests[-1]
        request.streams = self._command == b"PATCH" and self._path.startswith(UPLOADS) and bool(self.length)
        # Whoever can't send doesn't need to: 100 Continue waits until the application reads
        expects = request.streams and request.requestHeaders.getRawHeaders(b"expect", [b""])[0].lower()
        if request.streams:
            request.requestHeaders.removeHeader(b"expect")
        super().allHeadersReceived()
        if request.streams:
            request.begin(self._command, self._path, self._version, self.hand_over(expects == b"100-continue"))

    def hand_over(self, expects_continue: bool) -> ArrivingBody:  # noqa: FBT001
        """Stop reading; a thread of the application reads the body from the socket itself."""
        self._is_handed_over = True
        self._networkProducer.pauseProducing()
        self._idle_timeout = self.setTimeout(None)
        send = self._send100Continue if expects_continue and self._version == b"HTTP/1.1" else None
        return ArrivingBody(self.transport.socket, self.length, send)

    def take_back(self, taken: int) -> int:
        """Read the connection again; return how much of the body is still to pass by."""
        self._is_handed_over = False
        decoder = self._transferDecoder
        if decoder is None:  # the whole body had come with the headers
            self._savedTimeOut = self._idle_timeout
            return 0
        self.setTimeout(self._idle_timeout)
        decoder.contentLength -= taken
        if decoder.contentLength:
            self._networkProducer.resumeProducing()
        else:
            decoder.dataCallback = decoder.finishCallback = None
            self._finishRequestBody(b"")
        return int(decoder.contentLength)

    def resumeProducing(self) -> None:
        if self._is_handed_over:
            self._waitingForTransport = False  # an earlier answer was read; the socket isn't ours to read
        else:
            super().resumeProducing()


class GuardedRequest(WebRequest):  # type: ignore[misc]
    """A request whose body isn't parsed here, and is refused beyond a size or below a rate.

    One whose body streams begins with its headers; its connection is free again once the body has passed, too.
    """

    gate: Gate | None = None
    streams = False
    body: ArrivingBody | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options, parsePOSTFormSubmission=False)
        self._began, self._received, self._refused = time.monotonic(), 0, False
        self._is_answered = self._is_whole = False

    def begin(self, method: bytes, uri: bytes, version: bytes, body: ArrivingBody) -> None:
        """Start the application now; the body follows."""
        self.method, self.uri, self.clientproto, self.body = method, uri, version, body
        self.path = uri.split(b"?", 1)[0]
        self.process()
        if self.application_queue is None:  # refused for its headers
            body.close(self.take_back)

    def take_back(self) -> None:
        """Let the rest of the body pass by, if it is little; else end the connection once the answer can be read."""
        assert self.body is not None
        if self.channel is None:
            return
        left = self.channel.take_back(self.body.taken)
        if left and (left > MAX_BODY or self.body.is_too_slow or self.body.awaits_continue):
            self.channel.persistent = False
            self.responseHeaders.setRawHeaders(b"connection", [b"close"])
            timer.callLater(LINGER_S, self.channel.forceAbortClient)

    def finish(self) -> None:
        if self._is_whole or self.body is None:
            super().finish()
        else:
            self._is_answered = True

    def connectionLost(self, reason: Any) -> None:
        if self.body is not None:
            self.body.stop()
        super().connectionLost(reason)

    def gotLength(self, length: int | None) -> None:
        if self.streams:
            self.content = BytesIO()  # Twisted would open a file for it
            return
        too_large = length is not None and length > MAX_BODY
        super().gotLength(0 if too_large else length)
        if too_large:
            self._refuse(*TOO_LARGE)

    def handleContentChunk(self, data: bytes) -> None:
        if self.body is not None and self.body.is_open:
            self.body.feed(data)
            return
        self._received += len(data)
        allowed = BODY_GRACE_S + self._received / MIN_BYTES_A_SECOND
        if self._refused:
            return
        if self._received > MAX_BODY:
            self._refuse(*TOO_LARGE)
        elif time.monotonic() - self._began > allowed:
            self._refuse(*TOO_SLOW)
        elif self.body is None:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        if self._refused:
            self.channel.loseConnection()
        elif self.body is not None:
            self._is_whole = True
            if self._is_answered:
                self.finish()
        else:
            super().requestReceived(command, path, version)

    async def wait_for_client(self) -> bool:
        """Wait until the client has read; drop it and return False if it doesn't in time."""
        try:
            await cast("Gate", self.gate).wait()
        except TimeoutError:
            if self.channel is not None:
                self.channel.forceAbortClient()
            return False
        return True

    def _refuse(self, status: int, reason: bytes, message: str) -> None:
        """Answer now; discard what still arrives until the client has had time to read the answer."""
        self._refused = True
        self.requestHeaders.removeHeader(b"expect")
        body = message.encode()
        self.channel.transport.write(REFUSAL % (status, reason, len(body)) + body)
        timer.callLater(LINGER_S, self.channel.forceAbortClient)
