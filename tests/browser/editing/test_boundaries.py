"""Boundaries of segments are dragged on the audio, or moved on it by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import PHONE
from tests.browser.editing.test_main_ways import LINES, edited, put_caret, wait_until_saved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

SECOND = 1  # the segment whose boundaries are moved
FIRST_LOUD_PEAK = """path => {
    const points = [...path.getAttribute("d").matchAll(/([\\d.]+) ([\\d.]+)/g)];
    return Number(points.find(([, , y]) => Number(y) < 0.5)[1]);
}"""


class Scene(NamedTuple):
    """A transcript of three segments, the audio loud at the words of the second."""

    site: Site
    id: str
    loud_from_ms: int

    @property
    def path(self) -> str:
        """The path of its page."""
        return f"/transcripts/{self.id}/"

    def times(self) -> list[list[int]]:
        """Return where each segment starts and ends, as it is stored."""
        times: list[list[int]] = self.site.do("segment_times", transcript=self.id)
        return times


@pytest.fixture
def scene(stage: Site) -> Scene:
    recording = stage.do("recording", title="Council meeting")
    made = stage.do("transcript", recording=recording, lines=LINES, sound=True)
    [_, [start, end], _] = stage.do("segment_times", transcript=made)
    stage.do("provider_audio", recording=recording, loud=[[at, at + 300] for at in range(start, end, 400)])
    return Scene(stage, made, start)


def opened(page: Page, segment: int = SECOND) -> Locator:
    """Open the times of a segment, and wait for its audio."""
    put_caret(page, segment)
    page.keyboard.press("Alt+t")
    dialog = page.get_by_role("dialog", name="Times of the segment")
    expect(dialog.locator(".strip path")).to_be_attached()
    return dialog


def drag(page: Page, handle: Locator, by_px: float) -> None:
    box = handle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by_px / 2, y, steps=3)
    page.mouse.move(x + by_px, y, steps=3)
    page.mouse.up()


def test_a_boundary_is_dragged_with_its_neighbour_and_one_undo_takes_it_back(browse: Browse, scene: Scene) -> None:
    before = scene.times()
    page = edited(browse, scene.path)
    dialog = opened(page)
    drag(page, dialog.get_by_role("slider", name="Start boundary"), 60)
    moved = int(dialog.get_by_role("slider", name="Start boundary").get_attribute("aria-valuenow") or 0)
    assert moved > before[1][0] + 100
    expect(dialog.get_by_role("status")).to_contain_text("The segment before ends where this one starts.")
    dialog.get_by_role("button", name="Save times").click()
    wait_until_saved(page)
    assert scene.times() == [[before[0][0], moved], [moved, before[1][1]], before[2]]
    page.keyboard.press("Control+z")
    wait_until_saved(page)
    assert scene.times() == before


def test_the_strip_shows_the_audio_where_it_is(browse: Browse, scene: Scene) -> None:
    dialog = opened(edited(browse, scene.path))
    shown_from_ms = max(0, scene.loud_from_ms - 2_000)
    first_loud = dialog.locator(".strip path").evaluate(FIRST_LOUD_PEAK)
    # The clip fades in and is read in frames of some milliseconds
    assert abs(first_loud * 10 - (scene.loud_from_ms - shown_from_ms)) <= 50


def test_a_boundary_is_moved_by_keys_and_saved_by_enter(browse: Browse, scene: Scene) -> None:
    before = scene.times()
    page = edited(browse, scene.path)
    end = opened(page).get_by_role("slider", name="End boundary")
    end.focus()
    for key in ("Shift+ArrowLeft", "Shift+ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
    moved = before[1][1] - 190
    expect(end).to_have_attribute("aria-valuenow", str(moved))
    expect(end).to_have_attribute("aria-valuetext", f"0:{moved // 1000:02}.{moved % 1000:03}")
    page.keyboard.press("Enter")
    expect(page.locator(".ProseMirror")).to_be_focused()
    wait_until_saved(page)
    assert scene.times() == [before[0], [before[1][0], moved], [moved, before[2][1]]]


def test_both_boundaries_are_one_edit(browse: Browse, scene: Scene) -> None:
    before = scene.times()
    page = edited(browse, scene.path)
    dialog = opened(page)
    dialog.get_by_role("slider", name="End boundary").press("Shift+ArrowRight")
    dialog.get_by_role("slider", name="Start boundary").press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    wait_until_saved(page)
    start, end = before[1][0] + 100, before[1][1] + 100
    assert scene.times() == [[before[0][0], start], [start, end], [end, before[2][1]]]
    page.keyboard.press("Control+z")
    wait_until_saved(page)
    assert scene.times() == before


def test_a_time_typed_beyond_the_strip_is_shown(browse: Browse, scene: Scene) -> None:
    page = edited(browse, scene.path)
    dialog = opened(page, 2)
    dialog.get_by_role("textbox", name="End").fill("0:35")
    expect(dialog.get_by_role("slider", name="End boundary")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("slider", name="End boundary")).to_be_visible()
    expect(dialog.get_by_role("slider", name="End boundary")).to_have_attribute("aria-valuenow", "35000")


def test_a_boundary_ends_at_its_neighbours_and_escape_discards_it(browse: Browse, scene: Scene) -> None:
    before = scene.times()
    page = edited(browse, scene.path)
    start = opened(page).get_by_role("slider", name="Start boundary")
    start.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    expect(start).to_have_attribute("aria-valuenow", str(before[0][0]))
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    expect(start).to_have_attribute("aria-valuenow", str(before[1][1]))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Times of the segment")).to_be_hidden()
    wait_until_saved(page)
    assert scene.times() == before


def test_a_typed_time_is_the_segments_alone_and_others_see_it(browse: Browse, scene: Scene) -> None:
    before = scene.times()
    page, other = edited(browse, scene.path), edited(browse, scene.path, who="erin")
    dialog = opened(page, 2)
    start, end = before[2][0] + 5_000, before[2][1] + 5_000
    dialog.get_by_role("textbox", name="Start").fill(str(start / 1000))
    dialog.get_by_role("textbox", name="End").fill(str(end / 1000))
    page.keyboard.press("Enter")
    expect(other.locator(".seg .at").nth(2)).to_have_text(f"0:{start // 1000:02}")
    assert scene.times() == [before[0], before[1], [start, end]]


def test_saving_leaves_the_time_that_someone_else_changed(browse: Browse, scene: Scene) -> None:
    before = scene.times()
    page, other = edited(browse, scene.path), edited(browse, scene.path, who="erin")
    page.get_by_role("tab", name="Speakers").click()
    start = opened(page, 2).get_by_role("slider", name="Start boundary")
    theirs = opened(other, 2).get_by_role("textbox", name="End")
    theirs.fill("0:09")
    theirs.press("Enter")
    wait_until_saved(other)
    # The talk time says when the change is there
    expect(page.get_by_role("tabpanel", name="Speakers")).to_contain_text("0:07")
    start.press("Shift+ArrowRight")
    start.press("Enter")
    wait_until_saved(page)
    moved = before[2][0] + 100
    assert scene.times() == [before[0], [before[1][0], moved], [moved, 9_000]]


def test_space_plays_the_audio_around_a_boundary(browse: Browse, scene: Scene) -> None:
    page = edited(browse, scene.path)
    opened(page).get_by_role("slider", name="End boundary").focus()
    page.keyboard.press("Space")
    audio = page.locator("[data-audio]")
    page.wait_for_function("audio => audio.played.length && audio.paused", arg=audio.element_handle())
    played_to = audio.evaluate("audio => audio.currentTime * 1000")
    assert abs(played_to - (scene.times()[SECOND][1] + 1_000)) < 500


def test_without_audio_a_boundary_can_still_be_moved(browse: Browse, stage: Site) -> None:
    recording = stage.do("recording")
    page = edited(browse, f"/transcripts/{stage.do('transcript', recording=recording, lines=LINES)}/")
    put_caret(page, SECOND)
    page.keyboard.press("Alt+t")
    dialog = page.get_by_role("dialog", name="Times of the segment")
    expect(dialog.get_by_text("The audio of this part can't be shown.")).to_be_visible()
    start = dialog.get_by_role("slider", name="Start boundary")
    was = int(start.get_attribute("aria-valuenow") or 0)
    start.press("ArrowRight")
    expect(start).to_have_attribute("aria-valuenow", str(was + 10))


def test_of_a_long_segment_the_other_end_is_shown_when_asked(browse: Browse, stage: Site) -> None:
    recording = stage.do("recording")
    lines = [["A", "word " * 60]]
    page = edited(browse, f"/transcripts/{stage.do('transcript', recording=recording, lines=lines)}/")
    put_caret(page, 0)
    page.keyboard.press("Alt+t")
    dialog = page.get_by_role("dialog", name="Times of the segment")
    expect(dialog.get_by_role("slider", name="End boundary")).to_be_hidden()
    dialog.get_by_role("button", name="Show the end").click()
    expect(dialog.get_by_role("slider", name="End boundary")).to_be_visible()
    expect(dialog.get_by_role("slider", name="Start boundary")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dialog_is_for_everyone(browse: Browse, scene: Scene, scheme: str, pictures: Path | None) -> None:
    page = edited(browse, scene.path, color_scheme=scheme)
    opened(page)
    assert axe.violations(page) == []
    if pictures:
        page.screenshot(path=pictures / f"review-times-wide-{scheme}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_it_is_a_sheet_and_its_handles_fit_a_thumb(
    browse: Browse, scene: Scene, scheme: str, pictures: Path | None
) -> None:
    page = edited(browse, scene.path, viewport=PHONE, has_touch=True, is_mobile=True, color_scheme=scheme)
    dialog = opened(page)
    box = dialog.bounding_box()
    assert box
    assert (box["x"], round(box["width"]), round(box["y"] + box["height"])) == (0, PHONE["width"], PHONE["height"])
    for handle in dialog.get_by_role("slider").all():
        size = handle.bounding_box()
        assert size
        assert size["width"] >= 44
        assert size["x"] >= 0
        assert size["x"] + size["width"] <= PHONE["width"]
    assert axe.violations(page) == []
    if pictures:
        page.screenshot(path=pictures / f"review-times-phone-{scheme}.png")
