"""How much a team, and a person in teams that no administrator approved, may use.

Checked before something begins and never afterwards: what was taken is kept, whatever is used up in the meantime. A
team's own numbers come first; without them an approved team has no limits and any other has those of NEW_TEAM_LIMITS.
What a person began in unapproved teams is also counted together, so that more teams do not mean more room.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from accounts.models import Team
from transcripts import clock
from transcripts.models import LiveSession, MediaFile, ProviderCall, Upload
from transcripts.models.choices import OPEN_LIVE, CallOutcome, UploadStatus
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from accounts.models import User

GB = 10**9
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be used; None for as much as anyone likes.

    `storage` is in gigabytes, uploads under way included; `minutes` and `live_minutes` are of audio in a calendar
    month; `uploads` and `live` count what is open at the same time.
    """

    storage: int | None = None
    uploads: int | None = None
    minutes: int | None = None
    live_minutes: int | None = None
    live: int | None = None


class QuotaExceeded(Refused):
    """A limit is reached; the message says which and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__("quota", message)


@cache
def read_limits(text: str) -> Limits:
    """Read limits written as "storage=10,uploads=50". Raises ValueError for a name or number that is none."""
    pairs = [part.strip().partition("=") for part in text.split(",") if part.strip()]
    known = {field.name for field in fields(Limits)}
    for name, _, number in pairs:
        if name not in known or not number.isdecimal():
            raise ValueError(f"{name}={number} isn’t a limit: use {', '.join(sorted(known))} with whole numbers")
    return Limits(**{name: int(number) for name, _, number in pairs})


def limits_of(team: Team) -> Limits:
    """Return the limits of a team."""
    general = Limits() if team.is_approved else read_limits(settings.NEW_TEAM_LIMITS)
    own = {
        "storage": team.storage_gb,
        "uploads": team.open_uploads,
        "minutes": team.minutes_a_month,
        "live_minutes": team.live_minutes_a_month,
        "live": team.open_live_sessions,
    }
    return Limits(**{name: getattr(general, name) if number is None else number for name, number in own.items()})


@contextmanager
def one_at_a_time(team: Team) -> Iterator[None]:
    """Check and begin in one transaction that no other of the team comes between."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        yield


def refuse_upload(team: Team, person: User, length: int) -> None:
    """Raise QuotaExceeded if an upload of so many bytes is one too many, or too large, for the team or person."""
    for scope in _scopes(team, person):
        limits = scope.limits
        if limits.uploads is not None and scope.open_uploads() >= limits.uploads:
            raise QuotaExceeded(
                f"{scope.name} can have {limits.uploads} uploads under way at the same time, and has them already. "
                "Wait until one is complete, or cancel one."
            )
        if limits.storage is not None and scope.stored_bytes() + length > limits.storage * GB:
            raise QuotaExceeded(
                f"This file doesn’t fit: {scope.name} can store {limits.storage} GB. Delete recordings you no longer "
                "need (their room is free after 30 days in the trash), or ask an administrator for more."
            )


def refuse_minutes(team: Team, person: User | None, audio_ms: int) -> None:
    """Raise QuotaExceeded if transcribing so much audio is more than is left this month."""
    for scope in _scopes(team, person):
        most = scope.limits.minutes
        if most is not None and scope.transcribed_ms() + audio_ms > most * MINUTE_MS:
            raise QuotaExceeded(
                f"{scope.name} can have {most} minutes transcribed a month, and this recording is longer than what is "
                f"left. Try again from {next_month():%-d %B}, or ask an administrator for more."
            )


def refuse_live(team: Team, person: User) -> None:
    """Raise QuotaExceeded if the team or person has as many live sessions open as they can."""
    for scope in _scopes(team, person):
        most = scope.limits.live
        if most is not None and scope.open_live() >= most:
            sessions = "live session" if most == 1 else "live sessions"
            raise QuotaExceeded(
                f"{scope.name} can have {most} {sessions} open at the same time. End one, then start again."
            )


def stored_bytes(team: Team) -> int:
    """Return the bytes that a team has stored, and those that are announced and under way."""
    return _Scope("", Limits(), team, None).stored_bytes()


@dataclass(frozen=True, slots=True)
class _Scope:
    """A team, or all that a person began in unapproved teams. `rows` selects recordings' rows by it."""

    name: str
    limits: Limits
    team: Team | None
    person: User | None

    def open_uploads(self) -> int:
        return self._uploads().count()

    def stored_bytes(self) -> int:
        """Bytes of what is stored, and of what was announced and is under way."""
        stored = MediaFile.objects.filter(self._filter("recording__")).aggregate(all=Sum("bytes"))["all"] or 0
        announced = self._uploads().aggregate(all=Sum("length"))["all"] or 0
        return int(stored + announced)

    def transcribed_ms(self) -> int:
        """Audio sent to providers this month, in milliseconds; what a provider certainly did not take counts not."""
        calls = ProviderCall.objects.filter(
            self._filter("job__recording__"), endpoint="upload", started_at__gte=month()
        )
        taken = calls.exclude(outcome__in=(CallOutcome.ERROR, CallOutcome.FAILED, CallOutcome.RATE_LIMITED))
        return int(taken.aggregate(all=Sum("audio_ms"))["all"] or 0)

    def open_live(self) -> int:
        return LiveSession.objects.filter(self._filter("recording__"), status__in=OPEN_LIVE).count()

    def _uploads(self) -> QuerySet[Upload]:
        return Upload.objects.filter(self._filter(""), status=UploadStatus.RECEIVING)

    def _filter(self, path: str) -> Q:
        if self.team is not None:
            return Q(**{f"{path}team": self.team})
        return Q(**{f"{path}owner": self.person, f"{path}team__is_approved": False})


def _scopes(team: Team, person: User | None) -> list[_Scope]:
    scopes = [_Scope(f"The team “{team}”", limits_of(team), team, None)]
    if person is not None and not team.is_approved:
        scopes.append(_Scope("Your account", read_limits(settings.NEW_TEAM_LIMITS), None, person))
    return scopes


def month() -> datetime:
    """Return when the present calendar month began."""
    return _month(0)


def next_month() -> datetime:
    """Return when the next calendar month begins."""
    return _month(1)


def _month(after: int) -> datetime:
    now = timezone.localtime(clock.now())
    years, index = divmod(now.month - 1 + after, 12)
    first = now.replace(tzinfo=None, year=now.year + years, month=index + 1, day=1, hour=0, minute=0, second=0)
    return timezone.make_aware(first.replace(microsecond=0))
