"""One process that is kept alive: started, listened to, started again when it dies, stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from functools import partial
from typing import TYPE_CHECKING

from project.supervision.log import OutputReader
from project.supervision.processes import die_with_parent, kill_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from project.instance import Instance
    from project.supervision.log import Log

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 10.0
HEALTHY_AFTER_S = 30.0
GRACE_S = 10.0


class Child:
    """A named command that should always be running.

    It leads a session of its own, so that Ctrl-C in the terminal reaches only the supervisor and whatever it
    leaves behind can be found. It may write a byte to the descriptor named in READY_FD once it is at work.
    """

    def __init__(self, name: str, argv: list[str], instance: Instance, log: Log) -> None:
        self.name, self.argv = name, argv
        self.announced = asyncio.Event()
        self.pid: int | None = None
        self._instance, self._log = instance, log
        self._process: asyncio.subprocess.Process | None = None
        self._output: OutputReader | None = None

    async def keep_running(self, changed: Callable[[], None]) -> None:
        """Run the command again and again until cancelled, calling `changed` whenever its process id did."""
        clock, pause = asyncio.get_running_loop().time, FIRST_PAUSE_S
        while True:
            started = clock()
            end = await self._run_once(changed)
            pause = FIRST_PAUSE_S if clock() - started >= HEALTHY_AFTER_S else pause
            self._log.line(self.name, f"ended ({end}); starting again in {pause:.1f} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _run_once(self, changed: Callable[[], None]) -> str:
        try:
            process = self._process = await self._start()
        except OSError as error:
            return f"could not be started: {error.strerror}"
        self.pid = process.pid
        changed()
        code = await process.wait()
        kill_session(process.pid)
        self.pid = None
        changed()
        return _end(code)

    async def _start(self) -> asyncio.subprocess.Process:
        (output, writer), (news, announcer) = os.pipe(), os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.argv,
                env={**self._instance.variables, "READY_FD": str(announcer)},
                cwd=self._instance.root,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writer,
                stderr=writer,
                pass_fds=(announcer,),
                start_new_session=True,
                preexec_fn=partial(die_with_parent, os.getpid()),
            )
        except OSError:
            os.close(output)
            os.close(news)
            raise
        finally:
            os.close(writer)
            os.close(announcer)
        self._output = OutputReader(self._log, self.name, output)
        asyncio.get_running_loop().add_reader(news, self._hear, news)
        return process

    def _hear(self, news: int) -> None:
        if os.read(news, 1):
            self.announced.set()
        asyncio.get_running_loop().remove_reader(news)
        os.close(news)

    async def stop(self, hurry: asyncio.Event) -> None:
        """Ask the process to end; after a grace, or once `hurry` is set, end it and everything it started."""
        process = self._process
        if process is None or self.pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        ends = [asyncio.create_task(process.wait()), asyncio.create_task(hurry.wait())]
        await asyncio.wait(ends, timeout=GRACE_S, return_when=asyncio.FIRST_COMPLETED)
        ends[1].cancel()
        kill_session(process.pid)
        await process.wait()
        self.pid = None
        if self._output is not None:
            await self._output.drain()


def _end(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
