"""Moments that people mark while they follow a transcript, and what they note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import access, clock
from transcripts.document.plain import storable
from transcripts.models import Marker
from transcripts.services.transcript import changes, rows

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.access import Actor
    from transcripts.models import Transcript
    from transcripts.models.choices import MarkerKind

LONGEST_NOTE = 1_000


@transaction.atomic
def put(transcript: Transcript, marker_id: UUID, *, actor: Actor, at_ms: int, note: str, kind: MarkerKind) -> Marker:
    """Mark a moment, or change its note; the same again changes nothing. The browser chooses the id.

    Raises access.NotFound if the id is that of another recording's marker.
    """
    change = changes.number_for(transcript.pk)
    made = {"recording_id": transcript.recording_id, "kind": kind, "at_ms": at_ms, **rows.author_fields(actor)}
    marker, _ = Marker.objects.get_or_create(pk=marker_id, defaults=made)
    if marker.recording_id != transcript.recording_id:
        raise access.NotFound
    marker.note, marker.change, marker.removed_at = storable(note).strip()[:LONGEST_NOTE], change, None
    marker.save(update_fields=["note", "change", "removed_at"])
    changes.publish(transcript.pk, "marker", change, **changes.described_marker(marker))
    return marker


@transaction.atomic
def remove(transcript: Transcript, marker: Marker) -> None:
    """Show the marker no more; its row stays."""
    marker.change, marker.removed_at = changes.number_for(transcript.pk), clock.now()
    marker.save(update_fields=["change", "removed_at"])
    changes.publish(transcript.pk, "marker", marker.change, **changes.described_marker(marker))
