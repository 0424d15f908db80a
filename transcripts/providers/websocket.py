"""Sockets to providers: opened with a deadline, bounded messages, closed with a code."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from transcripts.providers.errors import (
    NotListening,
    Unreachable,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from aiohttp import ClientWebSocketResponse, TraceRequestRedirectParams

    from transcripts.providers.wire import Frame, Handshake


# A peer that does not answer our close by then is not waited for.
SOCKET_CLOSE_S = 1.0


# Two lost packets; an attempt that began in an outage must not outlast it.
SOCKET_CONNECT_S = 3.0


class SocketRefused(Exception):
    """The provider answered a socket's handshake with `status_code`."""

    def __init__(self, status_code: int, headers: Mapping[str, str]) -> None:
        super().__init__(f"The handshake was answered with {status_code}")
        self.status_code, self.headers = status_code, headers


class SocketClosed(Exception):
    """A socket ended; 1006 if without a close frame."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(f"The socket was closed with {code}")
        self.code, self.reason = code, reason


class LiveSocket:
    """An open socket. Whatever ends it is a SocketClosed."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket

    async def send(self, frame: Frame) -> None:
        """Send bytes as a binary, text as a text frame; waits while the provider does not read."""
        try:
            if isinstance(frame, str):
                await self._socket.send_str(frame)
            else:
                await self._socket.send_bytes(frame)
        except ConnectionError as error:
            raise SocketClosed(1006) from error

    async def receive(self, within_s: float | None = None) -> Frame:
        """Return the next message. Raises TimeoutError if none comes in time; the socket stays good then."""
        async with asyncio.timeout(within_s):  # its own begins anew with every pong
            message = await self._socket.receive()
        if message.type.name in ("TEXT", "BINARY"):
            frame: Frame = message.data
            return frame
        raise SocketClosed(self._socket.close_code or 1006, str(message.extra or ""))


@asynccontextmanager
async def open_socket(handshake: Handshake, *, connect_ms: int, heartbeat_ms: int) -> AsyncIterator[LiveSocket]:
    """Connect, and say goodbye in the end; a provider that answers no ping within half a heartbeat is gone.

    Raises NotListening, Unreachable or SocketRefused if there is no connection.
    """
    import aiohttp  # only processes with live sessions need it

    patience = aiohttp.ClientTimeout(total=None, sock_connect=min(connect_ms / 1000, SOCKET_CONNECT_S))
    no_redirects = aiohttp.TraceConfig()
    no_redirects.on_request_redirect.append(_refuse_redirect)
    async with aiohttp.ClientSession(timeout=patience, trace_configs=[no_redirects]) as session:
        try:
            async with asyncio.timeout(connect_ms / 1000):
                socket = await session.ws_connect(
                    handshake.url,
                    headers=handshake.headers,
                    protocols=handshake.subprotocols,
                    heartbeat=heartbeat_ms / 1000,
                    timeout=aiohttp.ClientWSTimeout(ws_close=SOCKET_CLOSE_S),
                )
        except aiohttp.WSServerHandshakeError as error:
            # Its words hold the address, and the address may hold the key.
            raise SocketRefused(error.status, error.headers or {}) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotListening("The provider cannot be reached") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Unreachable("The provider cannot be reached") from error
        try:
            yield LiveSocket(socket)
        finally:
            await socket.close()


async def _refuse_redirect(_: object, __: object, redirected: TraceRequestRedirectParams) -> None:
    """End a handshake that is led elsewhere: a header with the key would go along."""
    raise SocketRefused(redirected.response.status, redirected.response.headers)
