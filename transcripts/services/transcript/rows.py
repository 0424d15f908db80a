"""The one writer of segments, speakers and revisions; also what a row says as a value, and a value as a row keeps it.

Everything here belongs in the caller's transaction. A change of a transcript that pages already show carries the
number that `changes.number_for` gave it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import F, Max

from transcripts.access import Guest
from transcripts.document import Segment as SpokenSegment
from transcripts.document import Timing, Word, scripts
from transcripts.models import Revision, Segment, Speaker, Transcript
from transcripts.models.choices import Origin

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from uuid import UUID

    from transcripts.access import Actor

BATCH = 500
LONGEST_LABEL = 120


# Values


class Text(Protocol):
    """A row that keeps a text and its words: a segment, or a revision of one."""

    text: str
    words: list[list[Any]]


def words_of(segment: SpokenSegment) -> list[list[object]]:
    """Return the segment's words as its row keeps them."""
    return [[word.text, word.start_ms, word.end_ms, word.confidence, word.timing] for word in segment.words]


def spoken(row: Text, segment: Segment) -> SpokenSegment:
    """Return what a segment, or a revision of it, says; its speaker is named by the row's id."""
    speaker = None if segment.speaker_id is None else str(segment.speaker_id)
    words = tuple(_word(*word) for word in row.words)
    return SpokenSegment(row.text, segment.start_ms, segment.end_ms, speaker, words, segment.language or None)


def _word(text: str, start_ms: int | None, end_ms: int | None, confidence: float | None, timing: str) -> Word:
    return Word(text, start_ms, end_ms, confidence, Timing(timing))


def author_fields(actor: Actor) -> dict[str, Any]:
    """Return the columns of an `Authored` row that name the actor."""
    if isinstance(actor, Guest):
        return {"author": None, "guest": actor.share, "guest_name": actor.name[:LONGEST_LABEL]}
    return {"author": actor, "guest": None, "guest_name": ""}


# A whole transcript


@dataclass(frozen=True, slots=True)
class Entry:
    """A segment to be written. `speaker` is a key of the speakers that are written with it.

    `history` holds the revisions that the segment continues, not yet saved, the oldest first; one that has a
    `created_at` keeps it.
    """

    segment: SpokenSegment
    speaker: Hashable | None = None
    origin: Origin = Origin.MACHINE
    revision: int = 1
    history: Sequence[Revision] = ()


def numbered_speaker(transcript: Transcript, number: int, provider_label: str, *, label: str = "") -> Speaker:
    """Return a speaker, not yet saved, called `label` or by its number."""
    shown = label[:LONGEST_LABEL] or f"Speaker {number}"
    return Speaker(transcript=transcript, position=number, label=shown, provider_label=provider_label[:LONGEST_LABEL])


def fill(transcript: Transcript, entries: Sequence[Entry], speakers: Mapping[Hashable, Speaker]) -> list[Segment]:
    """Write all speakers and segments of a new transcript, and count its words."""
    Speaker.objects.bulk_create({speaker.position: speaker for speaker in speakers.values()}.values())
    rows = [_row(transcript, position, entry, speakers) for position, entry in enumerate(entries)]
    Segment.objects.bulk_create(rows, batch_size=BATCH)
    _carry(rows, entries)
    transcript.word_count = sum(map(_count, rows))
    transcript.save(update_fields=["word_count"])
    return rows


def _row(transcript: Transcript, position: int, entry: Entry, speakers: Mapping[Hashable, Speaker]) -> Segment:
    segment = entry.segment
    return Segment(
        transcript=transcript,
        position=position,
        speaker=None if entry.speaker is None else speakers[entry.speaker],
        start_ms=segment.start_ms,
        end_ms=segment.end_ms,
        text=segment.text,
        words=words_of(segment),
        language=segment.language or "",
        origin=entry.origin,
        revision=entry.revision,
    )


def _carry(rows: Sequence[Segment], entries: Sequence[Entry]) -> None:
    """Write the revisions that the segments continue."""
    carried: list[Revision] = []
    for row, entry in zip(rows, entries, strict=True):
        for revision in entry.history:
            revision.segment = row
            carried.append(revision)
    # Creating a row dates it, so the times at which edits were made are put back afterwards
    made_at = [(revision, revision.created_at) for revision in carried if revision.created_at]
    Revision.objects.bulk_create(carried, batch_size=BATCH)
    for revision, moment in made_at:
        revision.created_at = moment
    Revision.objects.bulk_update([revision for revision, _ in made_at], ["created_at"], batch_size=BATCH)


def _count(row: Text) -> int:
    return len(row.words) or len(scripts.words_in(row.text))


# Changes of a transcript


def append(transcript_id: UUID, spoken: SpokenSegment, *, change: int) -> Segment:
    """Write a segment behind the last one; a speaker that the provider names for the first time is numbered."""
    last = Segment.objects.filter(transcript=transcript_id).aggregate(last=Max("position"))["last"]
    segment = Segment.objects.create(
        transcript_id=transcript_id,
        position=0 if last is None else last + 1,
        speaker=_speaker(transcript_id, spoken.speaker),
        start_ms=spoken.start_ms,
        end_ms=spoken.end_ms,
        text=spoken.text,
        words=words_of(spoken),
        language=spoken.language or "",
        change=change,
    )
    Transcript.objects.filter(pk=transcript_id).update(word_count=F("word_count") + _count(segment))
    return segment


def _speaker(transcript_id: UUID, label: str | None) -> Speaker | None:
    if label is None:
        return None
    known = Speaker.objects.filter(transcript=transcript_id)
    if found := known.filter(provider_label=label[:LONGEST_LABEL]).first():
        return found
    Transcript.objects.filter(pk=transcript_id).update(has_estimated_speakers=True)
    speaker = numbered_speaker(Transcript(pk=transcript_id), known.count() + 1, label)
    speaker.save()
    return speaker


def revise(row: Segment, new: SpokenSegment, *, actor: Actor, change: int) -> None:
    """Give a locked segment another text by a person; what it said before stays as a revision."""
    Revision.objects.create(
        segment=row, number=row.revision, text=row.text, words=row.words, origin=row.origin, **author_fields(actor)
    )
    counted = _count(row)
    row.text, row.words = new.text, words_of(new)
    row.origin, row.revision, row.change = Origin.HUMAN, row.revision + 1, change
    row.save(update_fields=["text", "words", "origin", "revision", "change"])
    grown = _count(row) - counted
    Transcript.objects.filter(pk=row.transcript_id).update(word_count=F("word_count") + grown)


def rename_speaker(speaker: Speaker, label: str, *, change: int) -> None:
    """Call a speaker by another name. Pages ask for changed segments, so all of this speaker's count as changed."""
    Speaker.objects.filter(pk=speaker.pk).update(label=label, is_named=True)
    speaker.segments.update(change=change)
    speaker.label, speaker.is_named = label, True


def copied(revisions: Iterable[Revision]) -> list[Revision]:
    """Return copies of revisions, not yet saved, for another segment."""
    fields = ("number", "text", "words", "origin", "author_id", "guest_id", "guest_name", "created_at")
    return [Revision(**{name: getattr(revision, name) for name in fields}) for revision in revisions]
