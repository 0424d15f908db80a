"""Teams against their limits: those that have used most of their minutes this month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q, Sum
from django.urls import reverse

from accounts.models import Team
from transcripts.models import ProviderCall
from transcripts.models.choices import CallOutcome
from transcripts.services import quotas

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = 5
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class TeamUse:
    """Minutes that a team has used of its limit this month."""

    team: Team
    used: int
    most: int

    @property
    def percent(self) -> int:
        """How much of it is used."""
        return min(100, self.used * 100 // max(1, self.most))

    @property
    def href(self) -> str:
        """Where its limit is changed."""
        return reverse("admin:accounts_team_change", args=[self.team.pk])


def nearest_to_their_limits() -> list[TeamUse]:
    """Return the teams that have used most of what they can, in two queries."""
    limited = Q(minutes_a_month__isnull=False)
    if quotas.read_limits(settings.NEW_TEAM_LIMITS).minutes is not None:
        limited |= Q(is_approved=False)
    teams = list(Team.objects.filter(limited))
    # Calls of a month are many: only those of teams with a limit are added up
    used = _minutes_used(teams) if teams else {}
    found = [use for team in teams if team.pk in used and (use := _use(team, used)) is not None]
    return sorted(found, key=lambda use: -use.percent)[:SHOWN]


def _minutes_used(teams: list[Team]) -> dict[int, int]:
    """Audio sent to providers this month by team, as the quotas count it."""
    calls = ProviderCall.objects.filter(
        endpoint="upload", started_at__gte=quotas.month(), job__recording__team__in=teams
    )
    sums = calls.exclude(outcome__in=(CallOutcome.ERROR, CallOutcome.FAILED)).order_by().values("job__recording__team")
    rows = sums.annotate(ms=Sum("audio_ms")).order_by("-ms").values_list("job__recording__team", "ms")
    return {team: int(ms or 0) // MINUTE_MS for team, ms in rows[:500]}


def _use(team: Team, used: Mapping[int, int]) -> TeamUse | None:
    most = quotas.limits_of(team).minutes
    return None if most is None else TeamUse(team, used.get(team.pk, 0), most)
