"""Sockets: events out, live sound in and live words out."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer
from django.core.exceptions import ObjectDoesNotExist

from transcripts import access
from transcripts.events import Event, team_group
from transcripts.services import sharing
from transcripts.services.live import audience, changes, minutes, relaying, sessions, watch
from transcripts.services.live.audio import WrongFrame, sentence_of
from transcripts.services.live.places import Full
from transcripts.services.live.room import Room

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import LiveSession

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

# How long a membership may be believed before it is looked up again, seconds.
TRUST_S = 5.0
# What the one who speaks says to end the session, and to go on though nothing is heard.
STOP, GO_ON = '{"type":"stop"}', '{"type":"go_on"}'

# What a page calls itself, and the number of a change.
PAGE, NUMBER = re.compile(r"[0-9a-f]{1,16}"), re.compile(r"[0-9]{1,15}")
# How a socket closes whose session is held no more: for good, or to come again.
LOST: dict[sessions.Lost, int] = {"over": 4404, "elsewhere": 4409, "again": 1012}

# Sending that nobody waits for; the event loop itself keeps no hold of it.
_under_way: set[asyncio.Future[None]] = set()


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


class Hearing(AsyncWebsocketConsumer):  # type: ignore[misc]
    """A socket that listens to a live session. It needs no channel of its own: the process listens for all."""

    channel_layer_alias = ""
    who: access.Who
    is_speaking = False
    session: LiveSession | None = None
    _write: Callable[[bytes], None] | None = None

    async def __call__(self, *connection: Any) -> None:
        """Serve the socket; whatever breaks it, nothing goes on behind it."""
        try:
            await super().__call__(*connection)
        finally:
            await self.disconnect(1006)

    async def refuse(self, code: int) -> None:
        """Say why there is no socket: to a page, one that was never accepted looks like a network that failed."""
        await self.accept()
        await self.close(code=code)

    async def _listen(self, session: LiveSession, who: access.Who) -> None:
        """Listen from now on. Look afterwards at what was said before, so that nothing falls between."""
        self.session, self.who = session, who
        self._write = self.scope.get("extensions", {}).get("websocket.frame", {}).get("write")
        await audience.here().join(session.pk, self)

    async def disconnect(self, code: int) -> None:
        """Listen no more. It may be called again."""
        session, self.session = self.session, None
        if session:
            await audience.here().leave(session.pk, self)

    def hear(self, text: str, frame: bytes) -> None:
        """Pass on what everybody hears."""
        if self._write:
            self._write(frame)
        else:
            _soon(self.send(text_data=text))

    def dismiss(self) -> None:
        """Close the socket of somebody who may not listen any more."""
        _soon(self.close(code=4404))

    async def say(self, **message: Any) -> None:
        """Tell this page alone. What comes after a socket has closed is still taken, and answered to nobody."""
        if self._write:
            self._write(audience.text_frame(json.dumps(message, ensure_ascii=False)))
            return
        with suppress(Exception):
            await self.send(text_data=json.dumps(message, ensure_ascii=False))

    async def missed(self, text: str) -> bool:
        """Answer a page that counted the changes and missed some; False where the text asks for something else."""
        change = _change_in(text)
        if change is None or self.session is None:
            return False
        await self.say(type="hello", **await _in_thread(changes.since)(self.session, change))
        return True


class LiveConsumer(Hearing):
    """The socket of a live session: sound in and words out for the one who speaks, words out for those who watch.

    Sound comes as binary frames: four bytes of number, then the samples. The text STOP ends the session, and
    `{"type": "since", "change": N}` asks for what changed after N.
    """

    room: Room | None = None
    page = ""

    async def connect(self) -> None:
        """Find the session and hold it, or watch it.

        4401 without sign-in, 4404 without a session, 4429 with a sentence where it may not begin now.
        """
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.refuse(4401)
            return
        asked = {name: texts[0] for name, texts in parse_qs(self.scope["query_string"].decode()).items()}
        self.page = asked["page"] if PAGE.fullmatch(asked.get("page", "")) else ""
        session_id = self.scope["url_route"]["kwargs"]["session_id"]
        try:
            session, may_speak = await _in_thread(_session_for)(user, session_id, self.page)
        except (access.NotFound, sessions.LostSession):
            await self.refuse(4404)
            return
        except Full as refusal:
            await self.accept()
            await self.say(type="refused", sentence=str(refusal))
            await self.close(code=4429)
            return
        self.is_speaking = may_speak
        await self.accept()
        await self._listen(session, ("user", user.pk))
        after = asked.get("after", "")
        before = await _in_thread(changes.since)(session, int(after) if NUMBER.fullmatch(after) else 0)
        if may_speak:
            over = await _in_thread(watch.over)(session)
            try:
                self.room = Room(session, relaying.opened, over)
            except OSError as error:
                await self._tell_unwritten(error, 0)
                await self.close(code=4507)
                return
            before["next"] = self.room.writer.wanted
        await self.say(type="hello", **before)

    async def disconnect(self, code: int) -> None:
        """Let the session go; whoever speaks comes back to this process or another."""
        await super().disconnect(code)
        room, self.room = self.room, None
        if room:
            await room.close(drain=False)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take a frame of sound or a word about the session."""
        if text_data and await self.missed(text_data):
            return
        if self.room is None:
            return
        if self.room.lost.is_set():
            await self._give_way(self.room.session)
        elif bytes_data is not None:
            await self._frame(self.room, bytes_data)
        elif text_data == STOP:
            await self._stop(self.room)
        elif text_data == GO_ON:
            self.room.watch.go_on()

    async def _frame(self, room: Room, packet: bytes) -> None:
        number, sound = int.from_bytes(packet[:4]), packet[4:]
        try:
            wanted = room.frame(number, sound)
        except WrongFrame as error:
            await self.say(type="again", next=error.wanted)
        except ValueError:
            await self.close(code=4400)
        except OSError as error:
            await self._tell_unwritten(error, room.writer.wanted)
        else:
            await self.say(type="ack", next=wanted, synced=room.writer.synced)
            if room.watch.news or room.watch.must_ask:
                await self._look_after(room)

    async def _tell_unwritten(self, error: OSError, wanted: int) -> None:
        """Ask the page to keep what it has and to send it again later."""
        logger.warning("The sound of a live session could not be written: %s", error.strerror)
        await self.say(type="full", next=wanted, sentence=sentence_of(error))

    async def _look_after(self, room: Room) -> None:
        """Tell what the watch found, and count the team's minutes anew where it wants that."""
        news, room.watch.news = room.watch.news, []
        for message in news:
            await self.say(**message)
        if room.watch.must_ask:
            room.watch.allow(await _in_thread(minutes.left_ms)(room.session.recording.team))

    async def _stop(self, room: Room) -> None:
        """Wait for the last words, then end the session."""
        self.room = None
        whole = await room.close(drain=True)
        finish = _in_thread(sessions.finish)
        if await finish(room.session, is_whole=whole, because=room.watch.because, by_its_holder=True):
            room.tell({"type": "finished"})
        else:
            # Another connection holds it and has the last words yet to come, or it ended already
            await self._give_way(room.session)

    async def _give_way(self, session: LiveSession) -> None:
        """Say why nothing can be said here any more."""
        why = await _in_thread(sessions.why_lost)(session, page=self.page)
        await self.close(code=LOST[why])


class CaptionsConsumer(Hearing):
    """The socket of whoever reads live captions by a link."""

    async def connect(self) -> None:
        """Listen, if the link lets this guest in; 4404 where not."""
        try:
            share = await _in_thread(access.get_share)(self.scope["url_route"]["kwargs"]["token"])
            session = share.recording.live_session
        except (access.NotFound, ObjectDoesNotExist):
            await self.refuse(4404)
            return
        if not await _in_thread(sharing.is_open_to)(share, self.scope["session"]) or not sessions.is_open(session):
            await self.refuse(4404)
            return
        await self.accept()
        await self._listen(session, ("share", share.pk))
        await self.say(type="hello", **await _in_thread(changes.for_guests)(session))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Say again what was missed."""
        if self.session and text_data and _change_in(text_data) is not None:
            await self.say(type="hello", **await _in_thread(changes.for_guests)(self.session))


def _change_in(text: str) -> int | None:
    """The change after which a page asks for news; None where it asks for something else."""
    try:
        asked = json.loads(text)
    except ValueError:
        return None
    if not isinstance(asked, dict) or asked.get("type") != "since":
        return None
    change = asked.get("change")
    return change if isinstance(change, int) and 0 <= change < 1 << 60 else None


def _soon(work: Coroutine[Any, Any, None]) -> None:
    """Do it without waiting; a socket that is gone already is nobody's loss."""
    task = asyncio.ensure_future(work)
    _under_way.add(task)
    task.add_done_callback(_done)


def _done(task: asyncio.Future[None]) -> None:
    _under_way.discard(task)
    if not task.cancelled():
        task.exception()


def _in_thread(function: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    # Connections are given back after each call: these threads outlive a database that restarts
    in_thread: Callable[P, Awaitable[T]] = database_sync_to_async(function, thread_sensitive=False)
    return in_thread


def _session_for(user: User, session_id: UUID, page: str) -> tuple[LiveSession, bool]:
    """The session, held where the person may speak into it. Raises access.NotFound, sessions.LostSession or Full."""
    session = access.get_live_session_for(user, session_id)
    if session.owner_id == user.pk and access.may_edit(user, session.recording.team):
        return sessions.take(session, page=page), True
    if not sessions.is_open(session):
        raise sessions.LostSession
    return session, False
