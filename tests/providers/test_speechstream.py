"""The SpeechStream adapter: the contract, and what is particular to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.providers.polled_contract import PolledContract
from transcripts.providers.base import Aligner, Connection, Limits, Options, RateRule, State
from transcripts.providers.errors import AuthenticationFailed, BadAnswer, Unreadable
from transcripts.providers.registry import build, find

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.speech_server.process import SpeechProcess
    from transcripts.providers.base import Provider


class TestContract(PolledContract):
    kind = "speechstream"
    pause_ms = 60_000
    status_pause_ms = 5_000

    @pytest.fixture
    def peer(self, speech: SpeechProcess) -> SpeechProcess:
        return speech


@pytest.fixture
def provider(speech: SpeechProcess) -> Provider:
    return build("speechstream", Connection(endpoint=speech.url, api_key=speech.key))


def test_health_tells_the_engine(provider: Provider, speech: SpeechProcess) -> None:
    speech.rescript({"engine": "small", "draft": True, "languages": ["en"]})
    health = provider.health()
    assert (health.engine, health.is_draft, health.languages) == ("small", True, ("en",))
    assert health.is_key_verified


def test_a_wrong_key_is_seen_without_an_upload(speech: SpeechProcess) -> None:
    with pytest.raises(AuthenticationFailed):
        build("speechstream", Connection(endpoint=speech.url, api_key="wrong")).health()


def test_health_is_found_at_its_second_address(speech: SpeechProcess, provider: Provider) -> None:
    speech.rescript({"engine": "small", "faults": [{"on": "health", "nth": 1, "do": "answer", "code": 404}]})
    assert provider.health().engine == "small"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("processing", State.PROCESSING),
        ("queued", State.PROCESSING),
        ("pending", State.PROCESSING),
        ("uploaded", State.PROCESSING),
        ("in_progress", State.PROCESSING),
        ("completed", State.COMPLETED),
        ("failed", State.FAILED),
        ("error", State.FAILED),
        ("cancelled", State.FAILED),
        ("success", State.COMPLETED),
        ("exploded", State.COMPLETED),
        (None, State.COMPLETED),
    ],
)
def test_a_text_is_taken_whatever_word_is_beside_it_unless_it_says_failure(
    speech: SpeechProcess, provider: Provider, status: str | None, state: State
) -> None:
    body = {"status": status, "transcription": "x"}
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    answer = provider.check("any")
    assert answer.state is state
    assert (len(answer.message.split()) > 3) == (state is State.FAILED)


@pytest.mark.parametrize(("told", "progress"), [(0.5, 0.5), (7, 1.0), (-1, 0.0), ("half", None), (True, None)])
def test_progress_is_between_0_and_1_or_not_known(
    speech: SpeechProcess, provider: Provider, told: object, progress: float | None
) -> None:
    body = {"status": "processing", "progress": told}
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    assert provider.check("any").progress == progress


def test_progress_that_is_no_number_is_not_known(speech: SpeechProcess, provider: Provider) -> None:
    body = '{"status": "processing", "progress": NaN}'
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    assert provider.check("any").progress is None


@pytest.mark.parametrize("status", ["exploded", "success"])
def test_a_word_that_is_not_known_without_a_text_is_a_failure_with_a_sentence(
    speech: SpeechProcess, provider: Provider, status: str
) -> None:
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": {"status": status, "transcription": ""}}]})
    answer = provider.check("any")
    assert answer.state is State.FAILED
    assert len(answer.message.split()) > 3


def test_completed_without_a_text_is_an_empty_transcript(speech: SpeechProcess, provider: Provider) -> None:
    body = {"status": "completed", "transcription": None}
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    answer = provider.check("any")
    assert answer.state is State.COMPLETED
    assert provider.parse(answer.raw).segments == ()


@pytest.mark.parametrize(
    ("body", "processing_id"),
    [
        ({"processing_id": 4711}, "4711"),
        ({"processing_id": 10**30}, "1" + "0" * 30),
        ('{"processing_id": "job-7", "status": "proc', "job-7"),
        ('<!-- proxy -->{"processing_id": 99}', "99"),
    ],
)
def test_a_number_is_an_id_and_one_in_a_damaged_answer_is_found(
    speech: SpeechProcess, provider: Provider, tone: Path, body: object, processing_id: str
) -> None:
    speech.rescript({"faults": [{"on": "upload", "do": "answer", "body": body, "taken": True}]})
    assert provider.submit(tone, Options()).processing_id == processing_id


@pytest.mark.parametrize("given", ["x" * 201, "a\0b", "", True, 1.5, ["id"]])
def test_an_id_that_is_none_is_not_paid_for_again(
    speech: SpeechProcess, provider: Provider, tone: Path, given: object
) -> None:
    body = {"processing_id": given}
    speech.rescript({"faults": [{"on": "upload", "do": "answer", "body": body, "taken": True}]})
    with pytest.raises(Unreadable):
        provider.submit(tone, Options())


def test_what_a_provider_says_of_itself_fits_its_columns(speech: SpeechProcess, provider: Provider) -> None:
    body = {"engine": "e\0" * 200, "languages": ["english", "de_DE", None, "x" * 50]}
    speech.rescript({"faults": [{"on": "health", "do": "answer", "body": body}]})
    health = provider.health()
    assert health.engine == "e" * 120
    assert health.languages == ("en", "de-DE")


def test_an_id_is_sent_back_as_it_came(speech: SpeechProcess, provider: Provider) -> None:
    body = {"status": "processing"}
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    assert provider.check("a/b?c&d=é+ %").processing_id == "a/b?c&d=é+ %"


def test_documented_limits_are_data() -> None:
    assert find("speechstream").documented_limits == Limits(RateRule(5, 60_000), status_interval_ms=5_000)


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match="'telegraph'; choose one of: speechstream, pulse"):
        build("telegraph", Connection(endpoint="http://x", api_key="k"))


@pytest.mark.parametrize(
    "body",
    [
        {"status": "processing", "stage": "queued", "progress": 0.0},
        {"status": "queued", "progress": 0},
        {"status": "Pending"},
        {"status": "uploaded"},
    ],
)
def test_audio_that_waits_at_the_provider_has_no_progress(
    speech: SpeechProcess, provider: Provider, body: dict[str, object]
) -> None:
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    answer = provider.check("any")
    assert (answer.state, answer.is_queued, answer.progress) == (State.PROCESSING, True, None)


def test_words_are_sent_with_their_audio_and_their_times_are_read(
    provider: Provider, speech: SpeechProcess, tone: Path
) -> None:
    speech.rescript({"aligns": True, "times": [[0.1, 0.4], None]})
    assert isinstance(provider, Aligner)
    assert provider.health().aligns
    answer = provider.align(tone, [("Good", 0.5), ("morning.", 1.0)], "en")
    while (answer := provider.check(answer.processing_id)).state == State.PROCESSING:
        pass
    assert provider.times(answer.raw) == [(100, 400), None]
    (sent,) = speech.ledger("upload")
    assert sent["options"] == {"language": "en", "words": '[["Good", 0.5], ["morning.", 1.0]]'}


def test_an_engine_that_says_nothing_of_it_does_not_align(provider: Provider, speech: SpeechProcess) -> None:
    speech.rescript({})
    assert not provider.health().aligns


@pytest.mark.parametrize(
    ("times", "read"),
    [
        ("[[1, 2], [3, 2]]", [(1_000, 2_000), (3_000, 3_000)]),
        ('[[1], 7, "a", {}, [null, 1], ["a", "b"], [-1, 1]]', [None] * 6 + [(0, 1_000)]),
        ("[]", []),
    ],
)
def test_times_that_are_none_are_not_read(provider: Provider, times: str, read: list[object]) -> None:
    assert isinstance(provider, Aligner)
    assert provider.times(f'{{"times": {times}}}'.encode()) == read


def test_an_answer_without_times_is_a_bad_one(provider: Provider) -> None:
    assert isinstance(provider, Aligner)
    with pytest.raises(BadAnswer):
        provider.times(b'{"times": null}')
