"""The only publisher: small typed events for pages, sent once the transaction they tell of is committed.

Events are hints with ids. They may be dropped (Redis away, a socket too slow); the page refetches what they name
and again whenever its socket connects, so it becomes right all the same.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Literal, TypedDict

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.models import Recording

logger = logging.getLogger(__name__)

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
    """The channel layer group of everybody who watches a live session."""
    return f"live.{session_id}"


async def tell_viewers(session_id: UUID, text: str) -> None:
    """Send those who watch a live session a frame that is serialised once, here."""
    try:
        await get_channel_layer().group_send(live_group(session_id), {"type": "live.frame", "text": text})
    except Exception as error:
        # Whoever watches asks for what they missed when they come back.
        logger.warning("Viewers could not be told: %s", type(error).__name__)
