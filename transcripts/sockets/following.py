"""A socket that follows the transcript of a live session."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from transcripts.sockets import codes
from transcripts.sockets.base import Socket, soon
from transcripts.sockets.frames import text_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from transcripts import access
    from transcripts.models import LiveSession
    from transcripts.services.live.live_host import LiveHost


class FollowingSocket(Socket):
    """A socket that follows a live session. It needs no channel of its own: the process subscribes for all."""

    channel_layer_alias = ""
    who: access.Viewer
    # The fence by which it holds the session, 0 if it only watches
    fence = 0
    session: LiveSession | None = None
    _write: Callable[[bytes], None] | None = None

    @property
    def is_recording(self) -> bool:
        """Whether it holds the session."""
        return self.fence > 0

    @property
    def live_host(self) -> LiveHost:
        """What this process does for live sessions."""
        host: LiveHost = self.scope["live_host"]
        return host

    async def _follow(self, session: LiveSession, who: access.Viewer) -> None:
        """Follow from now on. Look at what was said before only after this, so that nothing falls between."""
        self.session, self.who = session, who
        self._write = self.scope.get("extensions", {}).get("websocket.frame", {}).get("write")
        await self.live_host.audience.join(session.transcript_id, self)

    async def disconnect(self, code: int) -> None:
        """Follow no more."""
        await super().disconnect(code)
        session, self.session = self.session, None
        if session:
            await self.live_host.audience.leave(session.transcript_id, self)

    def receive_message(self, text: str, encoded: bytes) -> None:
        """Pass on what all followers get."""
        if self._write:
            self._write(encoded)
        else:
            soon(self.send(text_data=text))

    def dismiss(self) -> None:
        """Close the socket: this viewer can't follow any more."""
        self.dismiss_with(codes.GONE)

    def lose(self) -> None:
        """Give way to the connection that took the session."""

    async def say(self, **message: Any) -> None:
        """Tell this page alone. What comes after a socket has closed is still taken, and its answer dropped."""
        if self._write:
            self._write(text_frame(json.dumps(message, ensure_ascii=False)))
            return
        with suppress(Exception):
            await self.send(text_data=json.dumps(message, ensure_ascii=False))
