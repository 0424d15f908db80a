"""Speaking into the page with a microphone that plays a file."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import wave
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Sent, listening_browser, signed_in, wait_until_saved
from tests.support.audio import ffmpeg_path
from tests.support.instance import Instance
from tests.support.live.client import finish
from tests.support.speech_server.recogniser import live_segments_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

KEPT = """
    SELECT storage_name FROM transcripts_mediafile JOIN transcripts_recording r ON r.id = recording_id
    WHERE kind = 'original' AND r.title = ?
"""


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with Instance(tmp_path_factory.mktemp("live")) as running:
        yield running


@pytest.fixture
def page(instance: Instance, microphone_browser: Browser) -> Iterator[Page]:
    """A page with a microphone that plays a tone."""
    opened = signed_in(microphone_browser, instance)
    yield opened
    opened.context.close()


def begin(page: Page, title: str) -> None:
    """Begin a session and start to listen."""
    page.get_by_role("link", name="Live").click()
    expect(page.get_by_role("heading", name="Live")).to_be_visible()
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Create session").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("button", name="Start recording").click()


def kept_file(instance: Instance, title: str) -> Path:
    """The recording that came of it."""
    with sqlite3.connect(instance.folder / "verbatim.sqlite3") as database:
        [name] = database.execute(KEPT, (title,)).fetchone()
    return instance.folder / "media" / str(name)


def kept(instance: Instance, title: str) -> bytes:
    """The samples of the recording that came of it."""
    with wave.open(str(kept_file(instance, title))) as recording:
        samples: bytes = recording.readframes(10**9)
    return samples


def test_what_is_spoken_is_kept_bit_for_bit(instance: Instance, page: Page) -> None:
    sent = Sent(page)
    begin(page, "Editorial meeting")
    expect(page.get_by_text("Connected")).to_be_visible()
    wait_until_saved(page, 3)
    page.get_by_role("button", name="End and review").click()
    expect(page).to_have_url(re.compile("/transcripts/"))
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert len(sent.frames) >= 30
    assert any(sent.sound)
    assert kept(instance, "Editorial meeting") == sent.sound


def test_a_reload_loses_nothing_and_offers_to_go_on(instance: Instance, page: Page) -> None:
    begin(page, "Long meeting")
    wait_until_saved(page, 2)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_role("button", name="End and keep recording")).to_be_visible()
    page.get_by_role("button", name="Start recording").click()
    wait_until_saved(page, 5)
    page.get_by_role("button", name="End and review").click()
    expect(page).to_have_url(re.compile("/transcripts/"))


def what_goes_on_to_the_end(instance: Instance, page: Page, title: str) -> bytes:
    """Wait until the page is connected again, speak on, stop; return what was kept."""
    expect(page.get_by_text("Connected", exact=True)).to_be_visible(timeout=30_000)
    # A slow restart leaves more than a second to send: the page may never show 0:07 itself.
    expect(page.get_by_text(re.compile(r"Saved up to 0:(0[7-9]|[1-5]\d)"))).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="End and review").click()
    expect(page).to_have_url(re.compile("/transcripts/"))
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    return kept(instance, title)


def test_the_web_process_killed_while_speaking_costs_no_sound(instance: Instance, page: Page) -> None:
    sent = Sent(page)
    begin(page, "Interrupted meeting")
    wait_until_saved(page, 2)
    instance.kill("web")
    expect(page.get_by_text("your audio is stored here")).to_be_visible()
    assert what_goes_on_to_the_end(instance, page, "Interrupted meeting") == sent.sound


def test_a_power_cut_of_the_server_costs_no_sound(instance: Instance, page: Page) -> None:
    """What the disk had not got when the power failed is taken off it; the browser has it still."""
    sent, synced = Sent(page), [0]

    def note(packet: str | bytes) -> None:
        if isinstance(packet, str):
            synced.append(json.loads(packet).get("synced", synced[-1]))

    page.on("websocket", lambda socket: socket.on("framereceived", note))
    begin(page, "Dark meeting")
    wait_until_saved(page, 3)
    instance.kill("web")
    [last] = (instance.folder / "media" / "live").glob("*/0*.pcm")
    written = last.stat().st_size
    os.truncate(last, max(synced) * 3_200)
    assert 0 < last.stat().st_size < written
    assert what_goes_on_to_the_end(instance, page, "Dark meeting") == sent.sound


def test_a_session_that_somebody_else_ends_keeps_all_that_was_spoken(instance: Instance, page: Page) -> None:
    sent = Sent(page)
    begin(page, "Ended meeting")
    wait_until_saved(page, 2)
    finish(instance.sign_in(), page.url.rstrip("/").rpartition("/")[2])
    expect(page).to_have_url(re.compile("/transcripts/"))
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert kept(instance, "Ended meeting") == sent.sound


def test_a_refused_microphone_is_a_sentence(instance: Instance, page: Page) -> None:
    page.context.clear_permissions()
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError')) }"
    )
    begin(page, "Silent meeting")
    expect(page.get_by_text("Allow the microphone beside the address")).to_be_visible()
    expect(page.get_by_role("button", name="Start recording")).to_be_visible()


@pytest.mark.long
@pytest.mark.corpus
@pytest.mark.timeout(400)
def test_real_speech_is_written_while_it_is_spoken(
    instance: Instance, chromium: Browser, corpus: Path, tmp_path: Path, pictures: Path | None
) -> None:
    """The fake microphone plays a real reading once, then is silent."""
    reading = tmp_path / "reading.wav"
    source = corpus / "speech" / "en_read_lj050.wav"
    subprocess.run(
        [ffmpeg_path(), "-v", "error", "-i", source, "-ar", "48000", "-af", "apad=pad_dur=30", reading], check=True
    )
    browser = listening_browser(chromium, f"{reading}%noloop")
    page = signed_in(browser, instance)
    begin(page, "A reading")
    expect(page.locator("[data-provisional]")).not_to_be_empty(timeout=60_000)
    if pictures:
        page.screenshot(path=pictures / "live-provisional.png")
    expect(page.locator(".seg .said").first).to_be_visible(timeout=60_000)
    if pictures:
        page.screenshot(path=pictures / "live-final.png")
    page.get_by_role("button", name="End and review").click()
    expect(page).to_have_url(re.compile("/transcripts/"), timeout=90_000)
    written = page.locator(".seg .said").all_inner_texts()
    assert "formal review of activities" in " ".join(written)
    # The same samples, given to the recogniser without anything between.
    assert written == [segment["text"] for segment in live_segments_of(kept_file(instance, "A reading"))]
    browser.close()
