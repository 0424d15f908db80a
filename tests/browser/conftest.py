"""A real Chromium before a real web process.

Both live as long as this folder's tests: Playwright's event loop would disturb the asynchronous tests of others.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser.chromium import CHROMIUM, QUIET, listening_browser
from tests.browser.site import Site
from tests.environment import ROOT
from tests.support.audio import write_tone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WIDE: ViewportSize = {"width": 1360, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 800}
# Long enough for a busy machine; only what fails waits so long
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder."""
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "browser"):
            item.add_marker(pytest.mark.browser)


def _missing() -> str:
    """Why there can be no browser test here, empty where there can."""
    if not CHROMIUM:
        return "There is no Chromium: install Debian's package chromium."
    if not (ROOT / "static" / "build" / "app.js").exists():
        return "The front end is not built: run npm ci and npm run build."
    return ""


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The web process, empty."""
    if _missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(_missing())
    made = Site(tmp_path_factory.mktemp("site"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="package")
def chromium(site: Site) -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def microphone_browser(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Another browser, whose microphone plays a tone over and over: the microphone belongs to the whole program."""
    tone = write_tone(tmp_path_factory.mktemp("microphone") / "tone.wav", seconds=3, hertz=300)
    browser = listening_browser(chromium, str(tone))
    yield browser
    browser.close()


@pytest.fixture
def stage(site: Site) -> Site:
    """The site with its cast and nothing else."""
    site.do("clear")
    site.do("cast")
    return site


@pytest.fixture
def browse(chromium: Browser, stage: Site) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody. Complaints of the browser, such as a broken security policy, fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(path: str = "/", who: str | None = "alice", **options: Any) -> Page:
        context = chromium.new_context(base_url=stage.url, **{"viewport": WIDE, "timezone_id": "UTC", **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        if who:
            sign_in(context, stage, who)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.extend([message.text] * (message.type == "error")))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    # What the network says of refused or broken requests is what some tests are about.
    assert [text for text in complaints if "Failed to load resource" not in text and "WebSocket" not in text] == []


def sign_in(context: BrowserContext, site: Site, who: str) -> None:
    """Give a browser the cookie of somebody of the cast."""
    context.add_cookies([{"name": "sessionid", "value": site.do("session", who=who), "url": site.url}])
