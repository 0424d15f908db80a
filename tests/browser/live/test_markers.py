"""Marking moments, naming speakers, and what arrives between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.live.session import SAID, opened, saved, text_of, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]


def test_a_moment_is_marked_and_noted_by_a_key(browse: Browse, live: str) -> None:
    alice, erin = opened(browse, live, "alice"), opened(browse, live, "erin")
    erin.keyboard.press("n")
    erin.keyboard.type("Ask the ministry")
    erin.keyboard.press("Enter")
    note = alice.get_by_role("textbox", name="Note")
    expect(note).to_have_value("Ask the ministry")
    alice.get_by_role("button", name="Remove marker").click()
    expect(erin.get_by_role("textbox", name="Note")).to_have_count(0)
    erin.keyboard.press("m")
    expect(alice.get_by_text("Marked")).to_be_visible()


def test_markers_and_gaps_are_between_the_segments_and_no_part_of_the_text(
    stage: Site, browse: Browse, live: str
) -> None:
    stage.do("annotate", live=live, note="Ask the ministry")
    page = opened(browse, live, "erin")
    shown = page.locator(".part > *").evaluate_all("all => all.map((one) => one.className.split(' ')[0])")
    assert shown == ["seg", "item", "seg", "item", "item"]
    write(page, 0, " Now.")
    stage.do("say", live=live, text="Then someone speaks.", at_ms=70_000)
    expect(text_of(page, 2)).to_have_text("Then someone speaks.")
    shown = page.locator(".part > *").evaluate_all("all => all.map((one) => one.className.split(' ')[0])")
    assert shown == ["seg", "item", "seg", "item", "item", "seg"]
    saved(page)
    assert [text for text, _, _ in stage.do("lines", live=live)] == [f"{SAID[0]} Now.", SAID[1], "Then someone speaks."]


def test_words_that_arrive_leave_a_note_that_is_being_written_alone(stage: Site, browse: Browse, live: str) -> None:
    page = opened(browse, live, "erin")
    page.keyboard.press("n")
    page.keyboard.type("Ask the ")
    for number in range(3):
        stage.do("say", live=live, text=f"Sentence {number}.", at_ms=9_000 + 1_000 * number)
    expect(text_of(page, 4)).to_have_text("Sentence 2.")
    page.keyboard.type("ministry")
    note = page.get_by_role("textbox", name="Note")
    expect(note).to_be_focused()
    expect(note).to_have_value("Ask the ministry")


def test_a_speaker_is_named_once_for_all_segments(stage: Site, browse: Browse, live: str) -> None:
    stage.do("say", live=live, text="And a third line.", at_ms=9_000)
    alice, erin = opened(browse, live, "alice"), opened(browse, live, "erin")
    erin.keyboard.press("s")
    erin.keyboard.type("Ana Kovač")
    erin.keyboard.press("Enter")
    expect(alice.get_by_text("Ana Kovač")).to_have_count(2)


def test_a_page_asks_for_what_it_missed(stage: Site, browse: Browse, live: str) -> None:
    page = opened(browse, live, "erin")
    stage.do("say_unheard", live=live, text="No page was told of this.", at_ms=9_000)
    stage.do("say", live=live, text="But of this.", at_ms=10_000)
    expect(text_of(page, 2)).to_have_text("No page was told of this.")
    expect(page.locator(".seg .said")).to_have_text([*SAID, "No page was told of this.", "But of this."])


def test_a_gap_is_between_the_segments_of_a_session_that_is_over(stage: Site, browse: Browse) -> None:
    transcript = stage.do("spoken", title="Morning conference", said=SAID, gaps=[[6_000, 7_000]])
    page = browse(f"/transcripts/{transcript}/", who="erin")
    expect(page.locator(".part .gap")).to_be_visible()
    shown = page.locator(".part > *").evaluate_all("all => all.map((one) => one.className.split(' ')[0])")
    assert shown == ["seg", "gap", "seg"]
