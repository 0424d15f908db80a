"""A provider that answers late, wrongly or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from transcripts import clock, throttle
from transcripts.models import Chunk, ProviderCall, Step, Transcript
from transcripts.selectors.status import status_of
from transcripts.services.pipeline import jobs
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess


def answer(code: int, **fields: Any) -> dict[str, Any]:
    return {"do": "answer", "code": code, **fields}


@pytest.mark.parametrize(
    "fault",
    [
        {"on": "upload", "nth": 1, **answer(500)},
        {"on": "upload", "nth": 1, **answer(503, headers={"Retry-After": "1"})},
        {"on": "upload", "nth": 1, **answer(429)},
        {"on": "upload", "nth": 1, "do": "reset_before_body"},
        {"on": "upload", "nth": 1, "do": "reset_before_answer"},
        {"on": "upload", "nth": 1, "do": "truncate"},
        {"on": "status", "nth": 1, **answer(500)},
        {"on": "status", "nth": 1, **answer(404)},
        {"on": "status", "nth": 1, **answer(429, headers={"Retry-After": "1"})},
        {"on": "status", "nth": 1, **answer(200, body="no json at all")},
        {"on": "status", "nth": 1, "do": "reset_before_answer"},
        {"on": "status", "nth": 1, "do": "truncate"},
        {"on": "health", **answer(500)},
    ],
    ids=lambda fault: f"{fault['on']}-{fault['do']}-{fault.get('code', '')}",
)
def test_one_fault_costs_nothing_but_time(pipeline: Pipeline, speech: SpeechProcess, fault: dict[str, Any]) -> None:
    speech.rescript({"faults": [fault]})
    recording = pipeline.bring()
    until_idle_without_cooling(pipeline)
    assert pipeline.job(recording).status == "succeeded"
    assert Transcript.objects.filter(recording=recording).count() == 1


def until_idle_without_cooling(pipeline: Pipeline) -> None:
    """As until_idle, but a provider's wish for a pause counts as over at once."""
    for _ in range(50):
        pipeline.step_once()
        throttle._client().delete(f"verbatim:throttle:{pipeline.account.pk}:cool")
        if not pipeline.job(pipeline.person.recordings.get()).is_active:
            return
    raise AssertionError("The pipeline does not come to an end.")


def test_only_an_upload_that_may_have_been_taken_is_marked_as_sent_again(
    pipeline: Pipeline, speech: SpeechProcess
) -> None:
    speech.rescript({"faults": [{"on": "upload", "nth": 1, "do": "reset_before_answer"}]})
    pipeline.bring()
    pipeline.until_idle()
    assert Chunk.objects.get().resends == 1
    assert ProviderCall.objects.filter(endpoint="upload", outcome="unknown").count() == 1


def test_an_upload_that_was_clearly_not_taken_is_not_marked(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"faults": [{"on": "upload", "nth": 1, **answer(500)}]})
    pipeline.bring()
    pipeline.until_idle()
    assert Chunk.objects.get().resends == 0
    assert len(speech.billed()) == 1


def test_nobody_knowing_three_times_whether_it_arrived_ends_the_job(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"faults": [{"on": "upload", "do": "reset_before_answer"}]})
    recording = pipeline.bring()
    pipeline.until_idle()
    job = pipeline.job(recording)
    assert (job.status, job.error_code) == ("failed", "unclear")
    assert len(speech.billed()) == 3


def test_a_whole_answer_that_cannot_be_read_is_kept_and_paid_for_once(
    pipeline: Pipeline, speech: SpeechProcess
) -> None:
    speech.rescript({"faults": [{"on": "upload", **answer(200, body="<p>Thanks!</p>"), "taken": True}]})
    recording = pipeline.bring()
    pipeline.until_idle()
    job, chunk = pipeline.job(recording), Chunk.objects.get()
    assert (job.status, job.error_code) == ("failed", "unreadable_answer")
    assert bytes(chunk.answer or b"") == b"<p>Thanks!</p>"
    assert ProviderCall.objects.get(endpoint="upload").outcome == "accepted"
    assert len(speech.ledger("upload")) == 1
    speech.rescript({"answer": "good words"})
    jobs.retry(recording, actor=pipeline.person)
    pipeline.until_idle()
    assert Transcript.objects.get(recording=recording).word_count == 2


@pytest.mark.parametrize(
    "language", ["x" * 300, "en-" + "a" * 40, ["english"], {"code": "eng"}, None, 7, "English (US)", "no such tongue"]
)
def test_whatever_language_an_answer_names_fits_its_column(
    pipeline: Pipeline, speech: SpeechProcess, language: object
) -> None:
    engine = "engine\0" * 100
    answered = {"transcription": "good words", "language": language, "engine": engine}
    segments = [{"text": "good words", "start": 0, "end": 1, "speaker": "s" * 300}]
    speech.rescript({"answer": answered | {"segments": segments}})
    recording = pipeline.bring()
    pipeline.until_idle()
    transcript = Transcript.objects.get(recording=recording)
    assert transcript.language in ("en", "")
    transcript.full_clean()
    for speaker in transcript.speakers.all():
        speaker.full_clean()


@pytest.mark.parametrize(("code", "error"), [(402, "quota_exceeded"), (413, "media_refused")])
def test_a_refusal_ends_the_job_with_a_sentence(
    pipeline: Pipeline, speech: SpeechProcess, code: int, error: str
) -> None:
    speech.rescript({"faults": [{"on": "upload", **answer(code)}]})
    recording = pipeline.bring()
    pipeline.until_idle()
    job = pipeline.job(recording)
    assert (job.status, job.error_code) == ("failed", error)
    assert job.error_message.endswith(".")
    assert pipeline.account.endpoint not in job.error_message
    assert len(speech.ledger("upload")) == 1


def test_a_provider_that_is_away_is_waited_for(
    pipeline: Pipeline, speech: SpeechProcess, scripted_speech: SpeechProcess
) -> None:
    recording = pipeline.bring()
    scripted_speech.kill()
    try:
        for _ in range(3):
            pipeline.step_once()
        job = pipeline.job(recording)
        assert (job.status, job.stage) == ("running", "waiting")
        assert Step.objects.get(kind="submit").last_error
    finally:
        scripted_speech.start()
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"


def test_a_provider_that_is_away_for_a_day_ends_the_job(pipeline: Pipeline, scripted_speech: SpeechProcess) -> None:
    recording = pipeline.bring()
    scripted_speech.kill()
    try:
        pipeline.step_once()
        Step.objects.update(created_at=clock.now() - timedelta(hours=25))
        pipeline.step_once()
    finally:
        scripted_speech.start()
    assert pipeline.job(recording).error_code == "unreachable"


def test_a_429_keeps_everybody_away_for_as_long_as_it_says(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"faults": [{"on": "upload", "nth": 1, **answer(429, headers={"Retry-After": "50"})}]})
    pipeline.bring()
    pipeline.step_once()
    pipeline.step_once()
    pipeline.bring()
    for _ in range(3):
        pipeline.step_once()
    assert len(speech.ledger("upload")) == 1
    [wait] = throttle.slots(accounts.window(pipeline.account))
    assert 45_000 < wait <= 50_000


def test_an_id_the_provider_forgot_for_good_ends_the_job(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"faults": [{"on": "status", **answer(404)}]})
    recording = pipeline.bring()
    for _ in range(3):
        pipeline.step_once()
    assert pipeline.job(recording).status == "running"
    pipeline.until_idle()
    assert pipeline.job(recording).error_code == "unknown_job"
    assert len(speech.ledger("status")) == 6


def test_an_id_forgotten_for_a_moment_late_in_the_work_costs_nothing(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"seconds": None, "faults": [{"on": "status", "nth": 2, **answer(404)}]})
    recording = pipeline.bring()
    until_asked(pipeline, speech, 1)
    Chunk.objects.update(sent_at=clock.now() - timedelta(hours=2))
    until_asked(pipeline, speech, 2)
    assert ProviderCall.objects.get(endpoint="status").status_code == 404
    speech.release()
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"


def until_asked(pipeline: Pipeline, speech: SpeechProcess, times: int) -> None:
    """Work until the provider was asked so many times how far it is."""
    for _ in range(20):
        if len(speech.ledger("status")) == times:
            return
        pipeline.step_once()
    raise AssertionError("The provider was not asked that often.")


def test_only_faults_in_a_row_are_counted(pipeline: Pipeline, speech: SpeechProcess) -> None:
    faults = [{"on": "status", "nth": number, **answer(404)} for number in (1, 2, 4)]
    speech.rescript({"seconds": None, "faults": faults})
    pipeline.bring()
    until_asked(pipeline, speech, 4)
    assert Step.objects.get(kind="check").attempts == 1
    Step.objects.filter(kind="check").update(kills=2)
    pipeline.step_once()
    check = Step.objects.get(kind="check")
    assert (check.attempts, check.kills) == (0, 0)


def test_a_submission_that_never_completes_ends_after_hours(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"seconds": None})
    recording = pipeline.bring()
    for _ in range(4):
        pipeline.step_once()
    assert pipeline.job(recording).stage == "transcribing"
    Chunk.objects.update(sent_at=clock.now() - timedelta(hours=25))
    pipeline.until_idle()
    assert pipeline.job(recording).error_code == "never_finished"


def test_an_answer_that_cannot_be_read_is_kept_and_assembled_again_without_paying_twice(
    pipeline: Pipeline, speech: SpeechProcess
) -> None:
    speech.rescript({"answer": {"transcription": "good words", "segments": "not a list"}})
    recording = pipeline.bring()
    pipeline.until_idle()
    job = pipeline.job(recording)
    if job.status == "failed":  # what is unreadable to one version may be readable to the next
        assert job.error_code == "bad_answer"
        Chunk.objects.update(answer=b'{"status": "completed", "transcription": "good words"}')
        jobs.retry(recording, actor=pipeline.person)
        pipeline.until_idle()
    assert Transcript.objects.get(recording=recording).word_count == 2
    assert len(speech.billed()) == 1


def test_a_late_duplicate_of_a_completion_makes_no_second_transcript(pipeline: Pipeline) -> None:
    recording = pipeline.bring()
    pipeline.until_idle()
    Step.objects.filter(kind="check").update(status="ready", due_at=clock.now())
    pipeline.step_once()
    pipeline.step_once()
    assert Transcript.objects.filter(recording=recording).count() == 1
    assert pipeline.job(recording).status == "succeeded"


@pytest.mark.parametrize(
    ("body", "said"),
    [("oops", ""), ('{"error": "InternalError"}', ""), ('{"error": "The disk is full"}', ": The disk is full")],
)
def test_an_error_of_the_provider_is_said_to_be_its_own(
    pipeline: Pipeline, speech: SpeechProcess, body: str, said: str
) -> None:
    speech.rescript({"faults": [{"on": "upload", "nth": 1, **answer(500, body=body)}]})
    recording = pipeline.bring()
    pipeline.until(lambda: Step.objects.exclude(last_error="").exists())
    status = status_of(pipeline.job(recording), None)
    assert status.reason == f"SpeechStream answered with an error (500){said}."
