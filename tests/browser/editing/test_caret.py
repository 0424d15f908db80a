"""The caret stays where a person put it, whatever arrives at that moment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

# The socket of the page's transcript, for messages that the server didn't send.
HOLD_SOCKET = """
    const Original = WebSocket;
    globalThis.WebSocket = class extends Original {
        constructor(url) {
            super(url);
            if (url.includes("/ws/transcripts/")) globalThis.feed = this;
        }
    };
"""
# Nothing can come between the caret and the message: both are in one task.
MOVE_AND_RECEIVE = """([at, message]) => {
    getSelection().selectAllChildren(document.querySelectorAll("[data-text] .seg > .said")[at]);
    getSelection().collapseToEnd();
    feed.dispatchEvent(new MessageEvent("message", { data: message }));
}"""
PLACE = {
    "type": "here",
    "page": "e1",
    "user": 0,
    "name": "Erin",
    "segment": "s1",
    "anchor": 0,
    "head": 0,
    "editing": True,
}


def edit(change: int) -> dict[str, object]:
    row = {
        "id": "s1",
        "after": "s0",
        "revision": 2,
        "change": change,
        "text": "So be it all",
        "speaker": "1",
        "words": [],
    }
    return {"type": "edit", "change": change, "client": "e1", "n": 1, "rows": [{**row, "start_ms": 0, "end_ms": 0}]}


@pytest.mark.parametrize("message", [PLACE, edit(1)], ids=["place", "edit"])
def test_a_message_leaves_a_caret_of_which_the_browser_has_not_told(
    stage: Site, browse: Browse, message: dict[str, object]
) -> None:
    lines = [["Speaker 1", "Hold the page"], ["Speaker 2", "So be it"]]
    transcript = stage.do("transcript", recording=stage.do("recording"), lines=lines)
    page = browse("/")
    page.add_init_script(HOLD_SOCKET)
    page.goto(f"/transcripts/{transcript}/")
    expect(page.locator("[data-text][data-painted]")).to_be_attached()
    page.locator(".seg > .said").nth(1).click()
    page.keyboard.press("End")
    page.evaluate(MOVE_AND_RECEIVE, [0, json.dumps(message)])
    page.keyboard.type("!")
    expect(page.locator(".seg > .said").first).to_have_text("Hold the page!")
