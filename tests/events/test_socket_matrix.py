"""The access matrix of sockets: every route of the project with everyone, and every state of a link.

A new route fails until it has cells. Who may not open a socket is told by the code that it closes with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator

from project import routing
from project.asgi import application
from tests import factories
from tests.guests.test_cells import COLUMNS as LINKS
from tests.guests.test_cells import link_for
from tests.support.lifespan import serving
from tests.views.conftest import client_of
from tests.views.test_access_matrix import ACTORS
from tests.views.things import make_things
from transcripts.sockets import codes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import redis
    from django.test import Client

    from tests.factories import Cast

pytestmark = pytest.mark.django_db(transaction=True)

OPEN, IN, OUT = 0, codes.SIGNED_OUT, codes.GONE
# For those who sign in; what belongs to a link is the same for all who have that, and asked below
NAMED = ("ws/events/", "ws/live/<uuid:session_id>/", "ws/transcripts/<uuid:transcript_id>/")
MEMBERS = (OPEN, OPEN, OPEN)
STRANGERS = (OPEN, OUT, OUT)
PEOPLE: dict[str, tuple[int, int, int]] = {
    "nobody": (IN, IN, IN),
    "deactivated": (IN, IN, IN),
    "outsider": STRANGERS,
    "operator": STRANGERS,
    "removed": STRANGERS,
    "grant expired": STRANGERS,
    "grant revoked": STRANGERS,
    "viewer": MEMBERS,
    "editor": MEMBERS,
    "owner": MEMBERS,
    "commenter": MEMBERS,
    "admin": MEMBERS,
    "demoted": MEMBERS,
    "granted view": MEMBERS,
    "granted comment": MEMBERS,
    "granted edit": MEMBERS,
    "folder granted": MEMBERS,
}
LINKED = ("ws/captions/<str:token>/", "ws/s/<str:token>/", "ws/s/<str:token>/transcripts/<uuid:transcript_id>/")
# Captions are of a live session, which the recording here is not; a feed has the text as it is.
GUESTS: dict[str, tuple[int, int, int]] = {
    **dict.fromkeys(("nothing", "expired", "revoked", "wrong password", "no password", "captions"), (OUT, OUT, OUT)),
    **dict.fromkeys(("stretch", "initials", "approved only"), (OUT, OPEN, OUT)),
    **dict.fromkeys(("view", "comment", "edit"), (OUT, OPEN, OPEN)),
}


@pytest.fixture(autouse=True)
async def _process(
    transactional_db: None, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    async with serving(monkeypatch):
        yield


@pytest.fixture
def cast(transactional_db: None, redis_client: redis.Redis) -> Cast:
    return factories.make_cast()


@pytest.fixture
def things(cast: Cast) -> dict[str, Any]:
    return make_things(cast)


def client_for(actor: str, cast: Cast, things: dict[str, Any]) -> Client:
    people = {"nobody": None, "outsider": cast.charlie, "viewer": cast.vera, "editor": cast.erin, "owner": cast.alice}
    return client_of(people[actor]) if actor in people else ACTORS[actor][0](cast, things)


async def code_of(route: str, named: dict[str, Any], client: Client) -> int:
    """What a socket closes with; OPEN if it greets."""
    path = "/" + route
    for name, value in named.items():
        path = path.replace(f"<str:{name}>", str(value)).replace(f"<uuid:{name}>", str(value))
    cookie = client.cookies.get("sessionid")
    headers = [(b"origin", b"http://testserver"), (b"host", b"testserver")]
    headers += [(b"cookie", f"sessionid={cookie.value}".encode())] if cookie else []
    socket = WebsocketCommunicator(application, path, headers=headers)
    assert (await socket.connect(timeout=10))[0]
    first = await socket.receive_output(timeout=10)
    await socket.disconnect()
    return OPEN if first["type"] == "websocket.send" else int(first["code"])


def test_every_socket_has_cells() -> None:
    assert {str(one.pattern) for one in routing.websocket_urlpatterns} == {*NAMED, *LINKED}
    assert set(PEOPLE) >= set(ACTORS)
    assert set(GUESTS) == set(LINKS)


@pytest.mark.parametrize("actor", PEOPLE)
async def test_each_socket_opens_to_those_who_may(actor: str, cast: Cast, things: dict[str, Any]) -> None:
    client = await sync_to_async(client_for)(actor, cast, things)
    answers = tuple([await code_of(route, things, client) for route in NAMED])
    assert answers == PEOPLE[actor]


@pytest.mark.parametrize("state", GUESTS)
async def test_each_socket_of_guests_opens_by_what_the_link_allows(state: str, cast: Cast) -> None:
    recording = await sync_to_async(factories.make_recording)(cast.team, owner=cast.alice, duration_ms=8_000)
    transcript = await sync_to_async(factories.make_transcript)(recording)
    share = await sync_to_async(link_for)(state, transcript)
    named = {"token": "unknown" if state == "nothing" else share.token, "transcript_id": transcript.pk}
    client = client_of(None)
    answers = tuple([await code_of(route, named, client) for route in LINKED])
    assert answers == GUESTS[state]
