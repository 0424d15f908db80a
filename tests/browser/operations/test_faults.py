"""What goes wrong on an instance: each is found on the first page and mended from there in three presses.

Where a process can't be started from a page, the page shows the command, and says that all is well once it runs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page

    from tests.browser.site import Site

MOST_PRESSES = 3


class Console:
    """The first page, and how often someone pressed anything on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    @property
    def verdict(self) -> Locator:
        """The sentence that says whether it works."""
        return self.page.get_by_role("heading", level=1)

    def problem(self, words: str) -> Locator:
        """Return the row of what is wrong."""
        return self.page.locator(".attention tbody tr").filter(has_text=words)

    def press(self, place: Locator, name: str) -> None:
        """Press a button and confirm it in the panel that asks."""
        for part in (place.locator("summary", has_text=name), place.get_by_role("button", name=name, exact=True)):
            part.click()
            self.presses += 1
        assert self.presses <= MOST_PRESSES

    def said(self, words: str) -> None:
        """Wait until the page says what came of it."""
        expect(self.page.locator(".messagelist")).to_contain_text(words)


@pytest.fixture
def instance(stage: Site) -> Iterator[Site]:
    """An instance with a conductor and one worker for all queues."""
    stage.do("reset_operations")
    stage.do("operator")
    stage.do("account")
    stage.do("conductor")
    stage.do("worker")
    yield stage
    stage.do("no_workers")
    stage.do("reset_operations")


@pytest.fixture
def console(instance: Site, browse: Callable[..., Page]) -> Callable[[], Console]:
    return lambda: Console(browse("/admin/", "olena"))


@pytest.fixture
def small_disk(instance: Site) -> Iterator[None]:
    """A disk of two megabytes for what the instance stores, which only root can mount."""
    folder = instance.folder / "media"
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=False, capture_output=True, text=True
    )
    if mounted.returncode:
        # Not skipped, which CI takes for a browser that is missing
        pytest.xfail(f"A small disk can't be mounted here: {mounted.stderr.strip()}")
    yield
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def provider() -> Iterator[dict[str, Any]]:
    """A provider whose health can be told: it answers with `status`."""
    state: dict[str, Any] = {"status": 503}

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b'{"status": "ok", "engine": "Test", "languages": ["en"]}'
            self.send_response(state["status"])
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    state["endpoint"] = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


def test_without_a_fault_everything_works(console: Callable[[], Console]) -> None:
    expect(console().verdict).to_have_text("Everything works")


def test_a_dead_worker_is_found_and_its_command_shown(instance: Site, console: Callable[[], Console]) -> None:
    instance.do("no_workers")
    opened = console()
    expect(opened.verdict).to_contain_text("Not working: no worker serves any queue")
    expect(opened.problem("No worker serves").locator("code")).to_have_text("make run")
    command = [sys.executable, "manage.py", "rqworker", "media", "provider", "default", "--skip-checks", "-v", "0"]
    worker = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **instance.environment})
    try:
        # No press at all: the page notices
        expect(opened.verdict).to_have_text("Everything works")
    finally:
        worker.terminate()
        worker.wait(timeout=30)
    assert opened.presses == 0


def test_an_unreachable_provider_is_asked_again(
    instance: Site, console: Callable[[], Console], provider: dict[str, Any]
) -> None:
    instance.do("account", endpoint=provider["endpoint"], is_healthy=False, health_message="Connection refused.")
    opened = console()
    expect(opened.verdict).to_contain_text("SpeechStream can’t be reached")
    provider["status"] = 200
    opened.press(opened.problem("can’t be reached"), "Ask again")
    opened.said("SpeechStream answers.")
    expect(opened.verdict).to_have_text("Everything works")


def test_a_refused_key_is_found_and_its_recordings_are_retried(instance: Site, console: Callable[[], Console]) -> None:
    job = instance.do("failed_job", title="Voicemail 0902", code="authentication_failed")
    opened = console()
    expect(opened.verdict).to_have_text("Working; 1 matter needs attention")
    row = opened.problem("The provider refused the key")
    expect(row).to_contain_text("Voicemail 0902")
    expect(row).to_contain_text("Set the key")
    opened.press(row, "Retry")
    opened.said("Retrying 1 recording.")
    expect(opened.problem("refused the key")).to_have_count(0)
    assert instance.do("job_facts", job=job)["jobs"] == 2


def test_a_cooldown_counts_down_and_can_be_ended(instance: Site, console: Callable[[], Console]) -> None:
    instance.do("account", upload_limit=5)
    instance.do("cool", seconds=900)
    opened = console()
    # It ends without anyone: nothing is wrong
    expect(opened.verdict).to_have_text("Everything works")
    expect(opened.page.locator(".accounts")).to_contain_text("Cooling down, about 15 min")
    opened.press(opened.problem("asked to wait"), "Try now")
    opened.said("SpeechStream is asked again.")
    expect(opened.page.locator(".accounts")).not_to_contain_text("Cooling down")
    assert instance.do("account_facts")["cooling"] == 0


def test_a_file_that_kills_its_worker_is_stopped(instance: Site, console: Callable[[], Console]) -> None:
    job = instance.do("failing_step", title="council-cam-2.mp4", kind="prepare", error="", kills=2)
    opened = console()
    row = opened.problem("Crashed its worker")
    expect(row).to_contain_text("council-cam-2.mp4")
    opened.press(row, "Stop")
    opened.said("Stopped 1 transcription. The files are kept.")
    expect(opened.verdict).to_have_text("Everything works")
    facts = instance.do("job_facts", job=job)
    assert facts["status"] == "failed"
    assert facts["error"].startswith("This recording couldn’t be transcribed.")


def test_work_that_a_full_disk_stopped_is_retried_at_once(instance: Site, console: Callable[[], Console]) -> None:
    """The disk has space again; `test_a_full_disk_is_cleaned_up` fills one."""
    job = instance.do("failing_step", title="Hearing", kind="prepare", error="The server’s disk is full.")
    opened = console()
    row = opened.problem("Preparing fails")
    expect(row).to_contain_text("The server’s disk is full.")
    opened.press(row, "Retry this stage now")
    opened.said("Trying 1 recording again now.")
    assert instance.do("job_facts", job=job)["is_due"]


def test_a_full_disk_is_cleaned_up(instance: Site, console: Callable[[], Console], small_disk: None) -> None:
    instance.do("fill_disk")
    opened = console()
    expect(opened.verdict).to_contain_text("Not working: the disk is full")
    row = opened.problem("The disk is full")
    expect(row).to_contain_text("live audio is still saved")
    opened.press(row, "Clean up now")
    opened.said("Cleaning up. It takes a minute.")
    run_worker(instance, "default")
    expect(opened.verdict).to_have_text("Everything works")


def run_worker(instance: Site, queue: str) -> None:
    """Let a real worker do what is in a queue."""
    command = [sys.executable, "manage.py", "rqworker", queue, "--burst", "--skip-checks", "-v", "0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **instance.environment}, check=True, timeout=120)


def test_a_slow_database_is_told_with_what_may_help(instance: Site, console: Callable[[], Console]) -> None:
    instance.do("slow_database")
    opened = console()
    expect(opened.verdict).to_have_text("Working; 1 matter needs attention")
    row = opened.problem("The database is slow")
    expect(row).to_contain_text("Refresh its statistics")
    opened.press(row, "Refresh statistics")
    opened.said("The database has counted its tables again.")
    instance.do("quick_database")
    # What else it can be is for the people who run the database; the page notices that it is quick again
    expect(opened.verdict).to_have_text("Everything works")


def test_a_stuck_live_session_is_ended_and_kept(instance: Site, console: Callable[[], Console]) -> None:
    session = instance.do("stuck_session", title="Council, live")
    opened = console()
    row = opened.problem("A live session is stuck")
    expect(row).to_contain_text("Council, live")
    opened.press(row, "End and keep")
    opened.said("Its recording is kept.")
    expect(opened.problem("is stuck")).to_have_count(0)
    assert instance.do("session_status", session=session) == "finishing"


def test_failed_mail_is_sent_again(instance: Site, console: Callable[[], Console]) -> None:
    mail = instance.do("failed_mail")
    opened = console()
    row = opened.problem("Mail isn’t delivered")
    expect(row).to_contain_text("The mail server can't be reached.")
    opened.press(row, "Send again")
    opened.said("Sending 1 mail again.")
    expect(opened.verdict).to_have_text("Everything works")
    assert instance.do("mail_status", mail=mail) == "waiting"


def test_a_clock_that_is_ahead_is_told_with_the_command(instance: Site, console: Callable[[], Console]) -> None:
    instance.do("skewed_worker", ahead_s=600)
    opened = console()
    row = opened.problem("Clocks differ")
    expect(row).to_contain_text("The clock of worker skewed is")
    expect(row.locator("code")).to_have_text("timedatectl set-ntp true")
    instance.do("no_workers")
    instance.do("worker")
    expect(opened.verdict).to_have_text("Everything works")
    assert opened.presses == 0


def test_a_paused_account_says_so_and_is_resumed(instance: Site, console: Callable[[], Console]) -> None:
    opened = console()
    account = opened.page.locator(".accounts tbody tr")
    opened.press(account, "Pause")
    opened.said("SpeechStream is paused.")
    assert instance.do("account_facts")["is_paused"]
    opened.presses = 0
    opened.press(account, "Resume")
    opened.said("SpeechStream is resumed.")
    expect(opened.verdict).to_have_text("Everything works")
    assert not instance.do("account_facts")["is_paused"]
