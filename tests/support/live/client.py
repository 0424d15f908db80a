"""Somebody who speaks into a live session without a browser: numbered frames, each sent until the server has it."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.support.live.provider import SLOT_MS, echo_audio

if TYPE_CHECKING:
    from tests.support.web_client import Person

WINDOW = 50
COME_AGAIN_S = 0.2


class Speaker:
    """Speaks the double's audio. `running` is the life of the connection, from `come` to the session's end."""

    def __init__(self, person: Person, title: str) -> None:
        self.person, self.hellos, self.finals = person, 0, 0
        self.said, self.safe, self.next = 0, 0, 0
        self.session, self._is_new = begin(person, title), True
        self._is_over = False
        self._news = asyncio.Condition()

    def come(self) -> None:
        """Connect, and again whenever the connection breaks."""
        self.running = asyncio.create_task(self._live())

    async def speak(self, frames: int, *, frame_s: float = SLOT_MS / 1000) -> None:
        """Say so many frames, one each `frame_s`."""
        loop = asyncio.get_running_loop()
        began, first = loop.time(), self.said
        while self.said < first + frames:
            await asyncio.sleep(began + (self.said - first) * frame_s - loop.time())
            self.said += 1
            await self._tell_news()

    async def stop(self) -> None:
        """End the session once the server has every frame, and wait for the last word."""
        self._is_over = True
        await self._tell_news()
        await self.running

    async def until(self, condition: Any) -> None:
        """Wait until what was heard fulfils a condition."""
        async with self._news:
            await self._news.wait_for(condition)

    async def _live(self) -> None:
        headers = {**self.person.headers, "Origin": self.person.url}
        async with aiohttp.ClientSession(self.person.url, headers=headers) as client:
            while True:
                with suppress(aiohttp.ClientError, ConnectionError):
                    # The first time as if someone pressed Start, then as the page that recorded last
                    query = "page=a1&take=1" if self._is_new else "page=a1"
                    async with client.ws_connect(f"/ws/live/{self.session}/?{query}") as socket:
                        if await self._talk(socket):
                            return
                await asyncio.sleep(COME_AGAIN_S)

    async def _talk(self, socket: aiohttp.ClientWebSocketResponse) -> bool:
        """One connection; True where it brought the session's end."""
        sending: asyncio.Task[None] | None = None
        try:
            async for message in socket:
                heard = json.loads(message.data)
                if await self._hear(heard) == "finished":
                    return True
                sending = sending or asyncio.create_task(self._send(socket))
        finally:
            if sending:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
        return socket.close_code == 4404

    async def _hear(self, heard: dict[str, Any]) -> str:
        kind: str = heard["type"]
        self.hellos += kind == "hello"
        self._is_new = self._is_new and kind != "hello"
        self.finals += kind == "edit"
        if "next" in heard:
            self.safe = heard["next"]
            self.next = self.safe if kind != "ack" else max(self.next, self.safe)
        await self._tell_news()
        return kind

    async def _send(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            await self.until(lambda: self.next < min(self.said, self.safe + WINDOW) or self._is_all_safe)
            if self._is_all_safe:
                await socket.send_str('{"type":"stop"}')
                return
            number, self.next = self.next, self.next + 1
            sound = echo_audio(number * SLOT_MS, (number + 1) * SLOT_MS)
            await socket.send_bytes(number.to_bytes(4) + sound)

    @property
    def _is_all_safe(self) -> bool:
        return self._is_over and self.safe >= self.said

    async def _tell_news(self) -> None:
        async with self._news:
            self._news.notify_all()


def begin(person: Person, title: str) -> str:
    """Begin a session; returns its id."""
    form = {"title": title, "csrfmiddlewaretoken": person.token}
    answer = person.session.post(f"{person.url}/live/", data=form, timeout=30, allow_redirects=False)
    assert answer.status_code == 302, "The session was refused."
    return answer.headers["Location"].rstrip("/").rpartition("/")[2]


def finish(person: Person, session: str) -> None:
    """End a session from another page."""
    url = f"{person.url}/live/{session}/finish/"
    person.session.post(url, data={"csrfmiddlewaretoken": person.token}, timeout=30).raise_for_status()
