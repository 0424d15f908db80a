"""The socket of a guest: live captions by a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist

from transcripts import access
from transcripts.selectors import live
from transcripts.services.sharing import shares
from transcripts.sockets import codes, messages
from transcripts.sockets.base import in_thread
from transcripts.sockets.following import FollowingSocket

if TYPE_CHECKING:
    from transcripts.models import LiveSession


class CaptionsConsumer(FollowingSocket):
    """The socket of anyone who reads live captions by a link. It ends when the link is revoked or expires."""

    session: LiveSession | None = None

    async def connect(self) -> None:
        """Follow, if the link lets this guest in; 4404 if not."""
        try:
            share = await in_thread(access.get_share)(self.scope["url_route"]["kwargs"]["token"])
            session = share.recording.live_session
        except (access.NotFound, ObjectDoesNotExist):
            await self.refuse(codes.GONE)
            return
        # Captions are all that is said, as it is said
        if share.shows_less:
            await self.refuse(codes.GONE)
            return
        if not await in_thread(shares.is_open_to)(share, self.scope["session"]) or not live.is_open(session):
            await self.refuse(codes.GONE)
            return
        await self.accept()
        self.session = session
        await self._follow(session.transcript_id, ("share", share.pk))
        await self.say(type="hello", **await in_thread(live.for_guests)(session))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Say again what was missed."""
        asked = messages.change_in(messages.read(text_data)) if text_data else None
        if self.session and self.transcript_id and asked is not None:
            await self.say(type="hello", **await in_thread(live.for_guests)(self.session))
