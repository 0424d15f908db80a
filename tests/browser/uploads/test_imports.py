"""Importing transcripts in a browser: into a recording, and beside the media that is uploaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.uploads.test_uploads import choose, expect_arrived, file
from tests.support.templates import template
from transcripts.formats import FORMATS

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

    from tests.browser.site import Site
    from tests.browser.uploads.test_uploads import Browse

SRT = b"1\n00:00:01,000 --> 00:00:02,000\nAnna: Hello there.\n\n2\n00:00:03,000 --> 00:00:04,000\nBen: Hi.\n"


def transcript(name: str, content: bytes = SRT) -> FilePayload:
    return {"name": name, "mimeType": "application/x-subrip", "buffer": content}


def refused(page: Page, ids: dict[str, str]) -> None:
    """The form, after a file with a fault."""
    page.goto(f"/recordings/{ids['done']}/import/")
    page.get_by_label("File", exact=True).set_input_files(
        transcript("interview.srt", SRT.replace(b"00:00:04,000", b"late"))
    )
    page.get_by_role("button", name="Import transcript").click()
    page.get_by_role("alert").wait_for()


def test_a_refused_file_names_its_line_and_a_good_one_is_the_newest_transcript(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording", title="Interview")
    page = browse(f"/recordings/{recording}/")
    page.get_by_role("link", name="Import a transcript").click()
    expect(page.get_by_role("heading", name="Import a transcript")).to_be_visible()
    refused(page, {"done": recording})
    expect(page.get_by_role("alert")).to_contain_text("Line 6: this isn’t a subtitle time")
    page.get_by_label("File", exact=True).set_input_files(transcript("interview.srt"))
    page.get_by_role("button", name="Import transcript").click()
    expect(page.get_by_text("Hello there.")).to_be_visible()
    expect(page.get_by_text("Imported from interview.srt").first).to_be_visible()


def test_a_transcript_pairs_itself_with_the_media_of_its_name(stage: Site, browse: Browse) -> None:
    page = browse()
    with page.expect_response("**/imports/") as sent:
        choose(page, file("interview.mp3"), file("memo.mp3"), transcript("interview.srt"))
    assert sent.value.status == 201
    expect_arrived(page, "interview.mp3", "memo.mp3")
    assert set(stage.do("uploads")) == {"interview.mp3", "memo.mp3"}


def test_a_transcript_of_another_name_is_asked_about_and_not_taken_for_the_media_s(stage: Site, browse: Browse) -> None:
    page = browse()
    choose(page, file("REC001.mp3"), transcript("interview.srt"))
    expect_arrived(page, "REC001.mp3")
    expect(page.locator("[data-tray-questions]")).to_contain_text("interview.srt")
    expect(page.get_by_role("link", name="Choose its recording")).to_be_visible()


def test_a_transcript_that_cannot_be_read_stops_its_media_with_the_reason(stage: Site, browse: Browse) -> None:
    page = browse()
    choose(page, file("interview.mp3"), transcript("interview.srt", b"1\n00:00:01,000 --> soon\nHi\n"))
    expect(page.locator("[data-tray-refusal]")).to_contain_text("interview.srt: Line 2: this isn’t a subtitle time")
    assert stage.do("uploads") == {}


def choosing(page: Page) -> None:
    """The page that asks to which recording a transcript belongs, led to by a transcript that was chosen alone."""
    page.goto("/")
    choose(page, transcript("minutes.srt"))
    page.get_by_role("heading", name="Which recording does it belong to?").wait_for()


def test_a_transcript_chosen_alone_asks_for_its_recording(stage: Site, browse: Browse) -> None:
    for title in ("Interview", "Council meeting"):
        stage.do("recording", title=title)
    page = browse()
    choosing(page)
    page.get_by_label("Search recordings").fill("council")
    expect(page.get_by_role("button", name="Import into Interview")).to_have_count(0)
    page.get_by_role("button", name="Import into Council meeting").click()
    expect(page.get_by_text("Imported from minutes.srt").first).to_be_visible()
    expect(page.locator("#tray")).to_be_hidden()


def test_transcripts_among_media_ask_in_the_tray_while_these_are_sent(stage: Site, browse: Browse) -> None:
    page = browse()
    broken = transcript("broken.srt", b"1\n00:00:01,000 --> soon\nHi\n")
    choose(page, file("interview.mp3"), file("memo.mp3"), transcript("minutes.srt"), broken)
    expect_arrived(page, "interview.mp3", "memo.mp3")
    expect(page.locator("[data-tray-refusal]")).to_contain_text("broken.srt: Line 2")
    page.get_by_role("link", name="Choose its recording").click()
    expect(page.get_by_role("heading", name="Which recording does it belong to?")).to_be_visible()
    expect(page.get_by_text("minutes.srt")).to_have_count(1)


# What the form does with a submission, without leaving the page
SUBMISSIONS = """() => {
    window.sent = [];
    document.querySelector("[data-module=file-form]").addEventListener("submit", (event) => {
        window.sent.push(!event.defaultPrevented);
        event.preventDefault();
    });
}"""


def test_the_form_says_that_a_file_is_being_read_and_is_sent_once(stage: Site, browse: Browse) -> None:
    recording = stage.do("recording", title="Interview")
    page = browse(f"/recordings/{recording}/import/")
    page.evaluate(SUBMISSIONS)
    page.get_by_label("File", exact=True).set_input_files(transcript("interview.srt"))
    button = page.get_by_role("button", name="Import transcript")
    button.click()
    expect(page.get_by_role("status").filter(has_text="Reading the file…")).to_be_visible()
    button.click(force=True)
    assert page.evaluate("window.sent") == [True, False]


def word_file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": FORMATS["docx"].content_type, "buffer": content}


def with_template(page: Page, ids: dict[str, str]) -> None:
    """The page of the template of a team, after an upload, with its placeholders open."""
    page.goto(f"/teams/{ids['team']}/template/")
    page.get_by_label("Word document").or_(page.get_by_label("Replace with")).set_input_files(
        word_file("House style.docx", template("{{ title }}"))
    )
    page.get_by_role("button", name="Upload template").click()
    page.get_by_text("now follow").wait_for()
    page.get_by_text("Placeholders and styles").click()


def without_template(page: Page, ids: dict[str, str]) -> None:
    """The page after a file that is no template."""
    page.goto(f"/teams/{ids['team']}/template/")
    page.locator("#template-file").set_input_files(word_file("a.docx", b"PK"))
    page.get_by_role("button", name="Upload template").click()
    page.get_by_role("alert").wait_for()


def of_a_viewer(page: Page, ids: dict[str, str]) -> None:
    """The page of someone who can only view."""
    page.goto(f"/teams/{ids['team']}/template/")


STATES = {
    "recording-import-refused": ("alice", refused),
    "import-choice": ("alice", lambda page, _: choosing(page)),
    "template-refused": ("alice", without_template),
    "template": ("alice", with_template),
    "template-of-a-viewer": ("vera", of_a_viewer),
}
