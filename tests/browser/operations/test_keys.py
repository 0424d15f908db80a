"""The keys of an account in the console: entered, tried, retired, by keyboard and for everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.account.states import give_password
from tests.browser.conftest import PATIENCE_MS, PHONE, WIDE, sign_in

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.site import Site
    from tests.support.providers.deepgram import DeepgramDouble

LOOKS: dict[str, Any] = {
    "light": {"viewport": WIDE, "color_scheme": "light"},
    "dark": {"viewport": PHONE, "color_scheme": "dark"},
}
VALID = "the-key-of-the-court-wxyz"
STICKS_OUT = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"


def enter(page: Page, key: str) -> None:
    page.get_by_label("New key").fill(key)
    page.get_by_role("button", name="Save key").click()


@pytest.mark.parametrize("look", LOOKS)
def test_a_key_is_entered_tested_and_retired(
    look: str, chromium: Browser, stage: Site, deepgram: DeepgramDouble, pytestconfig: pytest.Config
) -> None:
    stage.do("reset_operations")
    stage.do("operator")
    account = stage.do("court", endpoint=deepgram.url)
    deepgram.rescript({"keys": {0: [VALID]}})
    context = chromium.new_context(base_url=stage.url, timezone_id="UTC", **LOOKS[look])
    context.set_default_timeout(PATIENCE_MS)
    sign_in(context, stage, "olena")
    page = context.new_page()
    page.goto(f"/admin/transcripts/provideraccount/{account}/change/")
    page.get_by_role("link", name="Keys", exact=True).click()
    give_password(page)
    expect(page.get_by_role("heading", name="Keys of Court")).to_be_visible()
    expect(page.get_by_text("There is no key.")).to_be_visible()
    enter(page, "a-key-of-another-abcd")
    expect(page.get_by_role("row", name="…abcd")).to_be_visible()
    enter(page, VALID)
    valid, revoked = page.get_by_role("row", name="…wxyz"), page.get_by_role("row", name="…abcd")
    revoked.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text("Court refuses the key …abcd")).to_be_visible()
    expect(revoked.get_by_text("Refused since")).to_be_visible()
    valid.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text("accepts the key …wxyz.")).to_be_visible()
    assert VALID not in page.content()
    assert axe.violations(page) == []
    assert not page.evaluate(STICKS_OUT)
    folder: Path | None = pytestconfig.getoption("--screenshots")
    if folder is not None:
        page.screenshot(path=folder / f"keys-{look}.png", full_page=True)
    revoked.get_by_role("button", name="Retire").click()
    expect(page.get_by_text("is retired and forgotten")).to_be_visible()
    expect(revoked).to_have_count(0)
    context.close()
    stage.do("reset_operations")
