"""A folder is shared by link: a guest opens what is in it, until the link is revoked or the recording leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

# As promised for what is revoked; a busy machine is given as long again
WITHIN_MS = 10_000
LINES = [["Hale", "It was when the river moved."]]


@pytest.fixture
def transcript(stage: Site) -> str:
    recording = stage.do("recording", title="Interview")
    return str(stage.do("transcript", recording=recording, lines=LINES, sound=True))


def test_a_guest_opens_a_shared_folder_and_is_told_when_its_link_is_revoked(
    stage: Site, browse: Browse, transcript: str
) -> None:
    alice = browse(f"/folders/{stage.do('folder', transcript=transcript)}/share/?tab=links")
    alice.get_by_role("button", name="Create link").click()
    expect(alice.get_by_text("Created the link.")).to_be_visible()
    address = alice.get_by_label("Address of").input_value()

    guest = browse(address[address.index("/f/") :], who=None)
    guest.get_by_role("link", name="Interview").click()
    expect(guest.locator("[data-text][data-painted]")).to_contain_text("It was when the river moved.")

    alice.get_by_role("button", name="Revoke link").click()
    expect(guest.get_by_role("alert").filter(has_text="This link no longer works")).to_be_visible(timeout=WITHIN_MS)
    guest.get_by_role("link", name="All recordings in Court").click()
    expect(guest.get_by_role("heading", name="This link no longer works")).to_be_visible()
