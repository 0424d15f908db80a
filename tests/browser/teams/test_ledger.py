"""Cost and accuracy on the pages of a team and in the console, light and dark, wide and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import PHONE, WIDE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.site import Site

LOOKS: dict[str, dict[str, Any]] = {
    "light-wide": {"color_scheme": "light", "viewport": WIDE},
    "dark-phone": {"color_scheme": "dark", "viewport": PHONE},
}


@pytest.fixture
def filled(stage: Site) -> Site:
    """The newsroom with charges, a budget and measured transcripts."""
    stage.do("ledger")
    return stage


def sticks_out(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    ("name", "path", "shown"),
    [
        ("team-cost", "/teams/newsroom/usage/", "USD 3.42"),
        ("team-accuracy", "/teams/newsroom/accuracy/", "word error rate, measured on"),
    ],
)
def test_a_teams_page_is_whole_and_everyone_can_use_it(
    name: str, path: str, shown: str, look: str, filled: Site, browse: Callable[..., Page], pictures: Path | None
) -> None:
    page = browse(path, **LOOKS[look])
    expect(page.locator("#page")).to_contain_text(shown)
    if pictures:
        page.screenshot(path=pictures / f"{name}-{look}.png", full_page=True)
    assert axe.violations(page) == []
    assert not sticks_out(page)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    ("name", "path", "shown"),
    [
        ("console-usage", "/admin/usage/", "of USD 4.00, 85 % spent"),
        ("console-accuracy", "/admin/accuracy/", "By team"),
    ],
)
def test_a_page_of_the_console_shows_its_numbers_in_its_own_style(
    name: str, path: str, shown: str, look: str, filled: Site, browse: Callable[..., Page], pictures: Path | None
) -> None:
    page = browse(path, **LOOKS[look])
    expect(page.locator(".ledger")).to_contain_text(shown)
    expect(page.locator(".ledger-table").first).to_have_css("border-collapse", "collapse")
    if pictures:
        page.screenshot(path=pictures / f"{name}-{look}.png", full_page=True)
    assert not sticks_out(page)
