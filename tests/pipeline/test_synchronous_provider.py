"""A provider that answers at once stands beside one that is asked until it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.pipeline import Pipeline
from transcripts import throttle
from transcripts.models import Activity, Chunk, ProviderAccount, ProviderCall, Segment, Step, Transcript
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs
from transcripts.services.provider_accounts import accounts, environment, health

if TYPE_CHECKING:
    from pathlib import Path

    import redis
    from pytest_django import Settings

    from tests.support.pulse import PulseDouble


@pytest.fixture
def pipeline(
    transactional_db: None, redis_client: redis.Redis, pulse: PulseDouble, settings: Settings, tone: Path
) -> Pipeline:
    settings.STT_PROVIDER, settings.STT_API_ENDPOINT, settings.STT_API_KEY = "pulse", pulse.url, pulse.key
    return Pipeline(environment.from_environment(), tone)


def test_an_upload_becomes_a_transcript_without_a_check(pipeline: Pipeline) -> None:
    recording = pipeline.bring(language="en")
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert dict(Step.objects.values_list("kind", "status")) == dict.fromkeys(("prepare", "submit", "assemble"), "done")
    transcript = Transcript.objects.get(recording=recording)
    assert (transcript.provider, transcript.engine, transcript.language) == ("Pulse", "Pulse", "en")
    first, second = transcript.segments.select_related("speaker")
    assert (first.text, str(first.speaker), first.start_ms) == ("and so", "Speaker 1", 100)
    assert second.words[0] == ["my", 700, 900, 0.95, "measured"]
    verbs = list(Activity.objects.filter(recording=recording).order_by("pk").values_list("verb", flat=True))
    assert verbs[-3:] == ["recording:sent", "transcript:made", "job:succeeded"]


def test_its_answer_is_kept_word_for_word(pipeline: Pipeline, pulse: PulseDouble) -> None:
    said = '{"transcription":   "good words" ,"words":[],"odd":1}'
    pulse.rescript({"faults": [{"on": "upload", "do": "answer", "body": said}]})
    pipeline.bring()
    pipeline.until_idle()
    assert bytes(Chunk.objects.get().answer or b"") == said.encode()
    assert Segment.objects.get().text == "good words"


@pytest.mark.parametrize(("chosen", "asked"), [("", "multi-eu"), ("de", "de")])
def test_without_a_chosen_language_it_is_asked_to_find_out(
    pipeline: Pipeline, pulse: PulseDouble, chosen: str, asked: str
) -> None:
    recording = pipeline.bring(language=chosen)
    pipeline.until_idle()
    assert pulse.ledger("upload")[0]["query"]["language"] == asked
    assert Transcript.objects.get(recording=recording).language == chosen


def test_a_429_without_a_time_is_waited_for_and_tried_again(pipeline: Pipeline, pulse: PulseDouble) -> None:
    body = {"error": "Rate limit exceeded. Please retry after a short backoff."}
    pulse.rescript({"faults": [{"on": "upload", "nth": 1, "do": "answer", "code": 429, "body": body}]})
    recording = pipeline.bring()
    for _ in range(3):
        pipeline.step_once()
    assert len(pulse.ledger("upload")) == 1
    assert 0 < min(throttle.slots(accounts.window(pipeline.account))) <= 4_000
    throttle._client().delete(f"verbatim:throttle:{pipeline.account.pk}:cool")
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"


def test_an_answer_that_got_lost_is_marked_for_whoever_reads_the_bill(pipeline: Pipeline, pulse: PulseDouble) -> None:
    pulse.rescript({"faults": [{"on": "upload", "nth": 1, "do": "reset_before_answer"}]})
    recording = pipeline.bring()
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert Chunk.objects.get().resends == 1
    assert ProviderCall.objects.filter(endpoint="upload", outcome="unknown").count() == 1
    assert len(pulse.billed()) == 2


def test_a_language_it_does_not_know_is_refused_before_anything_is_sent(pipeline: Pipeline, pulse: PulseDouble) -> None:
    health.check_health(pipeline.account)
    recording = pipeline.bring()
    pipeline.until_idle()
    sent = len(pulse.ledger("upload"))
    with pytest.raises(Refused, match=r"Pulse doesn’t support the language “sw”\. It supports: en, hi, "):
        jobs.start(recording, actor=pipeline.person, language="sw")
    assert len(pulse.ledger("upload")) == sent


def test_a_file_larger_than_it_takes_is_not_sent(pipeline: Pipeline, pulse: PulseDouble) -> None:
    assert pipeline.account.max_bytes == 250_000_000
    ProviderAccount.objects.update(max_bytes=1_000)
    recording = pipeline.bring()
    pipeline.until_idle()
    assert pipeline.job(recording).error_code == "too_large"
    assert pulse.ledger("upload") == []


def test_documented_limits_are_those_of_the_chosen_kind(pipeline: Pipeline, settings: Settings) -> None:
    settings.STT_LIMITS = "documented"
    account = environment.from_environment()
    assert (account.kind, account.upload_limit, account.upload_window_ms) == ("pulse", 25, 60_000)
    assert accounts.connection(account).upload_deadline_ms == 900_000
