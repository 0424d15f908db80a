"""The sockets of a live session."""

from __future__ import annotations

import asyncio
import errno
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from channels.testing import application as communicator
from django.db import close_old_connections, connections
from django.test import Client

from accounts.models import Membership, Role, Team, User
from project.asgi import application
from tests.live.conftest import FRAME_BYTES, frame, sound
from transcripts import clock, consumers
from transcripts.document import Segment, Timing, Word
from transcripts.models import LiveSession, ProviderAccount, Recording
from transcripts.models import Segment as SegmentRow
from transcripts.services import accounts
from transcripts.services.live import audience, audio, keeping, relaying, sealing, sessions
from transcripts.services.live.room import Room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import redis
    from pytest_django import Settings

pytestmark = pytest.mark.django_db(transaction=True)


class Echo:
    """A relay that hears a word in every fifth frame, as soon as it is on disk."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.heard = room.session.final_until_ms // 100

    def feed(self, position_ms: int, sound: bytes) -> None:
        """Nothing is heard before somebody waits for it."""

    async def drain(self) -> bool:
        while self.heard + 5 <= self.room.writer.wanted:
            begin, self.heard = self.heard, self.heard + 5
            text = f"word{begin // 5}"
            word = Word(text, begin * 100, begin * 100 + 500, 0.9, Timing.MEASURED)
            await self.room.partial(Segment(text), heard_until_ms=begin * 100)
            await self.room.final(Segment(text, begin * 100, begin * 100 + 500, None, (word,)))
        return True

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(autouse=True)
async def _connections(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Leave no thread with a connection: the communicator would keep the application from giving its own back."""
    monkeypatch.setattr(communicator, "no_op", close_old_connections)
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture(autouse=True)
def _echo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaying, "opened", Echo)


@pytest.fixture
def session(transactional_db: None, redis_client: redis.Redis) -> LiveSession:
    accounts.from_environment()
    alice = User.objects.create_user("alice@example.org", "a password of hers")
    team = Team.objects.create(name="Newsroom", slug="newsroom")
    Membership.objects.create(team=team, user=alice, role=Role.EDITOR)
    return sessions.start(owner=alice, team=team, title="Meeting")


def socket(session: LiveSession, person: User, query: str = "") -> WebsocketCommunicator:
    client = Client()
    client.force_login(person)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    headers = [(b"cookie", cookie.encode()), (b"origin", b"http://testserver"), (b"host", b"testserver")]
    return WebsocketCommunicator(application, f"/ws/live/{session.pk}/{query}", headers=headers)


async def do(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return await sync_to_async(function)(*args, **kwargs)


async def heard(communicator: WebsocketCommunicator) -> dict[str, Any]:
    """The next message, without those that only say how things stand."""
    while True:
        message: dict[str, Any] = json.loads(await communicator.receive_from(timeout=10))
        if message["type"] not in ("clock", "watching"):
            return message


async def open_as(session: LiveSession, person: User, query: str = "") -> tuple[WebsocketCommunicator, dict[str, Any]]:
    communicator = await do(socket, session, person, query)
    connected, _ = await communicator.connect()
    assert connected
    return communicator, await heard(communicator)


async def refusal(communicator: WebsocketCommunicator) -> int:
    """The code that a page hears where there is no socket for it; a browser hears none before it is accepted."""
    connected, _ = await communicator.connect()
    assert connected
    output = await communicator.receive_output(timeout=10)
    assert output["type"] == "websocket.close"
    return int(output["code"])


def ack(wanted: int) -> dict[str, Any]:
    """What is answered to a frame before anything was synced."""
    return {"type": "ack", "next": wanted, "synced": 0}


async def speak(communicator: WebsocketCommunicator, first: int, end: int) -> dict[str, Any]:
    message: dict[str, Any] = {}
    for number in range(first, end):
        await communicator.send_to(bytes_data=number.to_bytes(4) + frame(number))
        message = await heard(communicator)
    return message


def owner(session: LiveSession) -> User:
    assert session.owner is not None
    return session.owner


async def test_what_is_acknowledged_is_on_disk(session: LiveSession) -> None:
    speaker, hello = await open_as(session, owner(session))
    assert hello == {"type": "hello", "next": 0, "change": 0, "segments": [], "markers": [], "gaps": []}
    for number in range(20):
        assert await speak(speaker, number, number + 1) == ack(number + 1)
        assert await do(audio.safe_frames, session) == number + 1
    await speaker.disconnect()


async def test_a_frame_out_of_turn_is_asked_for_again(session: LiveSession) -> None:
    speaker, _ = await open_as(session, owner(session))
    assert await speak(speaker, 3, 4) == {"type": "again", "next": 0}
    await speaker.disconnect()


async def test_who_comes_back_goes_on_where_the_server_is(session: LiveSession) -> None:
    for round_ in range(5):
        speaker, hello = await open_as(session, owner(session))
        assert hello["next"] == round_ * 7
        await speak(speaker, max(0, round_ * 7 - 2), round_ * 7 + 7)
        await speaker.disconnect()
    assert b"".join(audio.read(session, 0, 35)) == sound(35)


async def test_a_second_window_takes_the_session_over(session: LiveSession) -> None:
    first, _ = await open_as(session, owner(session))
    await speak(first, 0, 5)
    second, hello = await open_as(session, owner(session))
    assert hello["next"] == 5
    await speak(second, 5, 10)
    await second.disconnect()
    assert b"".join(audio.read(session, 0, 10)) == sound(10)
    await first.disconnect()


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [("?page=a1", "?page=b2", 4409), ("?page=a1", "?page=a1", 1012), ("?page=a1", "finish", 4404)],
)
async def test_whoever_lost_the_session_is_told_whether_to_come_again(
    session: LiveSession, first: str, second: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two connections of one page may come in in another order than they were made."""
    monkeypatch.setattr(keeping, "SYNC_EVERY_S", 0.05)
    loser, _ = await open_as(session, owner(session), first)
    if second == "finish":
        await do(sessions.finish, session)
    else:
        winner, _ = await open_as(session, owner(session), second)
        await winner.disconnect()
    for number in range(1_000):
        await loser.send_to(bytes_data=number.to_bytes(4) + frame(number))
        output = await loser.receive_output(timeout=10)
        if output["type"] == "websocket.close":
            break
        await asyncio.sleep(0.01)
    assert output == {"type": "websocket.close", "code": code}
    await loser.disconnect()


async def test_stop_waits_for_the_last_words_and_ends_the_session(session: LiveSession) -> None:
    speaker, _ = await open_as(session, owner(session))
    await speak(speaker, 0, 20)
    await speaker.send_to(text_data=consumers.STOP)
    messages = [await heard(speaker) for _ in range(9)]
    assert [message["text"] for message in messages if message["type"] == "segment"] == [
        "word0",
        "word1",
        "word2",
        "word3",
    ]
    assert messages[-1] == {"type": "finished"}
    ended = await LiveSession.objects.aget()
    assert ended.status == "finishing"
    assert await SegmentRow.objects.acount() == 4
    await speaker.disconnect()


async def test_those_who_watch_see_what_was_said_and_then_each_change(session: LiveSession) -> None:
    vera = await do(User.objects.create_user, "vera@example.org", "a password of hers")
    team = await Team.objects.aget(slug="newsroom")
    await Membership.objects.acreate(team=team, user=vera, role=Role.VIEWER)
    speaker, _ = await open_as(session, owner(session))
    early, hello = await open_as(session, vera)
    assert (hello["change"], hello["segments"]) == (0, [])
    await speak(speaker, 0, 10)
    await speaker.send_to(text_data=consumers.STOP)
    seen = [await heard(early) for _ in range(5)]
    assert [(message["type"], message.get("change")) for message in seen] == [
        ("partial", None),
        ("segment", 1),
        ("partial", None),
        ("segment", 2),
        ("finished", None),
    ]
    await speaker.disconnect()
    await early.disconnect()


async def test_who_comes_late_gets_what_they_missed(session: LiveSession) -> None:
    held = await do(sessions.take, session)
    for number in range(3):
        await do(sessions.append, held, Segment(f"word{number}", number, number + 1))
    erin = await do(User.objects.create_user, "erin@example.org", "a password of hers")
    team = await Team.objects.aget(slug="newsroom")
    await Membership.objects.acreate(team=team, user=erin, role=Role.EDITOR)
    late, hello = await open_as(session, erin, "?after=1")
    assert [segment["text"] for segment in hello["segments"]] == ["word1", "word2"]
    await late.disconnect()


async def test_watching_changes_nothing(session: LiveSession) -> None:
    erin = await do(User.objects.create_user, "erin@example.org", "a password of hers")
    team = await Team.objects.aget(slug="newsroom")
    await Membership.objects.acreate(team=team, user=erin, role=Role.EDITOR)
    watcher, _ = await open_as(session, erin)
    await watcher.send_to(bytes_data=(0).to_bytes(4) + frame(0))
    await watcher.send_to(text_data=consumers.STOP)
    assert await do(audio.safe_frames, session) == 0
    assert (await LiveSession.objects.aget()).status == "starting"
    await watcher.disconnect()


@pytest.mark.parametrize("who", ["outsider", "nobody"])
async def test_others_get_no_socket(session: LiveSession, who: str) -> None:
    if who == "outsider":
        communicator = await do(
            socket, session, await do(User.objects.create_user, "charlie@example.org", "a password of his")
        )
    else:
        headers = [(b"origin", b"http://testserver"), (b"host", b"testserver")]
        communicator = WebsocketCommunicator(application, f"/ws/live/{session.pk}/", headers=headers)
    assert await refusal(communicator) == (4404 if who == "outsider" else 4401)


async def test_a_full_disk_is_said_and_nothing_is_lost_once_there_is_room(
    session: LiveSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker, _ = await open_as(session, owner(session))
    await speak(speaker, 0, 5)
    with monkeypatch.context() as patched:
        patched.setattr(audio.os, "pwrite", no_room)  # type: ignore[attr-defined]
        for number in range(5, 9):
            await speaker.send_to(bytes_data=number.to_bytes(4) + frame(number))
        told = [await heard(speaker) for _ in range(4)]
    assert [(message["type"], message["next"]) for message in told] == [("full", 5), *[("again", 5)] * 3]
    assert "The server’s disk is full. What you say is kept in this browser" in told[0]["sentence"]
    assert await speak(speaker, 5, 12) == ack(12)
    assert await do(lambda: b"".join(audio.read(session, 0, 12))) == sound(12)
    await speaker.disconnect()


def no_room(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(("code", "sentence"), [(errno.ENOSPC, "disk is full"), (errno.EIO, "cannot write")])
async def test_a_disk_that_takes_not_even_the_folder_is_said(
    session: LiveSession, monkeypatch: pytest.MonkeyPatch, code: int, sentence: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, "refused")

    monkeypatch.setattr(audio.Writer, "__init__", refuse)
    speaker, message = await open_as(session, owner(session))
    assert (message["type"], message["next"]) == ("full", 0)
    assert sentence in message["sentence"]
    assert await speaker.receive_output(timeout=10) == {"type": "websocket.close", "code": 4507}


async def test_a_deleted_recording_takes_no_sound(session: LiveSession) -> None:
    await Recording.objects.aupdate(deleted_at=session.created_at)
    communicator = await do(socket, session, owner(session))
    assert await refusal(communicator) == 4404


@pytest.mark.parametrize("text", ["no json", "[]", '{"type": "else"}'])
async def test_what_nobody_understands_changes_nothing(session: LiveSession, text: str) -> None:
    speaker, _ = await open_as(session, owner(session))
    await speaker.send_to(text_data=text)
    assert await speak(speaker, 0, 1) == ack(1)
    await speaker.disconnect()


async def test_whoever_is_put_out_of_the_team_sees_no_more(
    session: LiveSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "LOOK_EVERY_S", 0.05)
    vera = await do(User.objects.create_user, "vera@example.org", "a password of hers")
    team = await Team.objects.aget(slug="newsroom")
    await Membership.objects.acreate(team=team, user=vera, role=Role.VIEWER)
    speaker, _ = await open_as(session, owner(session))
    watcher, _ = await open_as(session, vera)
    await Membership.objects.filter(user=vera, team=team).adelete()
    while (output := await watcher.receive_output(timeout=10))["type"] == "websocket.send":
        assert json.loads(output["text"])["type"] in ("clock", "watching")
    assert output == {"type": "websocket.close", "code": 4404}
    await speaker.disconnect()


async def test_silence_is_warned_of_and_ends_the_session_when_the_page_obeys(
    session: LiveSession, settings: Settings
) -> None:
    settings.LIVE_SILENCE_MINUTES = 1
    speaker, _ = await open_as(session, owner(session))
    news = []
    for number in range(600):
        await speaker.send_to(bytes_data=number.to_bytes(4) + bytes(FRAME_BYTES))
        while (message := await heard(speaker))["type"] != "ack":
            news.append(message)
    news.append(await heard(speaker))
    assert [message["type"] for message in news] == ["silence", "stop"]
    await speaker.send_to(text_data=consumers.STOP)
    while (await heard(speaker))["type"] != "finished":
        pass
    assert await do(sessions.why_ended, session) == ("Ended after 1 minute of silence; everything said before is kept.")
    await speaker.disconnect()


async def test_whoever_says_so_goes_on_in_silence(session: LiveSession, settings: Settings) -> None:
    settings.LIVE_SILENCE_MINUTES = 1
    speaker, _ = await open_as(session, owner(session))
    for number in range(500):
        await speaker.send_to(bytes_data=number.to_bytes(4) + bytes(FRAME_BYTES))
        if number == 400:
            await speaker.send_to(text_data=consumers.GO_ON)
    for number in range(500, 600):
        await speaker.send_to(bytes_data=number.to_bytes(4) + bytes(FRAME_BYTES))
    said = [(await heard(speaker))["type"] for _ in range(601)]
    assert said.count("silence") == 1
    assert "stop" not in said
    await speaker.disconnect()


async def test_without_a_free_place_whoever_begins_is_told_why(session: LiveSession) -> None:
    other = await do(sessions.start, owner=owner(session), team=session.recording.team, title="Another")
    await do(sessions.take, other)
    await ProviderAccount.objects.aupdate(live_limit=1)
    speaker, message = await open_as(session, owner(session))
    assert message["type"] == "refused"
    assert message["sentence"].startswith("One live session goes on with SpeechStream already")
    assert await speaker.receive_output(timeout=10) == {"type": "websocket.close", "code": 4429}


async def test_whatever_breaks_a_socket_the_session_is_let_go(
    session: LiveSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise ZeroDivisionError

    speaker, _ = await open_as(session, owner(session))
    assert "_keep" in tasks()
    monkeypatch.setattr(Room, "frame", broken)
    await speaker.send_to(bytes_data=bytes(4 + FRAME_BYTES))
    with pytest.raises(ZeroDivisionError):
        await speaker.wait(timeout=10)
    assert "_keep" not in tasks()


def tasks() -> set[str]:
    """What goes on, by the names of the functions."""
    return {getattr(task.get_coro(), "__name__", "") for task in asyncio.all_tasks()}


async def test_what_the_provider_missed_is_told_as_a_numbered_change(
    session: LiveSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away(Echo):
        async def drain(self) -> bool:
            await self.room.gap(0, 1_500)
            return True

    monkeypatch.setattr(relaying, "opened", Away)
    speaker, _ = await open_as(session, owner(session))
    await speak(speaker, 0, 20)
    await speaker.send_to(text_data=consumers.STOP)
    gap = {"type": "gap", "change": 1, "from_ms": 0, "until_ms": 1_500}
    assert [await heard(speaker) for _ in range(2)] == [gap, {"type": "finished"}]
    ended = await LiveSession.objects.aget()
    assert (ended.gaps, ended.is_whole) == ([[0, 1_500]], False)
    await speaker.disconnect()


async def test_what_is_acknowledged_while_somebody_else_ends_it_is_in_the_recording(
    session: LiveSession,
) -> None:
    """The process that holds a session learns only as it renews its lease that it has ended."""
    speaker, _ = await open_as(session, owner(session))
    await speak(speaker, 0, 10)
    assert await do(sessions.finish, await LiveSession.objects.aget())
    message = await speak(speaker, 10, 20)
    while message.get("next") != 20:  # between the answers it is told that somebody ended it
        message = await heard(speaker)
    await do(sealing.seal, session.pk)
    assert (await LiveSession.objects.aget()).status == "finishing"
    await speaker.disconnect()
    await LiveSession.objects.aupdate(lease_until=await do(clock.now) - timedelta(seconds=1))
    await do(sealing.seal, session.pk)
    ended = await LiveSession.objects.aget()
    assert (ended.status, ended.frames) == ("finished", 20)
