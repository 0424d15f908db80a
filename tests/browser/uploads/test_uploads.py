"""Uploads: many at once, through trouble, across pages and reloads, to the last byte."""

from __future__ import annotations

import hashlib
import random
from contextlib import suppress
from typing import TYPE_CHECKING

from playwright.sync_api import Error, expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Dialog, FilePayload, Locator, Page, Request, Route

    from tests.browser.site import Site

    Browse = Callable[..., Page]

PART_BYTES = 8 * 1024 * 1024
DROPPED = "name => { const t = new DataTransfer(); t.items.add(new File([name], name)); return t }"


def file(name: str, size: int = 1000) -> FilePayload:
    return {"name": name, "mimeType": "audio/mpeg", "buffer": random.Random(name).randbytes(size)}


def choose(page: Page, *files: FilePayload) -> None:
    page.locator("[data-picker-input]").set_input_files(list(files))


def drop(page: Page, name: str) -> None:
    """Drop a file on the page, or on the dialog that is open."""
    target = "dialog[open]" if page.locator("dialog[open]").count() else "body"
    page.dispatch_event(target, "drop", {"dataTransfer": page.evaluate_handle(DROPPED, name)})


def transfer(page: Page, name: str) -> Locator:
    return page.locator(".transfer", has_text=name)


def expect_arrived(page: Page, *names: str) -> None:
    for name in names:
        expect(transfer(page, name)).to_contain_text("Uploaded and verified", timeout=30_000)


def sha256(made: FilePayload) -> str:
    return hashlib.sha256(made["buffer"]).hexdigest()


class Dam:
    """Holds back the parts of uploads, those from byte `beyond` on, until it is opened. Reloads do not open it."""

    def __init__(self, page: Page, beyond: int = 0) -> None:
        self.page, self.beyond = page, beyond
        self.held: list[Route] = []
        page.route("**/uploads/*/", self._meet)

    def _meet(self, route: Route) -> None:
        if int(route.request.headers.get("upload-offset", "-1")) >= self.beyond:
            self.held.append(route)
        else:
            route.continue_()

    def open(self) -> None:
        self.page.unroute_all(behavior="ignoreErrors")
        for route in self.held:
            # One that the page gave up meanwhile is answered already.
            with suppress(Error):
                route.continue_()


def stop_after_first_part(page: Page, made: FilePayload) -> Dam:
    """Send the first part of a file and hold the second back."""
    dam = Dam(page, beyond=PART_BYTES)

    def is_second(request: Request) -> bool:
        return int(request.headers.get("upload-offset", "0")) >= PART_BYTES

    # Eight mebibytes take their time where everything else runs beside
    with page.expect_request(is_second, timeout=120_000):
        choose(page, made)
    page.locator(".transfer[data-stored]").wait_for()
    return dam


def test_several_files_travel_at_once_and_arrive_whole(stage: Site, browse: Browse) -> None:
    page = browse()
    names = [f"tape {number}.mp3" for number in range(5)]
    big = file("tape 4.mp3", PART_BYTES + 12_345)
    choose(page, *(file(name) for name in names[:4]), big)
    expect_arrived(page, *names)
    for name in names:
        expect(page.get_by_role("link", name=name.removesuffix(".mp3"), exact=True)).to_be_visible()
    uploads = stage.do("uploads")
    assert len(uploads) == 5
    assert uploads["tape 4.mp3"]["sha256"] == sha256(big)
    assert {upload["status"] for upload in uploads.values()} == {"complete"}


def test_each_part_carries_its_checksum(stage: Site, browse: Browse) -> None:
    page = browse()
    with page.expect_request(lambda request: request.method == "PATCH") as sent:
        choose(page, file("memo.mp3"))
    assert sent.value.headers["upload-checksum"].startswith("sha256 ")
    expect_arrived(page, "memo.mp3")


def test_files_can_be_dropped_on_any_page(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    page = browse(f"/recordings/{recording}/")
    transfer_of = page.evaluate_handle(DROPPED, "dropped.mp3")
    page.dispatch_event("body", "dragenter", {"dataTransfer": transfer_of})
    expect(page.get_by_text("Drop to upload")).to_be_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": transfer_of})
    expect(page.get_by_text("Drop to upload")).to_be_hidden()
    expect_arrived(page, "dropped.mp3")


def test_two_travel_and_the_third_waits_its_turn(stage: Site, browse: Browse) -> None:
    page = browse()
    dam = Dam(page)
    choose(page, *(file(f"{name}.mp3") for name in ("one", "two", "three")))
    expect(transfer(page, "three.mp3")).to_contain_text("Queued")
    expect(page.locator(".transfer[data-state=sending]")).to_have_count(2)
    dam.open()
    expect_arrived(page, "one.mp3", "two.mp3", "three.mp3")


def test_an_upload_goes_on_while_one_moves_between_pages(stage: Site, browse: Browse) -> None:
    stage.do("recording")
    page = browse()
    dam = Dam(page)
    choose(page, file("long.mp3"))
    expect(transfer(page, "long.mp3")).to_have_attribute("data-state", "sending")
    page.get_by_role("link", name="Council meeting").click()
    expect(page.get_by_role("heading", name="Council meeting")).to_be_visible()
    dam.open()
    expect_arrived(page, "long.mp3")
    page.get_by_role("link", name="long.mp3").click()
    expect(page.get_by_role("heading", name="long")).to_be_visible()


def test_pause_and_go_on(stage: Site, browse: Browse) -> None:
    page = browse()
    dam = Dam(page)
    choose(page, file("tape.mp3", 5000))
    expect(transfer(page, "tape.mp3")).to_have_attribute("data-state", "sending")
    transfer(page, "tape.mp3").get_by_role("button", name="Pause").click()
    expect(transfer(page, "tape.mp3")).to_contain_text("Paused at")
    dam.open()
    transfer(page, "tape.mp3").get_by_role("button", name="Resume").click()
    expect_arrived(page, "tape.mp3")


def test_a_cancelled_upload_is_forgotten_on_both_sides(stage: Site, browse: Browse) -> None:
    page = browse()
    Dam(page)
    choose(page, file("wrong.mp3"))
    expect(transfer(page, "wrong.mp3")).to_have_attribute("data-state", "sending")
    page.locator(".transfer[data-started]").wait_for()
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        transfer(page, "wrong.mp3").get_by_role("button", name="Cancel").click()
    expect(page.locator("#tray")).to_be_hidden()
    assert stage.do("uploads")["wrong.mp3"]["status"] == "abandoned"
    page.reload()
    expect(page.locator(".transfer")).to_have_count(0)


def test_a_reload_goes_on_where_it_stopped(stage: Site, browse: Browse) -> None:
    page = browse()
    made = file("archive.mp3", 2 * PART_BYTES + 777)
    dam = stop_after_first_part(page, made)
    page.reload()
    expect(transfer(page, "archive.mp3")).to_have_attribute("data-state", "sending")
    dam.open()
    expect_arrived(page, "archive.mp3")
    upload = stage.do("uploads")["archive.mp3"]
    assert upload["sha256"] == sha256(made)
    assert len(stage.do("uploads")) == 1


def test_without_its_file_an_upload_asks_for_it_and_goes_on(stage: Site, browse: Browse) -> None:
    page = browse()
    dam = Dam(page)
    made = file("council.mp4", 4000)
    choose(page, made)
    page.locator(".transfer[data-stored]").wait_for()
    page.evaluate(
        """() => new Promise((done) => {
          const opening = indexedDB.open("verbatim");
          opening.onsuccess = () => {
            const change = opening.result.transaction("files", "readwrite");
            change.objectStore("files").clear();
            change.oncomplete = done;
          };
        })"""
    )
    page.reload()
    item = transfer(page, "council.mp4")
    expect(item).to_contain_text("Choose council.mp4 again to continue at")
    with page.expect_file_chooser() as other:
        item.get_by_role("button", name="Choose file").click()
    other.value.set_files([file("other.mp4")])
    expect(item).to_contain_text("That's a different file")
    with page.expect_file_chooser() as same:
        item.get_by_role("button", name="Choose file").click()
    same.value.set_files([made])
    dam.open()
    expect_arrived(page, "council.mp4")


def test_a_lost_network_is_waited_out(stage: Site, browse: Browse) -> None:
    page = browse()
    page.context.set_offline(True)
    choose(page, file("field.mp3"))
    expect(transfer(page, "field.mp3")).to_contain_text("Resumes when you are online")
    expect(page.get_by_text("You’re offline.")).to_be_visible()
    page.context.set_offline(False)
    expect_arrived(page, "field.mp3")


def test_a_server_that_goes_away_is_waited_out(stage: Site, browse: Browse) -> None:
    page = browse()
    stage.stop_web()
    choose(page, file("patient.mp3"))
    expect(transfer(page, "patient.mp3")).to_contain_text("Retrying automatically")
    stage.start_web()
    expect_arrived(page, "patient.mp3")


def test_another_person_sees_nothing_of_it(stage: Site, browse: Browse) -> None:
    page = browse()
    Dam(page)
    choose(page, file("secret.mp3"))
    page.locator(".transfer[data-stored]").wait_for()
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("erin@example.org")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    page.locator("#tray[data-restored]").wait_for(state="attached")
    expect(page.locator(".transfer")).to_have_count(0)


def test_closing_warns_only_while_something_would_be_lost(stage: Site, browse: Browse) -> None:
    page = browse()
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    Dam(page)
    choose(page, file("kept.mp3"))
    page.locator(".transfer[data-stored]").wait_for()
    page.get_by_role("heading", name="Library").click()
    page.reload()
    assert asked == []
    page.evaluate("navigator.storage.estimate = async () => ({ quota: 1000, usage: 999 })")
    choose(page, file("not kept.mp3"))
    expect(transfer(page, "not kept.mp3")).to_have_attribute("data-state", "sending")
    page.get_by_role("heading", name="Library").click()
    page.reload()
    assert asked == ["beforeunload"]
