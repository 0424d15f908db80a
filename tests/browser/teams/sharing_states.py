"""The dialog and the page of sharing in every state, for the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.teams.states import TEAMS, at

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    State = tuple[str, Callable[[Page, dict[str, str]], None]]


ARTICLE = "“It was when the river moved.” “It was then the river moved.” “The river had always been there.” “Silt.”"


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


def checked(page: Page, ids: dict[str, str]) -> None:
    page.goto("/quotes/")
    page.get_by_label("A quotation, or a whole article").fill(ARTICLE)
    page.get_by_role("button", name="Check").click()
    page.get_by_role("status").filter(has_text="3 quotations").wait_for()


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
    "share-folder": ("alice", at("/folders/{folder}/share/")),
    "share-folder-links": ("alice", at("/folders/{folder}/share/?tab=links")),
    "move": ("alice", at("/recordings/{shared_recording}/move/")),
    "guest-folder": ("", at("/f/{folder_link}/")),
    "guest-folder-password": ("", at("/f/{folder_locked}/")),
    "quotes": ("alice", at("/quotes/")),
    "quotes-checked": ("alice", checked),
    "library-shared-with-me": ("sofia", at("/?state=shared")),
}
