"""Who works on which job: a bounded queue and one process a job."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from speechserver.jobs import Job, JobStore

log = logging.getLogger("speechserver")

# Audio waiting beyond this many jobs is refused with 503, so that the disk and the wait stay bounded.
QUEUE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Description:
    """What /health tells of a recogniser. `languages` is None if it knows every language."""

    name: str
    is_draft: bool
    languages: tuple[str, ...] | None


class JobFailed(Exception):
    """A job that cannot be done. `code` is for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Recogniser(Protocol):
    """What does a job: the real thing in a process of its own, or a script."""

    @property
    def description(self) -> Description:
        """What /health tells."""

    @property
    def parallel(self) -> int:
        """How many jobs it does at once."""

    async def recognise(self, job: Job, audio: Path, report: Callable[[float], None]) -> dict[str, Any]:
        """Return the completed answer; tell the progress, 0 to 1, on the way. Raises JobFailed."""

    async def close(self) -> None:
        """Let go of what it holds; no job is under way."""


@dataclass(slots=True)
class Runner:
    """Takes the jobs of a store in turn. Progress lives in memory, everything else in the store."""

    store: JobStore
    recogniser: Recogniser
    _queue: asyncio.Queue[Job] = field(default_factory=asyncio.Queue)
    _progress: dict[str, float] = field(default_factory=dict)
    _workers: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> None:
        """Take up what a former life left, then whatever is handed in."""
        for job in self.store.waiting():
            self.hand_in(job)
        self._workers = [asyncio.create_task(self._work()) for _ in range(self.recogniser.parallel)]

    async def stop(self) -> None:
        """Leave the jobs as they are; they start again with the next server."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self.recogniser.close()

    def is_full(self) -> bool:
        """Whether another job would wait too long."""
        return self._queue.qsize() >= QUEUE_LIMIT

    def hand_in(self, job: Job) -> None:
        """Do this job when its turn comes."""
        self._queue.put_nowait(job)

    def progress(self, job_id: str) -> float | None:
        """How far a job is, 0 to 1; None while it waits for its turn."""
        return self._progress.get(job_id)

    async def _work(self) -> None:
        while True:
            job = await self._queue.get()
            try:
                await self._do(job)
            except Exception:
                log.exception("Job %s could not be finished; it starts again with the server.", job.id)
            self._progress.pop(job.id, None)

    async def _do(self, job: Job) -> None:
        began = time.monotonic()
        self._progress[job.id] = 0.0
        state, answer = await self._outcome(job)
        await asyncio.to_thread(self.store.finish, job.id, state=state, answer=answer)
        log.info("Job %s is %s after %.1f s.", job.id, state, time.monotonic() - began)

    async def _outcome(self, job: Job) -> tuple[str, dict[str, Any]]:
        def report(progress: float) -> None:
            self._progress[job.id] = progress

        try:
            return "completed", await self.recogniser.recognise(job, self.store.audio(job.id), report)
        except JobFailed as failure:
            return "failed", {"message": str(failure), "error": {"code": failure.code}}
        except OSError:
            log.exception("The recogniser for job %s could not be started.", job.id)
            message = "The server could not start its recogniser; send the recording again later"
            return "failed", {"message": message, "error": {"code": "recogniser_unavailable"}}
