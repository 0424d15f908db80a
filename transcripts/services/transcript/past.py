"""A transcript as it was after an earlier change: its edits taken back, the latest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from transcripts.models import Edit, EditedSegment, Speaker
from transcripts.models.choices import Origin
from transcripts.services.transcript import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from transcripts.document.editing.rows import Row
    from transcripts.document.values import Word
    from transcripts.services.transcript.stored_rows import StoredRows


# So many changed segments are read at once.
BATCH = 1000
# So many edits of a segment are looked through for what it said before.
RECENT = 50
TIMES = {"start_ms", "end_ms"}
# More segments than these are not asked for by their keys.
FEW = 500


@dataclass(frozen=True, slots=True)
class Past:
    """Segments as they were, those that were not in the text as removed, and how speakers were called."""

    rows: Sequence[Row]
    labels: Mapping[str, str]


def rows_at(transcript_id: UUID, number: int, present: StoredRows, keys: Iterable[str] | None = None) -> Past:
    """Return the segments, or those with these keys, as they were after the change of this number."""
    if keys is None:
        present.load_all()
    else:
        present.load(keys)
    found = {row.key: row for row in present.known() if keys is None or row.key in set(keys)}
    labels = dict(Speaker.objects.filter(transcript=transcript_id).values_list("key", "label"))
    later = Edit.objects.filter(transcript=transcript_id, number__gt=number)
    before: dict[str, dict[str, Any]] = {}
    reached = None
    # All times were shifted by few edits: between two of them the fields are gathered, and words are read once
    for edit in later.exclude(speakers={}, shift_ms=0).defer("operations").order_by("-number"):
        for key, (label, _) in edit.speakers.items():
            labels[key] = label if label is not None else labels[key]
        if edit.shift_ms:
            _gather(before, later.filter(number__gt=edit.number), reached, found)
            _take_back(found, before)
            found = {key: shifted(row, -edit.shift_ms) for key, row in found.items()}
            reached = edit.number
    _gather(before, later, reached, found)
    _take_back(found, before)
    return Past(list(found.values()), labels)


def _gather(before: dict[str, dict[str, Any]], edits: QuerySet[Edit], reached: int | None, keys: Iterable[str]) -> None:
    """Note what the fields of segments were before these edits, of those numbered below `reached` if that is given."""
    edits = edits if reached is None else edits.filter(number__lt=reached)
    wanted = set(keys)
    changed = EditedSegment.objects.filter(edit__in=edits.order_by().values("pk")).order_by("-edit__number")
    if len(wanted) <= FEW:
        changed = changed.filter(segment__key__in=wanted)
    for key, fields in changed.values_list("segment__key", "before").iterator(BATCH):
        if key in wanted:
            before.setdefault(key, {}).update({"is_removed": True} if fields is None else fields)


def _take_back(found: dict[str, Row], before: dict[str, dict[str, Any]]) -> None:
    """Give segments the fields that were gathered, and forget these."""
    for key, fields in before.items():
        found[key] = with_fields(found[key], fields)
    before.clear()


def with_fields(row: Row, fields: Mapping[str, Any]) -> Row:
    """Return a row with the fields that `EditedSegment` keeps in place of its own."""
    segment = row.segment
    changed = replace(
        segment,
        text=fields.get("text", segment.text),
        words=rows.read_words(fields["words"]) if "words" in fields else segment.words,
        speaker=(fields["speaker"] or None) if "speaker" in fields else segment.speaker,
        start_ms=fields.get("start_ms", segment.start_ms),
        end_ms=fields.get("end_ms", segment.end_ms),
    )
    return replace(
        row,
        segment=changed,
        is_human=fields["origin"] == Origin.HUMAN if "origin" in fields else row.is_human,
        gone=fields.get("is_removed", row.gone),
        merged_into=fields.get("merged_into", row.merged_into),
        is_reviewed=fields.get("is_reviewed", row.is_reviewed),
    )


def timed_as_before(transcript_id: UUID, was: Row, row: Row) -> Row:
    """Return a row, which `was` something else, with the times and the tick of when it last said the same.

    It stays as it is if that is many edits ago, or if its times were set since.
    """
    shifted_at = Edit.objects.filter(transcript=transcript_id).exclude(shift_ms=0).aggregate(last=Max("number"))["last"]
    edited = EditedSegment.objects.filter(edit__transcript=transcript_id, segment__key=row.key)
    recent = edited.filter(edit__number__gt=shifted_at or 0).order_by("-edit__number")
    for fields in recent.values_list("before", flat=True)[:RECENT]:
        if fields is None or ("text" not in fields and not TIMES.isdisjoint(fields)):
            return row
        was = with_fields(was, fields)
        if was.text == row.text and not was.gone:
            then = was.segment
            timed = replace(row.segment, words=then.words, start_ms=then.start_ms, end_ms=then.end_ms)
            return replace(row, segment=timed, is_reviewed=was.is_reviewed)
    return row


# All times


def bounded_shift(present: StoredRows, by_ms: int) -> int:
    """Return by how much all times can be shifted, so that none is before the beginning."""
    starts = [row.segment.start_ms for row in present.known() if row.segment.start_ms is not None]
    words = [word.start_ms for row in present.known() for word in row.segment.words if word.start_ms is not None]
    return max(by_ms, -min([*starts, *words], default=0))


def shift(present: StoredRows, by_ms: int) -> None:
    """Shift all times."""
    for row in present.known():
        present.put(shifted(row, by_ms))


def shifted(row: Row, by_ms: int) -> Row:
    """Return a row with its times and its words' times later by so many milliseconds, or earlier."""
    segment = row.segment
    words = tuple(_shifted_word(word, by_ms) for word in segment.words)
    start_ms, end_ms = _later(segment.start_ms, by_ms), _later(segment.end_ms, by_ms)
    return replace(row, segment=replace(segment, start_ms=start_ms, end_ms=end_ms, words=words))


def _shifted_word(word: Word, by_ms: int) -> Word:
    return replace(word, start_ms=_later(word.start_ms, by_ms), end_ms=_later(word.end_ms, by_ms))


def _later(ms: int | None, by_ms: int) -> int | None:
    return None if ms is None else ms + by_ms
