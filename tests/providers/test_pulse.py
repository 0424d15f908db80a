"""The adapter of Pulse: the contract, and what is particular to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.providers.contract import ProviderContract
from transcripts.providers.base import Connection, Limits, Options, RateRule
from transcripts.providers.errors import MediaRefused, QuotaExceeded
from transcripts.providers.registry import build, find

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.pulse import PulseDouble
    from transcripts.document import Document
    from transcripts.providers.base import Provider

ENGLISH = Options(language="en")


class TestContract(ProviderContract):
    kind = "pulse"

    @pytest.fixture
    def peer(self, pulse: PulseDouble) -> PulseDouble:
        return pulse


@pytest.fixture
def provider(pulse: PulseDouble) -> Provider:
    return build("pulse", Connection(endpoint=pulse.url, api_key=pulse.key))


def parsed(provider: Provider, **answer: Any) -> Document:
    return provider.parse(json.dumps({"status": "success", "transcription": "", **answer}).encode())


@pytest.mark.parametrize(
    ("chosen", "wire"), [("en", "en"), ("en-GB", "en"), ("PT-br", "pt"), ("multi-eu", "multi-eu"), ("uk", "uk")]
)
def test_a_request_names_model_language_and_wishes(
    pulse: PulseDouble, provider: Provider, tone: Path, chosen: str, wire: str
) -> None:
    provider.submit(tone, Options(language=chosen))
    [entry] = pulse.ledger()
    assert entry["query"] == {"model": "pulse", "language": wire, "word_timestamps": "true", "diarize": "true"}
    assert entry["type"] == "audio/wav"


def test_without_a_language_nothing_is_sent(pulse: PulseDouble, provider: Provider, tone: Path) -> None:
    with pytest.raises(MediaRefused):
        provider.submit(tone, Options())
    assert pulse.ledger() == []


@pytest.mark.parametrize(
    ("code", "body", "error"),
    [
        (400, {"status": False, "errors": ["Please upgrade your plan to use this"]}, QuotaExceeded),
        (403, {"error": "Your trial limit has been reached"}, QuotaExceeded),
        (400, {"error": {"message": "LANGUAGE_NOT_ENABLED_IN_REGION", "code": "x"}}, MediaRefused),
        (413, {"error": "File size exceeds maximum limit of 250MB."}, MediaRefused),
        (200, {"status": "failed", "error": "No audio stream"}, MediaRefused),
    ],
)
def test_a_refusal_is_told_by_what_it_says(
    pulse: PulseDouble, provider: Provider, tone: Path, code: int, body: dict[str, Any], error: type[Exception]
) -> None:
    pulse.rescript({"faults": [{"on": "upload", "do": "answer", "code": code, "body": body}]})
    with pytest.raises(error) as raised:
        provider.submit(tone, ENGLISH)
    assert len(str(raised.value).split()) > 2


def test_a_language_of_another_region_names_the_regions(pulse: PulseDouble, provider: Provider, tone: Path) -> None:
    body = {"error": "LANGUAGE_NOT_ENABLED_IN_REGION"}
    pulse.rescript({"faults": [{"on": "upload", "do": "answer", "code": 400, "body": body}]})
    with pytest.raises(MediaRefused, match=r"api\.us\.smallest\.ai"):
        provider.submit(tone, ENGLISH)


def test_a_container_of_ones_own_is_healthy_too(pulse: PulseDouble, provider: Provider) -> None:
    answers: list[dict[str, Any]] = [{"nth": 1, "code": 404}, {"nth": 2, "body": {"status": "healthy"}}]
    pulse.rescript({"faults": [{"on": "health", "do": "answer", **answer} for answer in answers]})
    health = provider.health()
    assert health.engine == "Pulse"
    assert not health.is_key_verified


def test_what_is_paid_for_is_kept_even_where_it_makes_little_sense(
    pulse: PulseDouble, provider: Provider, tone: Path
) -> None:
    body = {"transcription": "good", "words": "none", "utterances": 7, "metadata": []}
    pulse.rescript({"faults": [{"on": "upload", "do": "answer", "body": body}]})
    assert provider.parse(provider.submit(tone, ENGLISH).raw).text == "good"


# Reading


def test_speakers_are_numbers_or_names_and_0_is_one(provider: Provider) -> None:
    for speaker, label in ((0, "0"), ("speaker_0", "speaker_0")):
        document = parsed(provider, utterances=[{"start": 0, "end": 1, "speaker": speaker, "text": "Hi"}])
        assert document.segments[0].speaker == label


def test_text_without_words_is_one_untimed_segment(provider: Provider) -> None:
    document = parsed(provider, transcription="Hello.", words=[], utterances=[], metadata={"duration": 2.5})
    [segment] = document.segments
    assert (segment.text, segment.start_ms, document.duration_ms) == ("Hello.", None, 2_500)


def test_silence_is_a_document_without_segments(provider: Provider) -> None:
    assert parsed(provider, words=[], utterances=[]).segments == ()


def test_words_without_utterances_are_grouped_by_speaker(provider: Provider) -> None:
    words = [{"word": "a", "start": 0, "end": 1, "speaker": 0}, {"word": "b", "start": 1, "end": 2, "speaker": 1}]
    assert [segment.text for segment in parsed(provider, words=words).segments] == ["a", "b"]


def test_a_language_is_read_where_it_is_told(provider: Provider) -> None:
    assert parsed(provider).language is None
    assert parsed(provider, language="de").language == "de"


def test_what_its_documentation_says_is_data() -> None:
    kind = find("pulse")
    assert kind.documented_limits == Limits(RateRule(25, 60_000), max_bytes=250_000_000, live_sessions=5)
    assert len(kind.languages or ()) == 26
    assert kind.detection == "multi-eu"
