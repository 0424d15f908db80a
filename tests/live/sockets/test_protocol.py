"""The sockets of a live session: what is said into them and seen through them."""

from __future__ import annotations

import errno
import json

import pytest
from channels.testing import WebsocketCommunicator

from accounts.models import Membership, Role, Team, User
from project.asgi import application
from tests.live.conftest import frame, sound
from tests.live.sockets.conftest import STOP, Echo, ack, do, heard, open_as, owner, refusal, socket, speak
from transcripts.document import Segment
from transcripts.models import LiveSession, Recording
from transcripts.services.live import audience, audio, final_words, leases, provider_link

pytestmark = pytest.mark.django_db(transaction=True)


async def test_what_is_acknowledged_is_on_disk(session: LiveSession) -> None:
    speaker, hello = await open_as(session, owner(session))
    before = {"change": 0, "rows": [], "speakers": [], "conflicts": [], "markers": [], "gaps": [], "paused": None}
    assert hello.pop("review")["status"] == "draft"
    assert hello == {"type": "hello", "holds": True, "next": 0, **before}
    for number in range(20):
        assert await speak(speaker, number, number + 1) == ack(number + 1)
        assert await do(audio.safe_frames, session) == number + 1
    await speaker.disconnect(timeout=10)


async def test_a_frame_out_of_turn_is_asked_for_again(session: LiveSession) -> None:
    speaker, _ = await open_as(session, owner(session))
    assert await speak(speaker, 3, 4) == {"type": "again", "next": 0}
    await speaker.disconnect(timeout=10)


async def test_those_who_watch_see_what_was_said_and_then_each_change(session: LiveSession) -> None:
    vera = await do(User.objects.create_user, "vera@example.org", "a password of hers")
    team = await Team.objects.aget(slug="newsroom")
    await Membership.objects.acreate(team=team, user=vera, role=Role.VIEWER)
    speaker, _ = await open_as(session, owner(session))
    early, hello = await open_as(session, vera)
    assert (hello["change"], hello["rows"]) == (0, [])
    await speak(speaker, 0, 10)
    await speaker.send_to(text_data=STOP)
    seen = [await heard(early) for _ in range(5)]
    assert [(message["type"], message.get("change")) for message in seen] == [
        ("partial", None),
        ("edit", 1),
        ("partial", None),
        ("edit", 2),
        ("finished", None),
    ]
    await speaker.disconnect(timeout=10)
    await early.disconnect(timeout=10)


async def test_who_comes_late_gets_what_they_missed(session: LiveSession) -> None:
    held = await do(leases.take, session)
    for number in range(3):
        await do(final_words.append, held, Segment(f"word{number}", number, number + 1))
    erin = await do(User.objects.create_user, "erin@example.org", "a password of hers")
    team = await Team.objects.aget(slug="newsroom")
    await Membership.objects.acreate(team=team, user=erin, role=Role.EDITOR)
    late, hello = await open_as(session, erin, "?after=1")
    assert [segment["text"] for segment in hello["rows"]] == ["word1", "word2"]
    await late.disconnect(timeout=10)


async def test_watching_changes_nothing(session: LiveSession) -> None:
    erin = await do(User.objects.create_user, "erin@example.org", "a password of hers")
    team = await Team.objects.aget(slug="newsroom")
    await Membership.objects.acreate(team=team, user=erin, role=Role.EDITOR)
    watcher, _ = await open_as(session, erin)
    await watcher.send_to(bytes_data=(0).to_bytes(4) + frame(0))
    await watcher.send_to(text_data=STOP)
    assert await do(audio.safe_frames, session) == 0
    assert (await LiveSession.objects.aget()).status == "starting"
    await watcher.disconnect(timeout=10)


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
    assert "The server’s disk is full. Your audio is saved in this browser" in told[0]["sentence"]
    assert await speak(speaker, 5, 12) == ack(12)
    assert await do(lambda: b"".join(audio.read(session, 0, 12))) == sound(12)
    await speaker.disconnect(timeout=10)


def no_room(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(("code", "sentence"), [(errno.ENOSPC, "disk is full"), (errno.EIO, "can’t store")])
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
    await speaker.disconnect(timeout=10)


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
    await speaker.disconnect(timeout=10)


async def test_what_the_provider_missed_is_told_as_a_numbered_change(
    session: LiveSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away(Echo):
        async def drain(self) -> bool:
            await self.host.gap(0, 1_500)
            return True

    monkeypatch.setattr(provider_link, "open_link", Away)
    speaker, _ = await open_as(session, owner(session))
    await speak(speaker, 0, 20)
    await speaker.send_to(text_data=STOP)
    gap = {"type": "gap", "change": 1, "from_ms": 0, "until_ms": 1_500}
    assert [await heard(speaker) for _ in range(2)] == [gap, {"type": "finished"}]
    ended = await LiveSession.objects.aget()
    assert (ended.gaps, ended.is_whole) == ([[0, 1_500]], False)
    await speaker.disconnect(timeout=10)
