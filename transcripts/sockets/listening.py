"""A socket that listens to a live session."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from transcripts.services.live import audience
from transcripts.sockets import codes
from transcripts.sockets.base import Socket, soon

if TYPE_CHECKING:
    from collections.abc import Callable

    from transcripts import access
    from transcripts.models import LiveSession


class Listening(Socket):
    """A socket that listens to a live session. It needs no channel of its own: the process listens for all."""

    channel_layer_alias = ""
    who: access.Who
    # The fence by which it holds the session, 0 if it only watches
    fence = 0
    session: LiveSession | None = None
    _write: Callable[[bytes], None] | None = None

    @property
    def is_speaking(self) -> bool:
        """Whether it holds the session."""
        return self.fence > 0

    async def _listen(self, session: LiveSession, who: access.Who) -> None:
        """Listen from now on. Look afterwards at what was said before, so that nothing falls between."""
        self.session, self.who = session, who
        self._write = self.scope.get("extensions", {}).get("websocket.frame", {}).get("write")
        await audience.here().join(session.pk, self)

    async def disconnect(self, code: int) -> None:
        """Listen no more."""
        await super().disconnect(code)
        session, self.session = self.session, None
        if session:
            await audience.here().leave(session.pk, self)

    def hear(self, text: str, frame: bytes) -> None:
        """Pass on what all listeners get."""
        if self._write:
            self._write(frame)
        else:
            soon(self.send(text_data=text))

    def dismiss(self) -> None:
        """Close the socket: this person can't listen any more."""
        self.dismiss_with(codes.GONE)

    def lose(self) -> None:
        """Give way to the connection that took the session."""

    async def say(self, **message: Any) -> None:
        """Tell this page alone. What comes after a socket has closed is still taken, and its answer dropped."""
        if self._write:
            self._write(audience.text_frame(json.dumps(message, ensure_ascii=False)))
            return
        with suppress(Exception):
            await self.send(text_data=json.dumps(message, ensure_ascii=False))
