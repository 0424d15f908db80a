"""The history beside the text: what was changed, compared in the place of the text, and restored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]


@pytest.fixture
def transcript(stage: Site) -> str:
    """The id of a transcript in which Alice changed two words of the first segment."""
    made: str = stage.do("transcript", recording=stage.do("recording"))
    stage.do("correct", transcript=made, position=0, text="Good evening everyone and farewell.")
    return made


def open_history(page: Page) -> None:
    # The keys are bound once the panel is there
    expect(page.get_by_role("tab", name="History")).to_be_visible()
    expect(page.locator("[data-text][data-painted]")).to_be_attached()
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_role("tab", name="History")).to_have_attribute("aria-selected", "true")


def test_changes_are_compared_by_word_and_walked_through_by_keys(browse: Browse, transcript: str) -> None:
    page = browse(f"/transcripts/{transcript}/")
    open_history(page)
    panel = page.get_by_role("tabpanel", name="History")
    expect(panel.get_by_role("heading", name="Today")).to_be_visible()
    entry = panel.get_by_role("listitem").filter(has_text="Edited 1 segment")
    entry.get_by_role("button", name="Show changes").press("Enter")
    compared = page.get_by_role("region", name="Comparison")
    expect(compared.get_by_role("heading")).to_be_focused()
    expect(compared.get_by_role("status")).to_have_text("2 changes")
    expect(compared.locator(".body del")).to_have_text([re.compile("morning"), re.compile(r"welcome\.")])
    expect(compared.locator(".body ins")).to_have_text([re.compile("evening"), re.compile(r"farewell\.")])
    expect(page.locator("[data-text]")).to_be_hidden()
    page.keyboard.press("j")
    expect(compared.locator("[aria-current]")).to_have_text(re.compile("morning"))
    expect(compared.locator("[aria-current]")).to_be_focused()
    page.keyboard.press("k")
    expect(compared.locator("[aria-current]")).to_have_text(re.compile("welcome"))
    page.keyboard.press("Escape")
    expect(page.locator("[data-text]")).to_be_visible()
    expect(entry.get_by_role("button", name="Show changes")).to_be_focused()


def test_what_someone_changes_is_listed_while_the_panel_is_open(stage: Site, browse: Browse, transcript: str) -> None:
    page = browse(f"/transcripts/{transcript}/", who="erin")
    open_history(page)
    entries = page.get_by_role("tabpanel", name="History").get_by_role("listitem").filter(has_text="Edited 1 segment")
    expect(entries).to_have_count(1)
    page.locator(".seg .said").first.click()
    page.keyboard.type("Now ")
    expect(page.locator("[data-save-state]")).to_have_text("Saved")
    expect(entries).to_have_count(2)


def test_an_earlier_version_is_restored_once_it_is_confirmed(browse: Browse, transcript: str) -> None:
    page = browse(f"/transcripts/{transcript}/")
    open_history(page)
    panel = page.get_by_role("tabpanel", name="History")
    first = panel.get_by_role("listitem").filter(has_text="First transcription")
    first.get_by_role("button", name="Restore this version").click()
    dialog = page.get_by_role("dialog", name="Restore this version?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Good evening everyone and farewell.")).to_be_visible()
    first.get_by_role("button", name="Restore this version").click()
    dialog.get_by_role("button", name="Restore", exact=True).click()
    expect(page.get_by_text("Good morning everyone and welcome.")).to_be_visible()
    page.reload()
    open_history(page)
    expect(panel.get_by_text("Restored the whole transcript")).to_be_visible()


def test_a_version_is_named_and_listed(browse: Browse, transcript: str) -> None:
    page = browse(f"/transcripts/{transcript}/")
    open_history(page)
    panel = page.get_by_role("tabpanel", name="History")
    panel.get_by_label("Name of this version").fill("For the editor")
    panel.get_by_label("Name of this version").press("Enter")
    expect(panel.get_by_role("status")).to_have_text("Saved as “For the editor”.")
    expect(panel.get_by_role("listitem").first).to_contain_text("For the editor")
