"""Comments on two people's pages: live, at their words, and none lost with the network."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, expect

from tests.browser import axe
from tests.browser.editing.test_main_ways import LINES, edited, put_caret, said, wait_until_saved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page, Route

    from tests.browser.site import Site

    Browse = Callable[..., Page]

SELECT = """([segment, words]) => {
    const text = document.querySelectorAll(".seg > .said")[segment];
    const from = text.textContent.indexOf(words);
    text.closest(".ProseMirror").focus();
    const node = document.createTreeWalker(text, NodeFilter.SHOW_TEXT).nextNode();
    getSelection().setBaseAndExtent(node, from, node, from + words.length);
}"""
# The words that are underlined for comments, as the browser paints them.
MARKED = """() => ["comment", "highlight-yellow", "highlight-green"].flatMap(
    (name) => [...(CSS.highlights.get(name) ?? [])].map((range) => range.toString())
)"""


@pytest.fixture
def transcript(stage: Site) -> str:
    """The path of a transcript of three segments with audio."""
    recording = stage.do("recording", title="Council meeting")
    return f"/transcripts/{stage.do('transcript', recording=recording, lines=LINES, sound=True)}/"


def comment(page: Page, segment: int, words: str, body: str) -> None:
    """Select words and comment on them, by keyboard."""
    page.evaluate(SELECT, [segment, words])
    page.keyboard.press("Alt+m")
    expect(page.get_by_role("form", name="New comment").locator("blockquote")).to_have_text(words)
    page.keyboard.type(body)
    page.keyboard.press("Control+Enter")


def threads(page: Page) -> Locator:
    return page.locator(".thread")


def expect_marked(page: Page, *words: str) -> None:
    """Expect exactly these words to be underlined."""
    page.wait_for_function(
        f"(words) => JSON.stringify(({MARKED})().sort()) === JSON.stringify(words)", arg=sorted(words)
    )


def opened(page: Page) -> None:
    page.locator("[data-tab=comments]").click()


def test_a_comment_is_on_every_page_at_once_and_is_answered_and_resolved_by_keys(
    browse: Browse, transcript: str, pictures: Path | None
) -> None:
    alice, erin = edited(browse, transcript), edited(browse, transcript, who="erin")
    comment(alice, 1, "paige", "Page? @Erin")
    expect_marked(alice, "paige")
    expect_marked(erin, "paige")
    expect(erin.locator("[data-tab=comments] .n")).to_have_text("1")
    erin.get_by_role("button", name="1 comment").click()
    expect(threads(erin)).to_contain_text("Page? @Erin")
    expect(erin.get_by_role("button", name="For you 1")).to_be_visible()
    erin.get_by_role("textbox", name="Reply").fill("It is")
    erin.keyboard.press("Control+Enter")
    expect(threads(alice)).to_contain_text("It is")
    if pictures:
        alice.screenshot(path=pictures / "comments-wide-light.png")
    assert axe.violations(erin) == []
    threads(erin).first.focus()
    erin.keyboard.press("e")
    expect(threads(erin)).to_have_count(0)
    expect_marked(alice)
    alice.get_by_role("button", name="Resolved 1").click()
    expect(threads(alice)).to_contain_text("Resolved by Erin East")


def test_edits_of_another_take_a_comment_along(browse: Browse, transcript: str) -> None:
    alice, erin = edited(browse, transcript), edited(browse, transcript, who="erin")
    comment(alice, 1, "the paige", "Page?")
    expect_marked(erin, "the paige")
    put_caret(erin, 1, at="Start")
    erin.keyboard.type("On ")
    wait_until_saved(erin)
    expect(said(alice).nth(1)).to_have_text("On Thursday works for the paige")
    expect_marked(alice, "the paige")
    put_caret(erin, 1, at="Start")
    erin.keyboard.press("Backspace")
    wait_until_saved(erin)
    expect_marked(alice, "the paige")
    expect_marked(erin, "the paige")
    expect(said(alice).nth(0)).to_contain_text("the paige")


def test_words_that_are_removed_keep_their_comment_until_undo_brings_them_back(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    comment(page, 1, "paige", "Page?")
    expect_marked(page, "paige")
    page.evaluate(SELECT, [1, " the paige"])
    page.keyboard.press("Backspace")
    wait_until_saved(page)
    expect(threads(page)).to_contain_text("not in the text any more")
    page.locator(".ProseMirror").focus()
    page.keyboard.press("Control+z")
    expect_marked(page, "paige")
    expect(threads(page)).not_to_contain_text("not in the text any more")


def test_comments_written_without_a_network_are_at_their_words_when_it_is_back(browse: Browse, transcript: str) -> None:
    alice, erin = edited(browse, transcript), edited(browse, transcript, who="erin")
    alice.context.set_offline(True)
    for pattern in ("**/edits/", "**/comments/**"):
        alice.route(pattern, lambda route: route.abort())
    put_caret(alice, 2)
    alice.keyboard.type(", then")
    comment(alice, 1, "paige", "Which one?")
    comment(alice, 2, "then", "When?")
    expect(threads(alice).filter(has_text="Not sent yet")).to_have_count(2)
    put_caret(erin, 1, at="Start")
    erin.keyboard.type("No paige: ")
    put_caret(erin, 0)
    erin.keyboard.press("Delete")
    wait_until_saved(erin)
    alice.context.set_offline(False)
    alice.unroute_all()
    expect(threads(alice).filter(has_text="Not sent yet")).to_have_count(0)
    for page in (alice, erin):
        expect_marked(page, "paige", "then")
        expect(said(page).nth(0)).to_have_text("Hold the paige No paige: Thursday works for the paige")
    offset = "() => [...CSS.highlights.get('comment')].map((range) => range.startOffset)[0]"
    assert erin.evaluate(offset) == len("Hold the paige No paige: Thursday works for the ")
    opened(erin)
    expect(threads(erin)).to_have_count(2)


def test_a_comment_whose_answer_is_lost_is_stored_once_and_sent_by_the_next_page(
    browse: Browse, transcript: str
) -> None:
    page = edited(browse, transcript)

    def lose(route: Route) -> None:
        # The page may be gone by now
        with suppress(Error):
            if route.request.method != "POST":
                route.continue_()
                return
            route.fetch()
            route.abort()

    page.route("**/comments/", lose)
    comment(page, 1, "paige", "Page?")
    expect(threads(page)).to_have_count(1)
    expect(threads(page)).to_contain_text("Not sent yet")
    page.unroute_all(behavior="wait")
    page.reload()
    opened(page)
    expect(threads(page)).to_have_count(1)
    expect(threads(page)).not_to_contain_text("Not sent yet")


def test_who_can_only_read_reads_comments_and_writes_none(browse: Browse, transcript: str) -> None:
    alice, vera = edited(browse, transcript), edited(browse, transcript, who="vera")
    comment(alice, 0, "paige", "Page?")
    vera.get_by_role("button", name="1 comment").click()
    expect(threads(vera)).to_contain_text("Page?")
    expect(
        vera.get_by_role("tabpanel").get_by_role("button", name=re.compile("Comment|Reply|Resolve$|Delete"))
    ).to_have_count(0)


def test_on_a_phone_comments_are_in_the_sheet(browse: Browse, transcript: str, pictures: Path | None) -> None:
    page = edited(browse, transcript, viewport={"width": 390, "height": 844})
    comment(page, 0, "paige", "Page?")
    expect(threads(page)).to_be_visible()
    assert axe.violations(page) == []
    if pictures:
        page.screenshot(path=pictures / "comments-phone-light.png")


def test_a_member_is_named_by_the_beginning_of_their_name(browse: Browse, transcript: str) -> None:
    page = edited(browse, transcript)
    page.evaluate(SELECT, [1, "paige"])
    page.keyboard.press("Alt+m")
    field, members = page.get_by_role("textbox", name="Comment"), page.get_by_role("listbox", name="Members")
    page.keyboard.type("Page? @e")
    expect(members.get_by_role("option")).to_have_text(["Erin East"])
    assert axe.violations(page) == []
    page.keyboard.press("Escape")
    expect(members).to_be_hidden()
    page.keyboard.type("r")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Page? @Erin East ")
    page.keyboard.type("or @v")
    members.get_by_role("option", name="Vera Vale").click()
    expect(field).to_have_value("Page? @Erin East or @Vera Vale ")
    expect(field).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(threads(page).locator("b", has_text="@")).to_have_text(["@Erin East", "@Vera Vale"])


SELECT_OVER = """([first, from, last, to]) => {
    const texts = document.querySelectorAll(".seg > .said");
    const node = (at) => document.createTreeWalker(texts[at], NodeFilter.SHOW_TEXT).nextNode();
    texts[first].closest(".ProseMirror").focus();
    getSelection().setBaseAndExtent(node(first), from, node(last), to);
}"""


def test_a_comment_over_several_segments_marks_the_words_in_each(browse: Browse, transcript: str) -> None:
    alice, erin = edited(browse, transcript), edited(browse, transcript, who="erin")
    first, second = (said(alice).nth(at).inner_text() for at in (0, 1))
    alice.evaluate(SELECT_OVER, [0, 5, 1, 8])
    alice.keyboard.press("Alt+m")
    chosen = f"{first[5:].strip()} {second[:8].strip()}"
    expect(alice.get_by_role("form", name="New comment").locator("blockquote")).to_have_text(chosen)
    alice.keyboard.type("Both?")
    alice.keyboard.press("Control+Enter")
    for page in (alice, erin):
        expect_marked(page, first[5:].strip(), second[:8].strip())
        expect(page.locator(".seg .note:visible")).to_have_count(2)
    erin.locator(".seg .note").nth(1).click()
    expect(threads(erin).locator("blockquote")).to_have_text(chosen)


# Whether the caret of another page is inside of these words
CARET_IN = """(words) => [...document.querySelectorAll(".said:has(.caret)")].some((said) => {
    const range = new Range();
    range.setStart(said, 0);
    range.setEndBefore(said.querySelector(".caret"));
    const at = said.textContent.indexOf(words);
    return at < range.toString().length && range.toString().length < at + words.length;
})"""


def test_words_stay_marked_while_the_caret_of_another_is_in_them(browse: Browse, transcript: str) -> None:
    alice, erin = edited(browse, transcript), edited(browse, transcript, who="erin")
    comment(erin, 1, "paige", "Page?")
    expect_marked(alice, "paige")
    erin.evaluate(SELECT, [1, "paige"])
    for key in ("ArrowLeft", "ArrowRight", "ArrowRight"):
        erin.keyboard.press(key)
    expect(alice.locator(".said:has(.caret)")).to_have_text(said(erin).nth(1).inner_text())
    alice.wait_for_function(CARET_IN, arg="paige")
    expect_marked(alice, "paige")
