"""Running one claimed step, whatever happens in it."""

from __future__ import annotations

import errno
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import request_ids, tracing
from transcripts.models import Step
from transcripts.models.choices import StepKind
from transcripts.services.pipeline import assembly, fair_queue, jobs, preparation, retries, steps
from transcripts.services.pipeline.aligning import work as align

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

WORK: dict[str, Callable[[steps.Claim], None]] = {
    StepKind.PREPARE: preparation.run,
    StepKind.ALIGN: align.run,
    StepKind.ASSEMBLE: assembly.run,
}
MOST_ATTEMPTS = 5
POLICY = retries.Policy(attempts=MOST_ATTEMPTS)
DISK_FULL = "The server’s disk is full. An administrator must free some space; processing then continues automatically."


def run_step(step_id: int) -> None:
    """Claim a step and do its work; do nothing if none is ready for this worker.

    To prepare a recording, a wake-up is a turn and not a claim: whose it is is decided now, between the teams, so that
    many files of one team don't keep another team's waiting. Each step has a wake-up of its own, so each has a turn.
    """
    for held in _claimed(step_id):
        with request_ids.using(held.request_id):
            _run(held)


def _run(held: steps.Claim) -> None:
    try:
        with tracing.span(f"step {held.kind}"):
            WORK[held.kind](held)
    except steps.LostLease:
        logger.info("Step %s was given to another worker or cancelled", held.step_id)
    except Exception as error:
        logger.exception("Step %s (%s) failed", held.step_id, held.kind)
        recover(held, error)


def _claimed(step_id: int) -> list[steps.Claim]:
    if not Step.objects.filter(pk=step_id, kind=StepKind.PREPARE).exists():
        return steps.claim([step_id])
    return next((held for turn in fair_queue.to_prepare() if (held := steps.claim([turn]))), [])


def recover(held: steps.Claim, error: Exception) -> None:
    """Put off a step that failed for a reason that is not the file's; give up after some tries.

    A full disk is never a reason to give up.
    """
    is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    step = Step.objects.filter(pk=held.step_id).first()
    if step is None:  # its recording was purged in between
        return
    if held.kind == StepKind.ALIGN:
        with suppress(steps.LostLease):
            align.give_up(held, "An unexpected error occurred.")
        return
    due_at = (retries.Policy() if is_full else POLICY).retry_at(step, error)
    try:
        with transaction.atomic():
            if due_at is None:
                jobs.fail_step(held, code="unexpected", message=_gave_up(held))
            else:
                message = DISK_FULL if is_full else type(error).__name__
                steps.reschedule(held, due_at=due_at, error=message, failed=not is_full)
    except steps.LostLease:
        logger.info("Step %s was given to another worker or cancelled", held.step_id)


def _gave_up(held: steps.Claim) -> str:
    what = {StepKind.PREPARE: "Preparing this file", StepKind.ASSEMBLE: "Assembling the transcript"}
    return (
        f"{what[StepKind(held.kind)]} failed {MOST_ATTEMPTS} times for a reason that has nothing to do with the file. "
        "An administrator can find it in the log. Nothing is lost: try again once it is fixed."
    )
