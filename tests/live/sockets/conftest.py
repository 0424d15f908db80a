"""A live session whose sockets are spoken to as pages do, with a relay that hears a word in every fifth frame."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client

from accounts.models import Membership, Role, Team, User
from project.asgi import application
from tests.live.conftest import frame
from tests.support.lifespan import serving
from transcripts.document import Segment, Timing, Word
from transcripts.services.live import lifecycle, provider_link
from transcripts.services.provider_accounts import environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import redis

    from transcripts.models import LiveSession
    from transcripts.providers.base import Connection
    from transcripts.services.live.session_host import SessionHost


# With blanks, as any JSON library may write it.
STOP, GO_ON = '{"type": "stop"}', '{ "type" : "go_on" }'


class Echo:
    """A link that brings a word for every fifth frame, as soon as it is on disk."""

    def __init__(self, host: SessionHost, _: Connection) -> None:
        self.host = host
        self.heard = host.session.final_until_ms // 100

    def feed(self, position_ms: int, sound: bytes) -> None:
        """Nothing is heard before somebody waits for it."""

    async def drain(self) -> bool:
        while self.heard + 5 <= self.host.writer.wanted:
            begin, self.heard = self.heard, self.heard + 5
            text = f"word{begin // 5}"
            word = Word(text, begin * 100, begin * 100 + 500, 0.9, Timing.MEASURED)
            await self.host.partial(Segment(text), sent_until_ms=begin * 100)
            await self.host.final(Segment(text, begin * 100, begin * 100 + 500, None, (word,)))
        return True

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(autouse=True)
async def _process(
    transactional_db: None, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    async with serving(monkeypatch):
        yield


@pytest.fixture(autouse=True)
def _echo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_link, "open_link", Echo)


@pytest.fixture
def session(transactional_db: None, redis_client: redis.Redis) -> LiveSession:
    environment.from_environment()
    alice = User.objects.create_user("alice@example.org", "a password of hers")
    team = Team.objects.create(name="Newsroom", slug="newsroom")
    Membership.objects.create(team=team, user=alice, role=Role.EDITOR)
    return lifecycle.start(owner=alice, team=team, title="Meeting")


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


async def open_as(
    session: LiveSession, person: User, query: str = "?page=a1&take=1"
) -> tuple[WebsocketCommunicator, dict[str, Any]]:
    communicator = await do(socket, session, person, query)
    connected, _ = await communicator.connect(timeout=10)
    assert connected
    return communicator, await heard(communicator)


async def refusal(communicator: WebsocketCommunicator) -> int:
    """The code that a page hears where there is no socket for it; a browser hears none before it is accepted."""
    connected, _ = await communicator.connect(timeout=10)
    assert connected
    output = await communicator.receive_output(timeout=10)
    assert output["type"] == "websocket.close"
    return int(output["code"])


def ack(wanted: int) -> dict[str, Any]:
    """What is answered to a frame. How much of it is synced by then is a matter of seconds."""
    return {"type": "ack", "next": wanted}


async def speak(communicator: WebsocketCommunicator, first: int, end: int) -> dict[str, Any]:
    message: dict[str, Any] = {}
    for number in range(first, end):
        await communicator.send_to(bytes_data=number.to_bytes(4) + frame(number))
        message = await heard(communicator)
        if message["type"] == "ack":
            assert 0 <= message.pop("synced") <= message["next"]
    return message


def owner(session: LiveSession) -> User:
    assert session.owner is not None
    return session.owner
