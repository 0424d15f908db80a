"""Teams against their limits: those that have used most of their minutes this month, or of their storage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q, Sum
from django.urls import reverse

from accounts.models import Team
from transcripts.models import MediaFile, ProviderCall
from transcripts.models.choices import CallOutcome
from transcripts.selectors.operations.parts import at_second, list_href
from transcripts.services import quotas

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = 5
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class TeamUse:
    """What a team has used of a limit: minutes this month, or gigabytes stored. `list_href` has what was counted."""

    team: Team
    used: int
    most: int
    unit: str
    list_href: str

    @property
    def percent(self) -> int:
        """How much of it is used."""
        return min(100, self.used * 100 // max(1, self.most))

    @property
    def href(self) -> str:
        """Where its limit is changed."""
        return reverse("admin:accounts_team_change", args=[self.team.pk])


def nearest_to_their_limits() -> list[TeamUse]:
    """Return the teams that have used most of what they can, in three queries."""
    limited = Q(minutes_a_month__isnull=False) | Q(storage_gb__isnull=False)
    new = quotas.read_limits(settings.NEW_TEAM_LIMITS)
    if new.minutes is not None or new.storage is not None:
        limited |= Q(is_approved=False)
    limits = {team: quotas.limits_of(team) for team in Team.objects.filter(limited)}
    # Calls and files are many: only those of teams with a limit are added up
    timed = [team for team, most in limits.items() if most.minutes is not None]
    stored = [team for team, most in limits.items() if most.storage is not None]
    found = [*_minutes(timed, limits), *_stored(stored, limits)]
    return sorted(found, key=lambda use: -use.percent)[:SHOWN]


def _minutes(teams: list[Team], limits: Mapping[Team, quotas.Limits]) -> list[TeamUse]:
    used, since = _minutes_used(teams) if teams else {}, at_second(quotas.month())
    return [
        TeamUse(
            team, used[team.pk], limits[team].minutes or 0, "min",
            list_href("providercall", endpoint="upload", team=team.pk, started_at__gte=since),
        )
        for team in teams
        if team.pk in used
    ]  # fmt: skip


def _stored(teams: list[Team], limits: Mapping[Team, quotas.Limits]) -> list[TeamUse]:
    """Gigabytes of the files of each team; what is under way is counted once it has arrived."""
    if not teams:
        return []
    files = MediaFile.objects.filter(recording__team__in=teams).order_by().values("recording__team")
    used = dict(files.annotate(all=Sum("bytes")).values_list("recording__team", "all"))
    return [
        TeamUse(
            team, used[team.pk] // quotas.GB, limits[team].storage or 0, "GB",
            list_href("mediafile", team=team.pk),
        )
        for team in teams
        if team.pk in used
    ]  # fmt: skip


def _minutes_used(teams: list[Team]) -> dict[int, int]:
    """Audio sent to providers this month by team, as the quotas count it."""
    calls = ProviderCall.objects.filter(
        endpoint="upload", started_at__gte=quotas.month(), job__recording__team__in=teams
    )
    sums = calls.exclude(outcome__in=(CallOutcome.ERROR, CallOutcome.FAILED)).order_by().values("job__recording__team")
    rows = sums.annotate(ms=Sum("audio_ms")).order_by("-ms").values_list("job__recording__team", "ms")
    return {team: int(ms or 0) // MINUTE_MS for team, ms in rows[:500]}
