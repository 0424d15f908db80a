"""What sockets share for as long as the process serves: opened and closed by the ASGI lifespan protocol.

(https://asgi.readthedocs.io/en/latest/specs/lifespan.html)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.services.live.live_host import LiveHost
from transcripts.sockets.frames import text_frame
from transcripts.sockets.links import LinkWatch
from transcripts.sockets.sign_ins import SignInWatch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[dict[str, Any]], Awaitable[None]]
    Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


class Lifespan:
    """An ASGI application that gives the sockets of another one its `live_host`, `sign_ins` and `links` in their
    scope."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.shared: dict[str, Any] = {}

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve the lifespan itself, and pass everything else on."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self.application({**scope, **self.shared}, receive, send)
        else:
            await self.application(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        host, sign_ins, links = LiveHost(text_frame), SignInWatch(), LinkWatch()
        await receive()
        await host.open()
        sign_ins.open()
        links.open()
        self.shared = {"live_host": host, "sign_ins": sign_ins, "links": links}
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await links.close()
        await sign_ins.close()
        await host.close()
        await send({"type": "lifespan.shutdown.complete"})
