"""How long after a change the page of another window is told: from the request that makes it to the socket's frame."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
import time
from pathlib import Path

import aiohttp

from bench.report import percentile, report
from tests.support.instance import Instance
from tests.support.wav import write_tone

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
    async with aiohttp.ClientSession(instance.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        page = await _sign_in(client)
        recording = re.findall(r"/recordings/([0-9a-f-]{36})/", page)[0]
        headers = {"Origin": instance.url}
        async with client.ws_connect("/ws/events/", headers=headers) as socket:
            await socket.receive()
            return [await _one(client, socket, recording, number) for number in range(CHANGES)]


async def _sign_in(client: aiohttp.ClientSession) -> str:
    async with client.get("/accounts/login/") as response:
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', await response.text())[0]
    form = {"login": "ana@example.org", "password": "correct horse battery", "csrfmiddlewaretoken": token}
    async with client.post("/accounts/login/", data=form) as response:
        return await response.text()


async def _one(
    client: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse, recording: str, number: int
) -> float:
    """Rename once; milliseconds from the request to the frame that tells of it."""
    token = next(cookie.value for cookie in client.cookie_jar if cookie.key == "csrftoken")
    began = time.perf_counter()
    url = f"/recordings/{recording}/rename/"
    request = asyncio.create_task(client.post(url, data={"title": f"Title {number}"}, headers={"X-CSRFToken": token}))
    while True:
        frame = json.loads((await socket.receive()).data)
        if frame["event"] == "recording.changed":
            break
    delay = (time.perf_counter() - began) * 1000
    (await request).close()
    return round(delay, 1)


if __name__ == "__main__":
    main()
