"""Files that the team has already are asked about before a byte of them is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.uploads.test_uploads import choose, expect_arrived, file, transfer

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import FilePayload, Page, Request

    from tests.browser.site import Site

    Browse = Callable[..., Page]

LARGE = 4 * 1024 * 1024 + 5


def bring(browse: Browse, *files: FilePayload) -> None:
    """Upload files in a browser that is closed afterwards."""
    page = browse()
    choose(page, *files)
    expect_arrived(page, *(one["name"] for one in files))
    page.close()


def watch_uploads(page: Page) -> list[str]:
    """Note the uploads that the page begins."""
    begun: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/uploads/"):
            begun.append(request.url)

    page.on("request", note)
    return begun


def test_a_large_file_is_recognised_and_opened_instead(stage: Site, browse: Browse) -> None:
    tape = file("tape.mp3", LARGE)
    bring(browse, tape)
    page = browse(reduced_motion="reduce")
    begun = watch_uploads(page)
    choose(page, {**tape, "name": "copy of tape.mp3"}, file("new.mp3"))
    asked = transfer(page, "copy of tape.mp3")
    expect(asked).to_contain_text("Uploaded already in Alice Adams’s recordings: “tape”, added by Alice Adams today")
    expect_arrived(page, "new.mp3")
    assert len(begun) == 1
    assert violations(page) == []
    asked.get_by_role("link", name="Open it").click()
    expect(page.get_by_role("heading", name="tape")).to_be_visible()
    expect(asked).to_be_visible()
    asked.get_by_role("button", name="Leave it out").click()
    expect(asked).to_have_count(0)


def test_one_answer_is_enough_for_many(stage: Site, browse: Browse) -> None:
    tapes = [file(f"tape {number}.mp3") for number in range(3)]
    bring(browse, *tapes)
    page = browse()
    choose(page, *tapes)
    expect(page.get_by_text("3 of these files are here already.")).to_be_visible()
    page.get_by_role("button", name="Upload all again").click()
    expect_arrived(page, *(tape["name"] for tape in tapes))
    expect(page.get_by_text("of these files are here already")).to_be_hidden()


def test_the_question_survives_a_reload(stage: Site, browse: Browse) -> None:
    bring(browse, file("tape.mp3"))
    page = browse()
    choose(page, file("tape.mp3"))
    page.locator(".transfer[data-state=known][data-stored]").wait_for()
    page.reload()
    expect(transfer(page, "tape.mp3").get_by_role("button", name="Upload again")).to_be_visible()


def test_a_recording_in_the_trash_is_restored(stage: Site, browse: Browse) -> None:
    bring(browse, file("tape.mp3"))
    page = browse()
    page.get_by_text("More for tape").locator("..").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Moved “tape” to the trash")).to_be_visible()
    choose(page, file("tape.mp3"))
    expect(transfer(page, "tape.mp3")).to_contain_text("In the trash of Alice Adams")
    transfer(page, "tape.mp3").get_by_role("button", name="Restore it").click()
    expect(page.get_by_role("link", name="tape", exact=True)).to_be_visible()
    expect(transfer(page, "tape.mp3")).to_have_count(0)
