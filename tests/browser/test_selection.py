"""Selecting rows of the library and acting on them together: by mouse and by keyboard alone, undone as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]


@pytest.fixture
def tapes(stage: Site) -> list[str]:
    """Five recordings, the newest last."""
    return [stage.do("recording", title=f"Tape {number}") for number in range(5)]


def row(page: Page, recording: str) -> Locator:
    return page.locator(f"#recording-{recording}")


def box(page: Page, recording: str) -> Locator:
    return row(page, recording).get_by_role("checkbox")


def count(page: Page) -> Locator:
    return page.locator("[data-dock-count]")


def shown(page: Page) -> Locator:
    return page.locator("[data-dock-act]")


def delete(page: Page) -> None:
    """Delete what is selected, and wait until the server has begun."""
    page.locator("[data-verb=delete]").click()
    expect(shown(page)).to_contain_text("to the trash…")


def test_everything_works_by_keyboard_alone(stage: Site, browse: Browse, tapes: list[str]) -> None:
    page = browse()
    row(page, tapes[3]).get_by_role("link", name="Tape 3").focus()
    page.keyboard.press("x")
    expect(box(page, tapes[3])).to_be_checked()
    expect(count(page)).to_have_text("1 selected 0:41")
    row(page, tapes[1]).get_by_role("link", name="Tape 1").focus()
    page.keyboard.press("Shift+X")
    expect(count(page)).to_have_text("3 selected 2:03")
    page.keyboard.press("Escape")
    expect(count(page)).to_be_hidden()
    page.keyboard.press("x")
    page.locator(".dock summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".dock summary")).to_be_focused()
    expect(count(page)).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add a tag").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tag", exact=True)).to_be_focused()
    page.keyboard.type("dam")
    page.keyboard.press("Enter")
    expect(shown(page)).to_contain_text("Adding the tag “dam” to 1 recording")
    stage.do("work_on_bulk_acts")
    expect(shown(page)).to_contain_text("Added the tag “dam” to 1 recording.")
    page.keyboard.press("z")
    expect(shown(page)).to_contain_text("Undoing")
    stage.do("work_on_bulk_acts")
    expect(shown(page)).to_contain_text("Undone for 1 recording")


def test_a_range_is_selected_by_shift_click_and_survives_what_happens(
    stage: Site, browse: Browse, tapes: list[str]
) -> None:
    page = browse()
    page.locator("html[data-events=on]").wait_for(state="attached")
    box(page, tapes[4]).check()
    box(page, tapes[2]).click(modifiers=["Shift"])
    expect(count(page)).to_contain_text("3 selected")
    stage.do("rename", recording=tapes[3], title="Renamed")
    expect(row(page, tapes[3])).to_contain_text("Renamed")
    expect(box(page, tapes[3])).to_be_checked()
    stage.do("recording", title="New")
    expect(page.get_by_role("link", name="New")).to_be_visible()
    expect(count(page)).to_contain_text("3 selected")
    page.get_by_role("link", name="Approved").click()
    expect(page.get_by_role("link", name="New")).to_be_hidden()
    expect(count(page)).to_be_hidden()


def test_recordings_are_deleted_together_and_all_come_back(stage: Site, browse: Browse, tapes: list[str]) -> None:
    page = browse()
    page.locator("html[data-events=on]").wait_for(state="attached")
    box(page, tapes[4]).check()
    box(page, tapes[0]).click(modifiers=["Shift"])
    delete(page)
    stage.do("work_on_bulk_acts")
    expect(shown(page)).to_contain_text("Moved 5 recordings to the trash.")
    expect(page.get_by_role("link", name="Tape 0")).to_have_count(0)
    page.reload()
    expect(shown(page)).to_contain_text("Moved 5 recordings to the trash.")
    page.get_by_role("button", name="Undo").click()
    expect(shown(page)).to_contain_text("Undoing")
    stage.do("work_on_bulk_acts")
    expect(shown(page)).to_contain_text("Undone for 5 recordings")
    expect(page.get_by_role("link", name="Tape 0")).to_be_visible()


def test_all_that_the_filter_has_are_selected_beyond_the_page(stage: Site, browse: Browse) -> None:
    stage.do("many_recordings", count=60)
    page = browse()
    page.get_by_role("checkbox").first.check()
    page.locator("[data-pick]").nth(49).click(modifiers=["Shift"])
    expect(count(page)).to_contain_text("50 selected")
    page.get_by_role("button", name="Select all 60").click()
    expect(count(page)).to_contain_text("60 selected")
    page.get_by_role("button", name="Move").click()
    page.get_by_label("Folder", exact=True).wait_for()
    page.locator("[data-bulk-submit]").click()
    expect(shown(page)).to_contain_text("Taking 60 recordings out of their folders…")
    stage.do("work_on_bulk_acts")
    expect(shown(page)).to_contain_text("60 were so already")


def test_what_cannot_be_done_is_said_and_listed(stage: Site, browse: Browse) -> None:
    stage.do("recording", title="Theirs")
    page = browse(who="vera")
    page.get_by_role("checkbox").first.check()
    delete(page)
    stage.do("work_on_bulk_acts")
    expect(shown(page)).to_contain_text("1 couldn’t be changed")
    page.get_by_role("link", name="1 couldn’t be changed").click()
    expect(page.get_by_role("heading", name="You have view-only access", exact=False)).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Recent acts").click()
    expect(page.get_by_text("Moved 0 recordings to the trash")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1360), ("dark", 390)])
def test_the_dock_and_its_dialog_keep_no_one_out(
    stage: Site, browse: Browse, tapes: list[str], scheme: str, width: int
) -> None:
    page = browse(color_scheme=scheme, viewport={"width": width, "height": 860}, reduced_motion="reduce")
    box(page, tapes[4]).check()
    expect(count(page)).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Assign").click()
    page.get_by_label("Assignee").wait_for()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Assign")).to_be_focused()
    delete(page)
    stage.do("work_on_bulk_acts")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert violations(page) == []
