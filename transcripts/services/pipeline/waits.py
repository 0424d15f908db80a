"""Uploads that wait for something besides their turn: the budget of the team, or an answer that is on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts import events
from transcripts.models.choices import Stage
from transcripts.services.pipeline import jobs, steps

if TYPE_CHECKING:
    from datetime import datetime

    from transcripts.models import ProcessingJob
    from transcripts.models.choices import WaitsFor


def put_off(held: steps.Claim, job: ProcessingJob, waits_for: WaitsFor, reason: str, *, until: datetime) -> None:
    """Put the step off until a time, or until what it waits for brings it forward. Raises steps.LostLease."""
    steps.reschedule(held, due_at=until, error=reason, waits_for=waits_for)
    jobs.report_progress(job.pk, Stage.WAITING)
    events.publish("recording.changed", job.recording)
    events.publish_to_team("queue.changed", job.recording.team_id)
