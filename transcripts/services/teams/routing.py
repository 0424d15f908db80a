"""What a team decides about its providers: its rules, and whether its audio stays on this instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import Team
from transcripts.models import TeamDefaults
from transcripts.services import activities
from transcripts.services.pipeline.routing import rounds
from transcripts.services.provider_accounts.routing import changes

if TYPE_CHECKING:
    from accounts.models import User


def keep_audio(team: Team, *, keeps: bool, actor: User) -> None:
    """Say whether nothing of the team is sent outside; what waits is moved, or waits, immediately."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        TeamDefaults.objects.update_or_create(team=team, defaults={"keeps_audio": keeps})
        verb = "team:audio_kept" if keeps else "team:audio_released"
        activities.record_for_team(verb, team, actor=actor)
    rounds.move_of_team(team.pk)


@transaction.atomic
def add(team: Team, account_id: str, *, language: str, media: str, actor: User) -> None:
    """Add a rule of the team. Raises Refused."""
    route = changes.add(team, account_id, language=language, media=media)
    activities.record_for_team("team:routes_changed", team, actor=actor, added=str(route))


@transaction.atomic
def remove(team: Team, route_id: int, *, actor: User) -> None:
    """Remove a rule of the team. Raises Refused."""
    route = changes.remove(team, route_id)
    activities.record_for_team("team:routes_changed", team, actor=actor, removed=str(route))


@transaction.atomic
def shift(team: Team, route_id: int, by: int, *, actor: User) -> None:
    """Move a rule of the team up or down. Raises Refused."""
    route = changes.shift(team, route_id, by)
    activities.record_for_team("team:routes_changed", team, actor=actor, moved=str(route))
