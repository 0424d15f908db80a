"""One difference of a comparison is taken over into the transcript: an edit like any other."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from transcripts.document.sides import differences
from transcripts.models import Edit, Segment, Transcript
from transcripts.services.errors import Refused
from transcripts.services.pipeline.comparisons import texts
from transcripts.services.transcript import edits, rows

if TYPE_CHECKING:
    from transcripts.access import Actor
    from transcripts.document.sides.differences import Difference, Sides
    from transcripts.models import Comparison

CHANGED = (
    "These words aren’t in the transcript any more as you saw them: someone changed them. Nothing was overwritten. "
    "Look at the place again."
)


class Place(NamedTuple):
    """A difference as a page names it: its segment by key, what that says there, and the words of the other text.

    `seq` is the number of the last change of the transcript that the page knew.
    """

    segment: str
    was: str
    first: int
    last: int
    seq: int


class Compared(NamedTuple):
    """The segments of a transcript as they were after the change `seq`, and how a comparison differs from them."""

    seq: int
    segments: list[Segment]
    sides: Sides


def compared(transcript: Transcript, comparison: Comparison) -> Compared:
    """Compare a transcript as it is now. Call it outside of a transaction: long texts take a second."""
    # The number first: a change that comes between is merged, not overwritten
    seq = Transcript.objects.values_list("changes", flat=True).get(pk=transcript.pk)
    present = list(Segment.objects.filter(transcript=transcript).select_related("speaker").order_by("position"))
    sides = differences.between([rows.spoken(row) for row in present], texts.spoken(comparison))
    return Compared(seq, present, sides)


def take(transcript: Transcript, comparison: Comparison, place: Place, *, actor: Actor) -> None:
    """Put the other words in their place; do nothing if this press did so already.

    Raises Refused if the difference isn't there any more, and for all that an edit is refused for.
    """
    client, number = comparison.pk.hex[:16], _number_of(place)
    if Edit.objects.filter(transcript=transcript, client=client, client_number=number).exists():
        return
    now = compared(transcript, comparison)
    found = next((one for one in now.sides.differences if _is_at(place, one, now.segments)), None)
    if found is None:
        raise Refused("segment_changed", CHANGED)
    asked = [_operation(found, now.segments[found.segment])]
    edits.apply(transcript, edits.Batch(client, number, now.seq, asked), actor=actor)


def _is_at(place: Place, one: Difference, segments: list[Segment]) -> bool:
    same_words = (one.was, one.first, one.last) == (place.was, place.first, place.last)
    return same_words and segments[one.segment].key == place.segment


def _operation(difference: Difference, segment: Segment) -> dict[str, Any]:
    text = differences.put(segment.text, difference)
    if not text:
        return {"op": "remove", "id": segment.key, "was": segment.text}
    return {"op": "set_text", "id": segment.key, "was": segment.text, "text": text}


def _number_of(place: Place) -> int:
    """Return a number that a second press has as well, and no other difference."""
    return int.from_bytes(hashlib.sha256(repr(tuple(place)).encode()).digest()[:6])
