"""The dialog and the page of sharing in every state, for the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.teams.states import TEAMS, at

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    State = tuple[str, Callable[[Page, dict[str, str]], None]]


def dialog(tab: str, opened: str = "") -> Callable[[Page, dict[str, str]], None]:
    """The dialog on the page of a transcript with one of its tabs, and something in it open."""

    def go(page: Page, ids: dict[str, str]) -> None:
        page.goto("/transcripts/{shared}/".format(**ids))
        page.locator("[data-text][data-painted]").wait_for()
        page.get_by_role("link", name="Share").click()
        page.get_by_role("dialog").get_by_role("link", name=tab).click()
        page.get_by_role("dialog").locator("[aria-current]", has_text=tab).wait_for()
        if opened:
            page.get_by_role("dialog").locator(opened).first.click()

    return go


TEAMS_AND_SHARING: dict[str, State] = {
    **TEAMS,
    "share-people": ("alice", dialog("People and teams")),
    "share-people-more": ("alice", dialog("People and teams", ".grant-more summary")),
    "share-links": ("alice", dialog("Links")),
    "share-opened": ("alice", dialog("Opened")),
    "share-page-people": ("alice", at("/transcripts/{shared}/share/")),
    "share-page-creating": ("alice", at("/transcripts/{shared}/share/?tab=links&from=1000&until=3000")),
    "share-page-without-links": ("alice", at("/transcripts/{reading}/share/?tab=links")),
    "share-page-never-opened": ("alice", at("/transcripts/{reading}/share/?tab=opened")),
    "library-shared-with-me": ("sofia", at("/?state=shared")),
}
