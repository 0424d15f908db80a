"""TCP proxies between a client and a server: one that acts after so many bytes, one that is cut on command."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from typing import TYPE_CHECKING, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Callable

READ_BYTES = 64 * 1024


class Proxy:
    """`with Proxy(port) as proxy:` - what is sent to `proxy.url` reaches the port.

    `plan` holds pairs of a count of bytes, sent by all clients together, and what to do then; `lose` makes the first
    answer that holds these bytes (in lower case) get lost with its connection.
    """

    def __init__(self, port: int) -> None:
        self.plan: list[tuple[int, Callable[[], None]]] = []
        self.lose = b""
        self._port, self._sent = port, 0
        self._listens = threading.Event()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(),))
        self._thread.start()
        self._listens.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @staticmethod
    def cut() -> None:
        """End the connection on both sides."""
        raise ConnectionAbortedError

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.url = f"http://localhost:{server.sockets[0].getsockname()[1]}"
        self._listens.set()
        async with server:
            await self._stop.wait()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry bytes both ways until one side ends."""
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.transport.abort()
            return
        ways = [self._pass(reader, back, self._on_request), self._pass(there, writer, self._on_answer)]
        tasks = [asyncio.create_task(way) for way in ways]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        writer.transport.abort()
        back.transport.abort()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, look: Callable[[bytes], None]
    ) -> None:
        while data := await reader.read(READ_BYTES):
            look(data)
            writer.write(data)
            await writer.drain()

    def _on_request(self, data: bytes) -> None:
        self._sent += len(data)
        if self.plan and self._sent >= self.plan[0][0]:
            self.plan.pop(0)[1]()

    def _on_answer(self, data: bytes) -> None:
        if self.lose and self.lose in data.lower():
            self.lose = b""
            self.cut()


class CuttableProxy:
    """`async with CuttableProxy(port) as proxy:` - what connects to `proxy.port` reaches the port while it is not cut.

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
