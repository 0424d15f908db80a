"""Uploads that wait for something besides their turn: a provider, the budget of the team, an answer on its way."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from transcripts import events
from transcripts.models import Recording
from transcripts.models.choices import Stage, UploadStatus
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs, steps

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from transcripts.models import ProcessingJob
    from transcripts.models.choices import WaitsFor

# So many recordings that waited for a provider are begun at a time; the conductor has other work too.
WAITING_A_ROUND = 200


def put_off(held: steps.Claim, job: ProcessingJob, waits_for: WaitsFor, reason: str, *, until: datetime) -> None:
    """Put the step off until a time, or until what it waits for brings it forward. Raises steps.LostLease."""
    steps.reschedule(held, due_at=until, error=reason, waits_for=waits_for)
    jobs.report_progress(job.pk, Stage.WAITING)
    events.publish("recording.changed", job.recording)
    events.publish_to_team("queue.changed", job.recording.team_id)


def begin_waiting() -> None:
    """Begin what was uploaded while there was no provider, the oldest of each team first."""
    arrived = Recording.objects.filter(jobs=None, deleted_at=None, upload__status=UploadStatus.COMPLETE)
    for team_id in arrived.order_by().values_list("team_id", flat=True).distinct():
        _begin_waiting_of(arrived.filter(team=team_id))


def _begin_waiting_of(arrived: QuerySet[Recording]) -> None:
    for recording in arrived.select_related("upload", "owner", "team").order_by("created_at")[:WAITING_A_ROUND]:
        # Another conductor may have begun it, or a person.
        with suppress(Refused):
            if jobs.begin_or_wait(recording, wishes=recording.upload.wishes) is None:
                return
