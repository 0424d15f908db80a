"""Two people correct a transcript as a document, and nothing they typed is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

LINES = [["Speaker 1", "Hold the paige"], ["Speaker 2", "Thursday works for the paige"], ["Speaker 1", "So be it"]]


@pytest.fixture
def transcript(stage: Site) -> str:
    """The path of a transcript of three segments with audio."""
    recording = stage.do("recording", title="Council meeting")
    return f"/transcripts/{stage.do('transcript', recording=recording, lines=LINES, sound=True)}/"


def edited(browse: Browse, path: str, **options: object) -> Page:
    page = browse(path, **options)
    expect(page.locator("[data-text][data-painted]")).to_be_attached()
    return page


def said(page: Page) -> Locator:
    return page.locator(".seg > .said")


def put_caret(page: Page, segment: int, *, at: str = "End") -> None:
    """Put the caret at the end or the beginning of a segment, without playing from there."""
    page.evaluate(
        """([segment, at]) => {
            const text = document.querySelectorAll(".seg > .said")[segment];
            text.closest(".ProseMirror").focus();
            getSelection().selectAllChildren(text);
            at === "End" ? getSelection().collapseToEnd() : getSelection().collapseToStart();
        }""",
        [segment, at],
    )


def wait_until_saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_text("Saved")


def test_what_is_typed_is_saved_and_there_after_a_reload(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    put_caret(page, 2)
    page.keyboard.type(", then")
    wait_until_saved(page)
    page.reload()
    expect(said(page).nth(2)).to_have_text("So be it, then")


def test_enter_splits_a_segment_and_undo_joins_it(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    put_caret(page, 2, at="Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(said(page)).to_have_text(["Hold the paige", "Thursday works for the paige", "So", "be it"])
    page.keyboard.press("Control+z")
    expect(said(page)).to_have_text(["Hold the paige", "Thursday works for the paige", "So be it"])
    wait_until_saved(page)
    page.reload()
    expect(said(page)).to_have_count(3)


def test_what_was_typed_without_a_network_is_sent_after_a_reload(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    page.route("**/edits/", lambda route: route.abort())
    put_caret(page, 2)
    page.keyboard.type(", then")
    expect(page.locator("[data-save-state]")).to_have_text(re.compile(r"Offline \(\d change"))
    page.unroute("**/edits/")
    page.reload()
    expect(said(page).nth(2)).to_have_text("So be it, then")
    wait_until_saved(page)


def test_two_people_see_each_other_and_what_the_other_types(browse: Browse, transcript: str) -> None:
    alice, erin = edited(browse, transcript), edited(browse, transcript, who="erin")
    put_caret(erin, 1)
    erin.keyboard.type("!")
    expect(said(alice).nth(1)).to_have_text("Thursday works for the paige!")
    expect(alice.locator("[data-faces]").get_by_role("button", name=re.compile("is editing"))).to_be_visible()
    put_caret(alice, 0)
    alice.keyboard.type("?")
    expect(said(erin).nth(0)).to_have_text("Hold the paige?")


def test_a_refused_change_stays_in_view_until_it_is_discarded(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    problem = {"title": "Bad edit", "status": 422, "detail": "This change can’t be read.", "code": "bad_edit"}
    page.route("**/edits/", lambda route: route.fulfill(status=422, json=problem))
    put_caret(page, 2)
    page.keyboard.type(", then")
    expect(page.locator("[data-save-state]")).to_have_text("This change can’t be read.")
    page.unroute("**/edits/")
    page.get_by_role("button", name="Discard").click()
    expect(said(page).nth(2)).to_have_text("So be it, then")
    page.get_by_role("button", name="Discard my text?").click()
    expect(said(page).nth(2)).to_have_text("So be it")
    wait_until_saved(page)


def test_a_link_leads_to_its_moment(browse: Browse, transcript: str) -> None:
    page = edited(browse, f"{transcript}#t=0:03")
    assert page.locator("audio").evaluate("audio => audio.currentTime") == pytest.approx(3)
