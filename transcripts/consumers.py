"""Sockets: events out, live sound in and live words out."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer

from transcripts import access
from transcripts.events import Event, live_group, team_group, tell_viewers
from transcripts.services.live import relaying, sessions
from transcripts.services.live.audio import WrongFrame
from transcripts.services.live.room import Room, described

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import LiveSession

P = ParamSpec("P")
T = TypeVar("T")

# How long a membership may be believed before it is looked up again, seconds.
TRUST_S = 5.0
# What the one who speaks says to end the session.
STOP = '{"type":"stop"}'


class EventsConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Sends a person the events of all their teams. It takes no messages.

    Membership is looked up again at delivery, so whoever is put out of a team hears nothing more of it.
    """

    teams: frozenset[int] = frozenset()
    joined: frozenset[int] = frozenset()
    checked_at = 0.0

    async def connect(self) -> None:
        """Join the person's teams; refuse strangers."""
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(code=4401)
            return
        self.user_id = user.pk
        await self._look_up()
        self.joined = self.teams
        for team_id in self.joined:
            await self.channel_layer.group_add(team_group(team_id), self.channel_name)
        await self.accept()
        # The page refetches on this, so nothing that happened before the socket stood is missed.
        await self.send_json({"event": "ready"})

    async def disconnect(self, code: int) -> None:
        """Leave the teams' groups."""
        for team_id in self.joined:
            await self.channel_layer.group_discard(team_group(team_id), self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Ignore what the page sends."""

    async def page_event(self, message: Event) -> None:
        """Pass one event on, if the person still belongs to its team."""
        if time.monotonic() - self.checked_at > TRUST_S:
            await self._look_up()
        if message["team"] in self.teams:
            await self.send_json({"event": message["event"], "recording": message["recording"]})

    async def _look_up(self) -> None:
        self.teams = frozenset(await database_sync_to_async(access.team_ids_of)(self.user_id))
        self.checked_at = time.monotonic()


class LiveConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """The socket of a live session: sound in and words out for the one who speaks, words out for those who watch.

    Sound comes as binary frames: four bytes of number, then the samples. The text STOP ends the session.
    """

    room: Room | None = None
    watched: UUID | None = None
    checked_at = 0.0

    async def connect(self) -> None:
        """Find the session and hold it, or watch it; 4401 without sign-in, 4404 without a session."""
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(code=4401)
            return
        try:
            session, may_speak = await _in_thread(_session_for)(user, self.scope["url_route"]["kwargs"]["session_id"])
        except (access.NotFound, sessions.LostSession):
            await self.close(code=4404)
            return
        await self.accept()
        await (self._hold(session) if may_speak else self._watch(session))

    async def disconnect(self, code: int) -> None:
        """Let the session go; whoever speaks comes back to this process or another."""
        if self.watched:
            await self.channel_layer.group_discard(live_group(self.watched), self.channel_name)
        if self.room:
            await self.room.close(drain=False)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take a frame of sound or a word about the session."""
        if self.room is None:
            return
        if self.room.lost.is_set():
            await self.close(code=4409)
        elif bytes_data is not None:
            await self._frame(self.room, bytes_data)
        elif text_data == STOP:
            await self._stop(self.room)

    async def live_frame(self, message: dict[str, str]) -> None:
        """Pass on what the one who speaks is told too, to whoever may still see it."""
        if time.monotonic() - self.checked_at > TRUST_S and not await self._may_watch():
            await self.close(code=4404)
            return
        await self.send(text_data=message["text"])

    async def _may_watch(self) -> bool:
        session_id = self.scope["url_route"]["kwargs"]["session_id"]
        try:
            await _in_thread(access.get_live_session_for)(self.scope["user"], session_id)
        except access.NotFound:
            return False
        self.checked_at = time.monotonic()
        return True

    async def _hold(self, session: LiveSession) -> None:
        self.room = Room(session, self._say, relaying.opened)
        await self.send(text_data=json.dumps({"type": "hello", "next": self.room.writer.wanted}))

    async def _watch(self, session: LiveSession) -> None:
        """Join first and look then, so that nothing falls between; the page drops what it has already."""
        self.watched = session.pk
        await self.channel_layer.group_add(live_group(session.pk), self.channel_name)
        after = parse_qs(self.scope["query_string"].decode()).get("after", ["-1"])[0]
        rows = await _in_thread(sessions.segments_after)(session, int(after) if after.lstrip("-").isdigit() else -1)
        hello = {"type": "hello", "segments": [described(row) for row in rows]}
        await self.send(text_data=json.dumps(hello, ensure_ascii=False))

    async def _frame(self, room: Room, packet: bytes) -> None:
        number, sound = int.from_bytes(packet[:4]), packet[4:]
        try:
            wanted = room.frame(number, sound)
        except WrongFrame as error:
            await self.send(text_data=json.dumps({"type": "again", "next": error.wanted}))
        except ValueError:
            await self.close(code=4400)
        except OSError:
            sentence = (
                "The server’s disk is full. What you say is kept in this browser; an administrator must make room."
            )
            await self.send(text_data=json.dumps({"type": "relay", "sentence": sentence}))
        else:
            await self.send(text_data=json.dumps({"type": "ack", "next": wanted}))

    async def _stop(self, room: Room) -> None:
        """Wait for the last words, then end the session."""
        self.room = None
        whole = await room.close(drain=True)
        await _in_thread(sessions.finish)(room.session, is_whole=whole)
        text = json.dumps({"type": "finished"})
        await self.send(text_data=text)
        await tell_viewers(room.session.pk, text)

    async def _say(self, text: str) -> None:
        with suppress(Exception):  # a socket that is gone already
            await self.send(text_data=text)


def _in_thread(function: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    # Connections are given back after each call: these threads outlive a database that restarts
    in_thread: Callable[P, Awaitable[T]] = database_sync_to_async(function, thread_sensitive=False)
    return in_thread


def _session_for(user: User, session_id: UUID) -> tuple[LiveSession, bool]:
    """The session, held where the person may speak into it. Raises access.NotFound or sessions.LostSession."""
    session = access.get_live_session_for(user, session_id)
    if session.owner_id == user.pk and access.may_edit(user, session.recording.team):
        return sessions.take(session), True
    if not sessions.is_open(session):
        raise sessions.LostSession
    return session, False
