"""The RQ worker: notices a death within seconds, survives a Redis that restarts, and leaves no orphan working."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from redis.exceptions import ConnectionError as RedisAway
from rq import Worker

from project.supervision.processes import die_with_parent

if TYPE_CHECKING:
    from rq.job import Job
    from rq.queue import Queue

# RQ's own values let 13 minutes pass before the job of a dead worker is looked for
HEARTBEAT_EVERY_S = 5
HEARTBEAT_LASTS_S = 15
WORKER_LASTS_S = 25
RECONNECT_WITHIN_S = 2.0


class AppWorker(Worker):
    """RQ's forking worker with short heartbeats, whose work-horse ends when it does."""

    max_connection_wait_time = RECONNECT_WITHIN_S

    def __init__(self, *args: Any, **options: Any) -> None:
        # Loaded once here, not anew in each work-horse, which is forked from this process
        import_module("transcripts.jobs")
        # The command line names pickle where nobody asks; what this worker takes is what `queue` sends
        options |= {
            "serializer": settings.RQ_SERIALIZER,
            "worker_ttl": WORKER_LASTS_S,
            "job_monitoring_interval": HEARTBEAT_EVERY_S,
            "maintenance_interval": HEARTBEAT_EVERY_S,
        }
        super().__init__(*args, **options)
        self._process = os.getpid()

    def get_heartbeat_ttl(self, job: Job) -> int:
        """Seconds without a heartbeat after which the job counts as abandoned, however long it may take."""
        return HEARTBEAT_LASTS_S

    def register_birth(self) -> None:
        """Register with Redis, then tell the supervisor that this worker is at work."""
        super().register_birth()  # type: ignore[no-untyped-call]
        announce_ready()

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """In the forked process: nobody would keep time for a job whose worker is gone."""
        die_with_parent(self._process)
        super().main_work_horse(job, queue)

    def set_current_job_working_time(self, current_job_working_time: float, pipeline: Any = None) -> None:
        """Said between heartbeats; the work goes on while Redis is away."""
        with suppress(RedisAway):
            super().set_current_job_working_time(current_job_working_time, pipeline)

    def maintain_heartbeats(self, job: Job) -> None:
        """A missed heartbeat is no reason to end the work: the database knows what was done."""
        with suppress(RedisAway):
            super().maintain_heartbeats(job)


def announce_ready() -> None:
    """Tell whoever started this process, and gave it READY_FD to say so, that it is at work."""
    descriptor = os.environ.pop("READY_FD", "")
    if descriptor:
        os.write(int(descriptor), b"\n")
        os.close(int(descriptor))
