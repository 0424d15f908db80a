"""A socket that follows a transcript."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from transcripts.sockets import codes
from transcripts.sockets.base import Socket, soon
from transcripts.sockets.frames import text_frame

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from transcripts import access
    from transcripts.services.live.live_host import LiveHost


# What a page calls itself, and the number of a change.
PAGE, NUMBER = re.compile(r"[0-9a-f]{1,16}"), re.compile(r"[0-9]{1,15}")
# A page tells where its caret is a few times a second.
PRESENCE_EVERY_S = 0.05
LONGEST_KEY, LONGEST_NAME = 36, 120


class FollowingSocket(Socket):
    """A socket that follows a transcript. It needs no channel of its own: the process subscribes for all."""

    channel_layer_alias = ""
    who: access.Viewer
    # The fence by which it holds the session, 0 if it only watches
    fence = 0
    page = ""
    transcript_id: UUID | None = None
    _placed_at = 0.0
    _is_placed = False
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

    async def _follow(self, transcript_id: UUID, who: access.Viewer) -> None:
        """Follow from now on. Look at what was said before only after this, so that nothing falls between."""
        self.transcript_id, self.who = transcript_id, who
        self._write = self.scope.get("extensions", {}).get("websocket.frame", {}).get("write")
        await self.live_host.audience.join(transcript_id, self)

    async def disconnect(self, code: int) -> None:
        """Follow no more."""
        await super().disconnect(code)
        transcript_id, self.transcript_id = self.transcript_id, None
        if transcript_id is None:
            return
        await self.live_host.audience.leave(transcript_id, self)
        if self._is_placed:
            self.live_host.audience.tell(transcript_id, {"type": "left", "page": self.page})

    def _tell_place(self, message: dict[str, Any]) -> None:
        """Tell everyone else where in the text this page's caret is."""
        now = time.monotonic()
        if self.transcript_id is None or not self.page or now - self._placed_at < PRESENCE_EVERY_S:
            return
        self._placed_at, self._is_placed = now, True
        user = self.scope["user"]
        place = {
            "type": "here",
            "page": self.page,
            "user": user.pk,
            "name": str(user)[:LONGEST_NAME],
            "segment": str(message.get("segment") or "")[:LONGEST_KEY],
            "anchor": _offset(message.get("anchor")),
            "head": _offset(message.get("head")),
            "editing": message.get("editing") is True,
        }
        self.live_host.audience.tell(self.transcript_id, place, besides=self)

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


def _offset(value: object) -> int:
    """Return an offset that a page told, 0 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 30 else 0
