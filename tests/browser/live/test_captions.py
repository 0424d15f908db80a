"""Captions for guests, and audio that a browser still has."""

from __future__ import annotations

import re
import wave
from array import array
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.live.session import SAID, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]


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
