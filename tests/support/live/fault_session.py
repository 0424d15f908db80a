"""One live session in a page, to which a fault happens: speaking, coming back, stopping, and what it measured."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from typing import TYPE_CHECKING

from playwright.async_api import TimeoutError as PlaywrightTimeout

from tests.support.live.faulty_provider import base_of

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

    from tests.support.proxies import CuttableProxy

# How long the network is away from the moment at which the page asks for the end
STOPPED_S = 2.0
# How long a session continues after its fault
AFTER_S = 5.0


class Session:
    """One session, its page and the proxy between page and server."""

    def __init__(self, index: int, kind: str, name: str, proxy: CuttableProxy) -> None:
        self.index, self.kind, self.name, self.proxy = index, kind, name, proxy
        self.unspooled, self.said = 0, 0
        self.returned_at = 0.0
        self.back_ms: int | None = None
        self.stuck = ""
        self.page: Page

    async def open(self, context: BrowserContext, *, again: bool) -> None:
        """Begin to speak, or go on."""
        self.page = await context.new_page()
        await self.page.goto(f"http://localhost:{self.proxy.port}/bench-faults")
        await self.speak(again=again)

    async def speak(self, *, again: bool) -> None:
        """Let the page speak."""
        asked = {"session": self.name, "base": base_of(self.index), "again": again}
        self.returned_at = time.time()
        await self.page.evaluate("asked => speak(asked)", asked)

    async def resume(self) -> None:
        """Go on in a new page; whatever was said and lies nowhere is lost."""
        await self.speak(again=True)
        try:
            await self.page.wait_for_function("() => how === 'connected'")
        except PlaywrightTimeout:
            self.stuck = f"not connected, {await self.page.evaluate('() => how')}"
            return
        # The page counts on from what it found; what it says since is new.
        elapsed = round((time.time() - self.returned_at) * 10)
        self.unspooled = max(0, self.said - (await self.page.evaluate("() => saidSoFar()")) + elapsed - 3)

    async def back(self) -> None:
        """Measure from the part's return to the next word, then speak on."""
        if self.stuck:
            return
        since = self.returned_at * 1000
        try:
            await self.page.wait_for_function("since => heard.some((at) => at >= since)", arg=since, timeout=60_000)
        except PlaywrightTimeout:
            self.stuck = f"no words, {await self.page.evaluate('() => how')}"
            return
        await asyncio.sleep(AFTER_S)
        # From the return to the first word, or, where words were still under way then, the longest pause after it.
        heard = [since, *await self.page.evaluate("since => heard.filter((at) => at >= since)", since)]
        self.back_ms = round(max(later - at for at, later in pairwise(heard)))

    async def stop(self) -> None:
        """Stop and wait for the end."""
        self.said = await self.page.evaluate("() => stopSpeaking()")
        if self.kind == "silent-stop":
            self.proxy.cut("silent")
            await asyncio.sleep(STOPPED_S)
            self.proxy.restore()
        try:
            await self.page.wait_for_function("() => window.finished || how === 'over'", timeout=60_000)
        except PlaywrightTimeout:
            self.stuck = f"no end, {await self.page.evaluate('() => how')}"
        finally:
            await self.page.close()
