"""Two people and a team: one invites, the other accepts, works, and is removed while their page is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

LINES = [["Hale", "It was when the river moved."]]


@pytest.fixture
def transcript(stage: Site) -> str:
    """A transcript of the newsroom."""
    recording = stage.do("recording", title="Interview")
    return f"/transcripts/{stage.do('transcript', recording=recording, lines=LINES)}/"


def test_a_person_is_invited_accepts_is_promoted_and_removed(stage: Site, browse: Browse, transcript: str) -> None:
    alice = browse("/teams/newsroom/")
    alice.get_by_label("E-mail addresses").fill("Charlie Cole <charlie@example.org>, nonsense")
    alice.get_by_label("Role", exact=True).first.select_option("commenter")
    alice.get_by_role("button", name="Send invitations").click()
    expect(alice.get_by_text("Invited charlie@example.org.")).to_be_visible()
    expect(alice.get_by_text("Not an e-mail address: nonsense.")).to_be_visible()

    address = stage.do("mailed_link", to="charlie@example.org")
    charlie = browse(address.removeprefix(stage.url), who="charlie")
    expect(charlie.get_by_role("heading", name="Join Newsroom")).to_be_visible()
    charlie.get_by_role("button", name="Join team").click()
    expect(charlie.get_by_text("You joined the team “Newsroom”.")).to_be_visible()

    alice.reload()
    expect(alice.get_by_text("No open invitations.")).to_be_visible()
    alice.get_by_label("Role of Charlie Cole").select_option("editor")
    alice.get_by_role("button", name="Change the role of Charlie Cole").click()
    expect(alice.get_by_text("Charlie Cole is now: editor.")).to_be_visible()

    charlie.goto(transcript)
    charlie.locator("[data-text][data-painted]").wait_for()
    expect(charlie.locator(".said")).to_have_text(["It was when the river moved."])
    alice.locator("summary", has_text="More for Charlie Cole").click()
    alice.get_by_role("button", name="Remove from team").click()
    expect(alice.get_by_text("Removed Charlie Cole.")).to_be_visible()
    gone = charlie.get_by_role("alert").filter(has_text="You no longer have access to this transcript")
    expect(gone).to_be_visible()
    charlie.reload()
    expect(charlie.get_by_role("heading", name="Page not found")).to_be_visible()


def test_a_stranger_signs_up_by_a_link_and_joins(stage: Site, browse: Browse) -> None:
    path = stage.do("invitation_link", label="Court desk")
    page = browse(path, who=None)
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Email").fill("new@example.org")
    page.get_by_label("Password").fill("a password of theirs")
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("button", name="Join team").click()
    expect(page.get_by_text("You joined the team “Newsroom”.")).to_be_visible()


def test_teams_are_switched_with_two_keys_and_the_library_follows(stage: Site, browse: Browse) -> None:
    stage.do("recording", title="Council meeting")
    page = browse("/")
    expect(page.get_by_role("link", name="Council meeting", exact=True)).to_be_visible()
    page.keyboard.press("w")
    expect(page.locator(".switch-menu button[aria-current]")).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator(".person")).to_have_attribute("data-current-team", "alice")
    expect(page.get_by_role("link", name="Council meeting", exact=True)).to_have_count(0)
    page.keyboard.press("w")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".person .who")).to_contain_text("Newsroom")
    expect(page.get_by_role("link", name="Council meeting", exact=True)).to_be_visible()


def test_a_link_is_made_copied_and_revoked(stage: Site, browse: Browse) -> None:
    page = browse("/teams/newsroom/")
    page.locator("summary", has_text="Create an invitation link").click()
    page.get_by_label("Label").fill("Court desk")
    page.get_by_label("How many can join").fill("3")
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_label("Link for Court desk")
    address = link.input_value()
    guest = browse(address.removeprefix(stage.url), who="charlie")
    expect(guest.get_by_role("heading", name="Join Newsroom")).to_be_visible()
    page.get_by_role("button", name="Revoke Court desk").click()
    expect(page.get_by_text("Revoked the invitation.")).to_be_visible()
    guest.get_by_role("button", name="Join team").click()
    expect(guest.get_by_text("This invitation was revoked.")).to_be_visible()
