"""The socket of a live session: audio in and words out for the page that records, words out for those that watch."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from transcripts import access, clock
from transcripts.selectors import live
from transcripts.services.live import leases, lifecycle, minutes, provider_link, watchdog
from transcripts.services.live.audio import WrongFrame, sentence_of
from transcripts.services.live.session_host import Room
from transcripts.services.live.slots import Full
from transcripts.services.transcript import changes
from transcripts.sockets import codes, messages
from transcripts.sockets.base import in_thread, soon
from transcripts.sockets.listening import Listening

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import LiveSession

logger = logging.getLogger(__name__)

# What a page calls itself, and the number of a change.
PAGE, NUMBER = re.compile(r"[0-9a-f]{1,16}"), re.compile(r"[0-9]{1,15}")
LOST: dict[leases.Lost, int] = {"over": codes.GONE, "elsewhere": codes.ELSEWHERE, "again": codes.AGAIN}


class LiveConsumer(Listening):
    """The socket of a live session.

    `page` names the page. The page that recorded last holds the session again whenever it connects; any other one of
    the owner's only watches, until the person asks to record there and it connects with `take=1`.

    Audio comes as binary frames: four bytes of number, then the samples. Text frames are JSON objects: `stop` ends
    the session, `go_on` says that someone is there, and `since` asks for what changed after `change`.
    """

    room: Room | None = None
    page = ""
    _is_leaving = False

    async def connect(self) -> None:
        """Find the session and hold it, or watch it.

        4401 without sign-in, 4404 without a session, 4429 with a message if it can't begin now.
        """
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.refuse(codes.SIGNED_OUT)
            return
        query = parse_qs(self.scope["query_string"].decode(errors="replace"))
        asked = {name: texts[0] for name, texts in query.items()}
        self.page = asked["page"] if PAGE.fullmatch(asked.get("page", "")) else ""
        session_id = self.scope["url_route"]["kwargs"]["session_id"]
        find = in_thread(_session_for)
        try:
            session, holds = await find(user, session_id, self.page, takes=asked.get("take") == "1")
        except (access.NotFound, leases.LostSession):
            await self.refuse(codes.GONE)
            return
        except Full as refusal:
            await self.accept()
            await self.say(type="refused", sentence=str(refusal))
            await self.close(code=codes.FULL)
            return
        self.fence = session.fence if holds else 0
        self.watch_sign_in()
        await self.accept()
        await self._listen(session, ("speaker" if holds else "user", user.pk))
        after = asked.get("after", "")
        await self._greet(session, int(after) if NUMBER.fullmatch(after) else 0)

    async def _greet(self, session: LiveSession, after: int) -> None:
        """Say what changed, and which frame comes next to the page that holds the session."""
        before = await in_thread(changes.since)(session, after)
        if self.is_speaking:
            over = await in_thread(watchdog.over)(session)
            try:
                self.room = await Room.open(session, provider_link.opened, over, when_lost=self.lose)
            except OSError as error:
                await self._tell_unwritten(error, 0)
                await self.close(code=codes.UNWRITTEN)
                return
            before["next"] = self.room.writer.wanted
        else:
            before["frames"] = session.frames
            # The database tells the time where it is PostgreSQL, and an event loop may not ask it
            now = await in_thread(clock.now)()
            before["recorded"] = bool(session.lease_until and session.lease_until > now)
        await self.say(type="hello", holds=self.is_speaking, **before)

    async def disconnect(self, code: int) -> None:
        """Let the session go; the page that records comes back to this process or another."""
        await super().disconnect(code)
        room, self.room = self.room, None
        if room:
            await room.close(drain=False)

    def lose(self) -> None:
        """Give way at once: another connection holds the session, or it ended."""
        if self.session and not self._is_leaving:
            self._is_leaving = True
            soon(self._give_way(self.session))

    def dismiss(self) -> None:
        """Close the socket of someone who can't listen, or not record any more."""
        soon(self._send_away())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take a frame of audio or a message about the session."""
        message = messages.read(text_data) if text_data else {}
        change = messages.change_in(message)
        if change is not None and self.session:
            await self.say(type="hello", **await in_thread(changes.since)(self.session, change))
        elif self.room is None or self._is_leaving:
            return
        elif bytes_data is not None:
            await self._frame(self.room, bytes_data)
        elif message.get("type") == "stop":
            await self._stop(self.room)
        elif message.get("type") == "go_on":
            self.room.watch.go_on()

    async def _frame(self, room: Room, packet: bytes) -> None:
        number, sound = int.from_bytes(packet[:4]), packet[4:]
        try:
            wanted = await room.frame(number, sound)
        except WrongFrame as error:
            await self.say(type="again", next=error.wanted)
        except ValueError:
            await self.close(code=codes.BAD_FRAME)
        except OSError as error:
            await self._tell_unwritten(error, room.writer.wanted)
        else:
            await self.say(type="ack", next=wanted, synced=room.writer.synced)
            if room.watch.news or room.watch.must_ask:
                await self._look_after(room)

    async def _tell_unwritten(self, error: OSError, wanted: int) -> None:
        """Ask the page to keep what it has and to send it again later."""
        logger.warning("The audio of a live session could not be written: %s", error.strerror)
        await self.say(type="full", next=wanted, sentence=sentence_of(error))

    async def _look_after(self, room: Room) -> None:
        """Tell what the watch found, and count the team's minutes anew if it wants that."""
        news, room.watch.news = room.watch.news, []
        for message in news:
            await self.say(**message)
        if room.watch.must_ask:
            room.watch.allow(await in_thread(minutes.left_ms)(room.session.recording.team))

    async def _stop(self, room: Room) -> None:
        """Wait for the last words, then end the session."""
        self.room = None
        whole = await room.close(drain=True)
        finish = in_thread(lifecycle.finish)
        if await finish(room.session, is_whole=whole, because=room.watch.because, by_its_holder=True):
            room.tell({"type": "finished"})
        else:
            # Another connection holds it and has the last words yet to come, or it ended already
            await self._give_way(room.session)

    async def _give_way(self, session: LiveSession) -> None:
        """Say why this page can't record any more."""
        why = await in_thread(leases.why_lost)(session, page=self.page)
        await self.close(code=LOST[why])

    async def _send_away(self) -> None:
        """Close with what the person can still do here: read, or nothing."""
        if self.session and self.sign_in:
            await self.close(code=await in_thread(_code_for)(self.sign_in, self.scope["user"], self.session.pk))


def _code_for(sign_in: access.SignIn, user: User, session_id: UUID) -> int:
    """Return why someone who recorded or watched can't any more."""
    if not access.still_signed_in({sign_in}):
        return codes.SIGNED_OUT
    try:
        access.get_live_session_for(user, session_id)
    except access.NotFound:
        return codes.GONE
    return codes.VIEW_ONLY


def _session_for(user: User, session_id: UUID, page: str, *, takes: bool) -> tuple[LiveSession, bool]:
    """Return the session, and whether it is held for this page.

    Raises access.NotFound, sessions.LostSession or Full.
    """
    session = access.get_live_session_for(user, session_id)
    if session.owner_id == user.pk and access.may_edit(user, session.recording.team):
        if takes:
            return leases.take(session, page=page), True
        if held := leases.resume(session, page=page):
            return held, True
    if not live.is_open(session):
        raise leases.LostSession
    return session, False
