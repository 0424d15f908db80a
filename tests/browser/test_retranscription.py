"""A session is heard again, and a person decides where that differs from what they wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

SAID = ["good mourning everybody", "the damn was never build for that", "and so on"]
HEARD = ["Good morning, everybody.", "The dame was never built for this.", "And so on."]


@pytest.fixture
def text(stage: Site) -> str:
    """The id of the text of a session; Alice corrected the second sentence, twice."""
    made: str = stage.do("spoken", title="Dams", said=SAID, gaps=[[16_000, 41_000]])
    stage.do("correct", transcript=made, position=1, text="the dam was never build for which")
    return made


def test_a_session_is_improved_and_its_conflicts_decided(browse: Browse, stage: Site, text: str) -> None:
    page = browse(f"/transcripts/{text}/")
    expect(page.get_by_text("0:16–0:41: not transcribed live")).to_be_visible()
    page.locator("#transcribe-again").press("Enter")
    page.get_by_role("button", name="Transcribe again").press("Enter")
    part = page.locator("#retranscription")
    expect(part.get_by_role("status")).to_have_text("Transcribing again")
    stage.do("show_improving", transcript=text, stage="transcribing", progress=40)
    expect(part.get_by_role("status")).to_have_text("Transcribing again, 40 %")
    stage.do("improved", transcript=text, heard=HEARD)
    part.get_by_role("link", name="Read the newer transcript").click()
    expect(page).not_to_have_url(re.compile(text))
    expect(part.get_by_role("status")).to_have_text(
        "Transcribed again. The new transcription differs from your corrections in 2 places. Decide under Conflicts."
    )
    expect(page.locator(".seg > .said")).to_have_text(
        ["Good morning, everybody.", "The dam was never built for which", "And so on."]
    )
    expect(page.get_by_text("not transcribed live")).to_have_count(0)
    conflicts = page.locator("[data-conflict]")
    expect(conflicts.first).to_contain_text(re.compile(r"Your correction.*dam.*New transcription.*dame"))
    conflicts.nth(1).get_by_role("button", name="Play from").click()
    page.wait_for_function("() => document.querySelector('audio').currentTime >= 7")
    conflicts.nth(1).get_by_role("button", name="Use the other").press("Enter")
    expect(page.locator(".seg > .said").nth(1)).to_have_text("The dam was never built for this.")
    expect(conflicts).to_have_count(1)
    conflicts.first.get_by_role("button", name="Keep the text").press("Enter")
    expect(conflicts).to_have_count(0)
    expect(part.get_by_role("status")).to_have_text("Transcribed again. Your corrections are kept.")
    expect(page.locator(".seg > .said").nth(1)).to_have_text("The dam was never built for this.")


def test_a_passage_that_somebody_changed_meanwhile_is_left_alone(browse: Browse, stage: Site, text: str) -> None:
    stage.do("improve", transcript=text)
    newer = stage.do("improved", transcript=text, heard=HEARD)
    page = browse(f"/transcripts/{newer}/")
    stage.do("correct", transcript=newer, position=1, text="the levee was never built for which")
    expect(page.locator(".seg > .said").nth(1)).to_have_text("the levee was never built for which")
    page.locator("[data-conflict]").first.get_by_role("button", name="Use the other").click()
    expect(page.get_by_role("alert")).to_contain_text("Someone else changed this segment.")
    expect(page.locator(".seg > .said").nth(1)).to_have_text("the levee was never built for which")


def test_who_may_only_read_is_asked_nothing(browse: Browse, stage: Site, text: str) -> None:
    page = browse(f"/transcripts/{text}/", who="vera")
    expect(page.get_by_text("not transcribed live")).to_be_visible()
    expect(page.locator("#transcribe-again")).to_have_count(0)
    stage.do("improve", transcript=text)
    newer = stage.do("improved", transcript=text, heard=HEARD)
    page.goto(f"/transcripts/{newer}/")
    expect(page.locator("#retranscription").get_by_role("status")).to_have_text("Transcribed again.")
    expect(page.get_by_role("button", name="Keep the text")).to_have_count(0)
