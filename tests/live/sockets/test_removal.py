"""What a member has open ends with their removal from the team, and what they recorded until then stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from channels.testing import WebsocketCommunicator
from django.test import Client

from accounts.models import Membership, Role, Team, User
from project.asgi import application
from tests.live.conftest import sound
from tests.live.sockets.conftest import do, heard, open_as, owner, speak
from tests.live.sockets.test_authorization import code_of
from transcripts.services.live import audience, audio
from transcripts.services.teams import members
from transcripts.sockets import codes, watch

if TYPE_CHECKING:
    from transcripts.models import LiveSession

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (audience, watch):
        monkeypatch.setattr(module, "LOOK_EVERY_S", 0.05)


@pytest.fixture
def olga(session: LiveSession) -> User:
    """The owner of the team."""
    olga = User.objects.create_user("olga@example.org", "a password of hers")
    Membership.objects.create(team=session.recording.team, user=olga, role=Role.OWNER)
    return olga


def newsroom() -> Team:
    return Team.objects.get(slug="newsroom")


async def test_the_live_page_of_a_removed_member_ends_and_its_audio_stays(session: LiveSession, olga: User) -> None:
    speaker, _ = await open_as(session, owner(session))
    await speak(speaker, 0, 10)
    await do(members.remove, await do(newsroom), owner(session).pk, actor=olga)
    assert await code_of(speaker) in (codes.GONE, codes.VIEW_ONLY)
    await speaker.disconnect(timeout=10)
    assert await do(lambda: b"".join(audio.read(session, 0, 10))) == sound(10)


async def test_the_live_page_of_a_removed_member_who_watches_ends(session: LiveSession, olga: User) -> None:
    vera = await do(User.objects.create_user, "vera@example.org", "a password of hers")
    await do(Membership.objects.create, team=await do(newsroom), user=vera, role=Role.VIEWER)
    watcher, _ = await open_as(session, vera)
    await do(members.remove, await do(newsroom), vera.pk, actor=olga)
    assert await code_of(watcher) == codes.GONE
    await watcher.disconnect(timeout=10)


async def test_the_feed_of_a_transcript_ends_for_a_removed_member(session: LiveSession, olga: User) -> None:
    client = Client()
    await do(client.force_login, owner(session))
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    headers = [(b"cookie", cookie.encode()), (b"origin", b"http://testserver"), (b"host", b"testserver")]
    path = f"/ws/transcripts/{session.transcript_id}/?page=a1"
    feed = WebsocketCommunicator(application, path, headers=headers)
    assert (await feed.connect(timeout=10))[0]
    assert (await heard(feed))["type"] == "hello"
    await do(members.remove, await do(newsroom), owner(session).pk, actor=olga)
    assert await code_of(feed) == codes.GONE
    await feed.disconnect(timeout=10)
