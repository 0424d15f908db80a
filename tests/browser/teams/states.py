"""The pages of teams in every state, for the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    State = tuple[str, Callable[[Page, dict[str, str]], None]]


def at(path: str, opened: str = "") -> Callable[[Page, dict[str, str]], None]:
    """A page, with one of its menus open."""

    def go(page: Page, ids: dict[str, str]) -> None:
        page.goto(path.format(**ids))
        if opened:
            page.locator(opened).first.click()

    return go


def switching(page: Page, ids: dict[str, str]) -> None:
    page.goto("/")
    page.locator(".person summary").wait_for()
    page.keyboard.press("w")
    page.locator(".switch-menu button:focus").wait_for()


TEAMS: dict[str, State] = {
    "team": ("alice", at("/teams/newsroom/")),
    "team-of-an-editor": ("erin", at("/teams/newsroom/")),
    "team-personal": ("alice", at("/teams/alice/")),
    "team-inviting-by-link": ("alice", at("/teams/newsroom/", ".link-maker summary")),
    "team-removing": ("alice", at("/teams/newsroom/", ".people .menu summary")),
    "team-deleting": ("alice", at("/teams/newsroom/", ".ends summary >> nth=2")),
    "notifications": ("erin", at("/notifications/")),
    "notifications-none": ("charlie", at("/notifications/")),
    "team-new": ("alice", at("/teams/new/")),
    "team-defaults": ("alice", at("/teams/newsroom/defaults/")),
    "team-defaults-of-a-viewer": ("vera", at("/teams/newsroom/defaults/")),
    "team-providers": ("alice", at("/teams/newsroom/providers/")),
    "team-providers-of-a-viewer": ("vera", at("/teams/newsroom/providers/")),
    "team-usage": ("alice", at("/teams/newsroom/usage/")),
    "team-activity": ("alice", at("/teams/newsroom/activity/")),
    "team-usage-without-limits": ("alice", at("/teams/alice/usage/")),
    "team-switching": ("alice", switching),
    "library-leaving": ("alice", at("/?q=Budget")),
    "invitation": ("", at("{invitation}")),
    "invitation-of-another-person": ("charlie", at("{invitation}")),
    "invitation-unknown": ("", at("/invitations/nothing/")),
}
