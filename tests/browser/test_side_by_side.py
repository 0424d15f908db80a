"""A transcript beside another provider's text: asked for, gone through by keys, played, taken over, used as a whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

WITHOUT_THEIRS = """all => all.map((one) => {
  const own = one.cloneNode(true);
  own.querySelectorAll(".theirs, .unseen").forEach((other) => other.remove());
  return own.textContent.trim();
})"""
PLAYED = "() => { const at = document.querySelector('audio').currentTime; return at >= .4 && at < 1.2 }"
LINES = [["Anna", "the damn was never build for that"], ["Ben", "and so on and on"]]
CHANGES = {"damn": "dam", "never build": "built", "and on": "and one"}


@pytest.fixture
def text(stage: Site) -> str:
    """The id of a transcript with audio."""
    made: str = stage.do("recording", title="Dams", owner="alice")
    return str(stage.do("transcript", recording=made, lines=LINES, sound=True))


@pytest.fixture
def address(stage: Site, text: str) -> str:
    """The page that compares it with what another provider made of it."""
    return str(stage.do("compare", transcript=text, changes=CHANGES))


def segments(page: Page) -> list[str]:
    """Return the transcript's side of the page."""
    found: list[str] = page.locator("[data-text] .segment > p").evaluate_all(WITHOUT_THEIRS)
    return found


def test_differences_are_gone_through_played_and_taken(browse: Browse, text: str, address: str) -> None:
    page = browse(address)
    dock = page.get_by_role("complementary", name="Difference")
    expect(page.get_by_text("4 words differ in 3 places.")).to_be_visible()
    expect(dock).to_contain_text("Difference 1 of 3")
    expect(page.locator(".difference")).to_have_count(3)
    page.keyboard.press("j")
    expect(dock).to_contain_text("Difference 2 of 3")
    expect(dock.locator("[data-was]")).to_have_text("never build")
    expect(dock.locator("[data-offered]")).to_have_text("built")
    expect(page.locator(".difference").nth(1)).to_be_focused()
    page.keyboard.press("p")
    page.wait_for_function("() => document.querySelector('audio').currentTime >= 1.2")
    page.keyboard.press("t")
    expect(page.locator(".difference")).to_have_count(2)
    assert segments(page) == ["the damn was built for that", "and so on and on"]
    # The next one is where it was
    expect(dock).to_contain_text("Difference 2 of 2")
    expect(page.locator(".difference").nth(1)).to_be_focused()
    page.keyboard.press("k")
    dock.get_by_role("button", name="Take this").click()
    expect(page.locator(".difference")).to_have_count(1)
    page.goto(f"/transcripts/{text}/")
    expect(page.locator(".seg > .said").first).to_have_text("the dam was built for that")


def test_a_press_on_a_word_or_a_difference_plays_it(browse: Browse, address: str) -> None:
    page = browse(address)
    page.locator("[data-times]", has_text="for that").click(position={"x": 45, "y": 12})
    page.wait_for_function("() => document.querySelector('audio').currentTime >= 2")
    page.locator(".difference [data-mine]").first.click()
    page.wait_for_function(PLAYED)


def test_words_that_someone_changed_are_not_overwritten(browse: Browse, stage: Site, text: str, address: str) -> None:
    page = browse(address)
    dock = page.get_by_role("complementary", name="Difference")
    expect(dock).to_contain_text("Difference 1 of 3")
    stage.do("correct", transcript=text, position=0, text="the levee was never build for that")
    dock.get_by_role("button", name="Take this").click()
    expect(dock.get_by_role("alert")).to_contain_text("someone changed them. Nothing was overwritten.")
    expect(page.locator(".difference").first).to_contain_text("levee")


def test_the_whole_text_becomes_the_transcript(browse: Browse, text: str, address: str) -> None:
    page = browse(address)
    page.get_by_text("Use this text…").click()
    page.get_by_role("button", name="Use this text", exact=True).click()
    expect(page).to_have_url(re.compile(r"/transcripts/[0-9a-f-]+/$"))
    expect(page).not_to_have_url(re.compile(text))
    expect(page.locator(".seg > .said")).to_have_text(["the dam was built for that and so on and one"])
    page.goto(address)
    expect(page.get_by_role("link", name="Read the transcript that was made of it")).to_be_visible()


def test_another_provider_is_asked_and_that_can_be_cancelled(browse: Browse, stage: Site, text: str) -> None:
    stage.do("another_account", called="Court")
    page = browse(f"/transcripts/{text}/")
    page.locator("#compare-with").click()
    expect(page.get_by_role("radio", name="Court (court-large)")).to_be_checked()
    assert axe.violations(page) == []
    page.get_by_role("button", name="Compare", exact=True).click()
    part = page.get_by_role("region", name="Other providers")
    expect(part.get_by_role("status")).to_have_text("Comparison with Court")
    part.get_by_role("button", name="Cancel comparison").click()
    expect(page.locator("#compare-with")).to_be_visible()
    expect(part.get_by_role("status")).to_have_count(0)


def test_who_only_reads_compares_and_changes_nothing(browse: Browse, address: str) -> None:
    page = browse(address, who="vera")
    dock = page.get_by_role("complementary", name="Difference")
    expect(dock).to_contain_text("Difference 1 of 3")
    expect(dock.get_by_role("button", name="Take this")).to_have_count(0)
    expect(page.locator("#use-this-text")).to_have_count(0)
