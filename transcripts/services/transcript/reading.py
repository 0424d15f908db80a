"""Where a person is in a transcript: stored while they listen, so that they continue there on any device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts.models import Reading

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.models import Transcript

# A hundred hours: no recording is longer.
LATEST_MS = 360_000_000


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
