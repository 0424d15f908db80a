"""Status, reviewer and claims on two people's pages: each sees what the other does, live."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.editing.test_main_ways import LINES, edited, put_caret, said, wait_until_saved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]


@pytest.fixture
def transcript(stage: Site) -> str:
    """The path of a transcript in review, of three segments with audio."""
    recording = stage.do("recording", title="Council meeting")
    made = stage.do("transcript", recording=recording, lines=LINES, sound=True, status="in_review")
    return f"/transcripts/{made}/"


def violations(page: Page) -> list[str]:
    """What axe finds, but for the initials of who else is here."""
    return [found for found in axe.violations(page) if 'class="face' not in found]


def status(page: Page, words: str) -> None:
    expect(page.locator("#review .pill")).to_contain_text(words)


def test_an_approval_and_what_reopens_it_are_seen_by_both(
    browse: Browse, transcript: str, pictures: Path | None
) -> None:
    alice, erin = edited(browse, transcript), edited(browse, transcript, who="erin")
    alice.get_by_role("button", name="Approve", exact=True).click()
    status(alice, "Approved")
    status(erin, "Approved")
    expect(erin.locator("#review")).to_contain_text("by Alice Adams")
    if pictures:
        alice.screenshot(path=pictures / "review-approved-wide-light.png")
    put_caret(erin, 0)
    erin.keyboard.type("!")
    status(alice, "In review")
    expect(alice.locator("#review")).to_contain_text(re.compile("Reopened by Erin East’s change at"))
    expect(erin.locator("#review")).to_contain_text("Reopened by Erin East’s change")


def test_the_review_is_started_and_ended_by_keys_and_not_while_typing(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording", title="Council meeting")
    page = edited(browse, f"/transcripts/{stage.do('transcript', recording=recording, lines=LINES, sound=True)}/")
    put_caret(page, 2)
    page.keyboard.type("ga")
    page.keyboard.press("Escape")
    wait_until_saved(page)
    status(page, "Draft")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("a")
    status(page, "In review")
    page.keyboard.press("g")
    page.keyboard.press("a")
    status(page, "Approved")
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(listed).to_contain_text("Reviewed, and to the next segment")
    expect(listed).not_to_contain_text("Start the review; during it, approve")


def test_what_is_still_unsent_is_saved_before_the_approval(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    put_caret(page, 2)
    page.keyboard.type(" now")
    page.get_by_role("button", name="Approve", exact=True).click()
    status(page, "Approved")
    page.reload()
    status(page, "Approved")
    expect(said(page).nth(2)).to_have_text("So be it now")


def test_doubtful_words_are_asked_about(stage: Site, browse: Browse, pictures: Path | None) -> None:
    lines = [["Speaker 1", "Hold the ?paige"]]
    made = stage.do("transcript", recording=stage.do("recording"), lines=lines, status="in_review")
    page = edited(browse, f"/transcripts/{made}/")
    page.get_by_role("button", name="Approve", exact=True).click()
    dialog = page.get_by_role("dialog", name="Approve with doubtful words?")
    expect(dialog).to_contain_text("1 doubtful word is not reviewed yet")
    assert axe.violations(page) == []
    if pictures:
        page.screenshot(path=pictures / "review-doubts-wide-light.png")
    dialog.get_by_role("button", name="Cancel").click()
    status(page, "In review")
    page.get_by_role("button", name="Approve", exact=True).click()
    dialog.get_by_role("button", name="Approve anyway").click()
    status(page, "Approved")


def test_a_review_is_assigned_from_the_menu_of_the_status(
    browse: Browse, transcript: str, pictures: Path | None
) -> None:
    alice, erin = edited(browse, transcript), edited(browse, transcript, who="erin")
    alice.locator("#review summary").click()
    alice.get_by_label("Reviewer").select_option(label="Erin East")
    alice.get_by_label("Due").fill("2020-01-03")
    if pictures:
        alice.screenshot(path=pictures / "review-menu-wide-light.png")
    assert violations(alice) == []
    alice.get_by_role("button", name="Assign", exact=True).click()
    expect(erin.locator("#review .assignee")).to_have_text("Erin East, overdue since 3 Jan 2020")
    expect(alice.locator("#review .assignee")).to_have_text("Erin East, overdue since 3 Jan 2020")


def test_who_can_only_read_sees_the_status_and_no_button(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript, who="vera")
    status(page, "In review")
    expect(page.locator("#review summary")).to_have_count(0)
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


# Claims


def claim(page: Page, segment: int) -> None:
    put_caret(page, segment)
    page.locator("#review summary").click()
    page.get_by_role("button", name="Claim the selected segments").click()
    expect(page.locator(".seg").nth(segment)).to_have_attribute("data-claim", "own")
    page.keyboard.press("Escape")


def test_a_claimed_stretch_is_refused_to_others_whose_words_stay(
    browse: Browse, transcript: str, pictures: Path | None
) -> None:
    alice, erin = edited(browse, transcript), edited(browse, transcript, who="erin")
    claim(erin, 1)
    expect(alice.locator(".seg").nth(1)).to_have_attribute("data-claimed", re.compile("^Claimed by Erin East until"))
    if pictures:
        alice.screenshot(path=pictures / "review-claimed-wide-light.png")
    assert violations(alice) == []
    put_caret(alice, 1)
    alice.keyboard.type("!")
    expect(alice.locator("[data-save-state]")).to_contain_text("Erin East has claimed this stretch for")
    expect(said(alice).nth(1)).to_have_text("Thursday works for the paige!")
    expect(said(erin).nth(1)).to_have_text("Thursday works for the paige")
    erin.locator("#review summary").click()
    erin.get_by_role("button", name="Release").click()
    expect(alice.locator(".seg").nth(1)).not_to_have_attribute("data-claim", "other")
    alice.get_by_role("button", name="Try again").click()
    wait_until_saved(alice)
    expect(said(erin).nth(1)).to_have_text("Thursday works for the paige!")


def test_what_was_typed_offline_into_a_stretch_that_was_claimed_since_is_not_lost(
    browse: Browse, transcript: str
) -> None:
    alice, erin = edited(browse, transcript), edited(browse, transcript, who="erin")
    alice.route("**/edits/", lambda route: route.abort())
    alice.context.set_offline(True)
    put_caret(alice, 1)
    alice.keyboard.type(" offline")
    claim(erin, 1)
    alice.context.set_offline(False)
    alice.unroute("**/edits/")
    expect(alice.locator("[data-save-state]")).to_contain_text("Erin East has claimed this stretch for", timeout=30_000)
    expect(said(alice).nth(1)).to_have_text("Thursday works for the paige offline")
    expect(alice.locator(".seg").nth(1)).to_have_attribute("data-claim", "other")
    expect(said(erin).nth(1)).to_have_text("Thursday works for the paige")


def test_an_owner_releases_the_claim_of_another(browse: Browse, transcript: str) -> None:
    alice, erin = edited(browse, transcript), edited(browse, transcript, who="erin")
    claim(erin, 0)
    alice.locator("#review summary").click()
    alice.get_by_role("button", name="Release").click()
    expect(erin.locator(".seg[data-claim]")).to_have_count(0)
