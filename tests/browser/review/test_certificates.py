"""From an approval to a certificate that a stranger checks, with the recording hashed in their browser."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import PHONE, WIDE
from tests.browser.editing.test_main_ways import LINES, edited, put_caret, wait_until_saved
from transcripts.certificates import container

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.site import Site

    Browse = Callable[..., Page]


@pytest.fixture
def certified(stage: Site, browse: Browse, tmp_path: Path) -> tuple[Path, Path]:
    """The certificate of a transcript that was edited and approved, and its recording."""
    recording = stage.do("recording", title="Council meeting")
    made = stage.do("transcript", recording=recording, lines=LINES, sound=True, status="in_review")
    stage.do("original", recording=recording)
    page = edited(browse, f"/transcripts/{made}/")
    put_caret(page, 2)
    page.keyboard.type(" then")
    wait_until_saved(page)
    page.get_by_role("button", name="Approve", exact=True).click()
    with page.expect_download() as started:
        page.get_by_role("link", name="Certificate").click()
    certificate, original = tmp_path / "certificate.zip", tmp_path / "recording"
    certificate.write_bytes(started.value.path().read_bytes())
    original.write_bytes(page.request.get(f"/recordings/{recording}/original/").body())
    return certificate, original


def checking(browse: Browse, certificate: Path, original: Path | None = None) -> Page:
    page = browse("/verify/", who=None)
    page.get_by_label("Certificate").set_input_files(certificate)
    if original:
        page.get_by_label("Recording (optional)", exact=True).set_input_files(original)
        expect(page.get_by_label("SHA-256 of the recording (optional)")).not_to_have_value("")
    return page


def looked_at(page: Page, pictures: Path | None, name: str) -> None:
    for width, size in (("wide", WIDE), ("phone", PHONE)):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert axe.violations(page) == []
            if pictures:
                page.screenshot(path=pictures / f"{name}-{scheme}-{width}.png", full_page=True)


def test_a_stranger_learns_that_it_is_valid_and_what_people_changed(
    browse: Browse, certified: tuple[Path, Path], pictures: Path | None
) -> None:
    page = checking(browse, *certified)
    looked_at(page, pictures, "verify")
    page.get_by_role("button", name="Check it").click()
    verdict = page.get_by_role("status").filter(has=page.get_by_role("heading", level=1))
    expect(verdict.get_by_role("heading", level=1)).to_have_text("This certificate is valid")
    expect(verdict).to_contain_text("your recording is the one")
    expect(verdict).to_contain_text("by Alice Adams")
    expect(verdict.locator("ins")).to_have_text("then")
    looked_at(page, pictures, "verify-valid")


def test_a_stranger_learns_what_was_changed(
    browse: Browse, certified: tuple[Path, Path], pictures: Path | None, tmp_path: Path
) -> None:
    certificate, original = certified
    parts = container.unpack(io.BytesIO(certificate.read_bytes()))
    forged, other = tmp_path / "forged.zip", tmp_path / "other"
    forged.write_bytes(container.pack({**parts, container.TEXT: parts[container.TEXT] + b"!"}))
    other.write_bytes(original.read_bytes() + b"!")
    page = checking(browse, forged, other)
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This certificate is not valid")
    expect(page.get_by_text("transcript.txt was changed")).to_be_visible()
    expect(page.get_by_text("Your recording is not the one")).to_be_visible()
    looked_at(page, pictures, "verify-invalid")


def test_what_is_no_certificate_is_refused_on_the_form(browse: Browse, tmp_path: Path) -> None:
    (tmp_path / "note.zip").write_bytes(b"no")
    page = checking(browse, tmp_path / "note.zip")
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("alert")).to_have_text("This file is not a certified transcript.")
    expect(page.get_by_role("button", name="Check it")).to_be_visible()
