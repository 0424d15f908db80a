"""States of a transcript's page while it is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


def editing(*keys: str, path: str = "/transcripts/{reading}/") -> Callable[[Page, dict[str, str]], None]:
    """The caret in the first segment, and these keys pressed."""

    def go(page: Page, ids: dict[str, str]) -> None:
        page.goto(path.format(**ids))
        page.locator("[data-text][data-painted]").wait_for()
        page.locator(".seg .said").first.click()
        for key in keys:
            page.keyboard.press(key)

    return go


def panel(name: str, path: str = "/transcripts/{reading}/", key: str = "") -> Callable[[Page, dict[str, str]], None]:
    """A panel beside the text, or over it on a phone."""

    def go(page: Page, ids: dict[str, str]) -> None:
        page.goto(path.format(**ids))
        page.locator("[data-text][data-painted]").wait_for()
        page.keyboard.press("g")
        page.keyboard.press(key or name[0].lower())
        page.get_by_role("tabpanel", name=name).wait_for()
        page.wait_for_load_state("networkidle")

    return go


def checking(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/transcripts/{ids['reading']}/")
    page.locator("[data-panel=review] progress").wait_for(state="attached")
    page.locator("[data-tab=review] .n").wait_for(state="attached")
    page.keyboard.press("j")
    page.get_by_role("dialog", name="Word to check").wait_for()


def comparing(page: Page, ids: dict[str, str]) -> None:
    panel("History", "/transcripts/{improved}/")(page, ids)
    page.get_by_role("button", name="Compare with the machine’s text").click()
    page.get_by_role("region", name="Comparison").wait_for()


def comparing_providers(page: Page, ids: dict[str, str]) -> None:
    page.goto(ids["comparison"])
    page.get_by_text("Difference 1 of").wait_for()
    page.keyboard.press("j")
    page.get_by_text("Difference 2 of").wait_for()
    # The bar at the top would cover half of a button
    page.evaluate("scrollTo(0, 0)")


def refused(page: Page, ids: dict[str, str]) -> None:
    problem = {"title": "Bad edit", "status": 422, "detail": "This change can’t be read.", "code": "bad_edit"}
    page.route("**/edits/", lambda route: route.fulfill(status=422, json=problem))
    editing("x")(page, ids)
    page.get_by_role("button", name="Discard").click()


def finding(page: Page, ids: dict[str, str]) -> None:
    editing("Control+f", "t", "h", "e", "Tab", "Tab", "Tab", "a")(page, ids)
    page.locator("[data-find=count]", has_text="of").wait_for()


def own_keys(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/transcripts/{ids['reading']}/")
    page.locator("[data-text][data-painted]").wait_for()
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_role("button", name="Change keys", exact=True).click()


def reviewing(opened: str = "") -> Callable[[Page, dict[str, str]], None]:
    """A transcript that is partly reviewed and partly claimed, with a menu open."""

    def go(page: Page, ids: dict[str, str]) -> None:
        page.goto(f"/transcripts/{ids['reviewing']}/")
        page.locator("[data-text][data-painted]").wait_for()
        if opened:
            page.locator(opened).click()

    return go


def commenting(*, is_composing: bool = False) -> Callable[[Page, dict[str, str]], None]:
    """The panel of comments: a thread and a highlight, or a comment that is being written."""

    def go(page: Page, ids: dict[str, str]) -> None:
        page.goto(f"/transcripts/{ids['reviewing']}/")
        page.locator("[data-text][data-painted]").wait_for()
        page.locator(".seg .note").first.wait_for()
        page.keyboard.press("g")
        page.keyboard.press("m")
        page.locator(".thread .at").first.click()
        page.locator(".thread[aria-current=true]").wait_for()
        if is_composing:
            page.locator("[data-key=write]").click()
            page.get_by_role("combobox", name="Kind").select_option("yellow")

    return go


def using(page: Page, ids: dict[str, str]) -> None:
    page.goto(ids["comparison"])
    page.locator("#use-this-text").click()


def reading_both(page: Page, ids: dict[str, str]) -> None:
    page.goto(ids["comparison"])
    page.get_by_text("Difference 1 of").wait_for()


def compared(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/transcripts/{ids['compared']}/")
    page.locator("[data-text][data-painted]").wait_for()


REVIEWS = {
    "transcript-compared": ("alice", compared),
    "comparison": ("alice", comparing_providers),
    "comparison-using": ("alice", using),
    "comparison-of-a-viewer": ("vera", reading_both),
    "transcript-in-review": ("alice", reviewing()),
    "transcript-in-review-of-a-viewer": ("vera", reviewing()),
    "transcript-status-menu": ("alice", reviewing("#review-status")),
    "transcript-comments": ("alice", commenting()),
    "transcript-comments-of-a-viewer": ("vera", commenting()),
    "transcript-comment-being-written": ("alice", commenting(is_composing=True)),
}
