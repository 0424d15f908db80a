"""The sockets of guests: one that ends with the link, and one with the text as it changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from transcripts import access
from transcripts.selectors.guests import feed
from transcripts.selectors.guests.text import get_transcript
from transcripts.services.sharing import guests, shares
from transcripts.sockets import codes, messages
from transcripts.sockets.base import Socket, in_thread, soon
from transcripts.sockets.following import NUMBER, PAGE, FollowingSocket
from transcripts.sockets.frames import text_frame
from transcripts.sockets.links import Terms, terms_of

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from uuid import UUID

    from transcripts.access import Guest


class LinkedSocket(Socket):
    """A socket of a guest: it closes with 4404 once the link has ended or shows something else."""

    share_id: UUID
    terms: Terms
    guest: Guest | None = None

    async def _enter(self) -> Guest | None:
        """Return the guest if the link lets them in; refuse the socket if not."""
        try:
            guest = await in_thread(_find)(self.scope["url_route"]["kwargs"]["token"], self.scope["session"])
        except access.NotFound:
            await self.refuse(codes.GONE)
            return None
        self.guest, self.share_id, self.terms = guest, guest.share.pk, terms_of(guest.share)
        return guest

    async def disconnect(self, code: int) -> None:
        """Watch the link no more."""
        self.scope["links"].remove(self)
        await super().disconnect(code)


class LinkConsumer(LinkedSocket):
    """The socket of every guest's page: it says nothing but that the link works, by being open."""

    channel_layer_alias = ""

    async def connect(self) -> None:
        """Stay open for as long as the link works."""
        if await self._enter() is None:
            return
        await self.accept()
        self.scope["links"].add(self)
        await self.send(text_data=json.dumps({"type": "hello"}))


class GuestConsumer(LinkedSocket, FollowingSocket):
    """The feed of a transcript for guests whose link shows it as it is; others get no word of it."""

    level = access.Level.VIEW

    async def connect(self) -> None:
        """Follow a transcript; 4404 for one that the link doesn't show as it is."""
        guest = await self._enter()
        if guest is None:
            return
        transcript_id = self.scope["url_route"]["kwargs"]["transcript_id"]
        try:
            self.level = await in_thread(_level)(guest, transcript_id)
        except access.NotFound:
            await self.refuse(codes.GONE)
            return
        query = parse_qs(self.scope["query_string"].decode(errors="replace"))
        asked = {name: texts[0] for name, texts in query.items()}
        self.page = asked["page"] if PAGE.fullmatch(asked.get("page", "")) else ""
        await self.accept()
        self.scope["links"].add(self)
        await self._follow(transcript_id, ("share", guest.share.pk))
        after = asked.get("after", "")
        await self._greet(int(after) if NUMBER.fullmatch(after) else 0)

    async def _greet(self, after: int) -> None:
        """Say what changed since."""
        if self.transcript_id is not None:
            await self.say(**await in_thread(feed.since)(self.transcript_id, after, self.level))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Say again what was missed."""
        change = messages.change_in(messages.read(text_data)) if text_data else None
        if change is not None:
            await self._greet(change)

    def receive_message(self, text: str, encoded: bytes) -> None:
        """Pass on what guests get of what all followers get."""
        told: dict[str, Any] | None = feed.for_guest(json.loads(text), self.level)
        if told is None:
            return
        text = json.dumps(told, ensure_ascii=False)
        if self._write:
            self._write(text_frame(text))
        else:
            soon(self.send(text_data=text))


def _find(token: str, session: MutableMapping[str, Any]) -> Guest:
    """Return the guest of a link that lets them in. Raises access.NotFound."""
    share = access.get_share(token)
    guest = guests.guest_of(share, session)
    if not shares.is_open_to(share, session) or access.level_on(guest, share.recording) is None:
        raise access.NotFound
    return guest


def _level(guest: Guest, transcript_id: UUID) -> access.Level:
    """Return what the guest can do with a transcript that they can follow. Raises access.NotFound."""
    transcript = get_transcript(guest, transcript_id)
    level = access.level_on(guest, transcript.recording)
    if level is None or guest.share.shows_less:
        raise access.NotFound
    return level
