"""Somebody signed in to a running instance over HTTP, as a browser does it."""

from __future__ import annotations

import asyncio
import base64
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import aiohttp
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

if TYPE_CHECKING:
    from pathlib import Path

# Events are hints: whoever hears none for so long looks by himself
SILENCE_S = 10
# The state of a row in the library while something is being made of its recording.
UNDER_WAY = re.compile(r'data-state="(waiting|working)"')
# A web process that was killed is there again within these tries
PATIENCE = Retry(connect=8, read=0, backoff_factor=0.1)


class Person:
    """Asks for pages with the cookies of a session."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self.url, self.session = url, requests.Session()
        self.session.mount("http://", HTTPAdapter(max_retries=PATIENCE))
        self.get("/accounts/login/")
        form = {"login": email, "password": password, "csrfmiddlewaretoken": self.token}
        answer = self.session.post(f"{url}/accounts/login/", data=form, timeout=30, allow_redirects=False)
        assert answer.status_code == 302, "The sign-in was refused."

    @property
    def token(self) -> str:
        """What proves that a request comes from one of our own pages."""
        return self.session.cookies["csrftoken"]

    @property
    def headers(self) -> dict[str, str]:
        """What another client has to send to act in this person's name."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.session.cookies.items())
        return {"Cookie": cookies, "X-CSRFToken": self.token}

    def get(self, path: str, **options: Any) -> requests.Response:
        """A page or file; anything but success fails the test."""
        answer = self.session.get(self.url + path, timeout=30, **options)
        answer.raise_for_status()
        return answer

    def announce(self, file: Path, name: str) -> requests.Response:
        """Begin an upload, and return what is answered to that."""
        filename = base64.b64encode(name.encode()).decode()
        announced = {"Upload-Length": str(file.stat().st_size), "Upload-Metadata": f"filename {filename}"}
        return self.session.post(f"{self.url}/uploads/", headers=self._tus | announced, timeout=30)

    @property
    def _tus(self) -> dict[str, str]:
        return {"X-CSRFToken": self.token, "Tus-Resumable": "1.0.0"}

    def upload(self, file: Path, name: str = "") -> str:
        """Bring a file of at most 8 MiB in under a name; returns the recording's id."""
        answer = self.announce(file, name or file.name)
        if "Upload-Recording" not in answer.headers:
            part = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
            where = answer.headers["Location"]
            answer = self.session.patch(where, data=file.read_bytes(), headers=self._tus | part, timeout=30)
        return answer.headers["Upload-Recording"]

    def wait_for(self, recordings: set[str]) -> None:
        """Wait until nothing more is being made of any of these, following the events as a page does."""
        asyncio.run(self._follow(set(recordings)))

    async def _follow(self, waiting: set[str]) -> None:
        headers = {**self.headers, "Origin": self.url}
        async with aiohttp.ClientSession(self.url, headers=headers) as client:
            while waiting:
                with suppress(TimeoutError):
                    async with client.ws_connect("/ws/events/") as socket, asyncio.timeout(SILENCE_S):
                        await self._listen(client, socket, waiting)

    async def _listen(
        self, client: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse, waiting: set[str]
    ) -> None:
        """Take out of `waiting` what has ended, whenever an event gives reason to look."""
        async for message in socket:
            event = message.json()
            named = waiting if event["event"] == "ready" else waiting & {event.get("recording")}
            for recording in sorted(named):
                async with client.get(f"/recordings/{recording}/row/") as answer:
                    row = await answer.text()
                if not UNDER_WAY.search(row):
                    waiting.discard(recording)
            if not waiting:
                return
