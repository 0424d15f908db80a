"""Where a person is in a transcript: stored while they listen, so that they continue there on any device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from accounts import preferences
from transcripts.models import Reading, Transcript

if TYPE_CHECKING:
    from accounts.models import User

# A hundred hours: no recording is longer.
LATEST_MS = 360_000_000
# Pages tell once a minute.
MOST_ACTIVE_S = 120


def position_in(transcript: Transcript, user: User) -> int:
    """Return where the person stopped, 0 if they never listened."""
    found = Reading.objects.filter(user=user, transcript=transcript).values_list("position_ms", flat=True).first()
    return found or 0


def note(transcript: Transcript, user: User, *, position_ms: int | None, seen_change: int | None) -> Reading:
    """Store where a person is. What they have seen only rises, and never beyond the transcript's last change."""
    with transaction.atomic():
        Reading.objects.get_or_create(user=user, transcript=transcript)
        row = Reading.objects.select_for_update().get(user=user, transcript=transcript)
        if position_ms is not None:
            row.position_ms = min(position_ms, transcript.recording.duration_ms or LATEST_MS)
        if seen_change is not None:
            row.seen_change = max(row.seen_change, min(seen_change, transcript.changes))
        row.save(update_fields=["position_ms", "seen_change", "updated_at"])
    return row


def count_active(transcript: Transcript, user: User, seconds: int) -> None:
    """Count seconds in which a person worked on a transcript: of all together, and by name if they want that."""
    seconds = min(seconds, MOST_ACTIVE_S)
    Transcript.objects.filter(pk=transcript.pk).update(review_seconds=F("review_seconds") + seconds)
    if preferences.of(user)["review_time"] == "named":
        row, _ = Reading.objects.get_or_create(user=user, transcript=transcript)
        Reading.objects.filter(pk=row.pk).update(active_seconds=F("active_seconds") + seconds)


def times_by_name(transcript: Transcript) -> list[tuple[str, int]]:
    """Return how many seconds each person worked on it who wants that to be known, the longest first."""
    found = Reading.objects.filter(transcript=transcript, active_seconds__gt=0).select_related("user")
    shown = (row for row in found.order_by("-active_seconds") if preferences.of(row.user)["review_time"] == "named")
    return [(str(row.user), row.active_seconds) for row in shown]
