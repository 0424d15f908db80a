"""A member and a guest by a link on one transcript: they read, comment and edit, until the link is revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.editing.test_main_ways import LINES, edited, put_caret, said, wait_until_saved
from tests.browser.review.test_comments import comment, threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

# As promised for what is revoked; a busy machine is given as long again
WITHIN_MS = 10_000


@pytest.fixture
def transcript(stage: Site) -> str:
    """A transcript of three segments with audio."""
    recording = stage.do("recording", title="Council meeting")
    return str(stage.do("transcript", recording=recording, lines=LINES, sound=True))


def link(stage: Site, transcript: str, level: str = "view", **shown: Any) -> str:
    return str(stage.do("guest_link", transcript=transcript, level=level, **shown))


def guest(browse: Browse, path: str, name: str = "") -> Page:
    page = browse(path, who=None)
    if name:
        page.get_by_label("Enter your name").fill(name)
        page.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-text][data-painted]")).to_be_attached()
    return page


def test_a_guest_comments_and_edits_and_is_told_that_the_link_was_revoked(
    stage: Site, browse: Browse, transcript: str
) -> None:
    path = link(stage, transcript, "edit")
    member = edited(browse, f"/transcripts/{transcript}/")
    dana = guest(browse, path, "Dana")

    comment(dana, 1, "Thursday", "Which Thursday?")
    expect(threads(dana).get_by_text("Dana (guest)")).to_be_visible()
    member.get_by_role("tab", name="Comments").click()
    expect(threads(member).get_by_text("Dana (guest)")).to_be_visible()

    put_caret(dana, 2)
    dana.keyboard.type(", then")
    wait_until_saved(dana)
    expect(said(member).nth(2)).to_have_text("So be it, then")
    put_caret(member, 0)
    member.keyboard.type("!")
    expect(said(dana).nth(0)).to_have_text("Hold the paige!")

    stage.do("revoke_link", path=path)
    expect(dana.get_by_role("alert").filter(has_text="This link no longer works")).to_be_visible(timeout=WITHIN_MS)
    expect(dana.locator(".ProseMirror")).to_have_attribute("contenteditable", "false")
    dana.reload()
    expect(dana.get_by_role("heading", name="This link no longer works")).to_be_visible()


def test_a_guest_who_can_comment_does_so_without_changing_a_word(stage: Site, browse: Browse, transcript: str) -> None:
    dana = guest(browse, link(stage, transcript, "comment"), "Dana")
    said(dana).nth(1).locator("text=Thursday").first.dblclick(position={"x": 20, "y": 10})
    dana.locator("[data-comment]").click()
    expect(dana.get_by_role("form", name="New comment").locator("blockquote")).to_have_text("Thursday")
    dana.keyboard.type("Which one?")
    dana.keyboard.press("Control+Enter")
    expect(threads(dana).get_by_text("Which one?")).to_be_visible()
    dana.reload()
    expect(threads(dana).get_by_text("Dana (guest)")).to_be_visible()
    put_caret(dana, 0)
    dana.keyboard.type("zzz")
    expect(said(dana).nth(0)).to_have_text(LINES[0][1])


def test_what_was_typed_when_the_link_ended_can_be_copied(stage: Site, browse: Browse, transcript: str) -> None:
    path = link(stage, transcript, "edit")
    dana = guest(browse, path, "Dana")
    dana.route("**/edits/", lambda route: route.abort())
    put_caret(dana, 2)
    dana.keyboard.type(" unsent words")
    expect(dana.locator("[data-save-state]")).to_contain_text("Offline")
    stage.do("revoke_link", path=path)
    dana.unroute("**/edits/")
    expect(dana.get_by_role("alert").filter(has_text="This link no longer works")).to_be_visible(timeout=WITHIN_MS)
    expect(dana.get_by_role("button", name="Copy my text")).to_be_visible()
    expect(said(dana).nth(2)).to_have_text("So be it unsent words")


def test_a_guest_listens_and_words_are_marked_while_they_are_spoken(
    stage: Site, browse: Browse, transcript: str
) -> None:
    page = guest(browse, link(stage, transcript))
    expect(page.locator("aside")).to_have_count(0)
    page.locator("audio").evaluate("audio => { audio.currentTime = 0.5 }")
    expect(page.locator(".seg.now")).to_be_visible()
    page.keyboard.press("Control+f")
    page.get_by_label("Find", exact=True).fill("Thursday")
    expect(page.locator("[data-find=count]")).to_have_text("1 of 1")
    page.keyboard.press("Escape")
    put_caret(page, 0)
    page.keyboard.type("x")
    expect(said(page).nth(0)).to_have_text(LINES[0][1])


def test_a_stretch_plays_once_its_audio_is_cut(stage: Site, browse: Browse, transcript: str) -> None:
    path = link(stage, transcript, from_ms=400, until_ms=2_000, is_cut=False)
    page = guest(browse, path)
    expect(page.get_by_text("The audio of this part is being prepared")).to_be_visible()
    expect(page.locator("[data-deck]")).to_be_hidden()
    expect(said(page)).to_have_text(["the paige", "Thursday works"])
    stage.do("cut_stretch", path=path)
    expect(page.locator("[data-deck]")).to_be_visible()
    page.wait_for_function("() => Math.abs(document.querySelector('audio').duration - 1.6) < 0.1")


def test_a_link_that_shows_initials_ends_the_open_page_as_well(stage: Site, browse: Browse, transcript: str) -> None:
    path = link(stage, transcript, shows_initials=True)
    page = guest(browse, path)
    expect(page.locator(".seg .spk").first).to_have_text("S1")
    stage.do("revoke_link", path=path)
    expect(page.get_by_role("alert").filter(has_text="This link no longer works")).to_be_visible(timeout=WITHIN_MS)
