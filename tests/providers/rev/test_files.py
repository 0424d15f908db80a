"""The adapter of Rev AI for recordings: the contract, and what is particular to it."""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tests.providers.polled_contract import PolledContract
from transcripts.providers.base import Connection, Limits, Options, RateRule, State, Term
from transcripts.providers.errors import AuthenticationFailed, BadAnswer, MediaRefused, QuotaExceeded, UnknownJob
from transcripts.providers.registry import build, find

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.providers.rev import RevDouble
    from transcripts.document import Document
    from transcripts.providers.base import Provider

ENGLISH = Options(language="en")
TRANSCRIPT = "application/vnd.rev.transcript.v1.0+json"


class TestContract(PolledContract):
    kind = "rev"
    duration_ms = None
    progress = None
    plain: ClassVar[dict[str, Any]] = {"monologues": [{"elements": [{"type": "text", "value": "café"}]}]}

    @pytest.fixture
    def peer(self, rev: RevDouble) -> RevDouble:
        return rev


@pytest.fixture
def provider(rev: RevDouble) -> Provider:
    return build("rev", Connection(endpoint=rev.url, api_key=rev.key))


def asked(rev: RevDouble, tone: Path, options: Options, *, model: str = "") -> dict[str, Any]:
    """The options that a job is begun with."""
    build("rev", Connection(endpoint=rev.url, api_key=rev.key, model=model)).submit(tone, options)
    [entry] = rev.billed()
    wishes: dict[str, Any] = entry["options"]
    return wishes


def parsed(provider: Provider, *monologues: dict[str, Any]) -> Document:
    return provider.parse(json.dumps({"monologues": monologues}).encode())


def text(value: str, ts: float, end_ts: float, confidence: float | None = None) -> dict[str, Any]:
    return {"type": "text", "value": value, "ts": ts, "end_ts": end_ts, "confidence": confidence}


def punct(value: str) -> dict[str, Any]:
    return {"type": "punct", "value": value}


@pytest.mark.parametrize(("language", "wire"), [("en", "en"), ("en-GB", "en"), ("pt-BR", "pt"), ("zh-Hans", "cmn")])
def test_a_language_is_told_in_its_words(rev: RevDouble, tone: Path, language: str, wire: str) -> None:
    assert asked(rev, tone, Options(language)) == {"language": wire}


def test_without_a_language_nothing_is_sent(rev: RevDouble, provider: Provider, tone: Path) -> None:
    with pytest.raises(MediaRefused, match="Choose the language"):
        provider.submit(tone, Options())
    assert rev.ledger() == []


def test_every_wish_is_told_in_its_words(rev: RevDouble, tone: Path) -> None:
    taken = ("thalweg", "Berg-Hansen and Sons", "O'Neill")
    refused = ("Каховка", "Boeing 747", "--", "x" * 35, "a b c d e f g h i j k l m")
    options = Options(
        "en", speakers=3, vocabulary=tuple(map(Term, (*refused, *taken))), punctuates=False, masks_profanity=True
    )
    assert asked(rev, tone, options, model="reverb") == {
        "language": "en",
        "transcriber": "reverb",
        "speakers_count": 3,
        "skip_punctuation": True,
        "filter_profanity": True,
        "custom_vocabularies": [{"phrases": list(taken)}],
    }


def test_an_address_to_call_is_told(rev: RevDouble, tone: Path) -> None:
    wishes = asked(rev, tone, Options("en", callback="https://v.example/callbacks/1.x/"))
    assert wishes == {"language": "en", "notification_config": {"url": "https://v.example/callbacks/1.x/"}}


def test_speakers_are_left_together_if_wished(rev: RevDouble, tone: Path) -> None:
    wishes = asked(rev, tone, Options("en", separates_speakers=False, speakers=2))
    assert wishes == {"language": "en", "skip_diarization": True}


def test_no_more_phrases_are_sent_than_it_takes(rev: RevDouble, tone: Path) -> None:
    terms = tuple(Term("term " + "x" * (1 + number % 30)) for number in range(6_001))
    [vocabulary] = asked(rev, tone, Options("en", vocabulary=terms))["custom_vocabularies"]
    assert len(vocabulary["phrases"]) == 6_000


def test_an_upload_takes_no_memory(tmp_path: Path, rev: RevDouble, provider: Provider) -> None:
    size = 64 * 1024**2
    with (tmp_path / "long.flac").open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    provider.submit(tmp_path / "long.flac", ENGLISH)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The double reads in the same process.
    assert peak < size // 8
    assert [entry["bytes"] for entry in rev.billed()] == [size]


# Asking


def test_a_transcript_is_asked_for_by_its_type_once_the_job_is_done(
    rev: RevDouble, provider: Provider, tone: Path
) -> None:
    job = provider.submit(tone, ENGLISH).processing_id
    rev.rescript({"seconds": None})
    assert provider.check(job).state is State.PROCESSING
    assert [entry["on"] for entry in rev.ledger()] == ["status"]
    rev.rescript({})
    assert provider.check(job).state is State.COMPLETED
    assert [entry["on"] for entry in rev.ledger()] == ["status", "transcript"]
    assert rev.ledger("transcript")[0]["headers"]["Accept"] == TRANSCRIPT


@pytest.mark.parametrize("status", ["transcribed", "completed"])
def test_a_job_is_done_in_two_words(rev: RevDouble, provider: Provider, tone: Path, status: str) -> None:
    job = provider.submit(tone, ENGLISH).processing_id
    rev.rescript({"faults": [{"on": "status", "do": "answer", "body": {"id": job, "status": status}}]})
    assert provider.check(job).state is State.COMPLETED


def test_a_transcript_that_is_not_there_yet_is_waited_for(rev: RevDouble, provider: Provider, tone: Path) -> None:
    job = provider.submit(tone, ENGLISH).processing_id
    rev.rescript({"faults": [{"on": "transcript", "do": "answer", "code": 409, "body": {"title": "Invalid state"}}]})
    assert provider.check(job).state is State.PROCESSING


@pytest.mark.parametrize("body", ["<html>Sign in</html>", "{}", '{"monologues": null}'])
def test_a_transcript_that_is_none_is_bad(rev: RevDouble, provider: Provider, tone: Path, body: str) -> None:
    job = provider.submit(tone, ENGLISH).processing_id
    rev.rescript({"faults": [{"on": "transcript", "do": "answer", "body": body}]})
    with pytest.raises(BadAnswer):
        provider.check(job)


def test_a_transcript_that_was_deleted_is_unknown(rev: RevDouble, provider: Provider, tone: Path) -> None:
    job = provider.submit(tone, ENGLISH).processing_id
    rev.rescript({"faults": [{"on": "transcript", "do": "answer", "code": 404}]})
    with pytest.raises(UnknownJob):
        provider.check(job)


@pytest.mark.parametrize(
    "failure", ["download_failure", "empty_media", "invalid_media", "insufficient_balance", "internal_processing"]
)
def test_a_failure_is_told_by_its_word(rev: RevDouble, provider: Provider, tone: Path, failure: str) -> None:
    job = provider.submit(tone, ENGLISH).processing_id
    body = {"id": job, "status": "failed", "failure": failure, "failure_detail": ""}
    rev.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    answer = provider.check(job)
    assert (answer.state, answer.code) == (State.FAILED, failure)
    assert len(answer.message.split()) > 3


def test_a_problem_is_told_in_its_words(rev: RevDouble, provider: Provider, tone: Path) -> None:
    body = {"type": "https://www.rev.ai/docs", "title": "You do not have enough credits", "status": 402}
    rev.rescript({"faults": [{"on": "upload", "do": "answer", "code": 402, "body": body}]})
    with pytest.raises(QuotaExceeded, match="You do not have enough credits"):
        provider.submit(tone, ENGLISH)
    rev.rescript(
        {"faults": [{"on": "upload", "do": "answer", "code": 400, "body": body | {"detail": "Language is unknown"}}]}
    )
    with pytest.raises(MediaRefused, match="Language is unknown"):
        provider.submit(tone, ENGLISH)


def test_health_proves_the_key(rev: RevDouble, provider: Provider) -> None:
    health = provider.health()
    assert (health.engine, health.is_key_verified) == ("Rev AI", True)
    with pytest.raises(AuthenticationFailed):
        build("rev", Connection(endpoint=rev.url, api_key="wrong")).health()


# Reading


def test_punctuation_stays_where_it_is_written(provider: Provider) -> None:
    said = [text("Hello", 0.1, 0.5, 0.9), punct(","), punct(" "), text("you", 0.5, 0.9), punct("."), punct(" ")]
    [segment] = parsed(provider, {"speaker": 0, "elements": said}).segments
    assert segment.text == "Hello, you."
    assert [(word.text, word.start_ms, word.end_ms, word.confidence) for word in segment.words] == [
        ("Hello,", 100, 500, 0.9),
        ("you.", 500, 900, None),
    ]
    assert segment.speaker == "0"


def test_what_is_neither_text_nor_punctuation_is_kept(provider: Provider) -> None:
    said = [text("Well", 0.1, 0.5), punct(" "), {"type": "unknown", "value": "<laugh>"}]
    assert parsed(provider, {"speaker": 0, "elements": said}).text == "Well <laugh>"


def test_scripts_without_spaces_get_none(provider: Provider) -> None:
    said = [text("你", 0.1, 0.3), text("好", 0.3, 0.5), punct("。")]
    assert parsed(provider, {"speaker": 0, "elements": said}).text == "你好。"


def test_long_monologues_are_cut_and_each_voice_is_its_own(provider: Provider) -> None:
    said = [part for second in range(40) for part in (text(f"w{second}", second, second + 1), punct(" "))]
    answer = [{"speaker": 0, "elements": said}, {"speaker": 1, "elements": [text("No", 40, 41)]}]
    segments = parsed(provider, *answer).segments
    assert [len(segment.words) for segment in segments] == [15, 15, 10, 1]
    assert [segment.speaker for segment in segments] == ["0", "0", "0", "1"]


def test_silence_is_a_document_without_segments(provider: Provider) -> None:
    assert parsed(provider).segments == ()


def test_what_its_documentation_says_is_data() -> None:
    limits = Limits(RateRule(10_000, 600_000), status_interval_ms=5_000, max_bytes=2_000_000_000, live_sessions=10)
    assert find("rev").documented_limits == limits
    assert set(find("rev").live_languages or ()) < set(find("rev").languages or ())
