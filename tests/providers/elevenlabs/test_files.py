"""The adapter of ElevenLabs: the contract, and what is particular to it."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.contract import ProviderContract
from tests.providers.parsing_contract import generated, loses_no_word, parsed, reads_whatever_comes, spoiled
from tests.support.provider_answers import word_lists
from transcripts.providers.base import Connection, Options, Term
from transcripts.providers.errors import AuthenticationFailed, MediaRefused, QuotaExceeded, RateLimited
from transcripts.providers.registry import build, find

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.providers.elevenlabs import ElevenLabsDouble
    from transcripts.providers.base import Provider


class TestContract(ProviderContract):
    kind = "elevenlabs"
    plain: ClassVar[dict[str, Any]] = {"text": "café"}

    @pytest.fixture
    def peer(self, elevenlabs: ElevenLabsDouble) -> ElevenLabsDouble:
        return elevenlabs


@pytest.fixture
def provider(elevenlabs: ElevenLabsDouble) -> Provider:
    return build("elevenlabs", Connection(elevenlabs.url, elevenlabs.key))


def test_a_request_names_model_and_wishes(elevenlabs: ElevenLabsDouble, provider: Provider, tone: Path) -> None:
    always = {"model_id": "scribe_v2", "timestamps_granularity": "word", "tag_audio_events": "false"}
    provider.submit(tone, Options("en-GB", speakers=3))
    provider.submit(tone, Options(separates_speakers=False, speakers=3))
    first, second = (entry["form"] for entry in elevenlabs.ledger())
    assert first == {**always, "diarize": "true", "language_code": "en", "num_speakers": "3"}
    assert second == {**always, "diarize": "false"}


def test_the_first_scribe_is_told_no_terms(elevenlabs: ElevenLabsDouble, tone: Path) -> None:
    first = build("elevenlabs", Connection(elevenlabs.url, elevenlabs.key, model="scribe_v1"))
    first.submit(tone, Options("en", vocabulary=(Term("thalweg"),)))
    told = elevenlabs.ledger()[0]["form"]
    assert told["model_id"] == "scribe_v1"
    assert "keyterms" not in told


def test_terms_that_are_too_long_are_left_out(elevenlabs: ElevenLabsDouble, provider: Provider, tone: Path) -> None:
    terms = ("thalweg", "x" * 51, "one two three four five six", "Jensen Huang")
    provider.submit(tone, Options(vocabulary=tuple(map(Term, terms))))
    assert elevenlabs.ledger()[0]["form"]["keyterms"] == ["thalweg", "Jensen Huang"]
    rule = find("elevenlabs").can_for("").vocabulary
    assert rule is not None
    assert len(rule.fitting([Term(f"t{number}") for number in range(1_200)])) == 1_000


@pytest.mark.parametrize(
    ("code", "detail", "error"),
    [
        (401, {"status": "invalid_api_key", "message": "Invalid API key"}, AuthenticationFailed),
        (401, {"status": "quota_exceeded", "message": "This exceeds your quota of 10 credits"}, QuotaExceeded),
        (401, {"code": "quota_exceeded", "message": "This exceeds your quota of 10 credits"}, QuotaExceeded),
        (422, [{"loc": ["body", "model_id"], "msg": "Field required", "type": "missing"}], MediaRefused),
        (429, {"status": "rate_limit_exceeded", "message": "Slow down"}, RateLimited),
        (429, {"status": "concurrent_limit_exceeded", "message": "Too many"}, RateLimited),
        (429, {"status": "system_busy", "message": "Busy"}, RateLimited),
    ],
)
def test_each_documented_error_has_its_meaning(
    elevenlabs: ElevenLabsDouble, provider: Provider, tone: Path, code: int, detail: Any, error: type[Exception]
) -> None:
    body = {"detail": detail}
    elevenlabs.rescript({"faults": [{"on": "upload", "do": "answer", "code": code, "body": body}]})
    with pytest.raises(error) as raised:
        provider.submit(tone, Options())
    assert len(str(raised.value).split()) > 1


def test_a_key_for_transcription_alone_is_good(elevenlabs: ElevenLabsDouble, provider: Provider) -> None:
    body = {"detail": {"status": "missing_permissions", "message": "The API key lacks user_read"}}
    elevenlabs.rescript({"faults": [{"on": "health", "do": "answer", "code": 401, "body": body}]})
    assert provider.health().is_key_verified


# Reading


def test_words_have_speakers_and_a_probability_and_spaces_are_none() -> None:
    words = [
        {"text": "Hello", "start": 0.1, "end": 0.5, "type": "word", "speaker_id": "speaker_0", "logprob": -0.1},
        {"text": " ", "start": 0.5, "end": 0.5, "type": "spacing", "speaker_id": "speaker_0", "logprob": None},
        {"text": "(laughs)", "start": 0.6, "end": 1.0, "type": "audio_event", "speaker_id": None, "logprob": 2},
    ]
    told = {"language_code": "eng", "language_probability": 0.98, "text": "Hello (laughs)", "words": words}
    document = parsed("elevenlabs", {**told, "audio_duration_secs": 2.0, "transcription_id": None})
    said = [(word.text, word.confidence) for segment in document.segments for word in segment.words]
    assert said == [("Hello", math.exp(-0.1)), ("(laughs)", 1.0)]
    assert document.segments[0].speaker == "speaker_0"
    assert (document.language, document.language_probability, document.duration_ms) == ("en", 0.98, 2_000)


answers = st.builds(
    lambda words: {
        "text": " ".join(item["word"] for item in words),
        "words": [{**item, "text": item["word"], "type": "word"} for item in words],
    },
    word_lists,
)


@generated
@given(answers)
def test_no_word_of_an_answer_is_lost(told: dict[str, Any]) -> None:
    loses_no_word("elevenlabs", told, [item["text"] for item in told["words"]])


@generated
@given(spoiled(answers))
def test_any_answer_is_a_document_or_a_bad_answer(told: Any) -> None:
    reads_whatever_comes("elevenlabs", told)


@pytest.mark.parametrize("told", [10**400, -(10**400), math.nan, math.inf, True, "0.1"])
def test_what_is_no_probability_is_left_out(told: object) -> None:
    word = {"text": "so", "start": 0.1, "end": 0.3, "type": "word", "logprob": told}
    document = build("elevenlabs", Connection("http://127.0.0.1:9", "key")).parse(
        json.dumps({"text": "so", "words": [word]}).encode()
    )
    assert document.segments[0].words[0].confidence is None
