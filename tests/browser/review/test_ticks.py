"""Two people mark segments as reviewed, by key and by click, with the network lost and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.editing.test_main_ways import LINES, edited, put_caret, said, wait_until_saved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]


@pytest.fixture
def transcript(stage: Site) -> str:
    """The path of a transcript of three segments with audio."""
    recording = stage.do("recording", title="Council meeting")
    return f"/transcripts/{stage.do('transcript', recording=recording, lines=LINES, sound=True)}/"


def ticks(page: Page) -> Locator:
    return page.locator(".seg .tick")


def expect_reviewed(page: Page, *reviewed: bool) -> None:
    for number, one in enumerate(reviewed):
        expect(ticks(page).nth(number)).to_have_attribute("aria-pressed", "true" if one else "false")


def test_a_segment_is_reviewed_by_a_key_that_leads_to_the_next(
    browse: Browse, transcript: str, pictures: Path | None
) -> None:
    page = edited(browse, transcript)
    put_caret(page, 0)
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.press("r")
    expect_reviewed(page, True, True, False)
    expect(page.get_by_role("group", name=re.compile("Speaker 2, .* s, reviewed"))).to_be_visible()
    expect(page.locator("[data-reviewed]")).to_contain_text("72% reviewed")
    wait_until_saved(page)
    if pictures:
        page.screenshot(path=pictures / "review-ticks-wide-light.png")
    page.keyboard.press("r")
    expect(page.locator("[data-reviewed]")).to_contain_text("100% reviewed")
    page.reload()
    expect_reviewed(page, True, True, True)


def test_while_typing_another_key_does_the_same_and_undo_takes_it_back(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    put_caret(page, 1)
    page.keyboard.type("!")
    page.keyboard.press("Alt+r")
    expect_reviewed(page, False, True, False)
    expect(said(page).nth(1)).to_have_text("Thursday works for the paige!")
    page.keyboard.press("Control+z")
    expect_reviewed(page, False, False, False)
    expect(said(page).nth(1)).to_have_text("Thursday works for the paige!")
    wait_until_saved(page)


def test_two_people_see_each_others_checks_and_a_change_takes_one_away(browse: Browse, transcript: str) -> None:
    alice, erin = edited(browse, transcript), edited(browse, transcript, who="erin")
    ticks(alice).nth(0).click()
    ticks(alice).nth(1).click()
    expect_reviewed(erin, True, True, False)
    put_caret(erin, 0)
    erin.keyboard.type("!")
    expect_reviewed(alice, False, True, False)
    expect(erin.locator("[data-reviewed]")).to_contain_text("45% reviewed")
    expect(alice.locator("[data-reviewed]")).to_contain_text("45% reviewed")


def test_no_check_is_lost_with_the_network_and_none_is_at_words_that_changed(browse: Browse, transcript: str) -> None:
    alice, erin = edited(browse, transcript), edited(browse, transcript, who="erin")
    alice.context.set_offline(True)
    alice.route("**/edits/", lambda route: route.abort())
    for number in range(3):
        ticks(alice).nth(number).click()
    expect_reviewed(alice, True, True, True)
    put_caret(erin, 1)
    erin.keyboard.type(" tomorrow")
    wait_until_saved(erin)
    alice.context.set_offline(False)
    alice.unroute("**/edits/")
    expect_reviewed(alice, True, False, True)
    expect_reviewed(erin, True, False, True)
    wait_until_saved(alice)


def test_checks_given_offline_are_sent_by_the_next_page(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    page.route("**/edits/", lambda route: route.abort())
    ticks(page).nth(2).click()
    expect_reviewed(page, False, False, True)
    page.unroute("**/edits/")
    page.reload()
    wait_until_saved(page)
    expect_reviewed(page, False, False, True)


def test_who_can_only_read_sees_what_is_reviewed_and_changes_nothing(browse: Browse, transcript: str) -> None:
    alice, vera = edited(browse, transcript), edited(browse, transcript, who="vera")
    ticks(alice).nth(0).click()
    expect(ticks(vera).nth(0)).to_be_visible()
    expect(ticks(vera).nth(0)).to_be_disabled()
    expect(ticks(vera).nth(1)).to_be_hidden()
