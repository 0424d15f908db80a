"""What a batch of operations does to a transcript, worked out before anything is locked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Max

from transcripts.document.editing import apply, operations, undo
from transcripts.models import Edit, EditedSegment, Segment, Speaker, Transcript
from transcripts.services.errors import Refused
from transcripts.services.transcript import past
from transcripts.services.transcript.edit_writer import Change, Label
from transcripts.services.transcript.rows import LONGEST_LABEL
from transcripts.services.transcript.stored_rows import StoredRows, as_row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from transcripts.document.editing.operations import Operation
    from transcripts.document.editing.rows import Overwritten
    from transcripts.models.choices import EditDirection

ALONE = "Times can't be shifted together with other changes. Reload the page and try again."
NOT_THERE = "There is nothing to undo here any more. Reload the page."
AFTER_THE_END = "That is after the end of the recording. Enter an earlier time."
NO_CHANGE = "The transcript has no such change. Reload the page and try again."
NO_SPEAKER = "There is no such speaker in this transcript any more. Reload the page and try again."


def plan(
    transcript_id: UUID,
    operations_: Sequence[Operation],
    *,
    seq: int,
    number: int,
    client: str = "",
    direction: EditDirection | None = None,
) -> Change:
    """Work out an edit. `seq` is the last change that its page knew, `number` what the edit's own will be.

    With a `direction` its page took back or repeated what someone typed there: words get the times back that they had.
    Raises Refused for what the transcript doesn't have.
    """
    planned = _Plan(StoredRows(transcript_id, client), transcript_id, seq, number)
    planned.rows.load(operations.keys(operations_))
    if any(isinstance(one, operations.ShiftTimes) for one in operations_) and len(operations_) > 1:
        raise Refused("bad_edit", ALONE)
    _require_audio(transcript_id, operations_)
    for operation in operations_:
        planned.take(operation)
    if direction is not None:
        planned.take_times_back()
    return planned.change()


def _require_audio(transcript_id: UUID, operations_: Sequence[Operation]) -> None:
    """Raise Refused for times after the end of the recording, as far as no segment has such times already."""
    asked = [one for one in operations_ if isinstance(one, operations.SetTimes | operations.MoveBoundary)]
    shift_ms = max((one.by_ms for one in operations_ if isinstance(one, operations.ShiftTimes)), default=0)
    if not asked and shift_ms <= 0:
        return
    duration_ms = Transcript.objects.values_list("recording__duration_ms", flat=True).get(pk=transcript_id)
    if not duration_ms:
        return
    last_ms = Segment.objects.filter(transcript=transcript_id).aggregate(last=Max("end_ms"))["last"] or 0
    latest_ms = max(one.ms if isinstance(one, operations.MoveBoundary) else one.end_ms for one in asked) if asked else 0
    if max(latest_ms, last_ms + shift_ms) > max(duration_ms, last_ms):
        raise Refused("after_the_end", AFTER_THE_END)


class _Plan:
    """A change in the making."""

    def __init__(self, rows: StoredRows, transcript_id: UUID, seq: int, number: int) -> None:
        self.rows = rows
        self._transcript_id, self._seq, self._number = transcript_id, seq, number
        speakers = Speaker.objects.filter(transcript=transcript_id)
        self._labels: dict[str, str] = dict(speakers.values_list("key", "label"))
        self._renamed: dict[str, Label] = {}
        self._overwritten: list[Overwritten] = []
        self._shift_ms = 0
        self._undoes: int | None = None

    def change(self) -> Change:
        """Return what all operations together do."""
        return Change(self.rows.changes(), self._renamed, self._overwritten, self._shift_ms, self._undoes)

    def take_times_back(self) -> None:
        """Give segments that say again what they said before the times that they had."""
        if self._undoes is not None or self._shift_ms:
            return
        for changed in self.rows.changes():
            was = None if changed.before is None else as_row(changed.before)
            if was is not None and not changed.row.gone and (was.text != changed.row.text or was.gone):
                self.rows.put(past.timed_as_before(self._transcript_id, was, changed.row))

    def take(self, operation: Operation) -> None:
        """Do one more operation."""
        match operation:
            case operations.AddSpeaker(speaker=key, label=label):
                if key not in self._labels:
                    self._call(key, label)
            case operations.RenameSpeaker(speaker=key, label=label):
                self._require(key)
                self._call(key, label)
            case operations.MergeSpeakers(speaker=key, into=into):
                self._require(key, into)
                self._give(key, into)
            case operations.ShiftTimes(by_ms=by_ms):
                self._shift(by_ms)
            case operations.Undo(edit=number):
                self._undo(number)
            case operations.Restore(to=number, ids=keys):
                self._restore(number, keys)
            case _:
                if isinstance(operation, operations.SetSpeaker):
                    self._require(operation.speaker)
                self._apply(operation)

    def _apply(self, operation: apply.RowOperation) -> None:
        self._overwritten += apply.apply(self.rows, [operation], seq=self._seq, now=self._number)

    # Speakers

    def _require(self, *keys: str) -> None:
        if not all(key in self._labels for key in keys if key):
            raise Refused("no_speaker", NO_SPEAKER)

    def _call(self, key: str, label: str) -> None:
        label = label[:LONGEST_LABEL]
        if not label:
            raise Refused("no_name", "Enter a name for this speaker.")
        first = self._renamed.get(key)
        before = first.before if first else self._labels.get(key)
        self._labels[key] = label
        if before != label:
            self._renamed[key] = Label(before, label)

    def _give(self, key: str, into: str) -> None:
        """Give all that a speaker says to another."""
        for name in self.rows.present():
            row = self.rows.get(name)
            if row is not None and row.segment.speaker == key:
                self.rows.put(replace(row, segment=replace(row.segment, speaker=into or None)))

    # All times

    def _shift(self, by_ms: int) -> None:
        self.rows.load_all()
        self._shift_ms = past.bounded_shift(self.rows, by_ms)
        past.shift(self.rows, self._shift_ms)

    # What was before

    def _undo(self, number: int) -> None:
        edit = Edit.objects.filter(transcript=self._transcript_id, number=number).first()
        if edit is None:
            raise Refused("nothing_to_undo", NOT_THERE)
        self._undoes = number
        for key, (before, after) in edit.speakers.items():
            if before is not None and self._labels.get(key) == after:
                self._call(key, before)
        if edit.shift_ms:
            self._shift(-edit.shift_ms)
            return
        self._invert(edit)

    def _invert(self, edit: Edit) -> None:
        """Take back what an edit did to each segment, over what others did since."""
        changed = list(edit.segments.select_related("segment"))
        self.rows.load(one.segment.key for one in changed)
        for one in changed:
            now = self.rows.get(one.segment.key)
            if now is not None:
                before = None if one.before is None else past.with_fields(now, one.before)
                if before is not None and _is_tick_outdated(one, number=edit.number):
                    before = replace(before, is_reviewed=False)
                after = past.with_fields(now, one.after)
                taken = self.rows.split_off(now.key, edit.number) if now.text != after.text else []
                rows, overwritten = undo.undone([now, *taken], before, after)
                for was, row in zip([now, *taken], rows, strict=True):
                    self.rows.put(row.back(was, self._number))
                self._overwritten += overwritten

    def _restore(self, number: int, keys: Sequence[str] | None) -> None:
        """Put segments back to what they were after a change; what there was no such segment is removed."""
        if number >= self._number:
            raise Refused("no_change", NO_CHANGE)
        found = past.rows_at(self._transcript_id, number, self.rows, keys)
        for row in found.rows:
            if row != self.rows.get(row.key):
                self.rows.put(row)
        if keys is None:
            for key, label in found.labels.items():
                if self._labels.get(key) not in (None, label):
                    self._call(key, label)


def _is_tick_outdated(changed: EditedSegment, *, number: int) -> bool:
    """Tell whether an edit only took a tick away, from words that someone changed since."""
    if "text" in changed.after or not (changed.before or {}).get("is_reviewed"):
        return False
    later = EditedSegment.objects.filter(segment=changed.segment_id, edit__number__gt=number)
    return later.filter(after__has_key="text").exists()
