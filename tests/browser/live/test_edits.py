"""Correcting, marking, naming and sharing while somebody speaks."""

from __future__ import annotations

import re
import wave
from array import array
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

SAID = ["Hold the front page.", "The damn piece moves to Thursday."]


@pytest.fixture
def live(stage: Site) -> str:
    """A session in which two lines were said."""
    return str(stage.do("live", title="Editorial meeting", said=SAID))


def opened(browse: Browse, live: str, who: str) -> Page:
    page = browse(f"/live/{live}/", who=who)
    state = "recorded in another window|Not recording" if who == "alice" else "Watching"
    expect(page.locator("[data-status]")).to_have_text(re.compile(state))
    return page


def correct(page: Page, position: int, text: str, key: str = "Enter") -> None:
    said = page.locator(f"[data-position='{position}'] [data-said]")
    said.click()
    said.fill(text)
    said.press(key)


def test_a_correction_is_kept_and_seen_by_everybody(stage: Site, browse: Browse, live: str) -> None:
    alice, erin = opened(browse, live, "alice"), opened(browse, live, "erin")
    correct(erin, 1, "The dam piece moves to Thursday.")
    expect(alice.get_by_text("The dam piece moves to Thursday.")).to_be_visible()
    expect(erin.get_by_text("Saved", exact=True)).to_be_visible()
    assert stage.do("lines", live=live)[1] == ["The dam piece moves to Thursday.", "human", 2]
    alice.reload()
    expect(alice.get_by_text("The dam piece moves to Thursday.")).to_be_visible()


def test_escape_takes_a_correction_back(stage: Site, browse: Browse, live: str) -> None:
    page = opened(browse, live, "erin")
    correct(page, 0, "Something else.", key="Escape")
    expect(page.get_by_text(SAID[0])).to_be_visible()
    assert stage.do("lines", live=live)[0] == [SAID[0], "machine", 1]


def test_words_that_come_do_not_disturb_who_corrects(stage: Site, browse: Browse, live: str) -> None:
    page = opened(browse, live, "erin")
    page.keyboard.press("e")
    page.keyboard.press("End")
    page.keyboard.type(" At last.")
    stage.do("say", live=live, text="Meanwhile somebody speaks.", at_ms=9_000)
    expect(page.get_by_text("Meanwhile somebody speaks.")).to_be_visible()
    page.keyboard.type(" Really.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert stage.do("lines", live=live)[1][0] == SAID[1] + " At last. Really."


def conflict(stage: Site, browse: Browse, live: str) -> Page:
    """Alice's page, on which her correction met Erin's."""
    alice, erin = opened(browse, live, "alice"), opened(browse, live, "erin")
    said = alice.locator("[data-position='0'] [data-said]")
    said.click()
    said.fill("Hold page one.")
    correct(erin, 0, "Stop the presses.")
    expect(erin.get_by_text("Saved", exact=True)).to_be_visible()
    said.press("Enter")
    expect(alice.get_by_text("Someone else changed this segment")).to_be_visible()
    return alice


def test_of_two_corrections_the_later_is_asked_about(
    stage: Site, browse: Browse, live: str, pictures: Path | None
) -> None:
    alice = conflict(stage, browse, live)
    card = alice.get_by_role("group", name="Choose between two texts")
    expect(card.get_by_text("Hold page one.")).to_be_visible()
    expect(card.get_by_text("Stop the presses.")).to_be_visible()
    assert axe.violations(alice) == []
    if pictures:
        alice.screenshot(path=pictures / "live-conflict.png")
    assert stage.do("lines", live=live)[0] == ["Stop the presses.", "human", 2]
    alice.reload()
    expect(card.get_by_text("Hold page one.")).to_be_visible()
    assert stage.do("lines", live=live)[0] == ["Stop the presses.", "human", 2]
    alice.get_by_role("button", name="Use mine").click()
    expect(card).to_be_hidden()
    expect(alice.get_by_text("Saved", exact=True)).to_be_visible()
    assert stage.do("lines", live=live)[0] == ["Hold page one.", "human", 3]


def test_theirs_may_be_used_instead(stage: Site, browse: Browse, live: str) -> None:
    alice = conflict(stage, browse, live)
    alice.get_by_role("button", name="Use theirs").click()
    expect(alice.get_by_role("group", name="Choose between two texts")).to_be_hidden()
    expect(alice.locator("[data-position='0'] [data-said]")).to_have_text("Stop the presses.")
    alice.reload()
    expect(alice.locator("[data-position='0'] [data-said]")).to_have_text("Stop the presses.")
    assert stage.do("lines", live=live)[0] == ["Stop the presses.", "human", 2]


def test_or_both_become_a_third_text(stage: Site, browse: Browse, live: str) -> None:
    alice = conflict(stage, browse, live)
    alice.get_by_role("button", name="Edit").click()
    said = alice.locator("[data-position='0'] [data-said]")
    expect(said).to_have_text("Hold page one.")
    alice.keyboard.press("End")
    alice.keyboard.type(" Stop the presses.")
    alice.keyboard.press("Enter")
    expect(alice.get_by_text("Saved", exact=True)).to_be_visible()
    expect(alice.get_by_role("group", name="Choose between two texts")).to_be_hidden()
    assert stage.do("lines", live=live)[0] == ["Hold page one. Stop the presses.", "human", 3]


def test_a_correction_written_offline_is_not_sent_over_a_colleagues(stage: Site, browse: Browse, live: str) -> None:
    erin, alice = opened(browse, live, "erin"), opened(browse, live, "alice")
    erin.context.set_offline(True)
    correct(erin, 0, "Hold page one.")
    expect(erin.get_by_text("Saving …")).to_be_visible()
    correct(alice, 0, "Stop the presses.")
    expect(alice.get_by_text("Saved", exact=True)).to_be_visible()
    erin.context.set_offline(False)
    expect(erin.get_by_text("Someone else changed this segment")).to_be_visible()
    assert stage.do("lines", live=live)[0] == ["Stop the presses.", "human", 2]


def test_what_waits_for_a_choice_is_offered_on_every_page(stage: Site, browse: Browse, live: str) -> None:
    alice = conflict(stage, browse, live)
    alice.get_by_role("link", name="Library", exact=True).click()
    panel = alice.get_by_role("region", name="Changes that need a decision")
    expect(panel.get_by_text("Hold page one.")).to_be_visible()
    assert axe.violations(alice) == []
    second = alice.context.new_page()
    second.goto("/")
    expect(second.get_by_text("Hold page one.")).to_be_visible()
    panel.get_by_role("button", name="Use mine").click()
    expect(panel).to_be_hidden()
    expect(second.get_by_text("Hold page one.")).to_be_hidden()
    alice.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('verbatim-draft'))")
    assert stage.do("lines", live=live)[0] == ["Hold page one.", "human", 3]


def test_a_correction_outlives_a_server_that_is_away_and_a_reload(stage: Site, browse: Browse, live: str) -> None:
    page = opened(browse, live, "erin")
    stage.stop_web()
    correct(page, 0, "Hold page one.")
    expect(page.get_by_text("Saving …")).to_be_visible()
    stage.start_web()
    page.reload()
    expect(page.get_by_text("Hold page one.")).to_be_visible()
    expect(page.get_by_text("Saving …")).to_be_hidden()
    assert stage.do("lines", live=live)[0] == ["Hold page one.", "human", 2]


def test_a_viewer_cannot_correct(browse: Browse, live: str) -> None:
    page = opened(browse, live, "vera")
    page.get_by_text(SAID[0]).click()
    expect(page.locator("[contenteditable]")).to_have_count(0)
    expect(page.get_by_role("button", name="Mark moment")).to_have_count(0)


def test_a_moment_is_marked_and_noted_by_a_key(browse: Browse, live: str) -> None:
    alice, erin = opened(browse, live, "alice"), opened(browse, live, "erin")
    erin.keyboard.press("n")
    erin.keyboard.type("Ask the ministry")
    erin.keyboard.press("Enter")
    note = alice.get_by_role("textbox", name="Note")
    expect(note).to_have_value("Ask the ministry")
    alice.get_by_role("button", name="Remove marker").click()
    expect(erin.get_by_role("textbox", name="Note")).to_have_count(0)
    erin.keyboard.press("m")
    expect(alice.get_by_text("Marked")).to_be_visible()


def test_a_voice_is_named_once_for_all_it_says(stage: Site, browse: Browse, live: str) -> None:
    stage.do("say", live=live, text="And a third line.", at_ms=9_000)
    alice, erin = opened(browse, live, "alice"), opened(browse, live, "erin")
    erin.keyboard.press("s")
    erin.keyboard.type("Ana Kovač")
    erin.keyboard.press("Enter")
    expect(alice.get_by_text("Ana Kovač")).to_have_count(2)


def test_what_a_page_missed_it_asks_for(stage: Site, browse: Browse, live: str) -> None:
    page = opened(browse, live, "erin")
    stage.do("say_unheard", live=live, text="Nobody was told of this.", at_ms=9_000)
    stage.do("say", live=live, text="But of this.", at_ms=10_000)
    expect(page.get_by_text("Nobody was told of this.")).to_be_visible()
    texts = page.locator("[data-said]").all_inner_texts()
    assert texts == [*SAID, "Nobody was told of this.", "But of this."]


def test_guests_read_captions_by_a_link_with_a_password(
    stage: Site, browse: Browse, chromium: Browser, live: str, pictures: object
) -> None:
    page = opened(browse, live, "erin")
    page.get_by_text("Captions link").click()
    page.get_by_label("Password (optional)").fill("seven seas")
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_role("textbox", name="Captions link").input_value()
    guest = browse(link, who=None)
    guest.get_by_label("Password").fill("eight seas")
    guest.get_by_role("button", name="Read captions").click()
    expect(guest.get_by_text("Wrong password.")).to_be_visible()
    guest.get_by_label("Password").fill("seven seas")
    guest.get_by_role("button", name="Read captions").click()
    expect(guest.get_by_text(SAID[0])).to_be_visible()
    expect(guest.get_by_text("Connecting …")).to_be_hidden()
    stage.do("say", live=live, text="Something new.", at_ms=9_000)
    expect(guest.get_by_text("Something new.")).to_be_visible()
    page.get_by_role("button", name="Revoke link").click()
    expect(guest.get_by_text("This link no longer works")).to_be_visible()


KEEP = """
    async ([session, frames]) => {
        const database = await new Promise((resolve) => {
            const request = indexedDB.open("verbatim-live", 1);
            request.onupgradeneeded = () => request.result.createObjectStore("frames");
            request.onsuccess = () => resolve(request.result);
        });
        const store = database.transaction("frames", "readwrite").objectStore("frames");
        for (let number = 0; number < frames; number++) {
            store.put(new Int16Array(1600).fill(number).buffer, [session, number]);
        }
        await new Promise((resolve) => { store.transaction.oncomplete = resolve; });
        database.close();
    }
"""


def test_sound_of_a_session_that_ended_without_it_is_given_as_a_file(browse: Browse, live: str, tmp_path: Path) -> None:
    page = browse("/live/")
    page.evaluate(KEEP, ["00000000-0000-0000-0000-000000000000", 12])
    page.evaluate(KEEP, [live, 12])
    page.reload()
    expect(
        page.get_by_text("This browser has 0:01 of audio from a session that ended before it was sent.")
    ).to_have_count(1)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download unsent audio").click()
    downloading.value.save_as(tmp_path / "left.wav")
    with wave.open(str(tmp_path / "left.wav")) as file:
        samples = array("h", file.readframes(10**6))
    assert (file.getframerate(), samples.tolist()) == (16_000, [number for number in range(12) for _ in range(1_600)])


def test_captions_grow_and_gain_contrast(browse: Browse, stage: Site, live: str) -> None:
    link = stage.do("captions", live=live)
    guest = browse(link, who=None)
    expect(guest.get_by_text(SAID[0])).to_be_visible()
    size = "getComputedStyle(document.querySelector('[data-said]')).fontSize"
    before = float(guest.evaluate(size).removesuffix("px"))
    guest.get_by_role("button", name="Increase text size").click()
    assert float(guest.evaluate(size).removesuffix("px")) > before
    guest.get_by_role("button", name="Contrast").click()
    ground = "getComputedStyle(document.body).backgroundColor"
    assert guest.evaluate(ground) == "rgb(0, 0, 0)"
    guest.reload()
    expect(guest.get_by_role("button", name="Contrast")).to_have_attribute("aria-pressed", re.compile("true"))
