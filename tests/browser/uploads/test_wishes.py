"""Options of a transcription go with the files that are chosen, also on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.uploads.test_upload_options import open_options
from tests.browser.uploads.test_uploads import choose, expect_arrived, file

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]


def test_what_the_provider_can_not_do_is_disabled_and_says_so(stage: Site, browse: Browse) -> None:
    page = browse()
    open_options(page)
    page.locator("#upload-form .wishes > summary").click()
    masked = page.locator("#upload-form").get_by_role("checkbox", name="Mask profanity")
    expect(masked).to_be_disabled()
    expect(page.locator("#upload-profanity-why")).to_contain_text("can’t mask profanity.")
    assert violations(page) == []
    choose(page, file("interview.mp3"))
    expect_arrived(page, "interview.mp3")


def test_the_form_of_a_transcript_has_the_options_on_a_phone(stage: Site, browse: Browse) -> None:
    transcript = stage.do("transcript", recording=stage.do("recording"))
    page = browse(f"/transcripts/{transcript}/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#transcribe-again").click()
    form = page.locator("form", has=page.locator("#retranscribe-language"))
    form.get_by_text("Options", exact=True).click()
    expect(form.get_by_role("checkbox", name="Punctuation")).to_be_visible()
    assert violations(page) == []
