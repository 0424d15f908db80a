"""A new transcription merged with what people wrote in the transcript before it.

Segments that a person edited continue in the new transcript with their history, the new transcription among it: so
each further run is merged over the last.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcripts.document import Segment as SpokenSegment
from transcripts.document.merging.merge import Base, merge
from transcripts.models import Conflict, Revision, Segment, Speaker
from transcripts.models.choices import Origin
from transcripts.services import activities
from transcripts.services.transcript import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from transcripts.document.merging.merge import Merged, Mixed
    from transcripts.models import Transcript

History = dict[int, list[Revision]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A new transcription merged with a transcript as it was at some moment."""

    base: Transcript
    fresh: Sequence[SpokenSegment]
    old: Sequence[Segment]
    history: History
    merged: Merged

    @property
    def is_corrected(self) -> bool:
        """Whether people corrected anything in the base: a word or a speaker's name."""
        return any(self.history.values()) or self.base.speakers.filter(is_named=True).exists()

    def fits(self, present: Iterable[Segment]) -> bool:
        """Tell whether the base is still what it was."""
        return [(row.pk, row.revision) for row in present] == [(row.pk, row.revision) for row in self.old]


def prepare(base: Transcript, fresh: Sequence[SpokenSegment]) -> Prepared:
    """Merge a new transcription with its base. Call it before the transaction that writes it."""
    old = list(Segment.objects.filter(transcript=base).order_by("position"))
    history = _history(old)
    return Prepared(
        base, fresh, old, history, merge([_base(row, history[row.pk], base.language) for row in old], fresh)
    )


def write(transcript: Transcript, prepared: Prepared, *, has_tracks: bool = False) -> None:
    """Fill a new transcript with what was merged, merging once more if someone edited the base in between.

    Call it in the transaction that stores the transcript: edits count up to this moment. With `has_tracks` new
    speakers are called as their tracks are.
    """
    present = Segment.objects.select_for_update().filter(transcript=prepared.base).order_by("position")
    if not prepared.fits(present):
        prepared = prepare(prepared.base, prepared.fresh)
    mixed = prepared.merged.segments
    entries = [_entry(one, prepared) for one in mixed]
    made = rows.fill(transcript, entries, _speakers(transcript, prepared, has_tracks=has_tracks))
    conflicts = [conflict for row, one in zip(made, mixed, strict=True) for conflict in _conflicts(row, one)]
    Conflict.objects.bulk_create(conflicts)
    edited = sum(one.base is not None for one in mixed)
    activities.record(
        "transcript:merged",
        transcript.recording,
        words=transcript.word_count,
        edited=edited,
        conflicts=len(conflicts),
    )


def _history(old: Sequence[Segment]) -> History:
    history: History = defaultdict(list)
    edited = [row.pk for row in old if row.origin == Origin.HUMAN]
    for revision in Revision.objects.filter(segment__in=edited).order_by("number"):
        history[revision.segment_id].append(revision)
    return history


def _base(row: Segment, history: Sequence[Revision], language: str) -> Base:
    """Return a segment with what a machine last transcribed there, if a person edited that.

    `language` is its transcript's: the new transcript may be in another one.
    """
    present = rows.spoken(row, row)
    present = replace(present, language=present.language or language or None)
    if row.origin != Origin.HUMAN:
        return Base(present)
    by_machine = [revision for revision in history if revision.origin == Origin.MACHINE]
    return Base(present, rows.spoken(by_machine[-1], row) if by_machine else SpokenSegment(""))


def _entry(mixed: Mixed, prepared: Prepared) -> rows.Entry:
    name = mixed.segment.speaker
    if mixed.base is None:
        return rows.Entry(mixed.segment, None if name is None else (False, name))
    row = prepared.old[mixed.base]
    return rows.Entry(
        mixed.segment,
        None if name is None else (True, name),
        origin=Origin.HUMAN,
        # Two more revisions than it had: what it said before this, and the new transcription
        revision=row.revision + 2,
        history=_continued(row, prepared.history[row.pk], mixed.fresh),
    )


def _continued(old: Segment, history: Sequence[Revision], fresh: SpokenSegment) -> list[Revision]:
    """Return all that an edited segment said so far, the new transcription last."""
    return [
        *rows.copied(history),
        Revision(number=old.revision, text=old.text, words=old.words, origin=old.origin),
        Revision(number=old.revision + 1, text=fresh.text, words=rows.words_of(fresh), origin=Origin.MACHINE),
    ]


def _conflicts(row: Segment, mixed: Mixed) -> list[Conflict]:
    return [
        Conflict(segment=row, start_ms=found.start_ms, end_ms=found.end_ms, kept=found.kept, offered=found.offered)
        for found in mixed.conflicts
    ]


def _speakers(transcript: Transcript, prepared: Prepared, *, has_tracks: bool) -> dict[object, Speaker]:
    """Make the speakers in the order they first speak; found by whether they are the base's, and by name there."""
    old = {str(speaker.pk): speaker for speaker in Speaker.objects.filter(transcript=prepared.base)}
    made: dict[tuple[bool, str], Speaker] = {}
    found: dict[object, Speaker] = {}
    for mixed in prepared.merged.segments:
        name = mixed.segment.speaker
        if name is None:
            continue
        is_old = mixed.base is not None
        same = name if is_old else prepared.merged.voices.get(name)
        voice = (False, name) if same is None else (True, same)
        if voice not in made:
            made[voice] = _speaker(transcript, len(made) + 1, name, old.get(same or ""), has_tracks=has_tracks)
        found[is_old, name] = made[voice]
    return found


def _speaker(transcript: Transcript, number: int, label: str, known: Speaker | None, *, has_tracks: bool) -> Speaker:
    provider_label = label if known is None else known.provider_label
    is_named = known is not None and known.is_named
    shown = known.label if known is not None and is_named else provider_label if has_tracks else ""
    speaker = rows.numbered_speaker(transcript, number, provider_label, label=shown)
    speaker.is_named = is_named
    return speaker
