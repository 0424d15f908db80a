"""Rev AI's live socket: what goes on the wire, what its messages mean, and a whole session through the relay."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import traceback
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.support.live.provider import Fault, echo_words
from tests.support.live.relay import HASTY, Session
from transcripts.document import Segment, Timing, Word
from transcripts.providers.base import Connection, Options
from transcripts.providers.errors import (
    AuthenticationFailed,
    Busy,
    MediaRefused,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
    Unreachable,
)
from transcripts.providers.live import Failed, Final, LiveEvent, Partial, Ready
from transcripts.providers.registry import live_codec
from transcripts.providers.relay.runner import ProviderRefused, Reconnecting
from transcripts.providers.websocket import SocketRefused, open_socket

if TYPE_CHECKING:
    from tests.support.providers.rev import RevDouble
    from tests.support.pulse import PulseDouble
    from transcripts.providers.live import LiveCodec

KEY = "sk_secret"
LENGTH_MS = 8_000
ENGLISH = Options("en")


def codec(options: Options = ENGLISH, **more: Any) -> LiveCodec:
    return live_codec("rev", Connection("https://api.rev.ai", KEY, **more), options)


def query(options: Options, **more: Any) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(codec(options, **more).connect().url).query))


def test_a_connection_names_what_it_wishes() -> None:
    handshake = codec().connect()
    assert handshake.url.startswith("wss://api.rev.ai/speechtotext/v1/stream?")
    assert dict(handshake.headers) == {}
    assert query(ENGLISH) == {
        "access_token": KEY,
        "content_type": "audio/x-raw;layout=interleaved;rate=16000;format=S16LE;channels=1",
        "language": "en",
        "enable_speaker_switch": "true",
    }


def test_every_wish_is_told_in_its_words() -> None:
    asked = query(Options("zh", separates_speakers=False, punctuates=False, masks_profanity=True), model="machine_v2")
    del asked["access_token"], asked["content_type"]
    assert asked == {
        "language": "cmn",
        "transcriber": "machine_v2",
        "skip_postprocessing": "true",
        "filter_profanity": "true",
    }


@pytest.mark.parametrize("language", [None, "uk"])
def test_what_it_cannot_transcribe_live_is_refused_before(language: str | None) -> None:
    with pytest.raises(MediaRefused, match="one of: en, es"):
        codec(Options(language))


def test_the_end_is_a_word_of_its_own() -> None:
    assert list(codec().opening()) == []
    assert list(codec().audio(b"\x01\x02")) == [b"\x01\x02"]
    assert list(codec().keepalive()) == []
    assert list(codec().finish()) == ["EOS"]


ELEMENTS = [
    {"type": "text", "value": "One", "ts": 1.04, "end_ts": 1.55, "confidence": 0.9},
    {"type": "punct", "value": ","},
    {"type": "punct", "value": " "},
    {"type": "text", "value": "two", "ts": 1.6, "end_ts": 2.0, "confidence": 0.8},
    {"type": "punct", "value": "."},
]
WORDS = (Word("One,", 1_040, 1_550, 0.9, Timing.MEASURED), Word("two.", 1_600, 2_000, 0.8, Timing.MEASURED))
MESSAGES: list[tuple[dict[str, Any], list[LiveEvent]]] = [
    ({"type": "connected", "id": "s1"}, [Ready("s1")]),
    (
        {"type": "partial", "elements": [{"type": "text", "value": "one"}, {"type": "text", "value": "tooth"}]},
        [Partial("0", "one tooth")],
    ),
    ({"type": "partial", "elements": []}, [Partial("0", "")]),
    ({"type": "final", "elements": ELEMENTS}, [Final("0", Segment("One, two.", 1_040, 2_000, None, WORDS))]),
    (
        {"type": "final", "elements": ELEMENTS, "speaker_id": 0},
        [Final("0", Segment("One, two.", 1_040, 2_000, "0", WORDS))],
    ),
    ({"type": "final", "elements": []}, [Partial("0", "")]),
    ({"type": "final", "elements": [{"type": "punct", "value": "."}]}, [Final("0", Segment("."), is_tail=True)]),
    ({"type": "something new"}, []),
    ({}, []),
]


@pytest.mark.parametrize(("message", "events"), MESSAGES)
def test_each_message_means_something(message: dict[str, Any], events: list[LiveEvent]) -> None:
    assert list(codec().decode(json.dumps(message))) == events


def test_each_final_ends_the_partials_before_it() -> None:
    made, keys = codec(), []
    for kind in ("partial", "final", "partial", "final"):
        [event] = made.decode(json.dumps({"type": kind, "elements": [{"type": "text", "value": "a"}]}))
        assert isinstance(event, Partial | Final)
        keys.append(event.key)
    assert keys == ["0", "0", "1", "1"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (4001, AuthenticationFailed),
        (4002, Refused),
        (4003, QuotaExceeded),
        (4010, Busy),
        (4013, Busy),
        (4029, RateLimited),
        (1011, Busy),
        (1000, Unreachable),
        (1006, Unreachable),
    ],
)
def test_each_close_has_one_meaning(code: int, error: type[ProviderError]) -> None:
    assert type(codec().closed(code, "any reason")) is error


def test_an_error_holds_no_key() -> None:
    [event] = codec().decode(json.dumps({"type": "error", "message": f"Bad token {KEY}"}))
    assert isinstance(event, Failed)
    assert KEY not in str(event.error)


# Whole sessions


async def test_a_session_is_told_word_for_word_and_its_close_is_its_end(rev: RevDouble) -> None:
    session = Session(rev, kind="rev")
    assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)
    assert session.states() == ["Connecting", "Connected"]
    assert len(rev.ledger("live")) == 1


async def test_a_close_before_the_end_is_none(rev: RevDouble) -> None:
    rev.rescript({"live": [Fault("close", LENGTH_MS * 16, 1_000)]})
    session = Session(rev, kind="rev")
    assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)
    assert "Reconnecting" in session.states()


async def test_at_random_cuts_no_word_is_lost_or_doubled(rev: RevDouble) -> None:
    chance = random.Random(9)
    for _ in range(8):
        cuts = [Fault("reset", chance.randrange(0, LENGTH_MS * 32)) for _ in range(3)]
        rev.rescript({"live": list(cuts)})
        session = Session(rev, kind="rev")
        assert await session.whole(LENGTH_MS)
        assert session.words == echo_words(LENGTH_MS), cuts


async def test_a_server_that_shuts_down_is_followed_by_another(rev: RevDouble) -> None:
    rev.rescript({"live": [Fault("close", 64_000, 4010), Fault("close", 64_000, 4013)]})
    session = Session(rev, kind="rev")
    assert await session.whole(LENGTH_MS)
    assert [type(event.error) for event in session.events if isinstance(event, Reconnecting)] == [Busy, Busy]
    assert session.words == echo_words(LENGTH_MS)


async def test_a_wrong_key_is_in_no_log_and_no_message(rev: RevDouble, caplog: pytest.LogCaptureFixture) -> None:
    class Stranger:
        url, key = rev.url, "wrong-and-secret"

    with caplog.at_level(logging.DEBUG):
        session = Session(Stranger(), kind="rev", patience=HASTY)
        assert not await asyncio.wait_for(session.relay.run(), 20)
    told = session.events[-1]
    assert isinstance(told, ProviderRefused)
    assert type(told.error) is AuthenticationFailed
    # The double answers in this process, and its own log may name its address.
    ours = [
        record.getMessage() for record in caplog.records if record.name.startswith(("transcripts", "aiohttp.client"))
    ]
    assert not [line for line in ours if Stranger.key in line]
    assert Stranger.key not in "".join(traceback.format_exception(told.error))


async def test_a_refused_handshake_does_not_tell_its_address(pulse: PulseDouble) -> None:
    # An address that nothing answers at, of a server that does.
    handshake = live_codec("rev", Connection(pulse.url, KEY), ENGLISH).connect()
    assert KEY not in repr(handshake)
    with pytest.raises(SocketRefused) as raised:
        async with open_socket(handshake, connect_ms=5_000, heartbeat_ms=20_000):
            pass
    assert KEY not in "".join(traceback.format_exception(raised.value))
