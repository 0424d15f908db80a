"""A thousand viewers of one live session: how long after the provider's word the last of them receives it.

    python -m bench.live.viewers [VIEWERS]

A speaker sends audio to a whole instance whose provider answers each frame immediately with the time of its answer;
half of the viewers are members, half are guests with a link. One more never reads. Every frame counts once: from when
the provider sends until the last viewer reads, all on this machine and by one clock.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import psutil
from aiohttp import WSMsgType, web

from bench.live.provider import served
from bench.report import percentile, report
from tests.support.instance import Instance

if TYPE_CHECKING:
    from multiprocessing.connection import Connection as Pipe

FRAME = b"\0" * 3_200
FRAME_S = 0.1
FRAMES, WARM_UP = 160, 20
STAMP = re.compile(rb'"type": "partial", "text": "([0-9]+)"')


def main() -> None:
    """Measure and print."""
    viewers = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else 1_000
    with (
        served(serve) as url,
        tempfile.TemporaryDirectory() as name,
        Instance(Path(name) / "data", STT_API_ENDPOINT=url, STT_API_KEY="key") as instance,
    ):
        asyncio.run(_measure(instance, viewers))


def serve(pipe: Pipe) -> None:
    """Run the provider, which answers every frame with the time of its answer in microseconds."""
    asyncio.run(_serve(pipe))


async def _serve(pipe: Pipe) -> None:
    application = web.Application()
    application.router.add_get("/v1/stream", _answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    pipe.send(f"http://127.0.0.1:{runner.addresses[0][1]}")
    await asyncio.Event().wait()


async def _answer(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_json({"type": "ready"})
    async for message in socket:
        if message.type == WSMsgType.BINARY:
            await socket.send_json({"type": "partial", "segment": 0, "text": str(time.monotonic_ns() // 1_000)})
    return socket


class Viewer(asyncio.Protocol):
    """A minimal socket client that records when each of the provider's timestamps arrived."""

    def __init__(self, path: str, headers: dict[str, str], seen: dict[int, list[float]]) -> None:
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        self._request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        self._seen = seen
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the WebSocket handshake."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Record the timestamps in the data."""
        if not self.opened.done() and b'"hello"' in data:
            self.opened.set_result(None)
        now = time.monotonic_ns() // 1_000
        for stamp in STAMP.findall(data):
            self._seen.setdefault(int(stamp), []).append((now - int(stamp)) / 1_000)


async def _measure(instance: Instance, viewers: int) -> None:
    person = instance.sign_in()
    form = {"title": "Watched", "csrfmiddlewaretoken": person.token}
    page = person.session.post(f"{instance.url}/live/", data=form, timeout=30)
    url = page.url.removeprefix(instance.url)
    shared = person.session.post(f"{page.url}links/", data={"csrfmiddlewaretoken": person.token}, timeout=30)
    [link] = re.findall(r"/captions/([\w-]+)/", shared.text)
    seen: dict[int, list[float]] = {}
    headers = {
        "Host": f"localhost:{instance.port}",
        "Origin": instance.url,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    member = {**headers, "Cookie": person.headers["Cookie"]}
    web_process = psutil.Process(instance.pid("web"))
    everyone = [
        await _open(instance, Viewer(f"/ws{url}", member, seen))
        if number % 2
        else await _open(instance, Viewer(f"/ws/captions/{link}/", headers, seen))
        for number in range(viewers)
    ]
    stalled = Viewer(f"/ws/captions/{link}/", headers, {})
    await _open(instance, stalled)
    stalled.transport.pause_reading()
    origin = {**person.headers, "Origin": instance.url}
    before = web_process.cpu_times()
    async with (
        aiohttp.ClientSession(instance.url, headers=origin) as client,
        client.ws_connect(f"/ws{url}") as speaker,
    ):
        reading = asyncio.create_task(_read(speaker))
        for number in range(FRAMES + WARM_UP):
            await speaker.send_bytes(number.to_bytes(4) + FRAME)
            await asyncio.sleep(FRAME_S)
        await asyncio.sleep(1)
        reading.cancel()
    after = web_process.cpu_times()
    for viewer in everyone:
        viewer.transport.close()
    rounds = [seen[stamp] for stamp in sorted(seen)][WARM_UP:]
    complete = [delays for delays in rounds if len(delays) == viewers]
    spent_us = (after.user + after.system - before.user - before.system) * 1e6 / max(1, len(seen) * viewers)
    last = sorted(max(delays) for delays in complete)
    report(
        "viewers",
        viewers=viewers,
        changes=len(rounds),
        received_by_all=len(complete),
        last_p50_ms=percentile(last, 50),
        last_p99_ms=percentile(last, 99),
        last_most_ms=round(last[-1], 1),
        web_cpu_us_a_delivery=round(spent_us, 1),
    )


async def _open(instance: Instance, viewer: Viewer) -> Viewer:
    await asyncio.get_running_loop().create_connection(lambda: viewer, "localhost", instance.port)
    await asyncio.wait_for(viewer.opened, 30)
    return viewer


async def _read(speaker: aiohttp.ClientWebSocketResponse) -> None:
    async for _ in speaker:
        pass


if __name__ == "__main__":
    main()
