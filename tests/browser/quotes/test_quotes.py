"""An article is dropped on the page, and a press leads to the moment of a quotation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

LINES = [["Hale", "It was when the river moved."], ["Berg", "And the ministry had that report?"]]
DROP = """(text) => {
  const files = new DataTransfer();
  files.items.add(new File([text], "article.txt", { type: "text/plain" }));
  const about = { bubbles: true, cancelable: true, dataTransfer: files };
  const happen = (type) => document.body.dispatchEvent(new DragEvent(type, about));
  happen("dragenter");
  happen("drop");
}"""


@pytest.fixture
def transcript(stage: Site) -> str:
    """A transcript with audio."""
    recording = stage.do("recording", title="Interview")
    return str(stage.do("transcript", recording=recording, lines=LINES, sound=True))


def test_a_dropped_article_is_checked_and_not_uploaded(stage: Site, browse: Browse, transcript: str) -> None:
    page = browse("/quotes/")
    page.evaluate(DROP, "She said: “The ministry had that report”, and “the river stayed where it was”.")
    expect(page.get_by_role("status").filter(has_text="1 exact, 0 differing, 1 not found")).to_be_visible()
    expect(page.locator("#tray li")).to_have_count(0)
    page.get_by_role("link", name=re.compile("Listen at")).click()
    expect(page.locator("[data-text][data-painted]")).to_be_attached()
    assert re.search(rf"/transcripts/{transcript}/", page.url)


def test_a_citation_is_copied(stage: Site, browse: Browse, transcript: str) -> None:
    page = browse("/quotes/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("A quotation, or a whole article").fill("“The ministry had that report”")
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“the ministry had that report” (Berg, Interview, 0:0")
    assert f"/transcripts/{transcript}/#t=0:0" in copied
