"""The sockets of a live session: who holds it, who loses it, and how it ends."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from project.asgi import application
from tests.live.conftest import FRAME_BYTES, frame, sound
from tests.live.sockets.conftest import GO_ON, STOP, do, heard, open_as, owner, speak
from transcripts import clock
from transcripts.models import LiveSession, ProviderAccount
from transcripts.models import Segment as SegmentRow
from transcripts.selectors import live
from transcripts.services.live import audio, leases, lifecycle, live_host, sealing
from transcripts.services.live.session_host import SessionHost

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db(transaction=True)


async def test_who_comes_back_goes_on_where_the_server_is(session: LiveSession) -> None:
    for round_ in range(5):
        speaker, hello = await open_as(session, owner(session))
        assert hello["next"] == round_ * 7
        await speak(speaker, max(0, round_ * 7 - 2), round_ * 7 + 7)
        await speaker.disconnect(timeout=10)
    assert b"".join(audio.read(session, 0, 35)) == sound(35)


async def test_a_second_window_takes_the_session_over(session: LiveSession) -> None:
    first, _ = await open_as(session, owner(session))
    await speak(first, 0, 5)
    second, hello = await open_as(session, owner(session))
    assert hello["next"] == 5
    await speak(second, 5, 10)
    await second.disconnect(timeout=10)
    assert b"".join(audio.read(session, 0, 10)) == sound(10)
    await first.disconnect(timeout=10)


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("?page=a1&take=1", "?page=b2&take=1", 4409),
        ("?page=a1&take=1", "?page=a1", 4412),
        ("?page=a1&take=1", "finish", 4404),
    ],
)
async def test_whoever_lost_the_session_is_told_whether_to_come_again(
    session: LiveSession, first: str, second: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two connections of one page may come in in another order than they were made."""
    monkeypatch.setattr(live_host, "SYNC_EVERY_S", 0.05)
    loser, _ = await open_as(session, owner(session), first)
    if second == "finish":
        await do(lifecycle.finish, session)
    else:
        winner, _ = await open_as(session, owner(session), second)
        await winner.disconnect(timeout=10)
    for number in range(1_000):
        await loser.send_to(bytes_data=number.to_bytes(4) + frame(number))
        output = await loser.receive_output(timeout=10)
        if output["type"] == "websocket.close":
            break
        await asyncio.sleep(0.01)
    assert output == {"type": "websocket.close", "code": code}
    await loser.disconnect(timeout=10)


async def test_stop_waits_for_the_last_words_and_ends_the_session(session: LiveSession) -> None:
    speaker, _ = await open_as(session, owner(session))
    await speak(speaker, 0, 20)
    await speaker.send_to(text_data=STOP)
    messages = [await heard(speaker) for _ in range(9)]
    assert [message["rows"][0]["text"] for message in messages if message["type"] == "edit"] == [
        "word0",
        "word1",
        "word2",
        "word3",
    ]
    assert messages[-1] == {"type": "finished"}
    ended = await LiveSession.objects.aget()
    assert ended.status == "finishing"
    assert await SegmentRow.objects.acount() == 4
    await speaker.disconnect(timeout=10)


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
    await speaker.send_to(text_data=STOP)
    while (await heard(speaker))["type"] != "finished":
        pass
    assert await do(lambda: live.why_ended(LiveSession.objects.get(pk=session.pk))) == (
        "Ended after 1 minute of silence. Everything recorded before is saved."
    )
    await speaker.disconnect(timeout=10)


async def test_whoever_says_so_goes_on_in_silence(session: LiveSession, settings: Settings) -> None:
    settings.LIVE_SILENCE_MINUTES = 1
    speaker, _ = await open_as(session, owner(session))
    for number in range(500):
        await speaker.send_to(bytes_data=number.to_bytes(4) + bytes(FRAME_BYTES))
        if number == 400:
            await speaker.send_to(text_data=GO_ON)
    for number in range(500, 600):
        await speaker.send_to(bytes_data=number.to_bytes(4) + bytes(FRAME_BYTES))
    said = [(await heard(speaker))["type"] for _ in range(601)]
    assert said.count("silence") == 1
    assert "stop" not in said
    await speaker.disconnect(timeout=10)


async def test_without_a_free_place_whoever_begins_is_told_why(session: LiveSession) -> None:
    other = await do(lifecycle.start, owner=owner(session), team=session.recording.team, title="Another")
    await do(leases.take, other)
    await ProviderAccount.objects.aupdate(live_limit=1)
    speaker, message = await open_as(session, owner(session))
    assert (message["type"], message["code"]) == ("refused", "live_slots")
    assert message["sentence"].startswith(
        "SpeechStream allows one live session at a time, and one is already in progress"
    )
    assert await speaker.receive_output(timeout=10) == {"type": "websocket.close", "code": 4429}


async def test_whatever_breaks_a_socket_the_session_is_let_go(
    session: LiveSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise ZeroDivisionError

    speaker, _ = await open_as(session, owner(session))
    assert application.shared["live_host"].held == {session.pk}
    monkeypatch.setattr(SessionHost, "frame", broken)
    await speaker.send_to(bytes_data=bytes(4 + FRAME_BYTES))
    with pytest.raises(ZeroDivisionError):
        await speaker.wait(timeout=10)
    assert application.shared["live_host"].held == frozenset()


async def test_what_is_acknowledged_while_somebody_else_ends_it_is_in_the_recording(
    session: LiveSession,
) -> None:
    """The process that holds a session learns only as it renews its lease that it has ended."""
    speaker, _ = await open_as(session, owner(session))
    await speak(speaker, 0, 10)
    assert await do(lifecycle.finish, await LiveSession.objects.aget())
    message = await speak(speaker, 10, 20)
    while message.get("next") != 20:  # between the answers it is told that somebody ended it
        message = await heard(speaker)
    await do(sealing.seal, session.pk)
    assert (await LiveSession.objects.aget()).status == "finishing"
    await speaker.disconnect(timeout=10)
    await LiveSession.objects.aupdate(lease_until=await do(clock.now) - timedelta(seconds=1))
    await do(sealing.seal, session.pk)
    ended = await LiveSession.objects.aget()
    assert (ended.status, ended.frames) == ("finished", 20)
