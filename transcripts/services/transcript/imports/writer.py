"""The transcript of an imported file, written whole in one transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import events
from transcripts.document import timing
from transcripts.document.untimed.recognised import recognised
from transcripts.formats import readers
from transcripts.models import ImportedFile, Recording, Transcript
from transcripts.models.choices import LanguageSource
from transcripts.services import activities, notices, speech, summaries
from transcripts.services.transcript import rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcripts.document import Segment as SpokenSegment
    from transcripts.models import ProcessingJob, Speaker

PROVIDER = "import"
LONGEST_ENGINE = 120
# What programs call voices that no one has named
UNNAMED = re.compile(r"(?i)speaker[ _]?\d+|s\d+|unknown(?: speaker)?")


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says, with times; and in which language, if it names one.

    It is worked out before the transaction: reading a long file takes seconds, in which no one else could write.
    """

    timed: timing.Timed
    language: str


@transaction.atomic
def write(file: ImportedFile, recording: Recording, said: Said) -> Transcript:
    """Write the transcript of a file that needs nothing but itself.

    The recording is locked, so the same file that is sent twice is written once: the second time returns the
    transcript of the first, unless there is a newer one.
    """
    Recording.objects.select_for_update().get(pk=recording.pk)
    newest = Transcript.objects.filter(recording=recording).order_by("-created_at").first()
    same = ImportedFile.objects.filter(recording=recording, sha256=file.sha256, transcript=newest).exclude(pk=file.pk)
    if newest is not None and same.exists():
        file.delete()
        return newest
    transcript = fill(file, recording, said)
    events.publish("recording.changed", recording)
    return transcript


def spoken(
    content: bytes, recording: Recording, found: Sequence[SpokenSegment] | None = None, *, listens: bool = False
) -> Said:
    """Return what a file says: with its own times, those of what was recognised, or estimated ones.

    Estimates are better if it `listens` when someone speaks, which takes seconds for an hour of audio.
    """
    document = readers.read(content)
    has_own = readers.has_times(document) or found is None
    segments = document.segments if has_own else recognised(document.segments, found or ())
    heard = speech.stretches(recording) if listens and timing.lacks_times(segments) else []
    return Said(timing.timed(segments, recording.duration_ms, heard), document.language or "")


def fill(
    file: ImportedFile,
    recording: Recording,
    said: Said,
    *,
    job: ProcessingJob | None = None,
    language: str = "",
    engine: str = "",
) -> Transcript:
    """Write the transcript; call it in the transaction of the work it belongs to. `engine` is what found the times."""
    named = said.language or recording.language
    spoken = said.timed
    transcript = Transcript.objects.create(
        recording=recording,
        job=job,
        language=(named or language)[:35],
        language_source=LanguageSource.CHOSEN if named else LanguageSource.DETECTED if language else "",
        provider=PROVIDER,
        engine=file.filename[:LONGEST_ENGINE],
    )
    entries = [rows.Entry(segment, segment.speaker) for segment in spoken.segments]
    rows.fill(transcript, entries, _speakers(transcript, spoken.segments))
    ImportedFile.objects.filter(pk=file.pk).update(transcript=transcript)
    if job is None:  # a job does so when it ends
        summaries.refresh(recording.pk)
    notices.replace(recording.pk, "transcript", _notices(file, spoken, engine))
    activities.record(
        "transcript:imported",
        recording,
        actor=file.requested_by,
        filename=file.filename,
        segments=len(entries),
        words=transcript.word_count,
    )
    return transcript


def _speakers(transcript: Transcript, spoken: Sequence[SpokenSegment]) -> dict[object, Speaker]:
    """Number the speakers in the order in which they first speak; names that people gave are kept as such."""
    labels = dict.fromkeys(segment.speaker for segment in spoken if segment.speaker is not None)
    found: dict[object, Speaker] = {}
    for number, label in enumerate(labels, start=1):
        is_named = UNNAMED.fullmatch(label) is None
        speaker = rows.numbered_speaker(transcript, number, label, label=label if is_named else "")
        speaker.is_named = is_named
        found[label] = speaker
    return found


def _notices(file: ImportedFile, spoken: timing.Timed, engine: str) -> Iterator[notices.Notice]:
    if spoken.clamped:
        yield {"source": "transcript", "code": "times_clamped", "values": {"count": spoken.clamped}}
    if not file.has_times and engine:
        yield {
            "source": "transcript",
            "code": "times_recognised",
            "values": {"filename": file.filename, "engine": engine},
        }
    elif not file.has_times:
        yield {"source": "transcript", "code": "times_estimated", "values": {"filename": file.filename}}
