"""The cost of a live session: a frame's round trip through the whole web process, with its audio on disk.

    python -m bench.live.frames [SESSIONS]

As `bench.live.relay`, but every other round goes through a running instance: the guarded web process, the session's
host, its file and its relay. The same rounds measure the processor time and memory of a session in the web process.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import psutil

from bench.live.provider import served
from bench.live.relay import FRAME, FRAME_S, serve
from bench.report import percentile, report
from tests.support.instance import Instance
from tests.support.live.client import begin

if TYPE_CHECKING:
    from tests.support.web_client import Person

ROUNDS = 100
WARM_UP = 10


def main() -> None:
    """Measure and print."""
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else 100
    with served(serve) as url, tempfile.TemporaryDirectory() as name:
        endpoint = {"STT_API_ENDPOINT": url, "STT_API_KEY": "key", "STT_LIMITS": "none"}
        with Instance(Path(name), **endpoint) as instance:
            person = instance.sign_in()
            names = [begin(person, f"Session {number}") for number in range(sessions)]
            web = psutil.Process(instance.pid("web"))
            asyncio.run(_measure(person, names, url, web))


async def _measure(person: Person, names: list[str], url: str, web: psutil.Process) -> None:
    headers = {**person.headers, "Origin": person.url}
    before = web.memory_info().rss
    use = Use(web)
    async with (
        aiohttp.ClientSession(person.url, headers=headers, connector=aiohttp.TCPConnector(limit=0)) as client,
        aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=0)) as direct,
    ):
        start = asyncio.Barrier(len(names))
        shifts = (number / len(names) * FRAME_S for number in range(len(names)))
        streams = (Stream(client, direct, name, shift) for name, shift in zip(names, shifts, strict=True))
        pairs = await asyncio.gather(*(stream.run(start, use) for stream in streams))
    growth = (use.memory - before) / 1024
    figures: dict[str, Any] = {
        "sessions": len(names),
        "cpu_ms_a_session_second": round(use.seconds / use.wall_s / len(names) * 1000, 2),
        "sessions_a_core": round(len(names) * use.wall_s / use.seconds),
        "kib_a_session": round(growth / len(names)),
    }
    direct_ms, through_ms = (sorted(delay for pair in pairs for delay in pair[side]) for side in (0, 1))
    for share in (50, 99):
        figures[f"direct_p{share}_ms"] = percentile(direct_ms, share)
        figures[f"through_p{share}_ms"] = percentile(through_ms, share)
        figures[f"added_p{share}_ms"] = round(percentile(through_ms, share) - percentile(direct_ms, share), 1)
    report("live", **figures)


class Use:
    """What the web process uses between the last stream's warm-up and the first stream's end."""

    def __init__(self, web: psutil.Process) -> None:
        self._web, self._began, self._at = web, 0.0, 0.0
        self.seconds = self.wall_s = self.memory = 0.0

    def begin(self) -> None:
        """Count from now; the last call counts."""
        self._began, self._at = self._now(), time.monotonic()

    def end(self) -> None:
        """Count until now; the first call counts."""
        if not self.wall_s:
            self.seconds, self.wall_s = self._now() - self._began, time.monotonic() - self._at
            self.memory = self._web.memory_info().rss

    def _now(self) -> float:
        times = self._web.cpu_times()
        return float(times.user + times.system)


class Stream:
    """One session and one direct connection, which send a frame by turns, one each 50 ms."""

    def __init__(self, client: aiohttp.ClientSession, direct: aiohttp.ClientSession, name: str, shift_s: float) -> None:
        self._client, self._direct, self._name, self._shift_s = client, direct, name, shift_s
        self._number = 0

    async def run(self, start: asyncio.Barrier, use: Use) -> tuple[list[float], list[float]]:
        """Return the delays of the rounds in ms, direct ones and those through the instance."""
        async with (
            self._client.ws_connect(f"/ws/live/{self._name}/?page=a1&take=1") as session,
            self._direct.ws_connect("/v1/stream") as direct,
        ):
            await direct.receive()
            await session.receive()
            await start.wait()
            next_at = asyncio.get_running_loop().time() + self._shift_s
            delays: tuple[list[float], list[float]] = ([], [])
            for number in range(2 * (ROUNDS + WARM_UP)):
                await asyncio.sleep(max(0.0, next_at - asyncio.get_running_loop().time()))
                next_at += FRAME_S / 2
                if number == 2 * WARM_UP:
                    use.begin()
                delays[number % 2].append(await (self._through(session) if number % 2 else _round(direct)))
            use.end()
        return delays[0][WARM_UP:], delays[1][WARM_UP:]

    async def _through(self, socket: aiohttp.ClientWebSocketResponse) -> float:
        began = time.perf_counter()
        await socket.send_bytes(self._number.to_bytes(4) + FRAME)
        self._number += 1
        while json.loads((await socket.receive()).data).get("text") != str(self._number):
            pass
        return (time.perf_counter() - began) * 1000


async def _round(socket: aiohttp.ClientWebSocketResponse) -> float:
    began = time.perf_counter()
    await socket.send_bytes(FRAME)
    await socket.receive()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
