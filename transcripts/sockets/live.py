"""The socket of a live session: audio in and words out for the page that records, words out for those that watch."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from accounts.sign_ins import SignIn, still_signed_in
from transcripts import access, clock
from transcripts.selectors import live
from transcripts.services.errors import Refused
from transcripts.services.live import leases, lifecycle, minutes, watchdog
from transcripts.services.live.audio import WrongFrame, sentence_of
from transcripts.sockets import codes, messages
from transcripts.sockets.base import in_thread, soon
from transcripts.sockets.following import NUMBER, PAGE, FollowingSocket

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import LiveSession
    from transcripts.services.live.session_host import SessionHost

logger = logging.getLogger(__name__)

LOST: dict[leases.Lost, int] = {"over": codes.GONE, "elsewhere": codes.ELSEWHERE, "again": codes.AGAIN}


class LiveConsumer(FollowingSocket):
    """The socket of a live session.

    `page` names the page. The page that recorded last holds the session again whenever it connects; any other one of
    the owner's only watches, until the person asks to record there and it connects with `take=1`.

    Audio comes as binary frames: four bytes of number, then the samples. Text frames are JSON objects: `stop` ends
    the session, `go_on` says that someone is there, and `since` asks for what changed after `change`.
    """

    hosted: SessionHost | None = None
    session: LiveSession | None = None
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
        except Refused as refusal:
            await self.refuse_with(refusal)
            return
        self.fence = session.fence if holds else 0
        self.watch_sign_in()
        await self.accept()
        self.session = session
        await self._follow(session.transcript_id, ("speaker" if holds else "user", user.pk))
        after = asked.get("after", "")
        await self._greet(session, int(after) if NUMBER.fullmatch(after) else 0)

    async def _greet(self, session: LiveSession, after: int) -> None:
        """Say what changed, and which frame comes next to the page that holds the session."""
        before = await in_thread(live.snapshot)(session, after)
        if self.is_recording:
            watch = await in_thread(watchdog.watchdog_for)(session)
            try:
                self.hosted = await self.live_host.hold(session, watch, when_lost=self.lose)
            except OSError as error:
                await self._tell_unwritten(error, 0)
                await self.close(code=codes.UNWRITTEN)
                return
            before["next"] = self.hosted.writer.wanted
        else:
            before["frames"] = session.frames
            # The database tells the time if it is PostgreSQL, and an event loop may not ask it
            now = await in_thread(clock.now)()
            before["recorded"] = bool(session.lease_until and session.lease_until > now)
        await self.say(type="hello", holds=self.is_recording, **before)

    async def disconnect(self, code: int) -> None:
        """Let the session go; the page that records comes back to this process or another."""
        await super().disconnect(code)
        self.session = None
        hosted, self.hosted = self.hosted, None
        if hosted:
            await self.live_host.release(hosted, drain=False)

    def lose(self) -> None:
        """Give way immediately: another connection holds the session, or it ended."""
        if self.session and not self._is_leaving:
            self._is_leaving = True
            soon(self._give_way(self.session))

    def dismiss(self) -> None:
        """Close the socket of someone who can't follow, or not record any more."""
        soon(self._send_away())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take a frame of audio or a message about the session."""
        message = messages.read(text_data) if text_data else {}
        change = messages.change_in(message)
        if change is not None and self.session:
            await self.say(type="hello", **await in_thread(live.snapshot)(self.session, change))
        elif message.get("type") == "here":
            self._tell_place(message)
        elif self.hosted is None or self._is_leaving:
            return
        elif bytes_data is not None:
            await self._frame(self.hosted, bytes_data)
        elif message.get("type") == "stop":
            await self._stop(self.hosted)
        elif message.get("type") == "go_on":
            self.hosted.watchdog.note_presence()

    async def _frame(self, hosted: SessionHost, packet: bytes) -> None:
        number, audio = int.from_bytes(packet[:4]), packet[4:]
        try:
            wanted = await hosted.frame(number, audio)
        except WrongFrame as error:
            await self.say(type="again", next=error.wanted)
        except ValueError:
            await self.close(code=codes.BAD_FRAME)
        except OSError as error:
            await self._tell_unwritten(error, hosted.writer.wanted)
        else:
            await self.say(type="ack", next=wanted, synced=hosted.writer.synced)
            if hosted.watchdog.news or hosted.watchdog.must_ask:
                await self._look_after(hosted)

    async def _tell_unwritten(self, error: OSError, wanted: int) -> None:
        """Ask the page to keep what it has and to send it again later."""
        logger.warning("The audio of a live session could not be written: %s", error.strerror)
        await self.say(type="full", next=wanted, sentence=sentence_of(error))

    async def _look_after(self, hosted: SessionHost) -> None:
        """Tell what the watchdog found, and count the team's minutes again if it asks for that."""
        news, hosted.watchdog.news = hosted.watchdog.news, []
        for message in news:
            await self.say(**message)
        if hosted.watchdog.must_ask:
            hosted.watchdog.allow(await in_thread(minutes.left_ms)(hosted.session.recording.team))

    async def _stop(self, hosted: SessionHost) -> None:
        """Wait for the last words, then end the session."""
        self.hosted = None
        whole = await self.live_host.release(hosted, drain=True)
        finish = in_thread(lifecycle.finish)
        if await finish(hosted.session, is_whole=whole, because=hosted.watchdog.because, by_its_holder=True):
            hosted.tell({"type": "finished"})
        else:
            # Another connection holds it and has the last words yet to come, or it ended already
            await self._give_way(hosted.session)

    async def _give_way(self, session: LiveSession) -> None:
        """Say why this page can't record any more."""
        why = await in_thread(leases.why_lost)(session, page=self.page)
        await self.close(code=LOST[why])

    async def _send_away(self) -> None:
        """Close with what the person can still do here: read, or nothing."""
        if self.session and self.sign_in:
            await self.close(code=await in_thread(_code_for)(self.sign_in, self.scope["user"], self.session.pk))


def _code_for(sign_in: SignIn, user: User, session_id: UUID) -> int:
    """Return why someone who recorded or watched can't any more."""
    if not still_signed_in({sign_in}):
        return codes.SIGNED_OUT
    try:
        access.get_live_session(user, session_id)
    except access.NotFound:
        return codes.GONE
    return codes.VIEW_ONLY


def _session_for(user: User, session_id: UUID, page: str, *, takes: bool) -> tuple[LiveSession, bool]:
    """Return the session, and whether it is held for this page.

    Raises access.NotFound, leases.LostSession or NoSlot.
    """
    session = access.get_live_session(user, session_id)
    if session.owner_id == user.pk and access.can_edit(user, session.recording.team):
        if takes:
            return leases.take(session, page=page), True
        if held := leases.resume(session, page=page):
            return held, True
    if not live.is_open(session):
        raise leases.LostSession
    return session, False
