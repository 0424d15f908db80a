"""Two people and a recording: one shares it, the other finds, reads and loses it while their page is open."""

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

LINES = [["Hale", "It was when the river moved."], ["Berg", "And the ministry had that report?"]]


@pytest.fixture
def transcript(stage: Site) -> str:
    """A transcript of the newsroom; Charlie is a colleague of Alice's."""
    stage.do("colleague", person="Charlie Cole")
    recording = stage.do("recording", title="Interview")
    return f"/transcripts/{stage.do('transcript', recording=recording, lines=LINES)}/"


def opened(page: Page, tab: str = "") -> Locator:
    """Open the dialog by its keys, at a tab."""
    page.locator("[data-text][data-painted]").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("l")
    dialog = page.get_by_role("dialog", name="Share")
    dialog.locator("[aria-current]").wait_for()
    if tab:
        dialog.get_by_role("link", name=tab).click()
        dialog.locator("[aria-current]", has_text=tab).wait_for()
    return dialog


def test_a_colleague_finds_what_is_shared_and_loses_it_while_the_page_is_open(
    stage: Site, browse: Browse, transcript: str
) -> None:
    charlie = browse("/?state=shared", who="charlie")
    expect(charlie.get_by_role("heading", name="Nothing is shared with you")).to_be_visible()
    alice = browse(transcript)
    dialog = opened(alice)
    dialog.get_by_label("Add people or teams").fill("charlie@example.org")
    dialog.get_by_label("They").select_option("comment")
    dialog.get_by_role("button", name="Share", exact=True).click()
    expect(dialog.get_by_text("Shared with charlie@example.org.")).to_be_visible()

    # No reload: an event brings it
    charlie.get_by_role("link", name="Interview").click()
    expect(charlie.locator(".said")).to_have_count(2)

    dialog.get_by_label("What Charlie Cole can do").focus()
    dialog.get_by_label("What Charlie Cole can do").select_option("edit")
    expect(dialog.get_by_text("Saved.")).to_be_visible()
    expect(dialog.get_by_label("What Charlie Cole can do")).to_be_focused()
    dialog.locator("summary", has_text="More for Charlie Cole").click()
    dialog.get_by_role("button", name="Revoke access").click()
    expect(dialog.get_by_text("Revoked.")).to_be_visible()
    gone = charlie.get_by_role("alert").filter(has_text="You no longer have access to this transcript")
    expect(gone).to_be_visible()


def test_a_link_is_created_for_the_selection_changed_copied_and_revoked(
    stage: Site, browse: Browse, transcript: str
) -> None:
    alice = browse(transcript)
    alice.locator("[data-text][data-painted]").wait_for()
    alice.locator(".said").first.click(click_count=3)
    alice.keyboard.press("Escape")
    alice.get_by_role("link", name="Share").click()
    dialog = alice.get_by_role("dialog", name="Share")
    expect(dialog.get_by_label("Only from")).to_have_value("0:00")
    expect(dialog.get_by_label("to", exact=True)).to_have_value(re.compile(r"0:0\d"))
    dialog.get_by_label("Name of the link").fill("For Dr Hale")
    dialog.get_by_role("button", name="Create link").click()
    link = dialog.get_by_role("region", name="For Dr Hale")
    expect(link.get_by_label("Address of For Dr Hale")).to_have_value(re.compile(r"^http.*/s/[\w-]{40,}/$"))

    link.get_by_label("Allow text downloads").check()
    expect(dialog.get_by_text("Saved.")).to_be_visible()
    expect(link.get_by_label("Allow text downloads")).to_be_checked()
    link.get_by_label("Guests can").select_option("edit")
    expect(dialog.get_by_text("Guests can edit only the transcript as it is.")).to_be_visible()
    expect(link.get_by_label("Guests can")).to_have_value("view")
    link.get_by_label("Password").fill("open sesame")
    link.get_by_role("button", name="Set the password").click()
    expect(link.get_by_role("button", name="Remove the password")).to_be_visible()
    link.get_by_role("button", name="Copy").click()
    link.get_by_role("button", name="Revoke link").click()
    expect(dialog.get_by_text("No links yet.")).to_be_visible()
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_be_hidden()


def test_an_end_is_entered_and_shown_in_the_zone_of_the_person(stage: Site, browse: Browse, transcript: str) -> None:
    kyiv = browse(f"{transcript}share/?tab=links", timezone_id="Europe/Kyiv")
    year = kyiv.evaluate("new Date().getFullYear() + 1")
    kyiv.get_by_label("Expires").fill(f"{year}-07-01T18:00")
    kyiv.get_by_role("button", name="Create link").click()
    expect(kyiv.get_by_label("Expires").first).to_have_value(f"{year}-07-01T18:00")
    lisbon = browse(f"{transcript}share/?tab=links", timezone_id="Europe/Lisbon")
    expect(lisbon.get_by_label("Expires").first).to_have_value(f"{year}-07-01T16:00")


def test_it_works_without_a_script(stage: Site, browse: Browse, transcript: str) -> None:
    page = browse(transcript, java_script_enabled=False)
    page.get_by_role("link", name="Share").click()
    page.get_by_label("Add people or teams").fill("charlie@example.org")
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_text("Shared with charlie@example.org.")).to_be_visible()
    page.get_by_label("What Charlie Cole can do").select_option("edit")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("What Charlie Cole can do")).to_have_value("edit")
    page.get_by_role("link", name="Links").click()
    expect(page.locator("noscript span", has_text="time zone UTC")).to_be_visible()
