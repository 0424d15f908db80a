"""A pool of processes that transcribe recordings with a loaded model (`speechserver.jobs.process`)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from speechserver.child import ENVIRONMENT, LINE_BYTES, WORKING_DIRECTORY
from speechserver.jobs.recogniser import Description, JobFailed
from speechserver.languages import UNSPACED, names_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from speechserver.jobs.store import Job

log = logging.getLogger("speechserver")

# A process with a model takes about 400 MB, and half a second to start: it is stopped after this long without work
IDLE_S = 300.0
# One model uses as many threads as help it (`recogniser.loader`)
CORES_A_PROCESS = 4


class RecogniserUnavailable(Exception):
    """No model is available on this machine. The message is one sentence for people."""


@dataclass(slots=True)
class RecogniserProcess:
    """One process. `ready` is its message about its model."""

    process: asyncio.subprocess.Process
    ready: dict[str, Any]

    @classmethod
    async def start(cls, models: Path) -> RecogniserProcess:
        """Start a process and wait for its model. Raises RecogniserUnavailable, JobFailed or OSError."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "speechserver.jobs.process", str(models), str(os.getpid())),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_BYTES,
            cwd=WORKING_DIRECTORY,
            env={**os.environ, **ENVIRONMENT},
            start_new_session=True,  # Ctrl-C is the server's to handle
        )
        worker = cls(process, {})
        try:
            async for message in worker.messages():
                if "missing" in message:
                    raise RecogniserUnavailable(message["missing"])
                worker.ready = message["ready"]
                return worker
        except BaseException:
            await worker.stop()
            raise
        await worker.stop()
        raise died()

    async def transcribe(self, audio: Path, options: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
        """Return the answer to a job. Raises JobFailed."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"audio": str(audio), **options}).encode() + b"\n")
        with contextlib.suppress(ConnectionError):  # it died, which the messages show
            await self.process.stdin.drain()
        segments: list[dict[str, Any]] = []
        async for message in self.messages():
            if "failed" in message:
                raise JobFailed(message["failed"]["code"], message["failed"]["message"])
            if "aligned" in message:
                return dict(message["aligned"])
            if "done" in message:
                return {**message["done"], "segments": segments}
            if "segment" in message:
                segments.append(message["segment"])
            else:
                report(message["progress"])
        raise died()

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """Yield its messages until it ends."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            yield json.loads(line)

    async def stop(self) -> None:
        """Kill the process."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


def died() -> JobFailed:
    """Return the failure of a job whose process ended."""
    return JobFailed("recogniser_stopped", "The recogniser stopped before the end of the audio")


@dataclass(slots=True)
class RecogniserPool:
    """The recogniser of the server: processes that run while there is work, so that no file can crash the server."""

    models: Path
    description: Description
    parallel: int = max(1, (os.cpu_count() or 1) // CORES_A_PROCESS)
    _idle: list[RecogniserProcess] = field(default_factory=list)
    _idle_timer: asyncio.TimerHandle | None = None
    _stopping: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    async def open(cls, models: Path) -> RecogniserPool:
        """Start the first process, which describes its model. Raises RecogniserUnavailable."""
        worker = await RecogniserProcess.start(models)
        if worker.ready["fallback"]:
            log.warning("%s", worker.ready["fallback"])
        pool = cls(models, describe(worker.ready))
        pool._release(worker)
        return pool

    async def transcribe(self, job: Job, audio: Path, report: Callable[[float], None]) -> dict[str, Any]:
        """Transcribe in a process; retry once if it dies, and kill it if the caller is cancelled."""
        try:
            return await self._attempt(job, audio, report)
        except JobFailed as failure:
            if failure.code != died().code:
                raise
            log.warning("The recogniser of job %s died; another one starts the job again.", job.id)
            return await self._attempt(job, audio, report)

    async def _attempt(self, job: Job, audio: Path, report: Callable[[float], None]) -> dict[str, Any]:
        worker = await self._acquire()
        try:
            answer = await worker.transcribe(audio, asdict(job.options), report)
        except JobFailed as failure:
            if failure.code == died().code:
                await worker.stop()
            else:
                self._release(worker)
            raise
        except BaseException:
            await worker.stop()
            raise
        self._release(worker)
        return answer if job.options.words else self._complete(answer)

    async def close(self) -> None:
        """Stop all idle processes."""
        if self._idle_timer:
            self._idle_timer.cancel()
        idle, self._idle = self._idle, []
        await asyncio.gather(*(worker.stop() for worker in idle), *self._stopping)

    async def _acquire(self) -> RecogniserProcess:
        if self._idle_timer:
            self._idle_timer.cancel()
        while self._idle:
            worker = self._idle.pop()
            if worker.process.returncode is None:
                return worker
        return await RecogniserProcess.start(self.models)

    def _release(self, worker: RecogniserProcess) -> None:
        self._idle.append(worker)
        if self._idle_timer:
            self._idle_timer.cancel()
        self._idle_timer = asyncio.get_running_loop().call_later(IDLE_S, self._stop_idle)

    def _stop_idle(self) -> None:
        idle, self._idle = self._idle, []
        for worker in idle:
            task = asyncio.get_running_loop().create_task(worker.stop())
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)

    def _complete(self, answer: dict[str, Any]) -> dict[str, Any]:
        separator = "" if answer["language"] in UNSPACED else " "
        text = separator.join(segment["text"] for segment in answer["segments"])
        engine = {"engine": self.description.name, "draft": self.description.is_draft}
        return {"transcription": text, **engine, **answer}


def describe(ready: dict[str, Any]) -> Description:
    """Return what /health says about a loaded model."""
    return Description(ready["name"], is_draft=ready["draft"], languages=names_of(ready["languages"]), aligns=True)
