"""The page of a live session in which two segments were said, and what people do there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    Browse = Callable[..., Page]

SAID = ["Hold the front page.", "The damn piece moves to Thursday."]


def opened(browse: Browse, live: str, who: str) -> Page:
    page = browse(f"/live/{live}/", who=who)
    state = "recorded in another window|Not recording" if who == "alice" else "Watching"
    expect(page.locator("[data-status]")).to_have_text(re.compile(state))
    return page


def text_of(page: Page, position: int) -> Locator:
    return page.locator(".seg .said").nth(position)


def write(page: Page, position: int, text: str, key: str = "End") -> None:
    """Type at the end of a segment, or after another key."""
    text_of(page, position).click()
    page.keyboard.press(key)
    page.keyboard.type(text)


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_text("Saved")
