"""A transcript that lacks what the provider couldn't transcribe says so, and asks for that alone."""

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
LINES = [["Olena", "Good morning everyone, and welcome to the council."], ["Bob", "Thank you, chair."]]


@pytest.fixture
def transcript(stage: Site) -> str:
    """The id of a transcript with a gap behind its two lines."""
    made: str = stage.do("transcript", recording=stage.do("recording", title="Long hearing"), lines=LINES, sound=True)
    stage.do("account")
    stage.do("take_a_part", transcript=made, from_ms=20_000, until_ms=41_000)
    return made


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_missing_is_said_in_its_place(
    browse: Callable[..., Page], transcript: str, size: str, scheme: str, pictures: Path | None
) -> None:
    page = browse(f"/transcripts/{transcript}/", viewport=SIZES[size], color_scheme=scheme)
    expect(page.get_by_text("0:20–0:41: couldn’t be transcribed. The provider broke.")).to_be_visible()
    expect(page.get_by_role("button", name="Try the missing part again")).to_be_visible()
    assert axe.violations(page) == []
    if pictures:
        page.screenshot(path=pictures / f"missing-{size}-{scheme}.png")


def test_the_missing_part_is_tried_again_from_the_text(
    browse: Callable[..., Page], stage: Site, transcript: str, pictures: Path | None
) -> None:
    page = browse("/")
    expect(page.get_by_text("Part missing")).to_be_visible()
    if pictures:
        page.screenshot(path=pictures / "missing-library.png")
    page.goto(f"{stage.url}/transcripts/{transcript}/")
    page.get_by_role("button", name="Try the missing part again").press("Enter")
    expect(page.locator("#retranscription").get_by_role("status")).to_have_text("Transcribing again")
