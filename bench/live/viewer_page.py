"""A viewer of a live session in Chromium, and how smoothly the page runs."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Self

from playwright.async_api import async_playwright

if TYPE_CHECKING:
    from tests.support.instance import Instance
    from tests.support.web_client import Person

QUIET = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"]
EMAIL, PASSWORD = "vera@example.org", "correct horse battery"
JOIN = f"""
from accounts.models import Membership, Team, User
vera = User.objects.create_user({EMAIL!r}, {PASSWORD!r})
Membership.objects.create(team=Team.objects.earliest("pk"), user=vera, role="viewer")
"""
# Tasks of 50 ms and more are what browsers call long (https://w3c.github.io/longtasks/).
OBSERVE = """
window.longTasks = [];
new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((task) => Math.round(task.duration))))
  .observe({ type: "longtask" });
"""
SAID = "() => [...document.querySelectorAll('.seg > .said')].map((line) => line.textContent)"


def join(instance: Instance) -> None:
    """Add a viewer to the administrator's team."""
    process = instance.manage("shell", "-c", JOIN)
    _, errors = process.communicate()
    assert process.returncode == 0, errors


class ViewerPage:
    """`async with ViewerPage(person, session) as viewer:` - opens the page and records its long tasks."""

    def __init__(self, person: Person, session: str) -> None:
        self._person, self._path = person, f"/live/{session}/"

    async def __aenter__(self) -> Self:
        self._playwright = await async_playwright().start()
        browser = await self._playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        context = await browser.new_context(viewport={"width": 1360, "height": 860})
        cookie = self._person.session.cookies["sessionid"]
        await context.add_cookies([{"name": "sessionid", "value": cookie, "url": self._person.url}])
        self._page = await context.new_page()
        await self._page.goto(self._person.url + self._path)
        await self._page.get_by_text("Watching", exact=True).wait_for()
        # After the session the page would continue to its transcript
        await self._page.route(f"**{self._path}", lambda route: route.fulfill(status=204))
        await self._page.evaluate(OBSERVE)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._playwright.stop()

    async def text(self, lines: int) -> list[str]:
        """Return the text of the page once it has this many segments."""
        await self._page.wait_for_function(f"() => document.querySelectorAll('.seg > .said').length >= {lines}")
        said: list[str] = await self._page.evaluate(SAID)
        return said

    async def figures(self) -> dict[str, Any]:
        """Return the number of long tasks, the longest in ms, and the page's memory in MiB."""
        tasks: list[int] = await self._page.evaluate("() => longTasks")
        heap = await self._page.evaluate("() => Math.round(performance.memory.usedJSHeapSize / 1048576)")
        return {"page_long_tasks": len(tasks), "page_longest_ms": max(tasks, default=0), "page_heap_mib": heap}
