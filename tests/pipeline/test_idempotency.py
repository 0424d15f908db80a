"""What a provider took or answered is never paid for twice, whatever happens to the step meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from transcripts import clock
from transcripts import jobs as entry_points
from transcripts.models import Chunk, MediaFile, ProcessingJob, ProviderCall, Step, Transcript
from transcripts.providers import registry
from transcripts.providers.errors import Busy
from transcripts.providers.speechstream.files import SpeechStream
from transcripts.services import storage
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs, steps, submission
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess
    from transcripts.models import Recording
    from transcripts.providers.base import Connection, Provider


def after_sending(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen once, between the provider's answer and what the worker makes of it."""
    submit, left = SpeechStream.submit, [happens]

    def submit_then(self: SpeechStream, *args: Any) -> Any:
        answer = submit(self, *args)
        while left:
            left.pop()()
        return answer

    monkeypatch.setattr(SpeechStream, "submit", submit_then)


def cancel_everything(pipeline: Pipeline) -> None:
    for job in ProcessingJob.objects.all():
        jobs.cancel(job, actor=pipeline.person)


def give_to_another() -> None:
    """Let the lease of the step that runs lapse, as if its worker had slept."""
    Step.objects.filter(status="running").update(lease_until=clock.now() - timedelta(seconds=1))
    [lapsed] = steps.expired()
    assert steps.recover(lapsed)


def cancelled_while_sending(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> Recording:
    recording = pipeline.bring()
    after_sending(monkeypatch, lambda: cancel_everything(pipeline))
    pipeline.until_idle()
    assert pipeline.job(recording).status == "cancelled"
    return recording


def test_a_job_cancelled_while_it_is_sent_says_what_the_provider_took(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled_while_sending(pipeline, monkeypatch)
    call, chunk = ProviderCall.objects.get(endpoint="upload"), Chunk.objects.get()
    assert (call.outcome, chunk.status) == ("accepted", "sent")
    assert call.processing_id == chunk.processing_id != ""
    assert not Step.objects.filter(status__in=("ready", "running")).exists()


def test_what_was_cancelled_after_it_was_sent_is_not_sent_again(
    pipeline: Pipeline, speech: SpeechProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = cancelled_while_sending(pipeline, monkeypatch)
    jobs.retry(recording, actor=pipeline.person)
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert pipeline.job(recording).started_at is not None
    assert Transcript.objects.filter(recording=recording).count() == 1
    assert len(speech.billed()) == 1


def test_a_recording_taken_out_of_the_bin_goes_on_where_it_was(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"seconds": None})
    recording = pipeline.bring()
    for _ in range(4):
        pipeline.step_once()
    trash.delete(recording, actor=pipeline.person)
    trash.restore(recording, actor=pipeline.person)
    speech.release()
    jobs.retry(recording, actor=pipeline.person)
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert len(speech.billed()) == 1


def test_a_worker_that_comes_back_too_late_still_tells_what_the_provider_took(
    pipeline: Pipeline, speech: SpeechProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = pipeline.bring()
    after_sending(monkeypatch, give_to_another)
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert ProviderCall.objects.get(endpoint="upload").outcome == "accepted"
    assert len(speech.billed()) == 1


def test_a_late_answer_does_not_replace_that_of_a_second_sending(
    pipeline: Pipeline, speech: SpeechProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = pipeline.bring()

    def give_up_and_send_again() -> None:
        give_to_another()
        submission.submit_round(pipeline.account.pk)

    after_sending(monkeypatch, give_up_and_send_again)
    pipeline.until_idle()
    late, kept = ProviderCall.objects.filter(endpoint="upload").order_by("pk")
    assert late.processing_id != kept.processing_id
    assert Chunk.objects.get().processing_id == kept.processing_id
    assert late.outcome == kept.outcome == "accepted"
    assert pipeline.job(recording).status == "succeeded"


def test_a_failure_of_a_cancelled_job_stands_in_the_ledger(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        cancel_everything(pipeline)
        raise Busy("The provider has an internal error", status_code=503)

    pipeline.bring()
    monkeypatch.setattr(SpeechStream, "submit", refuse)
    pipeline.until_idle()
    assert ProviderCall.objects.get(endpoint="upload").outcome == "error"
    assert Chunk.objects.get().status == "pending"


@pytest.mark.parametrize("end", ["unknown_job", "never_finished"])
def test_what_the_provider_lost_is_sent_again(pipeline: Pipeline, speech: SpeechProcess, end: str) -> None:
    speech.rescript({"seconds": None})
    recording = pipeline.bring()
    for _ in range(4):
        pipeline.step_once()
    jobs.fail(pipeline.job(recording).pk, code=end, message="It is gone.")
    speech.rescript({})
    jobs.retry(recording, actor=pipeline.person)
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert ProviderCall.objects.filter(endpoint="upload", outcome="accepted").count() == 2


def test_of_two_retries_at_once_one_is_refused(pipeline: Pipeline) -> None:
    recording = pipeline.bring()
    pipeline.until_idle()
    last = pipeline.job(recording)
    ProcessingJob.objects.filter(pk=last.pk).update(status="failed", error_code="unexpected")
    jobs.retry(recording, actor=pipeline.person)
    with pytest.raises(Refused):
        jobs._continue_from(last, [last.chunks.get()], None, actor=pipeline.person)


def test_a_long_recording_gets_time_to_be_sent_on_a_slow_line(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    build, deadlines = registry.build, []

    def building(kind: str, connection: Connection) -> Provider:
        deadlines.append(connection.upload_deadline_ms)
        return build(kind, connection)

    monkeypatch.setattr(registry, "build", building)
    pipeline.bring()
    entry_points.run_step(Step.objects.get().pk)
    MediaFile.objects.filter(kind="audio").update(bytes=450 * 1024**2)
    submission.submit_round(pipeline.account.pk)
    assert max(deadlines) >= 3_600_000


def test_prepared_sound_that_the_storage_lost_is_made_again(pipeline: Pipeline, speech: SpeechProcess) -> None:
    recording = pipeline.bring()
    entry_points.run_step(Step.objects.get().pk)
    audio = recording.media_files.get(kind="audio")
    storage.remove(audio.storage_name)
    pipeline.until_idle()
    job = pipeline.job(recording)
    assert (job.status, job.error_code) == ("failed", "sound_missing")
    assert speech.billed() == []
    jobs.retry(recording, actor=pipeline.person)
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"


def test_sending_that_breaks_for_no_fault_of_the_provider_is_tried_for_a_day(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    recording = pipeline.bring()
    monkeypatch.setattr(submission, "_intend", broken)
    for _ in range(3):
        pipeline.step_once()
    assert pipeline.job(recording).is_active
    Step.objects.update(created_at=clock.now() - timedelta(hours=25))
    pipeline.step_once()
    assert pipeline.job(recording).error_code == "unexpected"
