"""The adapter of AssemblyAI for recordings: the contract, and what is particular to it."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tests.providers.polled_contract import PolledContract
from transcripts.providers.base import Connection, Limits, Options, RateRule, State, Term
from transcripts.providers.errors import (
    Ambiguous,
    AuthenticationFailed,
    BadAnswer,
    Busy,
    ProviderError,
    QuotaExceeded,
    UnknownJob,
    Unreachable,
)
from transcripts.providers.http import Client
from transcripts.providers.registry import build, find

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.providers.assemblyai import AssemblyAIDouble
    from transcripts.providers.base import Provider

ENGLISH = Options(language="en")


class TestContract(PolledContract):
    """Faults on `upload` meet the request that is charged for, the one for a transcript."""

    kind = "assemblyai"
    failure_code = ""
    plain: ClassVar[dict[str, Any]] = {"status": "completed", "text": "café"}

    @pytest.fixture
    def peer(self, assemblyai: AssemblyAIDouble) -> AssemblyAIDouble:
        return assemblyai


@pytest.fixture
def provider(assemblyai: AssemblyAIDouble) -> Provider:
    return build("assemblyai", Connection(endpoint=assemblyai.url, api_key=assemblyai.key))


def asked(assemblyai: AssemblyAIDouble, tone: Path, options: Options, *, model: str = "") -> dict[str, Any]:
    """What a transcript is asked for with, but its address."""
    connection = Connection(endpoint=assemblyai.url, api_key=assemblyai.key, model=model)
    build("assemblyai", connection).submit(tone, options)
    [entry] = assemblyai.ledger("upload")
    wishes: dict[str, Any] = entry["asked"]
    assert wishes.pop("audio_url") in assemblyai.uploads
    return wishes


def test_the_key_goes_alone_and_the_bytes_as_they_are(
    assemblyai: AssemblyAIDouble, provider: Provider, tone: Path
) -> None:
    provider.submit(tone, ENGLISH)
    assert [entry["on"] for entry in assemblyai.ledger()] == ["bytes", "upload"]
    sent, begun = (entry["headers"] for entry in assemblyai.ledger())
    assert sent["Authorization"] == begun["Authorization"] == assemblyai.key
    assert int(sent["Content-Length"]) == tone.stat().st_size
    assert begun["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("language", "wire"),
    [("en", "en"), ("en-US", "en_us"), ("en-GB", "en_uk"), ("en-AU", "en_au"), ("pt-BR", "pt"), ("zh-Hant", "zh")],
)
def test_a_language_is_told_in_its_words(assemblyai: AssemblyAIDouble, tone: Path, language: str, wire: str) -> None:
    assert asked(assemblyai, tone, Options(language)) == {"speaker_labels": True, "language_code": wire}


def test_without_a_language_it_detects_one(assemblyai: AssemblyAIDouble, tone: Path) -> None:
    assert asked(assemblyai, tone, Options()) == {"speaker_labels": True, "language_detection": True}


def test_every_wish_is_told_in_its_words(assemblyai: AssemblyAIDouble, tone: Path) -> None:
    terms = (Term("thalweg"), Term("a phrase that has more words than six"), Term("Каховка"))
    options = Options("en", speakers=3, vocabulary=terms, punctuates=False, masks_profanity=True, callback="https://v")
    assert asked(assemblyai, tone, options, model="universal-3-5-pro, universal-2") == {
        "speaker_labels": True,
        "language_code": "en",
        "speech_models": ["universal-3-5-pro", "universal-2"],
        "speakers_expected": 3,
        "punctuate": False,
        "format_text": False,
        "filter_profanity": True,
        "keyterms_prompt": ["thalweg", "Каховка"],
        "webhook_url": "https://v",
    }


@pytest.mark.parametrize(("model", "count"), [("", 200), ("universal-3-5-pro", 300), ("slam-1,universal-2", 200)])
def test_as_many_terms_are_sent_as_every_model_takes(
    assemblyai: AssemblyAIDouble, tone: Path, model: str, count: int
) -> None:
    terms = [f"term {number}" for number in range(300)]
    told = asked(assemblyai, tone, Options("en", vocabulary=tuple(map(Term, terms))), model=model)
    assert told["keyterms_prompt"] == terms[:count]


def test_speakers_are_left_together_if_wished(assemblyai: AssemblyAIDouble, tone: Path) -> None:
    told = asked(assemblyai, tone, Options("en", separates_speakers=False, speakers=2))
    assert told == {"speaker_labels": False, "language_code": "en"}


def test_a_live_model_is_for_live_sessions_alone(assemblyai: AssemblyAIDouble, tone: Path) -> None:
    assert "speech_models" not in asked(assemblyai, tone, ENGLISH, model="universal-streaming-english")


# Two requests


@pytest.mark.parametrize("do", ["reset_before_body", "reset_before_answer", "hang"])
def test_bytes_that_may_have_arrived_are_sent_again_without_harm(
    assemblyai: AssemblyAIDouble, tone: Path, do: str
) -> None:
    assemblyai.rescript({"faults": [{"on": "bytes", "nth": 1, "do": do}]})
    connection = Connection(endpoint=assemblyai.url, api_key=assemblyai.key, upload_deadline_ms=700)
    with pytest.raises(Unreachable, match="nothing is transcribed yet"):
        build("assemblyai", connection).submit(tone, ENGLISH)
    assert assemblyai.billed() == []
    build("assemblyai", Connection(endpoint=assemblyai.url, api_key=assemblyai.key)).submit(tone, ENGLISH)
    assert [entry["bytes"] for entry in assemblyai.billed()] == [tone.stat().st_size]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"code": 401, "body": {"error": "Bad token"}}, AuthenticationFailed),
        ({"code": 503}, Busy),
        ({"body": "<html>Sign in</html>"}, BadAnswer),
        ({"body": {"upload_url": None}}, BadAnswer),
        ({"body": {}}, BadAnswer),
    ],
)
def test_an_upload_that_failed_is_never_taken_for_one_that_is_paid_for(
    assemblyai: AssemblyAIDouble, provider: Provider, tone: Path, fault: dict[str, Any], error: type[ProviderError]
) -> None:
    assemblyai.rescript({"faults": [{"on": "bytes", "do": "answer", **fault}]})
    with pytest.raises(error) as raised:
        provider.submit(tone, ENGLISH)
    assert type(raised.value) is error
    assert assemblyai.ledger("upload") == []


def test_a_second_request_that_was_not_sent_is_made_again_without_the_bytes(
    assemblyai: AssemblyAIDouble, provider: Provider, tone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Client.post_json
    failed: list[str] = []

    def fail_once(client: Client, path: str, data: dict[str, Any]) -> Any:
        if not failed:
            failed.append(path)
            raise Unreachable("The provider cannot be reached; nothing was sent")
        return whole(client, path, data)

    monkeypatch.setattr(Client, "post_json", fail_once)
    assert provider.submit(tone, ENGLISH).processing_id
    assert [entry["on"] for entry in assemblyai.ledger()] == ["bytes", "upload"]


def test_a_second_request_that_was_sent_is_not_made_again(
    assemblyai: AssemblyAIDouble, provider: Provider, tone: Path
) -> None:
    assemblyai.rescript({"faults": [{"on": "upload", "do": "reset_before_answer"}]})
    with pytest.raises(Ambiguous):
        provider.submit(tone, ENGLISH)
    assert len(assemblyai.ledger("upload")) == 1


def test_bytes_of_another_project_are_refused(assemblyai: AssemblyAIDouble, provider: Provider, tone: Path) -> None:
    body = {"upload_url": "https://cdn.assemblyai.com/upload/of-others"}
    assemblyai.rescript({"faults": [{"on": "bytes", "do": "answer", "body": body}]})
    with pytest.raises(AuthenticationFailed, match="Cannot access uploaded file"):
        provider.submit(tone, ENGLISH)


def test_an_upload_takes_no_memory(tmp_path: Path, assemblyai: AssemblyAIDouble, provider: Provider) -> None:
    size = 64 * 1024**2
    with (tmp_path / "long.flac").open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    provider.submit(tmp_path / "long.flac", ENGLISH)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The double reads in the same process.
    assert peak < size // 8
    assert [entry["bytes"] for entry in assemblyai.billed()] == [size]


# Answers


@pytest.mark.parametrize(
    ("code", "sentence"),
    [(400, "Your current account balance is negative"), (403, "Please upgrade"), (402, "Insufficient funds")],
)
def test_a_used_up_plan_is_told_by_what_it_says(
    assemblyai: AssemblyAIDouble, provider: Provider, tone: Path, code: int, sentence: str
) -> None:
    assemblyai.rescript({"faults": [{"on": "upload", "do": "answer", "code": code, "body": {"error": sentence}}]})
    with pytest.raises(QuotaExceeded, match=sentence):
        provider.submit(tone, ENGLISH)


@pytest.mark.parametrize(("code", "body"), [(404, {}), (400, {"error": "Transcript lookup error, id not found"})])
def test_a_transcript_that_is_unknown_is_told_in_two_ways(
    assemblyai: AssemblyAIDouble, provider: Provider, code: int, body: dict[str, str]
) -> None:
    assemblyai.rescript({"faults": [{"on": "status", "do": "answer", "code": code, "body": body}]})
    with pytest.raises(UnknownJob):
        provider.check("any")


@pytest.mark.parametrize(
    ("body", "state", "is_queued"),
    [
        ({"status": "queued"}, State.PROCESSING, True),
        ({"status": "processing"}, State.PROCESSING, False),
        ({"status": "completed", "text": None}, State.COMPLETED, False),
        ({"status": "something new", "text": "words"}, State.COMPLETED, False),
        ({"status": "error", "error": "Audio file is empty"}, State.FAILED, False),
        ({"status": "error"}, State.FAILED, False),
    ],
)
def test_each_status_means_something(
    assemblyai: AssemblyAIDouble, provider: Provider, body: dict[str, Any], state: State, *, is_queued: bool
) -> None:
    assemblyai.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    answer = provider.check("any")
    assert (answer.state, answer.is_queued) == (state, is_queued)
    assert (len(answer.message.split()) > 2) == (state is State.FAILED)


def test_an_id_is_one_part_of_the_address(assemblyai: AssemblyAIDouble, provider: Provider) -> None:
    with pytest.raises(UnknownJob):
        provider.check("../upload?a=b")
    assert [entry["on"] for entry in assemblyai.ledger()] == ["status"]


def test_health_proves_the_key(assemblyai: AssemblyAIDouble, provider: Provider) -> None:
    health = provider.health()
    assert (health.engine, health.is_key_verified) == ("AssemblyAI", True)
    assert assemblyai.ledger()[0]["query"] == {"limit": "1"}
    with pytest.raises(AuthenticationFailed):
        build("assemblyai", Connection(endpoint=assemblyai.url, api_key="wrong")).health()


def test_what_its_documentation_says_is_data() -> None:
    limits = Limits(RateRule(20_000, 300_000), status_interval_ms=3_000, max_bytes=2_200_000_000, live_sessions=5)
    assert find("assemblyai").documented_limits == limits
    assert len(find("assemblyai").languages or ()) == 99
