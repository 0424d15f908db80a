"""WebSockets with bounded queues in both directions."""

from __future__ import annotations

from typing import Any

# First, because it installs the reactor that everything below uses
import daphne.server  # noqa: F401
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

MAX_MESSAGE = 256 * 1024
MAX_QUEUED = 256
MAX_UNREAD = 1024 * 1024
SERVICE_RESTART, TRY_AGAIN_LATER = 1012, 1013


class GuardedSocket(WebSocketProtocol):  # type: ignore[misc]
    """A WebSocket that is closed when it sends faster than its messages are handled, or doesn't read."""

    def connectionLost(self, reason: Any) -> None:
        # It took over its connection from a channel, which isn't told of its end
        self.factory.server_class.open.remove(self.transport)
        super().connectionLost(reason)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: FBT001
        if self.application_queue.qsize() >= MAX_QUEUED:
            self.muted = True
            self.application_queue.put_nowait({"type": "websocket.disconnect", "code": TRY_AGAIN_LATER})
            self.sendCloseFrame(code=TRY_AGAIN_LATER)
        else:
            super().onMessage(payload, isBinary)

    def write_frame(self, frame: bytes) -> None:
        """Write a frame that was encoded once for many sockets; drop a client that doesn't read."""
        if self.state != self.STATE_OPEN:
            return
        unread = self.unread
        if unread > MAX_UNREAD:
            self.transport.abortConnection()
        elif rest := frame[self._send_directly(frame) :] if unread == 0 else frame:
            self.transport.write(rest)

    @property
    def unread(self) -> int:
        """The bytes written to the socket that its client hasn't taken yet."""
        transport = self.transport
        return int(len(transport.dataBuffer) - transport.offset + transport._tempDataLen)

    def _send_directly(self, frame: bytes) -> int:
        """Write what the operating system takes now, at a third of the cost of Twisted's reactor; return its size."""
        try:
            return int(self.transport.socket.send(frame))
        except OSError:
            # It takes nothing now, or the connection is gone, which Twisted notices
            return 0


class GuardedSocketFactory(WebSocketFactory):  # type: ignore[misc]
    """Makes guarded sockets, which send a close code instead of dropping the connection."""

    protocol = GuardedSocket

    def setProtocolOptions(self, **options: Any) -> None:
        super().setProtocolOptions(**options, failByDrop=False)
