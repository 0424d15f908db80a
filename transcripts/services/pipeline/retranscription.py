"""Hearing a recording again, and merging what is heard with what people wrote.

The result is a transcript of its own; the one it comes from stays as it is, with all its revisions. Segments that a
person edited go on in the new one with their history, what was heard now among it: so each further hearing is merged
over the last.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcripts.document import Segment as SpokenSegment
from transcripts.document.merging.merge import Base, merge
from transcripts.models import Conflict, Revision, Segment, Speaker, Transcript
from transcripts.models.choices import OPEN_LIVE, LanguageSource, Origin
from transcripts.services import activities
from transcripts.services.errors import NoProvider, Refused
from transcripts.services.pipeline import jobs
from transcripts.services.transcript import rows as segment_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from accounts.models import User
    from transcripts.document.merging.merge import Merged, Mixed
    from transcripts.models import LiveSession, ProcessingJob

BATCH = 500
STILL_SPOKEN = "This is still being spoken. Stop the session first; then the whole of it can be heard again."
NOT_THE_NEWEST = "There is a newer text of this recording. Open that one to improve it further."

History = dict[int, list[Revision]]


def improve(transcript: Transcript, *, actor: User, speakers: int | None = None) -> ProcessingJob:
    """Begin to transcribe the whole recording again because a person asks for it, with so many speakers if they say so.

    Raises Refused while it is spoken, where there is a newer text, and while another job runs.
    """
    session = getattr(transcript.recording, "live_session", None)
    if session is not None and session.status in OPEN_LIVE:
        raise Refused("still_live", STILL_SPOKEN)
    if newer_than(transcript) is not None:
        raise Refused("not_newest", NOT_THE_NEWEST)
    counted = speakers or (transcript.job.speakers if transcript.job else None)
    language = _said_language(transcript)
    return jobs.start(transcript.recording, actor=actor, language=language, speakers=counted, improves=transcript)


def _said_language(transcript: Transcript) -> str:
    """The language that a person named for the transcript, or confirmed; empty if none did."""
    said = transcript.job.language if transcript.job else transcript.recording.language
    confirmed = transcript.language if transcript.language_source == LanguageSource.CHOSEN else ""
    return said or confirmed


def begin(session: LiveSession) -> None:
    """Begin to hear a session again whose words are not all there; nothing where something works on it already."""
    recording = session.recording
    # Without a provider its gaps are shown, and somebody may improve it when there is one.
    with suppress(Refused, NoProvider):
        jobs.begin(recording, actor=session.owner, language=recording.language, improves=session.transcript)


def newer_than(transcript: Transcript) -> Transcript | None:
    """The newest text that came of improving, where this is not the newest."""
    newer = Transcript.objects.filter(
        recording=transcript.recording_id, job__improves__isnull=False, created_at__gt=transcript.created_at
    )
    return newer.order_by("-created_at").first()


@dataclass(frozen=True, slots=True)
class Improved:
    """What was heard merged with a transcript as it was at some moment."""

    base: Transcript
    heard: Sequence[SpokenSegment]
    rows: Sequence[Segment]
    history: History
    merged: Merged

    @property
    def is_corrected(self) -> bool:
        """Whether people corrected anything in the base: a word or a speaker's name."""
        return any(self.history.values()) or self.base.speakers.filter(is_named=True).exists()

    def fits(self, rows: Iterable[Segment]) -> bool:
        """Tell whether the transcript is still what it was."""
        return [(row.pk, row.revision) for row in rows] == [(row.pk, row.revision) for row in self.rows]


def improved(base: Transcript, heard: Sequence[SpokenSegment]) -> Improved:
    """Merge what was heard with what people wrote in its base. Call it before the transaction that writes it."""
    rows = list(Segment.objects.filter(transcript=base).order_by("position"))
    history = _history(rows)
    old = [_base(row, history[row.pk], base.language or None) for row in rows]
    return Improved(base, heard, rows, history, merge(old, heard))


def write(transcript: Transcript, found: Improved, *, has_tracks: bool = False) -> None:
    """Fill a new transcript with what was merged, merging once more if someone changed the base meanwhile.

    Call it in the transaction that stores the transcript: corrections count up to this moment. With `has_tracks` new
    speakers are called as their tracks are.
    """
    if not found.fits(Segment.objects.select_for_update().filter(transcript=found.base).order_by("position")):
        found = improved(found.base, found.heard)
    rows, history, merged = found.rows, found.history, found.merged
    speakers = _speakers(transcript, found.base, merged, has_tracks=has_tracks)
    made = [_row(transcript, position, mixed, rows, speakers) for position, mixed in enumerate(merged.segments)]
    Segment.objects.bulk_create(made, batch_size=BATCH)
    carried = [
        revision
        for row, mixed in zip(made, merged.segments, strict=True)
        if mixed.base is not None
        for revision in _carry(rows[mixed.base], history[rows[mixed.base].pk], row, mixed.heard)
    ]
    _keep(carried)
    conflicts = [_conflicts(row, mixed) for row, mixed in zip(made, merged.segments, strict=True)]
    open_now = Conflict.objects.bulk_create([conflict for some in conflicts for conflict in some])
    count = segment_rows.count_words(transcript, made)
    edited = sum(mixed.base is not None for mixed in merged.segments)
    activities.record("transcript:improved", transcript.recording, words=count, edited=edited, conflicts=len(open_now))


def _history(rows: Sequence[Segment]) -> History:
    history: History = defaultdict(list)
    edited = [row.pk for row in rows if row.origin == Origin.HUMAN]
    for revision in Revision.objects.filter(segment__in=edited).order_by("number"):
        history[revision.segment_id].append(revision)
    return history


def _base(row: Segment, history: Sequence[Revision], language: str | None) -> Base:
    """Return a segment with what a machine last transcribed there, if a person edited that.

    `language` is its transcript's: the new transcript may be in another one.
    """
    present = segment_rows.spoken(row, row)
    present = replace(present, language=present.language or language)
    if row.origin != Origin.HUMAN:
        return Base(present)
    by_machine = [revision for revision in history if revision.origin == Origin.MACHINE]
    machine = segment_rows.spoken(by_machine[-1], row) if by_machine else SpokenSegment("")
    return Base(present, machine)


def _row(
    transcript: Transcript,
    position: int,
    mixed: Mixed,
    rows: Sequence[Segment],
    speakers: Mapping[tuple[bool, str], Speaker],
) -> Segment:
    segment, is_edited = mixed.segment, mixed.base is not None
    return Segment(
        transcript=transcript,
        position=position,
        speaker=None if segment.speaker is None else speakers[is_edited, segment.speaker],
        start_ms=segment.start_ms,
        end_ms=segment.end_ms,
        text=segment.text,
        words=segment_rows.words_of(segment),
        language=segment.language or "",
        origin=Origin.HUMAN if is_edited else Origin.MACHINE,
        # Two revisions more than it had: what it said before this, and what was heard.
        revision=1 if mixed.base is None else rows[mixed.base].revision + 2,
    )


def _carry(
    old: Segment, history: Sequence[Revision], row: Segment, heard: SpokenSegment
) -> Iterator[tuple[Revision, datetime | None]]:
    """Let an edited segment go on with all that it said, and when; the last is what was heard now."""
    for revision in history:
        yield _copy(revision, row), revision.created_at
    yield Revision(segment=row, number=old.revision, text=old.text, words=old.words, origin=old.origin), None
    words = segment_rows.words_of(heard)
    yield Revision(segment=row, number=old.revision + 1, text=heard.text, words=words, origin=Origin.MACHINE), None


def _copy(revision: Revision, row: Segment) -> Revision:
    return Revision(
        segment=row,
        number=revision.number,
        text=revision.text,
        words=revision.words,
        origin=revision.origin,
        author_id=revision.author_id,
    )


def _keep(carried: Sequence[tuple[Revision, datetime | None]]) -> None:
    Revision.objects.bulk_create([revision for revision, _ in carried], batch_size=BATCH)
    # Creating a row dates it: an edit gets back the time at which it was made.
    dated = [(revision, made_at) for revision, made_at in carried if made_at]
    for revision, made_at in dated:
        revision.created_at = made_at
    Revision.objects.bulk_update([revision for revision, _ in dated], ["created_at"], batch_size=BATCH)


def _conflicts(row: Segment, mixed: Mixed) -> list[Conflict]:
    return [
        Conflict(segment=row, start_ms=found.start_ms, end_ms=found.end_ms, kept=found.kept, offered=found.offered)
        for found in mixed.conflicts
    ]


# Speakers


def _speakers(
    transcript: Transcript, base: Transcript, merged: Merged, *, has_tracks: bool
) -> dict[tuple[bool, str], Speaker]:
    """Make the speakers in the order they are first heard; found by whether they are the base's, and by name there."""
    old = {str(speaker.pk): speaker for speaker in Speaker.objects.filter(transcript=base)}
    made: dict[tuple[bool, str], Speaker] = {}
    found: dict[tuple[bool, str], Speaker] = {}
    for mixed in merged.segments:
        name = mixed.segment.speaker
        if name is None:
            continue
        is_old = mixed.base is not None
        same = merged.voices.get(name) if not is_old else name
        voice = (False, name) if same is None else (True, same)
        if voice not in made:
            known = old.get(same or "")
            made[voice] = _speaker(transcript, len(made) + 1, name, known)
            if has_tracks and not made[voice].is_named:
                made[voice].label = made[voice].provider_label
        found[is_old, name] = made[voice]
    Speaker.objects.bulk_create(made.values())
    return found


def _speaker(transcript: Transcript, number: int, label: str, known: Speaker | None) -> Speaker:
    speaker = Speaker(transcript=transcript, position=number, label=f"Speaker {number}", provider_label=label[:120])
    if known is not None:
        speaker.provider_label = known.provider_label
        if known.is_named:
            speaker.label, speaker.is_named = known.label, True
    return speaker
