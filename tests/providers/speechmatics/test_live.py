"""Speechmatics' live socket: what goes on the wire, what its messages mean, and a whole session through the relay."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.live.provider import Fault, echo_words
from tests.support.live.relay import Session
from transcripts.document import Segment, Timing, Word
from transcripts.providers.base import Connection, Options, Term
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
from transcripts.providers.live import Ended, Failed, Final, LiveEvent, Partial, Ready
from transcripts.providers.registry import live_codec

if TYPE_CHECKING:
    from tests.support.providers.speechmatics import SpeechmaticsDouble
    from transcripts.providers.live import LiveCodec

KEY = "sk_secret"
LENGTH_MS = 8_000
ENGLISH = Options("en")
EUROPE = "https://eu1.asr.api.speechmatics.com"


def codec(
    options: Options = ENGLISH, *, endpoint: str = "https://eu1.asr.api.speechmatics.com", **more: Any
) -> LiveCodec:
    return live_codec("speechmatics", Connection(endpoint, KEY, **more), options)


def opening(options: Options, **more: Any) -> dict[str, Any]:
    [message] = codec(options, **more).opening()
    said: dict[str, Any] = json.loads(message)
    return said


def result(content: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    best = {"content": content, "confidence": 0.9, **more}
    return {"type": "word", "start_time": start, "end_time": end, "alternatives": [best]}


def stop(content: str) -> dict[str, Any]:
    return {"type": "punctuation", "attaches_to": "previous", "alternatives": [{"content": content}]}


@pytest.mark.parametrize(
    ("endpoint", "ws", "url"),
    [
        ("https://eu1.asr.api.speechmatics.com", "", "wss://eu2.rt.speechmatics.com/v2"),
        ("https://us1.asr.api.speechmatics.com/", "", "wss://us2.rt.speechmatics.com/v2"),
        ("http://127.0.0.1:8100", "", "ws://127.0.0.1:8100/v2"),
        ("https://eu1.asr.api.speechmatics.com", "wss://live.example", "wss://live.example/v2"),
    ],
)
def test_the_socket_is_at_the_live_host_or_where_the_operator_says(endpoint: str, ws: str, url: str) -> None:
    handshake = codec(endpoint=endpoint, ws_endpoint=ws).connect()
    assert handshake.url == url
    assert dict(handshake.headers) == {"Authorization": f"Bearer {KEY}"}


def test_a_model_for_recordings_alone_is_not_asked_for() -> None:
    config = opening(Options("en", vocabulary=(Term("gnocchi"),)), model="melia-1")["transcription_config"]
    assert "model" not in config
    assert config["additional_vocab"] == [{"content": "gnocchi"}]


def test_a_session_begins_with_what_is_wished() -> None:
    assert opening(ENGLISH) == {
        "message": "StartRecognition",
        "audio_format": {"type": "raw", "encoding": "pcm_s16le", "sample_rate": 16_000},
        "transcription_config": {"diarization": "speaker", "language": "en", "enable_partials": True},
    }
    terms = (Term("gnocchi", ("nyohki",)),)
    config = opening(Options("zh", speakers=1, vocabulary=terms), model="enhanced")["transcription_config"]
    assert config == {
        "diarization": "speaker",
        "language": "cmn",
        "model": "enhanced",
        "additional_vocab": [{"content": "gnocchi", "sounds_like": ["nyohki"]}],
        "speaker_diarization_config": {"max_speakers": 2},
        "enable_partials": True,
    }


@pytest.mark.parametrize("language", [None, "tlh"])
def test_what_it_cannot_transcribe_live_is_refused_before(language: str | None) -> None:
    with pytest.raises(MediaRefused, match="one of: en, es"):
        codec(Options(language))


def test_the_end_counts_the_audio() -> None:
    made = codec()
    assert list(made.audio(b"\1\2")) == [b"\1\2"]
    made.audio(b"\3\4")
    assert list(made.keepalive()) == []
    assert list(made.finish()) == ['{"message": "EndOfStream", "last_seq_no": 2}']


WORDS = (Word("Hi", 1_000, 1_400, 0.9, Timing.MEASURED), Word("you.", 1_500, 2_000, 0.9, Timing.MEASURED))
SAID = [result("Hi", 1.0, 1.4, language="en", speaker="S1"), result("you", 1.5, 2.0, speaker="S1"), stop(".")]
MESSAGES: list[tuple[dict[str, Any], list[LiveEvent]]] = [
    ({"message": "RecognitionStarted", "id": "s1"}, [Ready("s1")]),
    ({"message": "AudioAdded", "seq_no": 1}, []),
    ({"message": "AddPartialTranscript", "results": SAID}, [Partial("0", "Hi you.")]),
    ({"message": "AddPartialTranscript", "results": []}, [Partial("0", "")]),
    ({"message": "AddTranscript", "results": SAID}, [Final("0", Segment("Hi you.", 1_000, 2_000, "S1", WORDS, "en"))]),
    ({"message": "AddTranscript", "results": []}, [Partial("0", "")]),
    ({"message": "EndOfTranscript"}, [Ended()]),
    ({"message": "Warning", "type": "duration_limit_exceeded", "reason": "x"}, []),
    ({"message": "Info", "type": "recognition_quality"}, []),
    ({}, []),
]


@pytest.mark.parametrize(("message", "events"), MESSAGES)
def test_each_message_means_something(message: dict[str, Any], events: list[LiveEvent]) -> None:
    assert list(codec().decode(json.dumps(message))) == events


def test_punctuation_that_comes_late_belongs_to_the_final_before() -> None:
    message = {"message": "AddTranscript", "results": [stop("."), result("Then", 2.1, 2.4)]}
    finals = [event for event in codec().decode(json.dumps(message)) if isinstance(event, Final)]
    assert [(one.segment.text, one.is_tail) for one in finals] == [(".", True), ("Then", False)]


def test_each_final_ends_the_partials_before_it() -> None:
    made, keys = codec(), []
    for kind in ("AddPartialTranscript", "AddTranscript", "AddPartialTranscript", "AddTranscript"):
        [event] = made.decode(json.dumps({"message": kind, "results": SAID}))
        assert isinstance(event, Partial | Final)
        keys.append(event.key)
    assert keys == ["0", "0", "1", "1"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("not_authorised", AuthenticationFailed),
        ("insufficient_funds", QuotaExceeded),
        ("timelimit_exceeded", QuotaExceeded),
        ("quota_exceeded", RateLimited),
        ("invalid_model", MediaRefused),
        ("invalid_language", MediaRefused),
        ("invalid_config", Refused),
        ("not_allowed", Refused),
        ("protocol_error", Refused),
        ("buffer_error", Unreachable),
        ("idle_timeout", Unreachable),
        ("session_timeout", Unreachable),
        ("job_error", Busy),
        ("unknown_error", Busy),
    ],
)
def test_an_error_says_what_to_do(kind: str, error: type[ProviderError]) -> None:
    [event] = codec().decode(json.dumps({"message": "Error", "type": kind, "reason": f"Because of {KEY}"}))
    assert isinstance(event, Failed)
    assert (type(event.error), str(event.error)) == (error, "Because of ***")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (1003, Refused),
        (1011, Busy),
        (4001, AuthenticationFailed),
        (4004, MediaRefused),
        (4005, RateLimited),
        (4006, QuotaExceeded),
        (4013, Busy),
        (1006, Unreachable),
    ],
)
def test_each_close_has_one_meaning(code: int, error: type[ProviderError]) -> None:
    assert type(codec().closed(code, "any reason")) is error


async def test_a_session_is_told_word_for_word(speechmatics: SpeechmaticsDouble) -> None:
    session = Session(speechmatics, kind="speechmatics")
    assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)
    assert {(final.segment.speaker, final.segment.language) for final in session.finals} == {("S1", "en")}
    assert session.provisional == {}


async def test_at_random_cuts_no_word_is_lost_or_doubled(speechmatics: SpeechmaticsDouble) -> None:
    chance = random.Random(11)
    for _ in range(8):
        cuts = [Fault("reset", chance.randrange(0, LENGTH_MS * 32)) for _ in range(3)]
        speechmatics.rescript({"live": list(cuts)})
        session = Session(speechmatics, kind="speechmatics")
        assert await session.whole(LENGTH_MS)
        assert session.words == echo_words(LENGTH_MS), cuts


async def test_too_many_sessions_are_waited_for(speechmatics: SpeechmaticsDouble) -> None:
    says = {"message": "Error", "type": "quota_exceeded", "reason": "Concurrent quota exceeded"}
    speechmatics.rescript({"live": [Fault("close", 0, 4005, says)]})
    session = Session(speechmatics, kind="speechmatics")
    assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)
