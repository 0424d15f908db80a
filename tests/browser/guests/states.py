"""States of a guest's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

State = tuple[str, "Callable[[Page, dict[str, str]], None]"]


def reading(name: str) -> State:
    """The page of a link, once its text is painted."""

    def go(page: Page, ids: dict[str, str]) -> None:
        page.goto(ids[name])
        page.locator("[data-text][data-painted]").wait_for()

    return "", go


def plain(name: str) -> State:
    """A page without a transcript."""

    def go(page: Page, ids: dict[str, str]) -> None:
        page.goto(ids[name])

    return "", go


def named(name: str) -> State:
    """The page of a link on which the guest can write."""

    def go(page: Page, ids: dict[str, str]) -> None:
        page.goto(ids[name])
        page.get_by_label("Enter your name").fill("Dana")
        page.get_by_role("button", name="Continue").click()
        page.get_by_text("(guest)").first.wait_for()
        page.locator("[data-text][data-painted]").wait_for()

    return "", go


def ended(page: Page, ids: dict[str, str]) -> None:
    """The page of a guest whose link was revoked."""
    named("guest_edit")[1](page, ids)
    page.locator("[data-link-ended]").evaluate("notice => { notice.hidden = false }")


STATES: dict[str, State] = {
    "guest": reading("guest_view"),
    "guest-asked-for-a-name": reading("guest_comment"),
    "guest-commenting": named("guest_comment"),
    "guest-editing": named("guest_edit"),
    "guest-revoked": ("", ended),
    "guest-stretch": reading("guest_stretch"),
    "guest-audio-being-cut": reading("guest_cutting"),
    "guest-initials": reading("guest_initials"),
    "guest-not-approved": plain("guest_approved"),
    "guest-password": plain("guest_locked"),
    "guest-gone": plain("guest_unknown"),
}
