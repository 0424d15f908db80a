"""People say what only was detected or estimated: the language, and how many speak."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.uploads.test_upload_options import open_options
from tests.browser.uploads.test_uploads import choose, expect_arrived, file

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

DETECTED = {"language": "da", "language_source": "detected"}


def test_a_language_that_a_person_confirms_is_asked_about_no_more(stage: Site, browse: Browse) -> None:
    transcript = stage.do("transcript", recording=stage.do("recording"), language_probability=0.54, **DETECTED)
    page = browse(f"/transcripts/{transcript}/")
    page.get_by_role("button", name="Yes, it’s Danish").click()
    expect(page.locator("#language")).to_have_text("Danish")
    expect(page.locator("#language-question")).to_have_count(0)


def test_another_language_must_be_named_before_it_is_transcribed_again(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    transcript = stage.do("transcript", recording=recording, language_probability=0.54, **DETECTED)
    page = browse(f"/transcripts/{transcript}/")
    page.get_by_text("No, choose another language").click()
    again = page.get_by_role("button", name="Transcribe again")
    again.click()
    expect(page).to_have_url(re.compile(transcript))
    page.get_by_label("Spoken language").and_(page.locator(":visible")).select_option("nb")
    again.click()
    expect(page).to_have_url(re.compile(f"/recordings/{recording}/"))
    expect(page.locator(".attempts li").first).to_contain_text("Norwegian Bokmal")


def test_the_right_number_of_speakers_separates_them_again(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    transcript = stage.do("transcript", recording=recording, has_estimated_speakers=True)
    page = browse(f"/transcripts/{transcript}/")
    expect(page.locator("#speakers")).to_have_text("2 speakers (estimated)")
    page.get_by_text("Change number").click()
    page.get_by_label("Number of speakers").and_(page.locator(":visible")).select_option("3")
    page.get_by_role("button", name="Separate speakers").click()
    expect(page).to_have_url(re.compile(f"/recordings/{recording}/"))
    expect(page.locator(".attempts li").first).to_contain_text("3 speakers requested")


def test_each_segment_of_a_live_session_is_marked_with_its_language(stage: Site, browse: Browse) -> None:
    live = stage.do("live", title="Meeting", said=["Good morning."])
    page = browse(f"/live/{live}/", who="erin")
    expect(page.get_by_text("Watching", exact=True)).to_be_visible()
    stage.do("say", live=live, text="Guten Morgen.", at_ms=9_000, language="de")
    german = page.locator(".said", has_text="Guten Morgen.")
    expect(german).to_have_attribute("lang", "de")
    page.reload()
    expect(german).to_be_visible()
    assert german.evaluate("one => one.closest('[lang]').lang") == "de"


def test_a_number_of_speakers_goes_with_the_files_that_follow_and_is_not_remembered(
    stage: Site, browse: Browse
) -> None:
    page = browse()
    open_options(page)
    page.get_by_label("Speakers", exact=True).select_option("2")
    choose(page, file("interview.mp3"))
    expect_arrived(page, "interview.mp3")
    open_options(page)
    expect(page.get_by_label("Speakers", exact=True)).to_have_value("")
    choose(page, file("monologue.mp3"))
    expect_arrived(page, "monologue.mp3")
    uploads = stage.do("uploads")
    assert [uploads[name]["speakers"] for name in ("interview.mp3", "monologue.mp3")] == [2, None]
