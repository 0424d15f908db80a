"""A team's terms from the page on which they are entered to the word at which they are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.editing.test_main_ways import said, wait_until_saved

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

LINES = [["Hale", "It was when the ?tall ?vague moved."], ["Berg", "So the Gregory weaker report was late."]]


def transcript(stage: Site, lines: list[list[str]] | None = None) -> str:
    recording = stage.do("recording", title="Interview")
    return f"/transcripts/{stage.do('transcript', recording=recording, lines=lines or LINES, sound=True)}/"


def test_a_near_miss_of_a_term_is_corrected_by_one_digit(stage: Site, browse: Browse) -> None:
    page = browse("/teams/newsroom/vocabulary/")
    page.get_by_label("Term, as it should be written").fill("thalweg")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Added “thalweg”.")).to_be_visible()
    page.get_by_label("Term, as it should be written").fill("Hryhorivka")
    page.get_by_label("Often transcribed as").first.fill("Gregory weaker")
    page.keyboard.press("Enter")
    expect(page.locator(".terms b")).to_have_text(["Hryhorivka", "thalweg"])
    page.goto(transcript(stage))
    expect(page.locator(".doubt b")).to_have_text(["tall vague", "Gregory weaker"])
    expect(page.locator(".doubt").first).to_contain_text("Close to your vocabulary term “thalweg”")
    page.keyboard.press("j")
    expect(page.get_by_role("dialog", name="Word to check: tall vague")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_role("dialog", name="Word to check: Gregory weaker")).to_be_visible()
    page.keyboard.press("1")
    expect(said(page)).to_have_text(["It was when the thalweg moved.", "So the Hryhorivka report was late."])
    wait_until_saved(page)
    expect(page.locator("[data-panel=review] h2")).to_have_text("No words to check")


def test_what_was_corrected_twice_is_offered_and_added(stage: Site, browse: Browse) -> None:
    for _ in range(2):
        page = browse(transcript(stage, [["Hale", "So the ?Hrigorivka report was late."]]))
        expect(page.locator(".doubt b")).to_have_text(["Hrigorivka"])
        page.keyboard.press("j")
        expect(page.get_by_role("dialog", name="Word to check: Hrigorivka")).to_be_visible()
        page.keyboard.press("c")
        expect(page.locator(".ProseMirror")).to_be_focused()
        page.keyboard.type("Hryhorivka")
        page.keyboard.press("Enter")
        wait_until_saved(page)
    page.reload()
    offer = page.locator(".offer", has_text="“Hryhorivka” corrected twice: add it to the vocabulary?")
    offer.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Added “Hryhorivka” to the vocabulary.")).to_be_visible()
    expect(offer).to_have_count(0)
    page.goto("/teams/newsroom/vocabulary/")
    expect(page.locator(".terms b")).to_have_text(["Hryhorivka"])
    expect(page.locator(".terms")).to_contain_text("hrigorivka")
