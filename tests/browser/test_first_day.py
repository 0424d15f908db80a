"""A new user's first day, with the whole instance, a real recogniser and real speech: nothing here is scripted."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pysubs2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.instance import Instance, NewInstance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The recogniser takes its time where the machine is busy
pytestmark = [pytest.mark.long, pytest.mark.corpus, pytest.mark.timeout(400)]

FILES = (
    "en_video_sonnet1.mp4",
    "en_speech_jfk.flac",
    "en_read_lj050.wav",
    "en_poem_sonnet1_excerpt.ogg",
    "en_voicemail_lj050.amr",
)
# Half a minute of speech for each core there is, and some patience for a busy machine
PATIENCE_MS = 150_000

DROP = """
async files => {
  const carried = new DataTransfer();
  for (const { name, content } of files) {
    const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
    carried.items.add(new File([bytes], name));
  }
  for (const kind of ["dragenter", "dragover", "drop"]) {
    const target = document.querySelector("main") ?? document.body;
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
  }
}
"""
# Where on the page a word of a segment is, so that a person could click it
WORD = """
([segment, word]) => {
  const text = document.querySelectorAll(".seg > .said")[segment].firstChild;
  const at = text.data.indexOf(word);
  const range = document.createRange();
  range.setStart(text, at);
  range.setEnd(text, at + word.length);
  const box = range.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
"""


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance that nobody has visited yet."""
    folder = tmp_path_factory.mktemp("first-day")
    with NewInstance(folder, ADMIN_EMAIL="", ADMIN_PASSWORD="") as running:
        yield running


def drop(page: Page, folder: Path) -> None:
    """Drop the files anywhere on the page, all at once, as from a folder's window."""
    paths = [folder / "speech" / name for name in FILES]
    files = [{"name": path.name, "content": base64.b64encode(path.read_bytes()).decode()} for path in paths]
    page.evaluate(DROP, files)


def test_from_sign_up_to_subtitles(
    instance: Instance, chromium: Browser, corpus: Path, tmp_path: Path, pictures: Path | None
) -> None:
    context = chromium.new_context(base_url=instance.url, viewport={"width": 1360, "height": 860})
    page = context.new_page()
    loads: list[str] = []

    def look(name: str) -> None:
        if pictures:
            page.screenshot(path=pictures / f"first-day-{name}.png")

    page.goto("/")
    expect(page).to_have_url(re.compile("/setup/$"))
    look("1-setup")
    page.get_by_label("Your name").fill("Ana Lima")
    page.get_by_label("E-mail").fill("ana@example.org")
    page.get_by_label("Password").fill("correct horse battery")
    page.locator("main button[type=submit], form button[type=submit]").first.click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    page.wait_for_load_state("load")
    page.on("load", lambda loaded: loads.append(loaded.url))
    drop(page, corpus)
    for name in FILES:
        expect(page.get_by_role("link", name=name.rpartition(".")[0], exact=True)).to_be_visible()
    look("2-under-way")
    expect(page.locator("main").get_by_text("Draft", exact=True)).to_have_count(len(FILES), timeout=PATIENCE_MS)
    look("3-finished")
    assert loads == [], "the page was loaded again"

    page.get_by_role("link", name="en_video_sonnet1").first.click()
    expect(page).to_have_url(re.compile("/transcripts/"))
    expect(page.get_by_text("a small model")).to_be_visible()
    media = page.locator("video")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.5")
    look("4-playing")
    page.get_by_role("button", name="Pause").click()

    words = page.evaluate("() => [...document.querySelectorAll('.seg > .said')].map(p => p.textContent)")
    later = next(index for index, text in enumerate(words) if index and len(text.split()) > 3)
    word = max(words[later].split(), key=len)
    spot = page.evaluate(WORD, [later, word])
    page.mouse.click(spot["x"], spot["y"])
    before = media.evaluate("video => video.currentTime")
    assert before > 1.0, "the click did not seek"
    page.wait_for_function("then => document.querySelector('video').currentTime > then", arg=before)
    page.wait_for_function("() => CSS.highlights.get('heard')?.size > 0")
    look("5-a-word-clicked")

    page.get_by_role("link", name="Export").click()
    page.get_by_label(re.compile("SRT")).check()
    page.get_by_label("Subtitle profile").wait_for()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download", exact=True).click()
    target = tmp_path / "sonnet.srt"
    started.value.save_as(target)
    assert started.value.suggested_filename == "en_video_sonnet1.srt"
    cues = pysubs2.load(str(target))
    assert len(" ".join(cue.plaintext for cue in cues).split()) == len(" ".join(words).split())
    context.close()
