"""Who listens to a live session: a recogniser in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import struct
import sys
from typing import TYPE_CHECKING, Any, Protocol

from speechserver.parent import PROJECT
from speechserver.workers import CALM, LINE_BYTES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from speechserver.jobs import Options

VOCABULARY = "SPEECH_VOCABULARY"
LENGTH = struct.Struct("<I")
# Two minutes of sound may wait for the recogniser in memory; whoever sends more waits himself.
WAITING_BYTES = 4 * 1024**2


class Listener(Protocol):
    """One session's recogniser."""

    async def start(self) -> None:
        """Begin. Raises OSError where that cannot be."""

    async def hear(self, samples: bytes) -> None:
        """Take sound; waits where too much waits already."""

    async def finalize(self) -> None:
        """Say for good what was heard by now."""

    async def finish(self) -> None:
        """There will be no more."""

    def messages(self) -> AsyncIterator[dict[str, Any]]:
        """What to tell the client, until `closed` or `error`; ends early if the recogniser died."""

    async def stop(self) -> None:
        """End now."""


class ProcessListener:
    """Runs `speechserver.listen`."""

    def __init__(self, models: Path, options: Options) -> None:
        self._models, self._options = models, options

    async def start(self) -> None:
        """Start the process; its first message says that it listens, or why it can't."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "speechserver.listen"),
            *(str(self._models), self._options.language, str(os.getpid())),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_BYTES,
            cwd=PROJECT,
            # Unlike arguments, others can't read it
            env={**os.environ, **CALM, VOCABULARY: ", ".join(self._options.vocabulary)},
            start_new_session=True,  # Ctrl-C is the server's to handle
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input, self._output = self._process.stdin, self._process.stdout
        self._input.transport.set_write_buffer_limits(high=WAITING_BYTES)

    async def hear(self, samples: bytes) -> None:
        """Hand the samples on."""
        if samples:
            await self._write(LENGTH.pack(len(samples)) + samples)

    async def finalize(self) -> None:
        """Ask for what is left."""
        await self._write(LENGTH.pack(0))

    async def finish(self) -> None:
        """End its input."""
        self._input.close()

    async def _write(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError):  # it died, which `messages` tells
            self._input.write(data)
            await self._input.drain()

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """Its lines."""
        async for line in self._output:
            yield json.loads(line)

    async def stop(self) -> None:
        """Kill it."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
