"""Uploads that wait because the team has spent its budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts import events
from transcripts.models.choices import Stage, WaitsFor
from transcripts.services import quotas
from transcripts.services.pipeline import jobs, steps

if TYPE_CHECKING:
    from transcripts.models import ProcessingJob


def put_off(held: steps.Claim, job: ProcessingJob, reason: str) -> None:
    """Put the step off until the month ends; a raised budget brings it forward. Raises steps.LostLease."""
    steps.reschedule(held, due_at=quotas.next_month(), error=reason, waits_for=WaitsFor.BUDGET)
    jobs.report_progress(job.pk, Stage.WAITING)
    events.publish("recording.changed", job.recording)
    events.publish_to_team("queue.changed", job.recording.team_id)
