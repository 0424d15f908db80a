"""The recogniser of a live session, which runs in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any, Protocol

from speechserver.child import ENVIRONMENT, LINE_BYTES, WORKING_DIRECTORY
from speechserver.live.wire import LENGTH, VOCABULARY_VARIABLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from speechserver.options import Options

# Two minutes of audio may be buffered for the process; after that `feed` waits (backpressure).
BUFFER_BYTES = 4 * 1024**2


class LiveRecogniser(Protocol):
    """The recogniser of one session."""

    async def start(self) -> None:
        """Begin. Raises OSError if it can't."""

    async def feed(self, samples: bytes) -> None:
        """Take audio; wait while its buffer is full."""

    async def finalize(self) -> None:
        """Make final what was received until now."""

    async def finish(self) -> None:
        """Take note that no more audio follows."""

    def messages(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the messages for the client, until `closed` or `error`; end early if the recogniser died."""

    async def stop(self) -> None:
        """Stop immediately."""


class LiveProcess:
    """The server's end of `speechserver.live.process`."""

    def __init__(self, models: Path, options: Options) -> None:
        self._models, self._options = models, options

    async def start(self) -> None:
        """Start the process; its first message says that it is ready, or why it can't be."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "speechserver.live.process"),
            *(str(self._models), self._options.language, str(os.getpid())),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_BYTES,
            cwd=WORKING_DIRECTORY,
            env={**os.environ, **ENVIRONMENT, VOCABULARY_VARIABLE: ", ".join(self._options.vocabulary)},
            start_new_session=True,  # Ctrl-C is the server's to handle
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input, self._output = self._process.stdin, self._process.stdout
        self._input.transport.set_write_buffer_limits(high=BUFFER_BYTES)

    async def feed(self, samples: bytes) -> None:
        """Write a frame of audio."""
        if samples:
            await self._write(LENGTH.pack(len(samples)) + samples)

    async def finalize(self) -> None:
        """Write the request to finalise."""
        await self._write(LENGTH.pack(0))

    async def finish(self) -> None:
        """Close its input."""
        self._input.close()

    async def _write(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError):  # it died, which `messages` reports
            self._input.write(data)
            await self._input.drain()

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the lines of its output."""
        async for line in self._output:
            yield json.loads(line)

    async def stop(self) -> None:
        """Kill the process."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
