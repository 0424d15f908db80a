"""The socket of a page: events of the person's teams."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from transcripts import access
from transcripts.events import team_group
from transcripts.sockets import codes
from transcripts.sockets.base import Socket, in_thread

if TYPE_CHECKING:
    from transcripts.events import Event


class EventsConsumer(Socket):
    """Sends a person the events of all their teams. It takes no messages.

    The teams are looked up again every other second, and each event is compared with them: someone who is removed
    from a team gets nothing more of it.
    """

    teams: frozenset[int] = frozenset()
    joined: frozenset[int] = frozenset()

    async def connect(self) -> None:
        """Join the person's teams; 4401 without sign-in."""
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.refuse(codes.SIGNED_OUT)
            return
        teams = await in_thread(access.teams_by_user)({user.pk})
        await self.admit(teams[user.pk])
        self.watch_sign_in()
        await self.accept()
        # The page refetches on this, so nothing that happened before the socket stood is missed.
        await self._tell(event="ready")

    async def disconnect(self, code: int) -> None:
        """Leave the teams' groups."""
        await super().disconnect(code)
        await self.admit(frozenset())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Ignore what the page sends."""

    async def admit(self, teams: frozenset[int]) -> None:
        """Be in the groups of these teams and no others."""
        self.teams = teams
        for team_id in self.joined - teams:
            self.joined -= {team_id}
            await self.channel_layer.group_discard(team_group(team_id), self.channel_name)
        for team_id in teams - self.joined:
            await self.channel_layer.group_add(team_group(team_id), self.channel_name)
            self.joined |= {team_id}

    async def page_event(self, message: Event) -> None:
        """Pass one event on, if the person belongs to its team."""
        if message["team"] in self.teams:
            await self._tell(event=message["event"], recording=message["recording"])

    async def _tell(self, **message: Any) -> None:
        await self.send(text_data=json.dumps(message))
