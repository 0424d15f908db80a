"""The library by keyboard; folders, tags, saved filters and the trash as people use them, and counts that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.test_library import wait_for_socket

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]


def test_keys_move_between_the_rows_open_one_and_leave_the_list(stage: Site, browse: Browse) -> None:
    for title in ("Third", "Second", "First"):
        stage.do("recording", title=title)
    page = browse()
    wait_for_socket(page)

    def focused(title: str) -> None:
        expect(page.get_by_role("link", name=title, exact=True)).to_be_focused()

    page.keyboard.press("j")
    focused("First")
    page.keyboard.press("ArrowDown")
    focused("Second")
    page.keyboard.press("j")
    page.keyboard.press("j")
    focused("Third")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("k")
    focused("First")
    page.keyboard.press("Escape")
    expect(page.locator("#page")).to_be_focused()
    page.keyboard.press("k")
    focused("Third")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Third")).to_be_visible()


def test_a_recording_gets_a_folder_and_tags_which_the_rail_counts(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    page = browse("/?team=newsroom")
    page.locator("#new-folder").click()
    page.locator("#folder-name").fill("Court")
    page.get_by_role("button", name="Create folder").click()
    expect(page.get_by_text("Nothing in this folder")).to_be_visible()
    page.goto("/?team=newsroom")
    page.locator(f"#menu-{recording}").click()
    page.get_by_role("link", name="Folder and tags").click()
    page.get_by_label("Folder", exact=True).select_option("Court")
    page.get_by_label("New tags").fill("dam, embargoed")
    page.get_by_role("button", name="Save folder and tags").click()
    rail = page.locator("#library-rail")
    expect(rail.get_by_role("link", name="Court")).to_contain_text("1")
    expect(page.locator(f"#recording-{recording}")).to_contain_text("embargoed")
    rail.get_by_role("link", name="dam").click()
    expect(page.locator(".row[data-recording]")).to_have_count(1)


def test_counts_follow_what_colleagues_do(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    page = browse("/?team=newsroom&state=failed")
    wait_for_socket(page)
    expect(page.get_by_text("No failed recordings")).to_be_visible()
    stage.do("file", recording=recording, folder="Court", tagged=["dam"])
    rail = page.locator("#library-rail")
    expect(rail.get_by_role("link", name="Court")).to_contain_text("1")
    expect(rail.get_by_role("link", name="dam")).to_contain_text("1")
    stage.do("throw_away", recording=recording)
    expect(page.locator("#state-trash")).to_contain_text("1")
    expect(rail.get_by_role("link", name="Court")).to_contain_text("0")


def test_what_was_deleted_is_undone_by_keyboard_or_restored_from_the_trash(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    page = browse()
    page.locator(f"#menu-{recording}").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    row = page.locator(f"#recording-{recording}")
    expect(row).to_be_visible()
    page.locator(f"#menu-{recording}").click()
    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    page.locator("#state-trash").click()
    page.locator(f"#restore-{recording}").click()
    expect(page.get_by_text("The trash is empty")).to_be_visible()
    page.locator("#state-all").click()
    expect(row).to_be_visible()


def test_a_filter_is_saved_under_a_name_and_found_in_the_rail(stage: Site, browse: Browse) -> None:
    stage.do("recording")
    page = browse("/?team=newsroom&state=review&sort=due")
    page.locator("#save-filter").click()
    page.locator("#filter-name").fill("My week")
    page.get_by_role("button", name="Save filter").click()
    expect(page.locator("#library-rail").get_by_role("link", name="My week")).to_be_visible()
    page.locator("#state-all").click()
    expect(page.locator("#state-all")).to_have_attribute("aria-current", "true")
    page.locator("#library-rail").get_by_role("link", name="My week").click()
    expect(page.locator("#state-review")).to_have_attribute("aria-current", "true")
    page.locator("#change-filter").click()
    page.get_by_role("button", name="Remove filter").click()
    expect(page.locator("#library-rail").get_by_role("link", name="My week")).to_have_count(0)
