"""Speakers, find and replace, and conflicts beside the text, by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.editing.test_main_ways import edited, put_caret, said, wait_until_saved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

LINES = [["Speaker 1", "Hold the paige"], ["Speaker 2", "Thursday works for the paige"], ["Speaker 1", "So be it"]]


@pytest.fixture
def transcript(stage: Site) -> str:
    """The path of a transcript of three segments with audio."""
    recording = stage.do("recording", title="Council meeting")
    return f"/transcripts/{stage.do('transcript', recording=recording, lines=LINES, sound=True)}/"


@pytest.fixture
def conflict(stage: Site) -> str:
    """The path of a transcript in which a new transcription differs from a correction."""
    recording = stage.do("recording", title="Council meeting")
    made = stage.do("transcript", recording=recording, lines=LINES, sound=True)
    stage.do("disagree", transcript=made, position=0, kept="paige", offered="page")
    return f"/transcripts/{made}/"


def names(page: Page) -> list[str]:
    return page.locator(".seg .spk").all_inner_texts()


def test_a_speaker_is_renamed_everywhere_by_keyboard(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    put_caret(page, 0)
    page.keyboard.press("Alt+s")
    expect(page.get_by_role("combobox", name="Speaker")).to_be_focused()
    page.keyboard.type("Olena")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_text("Rename “Speaker 1” to “Olena” in all 2 segments")
    page.keyboard.press("Enter")
    expect(page.locator(".seg .spk")).to_have_text(["Olena", "Speaker 2", "Olena"])
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator(".seg .spk")).to_have_text(["Speaker 1", "Speaker 2", "Speaker 1"])
    wait_until_saved(page)


def test_one_segment_gets_a_new_speaker_and_a_digit_gives_it_back(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    put_caret(page, 0)
    page.keyboard.press("Alt+s")
    page.keyboard.type("Olena")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".seg .spk")).to_have_text(["Olena", "Speaker 2", "Speaker 1"])
    page.keyboard.press("Alt+2")
    expect(page.locator(".seg .spk")).to_have_text(["Speaker 2", "Speaker 2", "Speaker 1"])
    wait_until_saved(page)


def test_two_speakers_are_merged_and_unmerged(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    page.get_by_role("tab", name="Speakers").click()
    panel = page.get_by_role("tabpanel", name="Speakers")
    panel.get_by_role("button", name="Merge Speaker 2 with another speaker").press("Enter")
    expect(panel.get_by_label("Merge Speaker 2 into")).to_be_focused()
    panel.get_by_role("button", name="Merge", exact=True).press("Enter")
    expect(page.locator(".seg .spk")).to_have_text(["Speaker 1"] * 3)
    put_caret(page, 0)
    page.keyboard.press("Control+z")
    expect(page.locator(".seg .spk")).to_have_text(["Speaker 1", "Speaker 2", "Speaker 1"])
    wait_until_saved(page)


def test_names_of_other_transcripts_are_offered(stage: Site, browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    page.get_by_role("tab", name="Speakers").click()
    panel = page.get_by_role("tabpanel", name="Speakers")
    panel.get_by_role("button", name="Rename Speaker 2").press("Enter")
    page.keyboard.type("Olena Marchuk")
    page.keyboard.press("Enter")
    expect(page.locator(".seg .spk").nth(1)).to_have_text("Olena Marchuk")
    wait_until_saved(page)
    other = stage.do("transcript", recording=stage.do("recording", title="Another"), lines=LINES)
    page.goto(f"/transcripts/{other}/")
    expect(page.locator("[data-text][data-painted]")).to_be_attached()
    put_caret(page, 0)
    page.keyboard.press("Alt+s")
    page.keyboard.type("mar")
    expect(page.get_by_role("option", name="Olena Marchuk", exact=True)).to_be_visible()


def test_all_is_replaced_and_one_undo_takes_it_back(browse: Browse, transcript: str, pictures: Path | None) -> None:
    page = edited(browse, transcript)
    put_caret(page, 0, at="Home")
    page.keyboard.press("Control+f")
    page.keyboard.type("paige")
    expect(page.get_by_text("1 of 2")).to_be_visible()
    page.get_by_label("Replace with").fill("page")
    assert axe.violations(page) == []
    if pictures:
        page.screenshot(path=pictures / "review-find-wide-light.png")
    page.get_by_role("button", name="Replace all 2").press("Enter")
    expect(said(page)).to_have_text(["Hold the page", "Thursday works for the page", "So be it"])
    page.keyboard.press("Escape")
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(said(page)).to_have_text(["Hold the paige", "Thursday works for the paige", "So be it"])
    wait_until_saved(page)


def test_one_is_replaced_and_the_next_is_chosen(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    put_caret(page, 0, at="Home")
    page.keyboard.press("Control+f")
    page.keyboard.type("paige")
    expect(page.get_by_text("1 of 2")).to_be_visible()
    page.get_by_label("Replace with").fill("page")
    page.get_by_label("Replace with").press("Alt+Enter")
    expect(said(page)).to_have_text(["Hold the page", "Thursday works for the paige", "So be it"])
    expect(page.get_by_text("1 of 1")).to_be_visible()
    wait_until_saved(page)


def test_an_expression_that_never_ends_is_stopped(browse: Browse, stage: Site) -> None:
    recording = stage.do("recording")
    lines = [["A", f"{'a' * 40}!"]]
    page = edited(browse, f"/transcripts/{stage.do('transcript', recording=recording, lines=lines)}/")
    put_caret(page, 0)
    page.keyboard.press("Control+f")
    page.get_by_label("Regular expression").check()
    page.get_by_label("Find", exact=True).fill("(a+)+$")
    expect(page.get_by_text("This expression takes too long.")).to_be_visible()
    page.get_by_label("Find", exact=True).fill("a+")
    expect(page.get_by_text("1 of 1")).to_be_visible()


def test_a_conflict_is_decided_by_a_key(browse: Browse, conflict: str, pictures: Path | None) -> None:
    page = edited(browse, conflict)
    panel = page.get_by_role("tabpanel", name="Conflicts")
    expect(panel.get_by_role("heading", name="1 conflict to decide")).to_be_visible()
    if pictures:
        page.screenshot(path=pictures / "review-conflict-wide-light.png")
    panel.get_by_role("button", name="Keep the text").focus()
    page.keyboard.press("2")
    expect(said(page).nth(0)).to_have_text("Hold the page")
    expect(panel.get_by_text("No conflicts.")).to_be_visible()
    page.reload()
    expect(said(page).nth(0)).to_have_text("Hold the page")


def test_times_are_changed_in_a_small_dialog(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    put_caret(page, 2)
    page.keyboard.press("Alt+t")
    dialog = page.get_by_role("dialog", name="Times of the segment")
    dialog.get_by_role("textbox", name="Start").fill("0:05")
    dialog.get_by_role("textbox", name="End").fill("0:01")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("The end is before the start.")
    dialog.get_by_role("textbox", name="End").fill("0:07.5")
    page.keyboard.press("Enter")
    expect(page.locator(".seg .at").nth(2)).to_have_text("0:05")
    expect(page.locator(".ProseMirror")).to_be_focused()
    wait_until_saved(page)


def test_what_nobody_understands_is_marked(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    put_caret(page, 2)
    page.keyboard.press("Alt+i")
    expect(said(page).nth(2)).to_have_text("So be it [inaudible]")
    wait_until_saved(page)
