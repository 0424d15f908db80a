"""What is sent of a recording: its audio, or a slice of it, cut for the time of its upload.

A recording above its provider's limits is measured and laid out in slices when its turn comes, in one transaction: a
worker that dies before it is followed by one that measures again.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from transcripts.media import slices
from transcripts.media.errors import MediaError
from transcripts.models import Chunk, MediaFile, ProcessingJob
from transcripts.models.choices import ChunkStatus, MediaKind, StepKind
from transcripts.services import activities, storage
from transcripts.services.pipeline import jobs, steps
from transcripts.services.pipeline.slices import plan
from transcripts.services.provider_accounts import limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from transcripts.models import ProviderAccount


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A file to send: that of the `audio` itself, or a slice of it."""

    audio: MediaFile
    path: Path
    bytes: int


@contextmanager
def outgoing(account: ProviderAccount, held: steps.Claim) -> Iterator[Outgoing | None]:
    """Give the file that the claimed step sends, there as long as the block.

    None if there is nothing to send now: the recording was laid out in slices, or its audio can't be read.
    Raises steps.LostLease.
    """
    audio = MediaFile.objects.select_related("recording").get(recording__jobs=held.job_id, kind=MediaKind.AUDIO)
    whole = Outgoing(audio, storage.path_of(audio.storage_name), audio.bytes)
    if held.chunk_id is None:
        yield None if _is_laid_out(account, held, whole) else whole
        return
    chunk = Chunk.objects.defer("answer").get(pk=held.chunk_id)
    if chunk.status in (ChunkStatus.SENT, ChunkStatus.ANSWERED) or not whole.path.exists():
        # Whether it is sent is decided afterwards, as for any other
        yield whole
        return
    with storage.workspace() as folder:
        yield _cut(held, whole, chunk, folder)


def _cut(held: steps.Claim, whole: Outgoing, chunk: Chunk, folder: Path) -> Outgoing | None:
    storage.require_free_space()
    try:
        path = slices.cut(whole.path, folder, chunk.start_ms, chunk.end_ms)
    except MediaError as error:
        jobs.fail_step(held, code=error.code, message=str(error))
        return None
    return Outgoing(whole.audio, path, path.stat().st_size)


def _is_laid_out(account: ProviderAccount, held: steps.Claim, whole: Outgoing) -> bool:
    """Lay a recording out in slices if it must be; False if it is sent as it is."""
    length_ms = length_of(whole.audio)
    is_within = not limits.must_be_cut(account, size=whole.bytes, length_ms=length_ms)
    if is_within or not whole.path.exists():
        return False
    # What was sent whole under other limits stays so
    if Chunk.objects.filter(job_id=held.job_id, index=0).exclude(status=ChunkStatus.PENDING).exists():
        return False
    try:
        with storage.workspace() as folder:
            found = plan.silences(slices.levels(whole.path, folder), length_ms)
    except MediaError as error:
        jobs.fail_step(held, code=error.code, message=str(error))
        return True
    _lay_out(held, whole.audio, plan.slices(found, length_ms, limits.longest_slice_ms(account, length_ms)))
    return True


def length_of(audio: MediaFile) -> int:
    """Return how long provider audio is, of several tracks one after the other."""
    return int(audio.layout[-1]["end_ms"]) if audio.layout else audio.recording.duration_ms or 0


@transaction.atomic
def _lay_out(held: steps.Claim, audio: MediaFile, made: list[plan.Slice]) -> None:
    """Write the slices and a step for each. Raises steps.LostLease."""
    steps.finish(held)
    job = ProcessingJob.objects.select_related("recording").get(pk=held.job_id)
    Chunk.objects.filter(job=job).delete()
    for index, one in enumerate(made):
        chunk = Chunk.objects.create(
            job=job,
            index=index,
            start_ms=one.start_ms,
            end_ms=one.end_ms,
            overlap_ms=one.overlap_ms,
            layout=audio.layout,
        )
        steps.add(job, StepKind.SUBMIT, chunk_id=chunk.pk)
    activities.record("recording:sliced", job.recording, slices=len(made))
