"""Corrections by people. What a segment said before stays as a revision; nothing a machine brings replaces them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from transcripts.document.plain import one_line
from transcripts.document.retiming import retimed
from transcripts.models import Revision, Segment, Transcript
from transcripts.models.choices import Origin
from transcripts.services.errors import Refused
from transcripts.services.transcript import changes, rows

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_TEXT = 20_000


class Stale(Refused):
    """Someone else changed the segment since; `segment` is as it is now."""

    def __init__(self, segment: Segment) -> None:
        super().__init__("segment_changed", "Someone else changed this segment.")
        self.segment = segment


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The words of a correction, made of the segment as it was before the lock was taken."""

    revision: int
    old: list[list[Any]]
    new: list[list[object]]

    def fits(self, row: Segment) -> bool:
        """Tell whether the segment is still what these words were made of."""
        return row.revision == self.revision and row.words == self.old


def correct(segment: Segment, *, text: str, revision: int, actor: User) -> Segment:
    """Give a segment another text in place of its `revision`; empty removes its words. The same again changes nothing.

    Texts are compared before the transaction, and their result is written only if the segment is still the same.
    Raises Stale where the segment has another revision and another text, Refused for a text too long.
    """
    text = one_line(text)
    if len(text) > LONGEST_TEXT:
        raise Refused("text_too_long", "This text is too long for one segment. Shorten it to 20,000 characters.")
    while True:
        prepared = _prepare(Segment.objects.get(pk=segment.pk), text)
        corrected = _correct(segment, text, revision, prepared, actor)
        if corrected is not None:
            return corrected


def _prepare(row: Segment, text: str) -> _Prepared:
    new = row.words if row.text == text else rows.words_of(retimed(rows.spoken(row, row), text))
    return _Prepared(row.revision, row.words, new)


@transaction.atomic
def _correct(segment: Segment, text: str, revision: int, prepared: _Prepared, actor: User) -> Segment | None:
    """Write what was prepared; None where it was prepared of something else."""
    recording_id = segment.transcript.recording_id
    number = changes.number_for(recording_id)
    now = Segment.objects.select_for_update().get(pk=segment.pk)
    if now.text == text:
        return now
    if now.revision != revision:
        raise Stale(now)
    if not prepared.fits(now):
        transaction.set_rollback(True)  # the number was not used
        return None
    Revision.objects.create(
        segment=now, number=now.revision, text=now.text, words=now.words, origin=now.origin, author=actor
    )
    _write(now, text, prepared.new, number)
    changes.publish(recording_id, {"type": "segment", "change": number, **changes.described(now)})
    return now


def _write(row: Segment, text: str, words: list[list[object]], number: int) -> None:
    counted = len(row.words)
    row.text, row.words = text, words
    row.origin, row.revision, row.change = Origin.HUMAN, row.revision + 1, number
    row.save(update_fields=["text", "words", "origin", "revision", "change"])
    Transcript.objects.filter(pk=row.transcript_id).update(word_count=F("word_count") + len(row.words) - counted)
