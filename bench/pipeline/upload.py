"""How long a minute of speech takes from its upload on the page to its transcript there, with Whisper base.

    python -m bench.pipeline.upload

The first file waits for the recogniser to load its model; the second one doesn't.
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
    """Upload the files one after the other."""
    with (
        tempfile.TemporaryDirectory() as name,
        Instance(Path(name), WHISPER_MODEL="base") as instance,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = signed_in(browser, instance)
        for file in FILES:
            report("upload", file=file, seconds=round(_upload(page, corpus() / "speech" / file), 1))
        browser.close()


def _upload(page: Page, file: Path) -> float:
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
