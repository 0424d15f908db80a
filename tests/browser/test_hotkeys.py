"""The list of keyboard shortcuts: what it shows on each page, how it opens and closes, and what it switches off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import PHONE, WIDE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page, ViewportSize

    from tests.browser.site import Site

    Browse = Callable[..., Page]


def opened(page: Page) -> Locator:
    # A key that comes before the first frame is lost in the browser
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    return dialog


def session(stage: Site, browse: Browse, **options: object) -> Page:
    """The page of a session with a segment, as a member who may edit sees it."""
    live = stage.do("live", title="Editorial meeting", said=["Hold the front page."])
    page = browse(f"/live/{live}/", who="erin", **options)
    expect(page.get_by_text("Watching", exact=True)).to_be_visible()
    return page


def test_each_page_lists_its_own_shortcuts(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording", title="Council meeting", duration_ms=60_000)
    transcript = stage.do("transcript", recording=recording, lines=[["Ana", "Hold the page."]], sound=True)
    assert opened(browse("/")).get_by_role("heading", level=3).all_inner_texts() == ["Library", "General"]
    groups = opened(browse(f"/transcripts/{transcript}/")).get_by_role("heading", level=3).all_inner_texts()
    assert groups == [
        "Playback",
        "While editing",
        "Review",
        "Find and replace",
        "Conflicts",
        "Panels",
        "Words to check",
        "Comments",
        "General",
    ]
    dialog = opened(session(stage, browse))
    assert dialog.get_by_role("heading", level=3).all_inner_texts() == [
        "Live session",
        "While naming a speaker",
        "General",
    ]
    assert "Edit the last segment" in dialog.inner_text()


def test_a_viewer_sees_no_shortcut_that_would_be_refused(stage: Site, browse: Browse) -> None:
    live = stage.do("live", title="Editorial meeting", said=["Hold the front page."])
    page = browse(f"/live/{live}/", who="vera")
    expect(page.get_by_text("Watching", exact=True)).to_be_visible()
    assert opened(page).get_by_role("heading", level=3).all_inner_texts() == ["General"]


@pytest.mark.parametrize("key", ["Escape", "?"])
def test_the_focus_returns_to_where_it_was(browse: Browse, key: str) -> None:
    page = browse("/")
    link = page.get_by_role("link", name="Live", exact=True).first
    link.focus()
    dialog = opened(page)
    page.keyboard.press(key)
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_the_account_menu_opens_it_and_has_the_focus_again(browse: Browse) -> None:
    page = browse("/")
    summary = page.locator(".person > summary")
    summary.click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(summary).to_be_focused()


def test_a_question_mark_in_a_field_is_a_question_mark(browse: Browse) -> None:
    page = browse("/")
    page.keyboard.press("/")
    page.keyboard.type("why?")
    expect(page.get_by_label("Search titles")).to_have_value("why?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()


def test_keys_do_nothing_behind_the_dialog(stage: Site, browse: Browse) -> None:
    page = session(stage, browse)
    opened(page)
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Marked")).to_have_count(0)
    page.keyboard.press("m")
    expect(page.get_by_text("Marked")).to_be_visible()


def test_a_person_s_own_keys_act_after_a_reload_and_warn_of_clashes(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording", title="Council meeting", duration_ms=60_000)
    page = browse(f"/transcripts/{stage.do('transcript', recording=recording, sound=True)}/")
    dialog = opened(page)
    dialog.get_by_role("button", name="Change keys", exact=True).click()
    dialog.get_by_role("button", name="Change the keys of Faster").click()
    page.keyboard.press("l")
    expect(dialog.get_by_role("status")).to_have_text("L is already used for “Follow playback”.")
    with page.expect_response("**/account/preferences/"):
        dialog.get_by_role("button", name="Use here instead").click()
    expect(dialog.get_by_role("button", name="Change the keys of Faster")).to_be_focused()
    page.reload()
    page.keyboard.press("l")
    expect(page.get_by_label("Playback speed")).to_have_value("1.25")
    dialog = opened(page)
    with page.expect_response("**/account/preferences/"):
        dialog.get_by_label("Keys like").select_option("oTranscribe")
    page.keyboard.press("Escape")
    page.keyboard.press("F4")
    expect(page.get_by_label("Playback speed")).to_have_value("1.25")
    page.keyboard.press("F3")
    expect(page.get_by_label("Playback speed")).to_have_value("1")


def test_single_keys_stay_switched_off_after_a_reload(stage: Site, browse: Browse) -> None:
    page = session(stage, browse)
    opened(page).get_by_label("Single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    expect(page.get_by_text("Watching", exact=True)).to_be_visible()
    page.keyboard.press("m")
    page.get_by_role("button", name="Mark moment").click()
    expect(page.get_by_text("Marked")).to_have_count(1)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_is_readable_everywhere(
    stage: Site, browse: Browse, size: ViewportSize, scheme: str, pictures: Path | None
) -> None:
    page = session(stage, browse, viewport=size, color_scheme=scheme)
    dialog = opened(page)
    expect(dialog.get_by_role("button", name="Close")).to_be_in_viewport()
    assert axe.violations(page) == []
    if pictures:
        page.screenshot(path=pictures / f"hotkeys-{size['width']}-{scheme}.png")
