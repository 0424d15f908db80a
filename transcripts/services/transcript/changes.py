"""The feed of a transcript: its changes are numbered, told to every page that shows it, and asked for if missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from transcripts import events
from transcripts.models import Marker, Segment, Speaker, Transcript

if TYPE_CHECKING:
    from uuid import UUID


def number_for(transcript_id: UUID) -> int:
    """Return the number of the transcript's next change.

    Call it first in the transaction that makes the change: the row stays locked until then, so numbers are committed
    in their order.
    """
    mine = Transcript.objects.filter(pk=transcript_id)
    mine.update(changes=F("changes") + 1)
    return mine.values_list("changes", flat=True).get()


def publish(transcript_id: UUID, type_: str, change: int, /, **content: Any) -> None:
    """Tell every page that shows the transcript of a change, once it is committed."""
    events.publish_to_transcript(transcript_id, {"type": type_, "change": change, **content})


def since(transcript_id: UUID, change: int) -> dict[str, Any]:
    """Return what changed after this change, and the number of the last."""
    # The number first: what is committed after it is asked for again
    transcript = Transcript.objects.only("changes", "recording_id").get(pk=transcript_id)
    rows = Segment.objects.filter(transcript=transcript_id, change__gt=change).select_related("speaker")
    markers = Marker.objects.filter(recording=transcript.recording_id, change__gt=change).select_related("author")
    return {
        "change": transcript.changes,
        "segments": [described(row) for row in rows],
        "markers": [described_marker(marker) for marker in markers],
    }


def described(row: Segment) -> dict[str, Any]:
    """Return a segment as pages get it."""
    return {
        "id": row.pk,
        "position": row.position,
        "revision": row.revision,
        "text": row.text,
        "language": row.language,
        "start_ms": row.start_ms,
        "unconfirmed": row.is_unconfirmed,
        "speaker": described_speaker(row.speaker) if row.speaker else None,
    }


def described_speaker(speaker: Speaker) -> dict[str, Any]:
    """Return a speaker as pages get them."""
    return {"id": speaker.pk, "label": speaker.label, "number": speaker.position}


def described_marker(marker: Marker) -> dict[str, Any]:
    """Return a marker as pages get it."""
    return {
        "id": str(marker.pk),
        "at_ms": marker.at_ms,
        "kind": marker.kind,
        "note": marker.note,
        "author": marker.author_name,
        "removed": marker.removed_at is not None,
    }
