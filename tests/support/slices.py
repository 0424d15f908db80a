"""A transcript whose recording was sent in two slices, the second of which the provider couldn't transcribe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.models import Chunk, MediaFile
from transcripts.models.choices import ChunkStatus, MediaKind
from transcripts.services import notices, storage
from transcripts.services.pipeline.slices import missing

if TYPE_CHECKING:
    from transcripts.models import Transcript

WHY = "The provider broke."


def take_a_part(transcript: Transcript, from_ms: int, until_ms: int) -> None:
    """Let the transcript of a job lack what is said between these times; its audio is there."""
    job = transcript.job
    assert job is not None
    job.chunks.all().delete()
    Chunk.objects.create(job=job, index=0, end_ms=from_ms, status=ChunkStatus.ANSWERED, answer=b"{}")
    failed = {"error_code": "broken", "error_message": WHY}
    Chunk.objects.create(job=job, index=1, start_ms=from_ms, end_ms=until_ms, **failed)
    notices.replace(transcript.recording_id, "transcript", missing.notices_of(list(job.chunks.order_by("index"))))
    audio = storage.path_of(MediaFile.objects.get(recording=transcript.recording, kind=MediaKind.AUDIO).storage_name)
    audio.parent.mkdir(parents=True, exist_ok=True)
    audio.write_bytes(b"x")
