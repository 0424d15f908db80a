"""Whose answer was used for a recording, as a person who may read that one learns it, and anyone else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from transcripts import access
from transcripts.models import Chunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from transcripts.models import ProcessingJob, Recording


def sentence_for(user: User, job: ProcessingJob | None) -> str:
    """Say that the job was sent to no one, naming the other recording if the person can read it; else empty."""
    chunks = _chunks(job)
    source = _source(chunks)
    is_readable = source is not None and access.recordings_of(user).filter(pk=source.job.recording_id).exists()
    return _sentence(chunks, source if is_readable else None, job)


def sentence(job: ProcessingJob | None) -> str:
    """Say that the job was sent to no one, without the other recording; else empty."""
    return _sentence(_chunks(job), None, job)


def _chunks(job: ProcessingJob | None) -> Sequence[Chunk]:
    if job is None:
        return []
    return list(job.chunks.defer("answer").order_by("index"))


def _source(chunks: Sequence[Chunk]) -> Chunk | None:
    pk = next((chunk.reused_from_id for chunk in chunks if chunk.reused_from_id), None)
    return Chunk.objects.defer("answer").select_related("job__recording").get(pk=pk) if pk else None


def _sentence(chunks: Sequence[Chunk], source: Chunk | None, job: ProcessingJob | None) -> str:
    count = sum(chunk.is_reused for chunk in chunks)
    if not count or job is None:
        return ""
    other = _other(source, job.recording)
    if count == len(chunks):
        return f"Same audio and options as {other}: its answer was used, nothing was sent or paid."
    return f"{count} of {len(chunks)} slices have the same audio and options as {other}: their answers were used again."


def _other(source: Chunk | None, recording: Recording) -> str:
    """Name another recording with the day of its answer; this one, which was sent before, only by the day."""
    if source is None:
        return "an earlier recording of this team"
    day = f"{timezone.localtime(source.answered_at):%-d %b %Y}"
    if source.job.recording_id == recording.pk:
        return f"before ({day})"
    return f"“{source.job.recording.title}” ({day})"
