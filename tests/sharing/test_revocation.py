"""What is open when access is revoked: the socket of the page, and a file that is being sent."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import connections
from django.test import AsyncClient, Client

from project.asgi import application
from tests import factories
from tests.live.sockets.test_authorization import code_of
from tests.sharing.conftest import PLACES
from tests.support.lifespan import serving
from transcripts.models import Folder, Grant, MediaFile, Recording
from transcripts.models.choices import MediaKind
from transcripts.services import storage
from transcripts.services.live import audience
from transcripts.services.sharing import folder_links, grants, shares
from transcripts.sockets import codes
from transcripts.views.media import ranges

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import redis

    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db(transaction=True)

MEDIA_ASKED_EVERY_S, FEEDS_LOOKED_UP_EVERY_S = ranges.ASK_EVERY_S, audience.LOOK_EVERY_S
CONTENT = random.Random(11).randbytes(3 * ranges.BLOCK_BYTES)


@pytest.fixture
def cast(transactional_db: None, redis_client: redis.Redis) -> Cast:
    return factories.make_cast()


@pytest.fixture(autouse=True)
async def _process(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(audience, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(ranges, "ASK_EVERY_S", 0.0)
    async with serving(monkeypatch):
        yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def shared(cast: Cast, transcript: Transcript) -> Grant:
    """Charlie, a colleague of Alice's, can read the transcript and listen."""
    factories.make_team("Court desk", owner=cast.alice, viewer=cast.charlie)
    name = f"tests/{transcript.recording_id}-original"
    storage.path_of(name).parent.mkdir(parents=True, exist_ok=True)
    storage.path_of(name).write_bytes(CONTENT)
    MediaFile.objects.create(
        recording=transcript.recording,
        kind=MediaKind.ORIGINAL,
        storage_name=name,
        bytes=len(CONTENT),
        content_type="audio/mpeg",
    )
    grants.share(transcript.recording, "charlie@example.org", grants.Terms("view"), actor=cast.alice, places=PLACES)
    return Grant.objects.get()


def cookie_of(cast: Cast) -> str:
    client = Client()
    client.force_login(cast.charlie)
    return f"sessionid={client.cookies['sessionid'].value}"


def parts_of(response: Any) -> AsyncIterator[bytes]:
    """Return the parts of an answer as they are sent."""
    parts: AsyncIterator[bytes] = aiter(response)
    return parts


async def test_the_open_page_of_a_person_closes(cast: Cast, transcript: Transcript, shared: Grant) -> None:
    cookie = await sync_to_async(cookie_of)(cast)
    headers = [(b"cookie", cookie.encode()), (b"origin", b"http://testserver"), (b"host", b"testserver")]
    page = WebsocketCommunicator(application, f"/ws/transcripts/{transcript.pk}/", headers=headers)
    assert (await page.connect(timeout=10))[0]
    while json.loads(await page.receive_from(timeout=10))["type"] != "hello":
        pass
    await sync_to_async(grants.revoke)(transcript.recording, shared.pk, actor=cast.alice)
    assert await code_of(page) == codes.GONE
    await page.disconnect()


async def test_a_file_ends_where_access_was_revoked(cast: Cast, transcript: Transcript, shared: Grant) -> None:
    client = AsyncClient()
    await client.aforce_login(cast.charlie)
    address = f"/recordings/{transcript.recording_id}/media/"
    blocks = parts_of(await client.get(address))
    assert await anext(blocks) == CONTENT[: ranges.BLOCK_BYTES]
    await sync_to_async(grants.revoke)(transcript.recording, shared.pk, actor=cast.alice)
    assert [block async for block in blocks] == []
    for asked in ({}, {"Range": "bytes=100-200"}):
        assert (await client.get(address, headers=asked)).status_code == 404


async def test_a_file_is_sent_whole_while_access_lasts(cast: Cast, transcript: Transcript, shared: Grant) -> None:
    client = AsyncClient()
    await client.aforce_login(cast.charlie)
    response = await client.get(f"/recordings/{transcript.recording_id}/media/")
    assert b"".join([block async for block in parts_of(response)]) == CONTENT


async def test_it_takes_no_longer_than_five_seconds() -> None:
    assert max(MEDIA_ASKED_EVERY_S, FEEDS_LOOKED_UP_EVERY_S) <= 2.0


@pytest.mark.parametrize("end", ["revoked", "left the folder"])
async def test_the_file_of_a_guest_ends_with_the_link(
    cast: Cast, transcript: Transcript, shared: Grant, end: str
) -> None:
    folder = await Folder.objects.acreate(team=cast.team, name="Court")
    mine = Recording.objects.filter(pk=transcript.recording_id)
    await mine.aupdate(folder=folder)
    recording = await mine.select_related("team").aget()
    made = await sync_to_async(folder_links.create)(folder, shares.Options(), actor=cast.alice)
    link = await sync_to_async(folder_links.share_of)(made, recording)
    blocks = parts_of(await AsyncClient().get(f"/s/{link.token}/media/"))
    assert await anext(blocks) == CONTENT[: ranges.BLOCK_BYTES]
    if end == "revoked":
        await sync_to_async(folder_links.revoke)(folder, made.pk, actor=cast.alice)
    else:
        await mine.aupdate(folder=None)
    assert [block async for block in blocks] == []
    assert (await AsyncClient().get(f"/s/{link.token}/media/")).status_code == 404
