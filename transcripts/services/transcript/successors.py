"""The transcript that takes the place of another: what was edited is merged into it, and the other is only read."""

from __future__ import annotations

from transcripts.models import Transcript


def newer_than(transcript: Transcript) -> Transcript | None:
    """Return the newest re-transcription of the recording; None if this transcript is the newest."""
    newer = Transcript.objects.filter(
        recording=transcript.recording_id, job__base_transcript__isnull=False, created_at__gt=transcript.created_at
    )
    return newer.order_by("-created_at").first()
