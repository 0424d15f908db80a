"""Segments and speakers as rows: a whole transcript, what a live session appends, a row as a value and back.

Everything here belongs in the caller's transaction. A change of a transcript that pages already show carries the
number that `changes.number_for` gave it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from django.db.models import F, Max
from django.db.models.functions import Greatest

from transcripts import clock
from transcripts.access import Guest
from transcripts.document import Segment as SpokenSegment
from transcripts.document import Timing, Word, scripts
from transcripts.models import POSITION_GAP, Edit, EditedSegment, Segment, Speaker, Transcript
from transcripts.models.choices import EditKind, Origin
from transcripts.services import summaries

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from transcripts.access import Actor

BATCH = 500
LONGEST_LABEL = 120
# Words of a lower confidence are doubtful.
DOUBT_BELOW = 0.6


# Values


class Text(Protocol):
    """A row that keeps a text and its words."""

    text: str
    words: list[list[Any]]


def words_of(segment: SpokenSegment) -> list[list[object]]:
    """Return the segment's words as its row keeps them."""
    return [[word.text, word.start_ms, word.end_ms, word.confidence, word.timing] for word in segment.words]


def spoken(row: Segment) -> SpokenSegment:
    """Return what a segment says; its speaker is named by their key."""
    speaker = row.speaker.key if row.speaker else None
    return SpokenSegment(row.text, row.start_ms, row.end_ms, speaker, read_words(row.words), row.language or None)


def read_words(words: Iterable[Sequence[Any]]) -> tuple[Word, ...]:
    """Return words as a row keeps them as values."""
    return tuple(_word(*word) for word in words)


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

    `key` names a segment that continues one of an earlier transcript; without it the segment gets a key of its own.
    `machine` is what a machine last transcribed there, if a person changed the segment; `is_removed` that a person
    took it out of the text, `is_reviewed` that a person declared it right.
    """

    segment: SpokenSegment
    speaker: Hashable | None = None
    origin: Origin = Origin.MACHINE
    revision: int = 1
    key: str = ""
    machine: SpokenSegment | None = None
    is_removed: bool = False
    is_reviewed: bool = False


def numbered_speaker(transcript: Transcript, number: int, provider_label: str, *, label: str = "") -> Speaker:
    """Return a speaker, not yet saved, called `label` or by its number."""
    return Speaker(
        transcript=transcript,
        key=str(number),
        position=number,
        label=label[:LONGEST_LABEL] or f"Speaker {number}",
        provider_label=provider_label[:LONGEST_LABEL],
    )


def fill(transcript: Transcript, entries: Sequence[Entry], speakers: Mapping[Hashable, Speaker]) -> list[Segment]:
    """Write all speakers and segments of a new transcript, and count its words."""
    Speaker.objects.bulk_create({speaker.position: speaker for speaker in speakers.values()}.values())
    keys = _keys(entries)
    rows = [_row(transcript, number, entry, speakers, next(keys)) for number, entry in enumerate(entries)]
    Segment.with_removed.bulk_create(rows, batch_size=BATCH)
    counted = [counts(row) for row in rows]
    transcript.word_count = sum(one.words for one in counted)
    transcript.reviewed_words = sum(one.reviewed for one in counted)
    transcript.doubtful_words = sum(one.doubtful for one in counted)
    transcript.save(update_fields=["word_count", "reviewed_words", "doubtful_words"])
    return rows


def _keys(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield the key of each entry: its own, or one by its number that none of the others has."""
    taken = {entry.key for entry in entries}
    numbers = (f"s{number}" for number in itertools.count())
    free = (key for key in numbers if key not in taken)
    return (entry.key or next(free) for entry in entries)


def _row(transcript: Transcript, number: int, entry: Entry, speakers: Mapping[Hashable, Speaker], key: str) -> Segment:
    segment = entry.segment
    return Segment(
        transcript=transcript,
        key=key,
        position=(number + 1) * POSITION_GAP,
        speaker=None if entry.speaker is None else speakers[entry.speaker],
        start_ms=segment.start_ms,
        end_ms=segment.end_ms,
        text=segment.text,
        words=words_of(segment),
        language=segment.language or "",
        origin=entry.origin,
        revision=entry.revision,
        machine=None if entry.machine is None else said(entry.machine),
        is_removed=entry.is_removed,
        is_reviewed=entry.is_reviewed,
    )


def said(segment: SpokenSegment) -> dict[str, Any]:
    """Return a text and its words as a segment's `machine` keeps them."""
    return {"text": segment.text, "words": words_of(segment)}


# Changes of a transcript


def append(transcript_id: UUID, spoken: SpokenSegment, *, change: int) -> Segment:
    """Write a segment behind the last one; a speaker that the provider names for the first time is numbered."""
    last = Segment.with_removed.filter(transcript=transcript_id).aggregate(last=Max("position"))["last"]
    segment = Segment.objects.create(
        transcript_id=transcript_id,
        key=f"c{change}",
        position=(last or 0) + POSITION_GAP,
        speaker=_speaker(transcript_id, spoken.speaker),
        start_ms=spoken.start_ms,
        end_ms=spoken.end_ms,
        text=spoken.text,
        words=words_of(spoken),
        language=spoken.language or "",
        change=change,
        born=change,
    )
    edit = Edit.objects.create(transcript_id=transcript_id, number=change, kind=EditKind.LIVE, created_at=clock.now())
    EditedSegment.objects.create(edit=edit, segment=segment, before=None, after=state(segment))
    recount(transcript_id, counts(segment))
    return segment


def _speaker(transcript_id: UUID, label: str | None) -> Speaker | None:
    if label is None:
        return None
    known = Speaker.objects.filter(transcript=transcript_id)
    if found := known.filter(provider_label=label[:LONGEST_LABEL]).first():
        return found
    Transcript.objects.filter(pk=transcript_id).update(has_estimated_speakers=True)
    speaker = numbered_speaker(Transcript(pk=transcript_id), next_number(transcript_id), label)
    speaker.save()
    return speaker


def next_number(transcript_id: UUID) -> int:
    """Return the number of the next speaker."""
    last: int | None = Speaker.objects.filter(transcript=transcript_id).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def state(row: Segment) -> dict[str, Any]:
    """Return the fields of a segment that edits change, as `EditedSegment` keeps them."""
    return {
        "text": row.text,
        "words": row.words,
        "speaker": row.speaker.key if row.speaker else "",
        "start_ms": row.start_ms,
        "end_ms": row.end_ms,
        "origin": str(row.origin),
        "is_removed": row.is_removed,
        "merged_into": row.merged_into,
        "is_reviewed": row.is_reviewed,
    }


class Counts(NamedTuple):
    """The words of segments that are in the text: all, those in reviewed segments, and doubtful ones in the others."""

    words: int = 0
    reviewed: int = 0
    doubtful: int = 0

    def plus(self, other: Counts, sign: int = 1) -> Counts:
        """Add the words of others, or subtract them."""
        return Counts(*(one + sign * another for one, another in zip(self, other, strict=True)))


def counts(row: Segment) -> Counts:
    """Count the words of a segment."""
    if row.is_removed:
        return Counts()
    words = count(row)
    return Counts(words, words) if row.is_reviewed else Counts(words, 0, doubtful(row.words))


def doubtful(words: Sequence[Any]) -> int:
    """Return how many of these words have a low confidence."""
    return sum(word[3] is not None and word[3] < DOUBT_BELOW for word in words)


def recount(transcript_id: UUID, more: Counts) -> None:
    """Count more words, or fewer. A number that tells people how much is left never refuses an edit."""
    Transcript.objects.filter(pk=transcript_id).update(
        word_count=F("word_count") + more.words,
        reviewed_words=F("reviewed_words") + more.reviewed,
        doubtful_words=Greatest(F("doubtful_words") + more.doubtful, 0),
    )
    summaries.follow_review(transcript_id)


def count(row: Text) -> int:
    """Return how many words a segment has."""
    return len(row.words) or len(scripts.words_in(row.text))


def spread(transcript_id: UUID) -> None:
    """Leave room before and between all segments again; call it when one finds no position."""
    rows = Segment.with_removed.filter(transcript=transcript_id)
    keys = list(rows.order_by("position").values_list("pk", flat=True))
    # Behind all others first: no two may have the same position at any moment
    beyond = (len(keys) + 2) * POSITION_GAP + (rows.aggregate(last=Max("position"))["last"] or 0)
    for first in (beyond, 0):
        spaced = [Segment(pk=pk, position=first + (number + 1) * POSITION_GAP) for number, pk in enumerate(keys)]
        Segment.with_removed.bulk_update(spaced, ["position"], batch_size=BATCH)
