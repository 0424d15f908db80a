"""The rows of chunks: the whole, or slices; which are open, which failed, and what a new attempt takes over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.models import Chunk, MediaFile, Step
from transcripts.models.choices import ACTIVE_STEP, ChunkStatus, JobStatus, MediaKind, StepKind
from transcripts.services import storage
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.models import ProcessingJob, Transcript

# Ends after which what the provider has is of no use any more.
WORTH_NOTHING = ("provider_failed", "unknown_job", "never_finished")
NOTHING_MISSING = "This recording is transcribed completely. To transcribe it again, open its transcript."
AT_PROVIDER = (ChunkStatus.SENT, ChunkStatus.ANSWERED)
ANSWERED_BY = ("status", "processing_id", "answer", "sent_at", "answered_at", "key", "is_reused", "reused_from_id")


def ensure_chunk(job: ProcessingJob) -> Chunk:
    """Say that the whole recording is to be sent as one submission, of several tracks one after the other."""
    audio = MediaFile.objects.filter(recording_id=job.recording_id, kind=MediaKind.AUDIO).first()
    layout = audio.layout if audio else []
    length_ms = layout[-1]["end_ms"] if layout else job.recording.duration_ms or 0
    return Chunk.objects.get_or_create(job=job, index=0, defaults={"end_ms": length_ms, "layout": layout})[0]


def is_any_open(job_id: UUID) -> bool:
    """Tell whether a slice of the job is still to be answered or given up."""
    return Step.objects.filter(job_id=job_id, chunk__isnull=False, status__in=ACTIVE_STEP).exists()


def progress(job_id: UUID) -> int:
    """Return how many of a hundred slices are answered."""
    statuses = list(Chunk.objects.filter(job_id=job_id).values_list("status", flat=True))
    return statuses.count(ChunkStatus.ANSWERED) * 100 // len(statuses)


def note_failure(chunk_id: int, code: str, message: str) -> None:
    """Say why a slice isn't tried again."""
    Chunk.objects.filter(pk=chunk_id).update(error_code=code[:40], error_message=message[:500])


def first_failed(job_id: UUID) -> Chunk | None:
    """Return the first slice that failed permanently."""
    return Chunk.objects.filter(job_id=job_id).exclude(error_code="").defer("answer").order_by("index").first()


def is_worth_reading(job_id: UUID) -> bool:
    """Tell whether what is answered makes a transcript with a gap.

    None takes the place of a transcript there is, and none is compared with one.
    """
    answered = Chunk.objects.filter(job_id=job_id, status=ChunkStatus.ANSWERED, error_code="")
    return answered.filter(job__base_transcript=None, job__compares=None).exists()


def base_of(last: ProcessingJob) -> Transcript | None:
    """Return the transcript that a new attempt is merged with: the one with a gap, that people may have edited.

    Raises Refused if nothing is missing in it.
    """
    if last.status != JobStatus.SUCCEEDED:
        return last.base_transcript
    if first_failed(last.pk) is None:
        raise Refused("nothing_missing", NOTHING_MISSING)
    return last.recording.transcripts.order_by("-created_at").first()


def worth_keeping(last: ProcessingJob) -> list[Chunk]:
    """Return what a new attempt need not pay for again; nothing if what is missing can't be cut any more."""
    chunks = list(last.chunks.order_by("index"))
    kept = [chunk for chunk in chunks if chunk.status in AT_PROVIDER and chunk.error_code not in WORTH_NOTHING]
    if len(chunks) == 1:
        return [] if last.error_code in WORTH_NOTHING else kept
    return kept if len(kept) == len(chunks) or _has_audio(last) else []


def _has_audio(job: ProcessingJob) -> bool:
    audio = MediaFile.objects.filter(recording_id=job.recording_id, kind=MediaKind.AUDIO).first()
    return audio is not None and storage.path_of(audio.storage_name).exists()


def carry_over(last: ProcessingJob, kept: list[Chunk], job: ProcessingJob) -> list[tuple[StepKind, int | None]]:
    """Copy the chunks to a new job; return the steps that lead to the answers that are missing, with their slices."""
    stays, chunks = {chunk.pk for chunk in kept}, list(last.chunks.order_by("index"))
    copied = [_copy(chunk, job, is_kept=chunk.pk in stays) for chunk in chunks]
    return [
        (
            StepKind.CHECK if chunk.status == ChunkStatus.SENT else StepKind.SUBMIT,
            chunk.pk if len(chunks) > 1 else None,
        )
        for chunk in copied
        if chunk.status != ChunkStatus.ANSWERED
    ]


def _copy(chunk: Chunk, job: ProcessingJob, *, is_kept: bool) -> Chunk:
    span = ("index", "start_ms", "end_ms", "overlap_ms", "layout")
    facts = ANSWERED_BY if is_kept else ()
    return Chunk.objects.create(job=job, **{name: getattr(chunk, name) for name in (*span, *facts)})
