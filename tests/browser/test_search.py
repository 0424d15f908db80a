"""The search in a browser: from the library, while typing, with keys, and each moment plays where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import PHONE, WIDE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, ViewportSize

    from tests.browser.site import Site

    Browse = Callable[..., Page]

LINES = [
    ["Dr Miriam Hale", "Steel is easy. The silt behind them is sixty years of everything we did upstream"],
    ["Tomas Berg", "Who pays to move that much silt?"],
    ["Dr Miriam Hale", "Since the war the silt has risen four metres behind it"],
    ["Tomas Berg", "The silting of the lower basin is not in this budget"],
    ["Chair", "Line forty: dredging and silt removal, eleven million"],
]


@pytest.fixture
def archive(stage: Site) -> str:
    """Two recordings about silt; return the transcript of the older, which can be played."""
    recording = stage.do("recording", title="Interview: Dr Hale on river dams")
    found: str = stage.do("transcript", recording=recording, lines=LINES, sound=True)
    later = stage.do("recording", title="The silt report, read aloud")
    stage.do("transcript", recording=later, lines=[["Speaker 1", "This is the silt survey of the reservoir"]])
    stage.do("comment", transcript=found, words="budget", body="Ask whether the silt closed the fish stalls")
    return found


def test_the_library_leads_to_results_that_follow_the_typing(archive: str, browse: Browse) -> None:
    page = browse()
    page.keyboard.press("/")
    page.keyboard.type("silt")
    page.keyboard.press("Enter")
    expect(page.locator(".found > li")).to_have_count(2)
    expect(page.get_by_role("searchbox")).to_have_value("silt")
    page.get_by_role("searchbox").fill("dredging")
    expect(page.locator(".found > li")).to_have_count(1)
    page.wait_for_url("**q=dredging**")
    page.reload()
    expect(page.locator(".found mark")).to_have_text("dredging")


def test_a_filter_stays_while_the_words_change(archive: str, browse: Browse) -> None:
    page = browse("/search/?q=silt")
    page.locator(".search-filters summary").click()
    page.get_by_label("Speaker", exact=True).fill("berg")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".found > li")).to_have_count(1)
    page.get_by_role("searchbox").fill("steel")
    expect(page.get_by_role("heading", name="No recordings match")).to_be_visible()
    page.get_by_role("link", name="Search the whole library").click()
    expect(page.locator(".found > li")).to_have_count(1)


def test_more_of_a_recording_comes_into_its_place(archive: str, browse: Browse) -> None:
    page = browse("/search/?q=silt")
    page.get_by_role("link", name="more in this recording").click()
    expect(page.locator("[data-moment]")).to_have_count(7)
    expect(page.get_by_role("link", name="more in this recording")).to_have_count(0)
    expect(page.get_by_text("Comment, Erin East")).to_be_visible()


def test_a_press_plays_the_moment_and_again_pauses_it(archive: str, browse: Browse) -> None:
    page = browse("/search/?q=berg+silt")
    page.goto("/search/?q=%22Who+pays%22")
    page.get_by_role("button", name="Play from").click()
    player = page.get_by_role("region", name="Player")
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    expect(player.get_by_role("link")).to_have_text("Interview: Dr Hale on river dams")
    assert page.locator("#search-player audio").evaluate("audio => audio.currentTime") >= 5
    page.get_by_role("button", name="Play from").click()
    expect(player.get_by_role("button", name="Play", exact=True)).to_be_visible()
    player.get_by_role("button", name="Close").click()
    expect(player).to_be_hidden()
    expect(page.get_by_role("button", name="Play from")).to_be_focused()


def test_keys_go_from_moment_to_moment_play_and_open(archive: str, browse: Browse) -> None:
    page = browse("/search/?q=silt")
    page.locator("html[data-events=on]").wait_for(state="attached")
    page.get_by_role("searchbox").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    second = page.locator("[data-moment] .q").nth(2)
    expect(second).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-moment] .q").nth(1)).to_be_focused()
    page.keyboard.press("p")
    expect(page.locator("[data-moment].on")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/transcripts/{archive}/#t=0:06")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_everyone_can_use_the_page(archive: str, browse: Browse, scheme: str, size: str, pictures: Path | None) -> None:
    # So high that the player covers no result: a half-covered button counts as too small
    viewport: ViewportSize = WIDE if size == "wide" else {**PHONE, "height": 1_600}
    for name, address in (("found", "?q=silt"), ("nothing", "?q=tallvague&state=mine"), ("start", "")):
        page = browse(f"/search/{address}", color_scheme=scheme, viewport=viewport, reduced_motion="reduce")
        if name == "found":
            page.locator("html[data-events=on]").wait_for(state="attached")
            page.get_by_role("button", name="Play from").first.click()
            page.locator("[data-moment].on").wait_for()
        if pictures:
            page.screenshot(path=pictures / f"search-{name}-{size}-{scheme}.png")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
