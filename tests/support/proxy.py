"""A TCP proxy on whose way things happen after so many bytes, or when an answer says something."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Self

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
