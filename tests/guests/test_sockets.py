"""The sockets of guests: the text as it changes for links that show all of it, and the end of the link for all."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.hashers import make_password
from django.test import Client

from project.asgi import application
from tests import factories
from tests.guests.conftest import LINES, PASSWORD, link_to, page_of
from tests.support.edits import set_text
from tests.support.lifespan import serving
from transcripts import clock
from transcripts.models import Share
from transcripts.models.choices import ShareLevel
from transcripts.services.live import audience
from transcripts.services.transcript.comments import threads
from transcripts.sockets import codes, watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import redis

    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def _process(
    transactional_db: None, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(audience, "LOOK_EVERY_S", 30)
    async with serving(monkeypatch):
        yield


@pytest.fixture
def transcript(transactional_db: None) -> Transcript:
    cast = factories.make_cast()
    recording = factories.make_recording(cast.team, "River dams", owner=cast.alice, duration_ms=8_000)
    return factories.make_transcript(recording, LINES)


async def do(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    return await sync_to_async(function)(*arguments, **named)


def communicator(share: Share, path: str = "", client: Client | None = None) -> WebsocketCommunicator:
    cookie = client.cookies.get("sessionid") if client else None
    headers = [(b"origin", b"http://testserver"), (b"host", b"testserver")]
    headers += [(b"cookie", f"sessionid={cookie.value}".encode())] if cookie else []
    return WebsocketCommunicator(application, f"/ws/s/{share.token}/{path}", headers=headers)


async def opened(share: Share, path: str = "", client: Client | None = None) -> WebsocketCommunicator:
    socket = communicator(share, path, client)
    assert (await socket.connect(timeout=10))[0]
    return socket


async def received(socket: WebsocketCommunicator) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await socket.receive_from(timeout=5))
    return message


async def code_of(socket: WebsocketCommunicator) -> int:
    while (output := await socket.receive_output(timeout=5))["type"] == "websocket.send":
        continue
    return int(output["code"])


def feed_of(transcript: Transcript) -> str:
    return f"transcripts/{transcript.pk}/"


def revoke(share: Share) -> None:
    Share.objects.filter(pk=share.pk).update(revoked_at=clock.now())


def expire(share: Share) -> None:
    Share.objects.filter(pk=share.pk).update(expires_at=clock.now() - timedelta(seconds=1))


def give_a_password(share: Share) -> None:
    Share.objects.filter(pk=share.pk).update(password=make_password(PASSWORD))


def show_a_stretch(share: Share) -> None:
    Share.objects.filter(pk=share.pk).update(from_ms=0, until_ms=1_000)


def show_initials(share: Share) -> None:
    Share.objects.filter(pk=share.pk).update(shows_initials=True)


def move_to_the_trash(share: Share) -> None:
    share.recording.deleted_at = clock.now()
    share.recording.save()


@pytest.mark.parametrize("end", [revoke, expire, give_a_password, show_a_stretch, show_initials, move_to_the_trash])
@pytest.mark.parametrize("has_feed", [False, True])
async def test_sockets_end_with_the_link(end: Callable[[Share], None], has_feed: bool, transcript: Transcript) -> None:
    share = await do(link_to, transcript)
    socket = await opened(share, feed_of(transcript) if has_feed else "")
    assert (await received(socket))["type"] == "hello"
    await do(end, share)
    assert await code_of(socket) == codes.GONE


@pytest.mark.parametrize(
    "fields",
    [{"from_ms": 0, "until_ms": 3_000}, {"shows_initials": True}, {"is_approved_only": True}],
    ids=["stretch", "initials", "approved only"],
)
async def test_links_that_show_less_get_no_feed_and_no_word(fields: dict[str, Any], transcript: Transcript) -> None:
    share = await do(link_to, transcript, **fields)
    assert await code_of(await opened(share, feed_of(transcript))) == codes.GONE
    socket = await opened(share)
    assert await received(socket) == {"type": "hello"}
    segment = await do(transcript.segments.get, key="s0")
    alice = await do(lambda: transcript.recording.owner)
    await do(set_text, segment, "A secret", actor=alice)
    assert await socket.receive_nothing(timeout=0.3)


async def test_a_password_is_needed_for_sockets_too(transcript: Transcript) -> None:
    share = await do(link_to, transcript, password=PASSWORD)
    for path in ("", feed_of(transcript)):
        assert await code_of(await opened(share, path)) == codes.GONE
    client = Client()
    await do(client.post, page_of(share), {"password": PASSWORD})
    for path in ("", feed_of(transcript)):
        assert (await received(await opened(share, path, client)))["type"] == "hello"


async def test_another_recordings_transcript_is_not_followed(transcript: Transcript) -> None:
    share = await do(link_to, transcript)
    other = await do(lambda: factories.make_transcript(factories.make_recording(transcript.recording.team)))
    assert await code_of(await opened(share, feed_of(other))) == codes.GONE


async def test_captions_links_get_no_feed_of_the_transcript(transcript: Transcript) -> None:
    share = await do(link_to, transcript, ShareLevel.CAPTIONS)
    assert await code_of(await opened(share, feed_of(transcript))) == codes.GONE
    assert await code_of(await opened(share)) == codes.GONE


@pytest.mark.parametrize("level", [ShareLevel.VIEW, ShareLevel.COMMENT, ShareLevel.EDIT])
async def test_the_feed_has_the_text_and_nothing_of_the_team(level: ShareLevel, transcript: Transcript) -> None:
    share = await do(link_to, transcript, level)
    socket = await opened(share, feed_of(transcript))
    hello = await received(socket)
    alice = await do(lambda: transcript.recording.owner)
    await do(type(alice).objects.filter(pk=alice.pk).update, name="")
    await do(alice.refresh_from_db)
    segment = await do(transcript.segments.get, key="s0")
    await do(set_text, segment, "Other words", actor=alice)
    edit = await received(socket)
    assert [row["text"] for row in edit["rows"]] == ["Other words"]
    assert edit["author"] == "Team member"
    for message in (hello, edit):
        assert not {"review", "markers"} & message.keys()
        assert ("conflicts" in message) == (level == ShareLevel.EDIT)


async def test_only_guests_who_can_comment_are_told_of_comments(transcript: Transcript) -> None:
    viewer, commenter = [await do(link_to, transcript, level) for level in (ShareLevel.VIEW, ShareLevel.COMMENT)]
    sockets = [await opened(share, feed_of(transcript)) for share in (viewer, commenter)]
    for socket in sockets:
        await received(socket)
    alice = await do(lambda: transcript.recording.owner)
    await do(threads.add, transcript, uuid.uuid4(), threads.Draft("Is it?", at_ms=0), actor=alice)
    assert (await received(sockets[1]))["type"] == "comments"
    assert await sockets[0].receive_nothing(timeout=0.3)
