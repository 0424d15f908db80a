"""Events reach the pages of the team, and of nobody else."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth import SESSION_KEY
from django.test import Client

from accounts.models import Membership, Role, Team, User
from project.asgi import application
from tests.support.lifespan import serving
from transcripts import access, events
from transcripts.models import Recording
from transcripts.sockets import codes, watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import redis

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def _process(
    transactional_db: None, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    async with serving(monkeypatch):
        yield


@pytest.fixture
def newsroom(transactional_db: None, redis_client: redis.Redis) -> Team:
    return Team.objects.create(name="Newsroom", slug="newsroom")


def member(team: Team, email: str = "vera@example.org") -> User:
    person = User.objects.create_user(email, "a password of theirs")
    Membership.objects.create(team=team, user=person, role=Role.VIEWER)
    return person


def cookie_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    assert SESSION_KEY in client.session
    return f"sessionid={client.cookies['sessionid'].value}"


def socket(cookie: str = "", origin: str = "http://testserver") -> WebsocketCommunicator:
    headers = [(b"cookie", cookie.encode()), (b"origin", origin.encode()), (b"host", b"testserver")]
    return WebsocketCommunicator(application, "/ws/events/", headers=headers)


async def opened(person: User) -> WebsocketCommunicator:
    communicator = socket(await do(cookie_of, person))
    connected, _ = await communicator.connect(timeout=10)
    assert connected
    assert await heard(communicator) == {"event": "ready"}
    return communicator


async def heard(communicator: WebsocketCommunicator) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await communicator.receive_from(timeout=10))
    return message


async def do(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run in a thread, where the database may be used."""
    return await database_sync_to_async(function)(*args, **kwargs)


def publish(team: Team, event: events.EventName = "recording.changed") -> Recording:
    recording = Recording.objects.create(team=team, title="Interview", filename="a.wav")
    events.publish(event, recording)
    return recording


async def test_a_member_hears_of_their_team(newsroom: Team) -> None:
    communicator = await opened(await do(member, newsroom))
    recording = await do(publish, newsroom)
    assert await heard(communicator) == {"event": "recording.changed", "recording": str(recording.pk)}
    await communicator.disconnect(timeout=10)


async def test_an_outsider_hears_nothing(newsroom: Team) -> None:
    charlie = await do(User.objects.create_user, "charlie@example.org", "a password of his")
    communicator = await opened(charlie)
    await do(publish, newsroom)
    own = await do(publish, charlie.personal_team, "recording.created")
    assert await heard(communicator) == {"event": "recording.created", "recording": str(own.pk)}
    await communicator.disconnect(timeout=10)


async def test_someone_removed_from_a_team_gets_no_more_of_its_events(
    newsroom: Team, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 0.02)
    vera = await do(member, newsroom)
    communicator = await opened(vera)
    assert watched(redis_client, newsroom)
    await do(Membership.objects.filter(team=newsroom).delete)
    while watched(redis_client, newsroom):
        await asyncio.sleep(0.01)
    await do(publish, newsroom)
    own = await do(publish, vera.personal_team)
    assert (await heard(communicator))["recording"] == str(own.pk)
    await communicator.disconnect(timeout=10)


async def test_a_team_that_begins_to_require_two_steps_tells_nothing_more_to_members_without(
    newsroom: Team, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 0.02)
    communicator = await opened(await do(member, newsroom))
    assert watched(redis_client, newsroom)
    await do(Team.objects.filter(pk=newsroom.pk).update, requires_second_factor=True)
    while watched(redis_client, newsroom):
        await asyncio.sleep(0.01)
    await communicator.disconnect(timeout=10)


async def test_someone_added_to_a_team_gets_its_events(
    newsroom: Team, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 0.02)
    charlie = await do(User.objects.create_user, "charlie@example.org", "a password of his")
    communicator = await opened(charlie)
    await do(Membership.objects.create, team=newsroom, user=charlie, role=Role.VIEWER)
    while not watched(redis_client, newsroom):
        await asyncio.sleep(0.01)
    recording = await do(publish, newsroom)
    assert (await heard(communicator))["recording"] == str(recording.pk)
    await communicator.disconnect(timeout=10)


def test_whoever_may_not_sign_in_any_more_has_no_teams_to_hear_of(newsroom: Team) -> None:
    vera = member(newsroom)
    assert newsroom.pk in access.teams_by_user({vera.pk})[vera.pk]
    assert newsroom.pk in access.team_ids_of(vera.pk)
    User.objects.filter(pk=vera.pk).update(is_active=False)
    assert access.team_ids_of(vera.pk) == []
    assert access.teams_by_user({vera.pk}) == {vera.pk: frozenset()}


async def test_a_socket_that_closes_leaves_every_group(newsroom: Team, redis_client: redis.Redis) -> None:
    communicator = await opened(await do(member, newsroom))
    assert watched(redis_client, newsroom)
    await communicator.disconnect(timeout=10)
    assert not watched(redis_client, newsroom)


def watched(client: redis.Redis, team: Team) -> bool:
    """Whether anybody listens to the team's events."""
    channels: list[Any] = client.pubsub_channels()
    return any(channel.endswith(events.team_group(team.pk).encode()) for channel in channels)


async def test_strangers_get_a_socket_that_says_why_it_closes(newsroom: Team) -> None:
    communicator = socket()
    connected, _ = await communicator.connect(timeout=10)
    assert connected
    assert await communicator.receive_output(timeout=10) == {"type": "websocket.close", "code": codes.SIGNED_OUT}


async def test_a_page_of_another_site_gets_no_socket(newsroom: Team) -> None:
    cookie = await do(cookie_of, await do(member, newsroom))
    communicator = socket(cookie, origin="https://evil.example")
    connected, _ = await communicator.connect(timeout=10)
    assert not connected


async def test_a_socket_that_hears_nothing_for_a_while_lives_on(newsroom: Team) -> None:
    """Redis clients give up reads after five seconds unless they are told not to."""
    communicator = await opened(await do(member, newsroom))
    await asyncio.sleep(6)
    await do(publish, newsroom)
    assert (await heard(communicator))["event"] == "recording.changed"
    await communicator.disconnect(timeout=10)


async def test_nothing_is_said_of_what_was_rolled_back(newsroom: Team) -> None:
    from django.db import transaction

    def roll_back() -> None:
        try:
            with transaction.atomic():
                publish(newsroom)
                raise ValueError
        except ValueError:
            pass

    communicator = await opened(await do(member, newsroom))
    await do(roll_back)
    kept = await do(publish, newsroom, "recording.created")
    assert await heard(communicator) == {"event": "recording.created", "recording": str(kept.pk)}
    await communicator.disconnect(timeout=10)


async def test_what_the_page_says_is_ignored(newsroom: Team) -> None:
    communicator = await opened(await do(member, newsroom))
    await communicator.send_to(text_data='{"anything": 1}')
    await do(publish, newsroom)
    assert (await heard(communicator))["event"] == "recording.changed"
    await communicator.disconnect(timeout=10)


def test_a_change_stands_though_nobody_can_be_told(newsroom: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        async def group_send(self, *_: object) -> None:
            raise ConnectionError

    monkeypatch.setattr(events, "get_channel_layer", Away)
    recording = publish(newsroom)
    assert Recording.objects.filter(pk=recording.pk).exists()
