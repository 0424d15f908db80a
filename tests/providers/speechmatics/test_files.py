"""The adapter of Speechmatics for recordings: the contract, and what is particular to it."""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tests.providers.polled_contract import PolledContract
from transcripts.providers.base import Connection, Limits, Options, RateRule, State, Term
from transcripts.providers.errors import (
    Ambiguous,
    AuthenticationFailed,
    BadAnswer,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    UnknownJob,
    Unreadable,
)
from transcripts.providers.registry import build, find

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.providers.speechmatics import SpeechmaticsDouble
    from transcripts.document import Document
    from transcripts.providers.base import Provider

ENGLISH = Options(language="en")


class TestContract(PolledContract):
    kind = "speechmatics"
    progress = None
    failure_code = "rejected"
    plain: ClassVar[dict[str, Any]] = {"results": [{"type": "word", "alternatives": [{"content": "café"}]}]}

    @pytest.fixture
    def peer(self, speechmatics: SpeechmaticsDouble) -> SpeechmaticsDouble:
        return speechmatics


@pytest.fixture
def provider(speechmatics: SpeechmaticsDouble) -> Provider:
    return build("speechmatics", Connection(endpoint=speechmatics.url, api_key=speechmatics.key))


def asked(speechmatics: SpeechmaticsDouble, tone: Path, options: Options, *, model: str = "") -> dict[str, Any]:
    """The configuration that a job is begun with."""
    connection = Connection(endpoint=speechmatics.url, api_key=speechmatics.key, model=model)
    build("speechmatics", connection).submit(tone, options)
    [entry] = speechmatics.billed()
    assert entry["config"].keys() == {"type", "transcription_config"}
    wishes: dict[str, Any] = entry["config"]["transcription_config"]
    return wishes


def parsed(provider: Provider, *results: dict[str, Any], **more: Any) -> Document:
    return provider.parse(json.dumps({"results": results, **more}).encode())


def word(content: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    return {"type": "word", "start_time": start, "end_time": end, "alternatives": [{"content": content, **more}]}


def punctuation(content: str, attaches_to: str | None = "previous") -> dict[str, Any]:
    best = [{"content": content, "confidence": 1.0}]
    return {"type": "punctuation", "attaches_to": attaches_to, "is_eos": content == ".", "alternatives": best}


@pytest.mark.parametrize(
    ("language", "wishes"),
    [
        (None, {"language": "auto"}),
        ("en", {"language": "en"}),
        ("en-GB", {"language": "en", "output_locale": "en-GB"}),
        ("pt-BR", {"language": "pt"}),
        ("zh-Hans", {"language": "cmn"}),
        ("nb", {"language": "no"}),
    ],
)
def test_a_language_is_told_in_its_words(
    speechmatics: SpeechmaticsDouble, tone: Path, language: str | None, wishes: dict[str, str]
) -> None:
    assert asked(speechmatics, tone, Options(language)) == {"diarization": "speaker", **wishes}


def test_every_wish_is_told_in_its_words(speechmatics: SpeechmaticsDouble, tone: Path) -> None:
    terms = (Term("gnocchi", ("nyohki", "nokey")), Term("Каховка"))
    options = Options("en", separates_speakers=False, vocabulary=terms)
    assert asked(speechmatics, tone, options, model="enhanced") == {
        "diarization": "none",
        "language": "en",
        "model": "enhanced",
        "additional_vocab": [{"content": "gnocchi", "sounds_like": ["nyohki", "nokey"]}, {"content": "Каховка"}],
    }


def test_a_model_for_several_languages_is_told_which_and_no_terms(speechmatics: SpeechmaticsDouble, tone: Path) -> None:
    options = Options("en-GB", languages=("zh", "en"), vocabulary=(Term("gnocchi"),))
    told = asked(speechmatics, tone, options, model="melia-1")
    assert (told["model"], told["language"], told["language_hints"]) == ("melia-1", "multi", ["en", "cmn"])
    assert "additional_vocab" not in told


def test_without_a_language_it_is_told_none(speechmatics: SpeechmaticsDouble, tone: Path) -> None:
    told = asked(speechmatics, tone, Options(), model="melia-1")
    assert (told["language"], "language_hints" in told) == ("multi", False)


def test_no_more_terms_are_sent_than_it_takes(speechmatics: SpeechmaticsDouble, tone: Path) -> None:
    terms = tuple(Term(f"term {number}") for number in range(1_001))
    sent = asked(speechmatics, tone, Options("en", vocabulary=terms))["additional_vocab"]
    assert [entry["content"] for entry in sent] == [term.text for term in terms[:1_000]]


def test_an_address_to_call_is_told(speechmatics: SpeechmaticsDouble, provider: Provider, tone: Path) -> None:
    provider.submit(tone, Options("en", callback="https://v.example/callbacks/1.x/"))
    [entry] = speechmatics.billed()
    assert entry["config"]["notification_config"] == [{"url": "https://v.example/callbacks/1.x/"}]


def test_an_upload_takes_no_memory(tmp_path: Path, speechmatics: SpeechmaticsDouble, provider: Provider) -> None:
    size = 64 * 1024**2
    with (tmp_path / "long.flac").open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    provider.submit(tmp_path / "long.flac", ENGLISH)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The double reads in the same process.
    assert peak < size // 8
    assert [entry["bytes"] for entry in speechmatics.billed()] == [size]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"do": "truncate"}, Ambiguous),
        ({"do": "answer", "code": 201, "body": "<html></html>"}, Unreadable),
        ({"do": "answer", "code": 201, "body": {"id": ""}}, Unreadable),
    ],
)
def test_a_created_job_that_cannot_be_read_is_taken(
    speechmatics: SpeechmaticsDouble,
    provider: Provider,
    tone: Path,
    fault: dict[str, Any],
    error: type[ProviderError],
) -> None:
    speechmatics.rescript({"faults": [{"on": "upload", **fault}]})
    with pytest.raises(error):
        provider.submit(tone, ENGLISH)


# Asking


def test_a_transcript_is_asked_for_once_the_job_is_done(
    speechmatics: SpeechmaticsDouble, provider: Provider, tone: Path
) -> None:
    job = provider.submit(tone, ENGLISH).processing_id
    speechmatics.rescript({"seconds": None})
    assert provider.check(job).state is State.PROCESSING
    speechmatics.rescript({})
    assert provider.check(job).state is State.COMPLETED
    assert [entry["on"] for entry in speechmatics.ledger()] == ["status", "transcript"]
    assert speechmatics.ledger("transcript")[0]["query"] == {"format": "json-v2"}


@pytest.mark.parametrize("status", ["rejected", "deleted", "expired", "something new"])
def test_a_job_that_will_not_be_done_failed(speechmatics: SpeechmaticsDouble, provider: Provider, status: str) -> None:
    body = {"job": {"id": "any", "status": status}}
    speechmatics.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    answer = provider.check("any")
    assert (answer.state, answer.code) == (State.FAILED, status)
    assert len(answer.message.split()) > 3


@pytest.mark.parametrize("body", ["<html>Sign in</html>", "{}", '{"results": null}'])
def test_a_transcript_that_is_none_is_bad(
    speechmatics: SpeechmaticsDouble, provider: Provider, tone: Path, body: str
) -> None:
    job = provider.submit(tone, ENGLISH).processing_id
    speechmatics.rescript({"faults": [{"on": "transcript", "do": "answer", "body": body}]})
    with pytest.raises(BadAnswer):
        provider.check(job)


def test_a_transcript_that_was_deleted_is_unknown(
    speechmatics: SpeechmaticsDouble, provider: Provider, tone: Path
) -> None:
    job = provider.submit(tone, ENGLISH).processing_id
    speechmatics.rescript({"faults": [{"on": "transcript", "do": "answer", "code": 404}]})
    with pytest.raises(UnknownJob):
        provider.check(job)


@pytest.mark.parametrize(
    ("code", "sentence", "error"),
    [
        (403, "Usage quota exceeded", QuotaExceeded),
        (429, "Monthly usage quota exceeded", QuotaExceeded),
        (429, "Rate Limited", RateLimited),
        (403, "Forbidden", AuthenticationFailed),
    ],
)
def test_what_is_used_up_is_not_what_is_asked_too_fast(
    speechmatics: SpeechmaticsDouble,
    provider: Provider,
    tone: Path,
    code: int,
    sentence: str,
    error: type[ProviderError],
) -> None:
    body = {"code": code, "error": sentence}
    speechmatics.rescript({"faults": [{"on": "upload", "do": "answer", "code": code, "body": body}]})
    with pytest.raises(error) as raised:
        provider.submit(tone, ENGLISH)
    assert type(raised.value) is error


def test_health_proves_the_key(speechmatics: SpeechmaticsDouble, provider: Provider) -> None:
    health = provider.health()
    assert (health.engine, health.is_key_verified) == ("Speechmatics", True)
    assert speechmatics.ledger()[0]["query"] == {"limit": "1"}
    with pytest.raises(AuthenticationFailed):
        build("speechmatics", Connection(endpoint=speechmatics.url, api_key="wrong")).health()


# Reading


def test_punctuation_attaches_to_what_it_says(provider: Provider) -> None:
    said = (
        punctuation("¿", "next"),
        word("Qué", 0.1, 0.4, confidence=0.9, speaker="S1"),
        punctuation("?"),
        word("well", 0.5, 0.8, speaker="S1"),
        punctuation("-", "both"),
        word("known", 0.8, 1.0, speaker="S1"),
        punctuation("."),
    )
    [segment] = parsed(provider, *said).segments
    assert segment.text.startswith("¿Qué? well-")
    first = segment.words[0]
    assert (first.text, first.start_ms, first.end_ms, first.confidence) == ("¿Qué?", 100, 400, 0.9)
    assert segment.words[-1].text == "known."


def test_scripts_without_spaces_get_none(provider: Provider) -> None:
    said = (word("你", 0.1, 0.3), word("好", 0.3, 0.5), punctuation("。"))
    assert parsed(provider, *said).text == "你好。"


def test_a_speaker_that_it_does_not_know_is_none(provider: Provider) -> None:
    said = (word("Yes", 0, 1, speaker="S1"), word("No", 2.5, 3, speaker="UU"))
    assert [segment.speaker for segment in parsed(provider, *said).segments] == ["S1", None]


@pytest.mark.parametrize(
    ("metadata", "language", "probability"),
    [
        ({"transcription_config": {"language": "de"}}, "de", None),
        ({"transcription_config": {"language": "auto"}}, None, None),
        ({"language_identification": {"predicted_language": "cmn"}}, "zh", None),
        (
            {"language_identification": {"results": [{"alternatives": [{"language": "fr", "confidence": 0.7}]}]}},
            "fr",
            0.7,
        ),
        (None, None, None),
    ],
)
def test_a_language_is_read_where_it_is_told(
    provider: Provider, metadata: object, language: str | None, probability: float | None
) -> None:
    document = parsed(provider, word("x", 0, 1), metadata=metadata)
    assert (document.language, document.language_probability) == (language, probability)


def test_silence_is_a_document_without_segments(provider: Provider) -> None:
    assert parsed(provider).segments == ()


def test_what_its_documentation_says_is_data() -> None:
    limits = Limits(RateRule(10, 1_000), status_interval_ms=5_000, max_bytes=1_000_000_000, live_sessions=2)
    assert find("speechmatics").documented_limits == limits
