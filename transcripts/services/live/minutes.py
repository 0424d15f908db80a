"""How many minutes of live speech a team has used this month, and what is said where none are left.

What counts is the sound of the team's sessions that began in this calendar month, those that go on included, whether a
provider heard it or not. A session that runs over the end of a month belongs to the month it began in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, F, Sum
from django.utils import timezone

from transcripts import clock
from transcripts.models import LiveSession
from transcripts.services import processing

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Team

MINUTE_MS = 60_000


def in_words(count: int) -> str:
    """So many minutes, as people say it."""
    return "1 minute" if count == 1 else f"{count} minutes"


def used_ms(team: Team) -> int:
    """How much live speech the team has used this month, in milliseconds."""
    begun = LiveSession.objects.filter(recording__team=team, created_at__gte=_month())
    sound_ms = F("frames") * F("frame_bytes") * 1000 / (2 * F("rate_hz"))
    return begun.aggregate(used=Sum(sound_ms, output_field=BigIntegerField()))["used"] or 0


def left_ms(team: Team) -> int | None:
    """How much the team may still use this month, in milliseconds; None where nobody counts."""
    if team.live_minutes_a_month is None:
        return None
    return team.live_minutes_a_month * MINUTE_MS - used_ms(team)


def refuse_without(team: Team) -> None:
    """Raise processing.Refused where the team has no minute left."""
    left = left_ms(team)
    if left is not None and left <= 0:
        raise processing.Refused(
            f"The {team.live_minutes_a_month} minutes of live speech that {team} has each month are used up. They "
            f"renew on {_month(after=1):%-d %B}. Until then upload recordings, or ask an administrator for more."
        )


def _month(*, after: int = 0) -> datetime:
    """When the present month began, or the one so many months later begins."""
    now = timezone.localtime(clock.now())
    years, month = divmod(now.month - 1 + after, 12)
    first = now.replace(tzinfo=None, year=now.year + years, month=month + 1, day=1, hour=0, minute=0, second=0)
    return timezone.make_aware(first.replace(microsecond=0))
