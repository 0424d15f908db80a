"""The RQ worker: short heartbeats, tolerance of a Redis restart, and no orphaned work-horse."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from redis.exceptions import ConnectionError as RedisUnavailable
from rq import Worker

from project.supervision.processes import exit_with_parent
from transcripts import request_ids, tracing

if TYPE_CHECKING:
    from rq.job import Job
    from rq.queue import Queue

# With RQ's defaults, 13 minutes pass before the job of a dead worker is found
HEARTBEAT_S = 5
HEARTBEAT_TTL_S = 15
WORKER_TTL_S = 25
RECONNECT_WITHIN_S = 2.0


class AppWorker(Worker):
    """RQ's forking worker with short heartbeats, whose work-horse ends when it does."""

    max_connection_wait_time = RECONNECT_WITHIN_S

    def __init__(self, *args: Any, **options: Any) -> None:
        # Imported once here rather than in each work-horse, which is forked from this process
        import_module("transcripts.jobs")
        # The command line defaults to pickle; the queue serializes with this
        options |= {
            "serializer": settings.RQ_SERIALIZER,
            "worker_ttl": WORKER_TTL_S,
            "job_monitoring_interval": HEARTBEAT_S,
            "maintenance_interval": HEARTBEAT_S,
        }
        super().__init__(*args, **options)
        self._process = os.getpid()

    def get_heartbeat_ttl(self, job: Job) -> int:
        """Return the seconds without a heartbeat after which a job counts as abandoned, however long it takes."""
        return HEARTBEAT_TTL_S

    def register_birth(self) -> None:
        """Register with Redis, then report to the supervisor that this worker is ready."""
        super().register_birth()  # type: ignore[no-untyped-call]
        announce_ready()

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Run in the forked process; without its worker nothing would enforce the timeout of the job."""
        exit_with_parent(self._process)
        with request_ids.using(str(job.meta.get("request_id", ""))):
            try:
                super().main_work_horse(job, queue)
            finally:
                tracing.flush()

    def set_current_job_working_time(self, current_job_working_time: float, pipeline: Any = None) -> None:
        """Record the working time between heartbeats; continue while Redis is unavailable."""
        with suppress(RedisUnavailable):
            super().set_current_job_working_time(current_job_working_time, pipeline)

    def maintain_heartbeats(self, job: Job) -> None:
        """Send a heartbeat; a missed one doesn't end the job, because the database records what was done."""
        with suppress(RedisUnavailable):
            super().maintain_heartbeats(job)


def announce_ready() -> None:
    """Report readiness to the supervisor, through the descriptor in READY_FD."""
    descriptor = os.environ.pop("READY_FD", "")
    if descriptor:
        os.write(int(descriptor), b"\n")
        os.close(int(descriptor))
