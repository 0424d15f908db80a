"""The panel "Subtitles" by keyboard: from fault to fault, extended, split, accepted; borders that aren't text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import PHONE, WIDE
from tests.browser.editing.test_main_ways import wait_until_saved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

FAST = "My readers reconsidered almost everything."
LINES = [
    [
        "Dr Miriam Hale",
        "It was never designed. We had two hundred years of river data, and then the river stopped for us all.",
    ],
    ["Tomas Berg", FAST],
    ["Dr Miriam Hale", "You said in the car that it was."],
    ["Tomas Berg", "Extraordinarily overrepresented municipalities."],
    ["Dr Miriam Hale", "We go on."],
]


@pytest.fixture
def transcript(stage: Site) -> str:
    """The path of a transcript with two subtitles that are too fast by the BBC's profile."""
    recording = stage.do("recording", title="Interview: Dr Hale on river dams", duration_ms=60_000)
    return f"/transcripts/{stage.do('transcript', recording=recording, lines=LINES, sound=True)}/"


def opened(browse: Browse, path: str, **options: object) -> tuple[Page, Locator]:
    page = browse(path, **options)
    page.locator("[data-text][data-painted]").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("t")
    panel = page.get_by_role("tabpanel", name="Subtitles")
    panel.get_by_label("Profile").select_option("bbc")
    expect(panel.get_by_role("status")).to_have_text("")
    expect(panel.get_by_role("heading").first).to_have_text("2 faults in 6 subtitles")
    page.get_by_role("tab", name="Subtitles").focus()
    return page, panel


def test_a_fault_is_shown_with_its_arithmetic_and_extended_by_keys(browse: Browse, transcript: str) -> None:
    page, panel = opened(browse, transcript)
    page.keyboard.press("j")
    expect(panel.locator(".cue-screen")).to_have_text(FAST)
    expect(panel.locator(".cue-shown")).to_contain_text(
        "The limit is 17. Give it 0.5 s more, or shorten it by 7 characters."
    )
    page.keyboard.press("x")
    expect(panel.get_by_role("heading").first).to_have_text("1 fault in 6 subtitles")
    expect(panel.get_by_role("status")).to_have_text("")
    page.keyboard.press("j")
    expect(panel.locator(".cue-screen")).to_have_text("Extraordinarily overrepresented municipalities.")
    page.keyboard.press("x")
    expect(page.locator("[data-text-news]")).to_contain_text("before the next subtitle")


def test_an_extension_is_undone(browse: Browse, transcript: str) -> None:
    page, panel = opened(browse, transcript)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(panel.get_by_role("heading").first).to_have_text("1 fault in 6 subtitles")
    page.keyboard.press("z")
    expect(panel.get_by_role("heading").first).to_have_text("2 faults in 6 subtitles")


def test_a_fault_that_is_accepted_counts_no_more(browse: Browse, transcript: str) -> None:
    page, panel = opened(browse, transcript)
    page.keyboard.press("k")
    page.keyboard.press("a")
    expect(panel.get_by_role("heading").first).to_have_text("1 fault in 6 subtitles")
    expect(panel).to_contain_text("1 accepted as they are.")
    panel.get_by_role("button", name="Count it again").click()
    expect(panel.get_by_role("heading").first).to_have_text("2 faults in 6 subtitles")


def test_a_subtitle_is_split_at_sense(browse: Browse, transcript: str) -> None:
    page, panel = opened(browse, transcript)
    panel.get_by_role("table", name="Around this moment").get_by_role("button").nth(1).click()
    page.get_by_role("tab", name="Subtitles").focus()
    page.keyboard.press("t")
    wait_until_saved(page)
    expect(page.locator(".seg")).to_have_count(len(LINES) + 1)


def test_borders_are_shown_while_the_panel_is_and_are_never_copied(browse: Browse, transcript: str) -> None:
    page, _ = opened(browse, transcript)
    expect(page.locator(".cue-border")).to_have_count(1)
    page.locator(".seg .said").first.click()
    page.keyboard.press("Control+a")
    copied = page.evaluate("() => getSelection().toString()")
    assert "‖" not in copied
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Review").click()
    expect(page.locator(".cue-border")).to_have_count(0)


def test_what_is_typed_is_cut_anew(browse: Browse, transcript: str) -> None:
    page, panel = opened(browse, transcript)
    page.locator(".seg .said").last.click()
    page.keyboard.press("End")
    page.keyboard.type(" Until the end of the whole river, and a little further than that.")
    expect(panel.locator(".cue-screen")).to_contain_text("that.")
    expect(panel.get_by_role("heading").first).not_to_have_text("2 faults in 6 subtitles")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing(
    browse: Browse, transcript: str, pictures: Path | None, scheme: str, size: dict[str, int]
) -> None:
    page, panel = opened(browse, transcript, color_scheme=scheme, viewport=size)
    page.keyboard.press("j")
    expect(panel.locator(".cue-screen")).to_have_text(FAST)
    assert axe.violations(page) == []
    if pictures:
        page.screenshot(path=pictures / f"subtitles-{scheme}-{size['width']}.png")
