"""Sockets: events out."""

from __future__ import annotations

import time
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from transcripts import access
from transcripts.events import Event, team_group

# How long a membership may be believed before it is looked up again, seconds.
TRUST_S = 5.0


class EventsConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Sends a person the events of all their teams. It takes no messages.

    Membership is looked up again at delivery, so whoever is put out of a team hears nothing more of it.
    """

    teams: frozenset[int] = frozenset()
    joined: frozenset[int] = frozenset()
    checked_at = 0.0

    async def connect(self) -> None:
        """Join the person's teams; refuse strangers."""
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(code=4401)
            return
        self.user_id = user.pk
        await self._look_up()
        self.joined = self.teams
        for team_id in self.joined:
            await self.channel_layer.group_add(team_group(team_id), self.channel_name)
        await self.accept()
        # The page refetches on this, so nothing that happened before the socket stood is missed.
        await self.send_json({"event": "ready"})

    async def disconnect(self, code: int) -> None:
        """Leave the teams' groups."""
        for team_id in self.joined:
            await self.channel_layer.group_discard(team_group(team_id), self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Ignore what the page sends."""

    async def page_event(self, message: Event) -> None:
        """Pass one event on, if the person still belongs to its team."""
        if time.monotonic() - self.checked_at > TRUST_S:
            await self._look_up()
        if message["team"] in self.teams:
            await self.send_json({"event": message["event"], "recording": message["recording"]})

    async def _look_up(self) -> None:
        self.teams = frozenset(await database_sync_to_async(access.team_ids_of)(self.user_id))
        self.checked_at = time.monotonic()
