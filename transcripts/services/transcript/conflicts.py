"""A person decides where two transcriptions differ: their words stay, or the new ones take their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import clock, events
from transcripts.document.merging import three_way
from transcripts.document.merging.offers import taken
from transcripts.models import Conflict, Segment
from transcripts.models.choices import Origin
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.transcript import changes, rows

if TYPE_CHECKING:
    from transcripts.access import Actor
    from transcripts.document import Segment as SpokenSegment

DECIDED = "Someone else has already decided this."
CHANGED = "Someone else changed this segment. Look at it again; your correction is unchanged."


@transaction.atomic
def keep(conflict: Conflict, *, actor: Actor) -> None:
    """Let a person's words stay. Raises Refused if that was decided already."""
    _resolve(conflict, actor=actor, took_offer=False)


def take(conflict: Conflict, *, revision: int, actor: Actor) -> None:
    """Put the new words in the place of a person's, which stay as a revision; nothing else changes.

    The place is found before the transaction. Raises Refused if it was decided already, or if the segment has another
    revision by now.
    """
    row = Segment.objects.get(pk=conflict.segment_id)
    new = _with_offer(row, conflict) if row.revision == revision else None
    if new is None:
        raise Refused("segment_changed", CHANGED)
    _take(conflict, new, revision=revision, actor=actor)


@transaction.atomic
def _take(conflict: Conflict, new: SpokenSegment, *, revision: int, actor: Actor) -> None:
    change = changes.number_for(conflict.segment.transcript_id)
    row = Segment.objects.select_for_update().get(pk=conflict.segment_id)
    if row.revision != revision:
        raise Refused("segment_changed", CHANGED)
    _resolve(conflict, actor=actor, took_offer=True)
    rows.revise(row, new, actor=actor, change=change)
    changes.publish(row.transcript_id, "segment", change, **changes.described(row))


def _with_offer(row: Segment, conflict: Conflict) -> SpokenSegment | None:
    machine = row.revisions.filter(origin=Origin.MACHINE).last()
    place = three_way.Conflict(conflict.start_ms, conflict.end_ms, conflict.kept, conflict.offered)
    return taken(rows.spoken(row, row), rows.spoken(machine or row, row), place)


def _resolve(conflict: Conflict, *, actor: Actor, took_offer: bool) -> None:
    still_open = Conflict.objects.filter(pk=conflict.pk, resolved_at=None)
    if not still_open.update(resolved_at=clock.now(), took_offer=took_offer, **rows.author_fields(actor)):
        raise Refused("conflict_resolved", DECIDED)
    recording = conflict.segment.transcript.recording
    activities.record("conflict:taken" if took_offer else "conflict:kept", recording, actor=actor)
    events.publish("recording.changed", recording)
