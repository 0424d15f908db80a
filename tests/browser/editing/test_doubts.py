"""Words to check, by keyboard alone: from one to the next, accepted, corrected, and all that are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import PHONE, WIDE
from tests.browser.editing.test_main_ways import put_caret, said, wait_until_saved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

LINES = [
    ["Dr Miriam Hale", "The dam was never designed for this. We had two hundred years of data, and the ?talwag moved."],
    ["Tomas Berg", "And the the ministry had that report?"],
    ["Dr Miriam Hale", "It is harder to fix a ?catastrophe than a ?talwag of sixty years."],
]
MARKED = """(name) => [...(CSS.highlights.get(name) ?? [])].map(String)"""
ITEMS = ["the the", "talwag", "catastrophe", "talwag"]


@pytest.fixture
def transcript(stage: Site) -> str:
    """The path of a transcript with four doubtful stretches and audio."""
    recording = stage.do("recording", title="Interview: Dr Hale on river dams")
    return f"/transcripts/{stage.do('transcript', recording=recording, lines=LINES, sound=True)}/"


def reviewed(browse: Browse, path: str, count: int = 4, **options: object) -> Page:
    page = browse(path, **options)
    expect(page.locator("[data-panel=review] h2")).to_have_text(f"{count} words to check")
    return page


def card(page: Page, text: str) -> None:
    expect(page.get_by_role("dialog", name=f"Word to check: {text}")).to_be_visible()


def test_doubtful_words_are_listed_by_need_and_marked(browse: Browse, transcript: str) -> None:
    page = reviewed(browse, transcript)
    expect(page.locator(".doubt b")).to_have_text(ITEMS)
    assert page.evaluate(MARKED, "doubtful") == ["talwag", "the the", "catastrophe", "talwag"]
    page.get_by_label("Order").select_option("time")
    expect(page.locator(".doubt b")).to_have_text(["talwag", "the the", "catastrophe", "talwag"])
    page.get_by_label("Kinds").select_option(label="Said twice (1)")
    expect(page.locator(".doubt b")).to_have_text(["the the"])


def test_j_goes_to_a_word_and_plays_around_it_and_a_accepts_it(browse: Browse, transcript: str) -> None:
    page = reviewed(browse, transcript)
    page.keyboard.press("j")
    card(page, "the the")
    page.keyboard.press("j")
    card(page, "talwag")
    assert page.evaluate(MARKED, "doubt-now") == ["talwag"]
    at_s = page.locator("audio").evaluate("audio => audio.currentTime")
    assert 4 <= at_s < 7.5
    page.keyboard.press("k")
    card(page, "the the")
    page.keyboard.press("a")
    card(page, "talwag")
    expect(page.locator("[data-panel=review] h2")).to_have_text("3 words to check")
    wait_until_saved(page)
    expect(page.get_by_text("1 of 4 checked")).to_be_visible()
    page.reload()
    expect(page.locator("[data-panel=review] h2")).to_have_text("3 words to check")
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone.")).to_be_visible()
    expect(page.locator("[data-panel=review] h2")).to_have_text("4 words to check")


def test_c_corrects_in_the_text_and_enter_goes_on(browse: Browse, transcript: str) -> None:
    page = reviewed(browse, transcript)
    page.keyboard.press("j")
    page.keyboard.press("j")
    card(page, "talwag")
    page.keyboard.press("c")
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.keyboard.type("thalweg")
    page.keyboard.press("Enter")
    card(page, "catastrophe")
    wait_until_saved(page)
    expect(said(page).first).to_contain_text("the thalweg moved.")
    expect(page.locator(".doubt b")).to_have_text(["the the", "catastrophe", "talwag"])


def test_what_is_typed_into_a_correction_is_for_the_text_wherever_the_focus_went(
    browse: Browse, transcript: str
) -> None:
    page = reviewed(browse, transcript)
    page.keyboard.press("j")
    page.keyboard.press("j")
    card(page, "talwag")
    page.keyboard.press("c")
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type("Chromecast")
    page.keyboard.press("Enter")
    wait_until_saved(page)
    expect(said(page).first).to_contain_text("the Chromecast moved.")


def test_a_digit_takes_what_it_could_also_be(browse: Browse, transcript: str) -> None:
    page = reviewed(browse, transcript)
    page.keyboard.press("j")
    card(page, "the the")
    page.keyboard.press("1")
    card(page, "talwag")
    expect(said(page).nth(1)).to_have_text("And the ministry had that report?")
    wait_until_saved(page)


def test_shift_c_corrects_all_that_are_alike_as_one_edit(browse: Browse, transcript: str) -> None:
    page = reviewed(browse, transcript)
    page.keyboard.press("j")
    page.keyboard.press("j")
    card(page, "talwag")
    page.keyboard.press("Shift+C")
    expect(page.get_by_label("Correct the 1 other like it")).to_be_checked()
    page.keyboard.type("thalweg")
    page.keyboard.press("Enter")
    card(page, "catastrophe")
    expect(said(page).filter(has_text="thalweg")).to_have_count(2)
    wait_until_saved(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    expect(page.locator(".seg", has_text="talwag")).to_have_count(2)


def test_the_threshold_and_the_switch_are_remembered(browse: Browse, transcript: str) -> None:
    page = reviewed(browse, transcript)
    page.get_by_text("Which words are marked").click()
    with page.expect_response("**/account/preferences/"):
        page.get_by_label("Confidence below which words are marked").fill("15")
    expect(page.locator("[data-panel=review] h2")).to_have_text("1 word to check")
    with page.expect_response("**/account/preferences/"):
        page.get_by_label("Mark words to check").uncheck()
    expect(page.locator("[data-panel=review] h2")).to_have_text("No words to check")
    assert page.evaluate(MARKED, "doubtful") == []
    page.reload()
    expect(page.get_by_text("Doubtful words are not marked.")).to_be_visible()


def test_what_is_accepted_without_a_network_is_sent_later_and_others_see_it(browse: Browse, transcript: str) -> None:
    page, other = reviewed(browse, transcript), reviewed(browse, transcript, who="erin")
    page.context.set_offline(True)
    page.keyboard.press("j")
    card(page, "the the")
    page.keyboard.press("a")
    card(page, "talwag")
    expect(page.locator("[data-save-state]")).to_have_text("Offline (1 change waiting)")
    expect(other.locator("[data-panel=review] h2")).to_have_text("4 words to check")
    page.context.set_offline(False)
    wait_until_saved(page)
    expect(other.locator("[data-panel=review] h2")).to_have_text("3 words to check")
    expect(other.locator(".doubt b")).to_have_text(["talwag", "catastrophe", "talwag"])


def test_a_correction_that_went_to_another_segment_leaves_enter_alone(browse: Browse, transcript: str) -> None:
    page = reviewed(browse, transcript)
    page.keyboard.press("j")
    card(page, "the the")
    page.keyboard.press("c")
    expect(page.locator(".ProseMirror")).to_be_focused()
    put_caret(page, 2)
    page.keyboard.press("Enter")
    expect(said(page)).to_have_count(4)
    wait_until_saved(page)


def test_a_viewer_sees_the_words_and_decides_nothing(browse: Browse, transcript: str) -> None:
    page = reviewed(browse, transcript, who="vera")
    page.keyboard.press("j")
    card(page, "the the")
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    page.keyboard.press("a")
    expect(page.locator("[data-panel=review] h2")).to_have_text("4 words to check")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_review_is_accessible(
    browse: Browse, transcript: str, size: str, scheme: str, pictures: Path | None
) -> None:
    page = browse(transcript, viewport=WIDE if size == "wide" else PHONE, color_scheme=scheme)
    expect(page.locator(".doubt b")).to_have_count(4) if size == "wide" else page.locator("[data-painted]").wait_for()
    page.keyboard.press("Alt+j")
    card(page, "the the")
    page.keyboard.press("j")
    card(page, "talwag")
    assert axe.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if pictures:
        page.screenshot(path=pictures / f"doubts-{size}-{scheme}.png")
    page.keyboard.press("Shift+C")
    expect(page.get_by_role("dialog", name="Correct “talwag”")).to_be_visible()
    assert axe.violations(page) == []
    if pictures:
        page.screenshot(path=pictures / f"doubts-correct-{size}-{scheme}.png")
