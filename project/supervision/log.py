"""Merge the output of many processes into one stream, each line prefixed with its process."""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import TextIO

COLOURS = (36, 32, 35, 33, 34, 96, 92, 95)
MAX_LINE = 64 * 1024
DRAIN_S = 1.0


class Log:
    """Writes lines to one text stream, in colour on a terminal."""

    def __init__(self, stream: TextIO, names: list[str]) -> None:
        self._stream = stream
        self._width = max(map(len, names), default=0)
        self._colours = dict(zip(names, COLOURS * len(names), strict=False)) if stream.isatty() else {}

    def line(self, name: str, text: str) -> None:
        """Write a line of a process."""
        prefix = f"{name:{self._width}} | "
        colour = self._colours.get(name)
        self.plain(f"\033[{colour}m{prefix}\033[0m{text}" if colour else prefix + text)

    def plain(self, text: str) -> None:
        """Write a line of the supervisor; a closed stream doesn't stop the processes."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text + "\n")
            self._stream.flush()


class OutputReader:
    """Reads what a process and its descendants write to a pipe, until the last of them closes it."""

    def __init__(self, log: Log, name: str, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._log, self._name, self._descriptor = log, name, descriptor
        self._rest = b""
        self._closed = asyncio.Event()
        asyncio.get_running_loop().add_reader(descriptor, self._readable)

    def _readable(self) -> None:
        with contextlib.suppress(BlockingIOError):
            data = os.read(self._descriptor, MAX_LINE)
            if not data:
                self.close()
                return
            self._take(data)

    def _take(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > MAX_LINE:
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            self._log.line(self._name, line.decode(errors="replace").rstrip("\r"))

    async def drain(self) -> None:
        """Wait a limited time for the end of the output: a stray descendant may hold the pipe open."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closed.wait(), DRAIN_S)
        self.close()

    def close(self) -> None:
        """Stop reading; a last line without an end is still written."""
        if self._descriptor < 0:
            return
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = -1
        self._closed.set()
        if self._rest:
            self._take(b"\n")
