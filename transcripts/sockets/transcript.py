"""The socket of a transcript's page: its changes, and where the others are in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from transcripts import access
from transcripts.services.transcript import changes
from transcripts.sockets import codes, messages
from transcripts.sockets.base import in_thread
from transcripts.sockets.following import NUMBER, PAGE, FollowingSocket

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User


class TranscriptConsumer(FollowingSocket):
    """The socket of a transcript's page. Edits come over HTTP; this tells of them, and of who is where.

    `page` names the page, `after` is the last change that it has. Text frames are JSON objects: `since` asks for what
    changed after `change`, `here` tells where the page's caret is.
    """

    async def connect(self) -> None:
        """Follow a transcript; 4401 without sign-in, 4404 for one that this person can't see."""
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.refuse(codes.SIGNED_OUT)
            return
        query = parse_qs(self.scope["query_string"].decode(errors="replace"))
        asked = {name: texts[0] for name, texts in query.items()}
        transcript_id = self.scope["url_route"]["kwargs"]["transcript_id"]
        try:
            await in_thread(_find)(user, transcript_id)
        except access.NotFound:
            await self.refuse(codes.GONE)
            return
        self.page = asked["page"] if PAGE.fullmatch(asked.get("page", "")) else ""
        self.watch_sign_in()
        await self.accept()
        await self._follow(transcript_id, ("user", user.pk))
        after = asked.get("after", "")
        await self._greet(int(after) if NUMBER.fullmatch(after) else 0)

    async def _greet(self, after: int) -> None:
        """Say what changed since."""
        if self.transcript_id is not None:
            await self.say(type="hello", **await in_thread(changes.since)(self.transcript_id, after))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take a message of the page."""
        message = messages.read(text_data) if text_data else {}
        change = messages.change_in(message)
        if change is not None:
            await self._greet(change)
        elif message.get("type") == "here":
            self._tell_place(message)


def _find(user: User, transcript_id: UUID) -> None:
    """Raise access.NotFound if the person can't see the transcript."""
    access.get_transcript(user, transcript_id)
