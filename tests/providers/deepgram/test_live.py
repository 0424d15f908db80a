"""Deepgram's live codec, to the byte, and the relay that speaks it."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.providers.live_contract import KEY, LiveContract, codec
from tests.support.live.provider import Fault, echo_words
from tests.support.live.relay import Session
from transcripts.document import Segment, Timing, Word
from transcripts.providers.base import Term
from transcripts.providers.errors import Busy, MediaRefused, ProviderError, Unreachable
from transcripts.providers.live import Ended, Failed, Final, LiveEvent, Partial, Speech

if TYPE_CHECKING:
    from tests.support.providers.deepgram import DeepgramDouble

LENGTH_MS = 8_000


class TestContract(LiveContract):
    kind = "deepgram"
    keepalive = ('{"type": "KeepAlive"}',)
    finish = ('{"type": "Finalize"}', '{"type": "CloseStream"}')

    def error(self, sentence: str) -> dict[str, Any]:
        return {"type": "Error", "variant": "x", "description": sentence, "message": "x"}


def asked(model: str = "", **options: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(codec("deepgram", model=model, **options).connect().url).query)


def test_a_connection_names_what_it_wishes() -> None:
    handshake = codec("deepgram").connect()
    parts = urlsplit(handshake.url)
    assert (parts.scheme, parts.netloc, parts.path) == ("wss", "api.example.com", "/v1/listen")
    assert dict(handshake.headers) == {"Authorization": f"Token {KEY}"}
    assert {name: value for name, [value] in asked().items()} == {
        "model": "nova-3",
        "language": "en",
        "punctuate": "true",
        "smart_format": "true",
        "numerals": "true",
        "diarize_model": "latest",
        "encoding": "linear16",
        "sample_rate": "16000",
        "channels": "1",
        "interim_results": "true",
        "vad_events": "true",
        "utterance_end_ms": "1000",
    }


def test_wishes_go_as_those_for_recordings() -> None:
    told = asked(vocabulary=(Term("thalweg"), Term("Berg & Tal")), masks_profanity=True, separates_speakers=False)
    assert (told["keyterm"], told["profanity_filter"]) == (["thalweg", "Berg & Tal"], ["true"])
    assert "diarize_model" not in told


def test_without_a_language_it_listens_for_several() -> None:
    assert asked(language=None)["language"] == ["multi"]
    told = asked(languages=("fr",))
    assert (told["language"], told["language_hint"]) == (["multi"], ["en", "fr"])


def test_no_empty_frame_is_sent_for_it_would_be_the_end() -> None:
    assert list(codec("deepgram").audio(b"")) == []


def results(text: str, *words: dict[str, Any], is_final: bool = False, **more: Any) -> dict[str, Any]:
    alternative = {"transcript": text, "confidence": 0.9, "words": list(words), **more}
    return {"type": "Results", "start": 0.0, "is_final": is_final, "channel": {"alternatives": [alternative]}}


HELLO = {"word": "hello", "punctuated_word": "Hello,", "start": 0.1, "end": 0.5, "confidence": 0.9, "speaker": 0}
YOU = {"word": "you", "start": 0.5, "end": 1.0, "confidence": 0.5, "speaker": 1}
HELLO_SAID = Word("Hello,", 100, 500, 0.9, Timing.MEASURED)
YOU_SAID = Word("you", 500, 1_000, 0.5, Timing.MEASURED)

MESSAGES: list[tuple[dict[str, Any], list[LiveEvent]]] = [
    (results("hel lo", HELLO), [Partial("0", "hel lo")]),
    (results(""), [Partial("0", "")]),
    (results("Hello,", HELLO, is_final=True), [Final("0", Segment("Hello,", 100, 500, "0", (HELLO_SAID,)))]),
    (
        results("Hello, you", HELLO, YOU, is_final=True, languages=["en", "fr"]),
        [
            Final("0", Segment("Hello,", 100, 500, "0", (HELLO_SAID,), "en")),
            Final("0.1", Segment("you", 500, 1_000, "1", (YOU_SAID,), "en")),
        ],
    ),
    (results("", is_final=True), [Partial("0", "")]),
    ({"type": "Results", "is_final": True}, [Partial("0", "")]),
    ({"type": "SpeechStarted", "channel": [0], "timestamp": 9.5}, [Speech(is_heard=True, at_ms=9_500)]),
    ({"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": 2.4}, [Speech(is_heard=False, at_ms=2_400)]),
    ({"type": "Metadata", "request_id": "87dd", "duration": 1.0}, [Ended()]),
]


@pytest.mark.parametrize(("message", "events"), MESSAGES)
def test_each_message_means_something(message: dict[str, Any], events: list[LiveEvent]) -> None:
    assert list(codec("deepgram").decode(json.dumps(message))) == events


def test_each_final_is_a_segment_of_its_own_and_replaces_its_interims() -> None:
    made, keys = codec("deepgram"), []
    for text, is_final in (("a", False), ("a b", True), ("c", False), ("c d", True)):
        [event] = made.decode(json.dumps(results(text, is_final=is_final)))
        assert isinstance(event, Partial | Final)
        keys.append(event.key)
    assert keys == ["0", "0", "1", "1"]


def test_an_error_ends_the_connection_with_its_sentence() -> None:
    said = {"type": "Error", "variant": "x", "description": "The model is away", "message": "x"}
    [event] = codec("deepgram").decode(json.dumps(said))
    assert isinstance(event, Failed)
    assert (type(event.error), str(event.error)) == (Busy, "The model is away")


@pytest.mark.parametrize(
    ("code", "reason", "error"),
    [
        (1008, "DATA-0000", MediaRefused),
        (1011, "NET-0000", Unreachable),
        (1011, "NET-0001", Unreachable),
        (1011, "", Busy),
        (1006, "", Unreachable),
        (1000, "", Unreachable),
    ],
)
def test_each_close_has_one_meaning(code: int, reason: str, error: type[ProviderError]) -> None:
    assert type(codec("deepgram").closed(code, reason)) is error


def test_a_refused_upgrade_says_why() -> None:
    refused = codec("deepgram").refused(400, {"dg-error": "Bad Request: no such model"})
    assert (type(refused), str(refused)) == (MediaRefused, "Bad Request: no such model")


async def test_a_session_is_told_word_for_word(deepgram: DeepgramDouble) -> None:
    session = Session(deepgram, kind="deepgram")
    assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)
    assert session.provisional == {}


async def test_at_random_cuts_no_word_is_lost_or_doubled(deepgram: DeepgramDouble) -> None:
    chance = random.Random(5)
    for _ in range(8):
        cuts = [Fault("reset", chance.randrange(0, LENGTH_MS * 32)) for _ in range(3)]
        deepgram.rescript({"live": list(cuts)})
        session = Session(deepgram, kind="deepgram")
        assert await session.whole(LENGTH_MS)
        assert session.words == echo_words(LENGTH_MS), cuts
        assert session.times == sorted(session.times)
