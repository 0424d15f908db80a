"""Chromium as tests start it, its microphone that plays a file, and what its pages send of it."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.instance import Instance

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


def listening_browser(chromium: Browser, sound: str) -> Browser:
    """A browser of its own: the microphone, which plays the file `sound`, belongs to the whole program."""
    listening = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    listening += [f"--use-file-for-fake-audio-capture={sound}"]
    return chromium.browser_type.launch(executable_path=CHROMIUM, args=[*QUIET, *listening])


def signed_in(browser: Browser, instance: Instance) -> Page:
    """A page of the administrator's library."""
    page = browser.new_context(base_url=instance.url, permissions=["microphone"]).new_page()
    page.goto("/")
    page.get_by_label("Email").fill("ana@example.org")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    return page


def at_least(seconds: int) -> str:
    """Return a pattern for a clock that shows so many seconds or more: a busy machine may skip the exact one."""
    return rf"(0:({'|'.join(f'{later:02}' for later in range(seconds, 60))})|[1-9]\d*:\d\d)"


def wait_until_saved(page: Page, seconds: int) -> None:
    """Wait until the page says that so many seconds or more are saved."""
    expect(page.get_by_text(re.compile(f"Saved up to {at_least(seconds)}"))).to_be_visible(timeout=60_000)


class Sent:
    """The sound that a page sends, frame by frame; a frame that is sent again is the same."""

    def __init__(self, page: Page) -> None:
        self.frames: dict[int, bytes] = {}
        page.on("websocket", lambda socket: socket.on("framesent", self.note))

    def note(self, packet: str | bytes) -> None:
        """Note one frame by its number."""
        if isinstance(packet, bytes):
            self.frames[int.from_bytes(packet[:4])] = packet[4:]

    @property
    def sound(self) -> bytes:
        """All of it, in order."""
        return b"".join(self.frames[number] for number in sorted(self.frames))
