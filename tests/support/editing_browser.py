"""A browser with a profile of its own, in which one person edits a transcript: it can be killed and started again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Self

import psutil
from playwright.sync_api import expect

from tests.browser.chromium import CHROMIUM, QUIET

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Playwright

SHOWN = """() => [...document.querySelectorAll("[data-text] .seg > .said")].map((text) => text.textContent)"""
FOCUS = """() => document.querySelector("[data-text] .ProseMirror").focus()"""
# What the page stored in the browser because the server does not have it, as text.
STORED = """async () => {
    const result = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
    const database = await result(indexedDB.open("verbatim-edits", 1));
    const records = await result(database.transaction("unsent").objectStore("unsent").getAll());
    database.close();
    return JSON.stringify(records);
}"""
PATIENCE_MS = 60_000


class EditingBrowser:
    """`with EditingBrowser(playwright, profile, url, cookie) as browser:` - the transcript at the URL is open."""

    def __init__(self, playwright: Playwright, profile: Path, url: str, cookie: str) -> None:
        self._playwright, self._profile, self._url = playwright, profile, url
        self._cookie = {"name": "sessionid", "value": cookie, "domain": "localhost", "path": "/"}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def start(self) -> None:
        """Start the browser and open the transcript, with the caret at its end."""
        self.context = self._playwright.chromium.launch_persistent_context(
            self._profile, executable_path=CHROMIUM, args=QUIET
        )
        # Chromium writes cookies half a minute late: after a kill the person signs in again
        self.context.add_cookies([self._cookie])  # type: ignore[list-item]
        self.page = self.context.pages[0]
        self.open()

    def open(self) -> None:
        """Open the transcript, with the caret at its end."""
        self.page.goto(self._url)
        expect(self.page.locator("[data-text][data-painted]")).to_be_attached(timeout=PATIENCE_MS)
        self.page.evaluate(FOCUS)
        self.page.keyboard.press("Control+End")

    def kill(self) -> None:
        """kill -9 of every process of the browser."""
        processes = [one for one in psutil.Process().children(recursive=True) if str(self._profile) in _line(one)]
        for process in processes:
            process.kill()
        psutil.wait_procs(processes, timeout=10)

    def type(self, text: str) -> None:
        """Type at the caret; a new line is Enter."""
        for letter in text:
            self.page.keyboard.press("Enter" if letter == "\n" else letter)

    def shown(self) -> list[str]:
        """Return the texts of the segments on the page."""
        shown: list[str] = self.page.evaluate(SHOWN)
        return shown

    def stored(self) -> str:
        """Return what the page stored in the browser because the server does not have it."""
        stored: str = self.page.evaluate(STORED)
        return stored

    def save_state(self) -> str:
        """Return what the page says of unsaved changes."""
        return self.page.locator("[data-save-state]").inner_text()


def texts_of(page: str) -> list[str]:
    """Return the texts of the segments in the HTML of a transcript's page."""
    _, _, rest = page.partition('<script id="transcript-data" type="application/json">')
    data, _, _ = rest.partition("</script>")
    return [text for _, _, _, _, text, *_ in json.loads(data)["rows"]]


def _line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
