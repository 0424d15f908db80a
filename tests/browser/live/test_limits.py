"""Silence, a full disk and no free place on the page of the one who speaks."""

from __future__ import annotations

import json
import re
import resource
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Sent, wait_until_saved
from tests.browser.conftest import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, WebSocketRoute

    from tests.browser.site import Site

SOCKET = re.compile("/ws/live/")
FRAME_BYTES = 3_200
STOP, GO_ON = '{"type":"stop"}', '{"type":"go_on"}'


@pytest.fixture
def live(stage: Site) -> str:
    """A session in which something was said."""
    return str(stage.do("live", title="Editorial meeting", said=["Hold the front page."]))


class Between:
    """Stands between a page and the server: hears what the page says, and says more than the server does."""

    def __init__(self, page: Page) -> None:
        self.said: list[str | bytes] = []
        page.route_web_socket(SOCKET, self._route)

    def _route(self, socket: WebSocketRoute) -> None:
        self.socket, self._server = socket, socket.connect_to_server()
        socket.on_message(self._hear)

    def _hear(self, message: str | bytes) -> None:
        self.said.append(message)
        if message == STOP:
            self.say(type="finished")
        else:
            self._server.send(message)

    def say(self, **message: Any) -> None:
        """Tell the page something."""
        self.socket.send(json.dumps(message))


@pytest.fixture
def page(speaker: Page) -> Page:
    return speaker


def record(page: Page, live: str) -> None:
    """Press Start."""
    page.goto(f"/live/{live}/")
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()


def test_silence_is_warned_of_and_somebody_may_go_on(page: Page, live: str) -> None:
    between = Between(page)
    record(page, live)
    between.say(type="silence", left_s=60)
    warning = page.get_by_text("In 60 seconds the session ends")
    expect(warning).to_be_visible()
    page.get_by_role("button", name="Continue session").click()
    expect(warning).to_be_hidden()
    between.say(type="silence", left_s=60)
    expect(warning).to_be_visible()
    between.say(type="sound")
    expect(warning).to_be_hidden()
    assert between.said.count(GO_ON) == 1


@pytest.mark.parametrize("because", ["silence", "minutes"])
def test_a_page_that_is_told_to_stop_says_why_and_stops(page: Page, live: str, because: str) -> None:
    between = Between(page)
    record(page, live)
    with page.expect_navigation():
        between.say(type="stop", because=because, sentence="Nothing more.")
        expect(page.get_by_text("Nothing more. The session ends; everything recorded is saved.")).to_be_visible()
    assert STOP in between.said


def test_few_minutes_are_a_sentence(page: Page, live: str) -> None:
    between = Between(page)
    record(page, live)
    between.say(type="minutes", sentence="The team has 5 minutes of live transcription left this month.")
    expect(page.get_by_text("5 minutes of live transcription left this month. Then the session ends")).to_be_visible()


def test_without_a_free_place_the_page_says_why_and_lets_one_try_again(page: Page, live: str) -> None:
    def refuse(socket: WebSocketRoute) -> None:
        socket.send(json.dumps({"type": "refused", "sentence": "5 live sessions are in progress."}))
        socket.close(code=4429)

    page.route_web_socket(SOCKET, refuse)
    page.goto(f"/live/{live}/")
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_text("5 live sessions are in progress.")).to_be_visible()
    expect(page.get_by_text("Not recording")).to_be_visible()
    expect(page.get_by_role("button", name="Start recording")).to_be_visible()


@pytest.fixture
def speaker(microphone_browser: Browser, stage: Site) -> Iterator[Page]:
    """Alice's page with a microphone that plays a tone."""
    context = microphone_browser.new_context(base_url=stage.url, permissions=["microphone"])
    sign_in(context, stage, "alice")
    yield context.new_page()
    context.close()


@contextmanager
def full_disk(site: Site) -> Iterator[None]:
    """Let no file of the web process grow beyond a kibibyte: what is written answers as on a full disk."""
    before = resource.prlimit(site.web.pid, resource.RLIMIT_FSIZE, (1_024, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(site.web.pid, resource.RLIMIT_FSIZE, before)


def kept(site: Site, session: str) -> bytes:
    """The sound of the session that is on disk."""
    sound = bytearray()
    for piece in sorted((site.folder / "media" / "live" / session).glob("*.pcm")):
        first = int(piece.name.partition("-")[0])
        whole = piece.stat().st_size // FRAME_BYTES * FRAME_BYTES
        sound[first * FRAME_BYTES :] = piece.read_bytes()[:whole]
    return bytes(sound)


def test_a_full_disk_is_a_sentence_and_costs_no_sound(stage: Site, speaker: Page, live: str) -> None:
    sent = Sent(speaker)
    speaker.goto(f"/live/{live}/")
    speaker.get_by_role("button", name="Start recording").click()
    wait_until_saved(speaker, 1)
    with full_disk(stage):
        expect(speaker.get_by_text("The server’s disk is full.")).to_be_visible()
    expect(speaker.get_by_text("The server’s disk is full.")).to_be_hidden()
    wait_until_saved(speaker, 6)
    speaker.get_by_role("button", name="Pause").click()
    expect(speaker.get_by_role("button", name="Start recording")).to_be_visible()
    sound = kept(stage, live)
    assert len(sound) >= 60 * FRAME_BYTES
    assert sound == sent.sound[: len(sound)]
