"""The only enqueuer. RQ wakes workers; what is to be done is in the database.

A wake-up may be lost, late or doubled without harm: the job it starts claims its work by a conditional update,
and the conductor wakes again whatever was due and has no wake-up waiting.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Literal

import django_rq
from django.db import transaction
from redis.exceptions import RedisError
from rq.exceptions import DuplicateJobError
from rq.worker import BaseWorker, Worker

from transcripts import request_ids

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

logger = logging.getLogger(__name__)

Queue = Literal["media", "provider", "default"]
QUEUES: tuple[Queue, ...] = ("media", "provider", "default")

# Longer than any one piece of work: its own deadlines end it earlier.
JOB_TIMEOUT_S = 6 * 3600
FAILURE_TTL_S = 24 * 3600


class Unavailable(Exception):
    """Redis does not answer."""


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker that registered: which queues it serves, whether it is busy, and its last heartbeat by its own clock."""

    name: str
    queues: tuple[str, ...]
    is_busy: bool
    heartbeat_at: datetime | None


def wake_step(queue: Queue, step_id: int, fence: int, wakes: int) -> None:
    """Have a worker run the step, once the current transaction is committed."""
    _on_commit(queue, "transcripts.jobs.run_step", (step_id,), f"step-{step_id}-{fence}-{wakes}")


def wake_submissions(account_id: int) -> None:
    """Have a worker send what the account's limits allow, once the current transaction is committed."""
    _on_commit("provider", "transcripts.jobs.submit_round", (account_id,), f"submit-{account_id}-{_stamp()}")


def wake_sealing(session_id: UUID) -> None:
    """Have a worker make the recording of an ended live session, once the current transaction is committed.

    It goes before all files that wait to be prepared: it is short, and someone has just pressed End session.
    """
    _on_commit("media", "transcripts.jobs.seal", (str(session_id),), f"seal-{session_id}-{_stamp()}", at_front=True)


def wake_export(export_id: UUID) -> None:
    """Have a worker write the file of an export, once the current transaction is committed."""
    _on_commit("default", "transcripts.jobs.run_export", (str(export_id),), f"export-{export_id}-{_stamp()}")


def wake_bulk_act(act_id: UUID) -> None:
    """Have a worker do or undo a bulk act, once the current transaction is committed."""
    _on_commit("default", "transcripts.jobs.run_bulk_act", (str(act_id),), f"bulk-{act_id}-{_stamp()}")


def wake_account_export(export_id: UUID) -> None:
    """Have a worker write a person's own data, once the current transaction is committed."""
    _on_commit(
        "default", "transcripts.jobs.run_account_export", (str(export_id),), f"account-export-{export_id}-{_stamp()}"
    )


def wake_mail(mail_id: int, attempts: int) -> None:
    """Have a worker send a mail that is due."""
    _on_commit("default", "transcripts.jobs.send_mail", (mail_id,), f"mail-{mail_id}-{attempts}-{_stamp()}")


def wake_stretch(share_id: UUID) -> None:
    """Have a worker cut the audio of a link's stretch: once a minute at most, however many guests wait for it."""
    minute = _stamp() // 60_000
    _on_commit("media", "transcripts.jobs.cut_stretch", (str(share_id),), f"stretch-{share_id}-{minute}", at_front=True)


def wake_round(function: Literal["check_round", "health_round", "housekeeping_round", "accuracy_round"]) -> None:
    """Have a worker do a round of short work."""
    _on_commit("default", f"transcripts.jobs.{function}", (), f"{function}-{_stamp()}")


def waiting(queue: Queue) -> list[str]:
    """Ids of the wake-ups that no worker took yet. Raises Unavailable."""
    try:
        return list(django_rq.get_queue(queue).job_ids)
    except RedisError as error:
        raise Unavailable from error


def is_awaited(queue: Queue, *, besides: str) -> bool:
    """Tell whether work waits there besides that whose ids begin so; True while Redis does not answer."""
    try:
        return any(not job.startswith(besides) for job in waiting(queue))
    except Unavailable:
        return True


def workers() -> list[WorkerSeen]:
    """Return the workers whose registration has not expired; one that died is gone within a minute.

    Raises Unavailable.
    """
    try:
        found = Worker.all(connection=django_rq.get_connection())
        return [_seen(worker) for worker in found]
    except RedisError as error:
        raise Unavailable from error


def _seen(worker: BaseWorker) -> WorkerSeen:
    at = worker.last_heartbeat
    aware = at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
    return WorkerSeen(worker.name, tuple(worker.queue_names()), str(worker.state) == "busy", aware)


def _stamp() -> int:
    return time.time_ns() // 1_000_000


def _on_commit(
    queue: Queue, function: str, arguments: tuple[int | str, ...], job_id: str, *, at_front: bool = False
) -> None:
    request_id = request_ids.current()

    def enqueue() -> None:
        with request_ids.using(request_id):
            _enqueue(queue, function, arguments, job_id, at_front=at_front)

    transaction.on_commit(enqueue, robust=True)


def _enqueue(queue: Queue, function: str, arguments: tuple[int | str, ...], job_id: str, *, at_front: bool) -> None:
    try:
        django_rq.get_queue(queue).enqueue_call(
            function,
            args=arguments,
            job_id=job_id,
            unique=True,
            at_front=at_front,
            timeout=JOB_TIMEOUT_S,
            result_ttl=0,
            failure_ttl=FAILURE_TTL_S,
            meta={"request_id": request_ids.current()},
        )
    except DuplicateJobError:
        pass
    except RedisError as error:
        logger.warning("A worker could not be woken, the conductor will: %s", type(error).__name__)
