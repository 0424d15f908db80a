"""The dialog of upload options: what it says goes with the files, and is remembered if the person wants that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.uploads.test_uploads import choose, drop, expect_arrived, file, transfer

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]


def open_options(page: Page) -> None:
    """Open the dialog of upload options."""
    page.get_by_role("button", name="Upload files").click()
    page.get_by_label("Spoken language").wait_for()


def test_language_and_team_go_with_the_file_and_are_remembered(stage: Site, browse: Browse) -> None:
    stage.do("make_folder", called="Court")
    page = browse()
    open_options(page)
    page.get_by_label("Team", exact=True).select_option("newsroom")
    page.get_by_label("Folder").select_option("Court")
    page.get_by_label("Spoken language").select_option("de")
    with page.expect_response("**/account/preferences/"):
        choose(page, file("sitzung.mp3"))
    expect_arrived(page, "sitzung.mp3")
    page.goto("/live/")
    drop(page, "plenum.mp3")
    expect_arrived(page, "plenum.mp3")
    uploads = stage.do("uploads")
    for name in ("sitzung.mp3", "plenum.mp3"):
        assert [uploads[name][key] for key in ("language", "team", "folder")] == ["de", "newsroom", "Court"]


def test_choices_that_are_not_to_be_remembered_are_for_these_files_alone(stage: Site, browse: Browse) -> None:
    page = browse()
    open_options(page)
    page.get_by_label("Spoken language").select_option("de")
    page.get_by_label("Remember these choices").uncheck()
    choose(page, file("sitzung.mp3"))
    expect_arrived(page, "sitzung.mp3")
    drop(page, "meeting.mp3")
    expect_arrived(page, "meeting.mp3")
    uploads = stage.do("uploads")
    assert [uploads[name]["language"] for name in ("sitzung.mp3", "meeting.mp3")] == ["de", ""]


def test_files_dropped_on_the_dialog_are_sent_as_it_says(stage: Site, browse: Browse) -> None:
    page = browse()
    # A key that comes before the page is ready does nothing
    page.locator("html[data-events=on]").wait_for(state="attached")
    page.keyboard.press("u")
    page.get_by_label("Spoken language").select_option("de")
    assert violations(page) == []
    drop(page, "sitzung.mp3")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Upload files")).to_be_focused()
    expect_arrived(page, "sitzung.mp3")
    assert stage.do("uploads")["sitzung.mp3"]["language"] == "de"


def test_a_folder_that_was_deleted_in_between_is_said(stage: Site, browse: Browse) -> None:
    stage.do("make_folder", called="Court")
    page = browse()
    open_options(page)
    page.get_by_label("Team", exact=True).select_option("newsroom")
    page.get_by_label("Folder").select_option("Court")
    stage.do("remove_folders")
    choose(page, file("hearing.mp3"))
    expect(transfer(page, "hearing.mp3")).to_contain_text("Its folder no longer exists")


def test_a_refusal_is_shown_as_the_server_said_it(stage: Site, browse: Browse) -> None:
    stage.do("know_languages", languages=["en"])
    page = browse()
    open_options(page)
    # The page was open when the provider's languages changed
    page.evaluate("document.querySelector('[data-picker=language]').add(new Option('Welsh', 'cy', true, true))")
    choose(page, file("cymru.mp3"))
    expect(transfer(page, "cymru.mp3")).to_contain_text("doesn’t support the language “cy”. It supports: en.")
    expect(transfer(page, "cymru.mp3").get_by_role("button", name="Retry upload")).to_be_visible()


def test_a_provider_of_one_language_leaves_no_choice(stage: Site, browse: Browse) -> None:
    stage.do("know_languages", languages=["en"])
    page = browse()
    open_options(page)
    assert page.locator("[data-picker=language]").evaluate("select => [...select.options].map(o => o.value)") == ["en"]
