"""Many files chosen together are a batch: followed in the tray, then on a page of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.uploads.test_upload_options import open_options
from tests.browser.uploads.test_uploads import choose, file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]

FILES = 30
SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


def test_thirty_files_are_one_batch_with_a_page_of_its_own(stage: Site, browse: Browse, pictures: Path | None) -> None:
    page = browse()
    open_options(page)
    choose(page, *(file(f"interview {number:02}.mp3") for number in range(FILES)))
    link = page.get_by_role("link", name="Show this batch")
    expect(link).to_be_visible(timeout=30_000)
    link.click()
    expect(page.get_by_role("heading", name=f"Batch of {FILES} files")).to_be_visible()
    # The uploads continue on this page, which follows them
    expect(page.locator("#batch tbody tr")).to_have_count(FILES, timeout=120_000)
    page.reload()
    expect(page.locator("#batch .batch-sentence")).to_contain_text(re.compile(rf"\d+ of {FILES} transcribed"))
    expect(page.locator("#batch tbody tr")).to_have_count(FILES)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for name, size in SIZES.items():
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert violations(page) == []
            assert page.locator(".batch-scroll").evaluate("one => one.scrollWidth <= one.clientWidth")
            if pictures:
                page.screenshot(path=pictures / f"batch-{name}-{scheme}.png")
    arrived = page.locator("#batch").get_by_role("link", name="interview 00.mp3")
    expect(arrived).to_be_visible(timeout=30_000)
    arrived.click()
    expect(page).to_have_url(re.compile("/(recordings|transcripts)/"))
