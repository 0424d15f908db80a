"""OpenAI's live codec, to the byte, and the relay that speaks it."""

from __future__ import annotations

import asyncio
import json
import math
import random
import struct
from array import array
from typing import TYPE_CHECKING, Any

import pytest

from tests.providers.live_contract import KEY, LiveContract, codec
from tests.support.live.provider import Fault, echo_words
from tests.support.live.relay import HASTY, Session
from transcripts.document import Segment
from transcripts.providers.base import Term
from transcripts.providers.errors import (
    AuthenticationFailed,
    Busy,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
    Unreachable,
)
from transcripts.providers.live import Ended, Failed, Final, Partial, Ready, Speech
from transcripts.providers.relay.runner import ProviderRefused
from transcripts.providers.samples import Resampler

if TYPE_CHECKING:
    from tests.support.providers.openai import OpenAIDouble
    from transcripts.providers.live import LiveCodec, LiveEvent

LENGTH_MS = 8_000
ITEM = "conversation.item.input_audio_transcription"


def error(code: str, message: str = "A fault", kind: str = "invalid_request_error") -> dict[str, Any]:
    return {"type": "error", "event_id": "e", "error": {"type": kind, "code": code, "message": message}}


class TestContract(LiveContract):
    kind = "openai"
    audio = ('{"type": "input_audio_buffer.append", "audio": "AQI="}',)
    keepalive = ()

    def error(self, sentence: str) -> dict[str, Any]:
        return error("invalid_api_key", sentence)

    def test_audio_and_control_are_in_its_own_words(self) -> None:
        made = codec(self.kind)
        [append] = made.audio(b"\x01\x02\x01\x02\x01\x02\x01\x02")
        assert json.loads(str(append))["type"] == "input_audio_buffer.append"
        assert tuple(made.audio(b"")) == ()
        assert tuple(made.keepalive()) == ()
        silence, commit = made.finish()
        assert json.loads(str(silence))["type"] == "input_audio_buffer.append"
        assert commit == '{"type": "input_audio_buffer.commit"}'


def said(made: LiveCodec, *messages: dict[str, Any]) -> list[LiveEvent]:
    """What these messages mean, one after the other."""
    return [event for message in messages for event in made.decode(json.dumps(message))]


def started(item: str, at_ms: int) -> dict[str, Any]:
    return {"type": "input_audio_buffer.speech_started", "audio_start_ms": at_ms, "item_id": item}


def stopped(item: str, at_ms: int) -> dict[str, Any]:
    return {"type": "input_audio_buffer.speech_stopped", "audio_end_ms": at_ms, "item_id": item}


def committed(item: str) -> dict[str, Any]:
    return {"type": "input_audio_buffer.committed", "item_id": item, "previous_item_id": None}


def delta(item: str, text: str) -> dict[str, Any]:
    return {"type": f"{ITEM}.delta", "item_id": item, "content_index": 0, "delta": text}


def completed(item: str, text: str) -> dict[str, Any]:
    return {"type": f"{ITEM}.completed", "item_id": item, "content_index": 0, "transcript": text}


def test_a_connection_names_no_model_and_no_beta() -> None:
    handshake = codec("openai").connect()
    assert handshake.url == "wss://api.example.com/v1/realtime?intent=transcription"
    assert dict(handshake.headers) == {"Authorization": f"Bearer {KEY}"}
    as_vendors_write_it = codec("openai", endpoint="https://api.openai.com/v1").connect().url
    assert as_vendors_write_it == "wss://api.openai.com/v1/realtime?intent=transcription"


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("", {"model": "gpt-live-transcribe", "languages": ["en", "uk"], "keywords": ["thalweg"]}),
        ("gpt-transcribe", {"model": "gpt-live-transcribe", "languages": ["en", "uk"], "keywords": ["thalweg"]}),
        ("whisper-1", {"model": "whisper-1", "language": "en", "prompt": "thalweg"}),
    ],
)
def test_the_session_is_told_what_is_wished(model: str, told: dict[str, Any]) -> None:
    [opening] = codec("openai", model=model, languages=("uk",), vocabulary=(Term("thalweg"),)).opening()
    assert json.loads(str(opening)) == {
        "type": "session.update",
        "session": {
            "type": "transcription",
            "audio": {
                "input": {
                    "format": {"type": "audio/pcm", "rate": 24_000},
                    "transcription": told,
                    "turn_detection": {
                        "type": "server_vad",
                        "threshold": 0.5,
                        "prefix_padding_ms": 300,
                        "silence_duration_ms": 500,
                    },
                }
            },
        },
    }


def test_it_listens_once_the_session_is_as_wished() -> None:
    made = codec("openai")
    assert said(made, {"type": "session.created", "session": {"id": "sess_1"}}) == []
    assert said(made, {"type": "session.updated", "session": {}}) == [Ready()]


def test_deltas_append_and_the_end_replaces_them() -> None:
    events = said(
        codec("openai"),
        started("a", 300),
        delta("a", "Hel"),
        delta("a", "lo"),
        stopped("a", 900),
        committed("a"),
        completed("a", "Hello."),
    )
    assert events == [
        Speech(is_heard=True, at_ms=300),
        Partial("a", "Hel"),
        Partial("a", "Hello"),
        Speech(is_heard=False, at_ms=900),
        Final("a", Segment("Hello.", 300, 900)),
    ]


def test_a_turn_that_is_done_early_waits_for_those_before_it() -> None:
    made = codec("openai")
    said(made, started("a", 0), stopped("a", 900), committed("a"), started("b", 1_000), stopped("b", 2_000))
    assert said(made, committed("b"), completed("b", "Two.")) == []
    events = said(made, completed("a", "One."))
    assert events == [Final("a", Segment("One.", 0, 900)), Final("b", Segment("Two.", 1_000, 2_000))]


def test_a_turn_of_nothing_takes_back_what_seemed_to_be_said() -> None:
    assert said(codec("openai"), completed("a", ""))[-1] == Partial("a", "")


def finished() -> LiveCodec:
    made = codec("openai")
    made.audio(bytes(32_000))
    made.finish()
    return made


def test_the_session_is_over_when_the_last_turn_is_done() -> None:
    made = finished()
    # The provider cuts a turn by itself meanwhile: that is not the last one
    assert Ended() not in said(made, started("a", 0), stopped("a", 400), committed("a"), completed("a", "One."))
    assert said(made, committed("b")) == []
    assert said(made, completed("b", "Two.")) == [Final("b", Segment("Two.", 400, 1_000)), Ended()]


def test_the_session_is_over_if_nothing_is_left() -> None:
    assert said(finished(), error("input_audio_buffer_commit_empty")) == [Ended()]
    open_turn = finished()
    said(open_turn, started("a", 0), stopped("a", 400), committed("a"))
    assert said(open_turn, error("input_audio_buffer_commit_empty")) == []
    assert said(open_turn, completed("a", "One."))[-1] == Ended()


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("invalid_api_key", AuthenticationFailed),
        ("insufficient_quota", QuotaExceeded),
        ("rate_limit_exceeded", RateLimited),
        ("session_expired", Unreachable),
        ("invalid_model", Refused),
        ("beta_api_shape_disabled", Refused),
    ],
)
def test_an_error_says_what_to_do(code: str, wanted: type[ProviderError]) -> None:
    [event] = said(codec("openai"), error(code))
    assert isinstance(event, Failed)
    assert type(event.error) is wanted


def test_most_errors_end_nothing_but_before_it_listens_all_do() -> None:
    made = codec("openai")
    [event] = said(made, error("unknown_parameter"))
    assert isinstance(event, Failed)
    assert type(event.error) is Refused
    said(made, {"type": "session.updated"})
    assert said(made, error("unknown_parameter")) == []


def test_a_turn_that_failed_is_sent_again() -> None:
    failed = {"type": f"{ITEM}.failed", "item_id": "a", "error": {"code": "x", "message": "Could not transcribe"}}
    made = codec("openai")
    said(made, {"type": "session.updated"}, committed("a"))
    [event] = said(made, failed)
    assert isinstance(event, Failed)
    assert type(event.error) is Busy


@pytest.mark.parametrize(
    ("code", "wanted"),
    [(3000, AuthenticationFailed), (4000, Refused), (1011, Busy), (1006, Unreachable), (1000, Unreachable)],
)
def test_each_close_has_one_meaning(code: int, wanted: type[ProviderError]) -> None:
    assert type(codec("openai").closed(code, "any reason")) is wanted


# Resampling

HEARD = array("h", (round(8_000 * math.sin(at / 16_000 * 440 * 2 * math.pi)) for at in range(16_000))).tobytes()


def test_frames_of_any_size_are_resampled_as_one_piece() -> None:
    whole, pieces = Resampler(16_000, 24_000).feed(HEARD), Resampler(16_000, 24_000)
    chance, at, joined = random.Random(3), 0, b""
    while at < len(HEARD):
        size = 2 * chance.randrange(1, 900)
        joined += pieces.feed(HEARD[at : at + size])
        at += size
    assert joined == whole
    assert abs(len(whole) // 2 - 24_000) <= 2


def test_a_tone_stays_the_same_tone() -> None:
    got = struct.unpack("<24000h", Resampler(16_000, 24_000).feed(HEARD).ljust(48_000, b"\0")[:48_000])
    wanted = [8_000 * math.sin(at / 24_000 * 440 * 2 * math.pi) for at in range(24_000)]
    assert max(abs(one - other) for one, other in zip(got[:-4], wanted[:-4], strict=True)) < 200


# The relay


def spoken(session: Session) -> list[str]:
    return [word for final in session.finals for word in final.segment.text.split()]


async def test_a_session_is_told_word_for_word(openai: OpenAIDouble) -> None:
    session = Session(openai, kind="openai")
    assert await session.whole(LENGTH_MS)
    assert spoken(session) == echo_words(LENGTH_MS)
    assert session.provisional == {}
    edges = [(final.segment.start_ms, final.segment.end_ms) for final in session.finals]
    assert edges[:2] == [(0, 700), (700, 1_400)]


async def test_at_random_cuts_no_word_is_lost_or_doubled(openai: OpenAIDouble) -> None:
    chance = random.Random(5)
    for _ in range(8):
        cuts = [Fault("reset", chance.randrange(0, LENGTH_MS * 48)) for _ in range(3)]
        openai.rescript({"live": list(cuts)})
        session = Session(openai, kind="openai")
        assert await session.whole(LENGTH_MS)
        assert spoken(session) == echo_words(LENGTH_MS), cuts


async def test_a_wrong_key_that_is_told_after_the_handshake_ends_it(openai: OpenAIDouble) -> None:
    class Stranger:
        url, key = openai.url, "wrong"

    session = Session(Stranger(), kind="openai", patience=HASTY)
    assert not await asyncio.wait_for(session.relay.run(), 20)
    last = session.events[-1]
    assert isinstance(last, ProviderRefused)
    assert type(last.error) is AuthenticationFailed
