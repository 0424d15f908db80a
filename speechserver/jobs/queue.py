"""Work through accepted jobs: a bounded queue with as many workers as the recogniser has processes."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from speechserver.jobs.recogniser import JobFailed

if TYPE_CHECKING:
    from speechserver.jobs.recogniser import Recogniser
    from speechserver.jobs.store import Job, JobStore

log = logging.getLogger("speechserver")

# With this many jobs in the queue, uploads are refused with 503, so that the disk and the wait stay bounded.
QUEUE_LIMIT = 100


@dataclass(slots=True)
class JobQueue:
    """Works through the jobs of a store in order. Progress is in memory, everything else in the store."""

    store: JobStore
    recogniser: Recogniser
    _queue: asyncio.Queue[Job] = field(default_factory=asyncio.Queue)
    _progress: dict[str, float] = field(default_factory=dict)
    _workers: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> None:
        """Enqueue what was unfinished at the last stop, and start the workers."""
        for job in self.store.waiting():
            self.enqueue(job)
        self._workers = [asyncio.create_task(self._work()) for _ in range(self.recogniser.parallel)]

    async def stop(self) -> None:
        """Stop the workers; unfinished jobs start again with the server."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self.recogniser.close()

    def is_full(self) -> bool:
        """Return whether another job would wait too long."""
        return self._queue.qsize() >= QUEUE_LIMIT

    def enqueue(self, job: Job) -> None:
        """Add a job at the end."""
        self._queue.put_nowait(job)

    def progress(self, job_id: str) -> float | None:
        """Return the progress of a job, 0 to 1; None while it is queued."""
        return self._progress.get(job_id)

    async def _work(self) -> None:
        while True:
            job = await self._queue.get()
            try:
                await self._finish(job)
            except Exception:
                log.exception("Job %s could not be finished; it starts again with the server.", job.id)
            self._progress.pop(job.id, None)

    async def _finish(self, job: Job) -> None:
        began = time.monotonic()
        self._progress[job.id] = 0.0
        state, answer = await self._outcome(job)
        await asyncio.to_thread(self.store.finish, job.id, state=state, answer=answer)
        log.info("Job %s is %s after %.1f s.", job.id, state, time.monotonic() - began)

    async def _outcome(self, job: Job) -> tuple[str, dict[str, Any]]:
        def report(progress: float) -> None:
            self._progress[job.id] = progress

        try:
            return "completed", await self.recogniser.transcribe(job, self.store.audio(job.id), report)
        except JobFailed as failure:
            return "failed", {"message": str(failure), "error": {"code": failure.code}}
        except OSError:
            log.exception("The recogniser for job %s could not be started.", job.id)
            message = "The server could not start its recogniser; send the recording again later"
            return "failed", {"message": message, "error": {"code": "recogniser_unavailable"}}
