"""A session's own way to a server over TCP, which can be cut: with a reset, or silently, as a lost network is."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Literal, Self

READ_BYTES = 64 * 1024


class Way:
    """`async with Way(port) as way:` - what connects to `way.port` reaches the port while the way is not cut.

    Connections that a silent cut met stay dead after it; their ends are not told.
    """

    def __init__(self, port: int) -> None:
        self.state: Literal["open", "reset", "silent"] = "open"
        self._to = port
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._abort()

    def cut(self, kind: Literal["reset", "silent"]) -> None:
        """Let nothing through from now on."""
        self.state = kind
        if kind == "reset":
            self._abort()
        else:
            self._writers.clear()  # held by their tasks, which wait for ever

    def restore(self) -> None:
        """Let new connections through again."""
        self.state = "open"

    def _abort(self) -> None:
        for writer in self._writers:
            reset(writer)
        self._writers.clear()

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: writer.transport.abort())

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.state == "silent":
            await asyncio.Event().wait()
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            reset(writer)
            return
        both = {writer, back}
        self._writers |= both
        try:
            if self.state == "reset":
                self._abort()
            passing = [
                asyncio.ensure_future(self._pass(reader, back)),
                asyncio.ensure_future(self._pass(there, writer)),
            ]
            await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
            for task in passing:
                task.cancel()
            await asyncio.gather(*passing, return_exceptions=True)
        finally:
            self._writers -= both
            back.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(READ_BYTES):
            if writer not in self._writers:
                await asyncio.Event().wait()
            writer.write(data)
            await writer.drain()


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection without a goodbye."""
    handle = writer.get_extra_info("socket")
    if handle is not None and handle.fileno() >= 0:
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
