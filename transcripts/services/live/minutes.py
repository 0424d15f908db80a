"""How many minutes of live speech a team has used this month, and the message when none are left.

What counts is the audio of the team's sessions that began in this calendar month, open ones included, whether a
provider received it or not. A session that runs over the end of a month belongs to the month it began in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, F, Sum

from transcripts.models import LiveSession
from transcripts.services import quotas
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from accounts.models import Team

MINUTE_MS = 60_000


def in_words(count: int) -> str:
    """So many minutes, as people say it."""
    return "1 minute" if count == 1 else f"{count} minutes"


def used_ms(team: Team) -> int:
    """How much live speech the team has used this month, in milliseconds."""
    begun = LiveSession.objects.filter(recording__team=team, created_at__gte=quotas.month())
    sound_ms = F("frames") * F("frame_bytes") * 1000 / (2 * F("rate_hz"))
    return begun.aggregate(used=Sum(sound_ms, output_field=BigIntegerField()))["used"] or 0


def left_ms(team: Team) -> int | None:
    """How much the team may still use this month, in milliseconds; None without a limit."""
    most = limit_of(team)
    return None if most is None else most * MINUTE_MS - used_ms(team)


def limit_of(team: Team) -> int | None:
    """How many minutes the team may use each month; None for as many as it likes."""
    return quotas.limits_of(team).live_minutes


def refuse_without(team: Team) -> None:
    """Raise Refused if the team has no minute left."""
    left = left_ms(team)
    if left is not None and left <= 0:
        raise Refused(
            "live_minutes",
            f"The team “{team}” has used its {limit_of(team)} live minutes this month. "
            f"They renew on {quotas.next_month():%-d %B}. "
            "Until then, upload recordings, or ask an administrator for more.",
        )
