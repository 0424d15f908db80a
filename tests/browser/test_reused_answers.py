"""A transcript of an answer that was used again says so, and is transcribed anyway by one press."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.site import Site

SIZES = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture
def transcript(stage: Site) -> str:
    """The id of a transcript whose answer is that of another recording."""
    first: str = stage.do("transcript", recording=stage.do("recording", title="The harbour"))
    again: str = stage.do("transcript", recording=stage.do("recording", title="The harbour again"), sound=True)
    stage.do("account")
    stage.do("reuse", transcript=again, of=first)
    return again


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_says_whose_answer_it_is(
    browse: Callable[..., Page], transcript: str, size: str, scheme: str, pictures: Path | None
) -> None:
    page = browse(f"/transcripts/{transcript}/", viewport=SIZES[size], color_scheme=scheme)
    expect(page.get_by_text("Same audio and options as “The harbour”")).to_be_visible()
    expect(page.get_by_role("button", name="Transcribe anyway")).to_be_visible()
    assert axe.violations(page) == []
    if pictures:
        page.screenshot(path=pictures / f"reused-{size}-{scheme}.png")


def test_one_press_transcribes_it_anyway(browse: Callable[..., Page], transcript: str) -> None:
    page = browse(f"/transcripts/{transcript}/")
    page.get_by_role("button", name="Transcribe anyway").press("Enter")
    part = page.locator("#retranscription")
    expect(part.get_by_role("status")).to_have_text("Transcribing again")
    expect(part.get_by_role("button", name="Transcribe anyway")).to_have_count(0)
