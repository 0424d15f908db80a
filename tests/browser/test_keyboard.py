"""By keyboard: the focus is never lost, a key that can't act says why, and copying takes the words alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]


def opened(browse: Browse, live: str) -> Page:
    """The page of a session that Erin watches."""
    page = browse(f"/live/{live}/", who="erin")
    expect(page.get_by_text("Watching", exact=True)).to_be_visible()
    return page


SAID = ["Hold the front page.", "The dam piece moves to Thursday."]


@pytest.fixture
def live(stage: Site) -> str:
    return str(stage.do("live", title="Editorial meeting", said=SAID))


def test_after_a_rename_the_focus_is_where_it_began(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording", title="Council meeting")
    stage.do("transcript", recording=recording)
    page = browse("/")
    page.get_by_role("link", name="Council meeting").click()
    page.get_by_role("button", name="Rename recording").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Town council")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Town council")).to_be_visible()
    expect(page.get_by_role("button", name="Rename recording")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Rename recording")).to_be_focused()


def test_a_key_puts_the_caret_at_the_end_of_the_last_segment(browse: Browse, live: str) -> None:
    page = opened(browse, live)
    page.keyboard.press("e")
    page.keyboard.type(" So")
    expect(page.locator(".seg .said").nth(1)).to_have_text(f"{SAID[1]} So")
    expect(page.get_by_role("textbox", name="Transcript")).to_be_focused()


@pytest.mark.parametrize("key", ["Enter", "Escape"])
def test_after_naming_a_speaker_the_focus_is_on_the_name(browse: Browse, live: str, key: str) -> None:
    page = opened(browse, live)
    page.keyboard.press("s")
    expect(page.get_by_role("textbox", name="Speaker name")).to_be_focused()
    page.keyboard.type("Ana Kovač")
    page.keyboard.press(key)
    expect(page.locator(".seg .spk").nth(1)).to_be_focused()
    expect(page.locator(".seg .spk").nth(1)).to_have_text("Ana Kovač" if key == "Enter" else "Speaker 2")


def test_undo_has_the_focus_after_a_delete_and_stays(stage: Site, browse: Browse) -> None:
    stage.do("recording", title="Council meeting")
    page = browse("/")
    delete(page)
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    assert axe.violations(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Council meeting")).to_be_visible()


@pytest.mark.parametrize("key", ["z", "Control+z"])
def test_a_key_undoes_a_delete_wherever_the_focus_is(stage: Site, browse: Browse, key: str) -> None:
    stage.do("recording", title="Council meeting")
    page = browse("/")
    delete(page)
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press(key)
    expect(page.get_by_role("link", name="Council meeting")).to_be_visible()


def test_undo_outlasts_other_notices_and_is_dismissed_by_hand(stage: Site, browse: Browse) -> None:
    stage.do("recording", title="Council meeting")
    page = browse("/")
    page.clock.install()
    delete(page)
    page.evaluate("() => document.activeElement.blur()")
    page.clock.run_for(30_000)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def delete(page: Page) -> None:
    """Delete the only recording of the library."""
    page.locator("[data-recording] details summary").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Moved “Council meeting” to the trash.")).to_be_visible()


@pytest.mark.parametrize(
    ("who", "key", "why"),
    [
        ("erin", "e", "Nothing to correct yet"),
        ("erin", "s", "No speaker to name yet"),
        ("vera", "e", "You have view-only access"),
        ("vera", "s", "You have view-only access"),
    ],
)
def test_a_key_that_cannot_act_says_why(stage: Site, browse: Browse, who: str, key: str, why: str) -> None:
    empty = stage.do("begin_live", title="Empty")
    page = browse(f"/live/{empty}/", who=who)
    expect(page.get_by_text("Watching", exact=True)).to_be_visible()
    page.keyboard.press(key)
    expect(page.get_by_role("status").filter(has_text=why)).to_be_visible()


COPIED = """() => {
  getSelection().selectAllChildren(document.querySelector("main"));
  return getSelection().toString();
}"""


def test_copying_a_transcript_takes_no_hidden_labels(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording", title="Council meeting", duration_ms=60_000)
    transcript = stage.do(
        "transcript", recording=recording, lines=[["Ana", "Hold the page."], ["Ben", "Why?"]], sound=True
    )
    page = browse(f"/transcripts/{transcript}/")
    expect(page.locator("[data-text][data-painted]")).to_be_attached()
    text = page.evaluate(COPIED)
    assert "Hold the page." in text
    for label in ("Play from", "Back 3 seconds", "Rename", "Speed"):
        assert label not in text


def test_copying_live_text_takes_no_hidden_labels(stage: Site, browse: Browse, live: str) -> None:
    stage.do("annotate", live=live, note="Ask")
    page = opened(browse, live)
    text = page.evaluate(COPIED)
    assert SAID[0] in text
    assert "Remove marker" not in text


def test_the_icon_has_an_answer_at_its_usual_place(browse: Browse) -> None:
    answer = browse("/", who=None).request.get("/favicon.ico")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/svg+xml")


LOOK = "element => [getComputedStyle(element).backgroundColor, getComputedStyle(element).color]"


def test_forced_colours_show_what_is_current(browse: Browse, pictures: Path | None) -> None:
    page = browse("/", forced_colors="active")
    for current, other in (("All", "In progress"), ("Library", "Live")):
        looks = [page.get_by_role("link", name=name, exact=True).first.evaluate(LOOK) for name in (current, other)]
        assert looks[0] != looks[1]
    if pictures:
        page.screenshot(path=pictures / "library-forced.png")


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_header_of_a_long_session_is_always_in_sight(
    stage: Site, browse: Browse, size: dict[str, int], scheme: str, pictures: Path | None
) -> None:
    said = [f"Sentence number {number} of a long meeting that goes on and on for hours." for number in range(60)]
    live = stage.do("live", title="Editorial meeting", said=said)
    page = browse(f"/live/{live}/", viewport=size, color_scheme=scheme)
    for place in ("0", "document.documentElement.scrollHeight / 2", "document.documentElement.scrollHeight"):
        page.evaluate(f"() => scrollTo({{ top: {place} }})")
        for part in ("[data-elapsed]", "[data-status]", ".live > header h1"):
            expect(page.locator(part)).to_be_in_viewport(ratio=0.9)
    if pictures:
        page.screenshot(path=pictures / f"live-long-{size['width']}-{scheme}.png")
    assert axe.violations(page) == []


def test_the_text_of_a_young_session_starts_at_the_top(browse: Browse, live: str, pictures: Path | None) -> None:
    page = browse(f"/live/{live}/", viewport={"width": 1440, "height": 900})
    first = page.locator(".seg").first.bounding_box()
    assert first is not None
    assert first["y"] < 260
    if pictures:
        page.screenshot(path=pictures / "live-young.png")


def test_a_paused_session_says_so_to_members_and_guests(
    stage: Site, browse: Browse, live: str, pictures: Path | None
) -> None:
    link = stage.do("captions", live=live)
    member, guest = browse(f"/live/{live}/", who="erin"), browse(link, who=None)
    library = browse("/", who="erin")
    expect(library.get_by_text("Live now")).to_be_visible()
    stage.do("pause_live", live=live, minutes=4)
    for page in (member, guest, library):
        expect(page.get_by_text("Paused: no one has been connected since")).to_be_visible()
    if pictures:
        for name, page in (("live", member), ("captions", guest), ("library", library)):
            page.screenshot(path=pictures / f"paused-{name}.png")
    assert axe.violations(member) == []
    stage.do("say", live=live, text="Back again.", at_ms=9_000)
    for page in (member, guest, library):
        expect(page.get_by_text("Paused: no one has been connected since")).to_be_hidden()


def test_a_page_whose_sign_in_ended_says_so(stage: Site, browse: Browse) -> None:
    page = browse("/live/", who="erin")
    page.wait_for_function("() => document.documentElement.dataset.events === 'on'")
    stage.do("sign_out", who="erin")
    expect(page.get_by_text("You have been signed out.")).to_be_visible()
    page.get_by_role("link", name="Sign in again").click()
    expect(page.get_by_label("Password")).to_be_visible()
