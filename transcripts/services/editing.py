"""Corrections by people. What a segment said before stays as a revision; nothing a machine brings replaces them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from transcripts.document.retiming import retimed
from transcripts.models import Revision, Segment, Transcript
from transcripts.models.choices import Origin
from transcripts.services import wording
from transcripts.services.live import changes
from transcripts.services.processing import Refused

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_TEXT = 20_000


class Stale(Exception):
    """Somebody else changed the segment meanwhile; `segment` is as it is now."""

    def __init__(self, segment: Segment) -> None:
        super().__init__("Someone else changed this segment.")
        self.segment = segment


@transaction.atomic
def correct(segment: Segment, *, text: str, revision: int, actor: User) -> Segment:
    """Give a segment another text in place of its `revision`; empty removes its words. The same again changes nothing.

    Raises Stale where the segment has another revision and another text, Refused for a text too long.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST_TEXT:
        raise Refused("This text is too long for one paragraph. Make it shorter than 20,000 letters.")
    recording_id = segment.transcript.recording_id
    number = changes.number_for(recording_id)
    now = Segment.objects.select_for_update().get(pk=segment.pk)
    if now.text == text:
        return now
    if now.revision != revision:
        raise Stale(now)
    Revision.objects.create(
        segment=now, number=now.revision, text=now.text, words=now.words, origin=now.origin, author=actor
    )
    _write(now, text, number)
    changes.publish(recording_id, {"type": "segment", "change": number, **changes.described(now)})
    return now


def _write(row: Segment, text: str, number: int) -> None:
    counted = len(row.words)
    row.text, row.words = text, wording.words_of(retimed(wording.spoken(row, row), text))
    row.origin, row.revision, row.change = Origin.HUMAN, row.revision + 1, number
    row.save(update_fields=["text", "words", "origin", "revision", "change"])
    Transcript.objects.filter(pk=row.transcript_id).update(word_count=F("word_count") + len(row.words) - counted)
