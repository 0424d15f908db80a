"""The step that creates a transcript from a provider's stored answer. It can run again from the answer at any time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from transcripts.document.tracks import Track, apart
from transcripts.models import Chunk, ProcessingJob, Transcript
from transcripts.models.choices import LanguageSource, TranscriptStatus
from transcripts.providers.errors import BadAnswer
from transcripts.services import activities, notices
from transcripts.services.pipeline import failures, jobs, merged_transcript, steps
from transcripts.services.pipeline.aligning import asking
from transcripts.services.pipeline.comparisons import texts
from transcripts.services.pipeline.slices import missing
from transcripts.services.pipeline.slices.understood import understood
from transcripts.services.provider_accounts import languages
from transcripts.services.transcript import rows
from transcripts.services.transcript.imports import files, writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcripts.document import Document, timing
    from transcripts.document import Segment as SpokenSegment
    from transcripts.models import ImportedFile, Speaker


def run(held: steps.Claim) -> None:
    """Assemble the claimed job's transcript."""
    job = ProcessingJob.objects.select_related("recording", "account").get(pk=held.job_id)
    jobs.mark_running(job.pk)
    chunks = list(Chunk.objects.filter(job=job).order_by("index"))
    chunk = chunks[0]
    with steps.renewing(held.owner):
        file = files.waiting_for(job)
        if file is not None and not any(one.has_words for one in chunks):
            _import(held, job, file, writer.spoken(bytes(file.content), job.recording, listens=True))
            return
        try:
            found = understood(job, chunks)
        except BadAnswer as error:
            jobs.fail_step(held, code=error.code, message=failures.message_for(error))
            return
        if file is None and asking.asked(held, job, found):
            return
        document, spoken = found.document, _apart(asking.with_times(job, found), chunk)
        if file is not None:
            timed = writer.spoken(bytes(file.content), job.recording, spoken.segments, listens=True)
            language, _ = languages.known_of(job, document.language)
            _import(held, job, file, timed, language=language, engine=document.engine or job.account.name)
            return
        if job.compares is not None:
            _keep_beside(held, job, document, spoken.segments, chunk)
            return
        merged = merged_transcript.prepare(job.base_transcript, spoken.segments) if job.base_transcript else None
        _keep(held, job, document, spoken, merged, chunks)


def _apart(said: timing.Timed, chunk: Chunk) -> timing.Timed:
    """Give everything a time of the recording, tracks side by side."""
    return replace(said, segments=list(apart(said.segments, [Track(**one) for one in chunk.layout])))


@transaction.atomic
def _keep(
    held: steps.Claim,
    job: ProcessingJob,
    document: Document,
    spoken: timing.Timed,
    found: merged_transcript.Prepared | None,
    chunks: list[Chunk],
) -> None:
    """Write the whole transcript and end the job, or nothing."""
    steps.finish(held)
    chunk = chunks[0]
    language, source = languages.known_of(job, document.language)
    detected = source == LanguageSource.DETECTED
    transcript = Transcript(
        recording=job.recording,
        job=job,
        language=language,
        language_source=source,
        language_probability=document.language_probability if detected else None,
        has_estimated_speakers=_are_estimated(document, spoken.segments, chunk),
        provider=job.account.name,
        engine=document.engine or job.account.engine,
        # The account may not have been asked yet when its first transcript is there
        is_draft_engine=document.is_draft or job.account.is_draft,
        # What people corrected already is under review
        status=TranscriptStatus.IN_REVIEW if found and found.is_corrected else TranscriptStatus.DRAFT,
    )
    transcript.save()
    if found is None:
        _write(transcript, spoken.segments, has_tracks=bool(chunk.layout))
    else:
        merged_transcript.write(transcript, found, has_tracks=bool(chunk.layout))
    # The job before the recording, as those who cancel lock them
    jobs.succeed(job.pk)
    notices.replace(job.recording_id, "transcript", [*_notices(spoken), *missing.notices_of(chunks)])


@transaction.atomic
def _keep_beside(
    held: steps.Claim, job: ProcessingJob, document: Document, spoken: list[SpokenSegment], chunk: Chunk
) -> None:
    """Keep the text to be compared with its transcript and end the job, or nothing."""
    steps.finish(held)
    is_estimated = _are_estimated(document, spoken, chunk)
    texts.keep(job, document, spoken, has_estimated_speakers=is_estimated, has_tracks=bool(chunk.layout))
    jobs.succeed(job.pk)


@transaction.atomic
def _import(
    held: steps.Claim,
    job: ProcessingJob,
    file: ImportedFile,
    said: writer.Said,
    *,
    language: str = "",
    engine: str = "",
) -> None:
    """Write the transcript of an imported file and end the job, or nothing. `engine` found its times, if it has one."""
    steps.finish(held)
    writer.fill(file, job.recording, said, job=job, language=language, engine="" if file.has_times else engine)
    jobs.succeed(job.pk)


def _are_estimated(document: Document, spoken: list[SpokenSegment], chunk: Chunk) -> bool:
    """Tell whether any speakers were told apart by their voices; a track for each is exact."""
    voices = {segment.speaker for segment in spoken if segment.speaker is not None}
    return not document.has_exact_speakers and bool(voices - {track["label"] for track in chunk.layout})


def _notices(spoken: timing.Timed) -> Iterator[notices.Notice]:
    if spoken.clamped:
        yield {"source": "transcript", "code": "times_clamped", "values": {"count": spoken.clamped}}


def _write(transcript: Transcript, spoken: list[SpokenSegment], *, has_tracks: bool) -> None:
    entries = [rows.Entry(segment, segment.speaker) for segment in spoken]
    made = rows.fill(transcript, entries, _speakers(transcript, spoken, has_tracks=has_tracks))
    words = transcript.word_count
    activities.record("transcript:made", transcript.recording, segments=len(made), words=words)


def _speakers(transcript: Transcript, spoken: list[SpokenSegment], *, has_tracks: bool) -> dict[object, Speaker]:
    """Number the speakers in the order in which they first speak; a track's speaker is called as the track is."""
    labels = dict.fromkeys(segment.speaker for segment in spoken if segment.speaker is not None)
    return {
        label: rows.numbered_speaker(transcript, number, label, label=label if has_tracks else "")
        for number, label in enumerate(labels, start=1)
    }
