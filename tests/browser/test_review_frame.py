"""The frame of the transcript page: header, player and panels, at every width."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import PHONE, WIDE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Route, ViewportSize

    from tests.browser.site import Site

    Browse = Callable[..., Page]

NARROW: ViewportSize = {"width": 900, "height": 700}
SIZES = {"wide": WIDE, "narrow": NARROW, "phone": PHONE}
LAST = re.compile(r'<section data-panel="speakers"[^>]*>\s*</section>')
PANELS = """
<section data-panel="notes" data-label="Notes"><h2>Nine notes</h2></section>
"""


@pytest.fixture
def transcript(stage: Site) -> str:
    """The path of a transcript with audio: two speakers, one doubtful word."""
    recording = stage.do("recording", title="Interview: Dr Hale on river dams")
    return f"/transcripts/{stage.do('transcript', recording=recording, sound=True)}/"


def with_panels(route: Route) -> None:
    """Give the page one more panel."""
    answer = route.fetch()
    route.fulfill(response=answer, body=LAST.sub(lambda found: found[0] + PANELS, answer.text()))


def opened(browse: Browse, path: str, **options: object) -> Page:
    page = browse("/", **options)
    page.route(f"**{path}", with_panels)
    page.goto(path)
    return page


def test_tabs_are_moved_through_with_arrow_keys(browse: Browse, transcript: str) -> None:
    page = opened(browse, transcript)
    page.get_by_role("tab", name="Speakers").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Notes")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Notes")).to_be_visible()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tabpanel", name="Review")).to_be_visible()
    expect(page.get_by_role("tabpanel", name="Notes")).to_be_hidden()


def test_two_keys_lead_to_a_panel(browse: Browse, transcript: str) -> None:
    page = opened(browse, transcript)
    expect(page.get_by_role("tab", name="History")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_role("tab", name="History")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="History")).to_be_visible()


@pytest.mark.parametrize("size", ["narrow", "phone"])
def test_the_drawer_keeps_the_focus_and_returns_it(browse: Browse, transcript: str, size: str) -> None:
    page = opened(browse, transcript, viewport=SIZES[size])
    button = page.get_by_role("button", name="Open the panel")
    button.press("Enter")
    expect(page.get_by_role("tab", name="Review")).to_be_focused()
    assert page.locator("[data-behind-side]").evaluate_all("all => all.map(one => one.inert)") == [True, True, True]
    page.keyboard.press("Escape")
    expect(page.locator("[data-side]")).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_never_wider_than_its_window(
    browse: Browse, transcript: str, size: str, scheme: str, pictures: Path | None
) -> None:
    page = opened(browse, transcript, viewport=SIZES[size], color_scheme=scheme)
    expect(page.locator("[data-text][data-painted]")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe.violations(page) == []
    if pictures:
        page.screenshot(path=pictures / f"review-{size}-{scheme}.png")
    if size != "wide":
        page.get_by_role("button", name="Open the panel").click()
        assert axe.violations(page) == []
        if pictures:
            page.screenshot(path=pictures / f"review-panel-{size}-{scheme}.png")


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_playback_settings_are_in_view(browse: Browse, transcript: str, size: str, pictures: Path | None) -> None:
    page = browse(transcript, viewport=SIZES[size])
    page.locator("summary", has_text="Playback settings").click()
    expect(page.get_by_role("button", name="Foot pedal")).to_be_in_viewport()
    assert axe.violations(page) == []
    if pictures:
        page.screenshot(path=pictures / f"review-settings-{size}.png")


def test_every_target_on_a_phone_is_large_enough(browse: Browse, transcript: str) -> None:
    page = browse(transcript, viewport=PHONE)
    small = page.locator(".deck :is(button, select, summary):visible, .head .line1 :is(a, button, summary):visible")
    boxes = small.evaluate_all("all => all.map(one => [one.className, one.offsetWidth, one.offsetHeight])")
    assert [box for box in boxes if min(box[1:]) < 44] == []


def test_a_tab_without_conflicts_is_hidden_and_a_chosen_one_is_in_view(browse: Browse, transcript: str) -> None:
    page = browse(transcript, viewport=SIZES["phone"])
    page.get_by_role("button", name="Open the panel").click()
    history = page.get_by_role("tab", name="History")
    expect(history).to_be_visible()
    expect(page.get_by_role("tab", name="Conflicts")).to_be_hidden()
    page.get_by_role("tab", name="Review").focus()
    page.keyboard.press("End")
    last = page.locator("[data-side] [role=tab]").last
    expect(last).to_be_focused()
    expect(last).to_be_in_viewport(ratio=1)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Review")).to_be_in_viewport(ratio=1)
