"""A drill from the first page of the console: begun, seen by everyone who operates, and ended with one press."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import PHONE, WIDE
from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.site import Site

STICKS_OUT = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[SpeechProcess]:
    """An engine on this machine, with the key that the site has."""
    keys = (site.do("provider_key"),)
    with SpeechProcess(tmp_path_factory.mktemp("engine"), script={}, keys=keys, has_drills=True) as process:
        yield process


@pytest.fixture
def instance(stage: Site, engine: SpeechProcess) -> Iterator[Site]:
    """An instance that works, with the engine of this machine as its provider."""
    engine.end_drill()
    stage.do("reset_operations")
    stage.do("operator")
    stage.do("account", endpoint=engine.url, is_healthy=True)
    stage.do("conductor")
    stage.do("worker")
    yield stage
    engine.end_drill()
    stage.do("no_workers")
    stage.do("reset_operations")


def test_a_drill_is_begun_from_the_first_page_seen_and_ended(
    instance: Site, engine: SpeechProcess, browse: Callable[..., Page]
) -> None:
    page = browse("/admin/", "olena")
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything works")
    page.get_by_role("link", name="Drill").first.click()
    page.get_by_label("Outage").check()
    page.get_by_label("5 minutes", exact=True).check()
    page.locator("summary", has_text="Begin drill").click()
    page.get_by_role("button", name="Begin now").click()
    expect(page.locator(".messagelist")).to_contain_text("A drill began: outage, for 5 minutes.")
    # Someone else who operates sees it, who began it, and can end it
    other = browse("/admin/", "olena")
    line = other.locator(".drill-line")
    expect(line).to_contain_text("A drill makes the engine answer 503 until")
    expect(line).to_contain_text("begun by Olena Marchuk")
    expect(other.get_by_role("heading", level=1)).to_have_text("A drill is running")
    line.get_by_role("button", name="End it now").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Everything works")
    expect(other.locator(".drill-line")).to_have_count(0)
    # The page of drills notices by itself
    expect(page.locator(".drill-line")).to_have_count(0)
    expect(page.locator("#drill")).to_contain_text("Everything works")


def test_a_drill_that_ends_by_itself_leaves_the_first_page_without_a_press(
    instance: Site, engine: SpeechProcess, browse: Callable[..., Page]
) -> None:
    engine.drill("slow", seconds=10)
    page = browse("/admin/", "olena")
    expect(page.locator(".drill-line")).to_contain_text("makes the engine answer 5 s late")
    expect(page.locator(".drill-line")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything works")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_pages_of_a_drill_are_whole_and_everyone_can_use_them(
    size: str,
    scheme: str,
    instance: Site,
    engine: SpeechProcess,
    browse: Callable[..., Page],
    pictures: Path | None,
) -> None:
    engine.drill("outage", seconds=600)
    for name, path in (("drill", "/admin/drill/"), ("overview", "/admin/")):
        page = browse(path, "olena", viewport=WIDE if size == "wide" else PHONE, color_scheme=scheme)
        expect(page.locator(".drill-line")).to_be_visible()
        page.evaluate("document.fonts.ready")
        if pictures:
            page.screenshot(path=pictures / f"console-{name}-drilled-{size}-{scheme}.png", full_page=True)
        assert axe.violations(page) == []
        assert not page.evaluate(STICKS_OUT)
