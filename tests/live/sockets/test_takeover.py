"""A session changes hands only if a person asks for it, and then at once."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.live.conftest import frame, sound
from tests.live.sockets.conftest import ack, do, heard, open_as, owner, speak
from transcripts.models import LiveSession
from transcripts.services.live import audio, live_host
from transcripts.sockets import codes

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, SECOND = "?page=a1&take=1", "?page=b2"


async def test_a_second_window_only_watches(session: LiveSession) -> None:
    first, _ = await open_as(session, owner(session), FIRST)
    await speak(first, 0, 5)
    second, hello = await open_as(session, owner(session), SECOND)
    assert (hello["holds"], "next" in hello) == (False, False)
    await second.send_to(bytes_data=(5).to_bytes(4) + frame(99))
    assert await speak(first, 5, 10) == ack(10)
    for window in (first, second):
        await window.disconnect(timeout=10)
    assert await do(lambda: b"".join(audio.read(session, 0, 10))) == sound(10)


@pytest.mark.parametrize("page", ["?page=b2", "", "?take=0&page=b2", "?page=a", "?page="])
async def test_no_page_load_takes_a_session_over_though_no_one_is_connected(session: LiveSession, page: str) -> None:
    first, _ = await open_as(session, owner(session), FIRST)
    await first.disconnect(timeout=10)
    second, hello = await open_as(session, owner(session), page)
    assert not hello["holds"]
    back, hello = await open_as(session, owner(session), "?page=a1")
    assert (hello["holds"], hello["next"]) == (True, 0)
    for window in (second, back):
        await window.disconnect(timeout=10)


async def test_a_press_takes_it_over_and_the_other_window_is_told_at_once(
    session: LiveSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only when its lease is renewed, which never happens here."""
    monkeypatch.setattr(live_host, "RENEW_EVERY", 1_000_000)
    first, _ = await open_as(session, owner(session), FIRST)
    await speak(first, 0, 5)
    second, hello = await open_as(session, owner(session), f"{SECOND}&take=1")
    assert hello["next"] == 5
    while (output := await first.receive_output(timeout=10))["type"] == "websocket.send":
        pass
    assert output["code"] == codes.ELSEWHERE
    await speak(second, 5, 10)
    for window in (first, second):
        await window.disconnect(timeout=10)
    assert await do(lambda: b"".join(audio.read(session, 0, 10))) == sound(10)


async def test_the_holder_stays_though_an_old_silent_socket_of_the_session_is_open(
    session: LiveSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_host, "SYNC_EVERY_S", 0.02)
    old, _ = await open_as(session, owner(session), FIRST)
    new, _ = await open_as(session, owner(session), "?page=a1")
    for number in range(60):
        assert (await speak(new, number, number + 1))["type"] == "ack"
        await asyncio.sleep(0.01)  # some renewals pass meanwhile
    for window in (old, new):
        await window.disconnect(timeout=10)


async def test_messages_are_understood_however_their_json_is_written(session: LiveSession) -> None:
    for text in ('{"type":"stop"}', '{ "type" : "stop" }', '{"more": 1, "type": "\\u0073top"}\n'):
        await LiveSession.objects.aupdate(status="live", holder="", lease_until=None)
        speaker, _ = await open_as(session, owner(session), FIRST)
        await speaker.send_to(text_data=text)
        while (await heard(speaker))["type"] != "finished":
            pass
        assert (await LiveSession.objects.aget()).status == "finishing"
        await speaker.disconnect(timeout=10)


@pytest.mark.parametrize(
    "text", ["stop", '"stop"', '["stop"]', "{", "[" * 100_000, '{"type": ["stop"]}', '{"type": null}']
)
async def test_what_is_no_message_changes_nothing(session: LiveSession, text: str) -> None:
    speaker, _ = await open_as(session, owner(session), FIRST)
    await speaker.send_to(text_data=text)
    message = await speak(speaker, 0, 1)
    assert json.dumps(message) == json.dumps(ack(1))
    await speaker.disconnect(timeout=10)
