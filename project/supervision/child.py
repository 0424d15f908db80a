"""One child process: started, restarted with exponential backoff when it ends, stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from functools import partial
from typing import TYPE_CHECKING

from project.supervision.log import OutputReader
from project.supervision.processes import exit_with_parent, kill_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from project.instance import Instance
    from project.supervision.log import Log

FIRST_BACKOFF_S, MAX_BACKOFF_S = 0.2, 10.0
HEALTHY_AFTER_S = 30.0
GRACE_S = 10.0


class Child:
    """A named command that should always be running.

    It leads a session of its own, so that Ctrl-C in the terminal reaches only the supervisor, and descendants that it
    leaves can be found. It may write a byte to the descriptor named in READY_FD once it is ready.
    """

    def __init__(self, name: str, argv: list[str], instance: Instance, log: Log) -> None:
        self.name, self.argv = name, argv
        self.ready = asyncio.Event()
        self.pid: int | None = None
        self._instance, self._log = instance, log
        self._process: asyncio.subprocess.Process | None = None
        self._output: OutputReader | None = None

    async def supervise(self, changed: Callable[[], None]) -> None:
        """Run the command and restart it until cancelled; call `changed` whenever its process id changes."""
        clock, backoff = asyncio.get_running_loop().time, FIRST_BACKOFF_S
        while True:
            started = clock()
            end = await self._run_once(changed)
            backoff = FIRST_BACKOFF_S if clock() - started >= HEALTHY_AFTER_S else backoff
            self._log.line(self.name, f"ended ({end}); restarting in {backoff:.1f} s")
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, MAX_BACKOFF_S)

    async def _run_once(self, changed: Callable[[], None]) -> str:
        try:
            process = self._process = await self._start()
        except OSError as error:
            return f"couldn't be started: {error.strerror}"
        self.pid = process.pid
        changed()
        code = await process.wait()
        kill_session(process.pid)
        self.pid = None
        changed()
        return _end(code)

    async def _start(self) -> asyncio.subprocess.Process:
        (output, writer), (ready_reader, ready_writer) = os.pipe(), os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.argv,
                env={**self._instance.variables, "READY_FD": str(ready_writer)},
                cwd=self._instance.root,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writer,
                stderr=writer,
                pass_fds=(ready_writer,),
                start_new_session=True,
                preexec_fn=partial(exit_with_parent, os.getpid()),
            )
        except OSError:
            os.close(output)
            os.close(ready_reader)
            raise
        finally:
            os.close(writer)
            os.close(ready_writer)
        self._output = OutputReader(self._log, self.name, output)
        asyncio.get_running_loop().add_reader(ready_reader, self._read_ready, ready_reader)
        return process

    def _read_ready(self, ready_reader: int) -> None:
        if os.read(ready_reader, 1):
            self.ready.set()
        asyncio.get_running_loop().remove_reader(ready_reader)
        os.close(ready_reader)

    async def stop(self, force: asyncio.Event) -> None:
        """Send SIGTERM; after a grace period, or once `force` is set, kill the process and its descendants."""
        process = self._process
        if process is None or self.pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        ends = [asyncio.create_task(process.wait()), asyncio.create_task(force.wait())]
        await asyncio.wait(ends, timeout=GRACE_S, return_when=asyncio.FIRST_COMPLETED)
        ends[1].cancel()
        kill_session(process.pid)
        await process.wait()
        self.pid = None
        if self._output is not None:
            await self._output.drain()


def _end(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
