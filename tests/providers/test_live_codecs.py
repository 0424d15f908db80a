"""What live codecs put on the wire and make of what they hear, to the byte."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.providers.live_contract import KEY, LiveContract, codec
from transcripts.document import Segment, Timing, Word
from transcripts.providers.errors import (
    AuthenticationFailed,
    Busy,
    MediaRefused,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
    TooSlow,
    Unreachable,
)
from transcripts.providers.live import Ended, Failed, Final, LiveEvent, Partial, Ready, Speech


class TestSpeechStream(LiveContract):
    kind = "speechstream"


class TestPulse(LiveContract):
    kind = "pulse"


def word(text: str, start_ms: int, end_ms: int, confidence: float | None = None) -> Word:
    return Word(text, start_ms, end_ms, confidence, Timing.MEASURED)


@pytest.mark.parametrize(
    ("kind", "path", "query"),
    [
        (
            "speechstream",
            "/v1/stream",
            {"encoding": "linear16", "sample_rate": "16000", "diarize": "true", "language": "en"},
        ),
        (
            "pulse",
            "/waves/v1/stt/live",
            {
                "model": "pulse",
                "language": "en",
                "encoding": "linear16",
                "sample_rate": "16000",
                "word_timestamps": "true",
                "diarize": "true",
                "vad_events": "true",
            },
        ),
    ],
)
def test_a_connection_names_what_it_wishes(kind: str, path: str, query: dict[str, str]) -> None:
    handshake = codec(kind).connect()
    parts = urlsplit(handshake.url)
    assert (parts.scheme, parts.netloc, parts.path) == ("wss", "api.example.com", path)
    assert dict(parse_qsl(parts.query)) == query
    assert dict(handshake.headers) == {"Authorization": f"Bearer {KEY}"}
    assert KEY not in repr(handshake)


@pytest.mark.parametrize(
    ("endpoint", "ws", "begins"),
    [
        ("http://127.0.0.1:8100", "", "ws://127.0.0.1:8100/v1/stream?"),
        ("https://a.example/base/", "", "wss://a.example/base/v1/stream?"),
        ("https://a.example", "wss://live.example", "wss://live.example/v1/stream?"),
    ],
)
def test_the_socket_is_where_the_connection_says(endpoint: str, ws: str, begins: str) -> None:
    assert codec("speechstream", endpoint=endpoint, ws=ws).connect().url.startswith(begins)


SPEECHSTREAM: list[tuple[dict[str, Any], list[LiveEvent]]] = [
    ({"type": "ready", "session_id": "s1"}, [Ready("s1")]),
    ({"type": "ready"}, [Ready("")]),
    ({"type": "partial", "segment": 3, "text": "and  so"}, [Partial("3", "and so")]),
    ({"type": "partial", "segment": 0, "text": ""}, [Partial("0", "")]),
    (
        {
            "type": "final",
            "segment": 3,
            "text": "And so,",
            "start": 1.25,
            "end": 2.0,
            "speaker": "S1",
            "language": "en",
            "words": [
                {"word": "And", "start": 1.25, "end": 1.5, "confidence": 0.9},
                {"word": "so,", "start": 1.5, "end": 2.0},
            ],
        },
        [
            Final(
                "3",
                Segment(
                    "And so,", 1_250, 2_000, "S1", (word("And", 1_250, 1_500, 0.9), word("so,", 1_500, 2_000)), "en"
                ),
            )
        ],
    ),
    ({"type": "final", "segment": 4, "text": "Hi"}, [Final("4", Segment("Hi"))]),
    ({"type": "final", "segment": 5, "text": "."}, [Final("5", Segment("."), is_tail=True)]),
    ({"type": "final", "segment": 5, "text": ""}, [Partial("5", "")]),
    ({"type": "final", "segment": 6, "text": "你好"}, [Final("6", Segment("你好"))]),
    ({"type": "closed", "duration": 4.0}, [Ended()]),
    ({"type": "something new"}, []),
    ({}, []),
]

PULSE: list[tuple[dict[str, Any], list[LiveEvent]]] = [
    (
        {"type": "transcription", "transcription": "Hi, how", "transcript": "Hi, how", "is_final": False},
        [Partial("0", "Hi, how")],
    ),
    ({"type": "transcription", "transcription": "Hi"}, [Partial("0", "Hi")]),
    (
        {
            "type": "transcription",
            "transcript": "Hi, how?",
            "is_final": True,
            "is_last": False,
            "language": "en",
            "words": [
                {"word": "Hi,", "start": 0.16, "end": 0.4, "confidence": 0.99, "speaker": 0},
                {"word": "how?", "start": 0.4, "end": 0.6, "confidence": 0.5, "speaker": 0},
            ],
        },
        [
            Final(
                "0",
                Segment("Hi, how?", 160, 600, "0", (word("Hi,", 160, 400, 0.99), word("how?", 400, 600, 0.5)), "en"),
            )
        ],
    ),
    (
        {
            "type": "transcription",
            "transcript": "Yes. No.",
            "is_final": True,
            "words": [
                {"word": "Yes.", "start": 0, "end": 1, "speaker": "speaker_0"},
                {"word": "No.", "start": 1, "end": 2, "speaker": "speaker_1"},
            ],
        },
        [
            Final("0", Segment("Yes.", 0, 1_000, "speaker_0", (word("Yes.", 0, 1_000),))),
            Final("0.1", Segment("No.", 1_000, 2_000, "speaker_1", (word("No.", 1_000, 2_000),))),
        ],
    ),
    ({"type": "transcription", "transcript": "Hi", "is_final": True}, [Final("0", Segment("Hi"))]),
    ({"type": "transcription", "transcript": ".", "is_final": True}, [Final("0", Segment("."), is_tail=True)]),
    ({"type": "transcription", "transcript": "", "is_final": True, "is_last": True}, [Partial("0", ""), Ended()]),
    ({"type": "transcription", "transcript": "", "is_final": False}, []),
    ({"type": "speech_started", "timestamp": 1.84}, [Speech(is_heard=True, at_ms=1_840)]),
    ({"type": "speech_ended", "timestamp": 4.52}, [Speech(is_heard=False, at_ms=4_520)]),
    ({"type": "pong"}, []),
    ({"type": "something new"}, []),
]


@pytest.mark.parametrize(
    ("kind", "message", "events"),
    [("speechstream", *row) for row in SPEECHSTREAM] + [("pulse", *row) for row in PULSE],
)
def test_each_message_means_something(kind: str, message: dict[str, Any], events: list[LiveEvent]) -> None:
    assert list(codec(kind).decode(json.dumps(message))) == events
    assert list(codec(kind).decode(json.dumps(message).encode())) == events


def test_each_final_of_pulse_is_a_segment_of_its_own() -> None:
    made = codec("pulse")
    keys = []
    for text, is_final in (("a", False), ("a b", True), ("c", False), ("c d", True)):
        [event] = made.decode(json.dumps({"type": "transcription", "transcript": text, "is_final": is_final}))
        assert isinstance(event, Partial | Final)
        keys.append(event.key)
    assert keys == ["0", "0", "1", "1"]


ERRORS: list[tuple[str, dict[str, Any], type[ProviderError], int | None]] = [
    ("speechstream", {"type": "error", "code": "unauthorized", "message": "No such key"}, AuthenticationFailed, None),
    ("speechstream", {"type": "error", "code": "rate_limited", "retry_after": 7}, RateLimited, 7_000),
    ("speechstream", {"type": "error", "code": "too_many_sessions", "retry_after": "x"}, RateLimited, None),
    ("speechstream", {"type": "error", "code": "language_not_supported"}, MediaRefused, None),
    ("speechstream", {"type": "error", "code": "too_slow", "message": "Too slow for German"}, TooSlow, None),
    ("speechstream", {"type": "error", "code": "what is this", "message": "A fault"}, Busy, None),
    ("speechstream", {"type": "error"}, Busy, None),
    ("pulse", {"type": "error", "status": "error", "message": "A fault"}, Busy, None),
    ("pulse", {"error": "A fault"}, Busy, None),
    ("pulse", {"error": "Please upgrade your plan"}, QuotaExceeded, None),
    ("pulse", {"type": "error", "message": "LANGUAGE_NOT_ENABLED_IN_REGION"}, MediaRefused, None),
]


@pytest.mark.parametrize(("kind", "message", "error", "pause_ms"), ERRORS)
def test_an_error_says_what_to_do(
    kind: str, message: dict[str, Any], error: type[ProviderError], pause_ms: int | None
) -> None:
    [event] = codec(kind).decode(json.dumps(message))
    assert isinstance(event, Failed)
    assert type(event.error) is error
    assert event.error.retry_after_ms == pause_ms
    assert len(str(event.error).split()) > 1


@pytest.mark.parametrize(
    ("kind", "code", "error"),
    [
        ("speechstream", 4401, AuthenticationFailed),
        ("speechstream", 4408, Unreachable),
        ("speechstream", 4413, Refused),
        ("speechstream", 4424, TooSlow),
        ("speechstream", 4429, RateLimited),
        ("speechstream", 1011, Busy),
        ("speechstream", 1006, Unreachable),
        ("speechstream", 1000, Unreachable),
        ("pulse", 1008, RateLimited),
        ("pulse", 1011, Busy),
        ("pulse", 1006, Unreachable),
    ],
)
def test_each_close_has_one_meaning(kind: str, code: int, error: type[ProviderError]) -> None:
    assert type(codec(kind).closed(code, "any reason")) is error


@pytest.mark.parametrize(
    ("chosen", "wire"), [("en-GB", "en"), ("multi-asian", "multi-asian"), ("north_indic", "north_indic")]
)
def test_pulse_is_told_the_language_in_its_own_words(chosen: str, wire: str) -> None:
    assert f"language={wire}&" in codec("pulse", language=chosen).connect().url


@pytest.mark.parametrize("language", ["", "uk", "multi-eu"])
def test_what_pulse_cannot_listen_to_live_is_refused_at_once(language: str) -> None:
    with pytest.raises(MediaRefused, match="one of: en, hi"):
        codec("pulse", language=language)


def test_an_open_language_is_left_to_speechstream() -> None:
    assert "language" not in codec("speechstream", language="").connect().url
