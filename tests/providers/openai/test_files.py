"""The adapter of OpenAI and of the servers that speak its API: the contract, dialects, and shapes of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tests.providers.contract import ProviderContract
from transcripts.providers.base import Connection, Options, Term
from transcripts.providers.errors import (
    Ambiguous,
    AuthenticationFailed,
    MediaRefused,
    QuotaExceeded,
    RateLimited,
    Refused,
)
from transcripts.providers.registry import KINDS, build

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.providers.openai import OpenAIDouble

    Ask = Callable[..., dict[str, Any]]

DIALECTS = [name for name, kind in KINDS.items() if kind.dialect]
GRANULARITIES = ["word", "segment"]
TERMS = (Term("thalweg"), Term("Jensen Huang"), Term("<b>"))


class TestContract(ProviderContract):
    kind = "openai"
    model = "whisper-1"
    plain: ClassVar[dict[str, Any]] = {"text": "café"}

    @pytest.fixture
    def peer(self, openai: OpenAIDouble) -> OpenAIDouble:
        return openai


@pytest.fixture
def ask(openai: OpenAIDouble, tone: Path) -> Ask:
    """Sends the audio with these options; returns the form that the provider got."""

    def asked(kind: str, options: Options, model: str = "") -> dict[str, Any]:
        openai.rescript({})
        build(kind, Connection(openai.url, openai.key, model=model)).submit(tone, options)
        entry = openai.ledger()[-1]
        assert (entry["filename"], entry["part"]) == (tone.name, "audio/wav")
        form: dict[str, Any] = entry["form"]
        return form

    return asked


def test_each_model_is_asked_for_the_richest_answer_it_has(ask: Ask) -> None:
    options = Options("en-GB", vocabulary=TERMS)
    assert ask("openai", options) == {
        "model": "gpt-transcribe",
        "response_format": "json",
        "languages[]": "en",
        "keywords[]": ["thalweg", "Jensen Huang"],
    }
    assert ask("openai", options, "whisper-1") == {
        "model": "whisper-1",
        "response_format": "verbose_json",
        "timestamp_granularities[]": GRANULARITIES,
        "language": "en",
        "prompt": "thalweg, Jensen Huang, <b>",
    }
    assert ask("openai", options, "gpt-4o-transcribe") == {
        "model": "gpt-4o-transcribe",
        "response_format": "json",
        "language": "en",
        "prompt": "thalweg, Jensen Huang, <b>",
    }
    assert ask("openai", options, "gpt-4o-transcribe-diarize") == {
        "model": "gpt-4o-transcribe-diarize",
        "response_format": "diarized_json",
        "language": "en",
        "chunking_strategy": "auto",
    }


def test_a_model_for_live_speech_is_not_asked_for_recordings(ask: Ask) -> None:
    assert ask("openai", Options(), "gpt-live-transcribe") == {"model": "gpt-transcribe", "response_format": "json"}


def test_several_languages_are_named_where_the_model_takes_them(ask: Ask) -> None:
    several = Options("en", languages=("uk", "en-US"))
    assert ask("openai", several)["languages[]"] == ["en", "uk"]
    assert ask("openai", several, "whisper-1")["language"] == "en"


@pytest.mark.parametrize(
    ("kind", "model", "more"),
    [
        ("groq", "whisper-large-v3-turbo", {"language": "no", "prompt": "thalweg"}),
        ("speaches", "Systran/faster-whisper-small", {"language": "no", "hotwords": "thalweg"}),
        ("vllm", "openai/whisper-large-v3", {"language": "no", "prompt": "thalweg"}),
        ("localai", "whisper-1", {"language": "no", "prompt": "thalweg", "diarize": "true"}),
        ("whispercpp", "whisper-1", {"language": "no", "prompt": "thalweg"}),
    ],
)
def test_each_dialect_has_its_own_fields(ask: Ask, kind: str, model: str, more: dict[str, str]) -> None:
    told = ask(kind, Options("nb", vocabulary=TERMS[:1]), model if kind in ("speaches", "vllm") else "")
    always = {"response_format": "verbose_json", "timestamp_granularities[]": GRANULARITIES}
    assert told == {"model": model, **always, **more}


def test_what_finds_the_language_only_if_told_to_is_told_to(ask: Ask) -> None:
    assert ask("whispercpp", Options())["language"] == "auto"
    assert "language" not in ask("groq", Options())


@pytest.mark.parametrize(
    ("kind", "base", "path"),
    [
        ("openai", "", "/v1/audio/transcriptions"),
        ("openai", "/v1", "/v1/audio/transcriptions"),
        ("groq", "/openai/v1/", "/openai/v1/audio/transcriptions"),
        ("whispercpp", "", "/inference"),
    ],
)
def test_an_address_may_end_as_vendors_write_it(
    openai: OpenAIDouble, tone: Path, kind: str, base: str, path: str
) -> None:
    provider = build(kind, Connection(openai.url + base, openai.key))
    provider.submit(tone, Options("en"))
    provider.health()
    assert len(openai.billed()) == 1
    assert openai.ledger()[0]["on"] == "upload"
    assert openai.ledger()[0]["path"] == path


def test_without_a_model_nothing_is_sent_if_the_server_has_no_usual_one(openai: OpenAIDouble, tone: Path) -> None:
    with pytest.raises(Refused, match="Name it in the provider account"):
        build("vllm", Connection(openai.url, openai.key)).submit(tone, Options("en"))
    assert openai.ledger() == []


def test_a_prompt_has_the_first_terms_that_it_can_hold(ask: Ask) -> None:
    # 9 tokens each, the comma included, of 224
    terms = tuple(Term(f"{number:024}") for number in range(100))
    assert ask("groq", Options("en", vocabulary=terms))["prompt"].split(", ") == [term.text for term in terms[:24]]


def test_a_model_that_gives_no_times_is_asked_for_words_alone(openai: OpenAIDouble, tone: Path) -> None:
    body = {"error": {"message": "response_format 'verbose_json' is not compatible with this model", "code": None}}
    openai.rescript({"faults": [{"on": "upload", "nth": 1, "do": "answer", "code": 400, "body": body}]})
    provider = build("groq", Connection(openai.url, openai.key))
    answer = provider.submit(tone, Options("en"))
    [segment] = provider.parse(answer.raw).segments
    assert (segment.text, segment.start_ms) == ("and so my fellow americans", None)
    assert openai.ledger()[1]["form"] == {
        "model": "whisper-large-v3-turbo",
        "response_format": "json",
        "language": "en",
    }
    # The file was read from its beginning once more.
    assert [billed["bytes"] for billed in openai.billed()] == [tone.stat().st_size]


def test_it_is_asked_so_only_once(openai: OpenAIDouble, tone: Path) -> None:
    body = {"error": {"message": "Unknown response_format"}}
    openai.rescript({"faults": [{"on": "upload", "do": "answer", "code": 422, "body": body}]})
    with pytest.raises(MediaRefused, match="Unknown response_format"):
        build("groq", Connection(openai.url, openai.key)).submit(tone, Options("en"))
    assert len(openai.ledger("upload")) == 2


def error(message: str, code: object, kind: str = "invalid_request_error") -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


@pytest.mark.parametrize(
    ("code", "body", "wanted"),
    [
        (401, error("Incorrect API key provided: sk-x.", "invalid_api_key"), AuthenticationFailed),
        (403, {"detail": "Invalid API key"}, AuthenticationFailed),
        (404, error("The model `x` does not exist", "model_not_found"), Refused),
        (413, error("Maximum content size limit (26214400) exceeded", None, "server_error"), MediaRefused),
        (413, {"error": {"code": 413, "message": "Too large"}}, MediaRefused),
        (415, {"detail": "Unsupported media"}, MediaRefused),
        (422, {"detail": [{"loc": ["body", "file"], "msg": "field required", "type": "missing"}]}, MediaRefused),
        (429, error("Rate limit reached", "rate_limit_exceeded", "requests"), RateLimited),
        (429, error("You exceeded your current quota", "insufficient_quota", "insufficient_quota"), QuotaExceeded),
        (400, error("Billing hard limit has been reached", "billing_hard_limit_reached"), QuotaExceeded),
        (200, {"error": "failed to read audio data"}, MediaRefused),
    ],
)
def test_each_documented_error_has_its_meaning(
    openai: OpenAIDouble, tone: Path, code: int, body: dict[str, Any], wanted: type[Exception]
) -> None:
    openai.rescript({"faults": [{"on": "upload", "do": "answer", "code": code, "body": body}]})
    with pytest.raises(wanted) as raised:
        build("openai", Connection(openai.url, openai.key)).submit(tone, Options("en"))
    assert type(raised.value) is wanted
    assert len(str(raised.value).split()) > 1


@pytest.mark.parametrize("kind", DIALECTS)
def test_the_health_proves_the_key_where_it_can(openai: OpenAIDouble, kind: str) -> None:
    assert build(kind, Connection(openai.url, openai.key)).health().is_key_verified is (kind != "whispercpp")


def test_a_server_without_a_list_of_models_is_there(openai: OpenAIDouble) -> None:
    openai.rescript({"faults": [{"on": "health", "do": "answer", "code": 404}]})
    assert not build("vllm", Connection(openai.url, openai.key)).health().is_key_verified


@pytest.mark.parametrize("kind", ["openai", "groq"])
def test_a_wrong_address_of_a_vendor_is_no_healthy_one(openai: OpenAIDouble, kind: str) -> None:
    openai.rescript({"faults": [{"on": "health", "do": "answer", "code": 404}]})
    with pytest.raises(Refused):
        build(kind, Connection(openai.url, openai.key)).health()


def test_the_second_request_for_words_alone_may_break_off_too(openai: OpenAIDouble, tone: Path) -> None:
    body = {"error": {"message": "Unknown response_format"}}
    first = {"on": "upload", "nth": 1, "do": "answer", "code": 400, "body": body}
    openai.rescript({"faults": [first, {"on": "upload", "nth": 2, "do": "truncate"}]})
    with pytest.raises(Ambiguous):
        build("groq", Connection(openai.url, openai.key)).submit(tone, Options("en"))


def test_only_vendors_limit_the_bytes_of_a_request() -> None:
    limited = {name for name in DIALECTS if KINDS[name].documented_limits.max_bytes is not None}
    assert limited == {"openai", "groq"}
