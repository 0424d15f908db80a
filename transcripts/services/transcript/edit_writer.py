"""The one writer of edits: the segments that changed, what they were before, and the edit that says who did it.

Everything here belongs in a transaction that `changes.number_for` began.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from transcripts import clock
from transcripts.models import Conflict, Edit, EditedSegment, Segment, Speaker
from transcripts.models.choices import EditDirection, EditKind, Origin
from transcripts.services.transcript import rows
from transcripts.services.transcript.comments import anchors
from transcripts.services.transcript.review import claims, status
from transcripts.services.transcript.stored_rows import as_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from transcripts.access import Actor
    from transcripts.document.editing.rows import Overwritten, Row
    from transcripts.services.transcript.stored_rows import Changed

FIELDS = (
    "text", "words", "speaker", "start_ms", "end_ms", "language", "origin", "revision", "change", "is_removed",
    "merged_into", "machine", "is_reviewed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Label:
    """A speaker's name before and after an edit; `before` is None if the edit added the speaker."""

    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that one edit does: to segments, to the names of speakers, to all times."""

    segments: Sequence[Changed] = ()
    speakers: Mapping[str, Label] = field(default_factory=dict)
    overwritten: Sequence[Overwritten] = ()
    shift_ms: int = 0
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where an edit comes from: who, what they asked for, and which batch of which page it was."""

    actor: Actor
    operations: Sequence[Mapping[str, Any]] = ()
    kind: EditKind = EditKind.EDIT
    direction: EditDirection | None = None
    client: str = ""
    client_number: int | None = None


def write(transcript_id: UUID, number: int, change: Change, source: Source) -> Edit:
    """Write an edit with this number, and all that it changes. An approved transcript is reopened by it.

    Raises Refused if it changes what someone else has claimed.
    """
    claims.refuse_foreign(transcript_id, change.segments, source.actor)
    is_review = is_review_only(change)
    edit = Edit.objects.create(
        transcript_id=transcript_id,
        number=number,
        kind=EditKind.REVIEW if is_review and source.kind == EditKind.EDIT else source.kind,
        operations=list(source.operations),
        speakers={key: [label.before, label.after] for key, label in change.speakers.items()},
        shift_ms=change.shift_ms,
        direction=source.direction or "",
        undoes=change.undoes,
        client=source.client,
        client_number=source.client_number,
        created_at=clock.now(),
        **rows.author_fields(source.actor),
    )
    shifts = anchors.shifts_of(change.segments)
    speakers = _write_speakers(transcript_id, change.speakers)
    written = _write_segments(transcript_id, edit, change, speakers)
    _write_conflicts(edit, change.overwritten, written)
    _move_conflicts(written)
    anchors.follow(transcript_id, number, shifts)
    if not is_review:
        status.reopen_after(edit)
    return edit


def is_review_only(change: Change) -> bool:
    """Tell whether an edit leaves what the transcript says, who says it and when, as ticks and accepted words do."""
    if change.shift_ms or change.speakers or change.overwritten:
        return False
    return all(one.before is not None and _gist(as_row(one.before)) == _gist(one.row) for one in change.segments)


def _gist(row: Row) -> tuple[Any, ...]:
    segment = row.segment
    return segment.text, segment.speaker or "", segment.start_ms, segment.end_ms, row.gone, row.merged_into


# Speakers


def _write_speakers(transcript_id: UUID, labels: Mapping[str, Label]) -> dict[str, Speaker]:
    """Write the labels; return all speakers of the transcript by their keys."""
    found = {speaker.key: speaker for speaker in Speaker.objects.filter(transcript=transcript_id)}
    for key, label in labels.items():
        if key in found:
            Speaker.objects.filter(pk=found[key].pk).update(label=label.after, is_named=True)
            continue
        last = max((speaker.position for speaker in found.values()), default=0)
        found[key] = Speaker.objects.create(
            transcript_id=transcript_id, key=key, position=last + 1, label=label.after, is_named=True
        )
    return found


# Segments


def _write_segments(
    transcript_id: UUID, edit: Edit, change: Change, speakers: Mapping[str, Speaker]
) -> dict[str, Segment]:
    """Write what changed and what it was before; return the segments by their keys."""
    written: dict[str, Segment] = {}
    before: dict[str, dict[str, Any] | None] = {}
    more = rows.Counts()
    for changed in change.segments:
        old = changed.before
        before[changed.row.key] = None if old is None else rows.state(old)
        if old is not None:
            more = more.plus(rows.counts(old), -1)
        segment = old or _new(transcript_id, edit, changed)
        _assign(segment, changed, edit.number, speakers)
        more = more.plus(rows.counts(segment))
        written[segment.key] = segment
    _save([one for one in written.values() if one.pk], [one for one in written.values() if not one.pk])
    if not change.shift_ms:
        EditedSegment.objects.bulk_create(
            [_edited(edit, written[key], was) for key, was in before.items()], batch_size=rows.BATCH
        )
    if any(more):
        rows.recount(transcript_id, more)
    return written


def _new(transcript_id: UUID, edit: Edit, changed: Changed) -> Segment:
    row = changed.row
    return Segment(
        transcript_id=transcript_id,
        key=row.key,
        position=changed.position,
        revision=0,
        born=edit.number,
        split_from=row.split_from,
    )


def _assign(segment: Segment, changed: Changed, number: int, speakers: Mapping[str, Speaker]) -> None:
    """Give a segment what the edit made of it; what a machine transcribed there is kept beside it."""
    row = changed.row
    if changed.before is not None and segment.origin == Origin.MACHINE and segment.machine is None:
        segment.machine = {"text": segment.text, "words": segment.words}
    segment.text, segment.words = row.segment.text, rows.words_of(row.segment)
    segment.start_ms, segment.end_ms = row.segment.start_ms, row.segment.end_ms
    segment.language = row.segment.language or ""
    segment.speaker = speakers.get(row.segment.speaker or "")
    segment.is_removed, segment.merged_into = row.gone, row.merged_into
    segment.is_reviewed = row.is_reviewed
    segment.origin, segment.revision, segment.change = Origin.HUMAN, segment.revision + 1, number


def _save(known: Sequence[Segment], new: Sequence[Segment]) -> None:
    if len(known) == 1:
        known[0].save(update_fields=FIELDS)
    elif known:
        Segment.with_removed.bulk_update(known, FIELDS, batch_size=rows.BATCH)
    Segment.with_removed.bulk_create(new, batch_size=rows.BATCH)


def _edited(edit: Edit, segment: Segment, before: dict[str, Any] | None) -> EditedSegment:
    """Return the fields that changed, as they were and as they are."""
    after = rows.state(segment)
    if before is None:
        return EditedSegment(edit=edit, segment=segment, before=None, after=after)
    names = [name for name in after if after[name] != before[name]]
    return EditedSegment(
        edit=edit,
        segment=segment,
        before={name: before[name] for name in names},
        after={name: after[name] for name in names},
    )


# Conflicts


def _write_conflicts(edit: Edit, overwritten: Sequence[Overwritten], written: Mapping[str, Segment]) -> None:
    """Keep the words that were overwritten beside their segment, for a person to decide."""
    for one in overwritten:
        segment = written.get(one.key) or Segment.with_removed.get(transcript=edit.transcript_id, key=one.key)
        start_ms = segment.start_ms or 0
        Conflict.objects.create(
            segment=segment,
            edit=edit,
            start_ms=start_ms,
            end_ms=max(start_ms, segment.end_ms or 0),
            kept=one.kept,
            offered=one.offered,
        )


def _move_conflicts(written: Mapping[str, Segment]) -> None:
    """Let the open conflicts of segments that were merged stand beside the one that took their words."""
    for segment in written.values():
        if segment.is_removed and segment.merged_into:
            home = Segment.with_removed.get(transcript=segment.transcript_id, key=segment.merged_into)
            Conflict.objects.filter(segment=segment, resolved_at=None).update(segment=home)
