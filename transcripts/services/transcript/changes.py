"""The feed of a transcript: its changes are numbered, told to every page that shows it, and asked for if missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from transcripts import events
from transcripts.document.placement import placed
from transcripts.models import Conflict, Marker, Segment, Speaker, Transcript
from transcripts.services.transcript.review import state

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

# A message with more segments would fill the channel layer: pages are told to ask instead.
MOST_ROWS = 200


def number_for(transcript_id: UUID) -> int:
    """Return the number of the transcript's next change.

    Call it first in the transaction that makes the change: the row stays locked until then, so numbers are committed
    in their order.
    """
    mine = Transcript.objects.filter(pk=transcript_id)
    mine.update(changes=F("changes") + 1)
    return mine.values_list("changes", flat=True).get()


def publish(transcript_id: UUID, type_: str, change: int, /, **content: Any) -> None:
    """Tell every page that shows the transcript of a change, once it is committed."""
    if len(content.get("rows", ())) > MOST_ROWS:
        type_, content = "news", {}
    events.publish_to_transcript(transcript_id, {"type": type_, "change": change, **content})


def publish_rows(change: int, rows: Sequence[Segment]) -> None:
    """Tell every page of segments of one transcript that something else than a page's edit changed."""
    publish(rows[0].transcript_id, "edit", change, rows=described_rows(rows))


def publish_review(transcript_id: UUID) -> None:
    """Tell every page of what is no change of the text: who reviews it, and who has claimed what."""
    number = Transcript.objects.values_list("changes", flat=True).get(pk=transcript_id)
    review = state.described(transcript_id)
    events.publish_to_transcript(transcript_id, {"type": "review", "change": number, "review": review})


def since(transcript_id: UUID, change: int) -> dict[str, Any]:
    """Return what changed after this change, and the number of the last."""
    # The number first: what is committed after it is asked for again
    transcript = Transcript.objects.only("changes", "recording_id").get(pk=transcript_id)
    rows = Segment.with_removed.filter(transcript=transcript_id, change__gt=change).select_related("speaker")
    markers = Marker.objects.filter(recording=transcript.recording_id, change__gt=change).select_related("author")
    return {
        "change": transcript.changes,
        "rows": described_rows(list(rows.order_by("position"))),
        "speakers": described_speakers(transcript_id),
        "conflicts": [described_conflict(one) for one in open_conflicts(transcript_id)],
        "markers": [described_marker(marker) for marker in markers],
        "review": state.described(transcript_id),
    }


# Segments


def described_rows(segments: Sequence[Segment]) -> list[dict[str, Any]]:
    """Return segments of one transcript as pages get them, each with the one it follows."""
    follows = _followed(segments)
    return [{**described(segment), "after": follows.get(segment.key)} for segment in segments]


def _followed(segments: Sequence[Segment]) -> dict[str, str | None]:
    """Return the key of the present segment before each, by key."""
    if not segments:
        return {}
    present = Segment.objects.filter(transcript=segments[0].transcript_id)
    highest = max(segment.position for segment in segments)
    lowest = min(segment.position for segment in segments)
    before = present.filter(position__lt=lowest).order_by("-position").values_list("key", flat=True).first()
    between = present.filter(position__gte=lowest, position__lte=highest).order_by("position")
    found_between = set(between.values_list("position", "key"))
    places = sorted({*found_between, *((one.position, one.key) for one in segments)})
    present_keys = {key for _, key in found_between}
    found: dict[str, str | None] = {}
    for _, key in places:
        found[key] = before
        before = key if key in present_keys else before
    return found


def described(row: Segment) -> dict[str, Any]:
    """Return a segment as pages get it; `gone` only if it is not in the text."""
    shown = {
        "id": row.key,
        "revision": row.revision,
        "change": row.change,
        "text": row.text,
        "language": row.language,
        "start_ms": row.start_ms,
        "end_ms": row.end_ms,
        "origin": row.origin,
        "unconfirmed": row.is_unconfirmed,
        "reviewed": row.is_reviewed,
        "speaker": row.speaker.key if row.speaker else "",
        "words": placed(row.text, row.words),
        "from": row.split_from,
        "born": row.born,
    }
    return {**shown, "gone": row.merged_into or True} if row.is_removed else shown


# What goes with them


def described_speakers(transcript_id: UUID, keys: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Return the speakers of a transcript, or those with these keys, as pages get them."""
    found = Speaker.objects.filter(transcript=transcript_id).order_by("position")
    return [described_speaker(one) for one in (found if keys is None else found.filter(key__in=list(keys)))]


def described_speaker(speaker: Speaker) -> dict[str, Any]:
    """Return a speaker as pages get them."""
    return {"id": speaker.key, "label": speaker.label, "number": speaker.position + 1}


def open_conflicts(transcript_id: UUID) -> list[Conflict]:
    """Return what a person has to decide, in the order of time."""
    found = Conflict.objects.filter(segment__transcript=transcript_id, resolved_at=None)
    return list(found.select_related("segment", "edit__author").order_by("segment__position", "pk"))


def described_conflict(conflict: Conflict) -> dict[str, Any]:
    """Return a conflict as pages get it; `by` is whose edit overwrote the words, empty for a re-transcription."""
    return {
        "id": conflict.pk,
        "segment": conflict.segment.key,
        "kept": conflict.kept,
        "offered": conflict.offered,
        "start_ms": conflict.start_ms,
        "end_ms": conflict.end_ms,
        "by": conflict.edit.author_name if conflict.edit else "",
        "at": conflict.created_at.isoformat(),
        "revision": conflict.segment.revision,
        "resolved": conflict.resolved_at is not None,
    }


def described_marker(marker: Marker) -> dict[str, Any]:
    """Return a marker as pages get it."""
    return {
        "id": str(marker.pk),
        "at_ms": marker.at_ms,
        "kind": marker.kind,
        "note": marker.note,
        "author": marker.author_name,
        "removed": marker.removed_at is not None,
    }
