"""From an empty instance to the library, and back in through the front door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser import axe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.site import Site


def test_the_first_visitor_founds_the_instance(stage: Site, browse: Callable[..., Page], pictures: Path | None) -> None:
    stage.do("clear")
    page = browse("/", who=None)
    expect(page.get_by_role("heading", name="Create the first administrator")).to_be_visible()
    if pictures:
        page.screenshot(path=pictures / "set-up-light-wide.png")
    assert axe.violations(page) == []
    page.get_by_label("Your name").fill("Olena Marchuk")
    page.get_by_label("E-mail").fill("olena@example.org")
    page.get_by_label("Password").fill("seven quiet rivers")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    page.locator(".person summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Email").fill("olena@example.org")
    page.get_by_label("Password").fill("seven quiet rivers")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Console")).to_be_visible()


def test_a_stranger_makes_an_account(browse: Callable[..., Page]) -> None:
    page = browse("/", who=None)
    page.get_by_role("link", name="Create an account").click()
    expect(page.get_by_role("heading", name="Create an account")).to_be_visible()
    page.get_by_label("Email").fill("ivan@example.org")
    page.get_by_label("Your name").fill("Ivan Petrenko")
    page.get_by_label("Password").fill("seven quiet rivers")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    expect(page.get_by_text("Drop your first recording here")).to_be_visible()


def test_a_session_that_ended_leads_to_the_sign_in(stage: Site, browse: Callable[..., Page]) -> None:
    stage.do("recording")
    page = browse()
    page.context.clear_cookies()
    # The next thing the page asks for by itself, or the person by a click, finds the session gone.
    page.evaluate("document.querySelector('.row .title').click()")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_part_asked_for_after_the_session_ended_leads_there_too(stage: Site, browse: Callable[..., Page]) -> None:
    page = browse("/search/")
    page.locator("html[data-events=on]").wait_for(state="attached")
    # What the page refetches as it connects must not be the part that finds the session gone
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    page.get_by_role("searchbox").fill("harbour")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_role("heading", name="Library")).to_have_count(0)
