"""Carry connections to another address: `python -m bench.pipeline.relay FROM TO`, each host:port or a socket."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

CHUNK_BYTES = 64 * 1024


async def main(source: str, target: str) -> None:
    """Carry until the process is ended."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await _connect(target)
        await asyncio.gather(_copy(reader, back), _copy(there, writer))

    host, _, port = source.rpartition(":")
    opened = asyncio.start_server(carry, host, int(port)) if host else asyncio.start_unix_server(carry, source)
    async with await opened as server:
        await server.serve_forever()


async def _connect(target: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = target.rpartition(":")
    return await (asyncio.open_connection(host, int(port)) if host else asyncio.open_unix_connection(target))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK_BYTES):
            writer.write(data)
            await writer.drain()
        writer.write_eof()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
