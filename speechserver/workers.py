"""Processes that transcribe recordings with a loaded model (`speechserver.recognise`)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from speechserver.languages import UNSPACED, names_of
from speechserver.parent import PROJECT
from speechserver.runner import Description, JobFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from speechserver.jobs import Job

log = logging.getLogger("speechserver")

# One line holds one segment; none comes near this
LINE_BYTES = 8 * 1024 * 1024
# A process with a model takes about 400 MB, and half a second to start: it is let go after so long without work
IDLE_S = 300.0
# One model uses as many threads as help it (`recogniser.loading`)
CORES_A_PROCESS = 4
# OpenMP threads that spin while they wait would take the cores from pages; numpy needs one thread
CALM = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


class NoRecogniser(Exception):
    """There is no model on this machine. The message is one sentence for people."""


@dataclass(slots=True)
class Worker:
    """One process. `ready` is what it said about its model."""

    process: asyncio.subprocess.Process
    ready: dict[str, Any]

    @classmethod
    async def start(cls, models: Path) -> Worker:
        """Start one and wait until its model is loaded. Raises NoRecogniser, OSError if it can't start, JobFailed."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "speechserver.recognise", str(models), str(os.getpid())),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_BYTES,
            cwd=PROJECT,
            env={**os.environ, **CALM},
            start_new_session=True,  # Ctrl-C is the server's to handle
        )
        worker = cls(process, {})
        try:
            async for said in worker.lines():
                if "missing" in said:
                    raise NoRecogniser(said["missing"])
                worker.ready = said["ready"]
                return worker
        except BaseException:
            await worker.stop()
            raise
        await worker.stop()
        raise stopped()

    async def do(self, audio: Path, options: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
        """Return the answer to a job. Raises JobFailed."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"audio": str(audio), **options}).encode() + b"\n")
        with contextlib.suppress(ConnectionError):  # it died, which the lines tell
            await self.process.stdin.drain()
        segments: list[dict[str, Any]] = []
        async for said in self.lines():
            if "failed" in said:
                raise JobFailed(said["failed"]["code"], said["failed"]["message"])
            if "done" in said:
                return {**said["done"], "segments": segments}
            if "segment" in said:
                segments.append(said["segment"])
            else:
                report(said["progress"])
        raise stopped()

    async def lines(self) -> AsyncIterator[dict[str, Any]]:
        """Give what it says, until it ends."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            yield json.loads(line)

    async def stop(self) -> None:
        """End it now."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


def stopped() -> JobFailed:
    """Return the failure of a job whose process ended."""
    return JobFailed("recogniser_stopped", "The recogniser stopped before the end of the audio")


@dataclass(slots=True)
class Workers:
    """The recogniser of the server: processes that live as long as there is work. No file can take the server down."""

    models: Path
    description: Description
    parallel: int = max(1, (os.cpu_count() or 1) // CORES_A_PROCESS)
    _free: list[Worker] = field(default_factory=list)
    _letting_go: asyncio.TimerHandle | None = None
    _ending: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    async def open(cls, models: Path) -> Workers:
        """Start the first process, which tells what there is. Raises NoRecogniser."""
        worker = await Worker.start(models)
        if worker.ready["instead"]:
            log.warning("%s", worker.ready["instead"])
        workers = cls(models, describe(worker.ready))
        workers._give_back(worker)
        return workers

    async def recognise(self, job: Job, audio: Path, report: Callable[[float], None]) -> dict[str, Any]:
        """Transcribe in a process, which is killed if no one waits for the answer any more; once more if it dies."""
        try:
            return await self._recognise(job, audio, report)
        except JobFailed as failure:
            if failure.code != stopped().code:
                raise
            log.warning("The recogniser of job %s died; another one begins it anew.", job.id)
            return await self._recognise(job, audio, report)

    async def _recognise(self, job: Job, audio: Path, report: Callable[[float], None]) -> dict[str, Any]:
        worker = await self._take()
        try:
            answer = await worker.do(audio, asdict(job.options), report)
        except JobFailed as failure:
            if failure.code == stopped().code:
                await worker.stop()
            else:
                self._give_back(worker)
            raise
        except BaseException:
            await worker.stop()
            raise
        self._give_back(worker)
        return self._whole(answer)

    async def close(self) -> None:
        """End all processes that are free."""
        if self._letting_go:
            self._letting_go.cancel()
        free, self._free = self._free, []
        await asyncio.gather(*(worker.stop() for worker in free), *self._ending)

    async def _take(self) -> Worker:
        if self._letting_go:
            self._letting_go.cancel()
        while self._free:
            worker = self._free.pop()
            if worker.process.returncode is None:
                return worker
        return await Worker.start(self.models)

    def _give_back(self, worker: Worker) -> None:
        self._free.append(worker)
        if self._letting_go:
            self._letting_go.cancel()
        self._letting_go = asyncio.get_running_loop().call_later(IDLE_S, self._let_go)

    def _let_go(self) -> None:
        free, self._free = self._free, []
        for worker in free:
            task = asyncio.get_running_loop().create_task(worker.stop())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    def _whole(self, answer: dict[str, Any]) -> dict[str, Any]:
        between = "" if answer["language"] in UNSPACED else " "
        text = between.join(segment["text"] for segment in answer["segments"])
        known = {"engine": self.description.name, "draft": self.description.is_draft}
        return {"transcription": text, **known, **answer}


def describe(ready: dict[str, Any]) -> Description:
    """Return what /health tells of a loaded model."""
    return Description(ready["name"], is_draft=ready["draft"], languages=names_of(ready["languages"]))
