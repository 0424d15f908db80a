"""A new transcription merged with what people wrote in the transcript before it.

Segments that a person changed continue in the new transcript under the key they had, with what was transcribed there
now beside them: so each further run is merged over the last. What was removed stays removed. The history before is
that of the earlier transcript, which stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcripts import clock
from transcripts.document import Segment as SpokenSegment
from transcripts.document import scripts
from transcripts.document.merging.merge import Base, merge
from transcripts.models import Conflict, Edit, EditedSegment, Segment, Speaker, Transcript
from transcripts.models.choices import EditKind, Origin
from transcripts.services import activities
from transcripts.services.transcript import rows
from transcripts.services.transcript.comments import anchors
from transcripts.services.transcript.review import assignments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from transcripts.document.merging.merge import Merged, Mixed
    from transcripts.document.values import Word


@dataclass(frozen=True, slots=True)
class Prepared:
    """A new transcription merged with a transcript as it was at some moment."""

    base: Transcript
    fresh: Sequence[SpokenSegment]
    old: Sequence[Segment]
    merged: Merged

    @property
    def is_corrected(self) -> bool:
        """Whether people corrected anything in the base: a word or a speaker's name."""
        return any(map(_is_edited, self.old)) or self.base.speakers.filter(is_named=True).exists()

    def fits(self, present: Iterable[Segment]) -> bool:
        """Tell whether the base is still what it was."""
        return [(row.pk, row.revision) for row in present] == [(row.pk, row.revision) for row in self.old]


def prepare(base: Transcript, fresh: Sequence[SpokenSegment]) -> Prepared:
    """Merge a new transcription with its base. Call it before the transaction that writes it."""
    every = list(Segment.with_removed.filter(transcript=base).select_related("speaker").order_by("position"))
    # What was merged into another segment is in that one's time
    old = [row for row in every if not row.merged_into]
    machine = _Machine(every)
    return Prepared(base, fresh, old, merge([_base(row, machine, base.language) for row in old], fresh))


def write(transcript: Transcript, prepared: Prepared, *, has_tracks: bool = False) -> None:
    """Fill a new transcript with what was merged, merging once more if someone edited the base in between.

    Call it in the transaction that stores the transcript: edits count up to this moment. With `has_tracks` new
    speakers are called as their tracks are.
    """
    # An edit waits for this, and is refused then: there is a newer transcript
    Transcript.objects.select_for_update().get(pk=prepared.base.pk)
    present = Segment.with_removed.filter(transcript=prepared.base, merged_into="").order_by("position")
    if not prepared.fits(present.select_for_update()):
        prepared = prepare(prepared.base, prepared.fresh)
    mixed = prepared.merged.segments
    entries = [_entry(one, prepared) for one in mixed]
    made = rows.fill(transcript, entries, _speakers(transcript, prepared, has_tracks=has_tracks))
    assignments.pass_on(prepared.base, transcript)
    anchors.carry(prepared.base, transcript)
    _note(transcript, [row for row, one in zip(made, mixed, strict=True) if one.base is not None])
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


def _note(transcript: Transcript, continued: Sequence[Segment]) -> None:
    """Begin the history of a transcript with what its edited segments continue."""
    transcript.changes = 1
    transcript.save(update_fields=["changes"])
    edit = Edit.objects.create(transcript=transcript, number=1, kind=EditKind.RETRANSCRIPTION, created_at=clock.now())
    EditedSegment.objects.bulk_create(
        [
            EditedSegment(
                edit=edit, segment=row, before={**(row.machine or {}), "origin": Origin.MACHINE}, after=rows.state(row)
            )
            for row in continued
        ],
        batch_size=rows.BATCH,
    )


def _is_edited(row: Segment) -> bool:
    return row.origin == Origin.HUMAN or row.is_removed


class _Machine:
    """What a machine last transcribed in a transcript, whatever people made of its segments since."""

    def __init__(self, every: Sequence[Segment]) -> None:
        parts = {row.split_from for row in every} | {row.merged_into for row in every}
        self._whole = {row.key for row in every if not row.split_from and row.key not in parts}
        words = [word for row in every for word in self._words(row) if word.start_ms is not None]
        self._words_in_time = sorted(words, key=lambda word: word.start_ms or 0)

    def under(self, row: Segment) -> SpokenSegment:
        """Return what a machine transcribed where a person changed a segment."""
        present = rows.spoken(row)
        if row.key in self._whole and row.machine:
            return replace(present, text=row.machine["text"], words=rows.read_words(row.machine["words"]))
        if row.start_ms is None or row.end_ms is None or (row.key in self._whole and row.origin == Origin.HUMAN):
            return SpokenSegment("")
        words = tuple(word for word in self._words_in_time if row.start_ms <= _middle(word) < row.end_ms)
        return replace(present, text=scripts.joined(word.text for word in words), words=words)

    @staticmethod
    def _words(row: Segment) -> Sequence[Word]:
        if row.machine:
            return rows.read_words(row.machine["words"])
        return rows.read_words(row.words) if row.origin == Origin.MACHINE else ()


def _middle(word: Word) -> int:
    return ((word.start_ms or 0) + (word.end_ms or 0)) // 2


def _base(row: Segment, machine: _Machine, language: str) -> Base:
    """Return a segment with what a machine last transcribed there, if a person changed that.

    `language` is its transcript's: the new transcript may be in another one.
    """
    present = rows.spoken(row)
    present = replace(present, language=present.language or language or None)
    if not _is_edited(row):
        return Base(present)
    if row.is_removed:
        present = replace(present, text="", words=())
    return Base(present, machine.under(row))


def _entry(mixed: Mixed, prepared: Prepared) -> rows.Entry:
    name = mixed.segment.speaker
    if mixed.base is None:
        return rows.Entry(mixed.segment, None if name is None else (False, name))
    row = prepared.old[mixed.base]
    return rows.Entry(
        mixed.segment,
        None if name is None else (True, name),
        origin=Origin.HUMAN,
        revision=row.revision + 1,
        key=row.key,
        machine=mixed.fresh,
        is_removed=row.is_removed and not mixed.segment.text,
        is_reviewed=row.is_reviewed and mixed.segment.text == row.text,
    )


def _conflicts(row: Segment, mixed: Mixed) -> list[Conflict]:
    return [
        Conflict(segment=row, start_ms=found.start_ms, end_ms=found.end_ms, kept=found.kept, offered=found.offered)
        for found in mixed.conflicts
    ]


def _speakers(transcript: Transcript, prepared: Prepared, *, has_tracks: bool) -> dict[object, Speaker]:
    """Make the speakers in the order they first speak; found by whether they are the base's, and by name there."""
    old = {speaker.key: speaker for speaker in Speaker.objects.filter(transcript=prepared.base)}
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
