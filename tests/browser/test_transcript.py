"""The transcript page: text and sound move together, at any length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

# Each word of a made transcript sounds this long.
WORD_S = 0.4
HEARD = """() => [...(CSS.highlights.get("heard") ?? [])].map(String)"""
DOUBTFUL = """() => [...(CSS.highlights.get("doubtful") ?? [])].map(String)"""
POINT_OF = """([text, word]) => {
  const walker = document.createTreeWalker(document.querySelector("[data-text]"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(word);
    if (!walker.currentNode.data.includes(text) || at < 0) continue;
    const range = new Range();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + word.length);
    const box = range.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }
}"""


@pytest.fixture
def transcript(stage: Site) -> str:
    """The path of a transcript with sound: two speakers, one doubtful word."""
    recording = stage.do("recording")
    return f"/transcripts/{stage.do('transcript', recording=recording, sound=True)}/"


def now_s(page: Page) -> float:
    return float(page.locator("audio").evaluate("audio => audio.currentTime"))


def click_word(page: Page, text: str, word: str) -> None:
    expect(page.locator("[data-text][data-painted]")).to_be_attached()
    x, y = page.evaluate(POINT_OF, [text, word])
    page.mouse.click(x, y)


def wait_until_playing(page: Page) -> None:
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def test_a_click_on_a_word_plays_from_it_and_paints_it(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    click_word(page, "Good morning", "everyone")
    wait_until_playing(page)
    assert 2 * WORD_S <= now_s(page) < 2 * WORD_S + 5
    page.locator("audio").evaluate("audio => { audio.pause(); audio.currentTime = 0.9 }")
    expect(page.locator(".seg.now")).to_contain_text("Good morning")
    page.locator(".seg.now").wait_for()
    assert page.evaluate(HEARD) == ["everyone"]


def test_a_click_beside_the_text_does_nothing(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    box = page.get_by_text("Thank you, chair.").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert now_s(page) == 0


def test_selecting_text_does_not_play_it(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    page.get_by_text("Good morning everyone").select_text()
    x, y = page.evaluate(POINT_OF, ["Good morning", "everyone"])
    page.evaluate("([x, y]) => document.elementFromPoint(x, y).click()", [x, y])
    assert now_s(page) == 0


def test_the_time_of_a_segment_is_a_button(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    page.locator(".seg .at", has_text="0:02").click()
    wait_until_playing(page)
    assert now_s(page) >= 2


def test_doubtful_words_are_marked(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    expect(page.locator("[data-text][data-painted]")).to_be_attached()
    expect(page.locator("[data-panel=review] h2")).to_have_text("1 word to check")
    assert page.evaluate(DOUBTFUL) == ["chair"]


def test_each_segment_is_one_text_node(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    click_word(page, "Good morning", "everyone")
    counts = page.locator(".seg > .said").evaluate_all("all => all.map(p => p.childNodes.length)")
    assert counts == [1, 1]


@pytest.mark.parametrize(
    ("key", "expected"),
    [("ArrowLeft", 7.0), ("ArrowRight", 13.0), ("Shift+ArrowLeft", 0.0), ("Shift+ArrowRight", 20.0)],
)
def test_keys_move_the_sound(browse: Browse, transcript: str, key: str, expected: float) -> None:
    page = browse(transcript)
    page.locator("audio").evaluate("audio => { audio.currentTime = 10 }")
    page.keyboard.press(key)
    assert now_s(page) == pytest.approx(expected)


def test_the_space_bar_plays_and_pauses_but_not_in_a_field(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    expect(page.locator("[data-text][data-painted]")).to_be_attached()
    page.keyboard.press("Space")
    wait_until_playing(page)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.get_by_role("button", name="Rename recording").click()
    page.keyboard.press("End")
    page.keyboard.press("Space")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Council meeting ")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_the_waveform_is_a_slider(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    slider = page.get_by_role("slider", name="Position")
    slider.press("ArrowRight")
    assert now_s(page) == pytest.approx(5)
    expect(slider).to_have_attribute("aria-valuetext", "0:05 of 0:41")
    slider.press("End")
    assert now_s(page) == pytest.approx(41, abs=0.1)
    slider.click(position={"x": 1, "y": 10})
    assert now_s(page) < 1


def test_speed_and_three_seconds_back(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    page.get_by_label("Speed").select_option("1.5")
    assert page.locator("audio").evaluate("audio => audio.playbackRate") == 1.5
    page.locator("audio").evaluate("audio => { audio.currentTime = 10 }")
    page.get_by_role("button", name="Back 3 seconds").click()
    assert now_s(page) == pytest.approx(7)


def test_the_speed_is_remembered_and_keeps_the_pitch(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    with page.expect_response("**/account/preferences/"):
        page.keyboard.press("]")
        page.keyboard.press("]")
    page.reload()
    expect(page.get_by_label("Speed")).to_have_value("1.5")
    assert page.locator("audio").evaluate("audio => [audio.playbackRate, audio.preservesPitch]") == [1.5, True]


def test_playback_continues_where_the_person_stopped(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    page.locator("audio").evaluate("audio => { audio.currentTime = 20 }")
    page.keyboard.press("Space")
    wait_until_playing(page)
    with page.expect_response("**/position/"):
        page.keyboard.press("Space")
    stopped = now_s(page)
    page.reload()
    expect(page.locator("[data-now]")).not_to_have_text("0:00")
    assert now_s(page) == pytest.approx(stopped, abs=0.1)


def test_leaving_the_page_stores_the_position(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    page.get_by_role("slider", name="Position").press("PageUp")
    page.get_by_role("link", name="Library", exact=True).first.click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    # The beacon is sent beside the navigation, so it may arrive after it.
    for _ in range(50):
        page.goto(transcript)
        if page.locator("[data-now]").inner_text() == "0:30":
            return
    raise AssertionError("The position was not stored.")


def test_playback_continues_a_moment_before_a_pause(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    page.keyboard.press("Space")
    wait_until_playing(page)
    page.locator("audio").evaluate("audio => { audio.currentTime = 20; audio.pause() }")
    page.locator("audio").evaluate("audio => { audio.play = async () => { window.from = audio.currentTime } }")
    page.keyboard.press("Space")
    assert page.evaluate("window.from") == pytest.approx(19, abs=0.1)


def test_a_segment_is_looped_until_the_key_is_pressed_again(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    page.locator("audio").evaluate("audio => { audio.currentTime = 2.2 }")
    page.keyboard.press("o")
    loop = page.get_by_role("button", name="Loop the segment")
    expect(loop).to_have_attribute("aria-pressed", "true")
    page.evaluate("""() => new Promise((done) => {
        const audio = document.querySelector("audio");
        audio.addEventListener("seeked", function back() { if (audio.currentTime < 2.5 && !audio.paused) done(); });
        audio.currentTime = 3.1;
    })""")
    page.keyboard.press("o")
    expect(loop).to_have_attribute("aria-pressed", "false")


def test_a_selection_is_played_and_no_more(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    expect(page.locator("[data-text][data-painted]")).to_be_attached()
    page.evaluate("""() => {
        const text = document.querySelectorAll(".seg > .said")[1].firstChild;
        document.querySelector(".ProseMirror").focus();
        getSelection().setBaseAndExtent(text, 0, text, 5);
    }""")
    page.keyboard.press("F4")
    wait_until_playing(page)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert 2.4 <= now_s(page) < 3.5


def test_words_are_played_on_a_double_click_if_the_person_wants_it(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    page.locator("summary", has_text="Playback settings").click()
    page.get_by_label("Play from a word").select_option("double_click")
    page.keyboard.press("Escape")
    expect(page.locator("[data-text][data-painted]")).to_be_attached()
    x, y = page.evaluate(POINT_OF, ["Good morning", "everyone"])
    page.mouse.click(x, y)
    assert now_s(page) == 0
    page.mouse.dblclick(x, y)
    wait_until_playing(page)
    assert now_s(page) >= 2 * WORD_S


def test_renaming_keeps_the_sound_playing(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until_playing(page)
    page.get_by_role("button", name="Rename recording").click()
    page.get_by_label("Title", exact=True).fill("A better title")
    page.get_by_role("button", name="Save title").click()
    expect(page.get_by_role("heading", name="A better title")).to_be_visible()
    expect(page).to_have_title("A better title · Verbatim")
    wait_until_playing(page)


def test_sound_that_cannot_be_played_says_so(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    transcript = stage.do("transcript", recording=recording, sound=True)
    stage.do("spoil_sound", recording=recording)
    page = browse(f"/transcripts/{transcript}/")
    expect(page.get_by_text("The audio can't be played here.")).to_be_visible()


def test_right_to_left_text_stands_on_the_right(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording", title="نشرة الطقس")
    transcript = stage.do("transcript", recording=recording, lines=[["", "صباح الخير جميعا"]], language="ar")
    page = browse(f"/transcripts/{transcript}/")
    paragraph = page.get_by_text("صباح الخير")
    assert paragraph.evaluate("p => getComputedStyle(p).direction") == "rtl"


def test_fifty_thousand_words_open_and_can_be_clicked(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording", duration_ms=20_000_000)
    transcript = stage.do("long_transcript", recording=recording, words=50_000)
    page = browse(f"/transcripts/{transcript}/")
    expect(page.locator(".seg")).to_have_count(2_500)
    last = page.get_by_text("word2499x0 ")
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
