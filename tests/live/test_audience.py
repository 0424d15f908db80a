"""Everyone who follows a transcript gets each message once, in any process, and only while they have access."""

from __future__ import annotations

import asyncio
import json
import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.db import close_old_connections, connections

from transcripts import access, events
from transcripts.services.live import audience
from transcripts.sockets.frames import text_frame

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    import redis

    from transcripts.access import Viewer


ERIN: Viewer = ("user", 1)


class Page:
    """A listener that notes what it hears."""

    def __init__(self, who: Viewer = ERIN, *, fence: int = 0) -> None:
        self.who, self.fence = who, fence
        self.lost = asyncio.Event()
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.dismissed = asyncio.Event()

    def receive_message(self, text: str, encoded: bytes) -> None:
        assert encoded == text.encode()
        self.heard.put_nowait(json.loads(text))

    def dismiss(self) -> None:
        self.dismissed.set()

    def lose(self) -> None:
        self.lost.set()

    async def next(self, kind: str) -> dict[str, Any]:
        """The next message of this kind."""
        while (message := await asyncio.wait_for(self.heard.get(), 10))["type"] != kind:
            pass
        return message


@pytest.fixture
def transcript_id(redis_client: redis.Redis) -> UUID:

    return uuid.uuid4()


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> dict[UUID, tuple[int, frozenset[Viewer]]]:
    """What the database would say of who may listen, by session; it is looked up all the time."""
    found: dict[UUID, tuple[int, frozenset[Viewer]]] = {}
    monkeypatch.setattr(access, "viewers_of", lambda transcript_ids: found)
    monkeypatch.setattr(audience, "LOOK_EVERY_S", 0.05)
    return found


@pytest.fixture
async def processes() -> AsyncIterator[tuple[audience.Audience, audience.Audience]]:
    """Two processes, as far as audiences know."""
    async with opened() as here, opened() as there:
        yield here, there


@pytest.fixture
async def here() -> AsyncIterator[audience.Audience]:
    async with opened() as one:
        yield one


@asynccontextmanager
async def opened() -> AsyncIterator[audience.Audience]:
    one = audience.Audience(str.encode)
    one.open()
    yield one
    await one.close()
    await sync_to_async(close_old_connections)()
    await sync_to_async(connections.close_all)()


async def test_what_is_told_in_one_process_is_heard_in_all_once(
    processes: tuple[audience.Audience, audience.Audience], transcript_id: UUID
) -> None:
    here, there = processes
    near, far = Page(fence=1), Page()
    await here.join(transcript_id, near)
    await there.join(transcript_id, far)
    assert (await near.next("watching"))["count"] == 1
    for number in range(5):
        here.tell(transcript_id, {"type": "partial", "text": f"word {number}"})
    for page in (near, far):
        assert [(await page.next("partial"))["text"] for _ in range(5)] == [f"word {number}" for number in range(5)]
    assert near.heard.empty()
    await here.leave(transcript_id, near)
    await there.leave(transcript_id, far)


async def test_who_comes_in_another_process_learns_what_was_told_before(
    processes: tuple[audience.Audience, audience.Audience], transcript_id: UUID
) -> None:
    here, there = processes
    near, far = Page(fence=1), Page()
    await here.join(transcript_id, near)
    here.tell(transcript_id, {"type": "edit", "change": 5})
    await there.join(transcript_id, far)
    assert await far.next("news") == {"type": "news", "change": 5}
    await here.leave(transcript_id, near)
    await there.leave(transcript_id, far)


async def test_watchers_are_counted_over_all_processes(
    allowed: dict[UUID, Any], processes: tuple[audience.Audience, audience.Audience], transcript_id: UUID
) -> None:
    allowed[transcript_id] = (0, frozenset({ERIN}))
    here, there = processes
    speaker, watcher, another = Page(fence=1), Page(), Page()
    await here.join(transcript_id, speaker)
    await here.join(transcript_id, watcher)
    assert (await speaker.next("watching"))["count"] == 1
    await there.join(transcript_id, another)
    assert (await speaker.next("watching"))["count"] == 2
    await there.leave(transcript_id, another)
    assert (await speaker.next("watching"))["count"] == 1
    for page in (speaker, watcher):
        await here.leave(transcript_id, page)


async def test_guests_hear_words_and_no_notes_of_the_team(
    here: audience.Audience, transcript_id: UUID, redis_client: redis.Redis
) -> None:
    member, guest = Page(), Page(("share", uuid.uuid4()))
    for page in (member, guest):
        await here.join(transcript_id, page)
    for message in ({"type": "marker", "note": "secret"}, {"type": "relay", "sentence": ""}, {"type": "partial"}):
        here.tell(transcript_id, message)
    assert (await member.next("marker"))["note"] == "secret"
    assert (await guest.heard.get())["type"] == "partial"
    for page in (member, guest):
        await here.leave(transcript_id, page)


async def test_who_may_not_listen_any_more_is_sent_away(
    transcript_id: UUID, allowed: dict[UUID, Any], here: audience.Audience
) -> None:
    stays, goes = Page(), Page(("user", 2))
    for page in (stays, goes):
        await here.join(transcript_id, page)
    allowed[transcript_id] = (0, frozenset({ERIN}))
    await asyncio.wait_for(goes.dismissed.wait(), 10)
    assert not stays.dismissed.is_set()
    for page in (stays, goes):
        await here.leave(transcript_id, page)


async def test_a_change_that_got_lost_on_the_way_is_told_of(
    transcript_id: UUID, allowed: dict[UUID, Any], here: audience.Audience
) -> None:
    allowed[transcript_id] = (7, frozenset({ERIN}))
    page = Page()
    await here.join(transcript_id, page)
    assert await page.next("news") == {"type": "news", "change": 7}
    await here.leave(transcript_id, page)


async def test_a_redis_that_hangs_delays_nobody_here(
    here: audience.Audience, transcript_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(events, "send_to_transcript", hang)
    page = Page()
    await here.join(transcript_id, page)
    for number in range(audience.WAITING + 10):
        here.tell(transcript_id, {"type": "partial", "text": str(number)})
    assert [(await page.next("partial"))["text"] for _ in range(3)] == ["0", "1", "2"]
    await here.leave(transcript_id, page)


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_frame_says_its_length_as_the_protocol_wants(size: int) -> None:
    made = text_frame("x" * size)
    head = {0: 2, 125: 2, 126: 4, 65_535: 4, 65_536: 10}[size]
    assert (made[0], len(made)) == (0x81, head + size)
    length = made[1] if head == 2 else int.from_bytes(made[2:head])
    assert length == size
