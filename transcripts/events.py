"""The only publisher: small typed events for pages, sent once the transaction they tell of is committed.

Events are hints with ids. They may be dropped (Redis away, a socket too slow); the page refetches what they name
and again whenever its socket connects, so it becomes right all the same.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal, TypedDict
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from transcripts.models import Recording

logger = logging.getLogger(__name__)

# A Redis that takes longer is as good as away.
SEND_WITHIN_S = 2.0

EventName = Literal["recording.created", "recording.changed", "recording.deleted", "queue.changed"]


class Event(TypedDict):
    """What travels through the channel layer and, without `type`, to the page.

    `queue.changed` says that places in line of the team's waiting recordings changed; it names no recording.
    """

    type: Literal["page.event"]
    event: EventName
    team: int
    recording: str


def team_group(team_id: int) -> str:
    """The channel layer group of everybody who watches a team."""
    return f"team.{team_id}"


def publish(event: EventName, recording: Recording) -> None:
    """Tell the recording's team, once the present transaction is committed."""
    publish_to_team(event, recording.team_id, recording.pk)


def publish_to_team(event: EventName, team_id: int, recording_id: UUID | None = None) -> None:
    """Tell a team, once the present transaction is committed."""
    message = Event(type="page.event", event=event, team=team_id, recording=str(recording_id or ""))
    transaction.on_commit(lambda: _send(team_group(team_id), message), robust=True)


def _send(group: str, message: Event) -> None:
    try:
        async_to_sync(get_channel_layer().group_send)(group, message)
    except Exception as error:
        # The page finds out by itself; what was committed stands.
        logger.warning("An event could not be sent: %s", type(error).__name__)


def live_group(session_id: UUID) -> str:
    """The channel layer group of the processes in which somebody listens to a live session."""
    return f"live.{session_id}"


def publish_live(session_id: UUID, message: Mapping[str, Any]) -> None:
    """Tell whoever listens to a live session, once the present transaction is committed."""
    text = json.dumps({"text": json.dumps(message, ensure_ascii=False)}, ensure_ascii=False)
    transaction.on_commit(lambda: async_to_sync(send_live)(session_id, text), robust=True)


async def send_live(session_id: UUID, text: str) -> None:
    """Send the processes in which somebody listens to a live session a message. It may be lost."""
    message = {"type": "live.message", "session": str(session_id), "text": text}
    # Pages count the changes and ask for what they missed.
    async with _in_time("Listeners could not be told"):
        await get_channel_layer().group_send(live_group(session_id), message)


class Ear:
    """One channel for all live sessions that a process listens to. Where Redis is away, `add` is called again."""

    def __init__(self) -> None:
        self._layer = get_channel_layer()
        self._channel = ""
        self._opened = asyncio.Event()
        self._groups: set[UUID] = set()

    async def add(self, session_id: UUID) -> None:
        """Hear of this session too."""
        if session_id in self._groups:
            return
        async with _in_time("A live session is not heard from other processes"):
            if not self._channel:
                self._channel = await self._layer.new_channel()
                self._opened.set()
            await self._layer.group_add(live_group(session_id), self._channel)
            self._groups.add(session_id)

    async def discard(self, session_id: UUID) -> None:
        """Hear of this session no more."""
        if session_id in self._groups:
            self._groups.discard(session_id)
            async with _in_time("A live session could not be let go"):
                await self._layer.group_discard(live_group(session_id), self._channel)

    async def hear(self) -> tuple[UUID, str]:
        """Wait for the next message."""
        await self._opened.wait()
        message = await self._layer.receive(self._channel)
        return UUID(message["session"]), message["text"]


@asynccontextmanager
async def _in_time(sentence: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(SEND_WITHIN_S):
            yield
    except Exception as error:
        logger.warning("%s: %s", sentence, type(error).__name__)
