"""The numbered changes of a live session: what pages are told, and what they ask for when they missed some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from transcripts import events
from transcripts.models import LiveSession, Marker, Segment, Speaker

if TYPE_CHECKING:
    from uuid import UUID

# Guests who come late get so many of the last segments; members of the team get all.
GUESTS_SEE = 100


def number_for(recording_id: UUID) -> int:
    """Number the next change of the recording's live session, 0 where it never was one.

    Call it first in the transaction that makes the change: numbers are committed in their order.
    """
    mine = LiveSession.objects.filter(recording=recording_id)
    if not mine.update(changes=F("changes") + 1):
        return 0
    return mine.values_list("changes", flat=True).get()


def publish(recording_id: UUID, message: dict[str, Any]) -> None:
    """Tell every page of the recording's live session of a change, once it is committed."""
    session_id = LiveSession.objects.filter(recording=recording_id).values_list("pk", flat=True).first()
    if session_id is not None:
        events.publish_live(session_id, message)


def since(session: LiveSession, change: int) -> dict[str, Any]:
    """What changed after this change, and the number of the last."""
    facts = ("changes", "gaps", "paused_at", "recording_id", "transcript_id")
    fresh = LiveSession.objects.only(*facts).get(pk=session.pk)
    rows = Segment.objects.filter(transcript_id=fresh.transcript_id, change__gt=change).select_related("speaker")
    markers = Marker.objects.filter(recording_id=fresh.recording_id, change__gt=change).select_related("author")
    return {
        "change": fresh.changes,
        "segments": [described(row) for row in rows],
        "markers": [described_marker(marker) for marker in markers],
        "gaps": fresh.gaps,
        "paused": fresh.paused_at and fresh.paused_at.isoformat(),
    }


def for_guests(session: LiveSession) -> dict[str, Any]:
    """What whoever has a link sees first."""
    fresh = LiveSession.objects.only("changes", "paused_at", "transcript_id").get(pk=session.pk)
    rows = Segment.objects.filter(transcript_id=fresh.transcript_id).exclude(text="").select_related("speaker")
    latest = reversed(rows.order_by("-position")[:GUESTS_SEE])
    return {
        "change": fresh.changes,
        "segments": [described(row) for row in latest],
        "paused": fresh.paused_at and fresh.paused_at.isoformat(),
    }


def described(row: Segment) -> dict[str, Any]:
    """A segment as pages get it."""
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
    """A speaker as pages get them."""
    return {"id": speaker.pk, "label": speaker.label, "number": speaker.position}


def described_marker(marker: Marker) -> dict[str, Any]:
    """A marker as pages get it."""
    return {
        "id": str(marker.pk),
        "at_ms": marker.at_ms,
        "kind": marker.kind,
        "note": marker.note,
        "author": str(marker.author or ""),
        "removed": marker.removed_at is not None,
    }
