"""The console in the product's look: its pages are whole, and everyone can use them. `--screenshots` keeps pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import axe
from tests.browser.conftest import PATIENCE_MS, PHONE, WIDE, sign_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.site import Site

LOOKS: dict[str, Any] = {
    "wide-light": {"viewport": WIDE, "color_scheme": "light"},
    "wide-dark": {"viewport": WIDE, "color_scheme": "dark"},
    "phone-light": {"viewport": PHONE, "color_scheme": "light"},
}
PAGES = {
    "overview": "/admin/",
    "routing": "/admin/routing/",
    "tables": "/admin/tables/",
    "list": "/admin/transcripts/processingjob/",
    "detail": "/admin/transcripts/processingjob/{job}/change/",
    "form": "/admin/transcripts/provideraccount/add/",
    "team": "/admin/accounts/team/{team}/change/",
    "deletion": "/admin/accounts/team/{team}/delete/",
}
STICKS_OUT = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"


@pytest.fixture(scope="module")
def pictures(request: pytest.FixtureRequest) -> Path | None:
    folder: Path | None = request.config.getoption("--screenshots")
    return folder


@pytest.fixture
def opened(chromium: Browser, stage: Site) -> Iterator[Callable[[str], Page]]:
    """Open a page as Olena. What the browser says of Django's own scripts is no matter of ours."""
    contexts: list[BrowserContext] = []

    def page(look: str) -> Page:
        context = chromium.new_context(base_url=stage.url, timezone_id="UTC", **LOOKS[look])
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        sign_in(context, stage, "olena")
        return context.new_page()

    yield page
    for context in contexts:
        context.close()


@pytest.fixture
def busy(stage: Site) -> dict[str, object]:
    """An instance with a day behind it, and a few things that fail."""
    stage.do("reset_operations")
    stage.do("operator")
    stage.do("account", upload_limit=5, live_limit=4)
    stage.do("busy_day")
    stage.do("failing_step", title="Budget hearing, part 4", kind="submit", error="The provider has an internal error")
    stage.do("failing_step", title="council-cam-2.mp4", kind="prepare", error="", kills=2)
    job = stage.do("failed_job", title="Voicemail 0902", code="authentication_failed")
    stage.do("failed_mail")
    stage.do("cool", seconds=900)
    stage.do("routes")
    return {"job": job, "team": stage.do("team_id")}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_console_is_whole_and_everyone_can_use_it(
    name: str, look: str, opened: Callable[[str], Page], busy: dict[str, object], pictures: Path | None
) -> None:
    page = opened(look)
    page.goto(PAGES[name].format(**busy))
    page.evaluate("document.fonts.ready")
    if pictures:
        page.screenshot(path=pictures / f"console-{name}-{look}.png", full_page=True)
    assert axe.violations(page) == []
    assert not page.evaluate(STICKS_OUT)
