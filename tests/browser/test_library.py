"""The library lives: rows follow what happens elsewhere, without a reload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from tests.browser.site import Site

    Browse = Callable[..., Page]

MARK = "window.notReloaded = true"


def wait_for_socket(page: Page) -> None:
    """Wait until events arrive: the first makes the page fetch its list again."""
    page.locator("html[data-events=on]").wait_for(state="attached")


def stayed(page: Page) -> bool:
    return bool(page.evaluate("window.notReloaded === true"))


def test_a_row_follows_its_job(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    job = stage.do("job", recording=recording, stage="preparing")
    page = browse()
    page.evaluate(MARK)
    wait_for_socket(page)
    row = page.locator(f"#recording-{recording}")
    for stage_name, progress, words in (("preparing", 40, "40 %"), ("transcribing", 75, "75 %")):
        stage.do("show", job=job, stage=stage_name, progress=progress)
        expect(row).to_contain_text(words)
    stage.do("rename", recording=recording, title="A better title")
    expect(row).to_contain_text("A better title")
    assert stayed(page)


def test_what_a_colleague_uploads_appears(stage: Site, browse: Browse) -> None:
    stage.do("recording", title="First")
    page = browse(who="vera")
    page.evaluate(MARK)
    wait_for_socket(page)
    stage.do("recording", title="From a colleague")
    expect(page.get_by_role("link", name="From a colleague")).to_be_visible()
    assert stayed(page)


def test_without_a_socket_the_page_asks_by_itself(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    job = stage.do("job", recording=recording)
    page = browse("/healthz")
    page.route_web_socket("**/ws/events/", lambda socket: socket.close())
    page.clock.install()
    page.goto("/")
    stage.do("show", job=job, stage="transcribing", progress=23)
    page.clock.run_for(11_000)
    expect(page.locator(f"#recording-{recording}")).to_contain_text("23 %")


def test_a_change_that_the_server_failed_to_tell_is_asked_for_again(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    job = stage.do("job", recording=recording)
    page = browse("/healthz")
    page.clock.install()
    page.goto("/")
    wait_for_socket(page)
    failed = []

    def fail_once(route: Route) -> None:
        failed.append(route.request.url)
        route.fulfill(status=503) if len(failed) == 1 else route.continue_()

    page.route("**/row/", fail_once)
    with page.expect_response("**/row/"):
        stage.do("show", job=job, stage="transcribing", progress=23)
    with page.expect_response("**/row/") as again:
        page.clock.run_for(11_000)
    assert again.value.ok
    expect(page.locator(f"#recording-{recording}")).to_contain_text("23 %")


def test_an_open_menu_stays_open_and_catches_up_when_closed(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    job = stage.do("job", recording=recording)
    page = browse()
    wait_for_socket(page)
    page.locator(f"#menu-{recording}").click()
    stage.do("show", job=job, stage="transcribing", progress=12)
    page.locator(f"#recording-{recording}[data-stale]").wait_for()
    expect(page.get_by_role("link", name="Processing details")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"#recording-{recording}")).to_contain_text("12 %")


def test_a_press_under_way_is_not_cut_off_by_a_change(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    job = stage.do("job", recording=recording)
    page = browse()
    wait_for_socket(page)
    page.locator(f"#menu-{recording}").hover()
    page.mouse.down()
    stage.do("show", job=job, stage="transcribing", progress=12)
    page.locator("[data-stale]").first.wait_for()
    page.mouse.up()
    expect(page.get_by_role("link", name="Processing details")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"#recording-{recording}")).to_contain_text("12 %")


def test_the_page_becomes_right_after_the_server_was_away(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    job = stage.do("job", recording=recording)
    page = browse()
    wait_for_socket(page)
    stage.stop_web()
    expect(page.get_by_text("Reconnecting.")).to_be_visible()
    stage.do("show", job=job, stage="transcribing", progress=64)
    stage.start_web()
    expect(page.locator(f"#recording-{recording}")).to_contain_text("64 %")
    expect(page.get_by_text("Reconnecting.")).to_be_hidden()


def test_a_deletion_can_be_undone(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    page = browse()
    page.locator(f"#menu-{recording}").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Moved “Council meeting” to the trash")).to_be_visible()
    expect(page.locator(f"#recording-{recording}")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f"#recording-{recording}")).to_be_visible()


def test_going_back_shows_the_page_as_it_is_now(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    page = browse()
    page.evaluate(MARK)
    page.get_by_role("link", name="Council meeting").click()
    expect(page.get_by_role("heading", name="Council meeting")).to_be_visible()
    stage.do("rename", recording=recording, title="Renamed meanwhile")
    page.go_back()
    expect(page.get_by_role("link", name="Renamed meanwhile")).to_be_visible()
    assert stayed(page)


def test_of_two_pages_that_were_asked_for_the_second_is_shown(stage: Site, browse: Browse) -> None:
    stage.do("recording")
    page = browse("/?team=newsroom")
    held: list[Route] = []
    page.route("**/?*state=*", lambda route: held.append(route))
    page.locator("#state-mine").click()
    page.locator("#state-review").click()
    expect(page.locator("#state-review.htmx-request")).to_be_visible()
    with page.expect_response("**/?*state=mine*") as first:
        held[0].continue_()
    first.value.finished()
    held[1].continue_()
    expect(page.locator("#state-review")).to_have_attribute("aria-current", "true")


def test_the_recording_page_follows_its_job_to_the_transcript(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    job = stage.do("job", recording=recording)
    page = browse(f"/recordings/{recording}/")
    wait_for_socket(page)
    stage.do("show", job=job, stage="transcribing", progress=38)
    expect(page.get_by_text("38 %", exact=True)).to_be_visible()
    stage.do("finish", job=job)
    page.get_by_role("link", name="Open transcript").click()
    expect(page.get_by_text("Good morning everyone")).to_be_visible()


def test_a_recording_that_a_colleague_deletes_leaves_its_page(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    page = browse(f"/recordings/{recording}/")
    wait_for_socket(page)
    stage.do("delete", recording=recording)
    expect(page.get_by_role("heading", name="This recording is in the trash")).to_be_visible()


def test_the_library_works_without_scripts(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    page = browse(java_script_enabled=False)
    page.locator(f"#menu-{recording}").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f"#recording-{recording}")).to_be_visible()


def test_totals_follow_a_recording_whose_length_becomes_known(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording", duration_ms=None)
    page = browse()
    wait_for_socket(page)
    expect(page.locator(".foot")).to_contain_text("1 recording, less than a minute.")
    stage.do("know_length", recording=recording, minutes=90)
    expect(page.locator(".foot")).to_contain_text("1 recording, 1 h 30 min.")


def test_a_recording_that_ended_leaves_the_list_of_those_in_progress(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording")
    job = stage.do("job", recording=recording)
    page = browse("/?state=working")
    wait_for_socket(page)
    expect(page.locator(".row")).to_have_count(1)
    stage.do("fail", job=job)
    expect(page.locator(".row")).to_have_count(0)
