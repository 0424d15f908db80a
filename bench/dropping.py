"""How long a minute of speech takes from its drop on the page to its transcript there, with Whisper base.

    python -m bench.dropping

The first file meets a recogniser that just started; the second one that has its model loaded.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect, sync_playwright

from bench.report import report
from tests.browser.chromium import CHROMIUM, QUIET, signed_in
from tests.support.corpus import corpus
from tests.support.instance import Instance

if TYPE_CHECKING:
    from playwright.sync_api import Page

FILES = ("nl_dialog_2spk.wav", "de_read_simplicissimus.mp3")


def main() -> None:
    """Drop the files one after the other."""
    with (
        tempfile.TemporaryDirectory() as name,
        Instance(Path(name), WHISPER_MODEL="base") as instance,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = signed_in(browser, instance)
        for file in FILES:
            report("dropping", file=file, seconds=round(_drop(page, corpus() / "speech" / file), 1))
        browser.close()


def _drop(page: Page, file: Path) -> float:
    page.goto("/")
    began = time.monotonic()
    page.locator("[data-picker-input]").set_input_files([file])
    title = page.get_by_role("link", name=file.stem, exact=True)
    expect(page.locator(".row").filter(has=title).get_by_text("Draft")).to_be_visible(timeout=300_000)
    title.click()
    expect(page.locator("[data-segment] p").first).to_be_visible()
    return time.monotonic() - began


if __name__ == "__main__":
    main()
