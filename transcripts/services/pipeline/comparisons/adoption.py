"""The whole text of a comparison becomes the transcript, as a re-transcription does: merged with what people wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import events
from transcripts.models import ProcessingJob, Transcript
from transcripts.models.choices import TranscriptStatus
from transcripts.services import activities, notices, summaries
from transcripts.services.errors import Refused
from transcripts.services.pipeline import merged_transcript, retranscription
from transcripts.services.pipeline.comparisons import texts

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.models import Comparison

BUSY = "This recording is being transcribed again. Wait until that is ready, or cancel it; then use this text."
SAME_TEXT = (
    *("language", "language_source", "language_probability", "has_estimated_speakers"),
    *("provider", "engine", "is_draft_engine"),
)


def use(comparison: Comparison, transcript: Transcript, *, actor: User) -> Transcript:
    """Make a new transcript of a comparison, merged with this one; the same again if that was done already.

    Raises Refused if there is a newer transcript, and while the recording is being transcribed.
    """
    if made := _made_of(comparison):
        return made
    retranscription.refuse_older(transcript)
    prepared = merged_transcript.prepare(transcript, texts.spoken(comparison))
    return _use(comparison, transcript, prepared, actor=actor)


@transaction.atomic
def _use(
    comparison: Comparison, transcript: Transcript, prepared: merged_transcript.Prepared, *, actor: User
) -> Transcript:
    """Write it as the transcript of its job, which is a re-transcription from now on."""
    job = ProcessingJob.objects.select_for_update(no_key=True).get(pk=comparison.job_id)
    if made := _made_of(comparison):
        return made
    Transcript.objects.select_for_update().get(pk=transcript.pk)
    retranscription.refuse_older(transcript)
    if transcript.recording.jobs.filter(compares=None, finished_at=None).exists():
        raise Refused("job_running", BUSY)
    ProcessingJob.objects.filter(pk=job.pk).update(compares=None, base_transcript=transcript)
    made = Transcript.objects.create(
        recording=transcript.recording,
        job=job,
        status=TranscriptStatus.IN_REVIEW if prepared.is_corrected else TranscriptStatus.DRAFT,
        **{name: getattr(comparison, name) for name in SAME_TEXT},
    )
    merged_transcript.write(made, prepared, has_tracks=comparison.has_tracks)
    # What the former lacked is in this one: a text with gaps is never kept to be compared
    notices.replace(transcript.recording_id, "transcript", [])
    activities.record("comparison:used", transcript.recording, actor=actor)
    summaries.refresh(transcript.recording_id)
    events.publish("recording.changed", transcript.recording)
    return made


def _made_of(comparison: Comparison) -> Transcript | None:
    return Transcript.objects.filter(job=comparison.job_id).first()
