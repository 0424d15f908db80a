"""Moments that people mark while somebody speaks, and what they note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import clock
from transcripts.document.plain import storable
from transcripts.models import Marker
from transcripts.services.transcript import changes

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import Recording
    from transcripts.models.choices import MarkerKind

LONGEST_NOTE = 1_000


@transaction.atomic
def put(recording: Recording, marker_id: UUID, *, actor: User, at_ms: int, note: str, kind: MarkerKind) -> Marker:
    """Mark a moment, or write its note anew; the same again changes nothing. The browser chose the id."""
    number = changes.number_for(recording.pk)
    note = storable(note).strip()[:LONGEST_NOTE]
    marker, _ = Marker.objects.get_or_create(
        pk=marker_id, defaults={"recording": recording, "author": actor, "kind": kind, "at_ms": at_ms}
    )
    if marker.recording_id != recording.pk:
        raise Marker.DoesNotExist
    marker.note, marker.change, marker.removed_at = note, number, None
    marker.save(update_fields=["note", "change", "removed_at"])
    _publish(marker)
    return marker


@transaction.atomic
def remove(marker: Marker) -> None:
    """Show the marker no more; its row stays."""
    marker.change, marker.removed_at = changes.number_for(marker.recording_id), clock.now()
    marker.save(update_fields=["change", "removed_at"])
    _publish(marker)


def _publish(marker: Marker) -> None:
    message = {"type": "marker", "change": marker.change, **changes.described_marker(marker)}
    changes.publish(marker.recording_id, message)
