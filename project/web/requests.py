"""Requests that can't fill the server's memory: their headers, bodies and answers are limited in size and time."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Protocol, cast

# First, because it installs the reactor that everything below uses
import daphne.server  # noqa: F401
from daphne.http_protocol import WebRequest
from twisted.internet import reactor
from twisted.web.http import HTTPChannel

if TYPE_CHECKING:
    from collections.abc import Callable

MIB = 1024 * 1024
# A chunk of an upload, and what a form adds around it
MAX_BODY = 8 * MIB + 64 * 1024
HEADERS_WITHIN_S = 20.0
# A body may be silent or slow for this long at first, then it must arrive at this rate (about 33 kbit/s)
BODY_GRACE_S, MIN_BYTES_A_SECOND = 30.0, 4096
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
    """A request whose body isn't parsed here, and is refused beyond a size or below a rate."""

    gate: Gate | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options, parsePOSTFormSubmission=False)
        self._began, self._received, self._refused = time.monotonic(), 0, False

    def gotLength(self, length: int | None) -> None:
        too_large = length is not None and length > MAX_BODY
        super().gotLength(0 if too_large else length)
        if too_large:
            self._refuse(*TOO_LARGE)

    def handleContentChunk(self, data: bytes) -> None:
        self._received += len(data)
        allowed = BODY_GRACE_S + self._received / MIN_BYTES_A_SECOND
        if self._refused:
            return
        if self._received > MAX_BODY:
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
