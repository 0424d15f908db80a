"""A person chooses the options of a single live session before it begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import PHONE, WIDE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, ViewportSize

    from tests.browser.site import Site

    Browse = Callable[..., Page]


def options(page: Page) -> None:
    """Open the options of the form."""
    page.locator(".live-door .wishes > summary").click()


@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_what_is_chosen_in_the_form_is_wished_for_the_session(
    stage: Site, browse: Browse, viewport: ViewportSize, scheme: str, pictures: Path | None
) -> None:
    stage.do("take_wishes")
    page = browse("/live/", viewport=viewport, color_scheme=scheme)
    page.get_by_label("Spoken language").select_option("en")
    options(page)
    page.get_by_role("checkbox", name="Mask profanity").check()
    page.get_by_role("checkbox", name="Tell speakers apart").uncheck()
    page.get_by_role("checkbox", name="Spanish").check()
    assert violations(page) == []
    if pictures:
        page.screenshot(path=pictures / f"live-wishes-{scheme}.png", full_page=True)
    page.get_by_role("button", name="Create session").click()
    expect(page).to_have_url(re.compile("/live/.+/"))
    wished = {"languages": ["es"], "separates_speakers": False, "punctuates": True, "masks_profanity": True}
    assert stage.do("wishes_of", live=page.url.strip("/").rpartition("/")[2]) == {"speakers": None, **wished}


def test_the_options_are_those_of_the_team_and_the_title_stays(
    stage: Site, browse: Browse, pictures: Path | None
) -> None:
    stage.do("wish_for_team", masks_profanity=True)
    page = browse("/live/")
    page.get_by_label("Title").fill("Editorial meeting")
    unmet = page.get_by_text("SpeechStream doesn’t mask profanity: swear words will be in the text.")
    expect(unmet).to_have_count(0)
    page.get_by_label("Team", exact=True).select_option("newsroom")
    expect(unmet).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Editorial meeting")
    options(page)
    expect(page.get_by_role("checkbox", name="Mask profanity")).to_be_disabled()
    page.get_by_role("button", name="Create session").click()
    expect(page.get_by_role("button", name="Start recording")).to_be_visible()
    expect(unmet).to_be_visible()
    if pictures:
        page.screenshot(path=pictures / "live-unmet.png")
