"""Exports by keyboard and pointer: the dialog, its preview, the download, and a ZIP of many that a worker writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.site import Site

Browse = Any


@pytest.fixture
def transcript(stage: Site) -> str:
    recording = stage.do("recording", title="Council meeting")
    return f"/transcripts/{stage.do('transcript', recording=recording)}/"


def opened(page: Page) -> Locator:
    page.locator("[data-text][data-painted]").wait_for()
    page.keyboard.press("d")
    dialog = page.get_by_role("dialog", name="Export")
    expect(dialog.get_by_role("radio", checked=True)).to_be_focused()
    return dialog


def downloaded(page: Page, dialog: Locator) -> tuple[str, bytes]:
    with page.expect_download() as started:
        dialog.get_by_role("button", name="Download").click()
    return started.value.suggested_filename, started.value.path().read_bytes()


def test_a_format_is_chosen_and_downloaded_by_keyboard_alone(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    dialog = opened(page)
    expect(dialog.get_by_role("region", name="How it begins")).to_contain_text("[00:00:00]")
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_label("Subtitle profile")).to_be_visible()
    expect(dialog.get_by_role("region", name="How it begins")).to_contain_text("00:00:00,000 -->")
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    assert started.value.suggested_filename == "Council meeting.srt"
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize(
    ("label", "start"),
    [("VTT", b"WEBVTT"), ("JSON every", b"{"), ("DOCX", b"PK"), ("PDF", b"%PDF"), ("CSV", b"\xef\xbb\xbf")],
)
def test_every_kind_of_file_arrives(browse: Browse, transcript: str, label: str, start: bytes) -> None:
    page = browse(transcript)
    dialog = opened(page)
    dialog.get_by_role("radio", name=label).check()
    expect(dialog.get_by_role("radio", name=label)).to_be_checked()
    _, content = downloaded(page, dialog)
    assert content.startswith(start)


def test_the_preview_follows_the_options_and_they_are_remembered(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    dialog = opened(page)
    dialog.get_by_role("checkbox", name="Times").uncheck()
    preview = dialog.get_by_role("region", name="How it begins")
    expect(preview).not_to_contain_text("[00:00:00]")
    expect(preview).to_contain_text("Good morning everyone")
    name, content = downloaded(page, dialog)
    assert (name, b"[00:00:00]" in content) == ("Council meeting.txt", False)
    page.reload()
    expect(opened(page).get_by_role("checkbox", name="Times")).not_to_be_checked()


def test_escape_closes_the_dialog_and_returns_the_focus(browse: Browse, transcript: str) -> None:
    page = browse(transcript)
    page.get_by_role("link", name="Export").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Export")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Export")).to_be_focused()


def test_many_are_exported_from_the_library_and_the_page_tells_when_they_are_ready(
    stage: Site, browse: Browse, transcript: str
) -> None:
    page = browse("/")
    page.get_by_role("link", name="Export these").click()
    page.get_by_label("Council meeting").first.check()
    page.get_by_role("button", name="Export as a ZIP file").click()
    expect(page.get_by_role("heading", name="Preparing your export")).to_be_visible()
    expect(page.locator("html[data-events=on]")).to_be_attached()
    stage.do("write_exports")
    expect(page.get_by_role("heading", name="Your export is ready")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download").click()
    assert started.value.path().read_bytes()
