"""A browser that sends faster than the server writes is told so, costs little memory, and loses nothing."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tests.browser.site import Site
from tests.live.conftest import frame, sound

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAMES = 10_000
WINDOW = 50
MIB = 1024 * 1024
TRY_AGAIN_LATER = 1013


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A real web process with a session of Alice's."""
    made = Site(tmp_path)
    made.start()
    made.do("clear")
    made.do("cast")
    yield made
    made.stop()


def peak(site: Site) -> int:
    """The most memory that the web process ever held, in bytes."""
    status = Path(f"/proc/{site.web.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def packet(number: int) -> bytes:
    return number.to_bytes(4) + frame(number)


async def pour(socket: aiohttp.ClientWebSocketResponse, packets: list[bytes]) -> int | None:
    """Send everything without waiting for a word; return the code that the server closed with."""

    async def send() -> None:
        with suppress(ConnectionError):
            for one in packets:
                await socket.send_bytes(one)
                await asyncio.sleep(0)  # lets what the server says in, as a browser does

    sending = asyncio.create_task(send())
    async for _ in socket:
        pass
    sending.cancel()
    return socket.close_code


async def send_in_turn(socket: aiohttp.ClientWebSocketResponse, packets: list[bytes]) -> None:
    """Send what the server wants, with no more than a window of it unacknowledged."""
    message: dict[str, Any] = await socket.receive_json()
    following = message["next"]
    while message.get("next", 0) < len(packets):
        for number in range(following, min(message.get("next", 0) + WINDOW, len(packets))):
            await socket.send_bytes(packets[number])
            following = number + 1
        message = await socket.receive_json()


@pytest.mark.long
async def test_who_outruns_the_server_is_told_and_loses_nothing_by_going_slower(site: Site, tmp_path: Path) -> None:
    packets = [packet(number) for number in range(FRAMES)]
    session = site.do("live", title="Flood", said=[])
    cookies = {"sessionid": site.do("session", who="alice")}
    url = f"ws://localhost:{site.port}/ws/live/{session}/?page=a1&take=1"
    async with aiohttp.ClientSession(cookies=cookies, headers={"Origin": site.url}) as client:
        async with client.ws_connect(url) as socket:
            before = peak(site)
            assert await pour(socket, packets) == TRY_AGAIN_LATER
        assert peak(site) - before < 16 * MIB
        async with client.ws_connect(url) as socket:
            await send_in_turn(socket, packets)
    # Both holders wrote for a while, so their pieces overlap; reading takes either.
    assert site.do("live_sound", live=session) == hashlib.sha256(sound(FRAMES)).hexdigest()
