"""What a team used this month, by member and in total, beside what it can use."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, F, Sum

from accounts.models import User
from transcripts.models import LiveSession, MediaFile, ProviderCall
from transcripts.models.choices import CallOutcome
from transcripts.selectors.costs import usage as costs
from transcripts.selectors.teams.frame import Frame, frame_of
from transcripts.services import quotas
from transcripts.services.live import minutes

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Team

MINUTE_MS, GB = 60_000, 10**9
FORMER = "Former members"


@dataclass(frozen=True, slots=True)
class Used:
    """Audio transcribed from files and live, in milliseconds, and bytes that are stored."""

    files_ms: int = 0
    live_ms: int = 0
    stored_bytes: int = 0

    @property
    def together_ms(self) -> int:
        """Audio of both kinds."""
        return self.files_ms + self.live_ms


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is used up, in its own unit; `most` is None without a limit."""

    name: str
    used: int
    most: int | None

    @property
    def left(self) -> int:
        """How much can still be used."""
        return max(0, (self.most or 0) - self.used)

    @property
    def permille(self) -> int:
        """How much of the limit is used, as a bar draws it."""
        return min(1000, self.used * 1000 // self.most) if self.most else 1000


@dataclass(frozen=True, slots=True)
class UsagePage:
    """What the page of the usage shows. `people` are those who used anything, most first."""

    frame: Frame
    files: Measure
    live: Measure
    storage: Measure
    people: list[tuple[str, Used]]
    month: datetime
    renews_on: datetime
    costs: costs.Totals
    limits: quotas.Limits = field(default_factory=quotas.Limits)


def page_of(user: User, slug: str) -> UsagePage:
    """Return what one of the person's teams used. Raises access.NotFound."""
    frame = frame_of(user, slug)
    limits, used = quotas.limits_of(frame.team), by_person(frame.team)
    return UsagePage(
        frame=frame,
        files=_measure("files", sum(one.files_ms for one in used.values()), limits.minutes, MINUTE_MS),
        live=_measure("live", minutes.used_ms(frame.team), limits.live_minutes, MINUTE_MS),
        storage=_measure("storage", sum(one.stored_bytes for one in used.values()), limits.storage, GB),
        people=_named(frame.team, used),
        month=quotas.month(),
        renews_on=quotas.next_month(),
        costs=costs.of_team(frame.team),
        limits=limits,
    )


def by_person(team: Team) -> dict[int | None, Used]:
    """Return what each owner of a recording used this month, by their id; None for those whose account is gone."""
    found: dict[int | None, Used] = defaultdict(Used)
    for owner, ms in _files(team):
        found[owner] = replace(found[owner], files_ms=int(ms or 0))
    for owner, ms in _live(team):
        found[owner] = replace(found[owner], live_ms=int(ms or 0))
    for owner, count in _stored(team):
        found[owner] = replace(found[owner], stored_bytes=int(count or 0))
    return found


def _files(team: Team) -> list[tuple[int | None, int | None]]:
    """Audio sent to providers, as the quota counts it."""
    calls = ProviderCall.objects.filter(
        job__recording__team=team, endpoint="upload", started_at__gte=quotas.month()
    ).exclude(outcome__in=(CallOutcome.ERROR, CallOutcome.FAILED, CallOutcome.RATE_LIMITED))
    sums = calls.order_by().values("job__recording__owner").annotate(ms=Sum("audio_ms"))
    return list(sums.values_list("job__recording__owner", "ms"))


def _live(team: Team) -> list[tuple[int | None, int | None]]:
    sessions = LiveSession.objects.filter(recording__team=team, created_at__gte=quotas.month())
    audio_ms = F("frames") * F("frame_bytes") * 1000 / (2 * F("rate_hz"))
    sums = sessions.order_by().values("owner").annotate(used=Sum(audio_ms, output_field=BigIntegerField()))
    return list(sums.values_list("owner", "used"))


def _stored(team: Team) -> list[tuple[int | None, int | None]]:
    sums = MediaFile.objects.filter(recording__team=team).order_by().values("recording__owner")
    return list(sums.annotate(count=Sum("bytes")).values_list("recording__owner", "count"))


def _measure(name: str, used: int, most: int | None, unit: int) -> Measure:
    return Measure(name, used, None if most is None else most * unit)


def _named(team: Team, used: dict[int | None, Used]) -> list[tuple[str, Used]]:
    """Name the members; what others used is one line."""
    members = {user.pk: str(user) for user in User.objects.filter(memberships__team=team)}
    rows = [(members[owner], one) for owner, one in used.items() if owner in members]
    rest = [one for owner, one in used.items() if owner not in members]
    if rest:
        former = Used(
            sum(one.files_ms for one in rest), sum(one.live_ms for one in rest), sum(one.stored_bytes for one in rest)
        )
        rows.append((FORMER, former))
    return sorted(rows, key=lambda row: -row[1].together_ms)
