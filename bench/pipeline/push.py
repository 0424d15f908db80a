"""How long after a change another window is notified: from the request that makes it to the socket's frame."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
import time
from pathlib import Path

import aiohttp

from bench.report import percentile, report
from tests.support.audio import write_tone
from tests.support.instance import Instance

CHANGES = 200


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name, Instance(Path(name) / "data") as instance:
        tone = write_tone(Path(name) / "tone.wav")
        instance.transcribe(tone).result()
        delays = asyncio.run(_measure(instance))
    report(
        "push", changes=len(delays), p50_ms=percentile(delays, 50), p99_ms=percentile(delays, 99), most_ms=max(delays)
    )


async def _measure(instance: Instance) -> list[float]:
    person = instance.sign_in()
    recording = re.findall(r"/recordings/([0-9a-f-]{36})/", person.get("/").text)[0]
    headers = {**person.headers, "Origin": instance.url}
    async with (
        aiohttp.ClientSession(instance.url, headers=headers) as client,
        client.ws_connect("/ws/events/") as socket,
    ):
        await socket.receive()
        return [await _one(client, socket, recording, number) for number in range(CHANGES)]


async def _one(
    client: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse, recording: str, number: int
) -> float:
    """Rename once; milliseconds from the request to the frame that tells of it."""
    began = time.perf_counter()
    url = f"/recordings/{recording}/rename/"
    request = asyncio.create_task(client.post(url, data={"title": f"Title {number}"}))
    while True:
        frame = json.loads((await socket.receive()).data)
        if frame["event"] == "recording.changed":
            break
    delay = (time.perf_counter() - began) * 1000
    (await request).close()
    return round(delay, 1)


if __name__ == "__main__":
    main()
