"""Edits by people. What a segment said before stays as a revision; nothing a machine brings replaces them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from transcripts.document.plain import one_line
from transcripts.document.retiming import retimed
from transcripts.models import Segment
from transcripts.services.errors import Refused
from transcripts.services.transcript import changes, rows

if TYPE_CHECKING:
    from transcripts.access import Actor
    from transcripts.document import Segment as SpokenSegment

LONGEST_TEXT = 20_000


class Stale(Refused):
    """Someone else changed the segment since; `segment` is as it is now."""

    def __init__(self, segment: Segment) -> None:
        super().__init__("segment_changed", "Someone else changed this segment.")
        self.segment = segment


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An edited segment, made of the row as it was before the lock was taken."""

    revision: int
    old: list[list[Any]]
    new: SpokenSegment

    def fits(self, row: Segment) -> bool:
        """Tell whether the row is still what this was made of."""
        return row.revision == self.revision and row.words == self.old


def set_text(segment: Segment, *, text: str, revision: int, actor: Actor) -> Segment:
    """Give a segment another text in place of its `revision`; empty removes its words. The same again changes nothing.

    Texts are compared before the transaction, and their result is written only if the segment is still the same.
    Raises Stale if the segment has another revision and another text, Refused for a text too long.
    """
    text = one_line(text)
    if len(text) > LONGEST_TEXT:
        raise Refused("text_too_long", "This text is too long for one segment. Shorten it to 20,000 characters.")
    while True:
        prepared = _prepare(Segment.objects.get(pk=segment.pk), text)
        edited = _write(segment, text, revision, prepared, actor)
        if edited is not None:
            return edited


def _prepare(row: Segment, text: str) -> _Prepared:
    present = rows.spoken(row, row)
    return _Prepared(row.revision, row.words, present if row.text == text else retimed(present, text))


@transaction.atomic
def _write(segment: Segment, text: str, revision: int, prepared: _Prepared, actor: Actor) -> Segment | None:
    """Write what was prepared; None if it was prepared of something else."""
    change = changes.number_for(segment.transcript_id)
    now = Segment.objects.select_for_update().get(pk=segment.pk)
    if now.text == text:
        transaction.set_rollback(True)  # the number is not used
        return now
    if now.revision != revision:
        raise Stale(now)
    if not prepared.fits(now):
        transaction.set_rollback(True)
        return None
    rows.revise(now, prepared.new, actor=actor, change=change)
    changes.publish(now.transcript_id, "segment", change, **changes.described(now))
    return now
