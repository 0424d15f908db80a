"""Using the answer to the same audio and options: nothing is sent, so no slot, minute or budget is needed.

It is looked for as soon as a chunk is due to be sent, and again when the intent to send it is committed: by then its
options may have changed, or its answer come. A job whose result is merged with a transcript is asked for by a person
who wants another answer, so it is always sent.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import clock, events, request_ids
from transcripts.models import Chunk, MediaFile, ProcessingJob
from transcripts.models.choices import ChunkStatus, MediaKind, WaitsFor
from transcripts.services import activities
from transcripts.services.pipeline import jobs, steps, waits
from transcripts.services.pipeline.reuse import equals
from transcripts.services.pipeline.reuse.keys import key_of

if TYPE_CHECKING:
    from transcripts.models import Step

logger = logging.getLogger(__name__)

# It is brought forward when the other job ends; this is for a job that never does
LOOK_AGAIN = timedelta(minutes=1)
WAITS = (
    "The same audio is being transcribed with the same options already. Its answer will be used, so nothing is paid "
    "twice; should it fail or take long, this recording is sent itself."
)


def take_all(account_id: int) -> None:
    """Give everything that is due to be sent to the account the answer that there is to it."""
    for step in equals.to_look_at(account_id).select_related("job__recording__team", "job__account", "chunk"):
        chunk = _with_answer(step)
        if chunk is None:
            continue
        for held in steps.claim([step.pk]):
            with request_ids.using(held.request_id):
                _take(held, step.job, chunk)


def _with_answer(step: Step) -> Chunk | None:
    """Return what the step would send if there is an answer to it."""
    job = step.job
    chunk = step.chunk or Chunk.objects.filter(job=job, index=0, status=ChunkStatus.PENDING).defer("answer").first()
    if chunk is None or chunk.status != ChunkStatus.PENDING:
        return None
    _note_key(job, chunk)
    return chunk if equals.answered(job.recording.team_id, chunk.key).exists() else None


def _take(held: steps.Claim, job: ProcessingJob, chunk: Chunk) -> None:
    """Use the answer there is. If that can't be done, the step waits for its turn to be sent."""
    try:
        # A claimed one isn't moved any more; until now it may have been, to a provider that reads other answers
        is_moved = not ProcessingJob.objects.filter(pk=job.pk, account=job.account_id).exists()
        if is_moved or not _taken(held, job, chunk):
            steps.reschedule(held, due_at=clock.now())
    except steps.LostLease:
        logger.info("Step %s was given to another worker or cancelled", held.step_id)
    except Exception as error:
        logger.exception("Step %s (submit) could not use an answer", held.step_id)
        with suppress(steps.LostLease):
            steps.reschedule(held, due_at=clock.now(), error=type(error).__name__, failed=True)


def settled(held: steps.Claim, job: ProcessingJob, chunk: Chunk) -> bool:
    """Use the answer there is, or wait for one that is on its way; False if this must be sent.

    Call it first in the transaction that commits the intent to send. Raises steps.LostLease.
    """
    if chunk.status != ChunkStatus.PENDING:
        return False
    _note_key(job, chunk)
    if not chunk.key or job.base_transcript_id is not None:
        return False
    team_id = job.recording.team_id
    equals.lock(chunk, team_id)
    if _taken(held, job, chunk):
        return True
    if not equals.is_on_its_way(chunk, team_id):
        return False
    waits.put_off(held, job, WaitsFor.ANSWER, WAITS, until=clock.now() + LOOK_AGAIN)
    return True


def _note_key(job: ProcessingJob, chunk: Chunk) -> None:
    audio = MediaFile.objects.filter(recording=job.recording_id, kind=MediaKind.AUDIO).first()
    key = key_of(job, chunk, audio) if audio else ""
    if chunk.key != key:
        chunk.key = key
        Chunk.objects.filter(pk=chunk.pk, status=ChunkStatus.PENDING).update(key=key)


@transaction.atomic
def _taken(held: steps.Claim, job: ProcessingJob, chunk: Chunk) -> bool:
    """Use the answer there is, word for word, as if the provider had given it now. Raises steps.LostLease."""
    found = equals.answered(job.recording.team_id, chunk.key)
    # Nothing deletes it, with its recording, before this is committed
    source = found.select_for_update(no_key=True, of=("self",)).first()
    if source is None:
        return False
    jobs.mark_running(job.pk)
    steps.finish(held)
    taken = {"answer": source.answer, "answered_at": clock.now(), "is_reused": True, "reused_from": source}
    if not Chunk.objects.filter(pk=chunk.pk, status=ChunkStatus.PENDING).transition(ChunkStatus.ANSWERED, **taken):
        raise steps.LostLease
    if held.chunk_id is None:
        activities.record("recording:reused", job.recording, provider=job.account.name)
    jobs.continue_with(held)
    events.publish_to_team("queue.changed", job.recording.team_id)
    logger.info("The answer to %s is that to chunk %s", chunk, source.pk)
    return True
