"""The latency that the relay adds: a frame's round trip through it compared with a direct one, in the same run.

    python -m bench.live.relay [STREAMS]

Every stream sends 100 ms of audio each 100 ms to a double that answers each frame immediately with its number, in a
process of its own. A stream's rounds alternate between the direct connection and the relay.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import WSMsgType, web

from bench.live.provider import served
from bench.report import percentile, report
from transcripts.providers.base import Connection, Options
from transcripts.providers.live import Partial
from transcripts.providers.relay.credentials import CodecFactory
from transcripts.providers.relay.runner import Connected, Relay

if TYPE_CHECKING:
    from multiprocessing.connection import Connection as Pipe

    from transcripts.providers.relay.runner import RelayEvent

FRAME = b"\0" * 3_200
FRAME_S = 0.1
ROUNDS = 50
WARM_UP = 5


def main() -> None:
    """Measure and print."""
    streams = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else 100
    with served(serve) as url:
        asyncio.run(_measure(url, streams))


def serve(pipe: Pipe) -> None:
    """Run the double, which answers every frame."""
    asyncio.run(_serve(pipe))


async def _serve(pipe: Pipe) -> None:
    application = web.Application()
    application.router.add_get("/v1/stream", _echo)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1_024).start()
    pipe.send(f"http://127.0.0.1:{runner.addresses[0][1]}")
    await asyncio.Event().wait()


async def _echo(request: web.Request) -> web.WebSocketResponse:
    socket, number = web.WebSocketResponse(), 0
    await socket.prepare(request)
    await socket.send_json({"type": "ready"})
    async for message in socket:
        if message.type == WSMsgType.BINARY:
            number += 1
            await socket.send_json({"type": "partial", "segment": 0, "text": str(number)})
    return socket


async def _measure(url: str, streams: int) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        began = time.process_time()
        start = asyncio.Barrier(streams)
        shifts = (number / streams * FRAME_S for number in range(streams))
        pairs = await asyncio.gather(*(_stream(client, url, shift_s, start) for shift_s in shifts))
    direct = sorted(delay for pair in pairs for delay in pair[0])
    relayed = sorted(delay for pair in pairs for delay in pair[1])
    seconds = time.process_time() - began
    figures: dict[str, Any] = {"streams": streams, "frames": len(relayed), "client_cpu_s": round(seconds, 1)}
    for share in (50, 99):
        direct_ms, relayed_ms = percentile(direct, share), percentile(relayed, share)
        figures |= {f"direct_p{share}_ms": direct_ms, f"relay_p{share}_ms": relayed_ms}
        figures[f"added_p{share}_ms"] = round(relayed_ms - direct_ms, 2)
    report("relay", **figures)


async def _stream(
    client: aiohttp.ClientSession, url: str, shift_s: float, start: asyncio.Barrier
) -> tuple[list[float], list[float]]:
    """Return the delays of one stream, direct and relayed; streams are shifted against each other."""
    relayed = _Relayed(url)
    async with client.ws_connect(url.replace("http", "ws", 1) + "/v1/stream") as socket:
        await socket.receive()
        await relayed.connected.wait()
        await start.wait()
        next_at = asyncio.get_running_loop().time() + shift_s
        delays: tuple[list[float], list[float]] = ([], [])
        for number in range(2 * (ROUNDS + WARM_UP)):
            await asyncio.sleep(max(0.0, next_at - asyncio.get_running_loop().time()))
            next_at += FRAME_S / 2
            delays[number % 2].append(await (relayed.round() if number % 2 else _round(socket)))
    relayed.running.cancel()
    await asyncio.gather(relayed.running, return_exceptions=True)
    return delays[0][WARM_UP:], delays[1][WARM_UP:]


async def _round(socket: aiohttp.ClientWebSocketResponse) -> float:
    began = time.perf_counter()
    await socket.send_bytes(FRAME)
    json.loads((await socket.receive()).data)
    return (time.perf_counter() - began) * 1000


class _Relayed:
    """A relay and the answer to its latest frame."""

    def __init__(self, url: str) -> None:
        self.connected, self._answered = asyncio.Event(), asyncio.Event()
        self._at_ms = 0
        connection = Connection(url, "key")
        self._relay = Relay(
            CodecFactory("speechstream", connection, Options()), read_audio=self._read, on_event=self._receive
        )
        self.running = asyncio.create_task(self._relay.run())

    async def round(self) -> float:
        self._answered.clear()
        began = time.perf_counter()
        self._relay.feed(self._at_ms, FRAME)
        self._at_ms += 100
        await self._answered.wait()
        return (time.perf_counter() - began) * 1000

    async def _receive(self, event: RelayEvent) -> None:
        if isinstance(event, Partial):
            self._answered.set()
        elif isinstance(event, Connected):
            self.connected.set()

    async def _read(self, from_ms: int, until_ms: int) -> bytes:
        return b"\0" * ((until_ms - from_ms) * 32)


if __name__ == "__main__":
    main()
