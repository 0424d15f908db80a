"""A recording belongs to the person who pressed Start: pages come and go, other windows only watch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.chromium import Sent, at_least, wait_until_saved
from tests.browser.conftest import PHONE, sign_in
from tests.browser.live.test_limits import kept

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

    from tests.browser.site import Site

# The browser keeps the last frame, by which it counts on after a reload
ALL_ACKNOWLEDGED = """
  () => new Promise((resolve) => {
    indexedDB.open("verbatim-live", 1).onsuccess = ({ target }) => {
      const count = target.result.transaction("frames").objectStore("frames").count();
      count.onsuccess = () => { target.result.close(); resolve(count.result <= 1); };
    };
  })
"""
# As a colleague's upload does
CHANGED = """
  () => document.dispatchEvent(new CustomEvent("verbatim:event", { detail: { event: "library.changed" } }))
"""
ASK_FOR_A_FORM = """
  () => new Promise((resolve) => {
    document.body.addEventListener("htmx:afterRequest", () => resolve(), { once: true });
    document.querySelector("[data-upload-open]").click();
  })
"""
ELSEWHERE = "This session is being recorded in another window"


@pytest.fixture
def live(stage: Site) -> str:
    """A session that no one has recorded yet."""
    return str(stage.do("begin_live", title="Editorial meeting"))


@pytest.fixture
def windows(microphone_browser: Browser, stage: Site) -> Iterator[BrowserContext]:
    """Alice's browser, with a microphone that plays a tone."""
    context = microphone_browser.new_context(
        base_url=stage.url, permissions=["microphone"], viewport={"width": 1440, "height": 900}
    )
    sign_in(context, stage, "alice")
    yield context
    context.close()


def record(page: Page, live: str) -> Sent:
    """Open the session and press Start; returns what is sent."""
    sent = Sent(page)
    page.goto(f"/live/{live}/")
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()
    return sent


def test_recording_goes_on_while_other_pages_are_shown(
    stage: Site, windows: BrowserContext, live: str, pictures: Path | None
) -> None:
    page = windows.new_page()
    sent = record(page, live)
    wait_until_saved(page, 1)
    bar = page.get_by_role("region", name="Recording in progress")
    expect(bar).to_be_hidden()
    page.get_by_role("link", name="Library", exact=True).click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    expect(bar.get_by_text("Recording", exact=True)).to_be_visible()
    expect(bar.get_by_text("Editorial meeting")).to_be_visible()
    expect(bar.locator("[data-bar-time]")).to_have_text(re.compile(at_least(4)), timeout=60_000)
    expect(bar.locator(".meter i.on").first).to_be_visible()
    if pictures:
        page.screenshot(path=pictures / "recording-bar.png")
        page.set_viewport_size(PHONE)
        page.screenshot(path=pictures / "recording-bar-phone.png")
        page.set_viewport_size({"width": 1440, "height": 900})
    assert axe.violations(page) == []
    page.get_by_role("link", name="Live", exact=True).click()
    expect(page.get_by_role("heading", name="Live", exact=True)).to_be_visible()
    bar.get_by_role("link", name="Back to session").click()
    expect(page.get_by_role("heading", name="Editorial meeting")).to_be_visible()
    expect(bar).to_be_hidden()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    wait_until_saved(page, 6)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Start recording")).to_be_visible()
    assert len(sent.frames) >= 60
    assert kept(stage, live) == sent.sound[: len(kept(stage, live))]
    assert abs(len(kept(stage, live)) - len(sent.sound)) <= 5 * 3_200


def test_closing_the_tab_asks(windows: BrowserContext, live: str) -> None:
    page = windows.new_page()
    record(page, live)
    page.get_by_role("link", name="Library", exact=True).click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]
    assert not page.is_closed()


def test_ending_it_later_from_its_page_keeps_everything(stage: Site, windows: BrowserContext, live: str) -> None:
    page = windows.new_page()
    record(page, live)
    page.get_by_role("link", name="Library", exact=True).click()
    page.get_by_role("link", name="Back to session").click()
    page.get_by_role("button", name="End and review").click()
    expect(page.get_by_text("Everything that was recorded is safe")).to_be_visible()


def test_a_session_that_ends_while_another_page_is_shown_says_so(
    stage: Site, windows: BrowserContext, live: str
) -> None:
    page = windows.new_page()
    record(page, live)
    # What is on its way when a session is ended elsewhere is offered as a file: here nothing is
    wait_until_saved(page, 1)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Start recording")).to_be_visible()
    page.wait_for_function(ALL_ACKNOWLEDGED)
    page.get_by_role("link", name="Library", exact=True).click()
    stage.do("end_live", live=live)
    bar = page.get_by_role("region", name="Recording in progress")
    expect(bar.get_by_text("Saved", exact=True)).to_be_visible()


def test_a_second_window_only_watches_however_its_network_comes_and_goes(
    stage: Site, windows: BrowserContext, live: str
) -> None:
    first, second = windows.new_page(), windows.new_page()
    record(first, live)
    second.goto(f"/live/{live}/")
    expect(second.get_by_text(ELSEWHERE)).to_be_visible()
    second.evaluate("() => dispatchEvent(new Event('online'))")
    second.reload()
    expect(second.get_by_text(ELSEWHERE)).to_be_visible()
    wait_until_saved(first, 3)
    expect(first.get_by_role("button", name="Pause")).to_be_visible()


def test_a_press_takes_over_and_the_first_window_neither_records_nor_takes_it_back(
    stage: Site, windows: BrowserContext, live: str
) -> None:
    first, second = windows.new_page(), windows.new_page()
    before = record(first, live)
    wait_until_saved(first, 2)
    after = record(second, live)
    expect(first.get_by_text(ELSEWHERE)).to_be_visible()
    expect(first.get_by_role("button", name="Start recording")).to_be_visible()
    first.evaluate("() => dispatchEvent(new Event('online'))")
    wait_until_saved(second, 5)
    expect(first.get_by_text(ELSEWHERE)).to_be_visible()
    # The file must not grow while it is compared with what was seen to be sent.
    second.get_by_role("button", name="Pause").click()
    expect(second.get_by_role("button", name="Start recording")).to_be_visible()
    sound = kept(stage, live)
    both = {**before.frames, **after.frames}
    assert sound == b"".join(both[number] for number in range(len(sound) // 3_200))


def test_a_reload_of_the_window_that_records_continues_it(stage: Site, windows: BrowserContext, live: str) -> None:
    page = windows.new_page()
    record(page, live)
    wait_until_saved(page, 1)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    # It holds the session again without a press; only the microphone waits for one
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()
    page.get_by_role("button", name="Start recording").click()
    wait_until_saved(page, 4)


def test_a_closed_tab_that_is_opened_again_is_the_same_page(windows: BrowserContext, live: str) -> None:
    page = windows.new_page()
    record(page, live)
    wait_until_saved(page, 1)
    page.close()
    again = windows.new_page()
    again.goto(f"/live/{live}/")
    expect(again.get_by_text("Connected", exact=True)).to_be_visible()


def test_of_two_sessions_in_one_window_one_records(stage: Site, windows: BrowserContext, live: str) -> None:
    page = windows.new_page()
    record(page, live)
    stage.do("begin_live", title="Another meeting")
    page.get_by_role("link", name="Live", exact=True).click()
    page.get_by_role("link", name="Another meeting").click()
    expect(page.get_by_role("heading", name="Another meeting")).to_be_visible()
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_text("You are recording “Editorial meeting” now.")).to_be_visible()


def test_someone_who_is_demoted_stops_recording_and_is_told(stage: Site, windows: BrowserContext, live: str) -> None:
    page = windows.new_page()
    sent = record(page, live)
    wait_until_saved(page, 1)
    stage.do("demote", who="alice")
    expect(page.get_by_text("You can no longer record in this team.")).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_be_hidden()
    sound = kept(stage, live)
    assert sound == sent.sound[: len(sound)]


def test_someone_who_is_signed_out_elsewhere_is_told(stage: Site, windows: BrowserContext, live: str) -> None:
    page = windows.new_page()
    record(page, live)
    stage.do("sign_out", who="alice")
    expect(page.get_by_text("You have been signed out. Sign in again in another tab")).to_be_visible()


HANG = "() => { AudioContext.prototype.resume = () => new Promise(() => {}); }"
NEVER_ASK = "() => { navigator.mediaDevices.getUserMedia = () => new Promise(() => {}); }"


def test_audio_that_never_starts_is_said_and_can_be_tried_again(windows: BrowserContext, live: str) -> None:
    page = windows.new_page()
    page.add_init_script(f"window.startAudio = AudioContext.prototype.resume; ({HANG})()")
    page.goto(f"/live/{live}/")
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_text("Your browser can't start audio")).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_be_hidden()
    page.evaluate("() => { AudioContext.prototype.resume = window.startAudio; }")
    page.get_by_role("button", name="Start recording").click()
    wait_until_saved(page, 1)
    expect(page.get_by_text("Your browser can't start audio")).to_be_hidden()


def test_a_question_that_no_one_answers_is_waited_for_in_words(windows: BrowserContext, live: str) -> None:
    page = windows.new_page()
    page.goto(f"/live/{live}/")
    page.evaluate("() => { window.ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices); }")
    page.evaluate(NEVER_ASK)
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_text("Waiting for permission to record")).to_be_visible()
    expect(page.get_by_text("Still waiting for permission.")).to_be_visible()
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = window.ask; }")
    page.get_by_role("button", name="Start recording").click()
    wait_until_saved(page, 1)


def test_a_browser_that_stores_nothing_says_so_and_records(stage: Site, windows: BrowserContext, live: str) -> None:
    page = windows.new_page()
    page.add_init_script("indexedDB.open = () => ({});")
    page.goto(f"/live/{live}/")
    expect(page.get_by_text("This browser can't store audio")).to_be_visible()
    page.get_by_role("button", name="Start recording").click()
    wait_until_saved(page, 1)


def test_being_signed_out_does_not_reload_a_page_that_records(stage: Site, windows: BrowserContext, live: str) -> None:
    page = windows.new_page()
    record(page, live)
    page.get_by_role("link", name="Library", exact=True).click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    page.evaluate("() => { window.isSame = true; }")
    stage.do("sign_out", who="alice")
    bar = page.get_by_role("region", name="Recording in progress")
    news = bar.get_by_text("You have been signed out; your audio is stored in this browser")
    expect(news).to_be_visible()
    left: list[str] = []
    page.on("request", lambda request: left.append(request.url) if request.is_navigation_request() else None)
    with page.expect_response(lambda response: "/login/" in response.url):
        page.evaluate(CHANGED)
    # The form of the dialog is asked for, and the sign-in comes
    page.evaluate(ASK_FOR_A_FORM)
    # What would leave the page was asked for before this
    page.evaluate("() => fetch('/healthz').then((response) => response.ok)")
    expect(news).to_be_visible()
    assert left == []
    assert page.evaluate("() => window.isSame")
