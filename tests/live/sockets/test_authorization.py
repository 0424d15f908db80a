"""Sockets end with the right to them, within seconds, also those that never receive anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import Membership, Role, Team, User
from project.asgi import application
from tests.live.conftest import sound
from tests.live.sockets.conftest import do, heard, open_as, owner, speak
from transcripts import clock
from transcripts.models import LiveSession, Share
from transcripts.services.live import audience, audio
from transcripts.services.sharing import shares
from transcripts.sockets import codes, watch

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (audience, watch):
        monkeypatch.setattr(module, "LOOK_EVERY_S", 0.05)


def sign_out(person: User) -> None:
    Session.objects.all().delete()


def let_the_session_expire(person: User) -> None:
    Session.objects.update(expire_date=clock.now())


def change_the_password(person: User) -> None:
    person.set_password("another password of theirs")
    person.save()


def lock_out(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


ENDS = [sign_out, let_the_session_expire, change_the_password, lock_out]


async def code_of(communicator: WebsocketCommunicator) -> int:
    """The code the socket closes with, whatever it says before."""
    while (output := await communicator.receive_output(timeout=10))["type"] == "websocket.send":
        assert json.loads(output["text"]).get("type") in ("clock", "watching", "resumed", None)
    return int(output["code"])


def test_it_takes_no_longer_than_five_seconds() -> None:
    """Two rounds, should one just have passed, leave a second for their queries."""
    from importlib import reload

    assert max(reload(watch).LOOK_EVERY_S, reload(audience).LOOK_EVERY_S) <= 2.0


@pytest.mark.parametrize("end", ENDS)
async def test_an_events_socket_ends_with_the_sign_in(session: LiveSession, end: Callable[[User], None]) -> None:
    client = Client()
    await sync_to_async(client.force_login)(owner(session))
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    headers = [(b"cookie", cookie.encode()), (b"origin", b"http://testserver"), (b"host", b"testserver")]
    communicator = WebsocketCommunicator(application, "/ws/events/", headers=headers)
    assert (await communicator.connect(timeout=10))[0]
    await do(end, owner(session))
    assert await code_of(communicator) == codes.SIGNED_OUT
    await communicator.disconnect(timeout=10)


@pytest.mark.parametrize("end", ENDS)
async def test_recording_ends_with_the_sign_in_and_keeps_what_was_acknowledged(
    session: LiveSession, end: Callable[[User], None]
) -> None:
    speaker, _ = await open_as(session, owner(session))
    await speak(speaker, 0, 10)
    await do(end, owner(session))
    assert await code_of(speaker) == codes.SIGNED_OUT
    await speaker.disconnect(timeout=10)
    assert await do(lambda: b"".join(audio.read(session, 0, 10))) == sound(10)


async def test_a_demotion_stops_the_microphone_and_keeps_what_was_acknowledged(session: LiveSession) -> None:
    speaker, _ = await open_as(session, owner(session))
    await speak(speaker, 0, 10)
    await Membership.objects.filter(user=owner(session), team__slug="newsroom").aupdate(role=Role.VIEWER)
    assert await code_of(speaker) == codes.VIEW_ONLY
    await speaker.disconnect(timeout=10)
    assert await do(lambda: b"".join(audio.read(session, 0, 10))) == sound(10)
    # What is left is to watch
    watcher, hello = await open_as(session, owner(session))
    assert not hello["holds"]
    await watcher.disconnect(timeout=10)


async def test_a_team_that_begins_to_require_two_steps_stops_the_microphone(session: LiveSession) -> None:
    speaker, _ = await open_as(session, owner(session))
    await speak(speaker, 0, 10)
    await Team.objects.filter(slug="newsroom").aupdate(requires_second_factor=True)
    assert await code_of(speaker) == codes.GONE
    await speaker.disconnect(timeout=10)
    assert await do(lambda: b"".join(audio.read(session, 0, 10))) == sound(10)


async def test_a_demotion_does_not_end_the_socket_of_someone_who_watches(session: LiveSession) -> None:
    erin = await do(User.objects.create_user, "erin@example.org", "a password of hers")
    team = await Team.objects.aget(slug="newsroom")
    await Membership.objects.acreate(team=team, user=erin, role=Role.EDITOR)
    watcher, _ = await open_as(session, erin)
    await Membership.objects.filter(user=erin, team=team).aupdate(role=Role.VIEWER)
    speaker, _ = await open_as(session, owner(session))
    await speak(speaker, 0, 5)
    await speaker.send_to(text_data='{"type": "stop"}')
    kinds: list[str] = []
    while "finished" not in kinds:
        kinds.append((await heard(watcher))["type"])
    assert kinds[-1] == "finished"
    await speaker.disconnect(timeout=10)
    await watcher.disconnect(timeout=10)


def revoke(share: Share) -> None:
    shares.revoke(share, actor=User.objects.get(email="alice@example.org"))


def expire(share: Share) -> None:
    Share.objects.update(expires_at=clock.now())


@pytest.mark.parametrize("end", [revoke, expire])
async def test_captions_end_with_their_link(session: LiveSession, end: Callable[[Share], None]) -> None:
    share = await do(shares.share_captions, session.recording, actor=owner(session), lifetime="day")
    headers = [(b"origin", b"http://testserver"), (b"host", b"testserver")]
    guest = WebsocketCommunicator(application, f"/ws/captions/{share.token}/", headers=headers)
    assert (await guest.connect(timeout=10))[0]
    assert (await heard(guest))["type"] == "hello"
    await do(end, share)
    assert await code_of(guest) == codes.GONE
    await guest.disconnect(timeout=10)
