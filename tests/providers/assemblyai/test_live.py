"""AssemblyAI's live socket: what goes on the wire, what its messages mean, and a whole session through the relay."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.support.live.provider import Fault, echo_words
from tests.support.live.relay import Session
from transcripts.document import Segment, Timing, Word
from transcripts.providers.base import Connection, Options, Term
from transcripts.providers.errors import (
    AuthenticationFailed,
    Busy,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
    Unreachable,
)
from transcripts.providers.live import Ended, Failed, Final, LiveEvent, Partial, Ready, Speech
from transcripts.providers.registry import live_codec

if TYPE_CHECKING:
    from tests.support.providers.assemblyai import AssemblyAIDouble
    from transcripts.providers.live import LiveCodec

KEY = "sk_secret"
ENGLISH = Options("en")
LENGTH_MS = 8_000


def codec(options: Options = ENGLISH, *, endpoint: str = "https://api.assemblyai.com", **more: Any) -> LiveCodec:
    return live_codec("assemblyai", Connection(endpoint, KEY, **more), options)


def query(options: Options, **more: Any) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(codec(options, **more).connect().url).query))


def turn(text: str, *, order: int = 0, is_over: bool = False, is_formatted: bool = False, **more: Any) -> str:
    said = {"type": "Turn", "turn_order": order, "end_of_turn": is_over, "turn_is_formatted": is_formatted}
    return json.dumps(said | {"transcript": text} | more)


def read(made: LiveCodec, *messages: str) -> list[LiveEvent]:
    return [event for message in messages for event in made.decode(message)]


def test_a_live_model_that_takes_no_terms_is_told_none() -> None:
    options = Options("en", vocabulary=(Term("thalweg"),))
    assert "keyterms_prompt" in query(options, model="u3-rt-pro")
    assert "keyterms_prompt" not in query(options, model="whisper-rt")


def test_a_connection_names_what_it_wishes() -> None:
    handshake = codec().connect()
    assert handshake.url.startswith("wss://streaming.assemblyai.com/v3/ws?")
    assert dict(handshake.headers) == {"Authorization": KEY}
    assert query(ENGLISH) == {
        "sample_rate": "16000",
        "encoding": "pcm_s16le",
        "format_turns": "true",
        "speaker_labels": "true",
    }


@pytest.mark.parametrize(
    ("endpoint", "ws", "begins"),
    [
        ("https://api.eu.assemblyai.com", "", "wss://streaming.eu.assemblyai.com/v3/ws?"),
        ("http://127.0.0.1:8100", "", "ws://127.0.0.1:8100/v3/ws?"),
        ("https://api.assemblyai.com", "wss://live.example", "wss://live.example/v3/ws?"),
    ],
)
def test_the_socket_is_at_the_live_host_or_where_the_operator_says(endpoint: str, ws: str, begins: str) -> None:
    assert codec(endpoint=endpoint, ws_endpoint=ws).connect().url.startswith(begins)


def test_every_wish_is_told_in_its_words() -> None:
    terms = (Term("thalweg"), Term("Berg, Tomas"), Term("x" * 51))
    asked = query(Options("en", speakers=3, vocabulary=terms, punctuates=False, masks_profanity=True))
    assert {name: asked[name] for name in ("format_turns", "max_speakers", "filter_profanity")} == {
        "format_turns": "false",
        "max_speakers": "3",
        "filter_profanity": "true",
    }
    assert json.loads(asked["keyterms_prompt"]) == ["thalweg", "Berg, Tomas"]


@pytest.mark.parametrize(
    ("language", "model", "name", "detects"),
    [
        ("en-GB", "", None, None),
        ("de", "", "universal-streaming-multilingual", None),
        (None, "", "universal-streaming-multilingual", "true"),
        ("de", "u3-rt-pro", "u3-rt-pro", None),
        ("en", "universal-2", None, None),
    ],
)
def test_a_model_that_knows_the_language_is_named(
    language: str | None, model: str, name: str | None, detects: str | None
) -> None:
    asked = query(Options(language), model=model)
    assert (asked.get("speech_model"), asked.get("language_detection")) == (name, detects)


def test_audio_is_never_shorter_than_it_takes() -> None:
    assert [len(frame) for frame in codec().audio(b"\1" * 640)] == [1_600]
    assert list(codec().audio(b"\1" * 3_200)) == [b"\1" * 3_200]
    least, best, most = codec().limits.frame_bytes
    assert (least / 32, best / 32, most / 32) == (50, 100, 1_000)


def test_it_is_controlled_by_messages() -> None:
    assert list(codec().opening()) == []
    assert list(codec().keepalive()) == ['{"type": "KeepAlive"}']
    assert list(codec().finish()) == ['{"type": "Terminate"}']


def test_a_turn_replaces_itself_until_it_is_over_and_punctuated() -> None:
    words = [{"text": "Hi,", "start": 160, "end": 400, "confidence": 0.9}, {"text": "you.", "start": 400, "end": 600}]
    said = (
        turn("", words=[{"text": "hi", "start": 160, "end": 400, "word_is_final": False}]),
        turn("hi", words=[{"text": "hi"}, {"text": "yo"}]),
        turn("hi you", is_over=True, words=[{"text": "hi"}, {"text": "you"}]),
        turn("Hi, you.", is_over=True, is_formatted=True, words=words, speaker_label="A", language_code="en"),
        turn("again", is_over=True, is_formatted=True),
    )
    timed = (Word("Hi,", 160, 400, 0.9, Timing.MEASURED), Word("you.", 400, 600, None, Timing.MEASURED))
    assert read(codec(), *said) == [
        Partial("0", "hi"),
        Partial("0", "hi yo"),
        Partial("0", "hi you"),
        Final("0", Segment("Hi, you.", 160, 600, "A", timed, "en")),
    ]


@pytest.mark.parametrize("end", [turn("next", order=1), json.dumps({"type": "Termination"})])
def test_a_turn_that_is_never_punctuated_is_not_lost(end: str) -> None:
    events = read(codec(), turn("so be it", is_over=True), end)
    assert events[:2] == [Partial("0", "so be it"), Final("0", Segment("so be it"))]
    assert events[2] in (Partial("1", "next"), Ended())


def test_without_punctuation_the_end_of_a_turn_is_final() -> None:
    made = codec(Options("en", punctuates=False))
    assert read(made, turn("hi you", is_over=True)) == [Final("0", Segment("hi you"))]


def test_two_voices_in_a_turn_are_two_segments() -> None:
    words = [
        {"text": "Yes.", "start": 0, "end": 500, "speaker": "A"},
        {"text": "No.", "start": 500, "end": 900, "speaker": "B"},
    ]
    finals = read(codec(), turn("Yes. No.", is_over=True, is_formatted=True, words=words))
    assert [(one.key, one.segment.speaker, one.segment.text) for one in finals if isinstance(one, Final)] == [
        ("0", "A", "Yes."),
        ("0.1", "B", "No."),
    ]


def test_a_speaker_that_it_does_not_know_is_none() -> None:
    [final] = read(codec(), turn("Yes.", is_over=True, is_formatted=True, speaker_label="UNKNOWN"))
    assert isinstance(final, Final)
    assert final.segment.speaker is None


@pytest.mark.parametrize(
    ("message", "events"),
    [
        ({"type": "Begin", "id": "b1", "expires_at": 1}, [Ready("b1")]),
        ({"type": "SpeechStarted", "timestamp": 1_840}, [Speech(is_heard=True, at_ms=1_840)]),
        ({"type": "Termination", "audio_duration_seconds": 1}, [Ended()]),
        ({"type": "Turn", "turn_order": 0, "transcript": "", "end_of_turn": True, "turn_is_formatted": True}, None),
        ({"type": "Heartbeat"}, []),
        ({"type": "Warning", "warning": "x"}, []),
        ({}, []),
    ],
)
def test_each_message_means_something(message: dict[str, Any], events: list[LiveEvent] | None) -> None:
    assert list(codec().decode(json.dumps(message))) == ([Partial("0", "")] if events is None else events)


CLOSES: list[tuple[int, type[ProviderError]]] = [
    (1006, Unreachable),
    (1008, AuthenticationFailed),
    (1013, Busy),
    (3005, Busy),
    (3006, Refused),
    (3007, Unreachable),
    (3008, Unreachable),
    (3009, RateLimited),
    (4001, AuthenticationFailed),
    (4002, QuotaExceeded),
    (4003, QuotaExceeded),
    (4029, Unreachable),
    (4031, Unreachable),
    (4032, Refused),
    (4033, Refused),
    (4102, RateLimited),
]


@pytest.mark.parametrize(("code", "error"), CLOSES)
def test_each_close_has_one_meaning(code: int, error: type[ProviderError]) -> None:
    assert type(codec().closed(code, "any reason")) is error
    if code == 1006:
        return
    [event] = codec().decode(json.dumps({"type": "Error", "error_code": code, "error": "A sentence"}))
    assert isinstance(event, Failed)
    assert (type(event.error), str(event.error)) == (error, "A sentence")


def test_an_error_that_is_about_money_is_told_by_what_it_says_and_holds_no_key() -> None:
    [event] = codec().decode(json.dumps({"type": "Error", "error": f"Balance of {KEY} is negative"}))
    assert isinstance(event, Failed)
    assert type(event.error) is QuotaExceeded
    assert KEY not in str(event.error)


async def test_a_session_is_told_word_for_word(assemblyai: AssemblyAIDouble) -> None:
    session = Session(assemblyai, kind="assemblyai")
    assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)
    assert {final.segment.speaker for final in session.finals} == {"A"}
    assert session.provisional == {}


async def test_at_random_cuts_no_word_is_lost_or_doubled(assemblyai: AssemblyAIDouble) -> None:
    chance = random.Random(7)
    for _ in range(8):
        cuts = [Fault("reset", chance.randrange(0, LENGTH_MS * 32)) for _ in range(3)]
        assemblyai.rescript({"live": list(cuts)})
        session = Session(assemblyai, kind="assemblyai")
        assert await session.whole(LENGTH_MS)
        assert session.words == echo_words(LENGTH_MS), cuts


async def test_too_many_sessions_are_waited_for(assemblyai: AssemblyAIDouble) -> None:
    assemblyai.rescript({"live": [Fault("close", 0, 3009)]})
    session = Session(assemblyai, kind="assemblyai")
    assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)


def test_an_ended_turn_that_goes_on_is_final_with_its_latest_words() -> None:
    made = codec()
    read(made, turn("hi there", is_over=True), turn("hi there you"))
    [final] = [event for event in read(made, turn("next", order=1)) if isinstance(event, Final)]
    assert final.segment.text == "hi there you"
