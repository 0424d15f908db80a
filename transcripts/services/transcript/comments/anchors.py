"""Where comments are while the text changes: moved in the transaction of each edit, placed when they arrive late."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from transcripts import events
from transcripts.document import comments
from transcripts.document.comments import Anchor, Shift
from transcripts.models import Comment, CommentPart, EditedSegment, Segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from transcripts.models import Transcript
    from transcripts.services.transcript.stored_rows import Changed

# What has a place of its own in a text
Placed = Comment | CommentPart
FIELDS = ("segment", "begin", "end", "latest")

# A comment that was written so many edits ago is placed by its words alone.
MOST_EDITS = 2_000
# Keys of the new transcript, which continues some of the old ones, and how far around a place its words are looked for.
NEW, AROUND_MS = "new:", 2_000


def shifts_of(changed: Sequence[Changed]) -> list[Shift]:
    """Return what an edit is about to do to the segments, before it is written."""
    return [
        Shift(
            key=one.row.key,
            before="" if one.before is None else one.before.text,
            after=one.row.text,
            was_present=one.before is not None and not one.before.is_removed,
            is_present=not one.row.gone,
        )
        for one in changed
    ]


def follow(transcript_id: UUID, number: int, shifts: Sequence[Shift]) -> None:
    """Move the comments at segments that the edit of this number changed; call it once they are written."""
    changed = {shift.key for shift in shifts if (shift.before, shift.was_present) != (shift.after, shift.is_present)}
    if not changed:
        return
    here = {"segment__transcript": transcript_id, "segment__key__in": changed}
    whole = [one for one in Comment.objects.filter(**here).select_related("segment") if _moves(one, shifts)]
    parts = [one for one in CommentPart.objects.filter(**here).select_related("segment") if _moves(one, shifts)]
    Comment.objects.bulk_update(whole, FIELDS)
    CommentPart.objects.bulk_update(parts, FIELDS)
    if whole or parts:
        events.publish_to_transcript(transcript_id, {"type": "comments", "change": number})


def of(placed: Placed) -> Anchor:
    """Return the place of a comment, or of a part of one, that has a segment."""
    key = placed.segment.key if placed.segment else ""
    return Anchor(key, placed.begin, placed.end, placed.quoted, placed.latest)


def _moves(placed: Placed, shifts: Sequence[Shift]) -> bool:
    """Give what has a segment its new place; tell whether it is another one."""
    anchor = comments.moved(of(placed), shifts)
    if placed.segment is None or anchor == of(placed):
        return False
    put(placed, placed.segment.transcript_id, anchor)
    return True


def put(placed: Placed, transcript_id: UUID, anchor: Anchor) -> None:
    """Give a comment, or a part of one, a place in a transcript."""
    if placed.segment is None or placed.segment.key != anchor.key:
        placed.segment = Segment.with_removed.get(transcript=transcript_id, key=anchor.key)
    placed.begin, placed.end, placed.latest = anchor.begin, anchor.end, anchor.latest


# Placing


def placed(transcript_id: UUID, anchor: Anchor, *, seq: int) -> Anchor | None:
    """Return where a place of the transcript as it was after the change `seq` is now.

    The edits since are followed if the words were there then; else the words are looked for in the segment and in those
    that took words of it. A place whose words are nowhere is empty. None if there is no such segment.
    """
    segment = Segment.with_removed.filter(transcript=transcript_id, key=anchor.key).first()
    if segment is None:
        return None
    followed = _followed(transcript_id, anchor, seq)
    if followed is not None:
        return followed
    if segment.text[anchor.begin : anchor.end] == anchor.quoted and not segment.is_removed:
        return anchor
    place = comments.found(anchor, _candidates(segment))
    at = min(anchor.begin, len(segment.text))
    return place or replace(anchor, begin=at, end=at)


def _followed(transcript_id: UUID, anchor: Anchor, seq: int) -> Anchor | None:
    """Follow a place through the edits after `seq`; None if its words were not there then."""
    steps, texts = _steps_since(transcript_id, seq)
    text = texts.get(anchor.key)
    if text is None:
        text = Segment.with_removed.values_list("text", flat=True).get(transcript=transcript_id, key=anchor.key)
    if text[anchor.begin : anchor.end] != anchor.quoted:
        return None
    for shifts in steps:
        anchor = comments.moved(anchor, shifts)
    return anchor


def _steps_since(transcript_id: UUID, seq: int) -> tuple[list[list[Shift]], dict[str, str]]:
    """Return what each edit after `seq` did, and what the segments it changed said before all of them."""
    edited = EditedSegment.objects.filter(edit__transcript=transcript_id, edit__number__gt=seq)
    newest = edited.select_related("edit", "segment").order_by("-edit__number", "segment__position")[:MOST_EDITS]
    now: dict[str, tuple[str, bool]] = {}
    steps: dict[int, list[Shift]] = {}
    for one in newest:
        key = one.segment.key
        after = now.setdefault(key, (one.segment.text, not one.segment.is_removed))
        now[key] = before = _before(one, after)
        steps.setdefault(one.edit.number, []).append(Shift(key, before[0], after[0], before[1], after[1]))
    return list(reversed(steps.values())), {key: text for key, (text, _) in now.items()}


def _before(edited: EditedSegment, after: tuple[str, bool]) -> tuple[str, bool]:
    """Return the text of a segment before an edit, and whether it was in the transcript."""
    fields: dict[str, Any] | None = edited.before
    if fields is None:
        return "", False
    return fields.get("text", after[0]), not fields.get("is_removed", not after[1])


def _candidates(segment: Segment) -> list[tuple[str, str]]:
    """Return the segments in which the words of one may be: itself, what it was merged into, what was split off it."""
    keys = {segment.key, segment.merged_into} - {""}
    family = Segment.objects.filter(transcript=segment.transcript_id)
    near = family.filter(key__in=keys) | family.filter(split_from=segment.key)
    found = sorted(near, key=lambda one: (one.key != segment.key, one.position))
    return [(one.key, one.text) for one in found]


# Another transcript


def carry(base: Transcript, transcript: Transcript) -> None:
    """Move the comments of a transcript to the one that takes its place, at the same words if these are there.

    Those whose words were transcribed otherwise keep them and their moment. Call it in the transaction that fills the
    new transcript.
    """
    comments_ = list(Comment.objects.filter(transcript=base).select_related("segment"))
    if not comments_:
        return
    old = list(Segment.with_removed.filter(transcript=base).order_by("position"))
    new = {NEW + one.key: one for one in Segment.objects.filter(transcript=transcript).order_by("position")}
    parts = list(CommentPart.objects.filter(comment__in=comments_).select_related("segment"))
    for comment in comments_:
        comment.transcript = transcript
        if comment.segment is not None:
            comment.at_ms = (comment.segment.start_ms or 0) if comment.at_ms is None else comment.at_ms
    every: list[Placed] = [*comments_, *parts]
    for one in every:
        if one.segment is not None:
            _carry_place(one, one.segment, old, new)
    Comment.objects.bulk_update(comments_, ["transcript", "at_ms", *FIELDS], batch_size=500)
    CommentPart.objects.bulk_update(parts, FIELDS, batch_size=500)


def _carry_place(placed: Placed, home: Segment, old: Sequence[Segment], new: Mapping[str, Segment]) -> None:
    """Give a place that of its words in the new transcript, or none: the comment still has its moment."""
    start_ms, end_ms = home.start_ms or 0, home.end_ms or home.start_ms or 0
    near = [one for one in old if _is_near(one, start_ms, end_ms) or one.pk == home.pk]
    shifts = [Shift(one.key, one.text, "", not one.is_removed, is_present=False) for one in near]
    fresh = [Shift(key, "", one.text, was_present=False) for key, one in new.items() if _is_near(one, start_ms, end_ms)]
    place = comments.carried(of(placed), [*shifts, *fresh])
    if place is None:
        placed.segment, placed.begin, placed.end = None, 0, 0
        return
    placed.segment = new[place.key]
    placed.begin, placed.end, placed.latest = place.begin, place.end, place.latest


def _is_near(segment: Segment, start_ms: int, end_ms: int) -> bool:
    """Tell whether a segment is spoken around this time: engines divide speech in different ways."""
    if segment.start_ms is None or segment.end_ms is None:
        return False
    return segment.start_ms <= end_ms + AROUND_MS and segment.end_ms >= start_ms - AROUND_MS
