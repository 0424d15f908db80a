"""A person decides where two transcriptions differ: their words stay, or the new ones take their place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import clock, events
from transcripts.document.merging import three_way
from transcripts.document.merging.offers import taken
from transcripts.models import Conflict, Segment
from transcripts.models.choices import EditKind
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.transcript import changes, edit_writer, rows
from transcripts.services.transcript.review import state
from transcripts.services.transcript.stored_rows import Changed, as_row

if TYPE_CHECKING:
    from transcripts.access import Actor
    from transcripts.document import Segment as SpokenSegment

DECIDED = "Someone else has already decided this."
CHANGED = "Someone else changed this segment. Look at it again; your correction is unchanged."


@transaction.atomic
def keep(conflict: Conflict, *, actor: Actor) -> None:
    """Let the words in the text stay. Raises Refused if that was decided already."""
    number = changes.number_for(conflict.segment.transcript_id)
    _resolve(conflict, actor=actor, took_offer=False)
    _tell(conflict, number, [])


def take(conflict: Conflict, *, revision: int, actor: Actor) -> None:
    """Put the offered words in the place of those in the text, which stay in the history; nothing else changes.

    The place is found before the transaction. Raises Refused if it was decided already, or if the segment has another
    revision by now.
    """
    row = Segment.with_removed.select_related("speaker").get(pk=conflict.segment_id)
    new = _with_offer(row, conflict) if row.revision == revision else None
    if new is None:
        raise Refused("segment_changed", CHANGED)
    _take(conflict, new, revision=revision, actor=actor)


@transaction.atomic
def _take(conflict: Conflict, new: SpokenSegment, *, revision: int, actor: Actor) -> None:
    number = changes.number_for(conflict.segment.transcript_id)
    segment = Segment.with_removed.select_related("speaker").get(pk=conflict.segment_id)
    if segment.revision != revision:
        raise Refused("segment_changed", CHANGED)
    _resolve(conflict, actor=actor, took_offer=True)
    row = replace(as_row(segment), segment=new, gone=False, merged_into="")
    change = edit_writer.Change([Changed(segment, row, segment.position)])
    edit_writer.write(segment.transcript_id, number, change, edit_writer.Source(actor, kind=EditKind.DECISION))
    _tell(conflict, number, [segment])


def _tell(conflict: Conflict, number: int, touched: list[Segment]) -> None:
    """Tell every page of a decision."""
    conflict.refresh_from_db()
    changes.publish(
        conflict.segment.transcript_id,
        "edit",
        number,
        rows=changes.described_rows(touched),
        conflicts=[changes.described_conflict(conflict)],
        review=state.described(conflict.segment.transcript_id),
    )


def _with_offer(row: Segment, conflict: Conflict) -> SpokenSegment | None:
    present = rows.spoken(row)
    machine = row.machine or rows.said(present)
    heard = replace(present, text=machine["text"], words=rows.read_words(machine["words"]))
    place = three_way.Conflict(conflict.start_ms, conflict.end_ms, conflict.kept, conflict.offered)
    return taken(present, heard, place)


def _resolve(conflict: Conflict, *, actor: Actor, took_offer: bool) -> None:
    still_open = Conflict.objects.filter(pk=conflict.pk, resolved_at=None)
    if not still_open.update(resolved_at=clock.now(), took_offer=took_offer, **rows.author_fields(actor)):
        raise Refused("conflict_resolved", DECIDED)
    recording = conflict.segment.transcript.recording
    activities.record("conflict:taken" if took_offer else "conflict:kept", recording, actor=actor)
    events.publish("recording.changed", recording)
