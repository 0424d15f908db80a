"""The names that a team has given to speakers, to be offered again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from transcripts import access
from transcripts.models import Speaker

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User

MOST_NAMES = 50


def used_before(user: User, transcript_id: UUID) -> list[str]:
    """Return the names in the team's transcripts, the most recent first. Raises access.NotFound."""
    team = access.get_transcript(user, transcript_id).recording.team
    recordings = access.recordings_of(user).filter(team=team)
    named = Speaker.objects.filter(transcript__recording__in=recordings, is_named=True)
    latest = named.values("label").annotate(latest=Max("pk")).order_by("-latest")
    return list(latest.values_list("label", flat=True)[:MOST_NAMES])
