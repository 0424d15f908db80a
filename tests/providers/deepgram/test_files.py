"""The adapter of Deepgram: the contract, and what is particular to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.contract import ProviderContract
from tests.providers.parsing_contract import generated, loses_no_word, parsed, reads_whatever_comes, spoiled
from tests.support.provider_answers import segment_lists, word_lists
from transcripts.providers.base import Connection, Options, Term
from transcripts.providers.errors import AuthenticationFailed, Busy, MediaRefused, QuotaExceeded, RateLimited
from transcripts.providers.registry import build

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.providers.deepgram import DeepgramDouble

    Ask = Callable[..., dict[str, Any]]

ALWAYS = {"model": "nova-3", "utterances": "true"}
MARKS = {"punctuate": "true", "smart_format": "true", "numerals": "true"}
SPEAKERS = {"diarize_model": "latest"}


def answer(alternative: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An answer with one channel."""
    return {"metadata": {"duration": 40.0}, "results": {"channels": [{"alternatives": [alternative]}], **more}}


class TestContract(ProviderContract):
    kind = "deepgram"
    plain: ClassVar[dict[str, Any]] = answer({"transcript": "café"})

    @pytest.fixture
    def peer(self, deepgram: DeepgramDouble) -> DeepgramDouble:
        return deepgram


@pytest.fixture
def ask(deepgram: DeepgramDouble, tone: Path) -> Ask:
    """Sends the audio with these options; returns what the provider was told."""

    def asked(options: Options, model: str = "") -> dict[str, Any]:
        deepgram.rescript({})
        build("deepgram", Connection(deepgram.url, deepgram.key, model=model)).submit(tone, options)
        [entry] = deepgram.ledger()
        assert entry["type"] == "audio/wav"
        told: dict[str, Any] = entry["query"]
        return told

    return asked


def test_a_request_names_model_language_and_wishes(ask: Ask) -> None:
    assert ask(Options("en-GB")) == {**ALWAYS, **MARKS, **SPEAKERS, "language": "en-GB"}
    assert ask(Options()) == {**ALWAYS, **MARKS, **SPEAKERS, "detect_language": "true"}
    plain = Options("en", separates_speakers=False, punctuates=False, masks_profanity=True)
    assert ask(plain) == {**ALWAYS, "language": "en", "profanity_filter": "true"}
    assert ask(Options("en"), model="nova-2")["model"] == "nova-2"


def test_several_languages_are_hints_for_the_model_that_takes_them(ask: Ask) -> None:
    told = ask(Options("en-US", languages=("es", "en", "fr")))
    assert (told["language"], told["language_hint"]) == ("multi", ["en", "es", "fr"])
    with pytest.raises(MediaRefused, match="among en, es"):
        ask(Options("en", languages=("uk",)))


@pytest.mark.parametrize(
    ("model", "sentence"), [("nova-2", "only if they are among en, es$"), ("whisper-large", "not with this account’s")]
)
def test_several_languages_are_those_of_the_model(ask: Ask, model: str, sentence: str) -> None:
    with pytest.raises(MediaRefused, match=sentence):
        ask(Options("en", languages=("fr",)), model=model)
    assert ask(Options("en", languages=("es",)), model="nova-2")["language_hint"] == ["en", "es"]


def test_terms_are_sent_as_the_model_takes_them(ask: Ask) -> None:
    terms = (Term("Jensen Huang", weight=2.5), Term("a:b"), Term("thalweg"))
    assert ask(Options("en", vocabulary=terms))["keyterm"] == ["Jensen Huang", "a:b", "thalweg"]
    assert ask(Options("en", vocabulary=terms), model="nova-2")["keywords"] == ["Jensen Huang:2.5", "thalweg:1"]


def test_no_more_terms_are_sent_than_the_limit_and_the_first_of_them(ask: Ask) -> None:
    short = ask(Options("en", vocabulary=tuple(Term(f"t{number}") for number in range(300))))["keyterm"]
    assert short == [f"t{number}" for number in range(100)]
    # 8 tokens each at most, and no more than 500
    long = ask(Options("en", vocabulary=tuple(Term(f"{number:024}") for number in range(300))))["keyterm"]
    assert long == [f"{number:024}" for number in range(62)]


def said(code: str, sentence: str) -> dict[str, str]:
    return {"err_code": code, "err_msg": sentence, "request_id": "87dd"}


@pytest.mark.parametrize(
    ("code", "body", "error"),
    [
        (400, said("Bad Request", "Bad Request: failed to process audio: corrupt or unsupported data"), MediaRefused),
        (401, said("INVALID_AUTH", "Invalid credentials."), AuthenticationFailed),
        (401, said("INSUFFICIENT_PERMISSIONS", "Project does not have access to this."), AuthenticationFailed),
        (402, said("ASR_PAYMENT_REQUIRED", "Project does not have enough credits for this."), QuotaExceeded),
        (403, {"category": "FORBIDDEN", "message": "No access to the model", "details": "x"}, AuthenticationFailed),
        (413, said("PAYLOAD_TOO_LARGE", "The payload is too large."), MediaRefused),
        (429, said("TOO_MANY_REQUESTS", "Too many requests. Please try again later."), RateLimited),
        (504, said("GATEWAY_TIMEOUT", "Processing took too long."), Busy),
    ],
)
def test_each_documented_error_has_its_meaning_and_its_sentence(
    deepgram: DeepgramDouble, tone: Path, code: int, body: dict[str, str], error: type[Exception]
) -> None:
    deepgram.rescript({"faults": [{"on": "upload", "do": "answer", "code": code, "body": body}]})
    with pytest.raises(error) as raised:
        build("deepgram", Connection(deepgram.url, deepgram.key)).submit(tone, Options("en"))
    if error is not RateLimited:
        assert str(raised.value) == body.get("err_msg", body.get("message"))


def test_the_health_proves_the_key(deepgram: DeepgramDouble) -> None:
    assert build("deepgram", Connection(deepgram.url, deepgram.key)).health().is_key_verified
    with pytest.raises(AuthenticationFailed):
        build("deepgram", Connection(deepgram.url, "wrong")).health()


# Reading

HELLO = {"word": "hello", "punctuated_word": "Hello,", "start": 0.0, "end": 0.5, "confidence": 0.99, "speaker": 0}
YOU = {"word": "you", "start": 0.5, "end": 1.0, "confidence": 0.5, "speaker": 1}


def test_words_are_as_the_text_has_them_with_speaker_and_confidence() -> None:
    document = parsed("deepgram", answer({"transcript": "Hello, you", "words": [HELLO, YOU]}))
    told = [(one.speaker, word.text, word.start_ms, word.confidence) for one in document.segments for word in one.words]
    assert told == [("0", "Hello,", 0, 0.99), ("1", "you", 500, 0.5)]


def test_utterances_are_the_segments() -> None:
    listed = [{"start": 0.0, "end": 1.0, "transcript": "Hello, you", "speaker": 0, "words": [HELLO, YOU]}]
    document = parsed("deepgram", answer({"transcript": "Hello, you", "words": [HELLO, YOU]}, utterances=listed))
    [segment] = document.segments
    assert (segment.text, segment.speaker, segment.end_ms) == ("Hello, you", "0", 1_000)
    assert [word.text for word in segment.words] == ["Hello,", "you"]


def test_a_detected_language_has_its_probability() -> None:
    channel = {"alternatives": [{"transcript": "Hola"}], "detected_language": "es", "language_confidence": 0.9}
    document = parsed("deepgram", {"results": {"channels": [channel]}})
    assert (document.language, document.language_probability) == ("es", 0.9)


def test_the_engine_is_the_model_that_answered() -> None:
    info = {"c0": {"name": "general-nova-3", "arch": "nova-3"}}
    told = {**answer({"transcript": ""}), "metadata": {"duration": 2, "model_info": info}}
    assert (parsed("deepgram", told).engine, parsed("deepgram", told).segments) == ("Deepgram general-nova-3", ())


def utterances(segments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**segment, "transcript": segment["text"]} for segment in segments]


answers = st.builds(
    lambda words, segments: (
        words,
        segments,
        answer(
            {"transcript": " ".join(item["word"] for item in words), "words": words},
            **({"utterances": utterances(segments)} if segments else {}),
        ),
    ),
    word_lists,
    st.just([]) | segment_lists(),
)


@generated
@given(answers)
def test_no_word_of_an_answer_is_lost(told: tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]) -> None:
    words, segments, whole = told
    loses_no_word("deepgram", whole, [item["word"] for item in words], [item["text"] for item in segments])


@generated
@given(spoiled(answers.map(lambda told: told[2])))
def test_any_answer_is_a_document_or_a_bad_answer(whole: Any) -> None:
    reads_whatever_comes("deepgram", json.loads(json.dumps(whole)))
