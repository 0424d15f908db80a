"""Two people and a recogniser write one text: what is typed is saved, merged and never lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.live.session import SAID, opened, saved, text_of, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]


def test_what_is_typed_is_saved_and_seen_by_everyone(stage: Site, browse: Browse, live: str) -> None:
    alice, erin = opened(browse, live, "alice"), opened(browse, live, "erin")
    write(erin, 1, " Really.")
    expect(text_of(alice, 1)).to_have_text(f"{SAID[1]} Really.")
    saved(erin)
    assert stage.do("lines", live=live)[1][:2] == [f"{SAID[1]} Really.", "human"]
    alice.reload()
    expect(text_of(alice, 1)).to_have_text(f"{SAID[1]} Really.")


def test_an_edit_is_undone_by_a_key(stage: Site, browse: Browse, live: str) -> None:
    page = opened(browse, live, "erin")
    write(page, 0, " At last.")
    saved(page)
    page.keyboard.press("Control+z")
    expect(text_of(page, 0)).to_have_text(SAID[0])
    saved(page)
    assert stage.do("lines", live=live)[0][0] == SAID[0]


def test_words_arrive_at_the_end_while_someone_types(stage: Site, browse: Browse, live: str) -> None:
    page = opened(browse, live, "erin")
    page.keyboard.press("e")
    page.keyboard.type(" At last.")
    stage.do("say", live=live, text="Then someone speaks.", at_ms=9_000)
    expect(page.get_by_role("textbox", name="Transcript").get_by_text("Then someone speaks.")).to_be_visible()
    page.keyboard.type(" Really.")
    saved(page)
    texts = [text for text, _, _ in stage.do("lines", live=live)]
    assert texts == [SAID[0], f"{SAID[1]} At last. Really.", "Then someone speaks."]


def test_new_words_are_announced_once_and_edits_are_not(stage: Site, browse: Browse, live: str) -> None:
    page = opened(browse, live, "vera")
    erin = opened(browse, live, "erin")
    log = page.get_by_role("log", name="New words")
    expect(log).to_be_empty()
    stage.do("say", live=live, text="Then someone speaks.", at_ms=9_000)
    expect(log).to_have_text("Then someone speaks.")
    write(erin, 2, " Indeed.")
    expect(text_of(page, 2)).to_have_text("Then someone speaks. Indeed.")
    expect(log).to_have_text("Then someone speaks.")


def test_two_people_write_in_one_segment_and_both_are_kept(stage: Site, browse: Browse, live: str) -> None:
    alice, erin = opened(browse, live, "alice"), opened(browse, live, "erin")
    write(erin, 0, " Please.")
    write(alice, 0, "So: ", key="Home")
    for page in (alice, erin):
        expect(text_of(page, 0)).to_have_text(f"So: {SAID[0]} Please.")
        saved(page)
    assert stage.do("lines", live=live)[0][0] == f"So: {SAID[0]} Please."


def test_a_page_sees_where_the_others_are_and_not_itself(browse: Browse, live: str) -> None:
    alice, erin = opened(browse, live, "alice"), opened(browse, live, "erin")
    text_of(erin, 0).click()
    expect(alice.locator(".seg").first).to_have_attribute("data-with", re.compile("Erin"))
    text_of(alice, 1).click()
    expect(erin.locator(".seg").nth(1)).to_have_attribute("data-with", re.compile("Alice"))
    expect(erin.locator(".seg .caret")).to_have_count(1)


def replace_before(page: Page, text: str, other: str) -> None:
    """Write something else in place of the text before the caret, at one stroke: letters may be saved one by one."""
    for _ in text:
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.insert_text(other)


def overwritten(stage: Site, browse: Browse, live: str) -> Page:
    """Alice's page after she changed a word, without a network, that Erin had changed."""
    alice, erin = opened(browse, live, "alice"), opened(browse, live, "erin")
    alice.context.set_offline(True)
    write(alice, 0, "s", key="End")
    alice.keyboard.press("Backspace")
    replace_before(alice, "page.", "door.")
    expect(alice.locator("[data-save-state]")).to_contain_text("Offline")
    text_of(erin, 0).click()
    erin.keyboard.press("End")
    replace_before(erin, "page.", "press.")
    saved(erin)
    alice.context.set_offline(False)
    saved(alice)
    return alice


def test_words_that_were_overwritten_are_beside_the_text(
    stage: Site, browse: Browse, live: str, pictures: Path | None
) -> None:
    alice = overwritten(stage, browse, live)
    card = alice.get_by_role("group", name="Overwritten words")
    expect(card).to_contain_text("press.")
    expect(text_of(alice, 0)).to_have_text("Hold the front door.")
    assert axe.violations(alice) == []
    if pictures:
        alice.screenshot(path=pictures / "live-overwritten.png")
    alice.reload()
    expect(card).to_contain_text("press.")
    card.get_by_role("button", name="Use these words").click()
    expect(card).to_be_hidden()
    expect(text_of(alice, 0)).to_have_text("Hold the front press.")
    saved(alice)
    assert stage.do("lines", live=live)[0][0] == "Hold the front press."


def test_overwritten_words_are_dismissed_for_everyone(stage: Site, browse: Browse, live: str) -> None:
    alice = overwritten(stage, browse, live)
    erin = opened(browse, live, "erin")
    expect(erin.get_by_role("group", name="Overwritten words")).to_be_visible()
    alice.get_by_role("button", name="Dismiss").click()
    for page in (alice, erin):
        expect(page.get_by_role("group", name="Overwritten words")).to_be_hidden()
    assert stage.do("lines", live=live)[0][0] == "Hold the front door."


def test_an_edit_outlives_a_server_that_is_away_and_a_reload(stage: Site, browse: Browse, live: str) -> None:
    page = opened(browse, live, "erin")
    stage.stop_web()
    write(page, 0, " Now.")
    expect(page.locator("[data-save-state]")).to_contain_text("Offline")
    stage.start_web()
    page.reload()
    expect(text_of(page, 0)).to_have_text(f"{SAID[0]} Now.")
    saved(page)
    assert stage.do("lines", live=live)[0][:2] == [f"{SAID[0]} Now.", "human"]


OLD = """
    ([session, text]) => localStorage.setItem(
        `verbatim-draft:${session}:segment:s0:r1:abcd`,
        JSON.stringify({ url: `/live/${session}/segments/s0/`, fields: { text, revision: 1 }, state: "waiting" }),
    )
"""


def test_an_edit_that_an_earlier_version_kept_is_offered_on_every_page(browse: Browse, live: str) -> None:
    page = browse("/", who="erin")
    page.evaluate(OLD, [live, "Hold page one."])
    for path in ("/", f"/live/{live}/"):
        page.goto(path)
        panel = page.get_by_role("region", name="Changes that need a decision")
        expect(panel.get_by_text("Hold page one.")).to_be_visible()
    assert axe.violations(page) == []
    panel.get_by_role("button", name="Discard").click()
    expect(panel).to_be_hidden()
    assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('verbatim-draft'))") == []


def test_a_viewer_reads_the_same_text_and_cannot_change_it(stage: Site, browse: Browse, live: str) -> None:
    page = opened(browse, live, "vera")
    write(page, 0, "mine")
    stage.do("say", live=live, text="Then someone speaks.", at_ms=9_000)
    expect(text_of(page, 2)).to_have_text("Then someone speaks.")
    expect(text_of(page, 0)).to_have_text(SAID[0])
    expect(page.locator("[contenteditable=true]")).to_have_count(0)
    expect(page.get_by_role("button", name="Mark moment")).to_have_count(0)
