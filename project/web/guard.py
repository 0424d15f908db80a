"""Daphne, guarded: bounded memory whatever a client sends, and however slowly it reads.

Without this, Daphne lets Twisted parse any form that a stranger posts (thirteen times its size in memory), accepts
bodies of any length, and buffers a streamed answer without limit for a client that doesn't read it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

# First, because it installs the reactor that everything below uses
import daphne.server
from daphne.http_protocol import HTTPFactory
from twisted.internet import defer, reactor
from twisted.web.http import datetimeToString

from project.web.bodies import EXTENSION
from project.web.lifespan import Lifespan
from project.web.requests import Gate, GuardedChannel, GuardedRequest
from project.web.sockets import MAX_MESSAGE, MAX_UNREAD, SERVICE_RESTART, GuardedSocket, GuardedSocketFactory

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from project.web.connections import Connections

END_WITHIN_S = 5.0


class GuardedFactory(HTTPFactory):  # type: ignore[misc]
    """Makes guarded connections and requests; beyond the cap it accepts no connection."""

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
    """Daphne's server with backpressure, a cap on connections and a graceful shutdown."""

    def __init__(self, application: Callable[..., Awaitable[None]], endpoint: str, connections: Connections) -> None:
        self.open = connections
        self._lifespan = Lifespan(application)
        super().__init__(
            application,
            endpoints=[endpoint],
            request_buffer_size=64 * 1024,
            websocket_max_message_size=MAX_MESSAGE,
            websocket_max_frame_size=MAX_MESSAGE,
            server_name="Verbatim",
        )
        self._ports: list[Any] = []
        self.failure: str | None = None

    def run(self) -> None:
        """Open the application, serve until stopped, and close it."""
        # Nothing is accepted before the reactor runs
        reactor._asyncioEventloop.run_until_complete(self._lifespan.open())
        super().run()

    def listen_success(self, port: Any) -> None:
        self._ports.append(port)
        super().listen_success(port)

    def listen_error(self, failure: Any) -> None:
        self.failure = failure.getErrorMessage()
        self.stop()

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Create an application; one for a socket can also write encoded frames, one for a part read its body."""
        if isinstance(protocol, GuardedSocket):
            scope["extensions"] = {**scope.get("extensions", {}), "websocket.frame": {"write": protocol.write_frame}}
        if isinstance(protocol, GuardedRequest) and protocol.body is not None:
            scope["extensions"] = {**scope.get("extensions", {}), EXTENSION: (protocol.body, protocol.take_back)}
        return super().create_application(protocol, scope)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Forward what the application sends, at the rate at which the client reads."""
        if isinstance(protocol, GuardedRequest) and message["type"] == "http.response.body":
            await self._wait_for_client(protocol, more=message.get("more_body", False))
        elif isinstance(protocol, GuardedRequest):
            protocol.setHeader(b"date", datetimeToString())
        elif isinstance(protocol, GuardedSocket) and protocol.unread > MAX_UNREAD:
            protocol.transport.abortConnection()
        await super().handle_reply(protocol, message)

    async def _wait_for_client(self, request: GuardedRequest, *, more: bool) -> None:
        if request.finished or request.channel is None:
            return
        if request.gate is None and more:
            request.gate = Gate()
            request.registerProducer(request.gate, True)  # noqa: FBT003 - as Twisted names it: streaming
        if request.gate is not None and not await request.wait_for_client():
            return
        # The client may have left in the meantime
        if request.gate is not None and not more and not request.finished and request.channel is not None:
            request.unregisterProducer()

    def kill_all_applications(self) -> defer.Deferred[object]:
        """Stop accepting, tell the sockets to reconnect, and give running requests a few seconds."""
        for port in self._ports:
            port.stopListening()
        for protocol in list(self.connections):
            if isinstance(protocol, GuardedSocket) and protocol.state == protocol.STATE_OPEN:
                protocol.sendCloseFrame(code=SERVICE_RESTART)
            elif isinstance(protocol, GuardedRequest) and protocol.body is not None:
                protocol.body.stop()
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._finish()))

    async def _finish(self) -> None:
        running = [details.get("application_instance") for details in self.connections.values()]
        if tasks := [task for task in running if task is not None]:
            _, late = await asyncio.wait(tasks, timeout=END_WITHIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._lifespan.close()
