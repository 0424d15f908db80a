"""The supervisor of one instance: it starts its processes in order, restarts them and stops them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from typing import TYPE_CHECKING

from project.supervision.child import Child
from project.supervision.preparation import prepare
from project.supervision.readiness import until_ready

if TYPE_CHECKING:
    from project.instance import Instance
    from project.supervision.log import Log
    from project.supervision.procfile import Entry

# A model that is on the disk is loaded by then; one that must be downloaded doesn't delay the pages
SPEECH_TIMEOUT_S = 15.0


class Supervisor:
    """Starts Redis, migrates the database, then starts the other children, and restarts each one that ends."""

    def __init__(self, instance: Instance, entries: list[Entry], log: Log) -> None:
        self.instance, self.log = instance, log
        self.children = [Child(entry.name, entry.argv(instance.variables), instance, log) for entry in entries]
        self._tasks: list[asyncio.Task[None]] = []
        self._stop, self._force = asyncio.Event(), asyncio.Event()

    async def run(self) -> None:
        """Run everything until a signal. Raises Refusal if the database can't be prepared."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._handle_signal)
        starting = asyncio.create_task(self._start())
        stop = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait([starting, stop], return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                await starting
                await stop
        finally:
            starting.cancel()
            await self._stop_children()

    def _handle_signal(self) -> None:
        """Stop gracefully the first time, immediately the second time."""
        if self._stop.is_set():
            self._force.set()
        else:
            self.log.plain("Stopping… press Ctrl-C again to force.")
        self._stop.set()

    async def _start(self) -> None:
        redis = [child for child in self.children if child.name == "redis"]
        others = [child for child in self.children if child.name != "redis"]
        self._supervise(redis)
        await asyncio.gather(prepare(self.instance, self.log), *self._readiness(redis))
        self._supervise(others)
        await asyncio.gather(*self._readiness([child for child in others if child.name != "speech"]))
        await self._wait_for_speech([child for child in others if child.name == "speech"])
        self.log.plain(f"Verbatim is ready: {self.instance.address}")

    async def _wait_for_speech(self, speech: list[Child]) -> None:
        """Give the local speech server some time to load its model, or say what happens until then."""
        waiting = self._readiness(speech)
        if waiting and (await asyncio.wait(waiting, timeout=SPEECH_TIMEOUT_S))[1]:
            self.log.plain("The local speech server is still loading its model; recordings wait for it.")
            for task in waiting:
                task.cancel()

    def _supervise(self, children: list[Child]) -> None:
        self._tasks += [asyncio.create_task(child.supervise(self._write_state)) for child in children]

    def _readiness(self, children: list[Child]) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(until_ready(child, self.instance)) for child in children]

    async def _stop_children(self) -> None:
        """Stop Redis last, because the others may still write to it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(child.stop(self._force) for child in self.children if child.name != "redis"))
        await asyncio.gather(*(child.stop(self._force) for child in self.children))
        self.instance.state_file.unlink(missing_ok=True)

    def _write_state(self) -> None:
        state = {
            "supervisor": os.getpid(),
            "address": self.instance.address,
            "processes": {child.name: child.pid for child in self.children if child.pid is not None},
        }
        draft = self.instance.state_file.with_suffix(".new")
        draft.write_text(json.dumps(state, indent=1))
        draft.replace(self.instance.state_file)
