"""What is counted of jobs for `/metrics`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts import meters
from transcripts.models.choices import JobStatus

if TYPE_CHECKING:
    from transcripts.models import ProcessingJob


def job_ended(job: ProcessingJob) -> None:
    """Count a job that ended, how long it took and, if it failed, why."""
    took = (job.finished_at or job.created_at) - job.created_at
    meters.observe(meters.JOB_SECONDS, took.total_seconds(), job.status)
    if job.status == JobStatus.FAILED:
        meters.count(meters.JOB_FAILURES, job.error_code)
