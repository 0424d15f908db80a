"""Uploads that meet trouble: they continue where they were, and begin anew only if the server has lost them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.uploads.test_uploads import (
    PART_BYTES,
    choose,
    expect_arrived,
    file,
    sha256,
    stop_after_first_part,
    transfer,
)

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.browser.site import Site
    from tests.browser.uploads.test_uploads import Browse


def test_an_upload_that_meets_trouble_as_it_resumes_continues_where_it_was(stage: Site, browse: Browse) -> None:
    page = browse()
    made = file("archive.mp3", 2 * PART_BYTES + 777)
    dam = stop_after_first_part(page, made)
    statuses = [503, 502, 401]

    def meet(route: Route) -> None:
        if route.request.method == "HEAD" and statuses:
            route.fulfill(status=statuses.pop(0))
        else:
            route.continue_()

    dam.open()
    page.route("**/uploads/*/", meet)
    page.reload()
    # Two attempts that fail are waited out before the third asks for a press
    transfer(page, "archive.mp3").get_by_role("button", name="Retry upload").click(timeout=90_000)
    expect_arrived(page, "archive.mp3")
    (upload,) = stage.do("uploads").values()
    assert upload["sha256"] == sha256(made)


def test_an_upload_that_the_server_no_longer_has_begins_anew(stage: Site, browse: Browse) -> None:
    page = browse()
    made = file("archive.mp3", PART_BYTES + 777)
    dam = stop_after_first_part(page, made)
    stage.do("expire_uploads")
    dam.open()
    page.reload()
    expect_arrived(page, "archive.mp3")
    assert stage.do("uploads")["archive.mp3"]["sha256"] == sha256(made)


def test_a_line_that_breaks_every_few_megabytes_is_got_through_with_smaller_parts(stage: Site, browse: Browse) -> None:
    page = browse()
    made = file("field.mp3", 2 * PART_BYTES)

    def meet(route: Route) -> None:
        if route.request.method == "PATCH" and len(route.request.post_data_buffer or b"") > 3_000_000:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/*/", meet)
    choose(page, made)
    expect_arrived(page, "field.mp3")
    assert stage.do("uploads")["field.mp3"]["sha256"] == sha256(made)
