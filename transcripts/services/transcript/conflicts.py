"""A person decides where two hearings differ: their words stay, or what was heard takes their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from transcripts import clock, events
from transcripts.document.merging import three_way
from transcripts.document.merging.offers import taken
from transcripts.models import Conflict, Revision, Segment, Transcript
from transcripts.models.choices import Origin
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.transcript import rows

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.document import Segment as SpokenSegment

DECIDED = "Somebody has decided this already."
CHANGED = "This passage was changed since. Look at it again; your words are as you left them."


@transaction.atomic
def keep(conflict: Conflict, *, actor: User) -> None:
    """Let a person's words stay. Raises Refused where that was decided already."""
    _resolve(conflict, actor=actor, took_offer=False)


def take(conflict: Conflict, *, revision: int, actor: User) -> None:
    """Put what was heard in the place of a person's words, which stay as a revision; nothing else changes.

    The place is found before the transaction. Raises Refused where it was decided already, and where the segment is
    not that revision any more.
    """
    row = Segment.objects.get(pk=conflict.segment_id)
    words = _with_offer(row, conflict) if row.revision == revision else None
    if words is None:
        raise Refused("segment_changed", CHANGED)
    _take(conflict, words, revision=revision, actor=actor)


@transaction.atomic
def _take(conflict: Conflict, words: SpokenSegment, *, revision: int, actor: User) -> None:
    row = Segment.objects.select_for_update().get(pk=conflict.segment_id)
    if row.revision != revision:
        raise Refused("segment_changed", CHANGED)
    _resolve(conflict, actor=actor, took_offer=True)
    Revision.objects.create(
        segment=row, number=row.revision, text=row.text, words=row.words, origin=row.origin, author=actor
    )
    grown = len(words.words) - len(row.words)
    row.text, row.words, row.revision = words.text, rows.words_of(words), row.revision + 1
    row.save(update_fields=["text", "words", "revision"])
    Transcript.objects.filter(pk=row.transcript_id).update(word_count=F("word_count") + grown)


def _with_offer(row: Segment, conflict: Conflict) -> SpokenSegment | None:
    heard = row.revisions.filter(origin=Origin.MACHINE).last()
    place = three_way.Conflict(conflict.start_ms, conflict.end_ms, conflict.kept, conflict.offered)
    return taken(rows.spoken(row, row), rows.spoken(heard or row, row), place)


def _resolve(conflict: Conflict, *, actor: User, took_offer: bool) -> None:
    still_open = Conflict.objects.filter(pk=conflict.pk, resolved_at=None)
    if not still_open.update(resolved_at=clock.now(), resolved_by=actor, took_offer=took_offer):
        raise Refused("conflict_resolved", DECIDED)
    recording = conflict.segment.transcript.recording
    activities.record("conflict:taken" if took_offer else "conflict:kept", recording, actor=actor)
    events.publish("recording.changed", recording)
