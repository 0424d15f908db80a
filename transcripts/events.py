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

from transcripts.models import Grant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from transcripts.models import Recording

logger = logging.getLogger(__name__)

# A Redis that takes longer is as good as away.
SEND_WITHIN_S = 2.0

EventName = Literal[
    "recording.created",
    "recording.changed",
    "recording.deleted",
    "library.changed",
    "queue.changed",
    "export.changed",
    "bulk.changed",
    "notifications.changed",
]


class Event(TypedDict):
    """What travels through the channel layer and, without `type`, to the page.

    `library.changed` says that the team gained or lost a recording by sharing. `queue.changed` says that the queue
    positions of the team's waiting recordings changed; it names no recording. `export.changed` has the id of an export
    in its place. `bulk.changed` has the id of a bulk act; it and `notifications.changed` go to a person's own team.
    """

    type: Literal["page.event"]
    event: EventName
    team: int
    recording: str


def team_group(team_id: int) -> str:
    """The channel layer group of everyone who follows a team."""
    return f"team.{team_id}"


def publish(event: EventName, recording: Recording) -> None:
    """Tell the recording's team and those it is shared with, once the current transaction is committed."""
    publish_to_team(event, recording.team_id, recording.pk)
    transaction.on_commit(lambda: _tell_grantees(event, recording), robust=True)


def _tell_grantees(event: EventName, recording: Recording) -> None:
    """Tell the teams it is shared with, and each person by their own team. Whether a grant still holds, pages ask."""
    grants = Grant.objects.on(recording).filter(revoked_at=None)
    for team_id, own_id in grants.values_list("team", "user__personal_team"):
        if follower := team_id or own_id:
            _send_to_team(event, follower, recording.pk)


def publish_to_team(event: EventName, team_id: int, recording_id: UUID | None = None) -> None:
    """Tell a team, once the current transaction is committed."""
    transaction.on_commit(lambda: _send_to_team(event, team_id, recording_id), robust=True)


def _send_to_team(event: EventName, team_id: int, recording_id: UUID | None) -> None:
    message = Event(type="page.event", event=event, team=team_id, recording=str(recording_id or ""))
    _send(team_group(team_id), message)


def _send(group: str, message: Event) -> None:
    try:
        async_to_sync(get_channel_layer().group_send)(group, message)
    except Exception as error:
        # The page refetches when its socket connects again; what was committed is kept.
        logger.warning("An event could not be sent: %s", type(error).__name__)


def transcript_group(transcript_id: UUID) -> str:
    """The channel layer group of the processes in which anyone follows a transcript's feed."""
    return f"transcript.{transcript_id}"


def publish_to_transcript(transcript_id: UUID, message: Mapping[str, Any]) -> None:
    """Tell everyone who follows a transcript, once the current transaction is committed."""
    text = json.dumps({"text": json.dumps(message, ensure_ascii=False)}, ensure_ascii=False)
    transaction.on_commit(lambda: async_to_sync(send_to_transcript)(transcript_id, text), robust=True)


async def send_to_transcript(transcript_id: UUID, text: str) -> None:
    """Send a message to the processes in which anyone follows a transcript. It may be lost."""
    message = {"type": "transcript.message", "transcript": str(transcript_id), "text": text}
    # Pages count the changes and ask for what they missed.
    async with _in_time("Viewers could not be told of a change"):
        await get_channel_layer().group_send(transcript_group(transcript_id), message)


class Subscription:
    """One channel for all transcripts that a process follows. Call `add` again if Redis was away."""

    def __init__(self) -> None:
        self._layer = get_channel_layer()
        self._channel = ""
        self._opened = asyncio.Event()
        self._groups: set[UUID] = set()

    async def add(self, transcript_id: UUID) -> None:
        """Receive this transcript's messages too."""
        if transcript_id in self._groups:
            return
        async with _in_time("A transcript could not be followed across processes"):
            if not self._channel:
                self._channel = await self._layer.new_channel()
                self._opened.set()
            await self._layer.group_add(transcript_group(transcript_id), self._channel)
            self._groups.add(transcript_id)

    async def discard(self, transcript_id: UUID) -> None:
        """Receive this transcript's messages no more."""
        if transcript_id in self._groups:
            self._groups.discard(transcript_id)
            async with _in_time("A transcript could not be left"):
                await self._layer.group_discard(transcript_group(transcript_id), self._channel)

    async def receive(self) -> tuple[UUID, str]:
        """Wait for the next message."""
        await self._opened.wait()
        message = await self._layer.receive(self._channel)
        return UUID(message["transcript"]), message["text"]


@asynccontextmanager
async def _in_time(what: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(SEND_WITHIN_S):
            yield
    except Exception as error:
        logger.warning("%s: %s", what, type(error).__name__)
